"""Resolves the sentence keys in a model's text to claims and citations, whole or streamed.

Every citation is cut from its source; a key that no sentence has becomes a `RejectedCitation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index.text.lines import collapse
from index.types import Sliceable, Span
from qa.answering.citations import quotation, runs
from qa.answering.generative.abstention import may_abstain, refusal, unwrapped, without_sentinels
from qa.answering.generative.claims import Assertion, assertions, owners
from qa.answering.generative.key_forms import apart, with_numbers_apart
from qa.answering.generative.markers import KeyRange, Lookalike, Marker, MarkerParser, Segment, parse
from qa.answering.generative.prompt import NumberedSentence
from qa.answering.generative.refusals import refused
from qa.types import Citation, Claim, Nearest, RejectedCitation, Status, Support

MOST_AT_ONCE = 40  # sentences: a range of more points at nothing in particular


@dataclass(frozen=True, slots=True)
class ResolvedText:
    """What became of a model's text: the parts of an `Answer` that come from it.

    `text` has `[1]` where the model had keys, and `[s99?]` for a key that was rejected.
    """

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    missing: str | None
    nearest: Nearest | None = None


def resolve(
    written: str, sentences: Sequence[NumberedSentence], texts: Mapping[str, Sliceable]
) -> ResolvedText:
    """The claims and citations of what a model wrote under a prompt that showed `sentences`.

    A line that begins with the sentinel abstains, or, beside other text, makes the answer partial; so does a
    last line of what is missing, or a sentence that cites nothing and says in plain words that the passages
    do not say something. A text that cites nothing and only refuses abstains as well. Raises IndexDamaged if
    a sentence is not where the index says it is.
    """
    plain = without_sentinels(unwrapped(written.replace("\r", "")))
    resolver = _Resolver(sentences, texts)
    builder = _AnswerBuilder()
    for segment in parse(plain.body):
        builder.add(segment, resolver)
    nearest = _nearest(plain.nearest, sentences, texts) if plain.status == "abstained" else None
    claims, lacks = _what_is_said(builder.claims())
    return ResolvedText(
        "partial" if lacks else plain.status,
        "".join(builder.shown),
        claims,
        tuple(resolver.citations),
        "; ".join(filter(None, (plain.missing, *lacks))) or None,
        nearest,
    )


def _what_is_said(claims: tuple[Claim, ...]) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims without those that only say what is not there, and what that is, beside others that cite."""
    refusals = {
        claim: plain for claim in claims if claim.support == "uncited" and (plain := refused(claim.text))
    }
    if not refusals or not any(claim.citations for claim in claims):
        return claims, ()
    missing = tuple(plain.missing or collapse(claim.text) for claim, plain in refusals.items())
    return tuple(claim for claim in claims if claim not in refusals), missing


def _nearest(
    written: str | None, sentences: Sequence[NumberedSentence], texts: Mapping[str, Sliceable]
) -> Nearest | None:
    """The nearest fact with citations of its own, numbered from 1; None if it cites nothing."""
    resolver = _Resolver(sentences, texts)
    builder = _AnswerBuilder()
    for segment in parse(written or ""):
        builder.add(segment, resolver)
    return Nearest("".join(builder.shown), tuple(resolver.citations)) if resolver.citations else None


class StreamResolver:
    """The text of `resolve`, for a reader who waits: fed with a model's text as it comes, gives what to show.

    Nothing is shown while all that came may be an abstention: the sentinel, or sentences that only refuse.
    What is shown of any other text is `ResolvedText.text`, and the line of what is missing as the model wrote
    it. What turns out to be a refusal later than that was shown, see `generate`.
    """

    def __init__(self, sentences: Sequence[NumberedSentence], texts: Mapping[str, Sliceable]) -> None:
        self._resolver = _Resolver(sentences, texts)
        self._parser = MarkerParser()
        self._opening: str | None = ""  # what came until it is clear whether it is an abstention

    def feed(self, piece: str) -> str:
        """What can be shown after the next piece: all but what may be inside a marker."""
        piece = piece.replace("\r", "")
        if self._opening is not None:
            self._opening = (self._opening + piece).lstrip()
            if may_abstain(self._opening):
                return ""
            piece, self._opening = _without_refusals(self._opening), None
        return self._text_of(self._parser.feed(piece))

    def close(self) -> str:
        """The rest, now that nothing more comes."""
        opening, self._opening = self._opening, None
        rest = ""
        if opening is not None:
            opening = unwrapped(opening)
            told = without_sentinels(opening)
            rest = "" if told.status == "abstained" else _without_refusals(opening)
        return self._text_of((*self._parser.feed(rest), *self._parser.close()))

    def _text_of(self, segments: Sequence[Segment]) -> str:
        return "".join(_segment_text(segment, self._resolver) for segment in segments)


def _without_refusals(text: str) -> str:
    """The text without the lines of the sentinel that it begins with."""
    line, newline, rest = text.partition("\n")
    while newline and (refusal(line) or not line.strip()):
        line, newline, rest = rest.partition("\n")
    return f"{line}{newline}{rest}"


@dataclass(frozen=True, slots=True)
class _ResolvedMarker:
    """What the keys of one marker came to."""

    numbers: tuple[int, ...]
    rejected: tuple[RejectedCitation, ...]

    @property
    def text(self) -> str:
        return "".join(
            [f"[{number}]" for number in self.numbers] + [f"[{citation.key}?]" for citation in self.rejected]
        )


class _Resolver:
    """Gives every run of sentences that is named its number, by first use."""

    def __init__(self, sentences: Sequence[NumberedSentence], texts: Mapping[str, Sliceable]) -> None:
        self.citations: list[Citation] = []
        self._sentences = sentences
        self._texts = texts
        self._numbers: dict[tuple[str, Span], int] = {}

    def cites(self, marker: Marker) -> bool:
        """False for a word that only looks like a key without brackets: no sentence bears it."""
        return not marker.bare or not any(_fault(keys, len(self._sentences)) for keys in marker.keys)

    def resolve(self, marker: Marker) -> _ResolvedMarker:
        """The citations of one marker; sentences that follow each other are one."""
        named: dict[int, NumberedSentence] = {}
        rejected: dict[str, RejectedCitation] = {}
        for keys in marker.keys:
            reason = _fault(keys, len(self._sentences))
            if reason:
                rejected[str(keys)] = RejectedCitation(str(keys), reason)
            else:
                for sentence in self._sentences[keys.first - 1 : keys.last]:
                    named[sentence.number] = sentence
        sources = list(dict.fromkeys(sentence.passage.source.id for sentence in named.values()))
        ordered = sorted(
            named.values(),
            key=lambda sentence: (sources.index(sentence.passage.source.id), sentence.span),
        )
        numbers = dict.fromkeys(self._number(run) for run in runs(ordered, self._texts))
        return _ResolvedMarker(tuple(numbers), tuple(rejected.values()))

    def _number(self, run: Sequence[NumberedSentence]) -> int:
        citation = quotation(len(self.citations) + 1, run, self._texts)
        key = (run[0].passage.source.id, citation.span)
        if key not in self._numbers:
            self._numbers[key] = citation.number
            self.citations.append(citation)
        return self._numbers[key]


def _fault(keys: KeyRange, known: int) -> str | None:
    """Why these keys name no sentences, or None if they do."""
    if keys.last < keys.first:
        return "the range runs backwards"
    if keys.first < 1 or keys.last > known:
        return f"no such sentence: the model was shown {known:,}"
    if keys.last - keys.first >= MOST_AT_ONCE:
        return f"{keys.last - keys.first + 1} sentences at once point at none"
    return None


def _segment_text(segment: Segment, resolver: _Resolver) -> str:
    if isinstance(segment, Marker) and resolver.cites(segment):
        return resolver.resolve(segment).text
    return _own_text(segment)


def _own_text(segment: Segment) -> str:
    """The model's text; a number like ours is moved apart from its brackets, so that it is no citation."""
    return apart(segment.raw) if isinstance(segment, Lookalike) else segment.raw


@dataclass(slots=True)
class _AnswerBuilder:
    """An answer as it is read: what is shown, the same without markers, and where these were."""

    shown: list[str] = field(default_factory=list)
    bare: str = ""
    marks: list[tuple[int, _ResolvedMarker]] = field(default_factory=list)

    def add(self, segment: Segment, resolver: _Resolver) -> None:
        """The next segment. Spaces before a marker go with it, so that its sentence ends as any other."""
        if not isinstance(segment, Marker) or not resolver.cites(segment):
            self.bare += segment.raw
            self.shown.append(_own_text(segment))
            return
        closer = self.bare.rstrip(" \t\u00a0")
        self.bare = closer if closer and closer[-1] != "\n" else self.bare
        resolved = resolver.resolve(segment)
        self.marks.append((len(self.bare), resolved))
        self.shown.append(resolved.text)

    def claims(self) -> tuple[Claim, ...]:
        """Every claim with what its markers came to. Markers without any words are a claim without words."""
        marks = [offset for offset, _ in self.marks]
        asserted = assertions(self.bare, marks)
        owned: list[list[_ResolvedMarker]] = [[] for _ in asserted or self.marks[:1]]
        for index, (_, resolved) in zip(owners(asserted, marks), self.marks, strict=True):
            owned[index].append(resolved)
        texts = [_claim_text(claim, self.bare) for claim in asserted]
        return tuple(_claim(text, by) for text, by in zip(texts or [""], owned, strict=False))


def _claim_text(claim: Assertion, bare: str) -> str:
    text = claim.text_in(bare)
    return text if claim.code else with_numbers_apart(text)


def _claim(text: str, resolved: Sequence[_ResolvedMarker]) -> Claim:
    numbers = tuple(dict.fromkeys(number for marker in resolved for number in marker.numbers))
    rejected = tuple({bad.key: bad for marker in resolved for bad in marker.rejected}.values())
    support: Support = "supported" if numbers else "rejected" if rejected else "uncited"
    return Claim(text, numbers, support, (), rejected)

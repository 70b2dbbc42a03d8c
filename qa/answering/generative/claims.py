"""Splits an answer into claims (sentences, list items, table rows) with their citation markers.

The text is Markdown that markers were taken out of; a marker is the offset it stood at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.text.patterns import lazy_compile
from index.text.sentences import split_sentences
from index.types import Block, BlockKind, Span

# Blocks of Markdown, one alternative each, in the order in which they are tried. All repetitions of spaces
# are possessive (`*+`), so that no text makes the match go back over them.
_FENCE = r"[ \t]*+(?:`{3,}(?=[^`\n]*$)|~{3,})"
_FENCED = r"[ \t]*+(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}).*?(?:^[ \t]*+(?P=fence)[`~]*[ \t]*$|\Z)"
_BOLD = r"[ \t]*+(?:\*\*[^*\n]++\*\*|__[^_\n]++__):?[ \t]*+(?=\n\s*\S)"  # nothing follows an answer in bold
_HASH = r"[ \t]*+#{1,6}[ \t]"
_RULE = r"[ \t]*+[-|:*_=][-|:*_= \t]*+$"
_ROW = r"[ \t]*+\|[^\n]*"
_BULLET = r"[ \t]*+(?:[-*+•–]|[0-9]{1,3}[.)])[ \t]++"
_QUOTED = r"[ \t]*+>[> \t]*+"
# The further lines of a paragraph or an item: those that begin no block of their own.
_MORE = rf"(?:\n(?!{_FENCE}|{_BOLD}|{_HASH}|{_RULE}|{_ROW}|{_BULLET}|{_QUOTED})[^\S\n]*+\S[^\n]*)*"
_BLOCK = lazy_compile(
    rf"^(?:(?P<code>{_FENCED})|(?P<head>{_ROW}\n{_RULE})|(?P<rule>{_RULE})"
    rf"|(?P<bold>{_BOLD})|{_HASH}(?P<title>[^\n]*)|(?P<row>{_ROW})|(?:{_BULLET})(?P<item>[^\n]*{_MORE})"
    rf"|(?:{_QUOTED})?(?P<paragraph>[^\S\n]*+\S[^\n]*{_MORE}))",
    re.MULTILINE | re.DOTALL,
)
_KINDS: Mapping[str, BlockKind] = {
    "code": "code",
    "title": "heading",
    "bold": "heading",
    "row": "row",
    "item": "item",
}
_IS_QUOTED = lazy_compile(_QUOTED)
_QUOTED_LINE = lazy_compile(r"\n[ \t]*+>[> \t]*+")
_SAYS = lazy_compile(r"[^\W_]")
# Opening marks of quotations, each with the marks that close one.
_QUOTATION_MARKS = (("“", "”"), ("„", "“”"), ("«", "»"), ('"', '"'))
# The single ones are apostrophes too: one opens before a capital, and closes behind the stop of a sentence.
_SINGLE_MARKS = lazy_compile(r"(?:(?<=[\s(:])|\A)['‘](?=[A-Z])|(?P<close>(?<=[.!?,…])['’](?!\w))")
_BLANK = lazy_compile(r"\s*")
_GAP = lazy_compile(r"[ \t]*")
# What announces the claims that follow, and asserts nothing that could be cited by itself.
_ANNOUNCES = lazy_compile(
    r"\W*(?:(?:the|these|both|two|but|here)\W+)*(?:sources?|documents?|reports?|accounts?|passages?|they)\W+"
    r"(?:\w+\W+)?(?:disagree|differ|conflict|contradict(?:\W+(?:each other|one another|themselves))?"
    r"|do not agree|don['’]t agree|are not in agreement)"
    r"(?:\W+(?:on|about|over|here|as to)\b[^.:!?]{0,60})?\W*"
    r"|\W*(?:die\W+)?(?:quellen|dokumente|angaben)\W+(?:widersprechen sich"
    r"|sind sich(?:\W+\w+)?\W+uneinig)\W*"
    # What a model says before it answers: "Sure!", "Based on the passages:", "Answer:".
    r"|\W*(?:sure|certainly|of course|okay|absolutely|gladly|gern(?:e)?|natürlich|bien sûr|claro)[!.,:]?\W*"
    r"|\W*(?:(?:sure|certainly|of course|okay)\W+)?(?:here (?:is|are)|below (?:is|are)|based on|according to"
    r"|from|using|hier ist|laut)\b[^.?!]{0,80}\b(?:passages?|documents?|sources?|excerpts?|context|texts?"
    r"|answer|question|information|antwort|passagen|dokumente\w*|quellen)\b[^.?!:]{0,40}:\W*"
    r"|\W*(?:(?:the|my|final|short) )?(?:answer|antwort|réponse|respuesta|risposta)\W*:\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim's span, and the span of the paragraph, item or row it stands in, with its bullet."""

    span: Span
    within: Span
    code: bool = False

    def text_in(self, text: str) -> str:
        """The claim on one line, without the marks of a block quotation; code as it stands."""
        claim = self.span.of(text)
        return claim if self.code else " ".join(_QUOTED_LINE.sub(" ", claim).split())


def assertions(text: str, marks: Sequence[int] = ()) -> tuple[Assertion, ...]:
    """The claims of `text`, in order; a code block is one.

    A title asserts nothing unless one of `marks` is in it, nor does "Sources disagree." or "Answer:"; a
    table's head never does.
    """
    claims: list[Assertion] = []
    quotations: list[Span] = []
    for block in _BLOCK.finditer(text):
        name = block.lastgroup or ""
        within = Span(*block.span())
        if name in ("head", "rule") or (name in ("title", "bold") and not _marked(within, marks)):
            continue
        start, end = block.span(name)
        if _IS_QUOTED.match(block[0]):
            follows = bool(quotations) and not text[quotations[-1].end : within.start].strip(" \t\n>")
            begin = quotations.pop().start if follows else within.start
            quotations.append(Span(begin, within.end))
        spans = [Span(start, end)] if name == "code" else _sentences(text, name, Span(start, end))
        claims += (
            Assertion(span, within, name == "code")
            for span in spans
            if _SAYS.search(text, span.start, span.end)
        )
    for quotation in quotations:
        claims = _with_quotation_whole(claims, quotation, text, marks)
    return tuple(claim for claim in claims if not _announces(claim, text, marks))


def _with_quotation_whole(
    claims: list[Assertion], quotation: Span, text: str, marks: Sequence[int]
) -> list[Assertion]:
    """The same claims, with those of a block quotation joined as far as one marker at their end goes.

    A quotation without a marker in it or right behind it is left as it is.
    """
    inside = [claim for claim in claims if quotation.start <= claim.span.start < quotation.end]
    behind = _BLANK.match(text, quotation.end).end()  # type: ignore[union-attr]  # always matches
    own = [mark for mark in marks if quotation.start <= mark <= behind]
    if len(inside) < 2 or not own:
        return claims
    joined = [inside[0]]
    for claim in inside[1:]:
        last = joined[-1]
        if any(last.span.end <= mark <= claim.span.start for mark in own):
            joined.append(claim)
        else:
            joined[-1] = Assertion(Span(last.span.start, claim.span.end), quotation)
    at = claims.index(inside[0])
    return [*claims[:at], *joined, *claims[at + len(inside) :]]


def _announces(claim: Assertion, text: str, marks: Sequence[int]) -> bool:
    """True for "Sources disagree." with no marker in or right behind it."""
    if not _ANNOUNCES.fullmatch(text, claim.span.start, claim.span.end):
        return False
    behind = claim.span.end + len(_GAP.match(text, claim.span.end)[0])  # type: ignore[index]  # always matches
    return not any(claim.span.start <= mark <= behind for mark in marks)


def _sentences(text: str, name: str, body: Span) -> list[Span]:
    block = Block(_KINDS.get(name, "paragraph"), body)
    spans = [sentence.span for sentence in split_sentences(text, [block])]
    return _with_quotations_whole(text, spans) if len(spans) > 1 else spans


def _with_quotations_whole(text: str, spans: list[Span]) -> list[Span]:
    """The same sentences, with those of one quotation joined: what is said in it is one claim.

    A quotation mark that nothing closes joins nothing.
    """
    whole: list[Span] = []
    for at, span in enumerate(spans):
        if whole and span.end <= whole[-1].end:
            continue
        end = span.end
        if opened := _left_open(span.of(text)):
            closing = next((other.end for other in spans[at + 1 :] if _closes(other.of(text), opened)), None)
            end = closing or end
        whole.append(Span(span.start, end))
    return whole


def _left_open(sentence: str) -> str:
    """The sign that closes the quotation that a sentence opens and does not close; empty if there is none."""
    for opening, closing in _QUOTATION_MARKS:
        if opening == closing and sentence.count(opening) % 2:
            return closing
        if opening != closing and sentence.rfind(opening) > max(sentence.rfind(one) for one in closing):
            return closing
    singles = list(_SINGLE_MARKS.finditer(sentence))
    return "'" if singles and not singles[-1]["close"] else ""


def _closes(sentence: str, closing: str) -> bool:
    if closing == "'":
        return any(match["close"] for match in _SINGLE_MARKS.finditer(sentence))
    return any(sentence.count(one) % 2 for one in closing)


def _marked(within: Span, marks: Sequence[int]) -> bool:
    return any(within.start <= mark <= within.end for mark in marks)


def owners(claims: Sequence[Assertion], marks: Sequence[int]) -> list[int]:
    """For the marker at each offset of `marks` the index of the claim it supports; 0 where there are none.

    That is the claim it stands in or after; at the head of a paragraph, item or row the one after it, as for
    all markers of a paragraph that has them before its sentences.
    """
    return [_owner(claims, mark, marks) for mark in marks]


def _owner(claims: Sequence[Assertion], mark: int, marks: Sequence[int]) -> int:
    before = sum(claim.span.start < mark for claim in claims) - 1
    after = before + 1
    if after == len(claims) or (before >= 0 and mark < claims[before].span.end):
        return max(before, 0)
    within = claims[after].within
    at_head = within.start <= mark and (before < 0 or claims[before].within != within)
    return after if before < 0 or at_head or _leads(claims, within, marks) else before


def _leads(claims: Sequence[Assertion], within: Span, marks: Sequence[int]) -> bool:
    """True if a paragraph begins with a marker and has none in or after its last sentence."""
    own = [claim.span.start for claim in claims if claim.within == within]
    inside = [mark for mark in marks if within.start <= mark <= within.end]
    return bool(inside) and inside[0] <= own[0] and inside[-1] <= own[-1]

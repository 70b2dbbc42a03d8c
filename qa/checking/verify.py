"""Checks every claim of an answer against what it cites, by rules and, if wanted, with a judge.

A claim with a reason against it is marked "suspect", with the reasons, and never taken away. A judge that was
asked has the last word: it reads what rules only compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.errors import QaError
from index.types import Passage
from qa.checking.judge import Judgement, Pair, judge, quoted
from qa.checking.quantities import Quantity
from qa.checking.rules import Beside, Findings, examine, plain
from qa.checking.words.floor import Similarity
from qa.checking.words.scales import last_statement
from qa.models.base import LLM
from qa.types import Citation, Claim

Check = Literal["none", "rules", "llm"]  # not at all, without a model, and by a model too


def verify_claims(
    claims: tuple[Claim, ...],
    citations: Sequence[Citation],
    *,
    passages: Sequence[Passage],
    question: str,
    how: Check,
    llm: LLM,
    similarity: Similarity | None = None,
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims, "suspect" where what they cite does not bear them out, and what else is to be said.

    A judge that cannot be asked or understood leaves a claim as it was. With `similarity`, a model helps to
    tell whether a claim is cited to what says it. Raises nothing of its own.
    """
    if how == "none":
        return claims, ()
    by_number = {citation.number: citation for citation in citations}
    beside = _Answered(passages, question, tuple(_sentences(passages)), similarity)
    claims = _all_by_rules(claims, by_number, beside)
    return _with_judge(claims, by_number, llm) if how == "llm" else (claims, ())


@dataclass(frozen=True, slots=True)
class _Answered:
    """What a claim is checked with beside its citations: `sentences` are all of the passages."""

    passages: Sequence[Passage]
    question: str
    sentences: tuple[str, ...]
    similarity: Similarity | None


def _sentences(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        start = passage.chunk.span.start
        for span in passage.chunk.sentences:
            yield plain(passage.chunk.text[span.start - start : span.end - start])


def _all_by_rules(
    claims: tuple[Claim, ...], by_number: Mapping[int, Citation], beside: _Answered
) -> tuple[Claim, ...]:
    """The claims checked by rules, each beside the results of those that are borne out.

    A claim that calculates on with the result of another is looked at again when that is borne out, so that
    none leans on itself: "a margin of 20 % (50 / 250)" where another has "the profit is 50 (90 − 40)".
    """
    found = [_by_rules(claim, by_number, beside, ()) for claim in claims]
    lent: tuple[Quantity, ...] = ()
    for _ in claims:
        borne_out = tuple(
            result
            for claim, findings in zip(claims, found, strict=True)
            if claim.support == "supported" and not findings.reasons
            for result in findings.results
        )
        if len(borne_out) == len(lent):
            break
        lent = borne_out
        found = [
            _by_rules(claim, by_number, beside, lent) if findings.reasons else findings
            for claim, findings in zip(claims, found, strict=True)
        ]
    return tuple(
        _doubted(replace(claim, checked=findings.checked), findings.reasons) if claim.citations else claim
        for claim, findings in zip(claims, found, strict=True)
    )


def _by_rules(
    claim: Claim, by_number: Mapping[int, Citation], beside: _Answered, lent: Sequence[Quantity]
) -> Findings:
    """What the rules find of a claim; nothing of one that cites nothing."""
    citations = [by_number[number] for number in claim.citations]
    if not citations:
        return Findings()
    passages = beside.passages
    known = " ".join(_facts_beside(citation, passages) for citation in citations)
    around = "\n".join(dict.fromkeys(text for cited in citations for text in _around(cited, passages)))
    texts = [citation.text for citation in citations]
    return examine(
        claim.text,
        texts,
        Beside(beside.question, known, around, beside.sentences, beside.similarity, lent),
    )


def _around(citation: Citation, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The passages that a citation is from."""
    return tuple(
        passage.chunk.text
        for passage in passages
        if passage.source.name == citation.source and passage.chunk.span.overlaps(citation.span)
    )


def _facts_beside(citation: Citation, passages: Sequence[Passage]) -> str:
    """What stands beside a citation and says what it is about: name, title, date, headings, scale."""
    headings = []
    for passage in passages:
        chunk = passage.chunk
        if passage.source.name == citation.source and chunk.span.overlaps(citation.span):
            headings += [*chunk.headings, *(table.caption for table in chunk.tables)]
            headings += [column for table in chunk.tables for column in table.columns]
            before = max(citation.span.start - chunk.span.start, 0)
            headings.append(last_statement(chunk.text[:before]))
    date = None if citation.date_origin == "modified" else citation.date
    facts = (citation.source, citation.title, date, *dict.fromkeys(headings), citation.labelled)
    return ". ".join(fact for fact in facts if fact)


def _doubted(claim: Claim, reasons: tuple[str, ...]) -> Claim:
    return replace(claim, support="suspect", reasons=(*claim.reasons, *reasons)) if reasons else claim


def _with_judge(
    claims: tuple[Claim, ...], by_number: Mapping[int, Citation], llm: LLM
) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims with what the judge finds of those that cite something."""
    cited = [index for index, claim in enumerate(claims) if claim.citations]
    pairs = [
        Pair(claims[index].text, tuple(quoted(by_number[number]) for number in claims[index].citations))
        for index in cited
    ]
    try:
        findings = judge(pairs, llm)
    except QaError as error:  # the answer is there, and paid for
        return claims, (f"the judge could not be asked: {error.cause}",)
    except KeyboardInterrupt:
        return claims, ("not judged: stopped",)
    by_claim = dict(zip(cited, findings, strict=True))
    unread = sum(finding is None for finding in findings)
    notes = (f"not judged: {unread} of {len(pairs)} claims, the judge's answer being unreadable",)
    judged = tuple(_checked_by_judge(claim, by_claim.get(index)) for index, claim in enumerate(claims))
    return judged, notes if unread else ()


def _checked_by_judge(claim: Claim, finding: Judgement | None) -> Claim:
    """A claim after its judgement: a yes clears what the rules doubted, a no is a doubt of its own."""
    if finding is None:
        return claim
    if finding.supported:
        return replace(claim, support="supported", reasons=()) if claim.support == "suspect" else claim
    why = f": {finding.reason}" if finding.reason else ""
    return _doubted(claim, (f"the judge finds it not supported{why}",))

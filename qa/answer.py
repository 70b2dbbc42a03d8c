"""question -> Answer: search, choose the sentences, quote them from their sources, number the citations.

The whole product on one screen. Knows neither index nor terminal: search and texts are arguments. Every
citation is cut from the source's own text here, and compared with the sentences that were chosen: a
difference means that the index does not fit its texts, and is an error, never an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.errors import IndexDamaged
from index.types import Passage, Source, Span
from qa.extract import Extract, Pick, extract
from qa.types import Answer, Citation, Claim, Seconds

Search = Callable[[str], tuple[Passage, ...]]
TextOf = Callable[[str], str]

ABSTENTION = "The documents do not seem to answer this."
MOST_MISSING = 5  # words of the question that are named as missing


def answer(question: str, *, search: Search, text_of: TextOf) -> Answer:
    """The answer to `question` in sentences of the sources, verbatim, or an abstention.

    `search` gives the passages for a question, best first; `text_of` the full text of a source id. Raises
    IndexDamaged if a sentence is not where the index says it is, and whatever the two callables raise.
    """
    began = time.perf_counter()
    passages = search(question)
    searched = time.perf_counter()
    found = extract(question, passages)
    result = _answered(found, text_of) if found.enough else _abstained(found, passages)
    return replace(
        result,
        question=question,
        passages=passages,
        evidence=found.evidence,
        seconds=Seconds(searched - began, time.perf_counter() - searched),
    )


def line_at(text: str, offset: int) -> int:
    r"""The 1-based line that the character at `offset` stands on; lines end with \n, \r\n or \r."""
    ends = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    return 1 + ends - (text[offset - 1 : offset + 1] == "\r\n")


@dataclass(frozen=True, slots=True)
class _Quote:
    """Sentences of one source that follow each other, and their slice of its text."""

    source: Source
    span: Span
    text: str
    picks: tuple[Pick, ...]


def _answered(found: Extract, text_of: TextOf) -> Answer:
    quotes = _quotes(found.picks, text_of)
    citations = tuple(_citation(number, quote, text_of) for number, quote in enumerate(quotes, 1))
    claims = tuple(
        Claim(_sentence(pick), (number,), "supported")
        for number, quote in enumerate(quotes, 1)
        for pick in quote.picks
    )
    text = "\n".join(f"{_one_line(claim.text)} [{claim.citations[0]}]" for claim in claims)
    return Answer("", "answered", "extractive", None, text, claims, citations, ())


def _abstained(found: Extract, passages: Sequence[Passage]) -> Answer:
    return Answer(
        "", "abstained", "extractive", None, ABSTENTION, (), (), (), missing=_missing(found, passages)
    )


def _missing(found: Extract, passages: Sequence[Passage]) -> str:
    """In plain words, what the passages lack."""
    if not passages:
        return "nothing that was indexed has a word of the question"
    if found.missing:
        words = ", ".join(f"“{word}”" for word in found.missing[:MOST_MISSING])
        more = len(found.missing) - MOST_MISSING
        return f"the nearest passages do not mention {words}" + (f" and {more} more" if more > 0 else "")
    return "the words of the question occur, but not together in one place"


def _quotes(picks: Sequence[Pick], text_of: TextOf) -> list[_Quote]:
    """Picks as quotes; one of neighbours with only white space in between takes both."""
    quotes: list[_Quote] = []
    for pick in picks:
        text = text_of(pick.passage.source.id)
        _check(pick, text)
        last = quotes[-1] if quotes else None
        if last and last.source.id == pick.passage.source.id and _adjoin(last.span, pick.span, text):
            span = Span(last.span.start, max(last.span.end, pick.span.end))
            quotes[-1] = replace(last, span=span, text=span.of(text), picks=(*last.picks, pick))
        else:
            quotes.append(_Quote(pick.passage.source, pick.span, pick.span.of(text), (pick,)))
    return quotes


def _adjoin(left: Span, right: Span, text: str) -> bool:
    return left.end <= right.start and not text[left.end : right.start].strip()


def _check(pick: Pick, text: str) -> None:
    if pick.span.of(text) != _sentence(pick):
        where = f"{pick.passage.source.name}:{pick.span.start}-{pick.span.end}"
        raise IndexDamaged(
            f"the sentence indexed as {where} is not what its source says there",
            "index the file again with `qa index`",
        )


def _sentence(pick: Pick) -> str:
    """The sentence as its passage has it."""
    chunk = pick.passage.chunk
    return chunk.text[pick.span.start - chunk.span.start : pick.span.end - chunk.span.start]


def _citation(number: int, quote: _Quote, text_of: TextOf) -> Citation:
    source = quote.source
    also = dict.fromkeys(
        copy.source.name
        for pick in quote.picks
        for copy in pick.passage.copies
        if _repeats(pick, copy.chunk.text)
    )
    also.pop(source.name, None)
    return Citation(
        number,
        source.name,
        source.sha256,
        quote.span,
        quote.text,
        line_at(text_of(source.id), quote.span.start),
        source.page_at(quote.span.start),
        source.title,
        source.date.value if source.date else None,
        source.location,
        tuple(also),
    )


def _repeats(pick: Pick, text: str) -> bool:
    return _one_line(_sentence(pick)) in _one_line(text)


def _one_line(text: str) -> str:
    return " ".join(text.split())

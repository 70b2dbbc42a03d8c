"""question -> Answer: search, choose the sentences, quote them from their sources, number the citations.

The whole product on one screen. Knows neither index nor terminal: search and texts are arguments. Every
citation is cut from the source's own text by `cut`, and compared with the sentences that were chosen: a
difference means that the index does not fit its texts, and is an error, never an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.text.lines import collapse
from index.types import Passage
from qa.answering.citations import TextOf, quotation, runs, sentence_of
from qa.answering.extractive.extract import Extract, extract
from qa.answering.retrieval import Retrieval
from qa.types import ABSTENTION, Answer, Claim, Seconds

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel

Search = Callable[[str], tuple[Passage, ...]]
Write = Callable[[str, Sequence[Passage]], Answer]

MOST_MISSING = 5  # words of the question that are named as missing


def answer(question: str, *, search: Search, text_of: TextOf, write: Write | None = None) -> Answer:
    """The answer to `question` in sentences of the sources or in a model's words, or an abstention.

    `search` gives the passages for a question, best first; `text_of` the full text of a source id; `write`
    has a model answer from passages, see `generative.generate`, and is not called if there are none. Raises
    IndexDamaged if a sentence is not where the index says it is, and whatever the callables raise.
    """
    began = time.perf_counter()
    passages = search(question)
    searched = time.perf_counter()
    found = extract(question, passages)
    if write is not None and passages:
        result = write(question, passages)
    else:
        result = _answered(found, text_of) if found.enough else _abstained(found, passages)
    return replace(
        result,
        question=question,
        passages=passages,
        evidence=found.evidence,
        seconds=Seconds(searched - began, time.perf_counter() - searched),
    )


def _answered(found: Extract, text_of: TextOf) -> Answer:
    quotes = runs(found.picks, text_of)
    citations = tuple(quotation(number, run, text_of) for number, run in enumerate(quotes, 1))
    claims = tuple(
        Claim(sentence_of(pick), (number,), "supported")
        for number, run in enumerate(quotes, 1)
        for pick in run
    )
    text = "\n".join(f"{collapse(claim.text)} [{claim.citations[0]}]" for claim in claims)
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


def answered(
    question: str,
    find: Callable[[str], Retrieval],
    *,
    writer: AnswerModel | None = None,
    show: Callable[[str], None] | None = None,
) -> Answer:
    """The answer to `question` from what `find` gives for it, with its texts. Raises what `generate` does."""
    from qa.answering.answer import answer

    texts: dict[str, str] = {}

    def search(asked: str) -> tuple[Passage, ...]:
        found = find(asked)
        texts.update(found.texts)
        return found.passages

    def write(asked: str, passages: Sequence[Passage]) -> Answer:
        from qa.answering.generative.generate import generate

        assert writer is not None
        return generate(asked, passages, texts.__getitem__, writer, show=show)

    return answer(
        question, search=search, text_of=texts.__getitem__, write=write if writer is not None else None
    )

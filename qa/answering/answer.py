"""Answers a question from retrieved passages, by extraction or with a model, with citations.

Every citation is cut from the text of its source and compared with the sentences that were chosen. If they
differ, the index does not fit its texts: an error, never an answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.text.lines import collapse
from qa.answering.citations import quotation, runs, with_file_states, wording
from qa.answering.compared import compared
from qa.answering.extractive.excerpt import excerpt
from qa.answering.extractive.extract import Extract, extract
from qa.answering.extractive.question import parse_question
from qa.answering.generative.key_forms import with_numbers_apart
from qa.answering.retrieval import Retrieval, passages_without_model, undated_note
from qa.answering.scope import Scope, scope_of
from qa.types import ABSTENTION, Answer, Claim, Seconds, StreamEvent

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel
    from qa.models.reader.sentence_reader import SentenceReader

NEEDS_A_MODEL: Mapping[Scope, str] = {
    "list": "a list of all there is needs a language model: without one, single sentences are quoted",
    "count": "a count over documents needs a language model: without one, single sentences are quoted",
    "documents": "which documents say something needs a language model: without one, sentences are quoted",
    "summary": "a summary needs a language model: without one, single sentences are quoted",
    "comparison": "a comparison needs a language model: without one, single sentences are quoted",
}
MOST_MISSING = 5  # words of the question that are named as missing


def answer(
    question: str,
    retrieval: Retrieval,
    *,
    model: AnswerModel | None = None,
    show: Callable[[StreamEvent], None] | None = None,
    reader: SentenceReader | None = None,
) -> Answer:
    """The answer to `question`, or an abstention: in the words of `model`, or in sentences of the sources.

    A model is not asked if there are no passages. `show` is given its answer as it comes, see `generate`.
    Without a model, `reader` helps to choose the sentences, if there is one; with one, to check the claims.
    Raises IndexDamaged if a sentence is not where the index says it is, and what `generate` raises.
    """
    began = time.perf_counter()
    read = retrieval.passages[: passages_without_model(question)]
    closeness = reader.closeness(question, read) if reader and model is None else None
    extracted = extract(question, read, retrieval.texts, closeness)
    if model is not None and retrieval.passages:
        from qa.answering.generative.generate import generate

        similarity = reader.similarity if reader else None
        result = generate(question, retrieval, model, show=show, similarity=similarity)
    else:
        result = _quoted(question, retrieval, extracted)
    result = compared(result, retrieval)
    seconds = Seconds(retrieval.seconds, time.perf_counter() - began)
    if result.status == "abstained" and retrieval.narrowed:
        undated = (undated_note(retrieval.undated),) if retrieval.undated else ()
        result = replace(result, notes=(*result.notes, retrieval.narrowed, *undated))
    return with_file_states(replace(result, evidence=extracted.evidence, seconds=seconds), retrieval.files)


def _quoted(question: str, retrieval: Retrieval, extracted: Extract) -> Answer:
    """The sentences that were picked, rows labelled, each with its citation; an abstention if too little.

    What asks for all of many documents is not answered by a few sentences of them.
    """
    scope = scope_of(question)
    if scope is not None or not extracted.enough:
        missing = NEEDS_A_MODEL[scope] if scope else _missing(retrieval, extracted)
        return Answer(
            question,
            "abstained",
            "extractive",
            None,
            ABSTENTION,
            (),
            (),
            retrieval.passages,
            missing=missing,
        )
    parsed = parse_question(question)
    quoted = runs(extracted.picks, retrieval.texts)
    citations = tuple(quotation(number, run, retrieval.texts) for number, run in enumerate(quoted, 1))
    claims = tuple(
        Claim(excerpt(wording(pick, retrieval.texts[pick.passage.source.id]), parsed), (number,), "supported")
        for number, run in enumerate(quoted, 1)
        for pick in run
    )
    # The numbers of a paper's own references are moved apart: beside ours they would pass for ours.
    text = "\n".join(f"{with_numbers_apart(collapse(claim.text))} [{claim.citations[0]}]" for claim in claims)
    notes = (extracted.note,) if extracted.note else ()
    return Answer(
        question, "answered", "extractive", None, text, claims, citations, retrieval.passages, notes=notes
    )


def _missing(retrieval: Retrieval, extracted: Extract) -> str:
    """In plain words, what the passages lack."""
    if not retrieval.passages:
        return "nothing that was indexed has a word of the question"
    if extracted.why_not:
        return extracted.why_not
    if extracted.missing:
        words = ", ".join(f"“{word}”" for word in extracted.missing[:MOST_MISSING])
        more = len(extracted.missing) - MOST_MISSING
        return f"the nearest passages do not mention {words}" + (f" and {more} more" if more > 0 else "")
    return "the words of the question occur, but not together in one place"

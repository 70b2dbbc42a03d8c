"""Which passages a model reads: no weak tail, a small corpus whole, many sources for some questions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.types import Passage
from qa.answering.generative.reading.selection import (
    LEAST,
    SHARE,
    coverage_of,
    partly_read_note,
    worth_reading,
)
from qa.answering.retrieval import Retrieval
from qa.types import Coverage
from tests.support.passages import corpus_of

CORPUS = corpus_of(*(f"Sentence number {number}." for number in range(20)))
QUESTION = "Who steered the ship?"


def found(*scores: float, source: str | None = None) -> Retrieval:
    """A search for a prompt that found passages with these scores, one of each source or all of one."""
    passages = [
        replace(passage, score=score) for passage, score in zip(CORPUS.passages(), scores, strict=False)
    ]
    if source is not None:
        passages = [replace(passage, source=CORPUS.source(source)) for passage in passages]
    return Retrieval(tuple(passages), CORPUS.by_id, of_passages=20, of_sources=20)


def ranks(passages: tuple[Passage, ...]) -> list[int]:
    return [passage.rank for passage in passages]


def test_the_weak_tail_is_left_out_and_the_first_few_stay() -> None:
    """However weak they are; and a strong one is read behind a weak one, as fused rankings have them."""
    scores = [1.0, *[SHARE / 2] * LEAST, SHARE, SHARE / 2]
    assert ranks(worth_reading(QUESTION, found(*scores))) == [*range(1, LEAST + 1), LEAST + 2]
    assert ranks(worth_reading(QUESTION, found(*[0.8] * 12))) == list(range(1, 13))
    assert worth_reading(QUESTION, found()) == ()


@pytest.mark.parametrize(("whole", "of_passages"), [(True, 20), (False, 0)])
def test_what_is_everything_or_was_chosen_is_read(whole: bool, of_passages: int) -> None:
    """A small corpus, and the passages that a caller of the library brings."""
    retrieval = replace(found(1.0, *[0.0] * 15), whole=whole, of_passages=of_passages)
    assert worth_reading(QUESTION, retrieval) == retrieval.passages


def test_a_question_over_many_documents_reads_of_each_before_it_reads_more_of_one() -> None:
    """And drops no tail."""
    weak = found(1.0, *[0.01] * 9).passages
    same = [replace(passage, source=CORPUS.source("a.txt")) for passage in weak[:6]]
    retrieval = replace(found(), passages=(*same, *weak[6:]))
    assert ranks(worth_reading("List all ships", retrieval)) == [1, 7, 8, 9, 10, 2, 3, 4, 5, 6]


def test_what_was_read_is_counted_with_its_copies() -> None:
    """A copy was read with the passage that stands for it."""
    first, second = found(1.0, 0.9).passages
    other = CORPUS.passages()[5]
    with_copy = replace(first, copies=(CORPUS.copy(other, "f.txt"),))
    assert coverage_of([with_copy, second], found()) == Coverage(3, 20, 3, 20)
    assert coverage_of([first], replace(found(), of_passages=0)) is None
    whole = replace(found(1.0, 0.9), whole=True, of_passages=2, of_sources=2)
    assert coverage_of([first], whole) == Coverage(2, 2, 2, 2)
    assert coverage_of([first], whole, cut=True) == Coverage(1, 2, 1, 2)


def test_a_part_is_called_one_where_all_is_asked_for() -> None:
    """In a line of its own; a question for one fact needs none, nor does an answer from everything."""
    part = Coverage(14, 1_200, 6, 30)
    note = partly_read_note("How many of the reports mention ice?", part)
    assert note is not None
    assert note.startswith("14 of 1,200 passages were read, from 6 of 30 sources: ")
    assert partly_read_note(QUESTION, part) is None
    assert partly_read_note("List all ships", Coverage(9, 9, 2, 2)) is None
    assert partly_read_note("List all ships", None) is None

"""A quotation is cut from its source, and says where it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from index.text.lines import line_at
from index.types import Page, Span
from qa.answering.citations import quotation, runs, sentence_of
from qa.answering.generative.prompt import NumberedSentence
from qa.types import Citation
from tests.support.passages import corpus_of


@pytest.mark.parametrize(
    ("text", "offset", "line"),
    [("a\nb", 0, 1), ("a\nb", 1, 1), ("a\nb", 2, 2), ("a\r\nb", 2, 1), ("a\r\nb", 3, 2), ("a\rb\rc", 4, 3)],
)
def test_lines_end_in_three_ways(text: str, offset: int, line: int) -> None:
    r"""A line ends with \n, \r\n or \r, and the end belongs to the line it ends."""
    assert line_at(text, offset) == line


@given(st.text(alphabet="ab\r\n", max_size=30), st.data())
def test_lines_are_those_of_universal_newlines(text: str, data: st.DataObject) -> None:
    """The oracle is `splitlines` on a text that has no other line ends."""
    offset = data.draw(st.integers(0, len(text)))
    expected, at = 1, 0
    for one in text.splitlines(keepends=True):
        at += len(one)
        expected += at <= offset and one.endswith(("\r", "\n"))
    assert line_at(text, offset) == expected


def test_a_quotation_knows_its_source() -> None:
    """Source, line, page, title, date, and the other sources that say the same."""
    corpus = corpus_of("Intro.\nOne is here.", dates={"a.txt": "2024"})
    plain = corpus.passages()[0]
    source = replace(plain.source, title="Title", pages=(Page(7, Span(0, 7)), Page(8, Span(7, 19))))
    elsewhere = corpus.copy(plain, "other.txt")
    different = replace(
        elsewhere, chunk=replace(plain.chunk, text="One was there."), source=corpus.source("third.txt")
    )
    passage = replace(plain, source=source, copies=(elsewhere, different, corpus.copy(plain, "a.txt")))
    second = NumberedSentence(2, passage, plain.chunk.sentences[1])
    assert sentence_of(second) == "One is here."
    assert quotation(3, [second], corpus.by_id) == Citation(
        3,
        "a.txt",
        "ab" * 32,
        Span(7, 19),
        "One is here.",
        2,
        8,
        "Title",
        "2024",
        None,
        ("other.txt",),
        "text",
    )


def test_sentences_are_one_run_only_forwards_and_in_one_source() -> None:
    """Neither backwards, nor twice, nor across sources, nor over a sentence between."""
    corpus = corpus_of("One is here. Two is here. Three is here.", "Four is here.")
    first, second = corpus.passages()
    one, two, three = (NumberedSentence(at, first, span) for at, span in enumerate(first.chunk.sentences, 1))
    four = NumberedSentence(4, second, second.chunk.sentences[0])

    def numbers(*chosen: NumberedSentence) -> list[list[int]]:
        return [[keyed.number for keyed in run] for run in runs(chosen, corpus.by_id)]

    assert numbers(one, two, three) == [[1, 2, 3]]
    assert numbers(two, one) == [[2], [1]]
    assert numbers(one, one) == [[1], [1]]
    assert numbers(one, three, four) == [[1], [3], [4]]
    assert numbers() == []
    other_cut = NumberedSentence(5, corpus.passage("a.txt", Span(4, 25)), Span(4, 12))
    assert numbers(one, other_cut) == [[1], [5]]

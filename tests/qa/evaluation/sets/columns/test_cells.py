"""What the cells of one row say."""

from __future__ import annotations

import pytest

from qa.evaluation.sets.columns.cells import ReadRow, read_row
from qa.evaluation.sets.columns.names import choose
from qa.evaluation.sets.rows import RowError


def read(**cells: object) -> ReadRow:
    """The fields of a row of a table with these cells."""
    return read_row(cells, choose(list(cells)), texts=True)


def read_json(**values: object) -> ReadRow:
    """The fields of an object of JSON."""
    return read_row(values, choose(list(values)), texts=False)


@pytest.mark.parametrize("word", ["nan", "NaN", "None", "NULL", "null", "<NA>", "#N/A", "  "])
def test_what_programs_write_for_nothing_is_empty(word: str) -> None:
    """It is told where it could have been an answer; in a list it is a text."""
    row = read(question="Why?", answers=word, source=word, answerable=word)
    assert row.fields == {"question": "Why?"}
    assert [f"{word} as an answer" in said for said in row.remarks] == ([True] if word.strip() else [])
    assert read(question="Why?", answers=f'["{word}"]').fields["answers"] == [word.strip()]


@pytest.mark.parametrize(
    ("cells", "evidence"),
    [
        ({"text": "rain fell"}, [{"source": None, "text": "rain fell"}]),
        ({"source": "a.txt", "quote": "rain | fell"}, [{"source": "a.txt", "text": "rain | fell"}]),
        (
            {"source": "a.txt", "contexts": "['rain fell', 'snow']"},
            [{"source": "a.txt", "text": "rain fell"}, {"source": "a.txt", "text": "snow"}],
        ),
        (
            {"sources": "['a.txt', 'b.txt']", "contexts": "['rain', 'snow']"},
            [{"source": "a.txt", "text": "rain"}, {"source": "b.txt", "text": "snow"}],
        ),
        ({"source": "a.txt"}, [{"source": "a.txt"}]),
        ({"source": "a.txt; b.txt"}, [{"source": "a.txt"}, {"source": "b.txt"}]),
        ({"source": "Smith; Jones"}, [{"source": "Smith; Jones"}]),
        ({"source": "a.pdf, p. 3"}, [{"source": "a.pdf", "page": 3}]),
        ({"source": "a.pdf", "page": "p. 3-4, 9"}, [{"source": "a.pdf", "page": page} for page in (3, 4, 9)]),
        ({"source": "a.pdf", "page": "1,200"}, [{"source": "a.pdf", "page": 1200}]),
        ({"source": "a.txt", "start": "3", "end": "9.00"}, [{"source": "a.txt", "start": 3, "end": 9}]),
        ({"evidence": "rain fell", "source": "a.txt"}, [{"source": "a.txt", "text": "rain fell"}]),
        (
            {"evidence": "['rain fell', 'snow fell']"},
            [{"source": None, "text": t} for t in ("rain fell", "snow fell")],
        ),
        ({"evidence": '[{"source": "a.txt"}]'}, [{"source": "a.txt"}]),
    ],
)
def test_gold_of_every_form(cells: dict[str, object], evidence: list[dict[str, object]]) -> None:
    """Spans, pages, quotations with and without a source, and whole documents."""
    assert read(question="Why?", **cells).fields["evidence"] == evidence


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sources": "['a.txt', 'b.txt']", "contexts": "['a', 'b', 'c']"}, "3 quotations and 2 sources"),
        ({"sources": "['a.pdf', 'b.pdf']", "page": "3"}, "2 sources and a page"),
        ({"Expected Answer": "#REF!"}, "column 'Expected Answer': the cell holds an error, #REF!"),
        ({"Expected Answer": "['a', nan]"}, "column 'Expected Answer': this begins like a list"),
        ({"is_impossible": "perhaps"}, "column 'is_impossible': answerable must be yes or no"),
        ({"quote": "It rained", "answers": "The documents do not say."}, "which is it?"),
    ],
)
def test_a_cell_that_says_nothing_is_refused(cells: dict[str, object], message: str) -> None:
    """With its column, as it is called in the file."""
    with pytest.raises(RowError) as caught:
        read(question="Why?", **cells)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "cells",
    [
        {"answerable": "no", "answers": "The documents do not say."},
        {"answerable": "no", "answers": "n/a"},
        {"answerable": "0", "answers": "Unknown."},
        {"answerable": "False", "expected": "I don't know"},
        {"is_impossible": "TRUE", "answers": "No answer"},
        {"answers": "The context does not mention who paid."},
        {"answers": "['The documents do not say.', 'This is not in the text.']"},
        {"answerable": "no", "source": "a.txt"},
        {"answerable": "no", "context": "It rained all day.", "answers": ""},
        {"context": "It rained all day.", "answers": "The passage does not say who paid."},
    ],
)
def test_a_reference_that_refuses_makes_a_question_unanswerable(cells: dict[str, object]) -> None:
    """So does what is only near it; it is told."""
    row = read(question="Who paid?", **cells)
    assert row.fields == {"question": "Who paid?", "answerable": False}
    assert any("unanswerable" in said for said in row.remarks) or not cells.get("answers", "x")


@pytest.mark.parametrize(
    "cells",
    [
        {"answers": "unknown"},
        {"answers": "The cause is unknown."},
        {"answerable": "yes", "answers": "The documents do not say."},
        {"answerable": "no", "answers": "It rained."},
        {"answerable": "no", "answers": "['n/a', 'It rained.']"},
    ],
)
def test_what_may_be_an_answer_stays(cells: dict[str, object]) -> None:
    """Only a sentence about the documents is a refusal by itself."""
    assert read(question="Who paid?", **cells).fields["answers"]


def test_a_bar_separates_in_a_column_of_ours_alone() -> None:
    """In that of others it belongs to the answer, and that is told."""
    assert read(question="Why?", answers="a | b").fields["answers"] == ["a", "b"]
    row = read(question="Why?", **{"Expected Answer": "a | b"})
    assert row.fields["answers"] == ["a | b"]
    assert row.remarks == [
        "| in 'Expected Answer' belongs to the text; to separate with it, call the column answers"
    ]


def test_values_of_json_stay_what_they_are() -> None:
    """But for texts that are lists, and for answers as Hugging Face has them."""
    assert read_json(question="Why?", answers="a | b").fields["answers"] == "a | b"
    assert read_json(question="Why?", ground_truth="['a', 'b']").fields["answers"] == ["a", "b"]
    assert read_json(question="W?", answers={"text": ["a"], "answer_start": [3]}).fields["answers"] == ["a"]
    assert read_json(question="Why?", answerable="yes").fields["answerable"] == "yes"

"""A file of labels is whole or not taken at all, and each row says one of three things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from qa.checking.judge import Pair, Quoted
from qa.errors import SetError
from qa.evaluation.judging.correctness import Case
from qa.evaluation.judging.labels import CaseLabel, PairLabel, load_labels
from tests.support.records import abstained, answered, citation, failed, question, record

CASE = {"question": "When?", "answers": ["1628"], "answer": "In 1628.", "label": "correct"}
PAIR = {"claim": "It sank.", "cited": ["She sank.", "In 1628."], "label": "no"}
ASKED = question(1, answers=("1628",))


def jsonl(folder: Path, *rows: Mapping[str, object] | str) -> Path:
    """A file of these rows."""
    path = folder / "labels.jsonl"
    written = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


def test_rows_are_answers_or_claims(tmp_path: Path) -> None:
    """Lists may be single texts, labels of any case, and what is not known is passed over."""
    rows: list[Mapping[str, object]] = [
        CASE,
        PAIR,
        {**CASE, "answers": "1628", "label": " Partly ", "by": "Ada"},
        {**PAIR, "cited": "x", "label": True},
    ]
    assert load_labels(jsonl(tmp_path, *rows[:2], "", *rows[2:])) == (
        CaseLabel("labels.jsonl:1", Case("When?", ("1628",), "In 1628."), "correct"),
        PairLabel("labels.jsonl:2", Pair("It sank.", (Quoted("She sank."), Quoted("In 1628."))), False),
        CaseLabel("labels.jsonl:4", Case("When?", ("1628",), "In 1628."), "partly"),
        PairLabel("labels.jsonl:5", Pair("It sank.", (Quoted("x"),)), True),
    )


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_csv_has_the_same_columns(tmp_path: Path, sign: str) -> None:
    """Rows of both kinds in one file; a bar separates several texts, and a cell may hold line ends."""
    rows = [
        ["question", "answers", "answer", "claim", "cited", "label"],
        ["When?", "1628|in 1628", '"In\n1628."', "", "", "correct"],
        ["", "", "", "It sank.", "a|b", "supported"],
        ["", "", "", "It sank.", "a", "not supported"],
    ]
    path = tmp_path / "labels.csv"
    path.write_text("\ufeff" + "\n".join(sign.join(row) for row in rows) + "\n", encoding="utf-8")
    assert load_labels(path) == (
        CaseLabel("labels.csv:2", Case("When?", ("1628", "in 1628"), "In\n1628."), "correct"),
        PairLabel("labels.csv:4", Pair("It sank.", (Quoted("a"), Quoted("b"))), True),
        PairLabel("labels.csv:5", Pair("It sank.", (Quoted("a"),)), False),
    )


def test_an_id_is_about_an_answer_of_the_run(tmp_path: Path) -> None:
    """Its question, references and prose; `repeat` tells which where there are several."""
    answer = answered(citation(0, 3), text="In 1628. [1]")
    records = [record(1, question=ASKED, answer=answer), record(1, question=ASKED, repeat=2)]
    case = Case("Question 1?", ("1628",), "In 1628.")
    path = jsonl(tmp_path, {"id": "q1", "repeat": 1, "label": "correct"})
    assert load_labels(path, records) == (CaseLabel("labels.jsonl:1", case, "correct"),)
    path = jsonl(tmp_path, {"id": "q1", "label": "correct"})
    assert load_labels(path, records[:1]) == (CaseLabel("labels.jsonl:1", case, "correct"),)


RUN = [
    *(record(1, question=ASKED, repeat=repeat) for repeat in (1, 2)),
    failed(2, question=question(2, answers=(Quoted("x"),))),
    record(3, question=question(3, answers=(Quoted("x"),)), answer=abstained()),
    record(4),
]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({**CASE, "label": "right"}, "label must be correct, partly or wrong, not 'right'"),
        ({**CASE, "label": ""}, "label is missing"),
        ({**PAIR, "label": "correct"}, "label must be yes or no, not 'correct'"),
        ({**CASE, "answers": []}, "answers must be a text or a list"),
        ({**CASE, "answers": ["a", 3]}, "answers must be a text or a list"),
        ({**CASE, "answer": None}, "answer must be a text"),
        ({**PAIR, "cited": [" "]}, "cited must be a text or a list"),
        ({"claim": 3, "cited": "x", "label": "yes"}, "claim must be a text"),
        ({"answer": "x", "label": "wrong"}, "expected question, answers and answer"),
        ({"id": "q9", "label": "wrong"}, "the run has no record of 'q9'"),
        ({"id": "q1", "label": "wrong"}, "2 answers to 'q1'; repeat"),
        ({"id": "q1", "repeat": 3, "label": "wrong"}, "no record of 'q1', that repeat"),
        ({"id": "q2", "label": "wrong"}, "no answer to 'q2'"),
        ({"id": "q3", "label": "wrong"}, "no answer to 'q3'"),
        ({"id": "q4", "label": "wrong"}, "'q4' has no reference answers"),
        ("[1]", "an object was expected"),
        ("{", "this is not JSON"),
    ],
)
def test_a_row_that_is_no_label_is_named(
    tmp_path: Path, row: Mapping[str, object] | str, expected: str
) -> None:
    """By its line, with what was expected, and nothing is taken."""
    with pytest.raises(SetError) as caught:
        load_labels(jsonl(tmp_path, CASE, row), RUN)
    assert caught.value.cause.startswith("labels.jsonl:2: ")
    assert expected in caught.value.cause


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    """With their lines."""
    with pytest.raises(SetError, match="2 of 3 rows") as caught:
        load_labels(jsonl(tmp_path, {"id": "q1", "label": "correct"}, CASE, {}))
    assert [place for place, _ in caught.value.rows] == ["labels.jsonl:1", "labels.jsonl:3"]
    assert "no run was named" in caught.value.rows[0][1]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("labels.txt", b"", "cannot tell the format"),
        ("labels.jsonl", b"\n\n", "holds no labels"),
        ("labels.jsonl", b"\xff", "is not UTF-8"),
        ("labels.csv", b"claim,cited,label\na,b,yes,c\n", "labels.csv:2: more cells than columns"),
        ("labels.csv", b'claim,cited,label\n"a,b,yes\n', "labels.csv:2: this row is no CSV"),
        ("missing.csv", None, "cannot read"),
    ],
)
def test_files_that_hold_no_labels_are_told(
    tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    """In one line, whatever is wrong."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetError) as caught:
        load_labels(path)
    assert expected in caught.value.cause
    assert caught.value.hint

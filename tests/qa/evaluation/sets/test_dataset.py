"""Question sets: what may stand in a file, what is said of what may not, and which questions are asked."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st

from index.errors import UsageError
from index.types import Span
from qa.errors import SetError
from qa.evaluation.sets.dataset import (
    load_questions,
    question_key,
    question_object,
    read_set,
    select,
)
from qa.evaluation.sets.rows import RowError, question_of
from qa.evaluation.types import Gold, Question

SPAN = {"source": "a.txt", "start": 3, "end": 9, "text": "summit"}
JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
PIECE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("source", "start", "end", "page", "set", "text"), JSON_VALUE)
)
ROW = st.fixed_dictionaries(
    {"question": st.just("Why?") | JSON_VALUE},
    optional={
        **dict.fromkeys(("id", "answers", "answerable", "tags", "within", "anwers"), JSON_VALUE),
        "evidence": st.lists(PIECE, max_size=2) | JSON_VALUE,
    },
)
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).map(str.strip).filter(bool)
GOLD = st.builds(
    lambda source, start, length, text, page, number: Gold(
        source,
        Span(start, start + length) if page is None else None,
        page,
        text if page is None else None,
        number,
    ),
    TEXT,
    st.integers(0, 99),
    st.integers(1, 99),
    st.none() | TEXT,
    st.none() | st.integers(1, 9),
    st.none() | st.integers(0, 3),
)
QUESTION = st.builds(
    Question,
    st.just("") | TEXT,
    TEXT.filter(lambda text: any(character.isalnum() for character in text)),
    st.lists(TEXT, max_size=3).map(tuple),
    st.none() | st.booleans(),
    st.lists(GOLD, max_size=3).map(tuple),
    st.lists(TEXT, max_size=3, unique=True).map(tuple),
    st.none() | TEXT,
).map(lambda one: replace(one, answerable=True if one.answers or one.evidence else one.answerable))


def written(folder: Path, *rows: object, name: str = "set.jsonl") -> Path:
    """A file of these rows; texts are lines as they are."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path = folder / name
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def refused(path: Path) -> SetError:
    """The error that a file is refused with."""
    with pytest.raises(SetError) as caught:
        load_questions(path)
    return caught.value


def loaded(path: Path) -> tuple[Question, ...]:
    """The questions of a file; none of one that is refused in good order."""
    try:
        return load_questions(path)
    except SetError as error:
        shown = [error.cause, error.hint, *(text for row in error.rows for text in row)]
    assert all(shown)
    assert not any("\n" in line for line in shown)
    return ()


def test_every_field_is_read(tmp_path: Path) -> None:
    """A full row, a paged one, and a row that has a question and nothing else."""
    full = {
        "id": "a",
        "question": " Why? ",
        "answers": ["rain", " "],
        "answerable": True,
        "evidence": [SPAN, {**SPAN, "set": 1}],
        "tags": "core",
        "within": "a.txt",
        "note": "ignored",
    }
    paged = {"id": 7, "question": "Who?", "evidence": {"source": "b.pdf", "page": 54.0}, "answers": None}
    path = written(tmp_path, full, "", paged, {"question": "When?"})
    first, second, third = load_questions(path)
    gold = Gold("a.txt", Span(3, 9), text="summit")
    assert first == Question(
        "a", "Why?", ("rain",), True, (gold, replace(gold, set=1)), ("core",), "a.txt", "set.jsonl:1"
    )
    assert second == Question("7", "Who?", (), True, (Gold("b.pdf", page=54),), place="set.jsonl:3")
    assert (third.answerable, third.answers, third.place) == (None, (), "set.jsonl:4")


def test_a_span_says_more_than_its_page() -> None:
    """What is copied from `qa ask --json` has both; the span is the gold."""
    (gold,) = question_of({"question": "Why?", "evidence": [{**SPAN, "page": 3, "number": 1}]}).evidence
    assert (gold.span, gold.page) == (Span(3, 9), None)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "this is not JSON"),
        ('{"question": "x", "answers": NaN}', "NaN is not JSON"),
        ('{"question": "x", "id": ' + "9" * 5000 + "}", "far too long"),
        ('{"question": ' + "[" * 100_000, "nested too deeply"),
        ('["x"]', "an object was expected"),
        ({"qestion": "Why?"}, "did you mean it by 'qestion'?"),
        ({"answers": ["x"]}, "question is missing"),
        ({"question": " "}, "question is missing"),
        ({"question": "?!"}, "the question is empty"),
        ({"question": 7}, "question must be text, not 7"),
        ({"question": "x" * 10_001}, "more than 10,000"),
        ({"question": "x\ud800"}, "half a character, \\ud800"),
        ({"question": "x", "id": ["a"]}, "id must be text, not a list"),
        ({"question": "x", "id": True}, "id must be text, not true"),
        ({"question": "x", "answers": 28}, "a text or a list of texts, not 28"),
        ({"question": "x", "answers": ["a", 28]}, "each of answers must be text, not 28"),
        ({"question": "x", "answers": {"texts": ["a"]}}, "a list of texts, not an object"),
        ({"question": "x", "tags": [["a"]]}, "each of tags must be text, not a list"),
        ({"question": "x", "answerable": "yes"}, 'answerable must be true or false, not "yes"'),
        ({"question": "x", "answerable": False, "answers": ["a"]}, "yet the row has answers"),
        ({"question": "x", "answerable": False, "evidence": [SPAN]}, "yet the row has evidence"),
        ({"question": "x", "within": 3}, "within must be text, not 3"),
        ({"question": "x", "evidence": "a.txt"}, 'evidence must be a list of objects, not "a.txt"'),
        ({"question": "x", "evidence": [SPAN, 3]}, "evidence 2: an object with source"),
        ({"question": "x", "evidence": [{"start": 1, "end": 2}]}, "evidence 1: source is missing"),
        ({"question": "x", "evidence": [{"page": 1}]}, "evidence 1: source is missing"),
        ({"question": "x", "evidence": [{"text": " "}]}, "evidence 1: source is missing"),
        ({"question": "x", "evidence": [{"source": "a", "start": 1}]}, "end is missing"),
        ({"question": "x", "evidence": [{"source": "a", "end": 1}]}, "start is missing"),
        ({"question": "x", "evidence": [{**SPAN, "end": 3}]}, "ends at 3, which is not after its start at 3"),
        ({"question": "x", "evidence": [{**SPAN, "start": -1}]}, "a whole number from 0, not -1"),
        ({"question": "x", "evidence": [{**SPAN, "start": "3"}]}, 'a whole number from 0, not "3"'),
        ({"question": "x", "evidence": [{**SPAN, "start": 3.5}]}, "a whole number from 0, not 3.5"),
        ({"question": "x", "evidence": [{**SPAN, "start": True}]}, "a whole number from 0, not true"),
        ({"question": "x", "evidence": [{**SPAN, "end": 10**30}]}, "end must be a whole number"),
        ({"question": "x", "evidence": [{**SPAN, "text": 3}]}, "text must be text, not 3"),
        ({"question": "x", "evidence": [{**SPAN, "set": -1}]}, "set must be a whole number from 0"),
        ({"question": "x", "evidence": [{"source": "a", "page": 0}]}, "page must be a whole number from 1"),
    ],
)
def test_a_row_that_does_not_fit_is_told_by_file_and_line(tmp_path: Path, row: object, message: str) -> None:
    """What was found and what was expected, in one line."""
    error = refused(written(tmp_path, {"question": "fine"}, row))
    assert error.cause.startswith("set.jsonl:2: ")
    assert message in error.cause
    assert "\n" not in error.cause + error.hint
    assert error.hint
    assert error.exit_code == 2
    assert (error.rows[0][0], len(error.rows)) == ("set.jsonl:2", 1)


def test_all_rows_that_do_not_fit_are_listed(tmp_path: Path) -> None:
    """The cause counts them, and `rows` has every one."""
    error = refused(written(tmp_path, *[{"question": "fine", "id": "f"}, *[{"question": 1}] * 23]))
    assert error.cause.startswith("23 of 24 rows of ")
    assert len(error.rows) == 23
    assert error.rows[0] == ("set.jsonl:2", "question must be text, not 1")


def test_an_id_stands_once(tmp_path: Path) -> None:
    """Both lines are named; a number and its digits are the same id."""
    error = refused(written(tmp_path, {"id": 7, "question": "a"}, {"id": "7", "question": "b"}))
    assert error.cause == "set.jsonl:2: the id '7' is that of set.jsonl:1 already"
    assert "set.jsonl:1" in refused(written(tmp_path, {"question": "a"}, {"question": "a "})).cause


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "holds no questions"),
        (b"\xef\xbb\xbf \n\n", "holds no questions"),
        (b"[]", "holds no questions"),
        (b'{"a": 1, "b": 2}', "an object without questions: 'a', 'b'"),
        ('{"question": "a"}\n{"question": "é"}'.encode("latin-1"), "byte 33 (line 2) is not UTF-8"),
        (b"\xef\xbb\xbf" + '{"question": "é"}'.encode("latin-1"), "byte 18 (line 1) is not UTF-8"),
        (b'\xff\xfe{\x00"\xd8', "is not UTF-16, as the file says"),
    ],
)
def test_a_file_that_is_no_set_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    """With what is wrong and what to do."""
    path = tmp_path / "set.jsonl"
    path.write_bytes(data)
    error = refused(path)
    assert message in error.cause
    assert error.hint


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A file that is not there, a folder, a name no file can have, a format nobody knows."""
    for path, message in (
        (tmp_path / "no.jsonl", "No such file"),
        (tmp_path, "cannot"),
        (tmp_path / "a\0.jsonl", "cannot read"),
    ):
        assert message in refused(path).cause
    assert "cannot tell the format" in refused(written(tmp_path, name="set.txt")).cause


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    """Nor do line separators inside a text, which end no line."""
    path = tmp_path / "set.jsonl"
    path.write_bytes('\ufeff{"question": "a"}\r\n\r\n{"question": "b\u2028\x85b"}'.encode())
    assert [(one.text, one.place) for one in load_questions(path)] == [
        ("a", "set.jsonl:1"),
        ("b\u2028\x85b", "set.jsonl:3"),
    ]


def test_fields_that_are_nearly_known_are_told(tmp_path: Path) -> None:
    """Once each, with how many rows have them; not where the row has the field that may be meant."""
    rows = [{"question": f"Why {number}?", "anwers": ["x"], "query": "", "note": 1} for number in range(3)]
    path = written(tmp_path, *rows, {"question": "Who?", "category": "b", "Source text 2": "c"})
    assert read_set(path).remarks == (
        ("set.jsonl:1", "the field 'anwers' is ignored (3 rows); did you mean answers?"),
        ("set.jsonl:4", "the field 'category' is ignored; did you mean tags?"),
        ("set.jsonl:4", "the field 'Source text 2' looks like gold, and is not used"),
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_says_the_same_as_json(tmp_path: Path, delimiter: str) -> None:
    """The same columns, any usual separator, a byte-order mark; a row is where it begins."""
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=delimiter)
    sheet.writerow(["ID", "Question", "answers", "answerable", "evidence", "tags", "note"])
    sheet.writerow(["a", "Why,\n then; so?", "rain | snow", "", json.dumps([SPAN]), "core|why", "x"])
    sheet.writerow([])
    sheet.writerow(["b", "Who?", "", "No", "", "", ""])
    path = tmp_path / "set.csv"
    path.write_text("\ufeff" + out.getvalue(), encoding="utf-8", newline="")
    gold = Gold("a.txt", Span(3, 9), text="summit")
    assert load_questions(path) == (
        Question(
            "a", "Why,\n then; so?", ("rain", "snow"), True, (gold,), ("core", "why"), None, "set.csv:2"
        ),
        Question("b", "Who?", answerable=False, place="set.csv:5"),
    )


def test_csv_may_hold_one_piece_of_evidence_in_columns(tmp_path: Path) -> None:
    """A span or a page; cells that a spreadsheet wrote as 54.0 are whole numbers too."""
    rows = ["question,source,start,end,text,page", "Why?,a.txt,3,9,summit,", "Who?,b.pdf,,,,54.0", "When?"]
    spans = [one.evidence for one in load_questions(written(tmp_path, *rows, name="set.csv"))]
    assert spans == [(Gold("a.txt", Span(3, 9), text="summit"),), (Gold("b.pdf", page=54),), ()]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Why,a,maybe,", 'set.csv:2: answerable must be yes or no, not "maybe"'),
        ("Why,a,yes,{", "set.csv:2: evidence must be a JSON list"),
        ("Why,a,yes,,,b", "set.csv:2: 6 cells in 4 columns"),
        ('"Why"x,a', "set.csv:2: this row is no CSV"),
        ('Why,"a\nWho,b', "set.csv:2: this row is no CSV"),
        ("Why" + "y" * 200_000, "set.csv:2: this row is no CSV"),
        ('"Why\nso",a\n ,b', "set.csv:4: question is missing"),
    ],
)
def test_a_csv_row_that_does_not_fit_is_named_by_its_first_line(
    tmp_path: Path, row: str, message: str
) -> None:
    """Quoted line breaks are counted."""
    path = written(tmp_path, "question,answers,answerable,evidence", row, name="set.csv")
    assert refused(path).cause.startswith(message)


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("a,b", "name them"),
        ("question,tags,tags", "rename one"),
        ('"question"x', "names the columns"),
    ],
)
def test_a_csv_head_without_a_question_is_refused(tmp_path: Path, head: str, message: str) -> None:
    """With what to rename."""
    assert message in refused(written(tmp_path, head, "x,y", name="set.csv")).hint


def test_evidence_stands_in_one_place_of_a_csv(tmp_path: Path) -> None:
    """Its own cell, or the columns of one piece."""
    path = written(tmp_path, "question,evidence,source", "Why,[],a.txt", name="set.csv")
    assert "leave out one" in refused(path).cause


@given(st.lists(ROW | JSON_VALUE, max_size=3))
@example([{"question": "x", "evidence": [{"source": "a", "start": float("inf"), "end": 3}]}])
def test_rows_of_any_shape_are_questions_or_a_set_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[object]
) -> None:
    """`load_questions` raises nothing else, and what it takes survives being written again."""
    path = tmp_path_factory.getbasetemp() / "fuzz.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    for question in loaded(path):
        assert question_of(question_object(question), question.place) == question


@given(st.binary(max_size=80), st.sampled_from((".jsonl", ".csv")))
@example(b'question,answers\n"x', ".csv")
@example(b"question\n\x00", ".csv")
def test_any_bytes_are_questions_or_a_set_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, suffix: str
) -> None:
    """Whatever the format."""
    path = tmp_path_factory.getbasetemp() / f"bytes{suffix}"
    path.write_bytes((b"question,evidence,start\n" if suffix == ".csv" else b"") + data)
    assert all(question.text for question in loaded(path))


@given(QUESTION)
def test_a_question_survives_being_written(question: Question) -> None:
    """Its row gives it back, and the same key wherever it stands."""
    row = json.loads(json.dumps(question_object(question)))
    assert question_of(row) == question
    assert question_key(replace(question, place="other:3")) == question_key(question)
    assert len(question_key(question)) == 16


@given(QUESTION, QUESTION)
def test_rows_that_differ_have_other_keys(one: Question, other: Question) -> None:
    """Else an answer could be taken for that of another question."""
    assert (question_key(one) == question_key(other)) == (one == other)


def test_an_id_that_is_missing_depends_on_the_row_alone(tmp_path: Path) -> None:
    """Rows before it, blanks and the order of fields change nothing."""
    (alone,) = load_questions(written(tmp_path, {"question": "Why?", "tags": ["a"]}))
    _, after = load_questions(
        written(tmp_path, {"question": "Who?"}, "", '{"tags": "a", "question": "Why? "}')
    )
    assert alone.id == after.id
    assert len(alone.id) == 8


def test_a_row_without_a_question_is_no_row() -> None:
    """`question_of` alone says so as well."""
    with pytest.raises(RowError, match="question is missing"):
        question_of({})


QUESTIONS = tuple(Question(f"q{number}", f"Why {number}?", tags=(f"t{number % 3}",)) for number in range(60))


def test_questions_are_chosen_by_tag() -> None:
    """Any of the tags will do; one that none has is a slip."""
    chosen = select(QUESTIONS, tags=("t0", "t2"), limit=3)
    assert [one.id for one in chosen] == ["q0", "q2", "q3"]
    with pytest.raises(UsageError, match="no question has the tag 't9'") as caught:
        select(QUESTIONS, tags=("t9",))
    assert "t0" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        select((Question("a", "Why?"),), tags=("t9",))
    assert "have no tags" in caught.value.hint


def test_a_sample_is_the_same_in_any_order_of_the_file() -> None:
    """It depends on the seed; a larger one holds the smaller; it stands in the order of the file."""
    shuffled = list(QUESTIONS)
    random.Random(1).shuffle(shuffled)
    ten = select(QUESTIONS, sample=10, seed=3)
    assert set(select(shuffled, sample=10, seed=3)) == set(ten)
    assert set(ten) < set(select(QUESTIONS, sample=20, seed=3))
    assert set(ten) != set(select(QUESTIONS, sample=10, seed=4))
    assert list(ten) == sorted(ten, key=QUESTIONS.index)
    assert select(QUESTIONS, sample=10, seed=3, limit=4) == ten[:4]
    assert select(QUESTIONS, sample=1000) == QUESTIONS
    assert select(QUESTIONS, limit=0) == ()

"""Question sets in CSV, Excel, JSON and YAML, as programs and people save them."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import openpyxl
import pytest

from index.types import Span
from qa.errors import SetError
from qa.evaluation.sets.dataset import QuestionSet, read_set
from qa.evaluation.types import Question

ROWS = [{"question": "Why?", "answers": ["rain"]}, {"question": "Who?", "answers": ["Elsa", "Per"]}]


def saved(folder: Path, name: str, data: bytes | str) -> Path:
    """A file with these bytes, or this text in UTF-8."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def told(question_set: QuestionSet) -> str:
    """All that is said of a set."""
    return "\n".join(f"{place}: {what}" for place, what in question_set.remarks)


def refusal(path: Path) -> SetError:
    """The error that a file is refused with."""
    with pytest.raises(SetError) as caught:
        read_set(path)
    return caught.value


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("question,answers\nWhy so – “so”?,rain\n", "utf-16"),
        ("\ufeffquestion;answers\nWhy so – “so”?;rain\n", "utf-8"),
        ("sep=;\r\nquestion;answers\r\nWhy so – “so”?;rain\r\n", "utf-8"),
        ("Question\tExpected Answer\nWhy so – “so”?\train\n", "utf-16-le"),
        ('"Question";"Expected Answer"\n"Why so – “so”?";rain\n', "utf-8"),
    ],
)
def test_csv_in_any_unicode_and_with_any_separator(tmp_path: Path, text: str, encoding: str) -> None:
    """The separator is the one that makes the first line name a question."""
    data = text.encode(encoding)
    (question,) = read_set(saved(tmp_path, "q.csv", data)).questions
    assert (question.text, question.answers) == ("Why so – “so”?", ("rain",))
    assert question.place == f"q.csv:{3 if text.startswith('sep=') else 2}"


def test_csv_of_an_older_program_is_read_and_told(tmp_path: Path) -> None:
    """With the encoding that was taken, for the person to judge."""
    text = "Frage;Antwort\nWarum fiel das Fest für Gäste aus?;Die Prüfung der Brücke, später\n"
    held = read_set(saved(tmp_path, "q.csv", text.encode("cp1252")))
    assert held.questions[0].answers == ("Die Prüfung der Brücke, später",)
    assert "q.csv: not UTF-8: read as cp1252" in told(held)


def test_a_damaged_csv_is_refused_by_line(tmp_path: Path) -> None:
    """Nothing is replaced by a sign that no answer has."""
    error = refusal(
        saved(tmp_path, "q.csv", b"question,answers\n" + b"Why\xff?,r\xc3\xa9al " + "é".encode() * 200)
    )
    assert "byte 21 (line 2) is not UTF-8" in error.cause
    assert "looks binary" in refusal(saved(tmp_path, "q.csv", bytes(range(256)) * 4)).cause


@pytest.mark.parametrize(
    ("name", "text", "places"),
    [
        ("q.json", json.dumps(ROWS), ["q.json:1", "q.json:1, row 2"]),
        ("q.json", json.dumps(ROWS, indent=1), ["q.json:2", "q.json:8"]),
        ("q.jsonl", json.dumps(ROWS, indent=1), ["q.jsonl:2", "q.jsonl:8"]),
        ("q.json", json.dumps({"version": 1, "data": ROWS}, indent=1), ["q.json:4", "q.json:10"]),
        ("q.json", json.dumps({"examples": ROWS}), ["q.json:1", "q.json:1, row 2"]),
        ("q.json", json.dumps({"questions": ROWS}), ["q.json:1", "q.json:1, row 2"]),
        ("q.json", "".join(json.dumps(row) + "\n" for row in ROWS), ["q.json:1", "q.json:2"]),
        (
            "q.json",
            json.dumps({key: {"0": ROWS[0][key], "1": ROWS[1][key]} for key in ROWS[0]}),
            ["q.json:row 1", "q.json:row 2"],
        ),
        (
            "q.json",
            json.dumps({key: [row[key] for row in ROWS] for key in ROWS[0]}),
            ["q.json:row 1", "q.json:row 2"],
        ),
        (
            "q.json",
            json.dumps(
                {"columns": list(ROWS[0]), "index": [0, 1], "data": [list(row.values()) for row in ROWS]}
            ),
            ["q.json:row 1", "q.json:row 2"],
        ),
    ],
)
def test_json_in_any_shape(tmp_path: Path, name: str, text: str, places: list[str]) -> None:
    """Lines, a list, an object that holds one, and tables as pandas and Hugging Face write them."""
    for data in (text.encode(), text.encode("utf-16")):
        questions = read_set(saved(tmp_path, name, data)).questions
        assert [(each.text, each.answers) for each in questions] == [
            ("Why?", ("rain",)),
            ("Who?", ("Elsa", "Per")),
        ]
        assert [each.place for each in questions] == places


def test_one_object_of_several_lines_is_a_row(tmp_path: Path) -> None:
    """And a list is told by line what does not fit, up to where it breaks off."""
    (question,) = read_set(saved(tmp_path, "q.json", json.dumps(ROWS[1], indent=2))).questions
    assert question.text == "Who?"
    error = refusal(
        saved(tmp_path, "q.json", '[{"question": "a"},\n {"question": NaN},\n "b",\n {"question": }]')
    )
    assert [place for place, _ in error.rows] == ["q.json:2", "q.json:3", "q.json:4"]
    assert ["NaN" in error.rows[0][1], "an object" in error.rows[1][1], "not read" in error.rows[2][1]] == [
        True
    ] * 3
    assert (
        "comma is missing"
        in refusal(saved(tmp_path, "q.json", '[{"question": "a"} {"question": "b"}]')).cause
    )


def test_yaml_keeps_texts_as_they_are_written(tmp_path: Path) -> None:
    """What YAML takes for truth values, numbers, dates and times are answers; null is nothing."""
    text = (
        "# mine\n- question: Who won?\n  answers: [no, 1:30, 2024-03-04, 0x1F]\n\n"
        "- query: >\n    Was it\n    so?\n  expected answer: yes\n  source: null\n"
        "- question: Who paid?\n  answerable: no\n  answers: ~\n"
    )
    held = read_set(saved(tmp_path, "q.yaml", text))
    assert [(each.text, each.answers, each.answerable, each.place) for each in held.questions] == [
        ("Who won?", ("no", "1:30", "2024-03-04", "0x1F"), True, "q.yaml:2"),
        ("Was it so?", ("yes",), True, "q.yaml:5"),
        ("Who paid?", (), False, "q.yaml:10"),
    ]
    held = read_set(saved(tmp_path, "q.yml", "questions:\n  - question: Why?\n---\n- question: Who?\n"))
    assert [each.text for each in held.questions] == ["Why?", "Who?"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- question: [", "q.yaml:1: this is not YAML"),
        ("- question: Why?\n- Who?\n", "q.yaml:2: an object was expected"),
        ("a: 1\n", "q.yaml:1: a list of questions was expected"),
        ("", "holds no questions"),
        ("[" * 20_000, "nested too deeply"),
        ("- !!python/object/apply:os.system [ls]\n", "q.yaml:1: an object was expected"),
    ],
)
def test_yaml_that_is_no_set_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """By line; nothing in it is executed."""
    assert message in refusal(saved(tmp_path, "q.yaml", text)).cause


def test_yaml_of_aliases_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many times a text is said by them."""
    monkeypatch.setattr("qa.evaluation.sets.files.yaml_file._MOST_NODES", 5_000)
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 9)]
    assert "more than 5,000 values" in refusal(saved(tmp_path, "q.yaml", "\n".join(lines))).cause


def workbook(folder: Path, *rows: tuple[object, ...], merged: str = "") -> Path:
    """An Excel file with a sheet of notes, and one of questions."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["by Elsa"])
    sheet = book.create_sheet("Questions")
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    return saved(folder, "q.xlsx", data.getvalue())


def test_excel_is_read_with_typed_cells(tmp_path: Path) -> None:
    """Numbers, dates and truth values as they are shown; a title above and another sheet are told."""
    path = workbook(
        tmp_path,
        ("Our questions",),
        (),
        ("Question", "Expected Answer", "Answerable", "Source", "Page"),
        ("When?", dt.date(2024, 3, 4), None, "a.pdf", 54),
        ("How many?", 82000, None, None, None),
        ("Who sang?", None, False, None, None),
        ("Which?", "['a', 'b']", True, None, None),
        merged="D4:D5",
    )
    held = read_set(path)
    assert [(each.answers, each.answerable, each.place) for each in held.questions] == [
        (("2024-03-04",), True, "q.xlsx:4"),
        (("82000",), True, "q.xlsx:5"),
        ((), False, "q.xlsx:6"),
        (("a", "b"), True, "q.xlsx:7"),
    ]
    assert [[(gold.source, gold.page) for gold in each.evidence] for each in held.questions[:2]] == [
        [("a.pdf", 54)],
        [("a.pdf", None)],
    ]
    assert "only the sheet 'Questions' is read; not read: 'Notes'" in told(held)
    assert "above the names of the columns is not read" in told(held)


def test_excel_that_is_no_set_is_refused(tmp_path: Path) -> None:
    """By row, by its sheets, or as a file."""
    error = refusal(workbook(tmp_path, ("Question", "Answerable"), ("Why?", "perhaps"), ("Who?", "maybe")))
    assert [place for place, _ in error.rows] == ["q.xlsx:2", "q.xlsx:3"]
    error = refusal(workbook(tmp_path, ("a", "b"), ("Why?", "x")))
    assert "no sheet has a row that names a column question (sheets: 'Notes', 'Questions')" in error.cause
    assert error.options == ("column",)
    assert "cannot read" in refusal(saved(tmp_path, "q.xlsx", b"PK\x03\x04 no")).cause
    assert (
        "in a column without a name"
        in refusal(workbook(tmp_path, ("question", None, "answers"), ("a", "b", "c"))).cause
    )


@pytest.mark.parametrize(
    ("suffix", "hint"), [(".xls", "save it as .xlsx"), (".parquet", "to_json"), (".txt", ".yaml")]
)
def test_other_formats_are_refused_with_a_way_out(tmp_path: Path, suffix: str, hint: str) -> None:
    """What to save it as."""
    assert hint in refusal(saved(tmp_path, f"q{suffix}", "x")).hint


def test_a_column_is_named_by_a_person(tmp_path: Path) -> None:
    """In a table and in JSON; one that is nowhere is refused once."""
    path = saved(tmp_path, "q.csv", "Q1,Right\nWhy?,rain\n")
    assert refusal(path).options == ("column",)
    mapping = {"question": "Q1", "answers": "right"}
    assert read_set(path, mapping).questions == (
        Question(read_set(path, mapping).questions[0].id, "Why?", ("rain",), True),
    )
    rows = '{"question": "Why?", "right": "rain"}\n{"question": "Who?"}\n'
    path = saved(tmp_path, "q.jsonl", rows)
    assert [each.answers for each in read_set(path, {"answers": "right"}).questions] == [("rain",), ()]
    with pytest.raises(SetError, match="there is no column 'wrong'") as caught:
        read_set(path, {"answers": "wrong"})
    assert caught.value.options == ("column",)


def test_columns_that_are_read_by_other_names_are_told(tmp_path: Path) -> None:
    """And so are those that look like gold and are not read."""
    held = read_set(saved(tmp_path, "q.csv", "query,Expected Answer,response,Gold text 2\nWhy?,rain,x,y\n"))
    assert (
        "q.csv:2: columns are read by their names: 'query' as question, 'Expected Answer' as answers"
        in told(held)
    )
    assert "q.csv:2: the column 'response' is what another system gave, and is not used" in told(held)
    assert "q.csv:2: the column 'Gold text 2' looks like gold, and is not used" in told(held)
    assert held.unused == ("response", "Gold text 2")


def test_a_bar_in_what_looks_like_code_is_told_at_once(tmp_path: Path) -> None:
    """Any other is told where a set is checked."""
    held = read_set(
        saved(tmp_path, "q.csv", "question,answers\nHow?,cat a.log | grep ERROR\nWho?,Elsa | Per\n")
    )
    assert held.remarks[-1][0] == "q.csv:2"
    assert 'taken apart at |, such as "cat a.log" and "grep ERROR"' in held.remarks[-1][1]
    assert [place for place, _ in held.split] == ["q.csv:3"]


def test_evidence_in_yaml_has_numbers(tmp_path: Path) -> None:
    """Though values are texts; a number that is an answer by another name is one in JSON too."""
    pieces = "[{source: a.txt, start: 3, end: 9}, {source: b.pdf, page: 54}]"
    text = f"- question: Why?\n  evidence: {pieces}\n"
    (question,) = read_set(saved(tmp_path, "q.yaml", text)).questions
    assert [(gold.span, gold.page) for gold in question.evidence] == [(Span(3, 9), None), (None, 54)]
    (question,) = read_set(saved(tmp_path, "q.jsonl", '{"query": "How many?", "expected": 42}\n')).questions
    assert question.answers == ("42",)

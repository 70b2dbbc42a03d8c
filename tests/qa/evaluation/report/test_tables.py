"""Runs as CSV and Markdown: what is written is read back, is no formula, and no markup of documents."""

from __future__ import annotations

import csv
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.gates import NAMES
from qa.evaluation.report.tables.as_csv import csv_text
from qa.evaluation.report.tables.as_markdown import runs_markdown
from qa.evaluation.report.tables.rows import CellTable, figure_table, question_table
from tests.support.report_runs import compared, ordinary, view

FORMULAS = (
    '=HYPERLINK("http://x";"y")',
    *("+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "\n=1", "\N{FULLWIDTH EQUALS SIGN}1"),
)


def read(text: str) -> list[dict[str, str]]:
    """The rows as a reader of RFC 4180 has them."""
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str) -> None:
    """It stands after an apostrophe, and nothing of it is lost."""
    ((cell,),) = list(csv.reader(StringIO(csv_text(CellTable(("a",), ((text,),))), newline="")))[1:]
    assert cell == f"'{text}"


@pytest.mark.parametrize("text", ["a=b", "1-2", "", 'Müller, "M"', "日本", "a\nb", "2 + 2", "mail@host"])
def test_other_texts_are_as_they_are(text: str) -> None:
    """Commas, quotes, newlines and every script come back."""
    ((cell, _),) = list(csv.reader(StringIO(csv_text(CellTable(("a", "b"), ((text, 1),))), newline="")))[1:]
    assert cell == text


@given(st.lists(st.tuples(st.text(), st.floats(-1, 1) | st.none()), max_size=4))
def test_lines_end_as_the_standard_says(rows: list[tuple[str, float | None]]) -> None:
    """CR LF, the names first, and as many rows as there are; numbers are never texts."""
    text = csv_text(CellTable(("a", "b"), tuple(rows)))
    assert text.startswith("a,b\r\n")
    assert text.endswith("\r\n")
    back = list(csv.reader(StringIO(text, newline=""), strict=True))
    assert len(back) == len(rows) + 1
    assert [row[1] for row in back[1:]] == ["" if value is None else repr(value) for _, value in rows]


def test_every_record_has_its_row() -> None:
    """Answers, abstentions and failures; figures by their names, empty where there is none."""
    run = view("base", ordinary())
    rows = read(csv_text(question_table([run])))
    assert [row["status"] for row in rows[:4]] == ["answered", "answered", "abstained", "failed"]
    assert rows[2]["failing"] == "declined though answerable"
    assert rows[2]["missing"] == "the year"
    assert (rows[3]["failing"], rows[3]["error"], rows[3]["citation_f1"]) == (
        "error",
        "the server gave up",
        "",
    )
    assert float(rows[0]["citation_f1"]) == pytest.approx(run.metrics["key00000", 1]["citation_f1"], abs=1e-6)
    assert rows[0]["gold"].startswith("notes/bridges.txt:0-")


def test_runs_are_told_apart() -> None:
    """Of two runs, each row says whose it is."""
    rows = read(csv_text(question_table([view("a", ordinary(3)), view("b", ordinary(3))])))
    assert [row["run"] for row in rows] == ["a"] * 3 + ["b"] * 3


def test_figures_have_the_names_of_gates() -> None:
    """Every figure of the run and of each tag; those without an interval have a value alone."""
    run = view("base", ordinary())
    rows = read(csv_text(figure_table([run])))
    assert {row["figure"] for row in rows} <= set(NAMES)
    assert {row["tag"] for row in rows} == {"", "even", "odd"}
    whole = {row["figure"]: row for row in rows if not row["tag"]}
    assert float(whole["citation_f1"]["value"]) == run.scores.metrics["citation_f1"].mean
    assert (whole["questions"]["value"], whole["questions"]["low"]) == ("8", "")


def test_markdown_has_figures_questions_and_the_difference() -> None:
    """Each table has as many cells in every row, whatever the texts hold."""
    a, b = view("base", ordinary()), view("new|run", ordinary(shift=1))
    text = runs_markdown([a, b], compared(a, b))
    assert "## new\\|run (B) beside base (A)" in text
    assert "| citation_f1 | " in text
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({line.replace("\\|", "").count("|") for line in lines}) <= 1


def test_markdown_of_a_document_is_text() -> None:
    """What a document or a question says makes no image, no link and no tag."""
    hostile = "![x](http://evil) <script>a</script> | [b](c)\n# head"
    record = ordinary(1)[0]
    record = replace(record, question=replace(record.question, text=hostile))
    text = runs_markdown([view("base", [record])])
    assert "![" not in text
    assert "<script" not in text.replace("\\<script", "")
    assert "\n# head" not in text

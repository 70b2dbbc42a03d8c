"""Lists of texts in one cell of a CSV file."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.evaluation.sets.columns.lists import SplitCell, list_cell
from qa.evaluation.sets.dataset import read_set
from qa.evaluation.sets.rows import RowError


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("a quay", ["a quay"]),
        ("a quay|the quay", ["a quay", "the quay"]),
        (r"ls \| wc|wc -l", ["ls | wc", "wc -l"]),
        ('["a quay", "it\'s | there"]', ["a quay", "it's | there"]),
        ("['a quay', \"it's there\"]", ["a quay", "it's there"]),
        ("['a quay' 'the quay']", ["a quay", "the quay"]),
        ("['a quay'\n 'the quay']", ["a quay", "the quay"]),
        ("('a quay', 'the quay')", ["a quay", "the quay"]),
        ("[1628, '1629']", ["1628", "1629"]),
        ("[sic]", ["[sic]"]),
        ("(in 1912)", ["(in 1912)"]),
        ("array(['a quay', 'the quay'], dtype=object)", ["a quay", "the quay"]),
        ("{'text': array(['a quay'], dtype=object), 'answer_start': array([4])}", ["a quay"]),
        ("{'a quay', 'the quay'}", ["a quay", "the quay"]),
        ("{when wet}", ["{when wet}"]),
        ("[]", []),
        ("[0, 1) | (2, 3]", ["[0, 1)", "(2, 3]"]),
    ],
)
def test_the_texts_of_a_cell(cell: str, items: list[str]) -> None:
    """As JSON, Python, numpy and people write them; a text in brackets is a text."""
    assert list_cell(cell) == items
    assert isinstance(list_cell(cell), SplitCell) is ("|" in cell and not cell.startswith('["'))


@pytest.mark.parametrize(
    "cell", ["['unclosed]", "['a', nan]", "[nan]", "['a', 'b'", "['a' ... 'z']", '["a", "b]']
)
def test_a_list_that_breaks_off_is_refused(cell: str) -> None:
    """It is never taken for one text; nor is a list of what is missing."""
    with pytest.raises(RowError, match="cannot be read as one"):
        list_cell(cell)


def test_an_object_in_a_cell_is_refused() -> None:
    """Unless it is what Hugging Face writes for answers."""
    with pytest.raises(RowError, match="not the object"):
        list_cell('{"timeout": 30}')


@pytest.mark.parametrize("cell", ["[{'text': 'a'}]", "[['a'], ['b']]", "[true]", "[null]"])
def test_a_list_of_something_else_is_refused(cell: str) -> None:
    """By the row that has it."""
    with pytest.raises(RowError, match="must hold texts"):
        list_cell(cell)


def test_cells_that_were_taken_apart_are_told_once(tmp_path: Path) -> None:
    """With the first of them; lists are not among them."""
    path = tmp_path / "q.csv"
    path.write_text("question,answers\nA?,\"['x|y']\"\nB?,x | y\nC?,u|v\n", encoding="utf-8")
    held = read_set(path)
    assert [question.answers for question in held.questions] == [("x|y",), ("x", "y"), ("u", "v")]
    ((place, what),) = held.split
    assert place == "q.csv:3"
    assert what.startswith('2 cells of answers are taken apart at |, such as "x" and "y"')
    assert held.remarks == ()

"""Excel: a page for each sheet, values as they are shown, hidden sheets named."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook

from index.errors import ReadError
from index.readers.office.sheets import read_xlsx
from index.types import Reading
from tests.index.readers.office.test_word import replaced
from tests.support.readings import check_damaged, check_reading, hidden, mutations, texts


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def example() -> Workbook:
    """Two sheets, the second of them hidden."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Budget"
    first.append(["Item", "2024", "2025"])
    first.append(["Travel", None, 1200.0])
    first.append([None, None, None])
    first.append(["Share", 0.125, dt.date(2025, 10, 21)])
    first["B4"].number_format = "0.0%"
    other = book.create_sheet("Drafts")
    other.append(["secret", True])
    other.sheet_state = "hidden"
    return book


def read(data: bytes) -> Reading:
    reading = read_xlsx(data, "a.xlsx")
    check_reading(reading)
    return reading


def test_a_workbook_sheet_by_sheet() -> None:
    """The sheet's name is its heading; empty cells keep their place between others."""
    reading = read(saved(example()))
    assert texts(reading) == [
        "Budget",
        "Item | 2024 | 2025",
        "Travel |  | 1200",
        "Share | 12.5% | 2025-10-21",
    ]
    assert [page.span.of(reading.text)[:6] for page in reading.pages] == ["Budget", ""]
    assert hidden(reading) == [("Drafts", "on a hidden sheet"), ("secret | TRUE", "on a hidden sheet")]


def test_a_formula_without_a_result_is_noted() -> None:
    """A program that never computed it stored nothing to read."""
    book = example()
    assert book.active is not None
    book.active["D1"] = "=1+1"
    notes = read(saved(book)).notes
    assert any("1 formulas have no stored result" in note for note in notes)


def test_mutated_files() -> None:
    """Thirty damaged archives and thirty with a damaged sheet give a reading or a `ReadError`."""
    whole = saved(example())
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        sheet = archive.read(part)
    damaged = [whole, *mutations(whole, 30, seed=3)]
    damaged += [replaced(whole, part, xml) for xml in mutations(sheet, 30, seed=4)]
    check_damaged(read_xlsx, damaged)


def test_an_empty_workbook() -> None:
    """It says that there is nothing in it."""
    with pytest.raises(ReadError, match="no values"):
        read_xlsx(saved(Workbook()), "a.xlsx")

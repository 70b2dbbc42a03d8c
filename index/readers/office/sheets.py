"""Excel (.xlsx) to text: a page for each sheet, its rows with values as they are shown.

The sheet's name is a heading. Of a formula the result is read that the program stored when it last saved the
file. Charts, pictures and comments are not read.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.office.package import main_part, open_office, properties
from index.types import Reading

if TYPE_CHECKING:
    from index.readers.archive import Archive

_KIND = "Excel file"
_HINT = "open it in Excel, and save it again"
_DECIMALS = re.compile(r"[0#?]\.(0+)")  # the two decimals of "#,##0.00"
# A currency: the € of "[$€-407]", or a plain sign.
_SYMBOL = re.compile(r"\[\$([^\]-]{1,5})|([$€£¥₹])")
# What a number format holds besides digits: \x, [Red], _x (a gap), *x (a filling), "text".
_NOT_A_DIGIT = re.compile(r"\\.|\[[^\]]*\]|_.|\*.|\"[^\"]*\"")
# A cell with a formula and no stored result: <f>SUM(A1:A9)</f></c>.
_FORMULA_WITHOUT_RESULT = re.compile(rb"<f[ >][^<]*</f>(?:<v\s*/>|<v></v>)?</c>")

_LARGEST_IN_DIGITS = 1e15  # beyond, a spreadsheet itself shows no digits but powers of ten

Value = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta


def read_xlsx(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The rows of a workbook, one page for each sheet; cells of a row are joined by " | ".

    Numbers come as they are shown (12.5%, $1,200), dates in ISO form. Hidden sheets are read and named in
    a note, and so are formulas whose result is not in the file. Raises ReadError for what `open_office`
    refuses, and for a workbook without a value.
    """
    archive = open_office(data, kind=_KIND, suffix=".xlsx")
    main_part(archive, kind=_KIND)
    builder = TextBuilder()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # about validation rules and pictures it drops: none of them is text
            hidden = _add_sheets(builder, archive)
    except _openpyxl_errors() as exc:
        raise ReadError("a damaged Excel file: its sheets cannot be read", _HINT) from exc
    if not builder.length:
        raise ReadError("no values in this workbook", "nothing to do: its cells are empty")
    if hidden:
        builder.notes.append(f"hidden sheets were read too: {', '.join(hidden)}")
    waiting = sum(len(_FORMULA_WITHOUT_RESULT.findall(archive.get(part) or b"")) for part in archive.names)
    if waiting:
        builder.notes.append(f"{waiting} formulas have no stored result; open the file in Excel and save it")
    about = properties(archive)
    return builder.reading(title=about.title, date=about.date)


def _openpyxl_errors() -> tuple[type[Exception], ...]:
    """What openpyxl was seen to raise for damaged workbooks: it checks values, not files."""
    from xml.etree.ElementTree import ParseError
    from zipfile import BadZipFile

    from openpyxl.utils.exceptions import InvalidFileException

    return (
        ParseError,
        BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OverflowError,
        SyntaxError,
    )


def _add_sheets(builder: TextBuilder, archive: Archive) -> list[str]:
    """Append every sheet that has a value; gives the names of the hidden ones."""
    from openpyxl import load_workbook

    hidden = []
    book = load_workbook(archive.packed(), read_only=True, data_only=True, keep_links=False)
    try:
        for number, sheet in enumerate(book.worksheets, 1):
            sheet.reset_dimensions()  # what the file says about its size may be wrong
            rows = (_row(cells) for cells in sheet.iter_rows())
            titled = False
            for row in rows:
                if row and not titled:
                    builder.add("heading", sheet.title, 1)
                    titled = True
                    if sheet.sheet_state != "visible":
                        hidden.append(sheet.title)
                builder.add("row", row)
            builder.end_page(number)
    finally:
        book.close()
    return hidden


class _CellLike:
    """What a cell is to this module: a value and a number format."""

    value: Value | None
    number_format: str


def _row(cells: tuple[_CellLike, ...]) -> str:
    """One row on one line; empty cells at either end are left out, those between keep their place."""
    cell_texts = [
        as_shown(cell.value, cell.number_format) if cell.value is not None else "" for cell in cells
    ]
    while cell_texts and not cell_texts[-1]:
        cell_texts.pop()
    first = next((at for at, text in enumerate(cell_texts) if text), 0)
    return " | ".join(cell_texts[first:])


def as_shown(value: Value, number_format: str) -> str:
    """A cell's value about as the program shows it.

    >>> as_shown(0.125, "0.0%"), as_shown(1234.5, '"$"#,##0.00'), as_shown(3.0, "General")
    ('12.5%', '$1,234.50', '3')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return " ".join(str(value).split())


def _number(value: float, number_format: str) -> str:
    """A number with the decimals, thousands, percent sign or currency of the format's first section."""
    section = number_format.partition(";")[0]
    symbol = _SYMBOL.search(section)
    plain = _NOT_A_DIGIT.sub("", section)
    plainly = not any(sign in plain for sign in "0#") or "E" in plain or "/" in plain
    if plainly or not abs(value) < _LARGEST_IN_DIGITS:
        text = f"{value:.15g}"
        return text if "e" not in text else str(value).removesuffix(".0")
    if "%" in plain:
        return f"{_rounded(value, plain, shift=2):f}%"
    grouped = "," if "#,#" in plain or "0,0" in plain else ""
    number = f"{abs(_rounded(value, plain)):{grouped}f}"
    before = (symbol[1] or symbol[2]) if symbol else ""
    return f"{'-' if value < 0 else ''}{before}{number}"


def _rounded(value: float, plain: str, *, shift: int = 0) -> Decimal:
    """`value` times ten to the power `shift`, with the format's decimals; a half goes up, as on screen."""
    places = _DECIMALS.search(plain)
    unit = Decimal(1).scaleb(-len(places[1]) if places else 0)
    return Decimal(repr(value)).scaleb(shift).quantize(unit, ROUND_HALF_UP)

"""CellTables as CSV (RFC 4180), in which no text becomes a formula of the spreadsheet that opens it."""

from __future__ import annotations

import csv
from io import StringIO

from qa.evaluation.report.tables.rows import CellTable, Value
from qa.output.text import clean

# What makes a cell a formula in Excel, LibreOffice or Google Sheets; the wide forms do in East Asian ones.
_FORMULA = (
    *("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)


def csv_text(table: CellTable) -> str:
    """The table with its columns' names in the first row; lines end in CR LF.

    A text that a spreadsheet would take for a formula stands after an apostrophe, as OWASP advises ("CSV
    Injection"); numbers are plain, and what has no value is empty.
    """
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return written.getvalue()


def _cell(value: Value) -> Value:
    """A cell that is no formula, with visible escapes for what a terminal would obey, or not show."""
    if not isinstance(value, str):
        return value
    text = "\r".join(map(clean, value.split("\r")))  # line breaks of all kinds stay: CSV quotes them
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text

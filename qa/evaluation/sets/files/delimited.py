"""Question sets in CSV: texts between commas, semicolons or tabs, below a line that names the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from qa.errors import SetError
from qa.evaluation.sets.columns.names import READ_FIELDS
from qa.evaluation.sets.files.rows import IsHead, SetRow, SetRows
from qa.evaluation.sets.files.text import any_text
from qa.evaluation.sets.rows import Row, RowError

_SEPARATORS = ",;\t"


def csv_rows(data: bytes, path: Path, is_head: IsHead) -> SetRows:
    """The rows of a CSV file, each at the line that it begins on.

    After a row whose quotes are broken nothing can be told apart, and it is the last. Raises SetError for a
    first line that does not name the columns.
    """
    text, remarks = any_text(data, path)
    first = text.lstrip("\r\n").partition("\n")[0].strip()
    skipped = 0
    if first.casefold().startswith("sep=") and len(first) == len("sep=;"):  # what Excel is told by
        delimiter, skipped = (
            first[-1],
            len(text) - len(text.lstrip("\r\n")) + text.lstrip("\r\n").find("\n") + 1,
        )
    else:
        delimiter = _delimiter(first, is_head)
    lines_before = text.count("\n", 0, skipped)
    columns, rows = _rows(text[skipped:], delimiter, path, is_head, lines_before)
    return SetRows(tuple(rows), texts=True, columns=tuple(columns), remarks=remarks)


def _rows(
    text: str, delimiter: str, path: Path, is_head: IsHead, before: int
) -> tuple[Sequence[str], list[SetRow]]:
    """The columns and the rows of a table that begins after `before` lines of its file."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] = []
    rows: list[SetRow] = []
    line = before + 1
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as exc:
            if not columns:
                raise SetError(f"{path}:{line}: {exc}", "the first line names the columns") from exc
            broken = RowError(f"this row is no CSV ({exc}); what follows it was not read")
            rows.append(SetRow(f"{path.name}:{line}", broken))
            return columns, rows
        if cells is None:
            return columns, rows
        if any(cell.strip() for cell in cells):
            if columns:
                rows.append(SetRow(f"{path.name}:{line}", named_cells(columns, cells)))
            else:
                columns = head_of(cells, str(path), is_head)
        line = before + lines.line_num + 1


def _delimiter(first: str, is_head: IsHead) -> str:
    """Whichever of comma, semicolon and tab lets the first line name a question, and the most fields."""

    def fits(delimiter: str) -> tuple[bool, int, int]:
        cells = [cell.strip(' "\r') for cell in first.split(delimiter)]
        return is_head(cells), sum(cell.casefold() in READ_FIELDS for cell in cells), len(cells)

    return max(_SEPARATORS, key=fits)


def head_of(cells: Sequence[str], path: str, is_head: IsHead) -> list[str]:
    """The names of the columns. Raises SetError for one that stands twice, and where none is a question."""
    names = [cell.strip() for cell in cells]
    folded = [name.casefold() if name.casefold() in READ_FIELDS else name for name in names]
    twice = next((name for name in folded if name and folded.count(name) > 1), None)
    if twice is not None:
        raise SetError(f"{path}: two columns are called {twice[:40]!r}", "rename one of them")
    if not is_head(names):
        shown = ", ".join(repr(name[:30]) for name in names[:8] if name)
        raise SetError(
            f"{path}: the first line names no column question, but {shown or 'nothing'}",
            "name them: question,answers,tags; or say which column is the question",
            option="column",
        )
    return names


def named_cells(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """A row by column, RowError where a cell has no column."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return RowError(f"{len(cells)} cells in {len(columns)} columns: quote cells that hold the separator")
    padded = (*cells, *[""] * (len(columns) - len(cells)))
    return {name: cell for name, cell in zip(columns, padded, strict=False) if name}

"""Question sets in Excel: the first sheet of questions, below the row that names its columns.

Cells are read as they are shown (12.5%, 2024-03-04, TRUE). A merged cell is the value of every row that it
covers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from index.errors import ReadError
from index.readers.office.package import main_part, open_office
from index.readers.office.xlsx.tables import SheetLayout
from index.readers.office.xlsx.workbook import SheetLink, SheetRow, Workbook
from qa.errors import SetError
from qa.evaluation.sets.files.delimited import head_of
from qa.evaluation.sets.files.rows import IsHead, SetRow, SetRows
from qa.evaluation.sets.rows import RowError

if TYPE_CHECKING:
    from index.readers.limits.archive import Archive

_KIND = "Excel file"
_HEAD_WITHIN = 20  # rows; a title and a remark may stand above the names


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet's rows below those that name the columns, which stand in `head`."""

    sheet: SheetLink
    head: SheetRow
    rows: tuple[SheetRow, ...]
    above: int


def xlsx_rows(data: bytes, path: Path, is_head: IsHead) -> SetRows:
    """The rows of a workbook. Raises SetError for a file that is none, and where no sheet has questions."""
    try:
        archive = open_office(data, kind=_KIND, suffix=".xlsx")
        book = Workbook.of(archive, main_part(archive, kind=_KIND))
        tables, others = _tables(archive, book, is_head)
    except ReadError as exc:
        raise SetError(f"cannot read {path}: {exc.cause}", exc.hint) from exc
    except (ParseError, LookupError) as exc:
        raise SetError(
            f"cannot read {path}: its sheets are damaged", "open it in Excel, and save it again"
        ) from exc
    if not tables:
        shown = ", ".join(repr(sheet[:30]) for sheet in others) or "none has a value"
        raise SetError(
            f"{path}: no sheet has a row that names a column question (sheets: {shown})",
            "name the columns in the first row: question, answers; or say which column is the question",
            option="column",
        )
    table, *more = tables
    columns = _columns(table.head, path, is_head)
    rows = tuple(
        SetRow(f"{path.name}:{row.number}", _named(columns, row.cells)) for row in table.rows if row.cells
    )
    unread = [*(each.sheet.name for each in more), *others]
    remarks = tuple((f"{path.name}:{table.head.number}", what) for what in _remarks(table, unread, book))
    return SetRows(rows, texts=True, columns=tuple(columns.values()), remarks=remarks)


def _tables(archive: Archive, book: Workbook, is_head: IsHead) -> tuple[list[_Table], list[str]]:
    """The sheets that hold questions, visible ones first, and the names of others that hold anything."""
    tables: list[_Table] = []
    others: list[str] = []
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.hidden):
        data = archive.get(sheet.part) or b""
        if sheet.kind != "worksheet" or not data:
            continue
        rows = list(book.rows(data, hidden_too=True))
        first = next(
            (at for at, row in enumerate(rows[:_HEAD_WITHIN]) if is_head(list(row.cells.values()))), None
        )
        if first is None:
            others += [sheet.name] if rows else []
            continue
        filled = tuple(_unmerged(rows[first + 1 :], SheetLayout.of(data, ()).merged))
        tables.append(_Table(sheet, rows[first], filled, first))
    return tables, others


def _unmerged(rows: Sequence[SheetRow], merged: Sequence[tuple[int, int, int, int]]) -> Iterator[SheetRow]:
    """The rows with the value of a merged cell in each row that it covers."""
    tall = [area for area in merged if area[2] > area[0]]
    values: dict[tuple[int, int], str] = {}
    for row in rows:
        cells = dict(row.cells)
        for top, left, bottom, _ in tall:
            if row.number == top and left in cells:
                values[top, left] = cells[left]
            elif top < row.number <= bottom and (top, left) in values:
                cells.setdefault(left, values[top, left])
        yield SheetRow(row.number, cells)


def _columns(head: SheetRow, path: Path, is_head: IsHead) -> Mapping[int, str]:
    names = head_of(list(head.cells.values()), str(path), is_head)
    return dict(zip(head.cells, names, strict=True))


def _named(columns: Mapping[int, str], cells: Mapping[int, str]) -> Mapping[str, object] | RowError:
    """A row by column. A cell outside of the table is no part of it, but only beyond its last column."""
    row: dict[str, object] = {name: cells.get(at, "") for at, name in columns.items()}
    lost = [text for at, text in cells.items() if at not in columns and at < max(columns)]
    if lost:
        return RowError(f"the cell {lost[0][:40]!r} stands in a column without a name")
    return row


def _remarks(table: _Table, unread: Sequence[str], book: Workbook) -> Iterator[str]:
    if unread:
        names = ", ".join(repr(name[:40]) for name in unread[:5])
        yield f"only the sheet {table.sheet.name[:40]!r} is read; not read: {names}"
    if table.above:
        yield "what stands above the names of the columns is not read"
    if book.folded_rows:
        yield f"{book.folded_rows} hidden rows are read too"
    if book.struck:
        yield f"struck-out text is not read, in {book.struck} places"
    if book.without_result:
        yield f"{book.without_result} formulas have no stored result; open the file in Excel and save it"

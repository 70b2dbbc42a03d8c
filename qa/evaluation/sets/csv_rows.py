"""Question sets in CSV: each row to the object that JSON Lines would hold.

The first line names the columns; comma, semicolon and tab are told apart by it. An empty cell is as a field
that is not there. `answers` and `tags` hold several: separated by `|`, or as a
list in JSON or as Python and numpy write one (`sets/lists.py`). `answerable` and `disagreement` are
yes, no, true, false, 1 or 0. `evidence` is JSON in its cell; in its place, the columns `source`, `start`,
`end`, `text`, `page` and `set` hold one piece of it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.errors import SetError
from qa.evaluation.sets.lists import list_cell
from qa.evaluation.sets.rows import FIELDS, Row, RowError, json_value, meant

_GOLD_COLUMNS = ("source", "start", "end", "text", "page", "set")
_WHOLE_COLUMNS = frozenset(("start", "end", "page", "set"))
_COLUMNS = frozenset((*FIELDS, *_GOLD_COLUMNS))
_FLAGS = {**dict.fromkeys(("yes", "true", "1"), True), **dict.fromkeys(("no", "false", "0"), False)}


def csv_rows(text: str, path: Path) -> Iterator[tuple[int, Row]]:
    """The rows of a CSV file, as objects of JSON, and the lines they begin on; `path` is for messages.

    After one whose quotes are broken nothing can be told apart, and it ends. Raises SetError for a first line
    that does not name the columns.
    """
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    columns: list[str] = []
    line = 1
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as exc:
            if not columns:
                raise SetError(f"{path}:{line}: {exc}", "the first line names the columns") from exc
            yield line, RowError(f"this row is no CSV ({exc}); what follows it was not read")
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            if columns:
                yield line, _csv_row(columns, cells)
            else:
                columns = _columns(cells, path)
        line = lines.line_num + 1


def _delimiter(text: str) -> str:
    """Whichever of comma, semicolon and tab lets the first line name the most fields."""
    first = text.lstrip().partition("\n")[0]

    def named(delimiter: str) -> int:
        return sum(cell.strip(' "\r').casefold() in _COLUMNS for cell in first.split(delimiter))

    return max(",;\t", key=named)


def _columns(cells: Sequence[str], path: Path) -> list[str]:
    names = [cell.strip() for cell in cells]
    columns = [name.casefold() if name.casefold() in _COLUMNS else name for name in names]
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice is not None:
        raise SetError(f"{path}: two columns are called {twice[:40]!r}", "rename one of them")
    if "question" not in columns:
        near = next((name for name in columns if meant(name) == "question"), None)
        hint = f"rename the column {near[:40]!r} to question" if near else "name them: question,answers,tags"
        raise SetError(f"{path}: the first line names no column question", hint)
    return columns


def _csv_row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """A row as an object of JSON, RowError where a cell has no column."""
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return RowError(f"{len(cells)} cells in {len(columns)} columns: quote cells that hold the separator")
    filled = {name: cell for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    row: dict[str, object] = {name: cell for name, cell in filled.items() if name not in _GOLD_COLUMNS}
    try:
        for name in ("answers", "tags"):
            if name in filled:
                row[name] = list_cell(filled[name])
        for name in ("answerable", "disagreement"):
            if name in filled:
                row[name] = _yes_or_no(name, filled[name])
        if "evidence" in filled:
            row["evidence"] = _json_cell(filled["evidence"])
        piece = {name: _gold_cell(name, filled[name]) for name in _GOLD_COLUMNS if name in filled}
    except RowError as exc:
        return exc
    if piece and "evidence" in filled:
        return RowError("evidence stands both in its own cell and in source, start, end, page: leave out one")
    return {**row, "evidence": [piece]} if piece else row


def _yes_or_no(name: str, cell: str) -> bool:
    flag = _FLAGS.get(cell.strip().casefold())
    if flag is None:
        raise RowError(f"{name} must be yes or no, not {json.dumps(cell[:40])}")
    return flag


def _json_cell(cell: str) -> object:
    try:
        return json_value(cell)
    except RowError as exc:
        raise RowError(f"evidence must be a JSON list of objects; {exc}") from exc


def _gold_cell(name: str, cell: str) -> object:
    """A cell as JSON would have it: a number where one belongs, else the text, which the row then refuses."""
    if name in _WHOLE_COLUMNS and re.fullmatch(r"\s*[0-9]{1,16}(\.0)?\s*", cell, re.ASCII):
        return int(cell.strip().removesuffix(".0"))
    return cell

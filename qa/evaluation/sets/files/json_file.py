"""Question sets in JSON: an object a line, a list of objects, or an object that holds one.

Of `{"data": [...]}` the list is read. Two more shapes that pandas and Hugging Face write are turned into
rows: an object of columns, each a list or an object by row number, and one of `columns` and `data`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from qa.errors import SetError
from qa.evaluation.sets.files.rows import IsHead, SetRow, SetRows
from qa.evaluation.sets.files.text import unicode_text
from qa.evaluation.sets.rows import Row, RowError, json_value

# Where an object keeps its rows; of several, the first.
KEYS = (
    "data",
    "questions",
    "examples",
    "tests",
    "samples",
    "items",
    "rows",
    "records",
    "dataset",
    "goldens",
    "test_cases",
)
_SPACE = re.compile(r"[ \t\r\n]*")


def json_rows(data: bytes, path: Path, is_head: IsHead) -> SetRows:
    """The rows of a JSON file, whichever of its shapes it has. Raises SetError for one that has none."""
    text = unicode_text(data, path)
    begin = _SPACE.match(text)
    start = begin.end() if begin else 0
    if text.startswith("[", start):
        return SetRows(tuple(_elements(text, start, path)[0]))
    if text.startswith("{", start) and not _is_whole(text[start:].partition("\n")[0]):
        whole = _whole_object(text, path)
        if whole is not None:
            return _object_rows(text, start, whole, path, is_head)
    elif text.startswith("{", start) and "\n" not in text[start:].strip():
        value = _row(text.strip())
        if isinstance(value, Mapping) and (_holds_rows(value) or not is_head(list(value))):
            return _object_rows(text, start, value, path, is_head)
        if isinstance(value, Mapping) and (columns := _by_column(value, path)):
            return columns
    return SetRows(tuple(_line_rows(text, path)))


def _line_rows(text: str, path: Path) -> Iterator[SetRow]:
    for line, written in enumerate(text.split("\n"), 1):
        if written.strip():
            yield SetRow(f"{path.name}:{line}", _row(written))


def _row(written: str) -> Row:
    try:
        row = json_value(written)
    except RowError as exc:
        return exc
    return _as_row(row)


def _as_row(value: object) -> Row:
    return value if isinstance(value, dict) else RowError('an object was expected: {"question": "..."}')


def _is_whole(line: str) -> bool:
    """Whether a line is a value by itself, good or bad: then the file is one of lines."""
    try:
        json.loads(line)
    except ValueError:
        return line.rstrip().endswith("}") and line.count("{") == line.count("}")
    except RecursionError:
        return True
    return True


def _whole_object(text: str, path: Path) -> Mapping[str, object] | None:
    """The one object that the whole file is; None where it is more, or none."""
    try:
        value = json_value(text)
    except RowError as exc:
        if text.count("\n{") or "this is not JSON" not in str(exc):
            return None
        raise SetError(f"{path}: {exc}", "mend the file; nothing was run", [(path.name, str(exc))]) from exc
    return value if isinstance(value, dict) else None


def _object_rows(text: str, start: int, value: Mapping[str, object], path: Path, is_head: IsHead) -> SetRows:
    """The rows that one object holds, or the row that it is."""
    if isinstance(value.get("columns"), list) and isinstance(value.get("data"), list):
        return _split_table(value, path)  # as pandas splits a table
    if columns := _by_column(value, path):
        return columns
    for key in KEYS:
        if isinstance(value.get(key), list):
            at = _value_of_key(text, start, key)
            rows = _elements(text, at, path)[0] if at is not None else _numbered(value[key], path)
            return SetRows(tuple(rows), beside={name: each for name, each in value.items() if name != key})
    if is_head(list(value)):
        return SetRows((SetRow(f"{path.name}:{text.count(chr(10), 0, start) + 1}", dict(value)),))
    shown = ", ".join(repr(name[:30]) for name in list(value)[:8])
    raise SetError(
        f"{path} holds an object without questions: {shown or 'an empty one'}",
        'a list of objects was expected: [{"question": "..."}]',
    )


def _holds_rows(value: Mapping[str, object]) -> bool:
    """Whether an object has a list of objects under one of the names for it."""
    lists = (each for key in KEYS if isinstance(each := value.get(key), list))
    return any(each and isinstance(each[0], dict) for each in lists)


def _by_column(value: Mapping[str, object], path: Path) -> SetRows | None:
    """The rows of an object of columns: each a list, or an object by row number; None if it is none."""
    columns = list(value.values())
    if len(columns) > 1 and all(isinstance(each, dict) for each in columns):
        keys = list(dict.fromkeys(key for each in columns if isinstance(each, dict) for key in each))
        if not keys or not all(key.isdecimal() for key in keys):
            return None
        dicts = {name: each for name, each in value.items() if isinstance(each, dict)}
        rows = [{name: each.get(key) for name, each in dicts.items()} for key in keys]
    elif len(columns) > 1 and all(isinstance(each, list) for each in columns):
        lists = [each for each in columns if isinstance(each, list)]
        if len({len(each) for each in lists}) != 1 or not lists[0]:
            return None
        if any(isinstance(each, dict) for each in lists[0]):
            return None
        rows = [dict(zip(value, cells, strict=True)) for cells in zip_longest(*lists)]
    else:
        return None
    return SetRows(tuple(_numbered(rows, path)))


def _split_table(value: Mapping[str, object], path: Path) -> SetRows:
    names, data = value["columns"], value["data"]
    assert isinstance(names, list)
    assert isinstance(data, list)
    rows: list[object] = [
        dict(zip(map(str, names), cells, strict=False)) if isinstance(cells, list) else cells
        for cells in data
    ]
    return SetRows(tuple(_numbered(rows, path)))


def _numbered(rows: object, path: Path) -> list[SetRow]:
    assert isinstance(rows, Sequence)
    return [SetRow(f"{path.name}:row {number}", _as_row(row)) for number, row in enumerate(rows, 1)]


def _value_of_key(text: str, start: int, key: str) -> int | None:
    """Where the value of a key of the object at `start` begins."""
    decoder = json.JSONDecoder()
    at = start + 1
    try:
        while True:
            at = _skipped(text, at)
            name, at = decoder.raw_decode(text, at)
            at = _skipped(text, _skipped(text, at) + 1)
            if name == key:
                return at
            _, at = decoder.raw_decode(text, at)
            at = _skipped(text, at)
            if text[at : at + 1] != ",":
                return None
            at += 1
    except (ValueError, RecursionError):
        return None


def _elements(text: str, start: int, path: Path) -> tuple[list[SetRow], int]:
    """The elements of the list at `start`, each at the line that it begins on, and where the list ends."""
    constants: list[str] = []
    decoder = json.JSONDecoder(parse_constant=constants.append)
    rows: list[SetRow] = []
    at, line, counted = _skipped(text, start + 1), text.count("\n", 0, start) + 1, start
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        place = f"{path.name}:{line}"
        if rows and rows[-1].place.partition(", ")[0] == place:
            place += f", row {len(rows) + 1}"
        constants.clear()
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as exc:
            reason = exc.msg if isinstance(exc, json.JSONDecodeError) else "it holds what no program can read"
            broken = RowError(f"this is not JSON: {reason}; what follows it was not read")
            return [*rows, SetRow(place, broken)], at
        wrong = f"{constants[0]} is not JSON: write null, or leave the field out" if constants else ""
        rows.append(SetRow(place, RowError(wrong) if wrong else _as_row(value)))
        at = _skipped(text, at)
        if text[at : at + 1] == ",":
            at = _skipped(text, at + 1)
        elif text[at : at + 1] != "]":
            broken = RowError("the list breaks off after this row, or a comma is missing")
            return [*rows, SetRow(place, broken)], at
    return rows, at + 1


def _skipped(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at

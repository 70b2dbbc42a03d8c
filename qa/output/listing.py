"""Sources and settings as tables and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa.output.text import printable, table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from index.types import Source
    from qa.output.console import Console

_NARROW = 76  # columns; a narrower terminal gets names, dates and lengths only


def print_table(
    rows: Sequence[Sequence[str]],
    console: Console,
    *,
    right: Collection[int] = (),
    loose: Collection[int] = (),
) -> None:
    """Rows of clean cells, the first being the head: aligned for a person, tab-separated for a program."""
    if not console.is_terminal:
        console.print("\n".join("\t".join(row) for row in rows))
        return
    head, *body = table(rows, width=console.width, right=right, loose=loose)
    console.page("\n".join([console.paint(head, "bold"), *body]))


def print_sources(sources: Sequence[Source], console: Console) -> None:
    """All sources: name, title, date and how it is known, reader, length in characters."""
    rows = [("name", "title", "date", "from", "reader", "characters"), *map(_source_row, sources)]
    if console.is_terminal and console.width < _NARROW:
        print_table([(row[0], row[2], row[5]) for row in rows], console, right={2})
    else:
        print_table(rows, console, right={5}, loose={1})


def _source_row(source: Source) -> tuple[str, ...]:
    date, origin = (source.date.value, source.date.origin) if source.date else ("", "")
    title = printable(source.title or "")
    return printable(source.name), title, printable(date), origin, source.reader, str(source.length)


def sources_json(sources: Sequence[Source]) -> str:
    """What `qa sources --json` prints."""
    listed = [_source_object(source) for source in sources]
    return json.dumps({"schema": "qa.sources/1", "sources": listed}, ensure_ascii=False)


def _source_object(source: Source) -> dict[str, object]:
    return {
        "name": source.name,
        "title": source.title,
        "date": source.date.value if source.date else None,
        "date_origin": source.date.origin if source.date else None,
        "reader": source.reader,
        "characters": source.length,
        "pages": len(source.pages) or None,
        "sha256": source.sha256,
        "location": source.location,
        "encoding": source.encoding,
        "notes": list(source.notes),
    }


def print_settings(rows: Sequence[tuple[str, object, str]], console: Console) -> None:
    """Settings as (name, value, origin), each value as it would stand in a settings file."""
    shown = [(name, printable(_written(value)), printable(origin)) for name, value, origin in rows]
    print_table([("setting", "value", "from"), *shown], console)


def _written(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def settings_json(rows: Sequence[tuple[str, object, str]], *, index: str | None, user_file: str) -> str:
    """What `qa config --json` prints. `index` is the folder in use here, None if there is none yet."""
    values = {name: {"value": value, "origin": origin} for name, value, origin in rows}
    answer = {"schema": "qa.config/1", "settings": values, "index": index, "user_file": user_file}
    return json.dumps(answer, ensure_ascii=False)

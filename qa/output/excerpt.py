"""An excerpt of a source, found by name and position, as numbered lines or JSON.

A place is written `name`, `name:120-260` (characters), `name:12` (a line), `name:3:12` (page and line), each
with a path in the place of a name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.search.typed import PLACE, find_source, nearest_names
from index.text.lines import line_at, line_spans
from index.types import Source, Span
from qa.output.places import date_text
from qa.output.text import clean, paint, printable

if TYPE_CHECKING:
    from pathlib import Path

    from index.storage.catalog import Catalog


def find_target(catalog: Catalog, target: str, directory: Path | None) -> tuple[Source, Span | None, str]:
    """The source, span (None: all of it) and text that `target` names. Raises UsageError.

    A place may be characters (`a.txt:120-260`) or, as answers are printed, a line (`a.txt:12`) or page and
    line (`a.pdf:3:12`). A name that itself ends like a place is tried first as a name.
    """
    source = find_source(catalog, target, directory)
    if source is not None:
        return source, None, catalog.text(source.id)
    place = PLACE.fullmatch(target)
    source = find_source(catalog, place["name"], directory) if place else None
    if source is None or place is None:
        raise UsageError(f"no source is called {target!r}", nearest_names(catalog, target))
    text = catalog.text(source.id)
    lines = line_spans(text)
    if place["line"]:
        span = lines[int(place["line"]) - 1] if 0 < int(place["line"]) <= len(lines) else None
    else:
        span = _span(place["start"], place["end"])
    if span is None or span.end > len(text):
        raise UsageError(
            f"{source.name} has no such place: {target.removeprefix(place['name'] + ':')}",
            f"it has {len(text):,} characters (START-END from 0) and {len(lines):,} lines (from 1)",
        )
    return source, span, text


def _span(start: str, end: str) -> Span | None:
    return Span(int(start), int(end)) if int(start) <= int(end) else None


def excerpt_json(source: Source, span: Span | None, text: str) -> str:
    """What `qa show --json` prints: `text` is exactly the span, or all of the source."""
    shown = span or Span(0, len(text))
    excerpt = {
        "schema": "qa.span/1",
        "source": source.name,
        "sha256": source.sha256,
        "start": shown.start,
        "end": shown.end,
        "text": shown.of(text),
        "page": source.page_at(shown.start),
        "line": line_at(text, shown.start),
        "title": source.title,
        "date": source.date.value if source.date else None,
        "location": source.location,
        "date_origin": source.date.origin if source.date else None,
        "notes": list(source.notes),
    }
    return json.dumps(excerpt, ensure_ascii=False)


def excerpt_lines(source: Source, span: Span | None, text: str, *, context: int, colour: bool) -> list[str]:
    """Numbered lines of a source: `context` lines on either side of the span, or all where there is none.

    Lines that hold a part of the span begin with `>`; where a page begins, a line says so.
    """
    lines = line_spans(text)
    inside = _lines_of(span, text) if span else range(0)
    first = max(inside[0] - context, 0) if inside else 0
    last = min(inside[-1] + context, len(lines) - 1) if inside else len(lines) - 1
    digits = len(str(last + 1))
    shown = [paint(_title(source, span), "bold", colour=colour)]
    if span is None:
        shown += [paint(line, "dim", colour=colour) for line in remark_lines(source)]
    page = None
    for number in range(first, last + 1):
        if (here := source.page_at(lines[number].start)) != page:
            page = here
            shown.append(paint(f"-- page {page} --", "dim", colour=colour))
        gutter = f"{'>' if number in inside else ' '} {number + 1:>{digits}}  "
        body = _marked(text, lines[number], span, colour=colour)
        shown.append(paint(gutter, "dim", colour=colour) + body)
    return shown


def remark_lines(source: Source) -> list[str]:
    """What was remarked when the source was read, a line each."""
    return [f"remark: {printable(note)}" for note in source.notes]


def _lines_of(span: Span, text: str) -> range:
    """The lines, from 0, that hold a part of the span."""
    return range(line_at(text, span.start) - 1, line_at(text, max(span.start, span.end - 1)))


def _title(source: Source, span: Span | None) -> str:
    where = f":{span.start}-{span.end}" if span else ""
    date = f"  {date_text(source.date.value, source.date.origin)}" if source.date else ""
    return f"{printable(source.name)}{where}{date}"


def _marked(text: str, line: Span, span: Span | None, *, colour: bool) -> str:
    """One line with the part of it that the span covers in bold."""
    if span is None or not span.overlaps(line):
        return clean(line.of(text))
    start, end = max(span.start, line.start), min(span.end, line.end)
    covered = paint(clean(text[start:end]), "bold", colour=colour)
    return clean(text[line.start : start]) + covered + clean(text[end : line.end])

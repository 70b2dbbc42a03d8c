"""Files that stand inside an office file and are shown as part of it: HTML, plain text, RTF, Word."""

from __future__ import annotations

import email
import email.policy
import posixpath
from contextvars import ContextVar
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.formats import read
from index.readers.parts.tables import DELIMITER

if TYPE_CHECKING:
    from index.readers.builder import TextBuilder
    from index.types import Block, Reading

EMBEDDED_SUFFIXES = (".html", ".htm", ".xhtml", ".mht", ".mhtml", ".txt", ".rtf", ".docx", ".docm")
_ARCHIVED_PAGES = (".mht", ".mhtml")
_DEEPEST = 3  # files in files
_depth: ContextVar[int] = ContextVar("embedded_depth", default=0)


def add_embedded(builder: TextBuilder, data: bytes | None, name: str) -> None:
    """Append the text of an embedded file; a remark where it cannot be read."""
    short = posixpath.basename(name)
    try:
        if data is None or _depth.get() >= _DEEPEST:
            raise ReadError("it is of a kind that is not read", "")
        if name.lower().endswith(_ARCHIVED_PAGES):
            data, short = _page(data), "page.html"
        token = _depth.set(_depth.get() + 1)
        try:
            reading = read(data, short)
        finally:
            _depth.reset(token)
    except ReadError as exc:
        builder.notes.append(f"an embedded part was not read: {posixpath.basename(name)}: {exc.cause}")
        return
    builder.notes += reading.notes
    add_reading(builder, reading)


def add_reading(builder: TextBuilder, reading: Reading) -> None:
    """Append the blocks and tables of another reading."""
    tables = list(reading.tables)
    rows: list[Block] = []
    for block in reading.blocks:
        if rows and not tables[0].span.contains(block.span):
            _add_rows(builder, reading, rows)
            rows = []
            tables.pop(0)
        if tables and tables[0].span.contains(block.span):
            rows.append(block)
        else:
            builder.add(block.kind, block.span.of(reading.text), block.level)
    if rows:
        _add_rows(builder, reading, rows)


def _add_rows(builder: TextBuilder, reading: Reading, rows: list[Block]) -> None:
    table = next(table for table in reading.tables if table.span.contains(rows[0].span))
    cells = [row.span.of(reading.text).split(table.delimiter or DELIMITER) for row in rows]
    headings = sum(row.span.end <= table.body for row in rows) if table.columns else 0
    builder.add_table(cells, headings=headings, caption=table.caption)


def _page(data: bytes) -> bytes:
    """The HTML of a page that was saved as one file, in UTF-8."""
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            try:
                return b"\xef\xbb\xbf" + payload.decode(part.get_content_charset("utf-8")).encode()
            except (LookupError, ValueError):
                return payload
    raise ReadError("it holds no page", "")

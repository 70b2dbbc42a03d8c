"""EPUB to text: the chapters of a book in reading order, each read as HTML.

An EPUB has no pages: the numbers of a printed edition, and lists of its contents that only link, are no part
of the text. Notes stand where the book has them. Nothing is written to disk or fetched.
"""

from __future__ import annotations

import posixpath
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.encoding import decode
from index.readers.limits.archive import Archive
from index.readers.markup.css.linked import with_sheets
from index.readers.markup.html import add_page, from_xhtml
from index.readers.markup.html_blocks import LeftOut
from index.readers.metadata.dates import parse_date
from index.types import Dated, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_CONTAINER = "META-INF/container.xml"
_SUFFIXES = (".xml", ".opf", ".xhtml", ".html", ".htm", ".css")
_MARKUP = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_HINT = "open it in a reading program, and convert or save it again"


def read_epub(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of all chapters, in the order of the book's spine.

    Title and date are those of the package file. Raises ReadError for a damaged, encrypted, bomb-like or
    textless book.
    """
    archive = Archive(data, kind="EPUB book", suffixes=_SUFFIXES)
    if "META-INF/rights.xml" in archive.names:
        raise ReadError("the book is locked by copy protection", "only books without it can be read")
    path = _package_path(archive)
    package = archive.xml(path)
    if package is None:
        raise ReadError("a damaged EPUB book: it has no package file", _HINT)
    builder = TextBuilder()
    left_out = LeftOut()
    missing = 0
    for chapter in _chapters(package, posixpath.dirname(path)):
        part = archive.get(chapter)
        if part is None:
            missing += 1
        elif part.strip():
            markup = with_sheets(from_xhtml(decode(part).text), partial(_sheet, archive, chapter))
            add_page(builder, markup, left_out, frames_alone=False)
    if builder.is_empty:
        raise ReadError("no text in this book", _HINT)
    builder.notes += left_out.notes()
    if missing:
        builder.notes.append(f"{missing} of its chapters are not in the file")
    title = _first(package, "title")
    date = parse_date(_first(package, "date") or "")
    return builder.reading(
        title=title or builder.first_heading(), date=Dated(date, "metadata") if date else None
    )


def _sheet(archive: Archive, chapter: str, address: str) -> str | None:
    """The text of the style sheet that a chapter links to; None if it is not in the book."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(chapter), unquote(address)))
    css = archive.get(path)
    return None if css is None else decode(css).text if css.strip() else ""


def _package_path(archive: Archive) -> str:
    """The name of the package file, as the container says; the first `.opf` if it says nothing."""
    container = archive.xml(_CONTAINER)
    if container is not None:
        for element in container.iter():
            if _local(element) == "rootfile" and element.get("full-path"):
                return element.get("full-path", "")
    return next((part for part in archive.names if part.lower().endswith(".opf")), "")


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """Names of the archive's parts in reading order, each once."""
    files = {}
    for element in package.iter():
        if _local(element) == "item" and element.get("media-type") in _MARKUP:
            files[element.get("id")] = unquote(element.get("href", "").partition("#")[0])
    seen = set()
    for element in package.iter():
        href = files.get(element.get("idref")) if _local(element) == "itemref" else None
        if href and href not in seen:
            seen.add(href)
            yield posixpath.normpath(posixpath.join(folder, href))


def _first(package: Element, tag: str) -> str | None:
    """The text of the first `dc:{tag}` element on one line."""
    for element in package.iter():
        if _local(element) == tag and (text := " ".join("".join(element.itertext()).split())):
            return text
    return None


def _local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]

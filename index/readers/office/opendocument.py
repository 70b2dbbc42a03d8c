"""OpenDocument (.odt, .ods, .odp) to text, as LibreOffice and other programs write it.

Texts with headings, lists, tables and notes; sheets and slides as pages, values as they are shown. Headers
and footers are read once. Tracked deletions are not read; struck-out text is not, but counted; what nobody
sees is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from index.errors import ReadError
from index.readers.builder import TextBuilder, real_title
from index.readers.limits.archive import Archive, not_a, refuse
from index.readers.metadata.dates import parse_date
from index.readers.office.odf.flow import OdfFlow
from index.readers.office.odf.sheets import add_sheets
from index.readers.office.odf.slides import add_slides
from index.readers.office.odf.styles import OdfStyles, body_of
from index.readers.office.package import attribute, child, local
from index.types import Dated, Reading

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KIND = "OpenDocument file"
_HINT = "open it in the program that made it, and save it again"


def read_opendocument(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of an OpenDocument text, spreadsheet, presentation or drawing; title and date of its metadata.

    Raises ReadError for a file that is damaged, encrypted or of another kind, and for one without text.
    """
    archive, roots = _opened(data)
    body = body_of(roots[0])
    if body is None:
        raise ReadError(f"{not_a(_KIND)}, or a damaged one", _HINT)
    builder = TextBuilder()
    flow = OdfFlow(builder, archive, OdfStyles.of(roots))
    kind = local(body)
    if kind == "spreadsheet":
        add_sheets(flow, body)
    elif kind in {"presentation", "drawing"}:
        add_slides(flow, body, roots)
    else:
        _add_text(flow, body, roots)
    if builder.is_empty:
        raise ReadError("no text in this document", "nothing to do: there are no words in it")
    builder.notes += _remarks(flow)
    title, date = _about(roots)
    first = None if kind == "spreadsheet" else builder.first_heading()  # the name of a sheet is no title
    return builder.reading(title=title or first, date=date)


def _opened(data: bytes) -> tuple[Archive | None, list[Element]]:
    """The file's archive, None for one of a single XML part, and its parts: content, styles, metadata."""
    if data.lstrip()[:1] == b"<":
        refuse(data, (b"<!ENTITY", "<!ENTITY".encode("utf-16-le"), "<!ENTITY".encode("utf-16-be")))
        try:
            return None, [ET.fromstring(data)]  # noqa: S314  entities were refused
        except (ET.ParseError, ValueError, LookupError) as exc:
            raise ReadError(f"a damaged {_KIND}: its XML cannot be read", _HINT) from exc
    archive = Archive(data, kind=_KIND, suffixes=(".xml",))
    if b"encryption-data" in (archive.get("META-INF/manifest.xml") or b""):
        raise ReadError("needs a password", "save a copy without a password and index that")
    parts = (archive.xml(name) for name in ("content.xml", "styles.xml", "meta.xml"))
    roots = [part for part in parts if part is not None]
    if archive.xml("content.xml") is None:
        raise ReadError(f"{not_a(_KIND)}, or a damaged one", _HINT)
    return archive, roots


def _add_text(flow: OdfFlow, body: Element, roots: list[Element]) -> None:
    """Append a text, the headers of its pages before it and their footers after it."""
    pages = _master_pages(flow.styles, roots)
    _add_running(flow, pages, ("header-first", "header", "header-left"))
    flow.add(body)
    _add_running(flow, pages, ("footer-first", "footer", "footer-left"))


def _master_pages(styles: OdfStyles, roots: list[Element]) -> list[Element]:
    """The kinds of pages that a text begins with or goes on to, in the order of the file."""
    used = {style.master for style in styles.styles.values() if style.master} | {"Standard"}
    pages = [e for root in roots for e in root.iter() if local(e) == "master-page"]
    following = {attribute(page, "next-style-name") for page in pages if attribute(page, "name") in used}
    found = [page for page in pages if attribute(page, "name") in used | following]
    return found or pages[:1]


def _add_running(flow: OdfFlow, pages: list[Element], kinds: tuple[str, ...]) -> None:
    flow.running = True
    for page in pages:
        for kind in kinds:
            part = child(page, kind)
            if part is not None and attribute(part, "display") != "false":
                flow.add(part)
    flow.running = False


def _remarks(flow: OdfFlow) -> Iterator[str]:
    if flow.comments:
        yield f"{flow.comments} comments were not read"
    if flow.struck:
        yield f"struck-out text was not read, in {flow.struck} places"


def _about(roots: list[Element]) -> tuple[str | None, Dated | None]:
    """Title and date: when the document was made, else when it was last changed."""
    meta = next((e for root in roots for e in root if local(e) == "meta"), None)
    values = {local(e): (e.text or "").strip() for e in (meta if meta is not None else ())}
    stamps = (parse_date(values.get(key, "")) for key in ("creation-date", "date"))
    date = next(filter(None, stamps), None)
    return real_title(values.get("title")), Dated(date, "created") if date else None

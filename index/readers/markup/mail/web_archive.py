"""Web archives (.mht, .mhtml) to text: the page that a browser saved in the form of a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.encoding import decode
from index.readers.markup.css.linked import with_sheets
from index.readers.markup.html import add_html
from index.readers.markup.mail.message import header, html_text, leaves, parse_message
from index.types import Dated, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_HINT = "save the page again, as HTML"


def read_mhtml(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The shown text of the page; title and date are those that it states, as for HTML.

    Raises ReadError for an archive without a page, or whose page shows no text.
    """
    message = parse_message(data)
    pages = [
        part for part in leaves(message) if part.get_content_type() in {"text/html", "application/xhtml+xml"}
    ]
    if not pages:
        raise ReadError("no page in this web archive", _HINT)
    start = str(message.get_param("start", "") or "").strip()
    page = next(
        (part for part in pages if start and str(part.get("Content-ID", "")).strip() == start), pages[0]
    )
    builder = TextBuilder()
    sheets = dict(_sheets(message))
    head = add_html(builder, with_sheets(html_text(page), sheets.get))
    if builder.is_empty:
        raise ReadError("the page shows no text", _HINT)
    inner = sum(_shows_text(html_text(part)) for part in pages if part is not page)
    if inner:
        pages_were = "page shown inside the page was" if inner == 1 else "pages shown inside the page were"
        builder.notes.append(f"{inner} {pages_were} not read")
    title = head.title or header(message, "Subject") or builder.first_heading()
    return builder.reading(title=title, date=Dated(head.date, "metadata") if head.date else None)


def _sheets(message: Message) -> Iterator[tuple[str, str]]:
    """The style sheets of the archive by the addresses that its pages link to."""
    for part in leaves(message):
        if part.get_content_type() == "text/css":
            data = part.get_payload(decode=True)
            css = decode(data).text if isinstance(data, bytes) and data.strip() else ""
            yield str(part.get("Content-Location", "")).strip(), css
            yield f"cid:{str(part.get('Content-ID', '')).strip(' <>')}", css


def _shows_text(markup: str) -> bool:
    builder = TextBuilder()
    add_html(builder, markup)
    return builder.length > 0

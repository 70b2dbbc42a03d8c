"""The title and the date of publication that an HTML page states in its metadata.

They are looked for in `<title>`, `<meta>`, JSON-LD and `<time>`.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.builder import clean
from index.readers.metadata.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser

_DATE_PLACES = (
    ('meta[property="article:published_time"]', "content"),
    ('[itemprop="datePublished"]', "content"),
    ('[itemprop="datePublished"]', "datetime"),
    (
        'meta[name="date"], meta[name="dc.date"], meta[name="dcterms.created"], meta[name="pubdate"]',
        "content",
    ),
)
_MAX_JSON = 1_000_000  # characters of one JSON-LD block; more is no article's description


@dataclass(frozen=True, slots=True)
class Head:
    """What an HTML document says about itself."""

    title: str | None
    date: str | None


def head_of(tree: LexborHTMLParser) -> Head:
    """Title and date of a parsed page."""
    return Head(_title(tree), _date(tree))


def _title(tree: LexborHTMLParser) -> str | None:
    """The `<title>`, else `og:title`."""
    node = tree.css_first("title")
    title = node.text() if node is not None else ""
    if not title.strip():
        meta = tree.css_first('meta[property="og:title"]')
        title = (meta.attributes.get("content") or "") if meta is not None else ""
    return " ".join(clean(title).split()) or None


def _date(tree: LexborHTMLParser) -> str | None:
    """The date of publication that the page names in its metadata."""
    for value in _date_candidates(tree):
        date = parse_date(value)
        if date:
            return date
    return None


def _date_candidates(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts that may hold the date, the most telling first."""
    for selector, attribute in _DATE_PLACES:
        for node in tree.css(selector):
            yield node.attributes.get(attribute) or ""
    for node in tree.css('script[type="application/ld+json"]'):
        yield from _json_dates(node.text())
    for node in tree.css("article time[datetime], main time[datetime]")[:1] or tree.css("time[datetime]")[:1]:
        yield node.attributes.get("datetime") or ""


def _json_dates(text: str) -> Iterator[str]:
    """Every `datePublished` of a JSON-LD block, outermost first; nothing of a block that is no JSON."""
    try:
        waiting: deque[object] = deque([json.loads(text)] if len(text) <= _MAX_JSON else ())
    except (ValueError, RecursionError):
        return  # metadata that cannot be read is metadata that is not there
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            published = value.get("datePublished")
            if isinstance(published, str):
                yield published
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value

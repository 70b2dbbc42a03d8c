"""Text of a file that a person who opens it does not see: what is said of it, and how it is read.

A reader leaves it out and keeps it apart (`Reading.left_out`). Only where a user asks for it, it is put back
as blocks of its own, so that what is seen stays the same sentences, and is marked in `Reading.hidden`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from index.types import Block, HiddenText, Page, Reading, Span, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEFT_OUT = "hidden text left out"
READ_TOO = "hidden text read too, and marked"
_SEPARATOR = "\n\n"
_MOST_PAGES = 10
_COUNTS = re.compile(rf"(?:{LEFT_OUT}|{READ_TOO}): ([\d,]+) characters? in ([\d,]+) place")


def remark(texts: Sequence[HiddenText], reading: Reading, said: str = LEFT_OUT) -> str:
    """One line on the hidden texts of a file: how much, where, by what means."""
    means = Counter(text.by for text in texts)
    by = ", ".join(f"{name} {count:,}" if len(means) > 1 else name for name, count in means.most_common())
    characters = sum(len(text.text) for text in texts)
    return (
        f"{said}: {characters:,} character{'s' if characters > 1 else ''} in {len(texts):,} "
        f"place{'s' if len(texts) > 1 else ''} ({by}){_on_pages(texts, reading.pages)}"
    )


def counts(note: str) -> tuple[int, int] | None:
    """The characters and the places of a remark on hidden text; None for any other remark."""
    found = _COUNTS.match(note)
    return None if found is None else (_number(found[1]), _number(found[2]))


def settled(reading: Reading, *, include: bool) -> Reading:
    """`reading` with the remark on its hidden texts, and with `include` with these texts as well."""
    texts = reading.left_out
    if not texts:
        return reading
    note = remark(texts, reading, READ_TOO if include else LEFT_OUT)
    noted = replace(reading, notes=(*reading.notes, note), left_out=())
    return _with_texts(noted, texts) if include else noted


def _with_texts(reading: Reading, texts: Sequence[HiddenText]) -> Reading:
    """The texts put where they stand, each a block of its own. Those that stand in the text become blocks."""
    there = [text.at for text in texts if len(text.at)]
    apart = sorted((t for t in texts if not len(t.at)), key=lambda text: (text.at.start, text.page))
    places = _Places(reading, apart)
    hidden = [*places.inserted, *map(places.moved, there)]
    blocks = [
        *(Block(block.kind, places.moved(block.span), block.level) for block in reading.blocks),
        *(Block("paragraph", span) for span in hidden),
    ]
    return replace(
        reading,
        text=places.text,
        blocks=tuple(sorted(blocks, key=lambda block: block.span)),
        pages=tuple(places.page(number, page) for number, page in enumerate(reading.pages)),
        tables=tuple(places.table(table) for table in reading.tables),
        hidden=tuple(sorted((*map(places.moved, reading.hidden), *hidden))),
    )


class _Places:
    """A text with others put into it, and where what stood in it stands now."""

    def __init__(self, reading: Reading, texts: Sequence[HiddenText]) -> None:
        self._at = [text.at.start for text in texts]
        self._pages = [text.page for text in texts]
        self._shifts = [0]
        self.inserted: list[Span] = []
        parts: list[str] = []
        done = length = 0
        for text in texts:
            at = text.at.start
            # Before all else that is read, a text is followed by what sets it apart, and not preceded.
            leads = bool(at or (not reading.text and length))
            lead, trail = (_SEPARATOR, "") if leads else ("", _SEPARATOR if reading.text else "")
            parts += (reading.text[done:at], lead, text.text, trail)
            start = length + at - done + len(lead)
            self.inserted.append(Span(start, start + len(text.text)))
            self._shifts.append(self._shifts[-1] + len(lead) + len(text.text) + len(trail))
            done, length = at, start + len(text.text) + len(trail)
        self.text = "".join((*parts, reading.text[done:]))

    def moved(self, span: Span) -> Span:
        """Where a span of the text stands now, texts within included."""
        start = span.start + self._shifts[bisect_right(self._at, span.start)]
        if not len(span):
            return Span(start, start)
        return Span(start, span.end + self._shifts[bisect_left(self._at, span.end)])

    def table(self, table: Table) -> Table:
        """The same table where it stands now."""
        span = self.moved(table.span)
        return replace(table, span=span, body=table.body + span.start - table.span.start)

    def page(self, index: int, page: Page) -> Page:
        """The same page, with the texts that were hidden on it."""
        own = [span for span, number in zip(self.inserted, self._pages, strict=True) if number == index]
        spans = [*([self.moved(page.span)] if len(page.span) else []), *own]
        if not spans:
            return Page(page.number, self.moved(page.span))
        return Page(page.number, Span(min(s.start for s in spans), max(s.end for s in spans)))


def _on_pages(texts: Iterable[HiddenText], pages: Sequence[Page]) -> str:
    numbers = sorted({pages[text.page].number for text in texts if text.page < len(pages)})
    if not numbers:
        return ""
    more = f" and {len(numbers) - _MOST_PAGES:,} more" if len(numbers) > _MOST_PAGES else ""
    named = ", ".join(map(str, numbers[:_MOST_PAGES]))
    return f", page{'s' if len(numbers) > 1 else ''} {named}{more}"


def _number(text: str) -> int:
    return int(text.replace(",", ""))

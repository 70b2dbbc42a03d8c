"""Passages made from plain text, for the tests of extraction."""

from __future__ import annotations

import re

from index.types import Chunk, Copy, Dated, Page, Passage, Source, Span

_SENTENCE = re.compile(r"\S(?:.*?[.!?:。](?=\s|$)|.*)")


def passage_of(
    text: str,
    name: str = "a.txt",
    *,
    rank: int = 1,
    title: str | None = None,
    headings: tuple[str, ...] = (),
    start: int = 0,
    end: int | None = None,
    date: Dated | None = None,
    pages: tuple[Page, ...] = (),
    copies: tuple[Copy, ...] = (),
) -> Passage:
    """A passage of `text[start:end]`; every line, and every stop, ends a sentence."""
    end = len(text) if end is None else end
    spans = tuple(Span(match.start(), match.end()) for match in _SENTENCE.finditer(text, start, end))
    source = Source("id-" + name, name, None, "ab" * 32, "text/1", len(text), pages, title, date)
    span = Span(spans[0].start, spans[-1].end)
    chunk = Chunk(f"{name}:{start}", source.id, span, span.of(text), spans, headings)
    return Passage(rank, chunk, source, 1.0 / rank, rank, rank, copies)


def texts(**by_name: str) -> dict[str, str]:
    """The texts of sources by their id, for sources named `NAME.txt`."""
    return {f"id-{name}.txt": text for name, text in by_name.items()}

"""Locates a question's gold in an index: source, span, surrounding text, relevant chunks."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from index.types import Span
from qa.evaluation.metrics.retrieval import is_relevant
from qa.evaluation.types import Gold, GoldPlace, Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader
    from index.types import Source

AROUND = 200  # characters of context, before and after
_KEPT = 32  # sources whose text and chunks are held at a time


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a piece of gold measures nothing, or the wrong thing. `at` is its index in `question.evidence`."""

    at: int
    what: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The gold of one question, in the order of its evidence, and what is wrong with it."""

    gold: tuple[GoldPlace, ...]
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexed:
    """A source with its text and its chunks in order. `reach[i]` is the furthest end of the first i + 1."""

    source: Source
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    reach: tuple[int, ...]


def surroundings(text: str, span: Span) -> tuple[str, str]:
    """What stands before and after `span`: at most `AROUND` characters each, whole words where possible."""
    before = text[max(span.start - AROUND, 0) : span.start]
    if span.start > AROUND and text[span.start - AROUND - 1 : span.start - AROUND].strip():  # may be beyond
        before = _after_first_space(before)
    after = text[span.end : span.end + AROUND]
    if span.end + AROUND < len(text) and not text[span.end + AROUND].isspace():
        after = _after_first_space(after[::-1])[::-1]
    return before, after


class Resolver:
    """Finds the gold of many questions in one index, as it was when first asked.

    Belongs to the thread that opened the catalog. Reads a source once, and keeps the last `_KEPT` of them.
    """

    def __init__(self, catalog: CatalogReader) -> None:
        self._catalog = catalog
        self._ids = {source.name: source.id for source in catalog.sources()}
        self._tails: dict[str, list[tuple[str, Sequence[str]]]] = {}  # by last part: names and their parts
        for name in self._ids:
            parts = _parts(name)
            self._tails.setdefault(parts[-1], []).append((name, parts))
        self.names = lru_cache(maxsize=4096)(self._fitting)
        self._indexed = lru_cache(maxsize=_KEPT)(self._read)

    def resolve(self, question: Question) -> Resolved:
        """The gold of `question`. Raises what the catalog raises, see `index/storage/queries.py`."""
        places: list[GoldPlace] = []
        flaws: list[Flaw] = []
        for at, gold in enumerate(question.evidence):
            place, what = self._place(gold)
            places.append(place)
            if what:
                flaws.append(Flaw(at, what))
        return Resolved(tuple(places), tuple(flaws))

    def indexed(self, name: str) -> Indexed | None:
        """The one source that is meant by a name of the set; None if there is none, or several."""
        names = self.names(name)
        return self._indexed(names[0]) if len(names) == 1 else None

    def _place(self, gold: Gold) -> tuple[GoldPlace, str]:
        names = self.names(gold.source)
        indexed = self.indexed(gold.source)
        if indexed is None:
            what = f"{gold.source} is not indexed"
            if len(names) > 1:
                what = f"{gold.source} may be any of {len(names)} sources: {', '.join(names[:3])}"
            return GoldPlace(gold.source, gold.span, gold.page, gold.set, indexed=False), what
        if gold.span is None:
            return _page_place(gold, indexed)
        return _span_place(gold, gold.span, indexed)

    def _fitting(self, name: str) -> tuple[str, ...]:
        """The indexed names that `name` may mean: itself, else all it is the end of, else its longest end."""
        if name in self._ids:
            return (name,)
        wanted = _parts(name)
        alike = self._tails.get(wanted[-1], [])
        longer = [known for known, parts in alike if parts[-len(wanted) :] == wanted]
        if longer:
            return tuple(longer)
        shorter = [known for known, parts in alike if wanted[-len(parts) :] == parts]
        return (max(shorter, key=len),) if shorter else ()

    def _read(self, name: str) -> Indexed:
        prepared = self._catalog.prepared(self._ids[name])
        starts = tuple(chunk.span.start for chunk in prepared.chunks)
        ends = tuple(chunk.span.end for chunk in prepared.chunks)
        return Indexed(prepared.source, prepared.text, starts, ends, tuple(accumulate(ends, max)))


def _span_place(gold: Gold, span: Span, indexed: Indexed) -> tuple[GoldPlace, str]:
    name, text = indexed.source.name, span.of(indexed.text)
    what = ""
    if span.end > len(indexed.text):
        what = f"[{span.start}, {span.end}) reaches beyond the end of {name} at {len(indexed.text)}"
    elif gold.text is not None and gold.text != text:
        what = f"[{span.start}, {span.end}) of {name} is not the text that the set gives"
    before, after = surroundings(indexed.text, span)
    chunks = _chunks(indexed, span, lambda chunk: is_relevant(chunk, span))
    return GoldPlace(name, span, None, gold.set, text=text, before=before, after=after, chunks=chunks), what


def _page_place(gold: Gold, indexed: Indexed) -> tuple[GoldPlace, str]:
    source = indexed.source
    page = next((page for page in source.pages if page.number == gold.page), None)
    if page is None:
        what = f"{source.name} has no page {gold.page}"
        what += f", its last is {source.pages[-1].number}" if source.pages else ": it has no pages"
        return GoldPlace(source.name, None, gold.page, gold.set), what
    chunks = _chunks(indexed, page.span, page.span.overlaps)
    return GoldPlace(source.name, None, gold.page, gold.set, chunks=chunks), ""


def _chunks(indexed: Indexed, span: Span, counts: Callable[[Span], bool]) -> tuple[int, ...]:
    """The starts of the chunks that overlap `span` and count; chunks may overlap one another."""
    first = bisect_right(indexed.reach, span.start)
    last = bisect_left(indexed.starts, span.end)
    near = zip(indexed.starts[first:last], indexed.ends[first:last], strict=True)
    return tuple(dict.fromkeys(start for start, end in near if counts(Span(start, end))))


def _after_first_space(text: str) -> str:
    """`text` without the word it begins with, which may be cut; all of it if it is one word."""
    parts = text.split(maxsplit=1)
    return parts[1] if len(parts) > 1 and not text[0].isspace() else text


def _parts(name: str) -> Sequence[str]:
    """The folders of a name and its last part, as they are compared: whatever the system writes between."""
    plain = unicodedata.normalize("NFC", name).replace("\\", "/")
    return [part for part in plain.split("/") if part not in {"", "."}] or [plain]

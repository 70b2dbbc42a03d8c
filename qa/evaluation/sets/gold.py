"""Locates a question's gold in an index: source, span, surrounding text, relevant chunks."""

from __future__ import annotations

import json
import math
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from index.text.terms import fts_text
from index.types import Sliceable, Span
from qa.evaluation.metrics.retrieval import is_relevant
from qa.evaluation.sets.quotations import MOST_PLACES, QuotationMatch, find_quotation
from qa.evaluation.types import Gold, GoldPlace, Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader
    from index.types import Source

AROUND = 200  # characters of context, before and after
_KEPT = 32  # sources whose text and chunks are held at a time
_SHOWN = 80  # characters of a quotation in a message
# A quotation without a source is sought in the sources whose chunks have runs of its words, else its words:
_PHRASE = 6  # words in a row, of its beginning, middle and end
_TERMS = 8  # words, the longest
_EACH = 20  # chunks for each
_SOURCES = 5


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a piece of gold measures nothing, or the wrong thing. `at` is its index in `question.evidence`."""

    at: int
    what: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The gold of one question, in the order of its evidence, and what is wrong with it.

    `of` has the index in the evidence of each place: a quotation may stand in several. `notes` are on
    quotations that were found, and not where or as the set says.
    """

    gold: tuple[GoldPlace, ...]
    flaws: tuple[Flaw, ...] = ()
    notes: tuple[Flaw, ...] = ()
    of: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Indexed:
    """A source with its text and its chunks in order. `reach[i]` is the furthest end of the first i + 1."""

    source: Source
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    reach: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where one piece of evidence stands, and what is wrong with it, or to be said of it."""

    places: tuple[GoldPlace, ...]
    flaw: str
    note: str = ""


def surroundings(text: Sliceable, span: Span) -> tuple[str, str]:
    """What stands before and after `span`: at most `AROUND` characters each, whole words where possible."""
    before = text[max(span.start - AROUND, 0) : span.start]
    if span.start > AROUND and text[span.start - AROUND - 1 : span.start - AROUND].strip():  # may be beyond
        before = _after_first_space(before)
    after = text[span.end : span.end + AROUND]
    if span.end + AROUND < len(text) and not text[span.end + AROUND : span.end + AROUND + 1].isspace():
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
        """The gold of `question`. Raises what the catalog raises, see `index/storage/queries.py`.

        A quotation that stands in several places is borne out by each of them: they are numbered as the gold
        of several annotators is, unless the set numbers its own, or another one stands in several places too.
        """
        pieces = [self._places(gold) for gold in question.evidence]
        several = [at for at, piece in enumerate(pieces) if len(piece.places) > 1]
        numbered = any(gold.set is not None for gold in question.evidence)
        flaws, notes, gold, of = [], [], [], []
        for at, piece in enumerate(pieces):
            places = list(piece.places)
            if at in several and (numbered or len(several) > 1):
                notes.append(Flaw(at, f"the quotation stands in {len(places)} places; the first is the gold"))
                places = places[:1]
            elif at in several:
                places = [replace(place, set=number) for number, place in enumerate(places, 1)]
            flaws += [Flaw(at, piece.flaw)] if piece.flaw else []
            notes += [Flaw(at, piece.note)] if piece.note else []
            gold += places
            of += [at] * len(places)
        return Resolved(tuple(gold), tuple(flaws), tuple(notes), tuple(of))

    def indexed(self, name: str) -> Indexed | None:
        """The one source that is meant by a name of the set; None if there is none, or several."""
        names = self.names(name)
        return self._indexed(names[0]) if len(names) == 1 else None

    def _places(self, gold: Gold) -> _Piece:
        if gold.is_quotation and not gold.source:
            return self._quoted_anywhere(gold)
        names = self.names(gold.source)
        indexed = self.indexed(gold.source)
        if indexed is None:
            what = f"{gold.source} is not indexed"
            if len(names) > 1:
                what = f"{gold.source} may be any of {len(names)} sources: {', '.join(names[:3])}"
            text = (gold.text or "") if gold.is_quotation else ""
            return _Piece(
                (GoldPlace(gold.source, gold.span, gold.page, gold.set, indexed=False, text=text),), what
            )
        if gold.is_quotation:
            return _quotation_piece(gold, [(indexed, find_quotation(indexed.text, gold.text or ""))])
        if gold.is_document:
            return _Piece((GoldPlace(indexed.source.name, set=gold.set),), "")
        return (
            _Piece(*_page_place(gold, indexed)) if gold.span is None else _Piece(*_span_place(gold, indexed))
        )

    def _quoted_anywhere(self, gold: Gold) -> _Piece:
        found = [
            (indexed, find_quotation(indexed.text, gold.text or ""))
            for indexed in map(self._indexed, self._sources_with(gold.text or ""))
        ]
        return _quotation_piece(gold, found)

    def _sources_with(self, quotation: str) -> Sequence[str]:
        """The names of the sources that share the most with a quotation, the likeliest first."""
        words = fts_text(quotation).split()
        last = max(len(words) - _PHRASE, 0)
        phrases = [" ".join(words[at : at + _PHRASE]) for at in dict.fromkeys((0, last // 2, last)) if words]
        longest = sorted(set(words), key=lambda word: (-len(word), word))[:_TERMS]
        for queries in (
            [f'text : "{phrase}"' for phrase in phrases],
            ["text : (" + " OR ".join(f'"{word}"' for word in longest) + ")"] * bool(longest),
        ):
            holding: Counter[str] = Counter()
            for query in queries:
                rows = [match.row for match in self._catalog.match(query, limit=_EACH)]
                holding.update(
                    dict.fromkeys((source.name for _, source in self._catalog.chunks(rows).values()), 1)
                )
            if holding:
                return sorted(holding, key=lambda name: (-holding[name], name))[:_SOURCES]
        return ()

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
        return (max(shorter, key=len),) if shorter else self._loosely(wanted)

    def _loosely(self, wanted: Sequence[str]) -> tuple[str, ...]:
        """The names that differ from `wanted` in case, or have a suffix that it lacks."""
        folded = [part.casefold() for part in wanted]
        found = []
        for tail, known in self._tails.items():
            if folded[-1] not in (tail.casefold(), tail.casefold().rpartition(".")[0]):
                continue
            for name, parts in known:
                ends = [*(part.casefold() for part in parts[:-1]), folded[-1]]
                if ends[-len(folded) :] == folded or folded[-len(ends) :] == ends:
                    found.append(name)
        return tuple(found)

    def _read(self, name: str) -> Indexed:
        prepared = self._catalog.prepared(self._ids[name])
        starts = tuple(chunk.span.start for chunk in prepared.chunks)
        ends = tuple(chunk.span.end for chunk in prepared.chunks)
        return Indexed(prepared.source, prepared.text, starts, ends, tuple(accumulate(ends, max)))


def _quotation_piece(gold: Gold, found: Sequence[tuple[Indexed, QuotationMatch]]) -> _Piece:
    """Where a quotation stands: each place word for word, else the nearest, if that is near enough."""
    exact = [(indexed, span) for indexed, quoted in found if quoted.likeness == 1 for span in quoted.spans]
    if exact:
        places = (_found_place(indexed, span, gold.set) for indexed, span in exact[:MOST_PLACES])
        return _Piece(tuple(places), "")
    nearest = max(found, key=lambda each: each[1].likeness, default=None)
    lost = GoldPlace(gold.source, set=gold.set, indexed=False, text=gold.text or "")
    where = f"in {found[0][0].source.name}" if gold.source and found else "in the index"
    what = f"the quotation {_excerpt(gold.text or '')} is not {where}"
    if nearest is None or not nearest[1].spans:
        return _Piece((lost,), what)
    indexed, quoted = nearest
    (span,) = quoted.spans
    alike = f"{math.floor(100 * quoted.likeness)} % alike: {_excerpt(span.of(indexed.text))}"
    if not quoted.found:
        return _Piece((lost,), f"{what}; the nearest place in {indexed.source.name} is only {alike}")
    note = f"{what} word for word; the nearest place in {indexed.source.name} is the gold, {alike}"
    return _Piece((_found_place(indexed, span, gold.set),), "", note)


def _found_place(indexed: Indexed, span: Span, number: int | None) -> GoldPlace:
    return _span_place(Gold(indexed.source.name, span, set=number), indexed)[0][0]


def _excerpt(text: str) -> str:
    """The beginning of a quotation, for a message on one line."""
    line = " ".join(text.split())
    return json.dumps(line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…", ensure_ascii=False)


def _span_place(gold: Gold, indexed: Indexed) -> tuple[tuple[GoldPlace, ...], str]:
    span = gold.span
    assert span is not None
    name, text = indexed.source.name, span.of(indexed.text)
    what = ""
    if span.end > len(indexed.text):
        what = f"[{span.start}, {span.end}) reaches beyond the end of {name} at {len(indexed.text)}"
    elif gold.text is not None and gold.text != text:
        what = f"[{span.start}, {span.end}) of {name} is not the text that the set gives"
    before, after = surroundings(indexed.text, span)
    chunks = _chunks(indexed, span, lambda chunk: is_relevant(chunk, span))
    place = GoldPlace(name, span, None, gold.set, text=text, before=before, after=after, chunks=chunks)
    return (place,), what


def _page_place(gold: Gold, indexed: Indexed) -> tuple[tuple[GoldPlace, ...], str]:
    source = indexed.source
    page = next((page for page in source.pages if page.number == gold.page), None)
    if page is None:
        what = f"{source.name} has no page {gold.page}"
        what += f", its last is {source.pages[-1].number}" if source.pages else ": it has no pages"
        return (GoldPlace(source.name, None, gold.page, gold.set),), what
    chunks = _chunks(indexed, page.span, page.span.overlaps)
    return (GoldPlace(source.name, None, gold.page, gold.set, chunks=chunks),), ""


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

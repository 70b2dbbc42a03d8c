"""Sets of characters or pages of sources: union, size, overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from index.types import Span

# By source, half-open intervals: disjoint, not empty, apart and in order. A set of pages is one too, with
# page n as [n, n + 1), so that whatever is measured over characters can be measured over pages.
Regions: TypeAlias = Mapping[str, Sequence[tuple[int, int]]]


def union(places: Iterable[tuple[str, Span]]) -> Regions:
    """Everything in any of `places`, (source, span), each character once. An empty span holds nothing."""
    by_source: dict[str, list[tuple[int, int]]] = {}
    for source, span in places:
        if span.start < span.end:
            by_source.setdefault(source, []).append((span.start, span.end))
    return {source: _merged(spans) for source, spans in by_source.items()}


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def page_regions(pages: Iterable[tuple[str, int]]) -> Regions:
    """The set of some pages, given as (source, number from 1)."""
    return union((source, Span(number, number + 1)) for source, number in pages)


def document_regions(names: Iterable[str]) -> Regions:
    """The set of some documents, each as one place."""
    return union((name, Span(0, 1)) for name in names)


def size(regions: Regions) -> int:
    """How many characters, or pages, there are."""
    return sum(end - start for spans in regions.values() for start, end in spans)


def overlap(a: Regions, b: Regions) -> int:
    """How many characters, or pages, are in both. Equal offsets of two sources are two places."""
    return sum(_common(spans, b[source]) for source, spans in a.items() if source in b)


def _common(a: Sequence[tuple[int, int]], b: Sequence[tuple[int, int]]) -> int:
    """The length that two ordered lists of disjoint intervals have in common, in one pass over both."""
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]), 0)
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return total

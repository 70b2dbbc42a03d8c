"""Sets of places: characters of sources, or pages. Unions of them, their sizes, what two of them share.

Knows intervals and the names of sources only. A set of characters is made of spans; a set of pages is one
too, with page n as [n, n + 1), so that whatever is measured on the one can be measured on the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.types import Span

Regions = Mapping[str, Sequence[tuple[int, int]]]  # by source: disjoint, not empty, apart and in order


def union(places: Iterable[tuple[str, Span]]) -> Regions:
    """Everything in any of `places`, each character once. An empty span holds nothing."""
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


def size(regions: Regions) -> int:
    """How many characters, or pages, it holds."""
    return sum(end - start for spans in regions.values() for start, end in spans)


def shared(one: Regions, other: Regions) -> int:
    """How many characters, or pages, are in both. Equal offsets of two sources are two places."""
    return sum(_common(spans, other[source]) for source, spans in one.items() if source in other)


def _common(one: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]]) -> int:
    total = at = also = 0
    while at < len(one) and also < len(other):
        total += max(min(one[at][1], other[also][1]) - max(one[at][0], other[also][0]), 0)
        if one[at][1] <= other[also][1]:
            at += 1
        else:
            also += 1
    return total

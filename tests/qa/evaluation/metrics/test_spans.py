"""Unions, sizes and overlaps of regions equal those of Python sets of characters."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, strategies as st

from index.types import Span
from qa.evaluation.metrics.spans import overlap, page_regions, size, union

spans = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda ends: Span(min(ends), max(ends)))
places = st.lists(st.tuples(st.sampled_from(["a.txt", "b.txt"]), spans), max_size=8)


def characters(those: list[tuple[str, Span]]) -> set[tuple[str, int]]:
    return {(source, at) for source, span in those for at in range(span.start, span.end)}


@given(places, places)
def test_unions_and_what_they_share_are_counted_as_with_sets(
    one: list[tuple[str, Span]], other: list[tuple[str, Span]]
) -> None:
    """The oracle is one element for each character of a source."""
    assert size(union(one)) == len(characters(one))
    assert overlap(union(one), union(other)) == len(characters(one) & characters(other))


@example([("a.txt", Span(5, 9)), ("a.txt", Span(0, 5)), ("a.txt", Span(7, 7))])
@given(places)
def test_a_union_is_disjoint_and_in_order(those: list[tuple[str, Span]]) -> None:
    """Spans that touch are one; an empty one is nothing."""
    for merged in union(those).values():
        assert merged
        assert all(start < end for start, end in merged)
        assert all(left[1] < right[0] for left, right in pairwise(merged))


def test_equal_offsets_of_two_sources_share_nothing() -> None:
    """A place is a source and an offset."""
    assert overlap(union([("a.txt", Span(0, 9))]), union([("b.txt", Span(0, 9))])) == 0


def test_pages_are_regions_of_length_one() -> None:
    """Neighbouring pages are two; a page named twice is one."""
    some = page_regions([("a.pdf", 2), ("a.pdf", 3), ("a.pdf", 3), ("b.pdf", 2)])
    assert size(some) == 3
    assert overlap(some, page_regions([("a.pdf", 3), ("a.pdf", 4)])) == 1

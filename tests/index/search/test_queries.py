"""Several queries for one question."""

from __future__ import annotations

from dataclasses import replace

from index.search.queries import fuse_queries
from index.types import Chunk, Hit, Passage, Source, Span

SOURCE = Source("s", "a.txt", None, "0" * 64, "text/1", 100)


def ranking(*places: int) -> tuple[Passage, ...]:
    """A ranking of chunks that begin at these places."""
    return tuple(
        Passage(
            rank, Chunk(f"c{place}", "s", Span(place, place + 1), "x", (Span(place, place + 1),)), SOURCE, 1.0
        )
        for rank, place in enumerate(places, 1)
    )


def test_what_both_queries_find_stands_before_what_one_finds() -> None:
    """And every passage says which query found it, at which rank."""
    fused = fuse_queries([ranking(1, 2), ranking(3, 2)], 10)
    assert [passage.chunk.id for passage in fused] == ["c2", "c1", "c3"]
    assert [passage.rank for passage in fused] == [1, 2, 3]
    assert fused[0].hits == (Hit(0, 2), Hit(1, 2))
    assert fused[2].hits == (Hit(1, 1),)


def test_the_question_alone_is_left_as_it_is() -> None:
    """But for its hits."""
    only = ranking(5, 4)
    assert [replace(passage, hits=()) for passage in fuse_queries([only], 2)] == list(only)

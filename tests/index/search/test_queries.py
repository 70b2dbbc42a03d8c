"""Several queries for one question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, strategies as st

from index.search.queries import fuse_queries, promised_place
from index.search.ranking.deduplicate import Folded, fold_copies
from index.search.ranking.stem_numbers import StemNumbers
from index.search.searcher import Searcher
from index.types import Chunk, Copy, Hit, Passage, Source, Span
from tests.support.catalogs import EMBEDDER, open_catalog, prepared, store

SOURCE = Source("s", "a.txt", None, "0" * 64, "text/1", 100)
PLACES = st.lists(st.integers(0, 30), max_size=12, unique=True)


def chunk_at(place: int, text: str | None = None) -> Chunk:
    """A chunk that says what no other says, unless its text is given."""
    return Chunk(f"c{place}", "s", Span(place, place + 1), text or f"word{place}", (Span(place, place + 1),))


def ranking(*places: int) -> tuple[Passage, ...]:
    """A ranking of chunks that begin at these places, with scores that fall."""
    return tuple(
        Passage(rank, chunk_at(place), SOURCE, 1 - rank / 100) for rank, place in enumerate(places, 1)
    )


def fused(rankings: Sequence[Sequence[Passage]], k: int) -> tuple[Passage, ...]:
    texts = {passage.chunk.id: passage.chunk.text for ranking in rankings for passage in ranking}
    numbers = StemNumbers()

    def fold(chunk_ids: Sequence[str], k: int) -> Folded:
        read = numbers.read([[texts[chunk_id]] for chunk_id in chunk_ids])
        return fold_copies([one.stems for one in read], k, numbers.stems)

    return fuse_queries(rankings, k, fold)


def ids(passages: Sequence[Passage]) -> list[str]:
    return [passage.chunk.id for passage in passages]


def test_what_both_queries_find_stands_before_what_one_finds() -> None:
    """And every passage says which query found it, at which rank."""
    found = fused([ranking(1, 2), ranking(3, 2)], 10)
    assert ids(found) == ["c2", "c3", "c1"]
    assert [passage.rank for passage in found] == [1, 2, 3]
    assert found[0].hits == (Hit(0, 2), Hit(1, 2))
    assert found[1].hits == (Hit(1, 1),)


def test_the_question_alone_is_left_as_it_is() -> None:
    """But for its hits; a query that found nothing keeps its number."""
    only = ranking(5, 4)
    assert [replace(passage, hits=()) for passage in fused([only], 2)] == list(only)
    assert fused([only, (), ranking(7)], 3)[0].hits == (Hit(2, 1),)


@given(question=PLACES, others=st.lists(PLACES, max_size=4), k=st.integers(1, 12))
def test_no_query_pushes_out_what_the_question_found(
    question: list[int], others: list[list[int]], k: int
) -> None:
    """Each rank keeps its place; scores are shares that fall with the ranks; nothing stands twice."""
    found = fused([ranking(*question), *(ranking(*other) for other in others)], k)
    for rank, place in enumerate(question, 1):
        if promised_place(rank, k) <= k:
            assert f"c{place}" in ids(found)[: promised_place(rank, k)]
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len(set(ids(found))) == len(found) == min(k, len({*question, *(p for o in others for p in o)}))


def test_copies_that_two_queries_found_apart_are_folded() -> None:
    """The hits and copies of both are those of the one that stays."""
    same = "The summit in Budapest was cancelled on Tuesday."
    first = Passage(1, chunk_at(1, same), SOURCE, 0.5, copies=(Copy(chunk_at(8, same), SOURCE),))
    second = Passage(1, chunk_at(2, same), SOURCE, 0.8, copies=(Copy(chunk_at(9, same), SOURCE),))
    (found,) = fused([[first], [second]], 10)
    assert found.chunk.id == "c2"
    assert sorted(copy.chunk.id for copy in found.copies) == ["c1", "c8", "c9"]
    assert found.hits == (Hit(0, 1), Hit(1, 1))
    assert found.score == 0.8


def test_a_query_in_other_words_finds_what_the_question_does_not(tmp_path: Path) -> None:
    """Beside what the question found; each query is counted from the question, 0."""
    text = "".join(f"Item {n} is of no account.\n" for n in range(20)) + "Net sales rose.\n"
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", text))
        searcher = Searcher(catalog, EMBEDDER)
        found = searcher.search("What is item 3?", k=6, queries=["?", "net sales"])
        alone = searcher.search("What is item 3?", k=6)
    assert alone[0].chunk.id in ids(found)
    assert any(Hit(2, 1) in passage.hits for passage in found)


def test_a_query_is_about_the_sources_that_the_question_names(tmp_path: Path) -> None:
    """Though it leaves out their name; one that names others is about those."""
    with open_catalog(tmp_path / ".qa") as catalog:
        for name in ("apple.txt", "bravo.txt", "cedar.txt", "delta.txt"):
            store(catalog, prepared(catalog.folder, name, f"Net sales rose. {name[:-4]}\n"))
        searcher = Searcher(catalog, EMBEDDER)
        found = searcher.search("Did delta do well?", k=4, queries=["net sales", "net sales of bravo"])
    first = {hit.query: passage.source.name for passage in found for hit in passage.hits if hit.rank == 1}
    assert first == {0: "delta.txt", 1: "delta.txt", 2: "bravo.txt"}

"""Of a large catalog not every chunk is scored, and the best are the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.search import lexical
from index.search.lexical import TermCounts
from index.storage.catalog import Catalog
from index.storage.records import Match
from index.text.terms import fts_query
from tests.support.catalogs import open_catalog, prepared, store

WORDS = [f"{letter}{letter}a" for letter in "bcdfghklmn"]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Six hundred chunks of words, each word half as frequent as the one before."""
    folder: Path = tmp_path_factory.mktemp("lexical") / ".qa"
    chance = random.Random(5)
    lines = [
        " ".join(word for at, word in enumerate(WORDS) for _ in range(3) if chance.random() < 0.5 ** (at + 1))
        for _ in range(600)
    ]
    with open_catalog(folder) as opened:
        store(opened, prepared(folder, "words.txt", "".join(f"{line or 'nothing'}.\n" for line in lines)))
        yield opened


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
def test_the_best_are_those_of_all(catalog: Catalog, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked: rare words, frequent ones, some that are nowhere."""
    monkeypatch.setattr(lexical, "SMALL", 0)
    chance = random.Random(limit)
    counts = TermCounts(catalog)
    for _ in range(40):
        asked = chance.sample([*WORDS, "nowhere", "nohow"], chance.randrange(1, 8))
        found = counts.best(asked, limit, None)
        everything = catalog.match(fts_query(asked), limit=limit)
        assert [one.row for one in found] == [one.row for one in everything], asked
        assert [one.score for one in found] == pytest.approx([one.score for one in everything])


def test_not_all_are_scored(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two words of which one is in half of the chunks: this one finds none of its own."""
    monkeypatch.setattr(lexical, "SMALL", 0)
    asked: list[tuple[str, str]] = []

    def match(query: str, *, limit: int, within: None, beside: str) -> list[Match]:
        asked.append((query, beside))
        return Catalog.match(catalog, query, limit=limit, within=within, beside=beside)

    monkeypatch.setattr(catalog, "match", match)
    TermCounts(catalog).best(["bba", "hha"], 3, None)
    assert asked == [('"hha"', '"bba"')]


def test_words_are_counted_again_when_the_catalog_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A term that was nowhere is found as soon as somebody indexed it."""
    monkeypatch.setattr(lexical, "SMALL", 0)
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", "Nothing new.\n"))
        counts = TermCounts(catalog)
        assert not counts.best(["budget"], 9, None)
        store(catalog, prepared(catalog.folder, "b.txt", "The budget was cut.\n"))
        assert len(counts.best(["budget", "cut"], 9, None)) == 1

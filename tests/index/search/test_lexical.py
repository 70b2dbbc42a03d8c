"""The best chunks of a large catalog are those that FTS5 finds when it scores them all."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.search.lexical import search
from index.search.lexical.bm25 import HeldPostings
from index.search.lexical.search import FullTextSearch
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


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "SMALL", 0)


def asked_in_turn(limit: int) -> Iterator[list[str]]:
    """Terms of forty questions: rare words, frequent ones, some that are nowhere."""
    chance = random.Random(limit)
    for _ in range(40):
        yield chance.sample([*WORDS, "nowhere", "nohow"], chance.randrange(1, 8))


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
def test_the_best_of_some_are_those_of_all(catalog: Catalog, limit: int) -> None:
    """Each asked by a process of its own."""
    for asked in asked_in_turn(limit):
        found = FullTextSearch(catalog).best("", asked, limit, None)
        everything = catalog.match(fts_query(asked), limit=limit)
        assert [one.row for one in found] == [one.row for one in everything], asked
        assert [one.score for one in found] == pytest.approx([one.score for one in everything])


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
@pytest.mark.parametrize("most", [0, 300, 10_000], ids="{} bytes".format)
def test_held_postings_score_as_fts5(catalog: Catalog, limit: int, most: int) -> None:
    """To the last bit, in the same order, whatever is forgotten in between."""
    held = HeldPostings(catalog, most)
    for asked in asked_in_turn(limit):
        assert held.best(asked, limit, None) == catalog.match(fts_query(asked), limit=limit), asked


def test_held_postings_keep_to_some_rows(catalog: Catalog) -> None:
    """A filter changes which are found, and no score."""
    within = np.arange(100, 400, 3)
    held = HeldPostings(catalog)
    for asked in asked_in_turn(9):
        assert held.best(asked, 9, within) == catalog.match(fts_query(asked), limit=9, within=within), asked
    assert held.best(WORDS, 9, within[:0]) == []


def test_held_postings_of_other_scripts(tmp_path: Path) -> None:
    """Words that are phrases or beginnings for FTS5, words of one stem, names and titles, and no words."""
    texts = (
        "東京都 is large",
        "京都 reports",
        "Отчёт за год: отчёты",
        "the reported report, reporting",
        "...",
    )
    with open_catalog(tmp_path / ".qa") as catalog:
        for number, text in enumerate(texts):
            store(catalog, prepared(catalog.folder, f"reports {number}.txt", f"{text}\n"))
        held = HeldPostings(catalog)
        for asked in (["京"], ["東京", "京都"], ["отчет"], ["report", "reports"], ["a²b", "4"], ["part"], []):
            assert held.best(asked, 9, None) == catalog.match(fts_query(asked), limit=9), asked
    with open_catalog(tmp_path / "empty") as catalog:
        assert HeldPostings(catalog).best(["report"], 9, None) == []


def test_lengths_of_any_size(tmp_path: Path) -> None:
    """Chunks of no word, of one, and of so many that their number takes several bytes."""
    sizes = (0, 1, 126, 127, 128, 300, 16_400)
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", "".join(f"{'word ' * size}.\n" for size in sizes)))
        rows, tokens = catalog.lengths()
    beside = int(tokens[0])  # of title, name and headings
    assert rows.tolist() == list(range(1, len(sizes) + 1))
    assert tokens.tolist() == [beside + size for size in sizes]


def test_not_all_are_scored(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two words of which one is in half of the chunks: this one finds none of its own."""
    asked: list[tuple[str, str]] = []

    def match(query: str, *, limit: int, within: None, beside: str) -> list[Match]:
        asked.append((query, beside))
        return Catalog.match(catalog, query, limit=limit, within=within, beside=beside)

    monkeypatch.setattr(catalog, "match", match)
    FullTextSearch(catalog).best("", ["bba", "hha"], 3, None)
    assert asked == [('"hha"', '"bba"')]


def test_fts5_is_asked_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the first question and what it asks again; from the second on, postings are held."""
    full_text = FullTextSearch(catalog)
    first = full_text.best("first", ["bba", "hha"], 3, None)
    assert full_text.best("first", ["hha"], 3, None) == catalog.match('"hha"', limit=3)
    monkeypatch.setattr(catalog, "match", None)
    found = full_text.best("second", ["bba", "hha"], 3, None)
    assert [one.row for one in found] == [one.row for one in first]


def test_what_changed_is_read_again(tmp_path: Path) -> None:
    """A term that was nowhere is found as soon as somebody indexed it."""
    with open_catalog(tmp_path / ".qa") as catalog:
        store(catalog, prepared(catalog.folder, "a.txt", "Nothing new.\n"))
        full_text = FullTextSearch(catalog)
        for question in ("one", "two"):
            assert not full_text.best(question, ["budget"], 9, None)
        store(catalog, prepared(catalog.folder, "b.txt", "The budget was cut.\n"))
        for question in ("one", "two", "three"):
            assert len(full_text.best(question, ["budget", "cut"], 9, None)) == 1

"""Chunks as they are read for ranking."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.search.ranking import stem_numbers
from index.search.ranking.candidates import CandidateReader, stems_of_chunks
from index.search.ranking.deduplicate import ComparedTexts
from index.search.ranking.proximity import Proximity, QuestionTerms, closeness
from index.search.ranking.stem_numbers import StemNumbers
from index.storage.catalog import Catalog
from index.storage.queries import CatalogReader
from index.storage.records import SearchedChunk
from index.types import Span, Table
from tests.support.catalogs import open_catalog, prepared, store


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / ".qa") as opened:
        store(opened, prepared(opened.folder, "a.txt", "The tax was cut.\n***\nIt rose again.\n"))
        yield opened


def rows_of(catalog: Catalog) -> list[int]:
    return [int(row) for row in catalog.chunk_rows_after(0)]


def chunk_of(text: str, *sentences: tuple[int, int], tables: tuple[Table, ...] = ()) -> SearchedChunk:
    return SearchedChunk(1, "a.txt", 0, len(text), text, sentences, tables)


def test_a_candidate_has_its_place_and_its_stems(catalog: Catalog) -> None:
    """By row, those that are gone left out; whole, it is what the catalog has."""
    reader, rows = CandidateReader(catalog), rows_of(catalog)
    found = reader.candidates([*rows, 999])
    assert list(found) == rows
    assert [one.source for one in found.values()] == ["a.txt"] * 3
    assert [one.span for one in found.values()] == [(0, 17), (17, 21), (21, 36)]
    said = [[reader.numbers.stems[at] for at in one.stemmed.stems] for one in found.values()]
    assert said == [["the", "tax", "wa", "cut"], ["***"], ["it", "rose", "again"]]
    assert reader.whole(rows[:2]) == catalog.chunks(rows[:2])


def test_what_was_read_is_read_again_when_something_changed(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or when too many stems are numbered, for the numbers are others then."""
    asked: list[int] = []
    really = CatalogReader.searched_chunks

    def counted(catalog: CatalogReader, rows: list[int]) -> list[SearchedChunk]:
        asked.extend(rows)
        return really(catalog, rows)

    monkeypatch.setattr(CatalogReader, "searched_chunks", counted)
    reader, rows = CandidateReader(catalog), rows_of(catalog)
    first = reader.candidates(rows[:2])
    assert reader.candidates(rows)[rows[0]] is first[rows[0]]
    assert asked == rows
    monkeypatch.setattr(stem_numbers, "MOST_CHARACTERS", 3)
    reader.candidates(rows)
    assert asked == [*rows, *rows]
    monkeypatch.undo()
    store(catalog, prepared(catalog.folder, "b.txt", "Another one.\n"))
    assert len(reader.candidates(rows_of(catalog))) == 4


def test_a_row_is_searched_with_the_names_of_its_columns() -> None:
    """They are near to its words, and equal rows under other names are no copies."""
    text = "June | 98 | 301"
    tables = [
        Table(Span(0, len(text)), 0, ("Month", *(f"Nights {year}" for year in years)))
        for years in (("2017", "2016"), ("2016", "2015"))
    ]
    numbers = StemNumbers()
    chunks = [chunk_of(text, (0, len(text)), tables=(table,)) for table in tables]
    read = stems_of_chunks(chunks, numbers)
    assert not ComparedTexts([one.stems for one in read], numbers.stems).agree(0, 1)
    asked = QuestionTerms.of("Nights in June?")
    assert closeness(asked, read, numbers)[0] == Proximity(0.0, 1.0, 1.0)


def test_only_rows_have_columns() -> None:
    """Not what stands around a table, nor a row of one whose columns have no names."""
    text = "Guests\nJune | 98\nMay | 7"
    tables = (Table(Span(7, 16), 7, ("Month", "Nights")), Table(Span(17, 24), 17))
    numbers = StemNumbers()
    chunk = chunk_of(text, (0, 6), (7, 16), (17, 24), tables=tables)
    (read,) = stems_of_chunks([chunk], numbers)
    said = [numbers.stems[at] for at in read.stems]
    assert said == ["guest", "month", "night", "june", "98", "mai", "7"]
    assert read.sentences.tolist() == [1, 4, 2]


@pytest.mark.parametrize("sentences", [(), ((0, 3),)])
def test_a_chunk_without_a_term_has_its_text_for_one(sentences: tuple[tuple[int, int], ...]) -> None:
    """So that only equal ones are copies, whatever the names of columns are."""
    numbers = StemNumbers()
    table = Table(Span(0, 3), 3, ("Month",))
    (read,) = stems_of_chunks([chunk_of("***\n", *sentences, tables=(table,))], numbers)
    assert [numbers.stems[at] for at in read.stems] == ["***"]

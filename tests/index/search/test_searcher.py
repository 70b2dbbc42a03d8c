"""Search finds, fuses, folds and filters; the same question gives the same passages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from numpy.typing import NDArray

from index.errors import IndexMismatch, UsageError
from index.search.filters import Filters
from index.search.ranking.deduplicate import MOST_VARIANTS
from index.search.ranking.fusion import figures, fuse, join_rankings
from index.search.ranking.proximity import Proximity
from index.search.searcher import LEXICAL_CANDIDATES, Searcher
from index.storage.catalog import Catalog
from index.storage.queries import CatalogReader
from index.storage.records import SourceRow
from index.types import Chunk, Dated, DateOrigin, Passage, Source, Span
from tests.support.catalogs import EMBEDDER, open_catalog, prepared, store
from tests.support.fake_embedder import LetterEmbedder

ALL = Filters()
NEWS = {
    "budapest.txt": "The summit in Budapest was cancelled.\nMoscow would not agree to a freeze.\n",
    "alaska.txt": "The first summit was held in Alaska.\nIt ended without a formal agreement.\n",
    "reports/3M_2018.txt": "Capital expenditure was 1,577 million.\nNet sales were 32,765 million.\n",
    "reports/3M_2022.txt": "Capital expenditure was 1,749 million.\nNet sales were 34,229 million.\n",
}
GLUED = "Thesummitinbudapestwascancelled"


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / ".qa") as opened:
        for name, text in NEWS.items():
            put(opened, name, text)
        yield opened


@pytest.fixture
def dated(catalog: Catalog) -> Catalog:
    """The same, and sources of a year, a month, no date and only the file's own."""
    put(catalog, "year.txt", "The year in review.\n", "2025")
    put(catalog, "month.txt", "The month in review.\n", "2025-11")
    put(catalog, "always.txt", "Always true.\n", None)
    put(catalog, "touched.txt", "Touched lately.\n", "2025-10-30", "modified")
    return catalog


def put(
    catalog: Catalog,
    name: str,
    text: str,
    date: str | None = "2025-10-21",
    origin: DateOrigin = "metadata",
) -> None:
    """Store a source of one chunk a line, without title or headings."""
    one = prepared(catalog.folder, name, text)
    chunks = tuple(replace(chunk, headings=()) for chunk in one.chunks)
    dated = Dated(date, origin) if date else None
    store(catalog, replace(one, chunks=chunks, source=replace(one.source, title=None, date=dated)))


def ask(catalog: Catalog, question: str, k: int = 10, filters: Filters = ALL) -> tuple[Passage, ...]:
    return Searcher(catalog, EMBEDDER).search(question, k=k, filters=filters)


def passage(text: str, name: str = "a.txt", start: int = 0, date: str | None = None) -> Passage:
    """A passage of one sentence, as search makes it before ranks are given."""
    span = Span(start, start + len(text))
    source = Source(name, name, None, "", "text/1", 999, date=Dated(date, "metadata") if date else None)
    return Passage(0, Chunk(f"{name}:{start}", name, span, text, (span,)), source, 0.5)


# What is found


def test_the_passage_that_answers_comes_first(catalog: Catalog) -> None:
    """Words of the question in one sentence decide, and ranks and scores say so."""
    found = ask(catalog, "Why was the Budapest summit cancelled?")
    assert found[0].chunk.text == "The summit in Budapest was cancelled.\n"
    assert found[0].source.name == "budapest.txt"
    assert found[0].lexical_rank == 1
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 <= one.score <= 1 for one in found)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("", 0),
        ("The board met on 3 May 2021 and approved the plan with one vote against.", 0),
        ("Net sales | 14,694 | 14,544", 1),
        ("صافي المبيعات | ١٤٬٦٩٤ | ١٤٬٥٤٤", 1),
    ],
)
def test_figures_are_rows_of_numbers_and_not_prose_with_a_date(text: str, share: float) -> None:
    """In the digits of any script."""
    assert figures(text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What were the net sales of the group in 2022?", "Net sales"),
        ("What were the net sales of the group in FY22?", "Net sales"),
        ("What were the net sales of the group?", "The net sales of the group"),
    ],
)
def test_a_question_about_a_year_is_sooner_answered_by_figures(
    catalog: Catalog, question: str, first: str
) -> None:
    """A row that has fewer of its words comes before prose; without a year or a quarter it does not."""
    prose = "The net sales of the group may vary, and so the sales of the group may not be what we expect."
    put(catalog, "annual.txt", f"{prose}\nNet sales | 14,694 | 14,544 | 12,861 | 12,468\n")
    assert ask(catalog, question)[0].chunk.text.startswith(first)


def test_figures_about_something_else_come_after_what_is_asked(catalog: Catalog) -> None:
    """However many there are: they weigh less than the words of the question."""
    put(catalog, "table.txt", "Store area | 14,694 | 14,544 | 12,861 | 12,468 | 2025\n")
    found = ask(catalog, "Why was the summit in Budapest cancelled in 2025?")
    assert found[0].source.name == "budapest.txt"


def test_every_chunk_is_a_slice_of_its_source(catalog: Catalog) -> None:
    """What search gives back is what was stored, at the place it names."""
    for one in ask(catalog, "summit sales expenditure agreement"):
        assert one.chunk.span.of(catalog.text(one.source.id)) == one.chunk.text


def test_no_more_than_k(catalog: Catalog) -> None:
    """`k` bounds the passages, and a smaller k gives the first of a larger."""
    three = ask(catalog, "What were the net sales?", k=3)
    assert len(three) == 3
    assert ask(catalog, "What were the net sales?", k=1)[0].chunk == three[0].chunk


def test_a_question_without_common_words_finds_by_letters(catalog: Catalog) -> None:
    """Where full-text search finds nothing, the nearest vectors are given, without a lexical rank."""
    found = ask(catalog, GLUED, k=1)
    assert found[0].source.name == "budapest.txt"
    assert found[0].lexical_rank is None
    assert found[0].dense_rank == 1


def test_a_name_and_year_in_the_question_prefer_the_file_named_so(catalog: Catalog) -> None:
    """Both reports say the same of another year; the year is only in the file names."""
    for year in ("2018", "2022"):
        found = ask(catalog, f"What was the capital expenditure of 3M in FY{year}?", k=2)
        assert found[0].source.name == f"reports/3M_{year}.txt"


@pytest.mark.parametrize("question", ["", "   ", "?!… —", "\n\0\t", "👍"])
def test_a_question_without_a_word_is_refused(catalog: Catalog, question: str) -> None:
    """There is nothing to search for, and the user hears it."""
    with pytest.raises(UsageError):
        ask(catalog, question)


@pytest.mark.parametrize(
    "question",
    ['"summit" AND (NEAR', "name:budapest*", "summit' OR 1=1 --", "^summit", "{text}: a + b", "caf\udce9"],
)
def test_what_means_something_to_full_text_search_is_only_text(catalog: Catalog, question: str) -> None:
    """No question is an error of syntax."""
    assert isinstance(ask(catalog, question), tuple)


def test_a_question_of_a_million_characters_is_cut(catalog: Catalog) -> None:
    """Its beginning is searched for, and it takes no longer than that."""
    embedder = LetterEmbedder(EMBEDDER.dimension)
    found = Searcher(catalog, embedder).search("Budapest summit cancelled " + "zebra " * 170_000)
    assert found[0].source.name == "budapest.txt"
    assert len(embedder.asked[0]) == 2_000


def test_an_empty_index_gives_nothing(tmp_path: Path) -> None:
    """No chunks, no passages."""
    with open_catalog(tmp_path / ".qa") as empty:
        assert ask(empty, "Anything?") == ()


def test_another_embedder_than_the_index_s_is_refused(catalog: Catalog) -> None:
    """Vectors of two models cannot be compared."""
    with pytest.raises(IndexMismatch, match="letters/1"):
        Searcher(catalog, LetterEmbedder(32, name="other/1")).search("summit")


def test_a_searcher_sees_what_was_indexed_after_it_was_made(catalog: Catalog) -> None:
    """Vectors in memory are those of the catalog's present generation."""
    searcher = Searcher(catalog, EMBEDDER)
    assert "zurich.txt" not in {one.source.name for one in searcher.search("Zürich talks")}
    put(catalog, "zurich.txt", "The talks moved to Zürich.\n")
    first = searcher.search("Zürich talks")[0]
    assert (first.source.name, first.lexical_rank, first.dense_rank) == ("zurich.txt", 1, 1)
    catalog.remove([first.source.id])
    assert "zurich.txt" not in {one.source.name for one in searcher.search("Zürich talks")}


def test_a_large_index_is_asked_through_chroma_and_ranked_the_same(catalog: Catalog) -> None:
    """Above the limit Chroma names the candidates; cosines, ranks and filters stay those of exact search."""
    from tests.support.vectors import update_chroma

    update_chroma(catalog)
    exact, large = Searcher(catalog, EMBEDDER), Searcher(catalog, EMBEDDER, exact=0)
    for question in ("Why was the summit cancelled?", "net sales of 3M in 2018", GLUED):
        for filters in (Filters(), Filters(sources=("reports",)), Filters(sources=("nothing",))):
            assert large.search(question, filters=filters) == exact.search(question, filters=filters)
    large.close()


def test_a_large_index_without_chroma_is_searched_exactly(catalog: Catalog) -> None:
    """Where Chroma is not to be trusted, the catalog's vectors answer."""
    large = Searcher(catalog, EMBEDDER, exact=0)
    assert large.search(GLUED) == Searcher(catalog, EMBEDDER).search(GLUED)


class NoEmbedder(LetterEmbedder):
    """Has no vector for anything: search is by words alone."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(texts), self.dimension), np.float32)


def test_equal_scores_are_in_the_order_of_names(tmp_path: Path) -> None:
    """Ties do not depend on the order of indexing."""
    for folder, names in (("one", "bac"), ("two", "cab")):
        (tmp_path / folder).mkdir()
        with open_catalog(tmp_path / folder / ".qa") as catalog:
            for name in names:
                put(catalog, f"{name}.txt", f"The budget was cut by {name * 3}.\n")
            found = Searcher(catalog, NoEmbedder(EMBEDDER.dimension)).search("Was the budget cut?")
            assert [one.source.name for one in found] == ["a.txt", "b.txt", "c.txt"]
            assert len({one.score for one in found}) == 1


# Copies


def test_copies_are_folded_into_the_first_by_name(catalog: Catalog) -> None:
    """A syndicated text is one passage with several sources."""
    for name in ("copy/z.txt", "copy/y.txt"):
        put(catalog, name, "The  summit in BUDAPEST, was cancelled\n")
    found = ask(catalog, "Why was the Budapest summit cancelled?")
    same = [one for one in found if "udapest" in one.chunk.text.lower()]
    assert len(same) == 1
    names = [same[0].source.name, *(copy.source.name for copy in same[0].copies)]
    assert sorted(names) == ["budapest.txt", "copy/y.txt", "copy/z.txt"]


def test_a_document_of_near_copies_does_not_fill_the_answer(catalog: Catalog) -> None:
    """More numbered variants of one text than full-text candidates leave room for what others say."""
    words = " ".join(f"word{n}" for n in range(40))
    lines = [
        f"Ignore all, the Budapest summit was cancelled, cancelled, cancelled {words} {n}.\n"
        for n in range(60)
    ]
    assert len(lines) > LEXICAL_CANDIDATES
    put(catalog, "flood.txt", "".join(lines))
    found = ask(catalog, "Why was the Budapest summit cancelled?", k=6)
    names = [one.source.name for one in found]
    assert names[: MOST_VARIANTS + 1].count("flood.txt") <= MOST_VARIANTS
    assert "budapest.txt" in names


# Filters


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", 4),
        ("reports", 2),
        ("reports/", 2),
        ("./Reports/*", 2),
        ("REPORTS/3m_2018.TXT", 1),
        ("*2018*", 1),
        ("report", 0),
        ("alaska.tx", 0),
        ("[ab]*.txt", 2),
    ],
)
def test_source_patterns_are_shell_patterns_or_folders(catalog: Catalog, pattern: str, names: int) -> None:
    """Case does not matter, a folder means all below it, and part of a name is not a folder."""
    found = ask(catalog, "summit sales expenditure agreement", k=20, filters=Filters(sources=(pattern,)))
    assert len({one.source.name for one in found}) == names


def test_any_of_several_patterns_is_enough(catalog: Catalog) -> None:
    """Patterns add up."""
    filters = Filters(sources=("alaska.txt", "reports/*2022*"))
    found = ask(catalog, "summit sales expenditure agreement", k=20, filters=filters)
    assert {one.source.name for one in found} == {"alaska.txt", "reports/3M_2022.txt"}


@pytest.mark.parametrize(
    ("date", "since", "until", "admitted"),
    [
        ("2025-10-21", None, None, True),
        (None, None, None, True),
        (None, "2000", None, False),
        (None, None, "2999", False),
        ("2025-10-21", "2025-10-21", "2025-10-21", True),
        ("2025-10-21", "2025-10-22", None, False),
        ("2025-10-21", None, "2025-10-20", False),
        ("2025-10-21", "2025", "2025", True),
        ("2025-10-21", None, "2025-09", False),
        ("2025-10-21", None, "2025-10", True),
        ("2025", "2025-06", None, True),
        ("2025", None, "2025-06", True),
        ("2025", "2026-01", None, False),
        ("2025-03", "2025-03-15", None, True),
        ("2026", None, "2025-12-31", False),
    ],
)
def test_dates_bound_what_is_admitted(
    date: str | None, since: str | None, until: str | None, admitted: bool
) -> None:
    """Bounds are inclusive; a year is in as soon as part of it is; no date is out if dates are asked for."""
    source = passage("words", date=date).source
    assert Filters(since=since, until=until).admit(source) is admitted


@pytest.mark.parametrize("origin", get_args(DateOrigin))
def test_when_a_file_was_changed_is_no_date_of_it(origin: DateOrigin) -> None:
    """It passes no filter of dates, every other date does, and no other filter minds it."""
    admitted = origin != "modified"
    source = replace(passage("words").source, date=Dated("2025-10-21", origin))
    assert Filters(since="2025").admit(source) is admitted
    assert Filters(until="2025").admit(source) is admitted
    assert Filters(sources=("*",)).admit(source)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    patterns=st.lists(st.sampled_from(["reports", "*.txt", "Reports/3m*", "[!a]*", "year.txt"]), max_size=2),
    since=st.sampled_from([None, "2025", "2025-10-22", "2026-01"]),
    until=st.sampled_from([None, "2024", "2025-10", "2025-10-20"]),
)
def test_a_searcher_admits_what_the_filters_admit(
    dated: Catalog, patterns: list[str], since: str | None, until: str | None
) -> None:
    """Rows of names and dates alone decide the same as whole sources."""
    filters = Filters(tuple(patterns), since, until)
    admitted = {source.name for source in Searcher(dated, EMBEDDER).admitted(filters)}
    assert admitted == {source.name for source in dated.sources() if filters.admit(source)}


def test_a_filter_reads_names_and_dates_once(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole sources are never read for it, and its result stands until the index changes."""
    read: list[int] = []
    rows = Catalog.source_rows

    def counted(self: CatalogReader) -> tuple[SourceRow, ...]:
        read.append(self.generation())
        return rows(self)

    monkeypatch.delattr(CatalogReader, "sources")
    monkeypatch.setattr(CatalogReader, "source_rows", counted)
    searcher, filters = Searcher(catalog, EMBEDDER), Filters(sources=("reports",))
    assert len(searcher.admitted(filters)) == 2
    assert {one.source.name for one in searcher.search("Capital?", filters=filters)} == set(list(NEWS)[2:])
    assert len(read) == 1
    put(catalog, "reports/3M_2018.txt", "Capital expenditure was restated.\n")
    found = searcher.search("Was capital expenditure restated?", k=1, filters=filters)
    assert found[0].chunk.text == "Capital expenditure was restated.\n"
    assert len(read) == 2


def test_a_filter_reaches_what_ranks_low_without_it(catalog: Catalog) -> None:
    """Filters come before ranking: the only old source is found among a hundred new ones that fit better."""
    put(catalog, "new.txt", "".join(f"The summit in Budapest {n} was cancelled.\n" for n in range(100)))
    put(catalog, "old.txt", "Of a summit there was talk.\n", date="1999-01-01")
    found = ask(catalog, "Why was the Budapest summit cancelled?", k=3, filters=Filters(until="1999"))
    assert [one.source.name for one in found] == ["old.txt"]


# The parts of a score


SCORES = st.dictionaries(st.integers(1, 30), st.floats(-2, 50, allow_nan=False), max_size=15)


@given(lexical=SCORES, dense=SCORES)
def test_joining_keeps_every_row_once_with_its_ranks(
    lexical: dict[int, float], dense: dict[int, float]
) -> None:
    """Each search's ranks are a permutation of 1…n, and a fused score lies in [0, 1]."""
    joined = join_rankings(lexical, dense)
    assert [one.row for one in joined] == sorted(lexical.keys() | dense.keys())
    for scores, ranks in (
        (lexical, [one.lexical_rank for one in joined]),
        (dense, [one.dense_rank for one in joined]),
    ):
        assert sorted(rank for rank in ranks if rank) == list(range(1, len(scores) + 1))
    for one, share in itertools.product(joined, (0.0, 1.0)):
        assert 0 <= fuse(one, Proximity(share, share, share), share) <= 1
        assert 0 <= fuse(one, Proximity(share, share, share), share, share) <= 1


def test_cosines_tie_for_equal_vectors(catalog: Catalog) -> None:
    """Equal texts get equal scores wherever their rows are, so that names and not noise order them."""
    put(catalog, "many.txt", "".join(f"Item {n} is listed.\n" for n in range(97)))
    table = catalog.vectors()
    vector = EMBEDDER.embed(["Item 5 is listed."])[0]
    scores = np.round(np.vstack([table.matrix] * 9) @ vector, 6).reshape(9, -1)
    assert (scores == scores[0]).all()

"""Hybrid search: ranked passages for a question, by full text and by vectors, fused and deduplicated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import IndexMismatch, UsageError
from index.search.dense.search import EXACT_LIMIT, DenseSearch
from index.search.filters import ALL, Filters
from index.search.lexical.search import FullTextSearch, search_lexically
from index.search.names import NamedSources, SourceNames
from index.search.periods import periods
from index.search.ranking.candidates import Candidate, CandidateReader
from index.search.ranking.deduplicate import Folded, fold_copies
from index.search.ranking.fusion import CandidateScores, figures, fuse, join_rankings
from index.search.ranking.proximity import QuestionTerms, closeness
from index.text.terms import query_terms
from index.types import Copy, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.embedder import Embedder
    from index.storage.catalog import Catalog
    from index.storage.records import SourceRow
    from index.vectors.reader import Neighbours

LEXICAL_CANDIDATES = 50  # with 100 and 50 the same passages were found, in twice the time
WIDER = 4  # times as many candidates where copies fill them, up to MOST_CANDIDATES
MOST_CANDIDATES = 800
MOST_NAMED = 20_000  # sources up to which a question's words are looked for in all names, read once in 0.5 s
SEARCHED_CHARACTERS = 2_000  # characters; what follows is not searched for


class Searcher:
    """Asks one catalog many questions; use it in the thread that opened the catalog.

    Up to `exact` chunks, all vectors are held in memory, loaded once for each generation of the catalog, and
    compared with the question. Above, Chroma names the nearest, and the same exact cosines rank them.
    """

    def __init__(self, catalog: Catalog, embedder: Embedder, *, exact: int = EXACT_LIMIT) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._full_text = FullTextSearch(catalog)
        self._dense = DenseSearch(catalog, exact)
        self._sources: tuple[int, tuple[SourceRow, ...], SourceNames | None] | None = None
        self._scope: tuple[int, Filters, _Scope] | None = None
        self._reader = CandidateReader(catalog)

    def search(
        self, question: str, *, k: int = 10, filters: Filters = ALL, queries: Sequence[str] = ()
    ) -> tuple[Passage, ...]:
        """The at most `k` passages nearest to `question`, best first; equal scores by name, then place.

        `queries` say the same in other words, and are searched for too: see `index.search.queries`. One that
        names no source is about those that the question names.
        Only the first 2,000 characters of a question are searched for. Raises UsageError for a question
        without a letter or digit, IndexMismatch if the index was made with another embedder, and what the
        catalog raises.
        """
        if not queries:
            return self._search(question, k, filters)
        from index.search.queries import fuse_queries

        with self._catalog.snapshot():
            rankings = [self._search(question, k, filters)]
            rankings += [
                self._search(query, k, filters, question) if query_terms(query) else () for query in queries
            ]
        return fuse_queries(rankings, k, self._fold_ids)

    def _search(self, question: str, k: int, filters: Filters, otherwise: str = "") -> tuple[Passage, ...]:
        """The passages of one query, about the sources that it names, or else those that `otherwise` does."""
        question = question[:SEARCHED_CHARACTERS]
        if not query_terms(question):
            raise UsageError("the question has no word in it", "ask with at least one letter or digit")
        self._check_embedder()
        vector = self._embedder.embed([question])[0]
        neighbours = self._dense.neighbours(vector, self._scope_of(filters).chunks)
        with self._catalog.snapshot():
            scope = self._scope_of(filters)
            named = scope.named(question)
            if otherwise and not named.about:
                named = scope.named(otherwise[:SEARCHED_CHARACTERS])
            about = [scope.rows[name] for name in named.about]
            query = _Query(question, vector, scope.chunks, neighbours, named, about)
            limit = max(LEXICAL_CANDIDATES, k)
            while True:
                ranked, more = self._ranked(query, limit)
                folded = self._fold([one.scores.row for one in ranked], k)
                if folded.distinct >= k or not more or limit >= MOST_CANDIDATES:
                    return self._passages(ranked, folded)
                limit *= WIDER

    def admitted(self, filters: Filters) -> tuple[SourceRow, ...]:
        """The sources that `filters` admit in the catalog as it is now; the last result is remembered."""
        return self._scope_of(filters).sources

    def _scope_of(self, filters: Filters) -> _Scope:
        generation = self._catalog.generation()
        if self._scope is None or self._scope[:2] != (generation, filters):
            if self._sources is None or self._sources[0] != generation:
                sources = self._catalog.source_rows()
                names = SourceNames([row.name for row in sources]) if len(sources) <= MOST_NAMED else None
                self._sources = (generation, sources, names)
            _, sources, names = self._sources
            admitted = tuple(row for row in sources if filters.admit_named(row.name, row.date))
            chunks = None
            if len(admitted) < len(sources):
                chunks = self._catalog.chunk_rows_within([row.row for row in admitted])
                if names is None and len(admitted) <= MOST_NAMED:
                    names = SourceNames([row.name for row in admitted])
            rows = {row.name: row.row for row in admitted}
            self._scope = (generation, filters, _Scope(admitted, chunks, rows, names or SourceNames([])))
        return self._scope[2]

    def close(self) -> None:
        """Let go of Chroma and of what is held in memory; the next question loads it again."""
        self._sources = self._scope = None
        self._reader.clear()
        self._full_text.close()
        self._dense.close()

    def _check_embedder(self) -> None:
        """Raise IndexMismatch if another model made the vectors."""
        manifest = self._catalog.manifest
        if manifest.embedder not in ("", self._embedder.name):
            raise IndexMismatch(
                f"the index was made with {manifest.embedder}, not with {self._embedder.name}",
                "choose that embedder, or index the documents again into another folder",
            )

    def _ranked(self, query: _Query, limit: int) -> tuple[list[_Ranked], bool]:
        """The candidates of both searches, best first, and whether full-text search has more of them."""
        lexical = search_lexically(
            self._catalog, self._full_text, query.question, query.named, query.about, limit, query.within
        )
        dense = self._dense.cosines(query.vector, query.neighbours, list(lexical.shares), query.within)
        scores = join_rankings(lexical.shares, dense)
        read = self._reader.candidates([one.row for one in scores])
        scores = [one for one in scores if one.row in read]
        texts = [read[one.row].stemmed for one in scores]
        close = closeness(QuestionTerms.of(query.question), texts, self._reader.numbers)
        dated = bool(periods(query.question))
        ranked = []
        for one, near in zip(scores, close, strict=True):
            candidate = read[one.row]
            named = query.named.shares.get(candidate.source, 0.0)
            figured = figures(candidate.text) if dated else None
            ranked.append(_Ranked(one, candidate, fuse(one, near, named, figured)))
        ranked.sort(key=lambda one: (-one.score, one.candidate.source, one.candidate.span))
        return ranked, lexical.more

    def _fold(self, rows: Sequence[int], k: int) -> Folded:
        """The first `k` of the chunks in these rows that say different things, and their copies."""
        read = self._reader.candidates(rows)
        return fold_copies([read[row].stemmed.stems for row in rows], k, self._reader.numbers.stems)

    def _fold_ids(self, chunk_ids: Sequence[str], k: int) -> Folded:
        """The same of chunks with these ids."""
        rows = self._catalog.chunk_rows(chunk_ids)
        return self._fold([rows[chunk_id] for chunk_id in chunk_ids], k)

    def _passages(self, ranked: Sequence[_Ranked], folded: Folded) -> tuple[Passage, ...]:
        """What is left of the candidates, with their copies, ranked from 1."""
        whole = self._reader.whole([ranked[at].scores.row for at in folded.places])
        return tuple(
            Passage(
                rank,
                *whole[ranked[at].scores.row],
                ranked[at].score,
                ranked[at].scores.lexical_rank,
                ranked[at].scores.dense_rank,
                tuple(Copy(*whole[ranked[copy].scores.row]) for copy in folded.copies.get(at, ())),
            )
            for rank, at in enumerate(folded.kept, 1)
        )


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate with its score, and what the two searches say of it."""

    scores: CandidateScores
    candidate: Candidate
    score: float


@dataclass(frozen=True, slots=True)
class _Scope:
    """The sources that may answer, with the rows of their chunks, None for all, and of themselves by name."""

    sources: tuple[SourceRow, ...]
    chunks: NDArray[np.int64] | None
    rows: Mapping[str, int]
    names: SourceNames

    def named(self, question: str) -> NamedSources:
        """Which of them `question` names."""
        return self.names.named(question, None if self.chunks is None else frozenset(self.rows))


@dataclass(frozen=True, slots=True)
class _Query:
    """A question for both searches: `within` are the rows of the chunks that may answer, None for all.

    `neighbours` is what Chroma found, if it was asked; `about` are the rows of the sources that it is about,
    as `named` has them.
    """

    question: str
    vector: NDArray[np.float32]
    within: NDArray[np.int64] | None
    neighbours: Neighbours | None
    named: NamedSources
    about: Sequence[int]

"""Hybrid search: ranked passages for a question, by full text and by vectors, fused and deduplicated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import IndexMismatch, UsageError
from index.search.deduplicate import Candidate, deduplicate
from index.search.filters import ALL, Filters
from index.search.fusion import CandidateScores, figures, fuse, join_rankings
from index.search.lexical import TermCounts, search_lexically
from index.search.names import NamedSources, SourceNames
from index.search.periods import periods
from index.search.proximity import QuestionTerms, closeness, sentence_stems
from index.text.terms import query_terms
from index.types import Chunk, Passage, Source

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.embedder import Embedder
    from index.storage.catalog import Catalog
    from index.storage.records import SourceRow, VectorTable
    from index.vectors.reader import ChromaReader

LEXICAL_CANDIDATES = 50  # with 100 and 50 the same passages were found, in twice the time
DENSE_CANDIDATES = 20
WIDER = 4  # times as many candidates where copies fill them, up to MOST_CANDIDATES
MOST_CANDIDATES = 800
# Chunks up to which all vectors are compared: 200,000 of 256 load in 0.8 s and take 25 ms a question, where
# Chroma takes 2 s to be opened and checked, and then 2 ms.
EXACT_LIMIT = 200_000
NEIGHBOURS = 100  # asked of Chroma, whose order is approximate, to be sure of the DENSE_CANDIDATES nearest
MOST_NAMES = 1_000  # source names that Chroma takes in one query
MOST_NAMED = 20_000  # sources up to which a question's words are looked for in all names, read once in 0.5 s
SEARCHED_CHARACTERS = 2_000  # characters; what follows is not searched for


Stemmed = dict[str, tuple[tuple[str, ...], ...]]  # by id, the stems of the sentences of a chunk


class Searcher:
    """Asks one catalog many questions; use it in the thread that opened the catalog.

    Up to `exact` chunks, all vectors are held in memory, loaded once for each generation of the catalog, and
    compared with the question. Above, Chroma names the nearest, and the same exact cosines rank them.
    """

    def __init__(self, catalog: Catalog, embedder: Embedder, *, exact: int = EXACT_LIMIT) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._exact = exact
        self._counts = TermCounts(catalog)
        self._generation = -1
        self._large = False
        self._vectors: VectorTable | None = None
        self._admitted: tuple[int, Filters, tuple[SourceRow, ...]] | None = None
        self._names: tuple[int, Filters, SourceNames] | None = None
        self._chroma: ChromaReader | None = None

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
        stemmed: Stemmed = {}
        if not queries:
            return self._search(question, k, filters, stemmed)
        from index.search.queries import fuse_queries

        with self._catalog.snapshot():
            rankings = [self._search(question, k, filters, stemmed)]
            rankings += [
                self._search(query, k, filters, stemmed, question) if query_terms(query) else ()
                for query in queries
            ]
        return fuse_queries(rankings, k, lambda chunk: stemmed[chunk.id])

    def _search(
        self, question: str, k: int, filters: Filters, stemmed: Stemmed, otherwise: str = ""
    ) -> tuple[Passage, ...]:
        """The passages of one query, about the sources that it names, or else those that `otherwise` does.

        `stemmed` keeps what was read of a chunk for the next query.
        """
        question = question[:SEARCHED_CHARACTERS]
        if not query_terms(question):
            raise UsageError("the question has no word in it", "ask with at least one letter or digit")
        self._refresh()
        vector = self._embedder.embed([question])[0]
        neighbours = self._neighbours(vector, self.admitted(filters) if filters else None)
        with self._catalog.snapshot():
            admitted = self.admitted(filters)
            within = [source.row for source in admitted] if filters else None
            names = self._source_names(filters)
            named = names.named(question)
            if otherwise and not named.about:
                named = names.named(otherwise[:SEARCHED_CHARACTERS])
            rows = {source.name: source.row for source in admitted} if named.about else {}
            about = [rows[name] for name in named.about]
            query = _Query(question, vector, within, neighbours, named, about)
            limit = max(LEXICAL_CANDIDATES, k)
            while True:
                candidates, more = self._candidates(query, limit, stemmed)
                result = deduplicate(candidates, k)
                if result.distinct >= k or not more or limit >= MOST_CANDIDATES:
                    return result.passages
                limit *= WIDER

    def _source_names(self, filters: Filters) -> SourceNames:
        """The names of the sources that `filters` admit, none of too many; the last result is remembered."""
        generation = self._catalog.generation()
        if self._names is None or self._names[:2] != (generation, filters):
            admitted = self.admitted(filters)
            names = [source.name for source in admitted] if len(admitted) <= MOST_NAMED else []
            self._names = (generation, filters, SourceNames(names))
        return self._names[2]

    def admitted(self, filters: Filters) -> tuple[SourceRow, ...]:
        """The sources that `filters` admit in the catalog as it is now; the last result is remembered."""
        generation = self._catalog.generation()
        if self._admitted is None or self._admitted[:2] != (generation, filters):
            rows = self._catalog.source_rows()
            admitted = tuple(row for row in rows if filters.admit_named(row.name, row.date))
            self._admitted = (generation, filters, admitted)
        return self._admitted[2]

    def close(self) -> None:
        """Let go of Chroma and of what is held in memory; the next question loads it again."""
        self._generation, self._vectors, self._admitted, self._names = -1, None, None, None
        if self._chroma is not None:
            self._chroma.close()

    def _refresh(self) -> None:
        """Forget the vectors of an older generation. Raises IndexMismatch if another model made them."""
        manifest = self._catalog.manifest
        if manifest.embedder not in ("", self._embedder.name):
            raise IndexMismatch(
                f"the index was made with {manifest.embedder}, not with {self._embedder.name}",
                "choose that embedder, or index the documents again into another folder",
            )
        if manifest.generation != self._generation:
            self._vectors = None
            self._large = self._catalog.counts().vectors > self._exact
            self._generation = manifest.generation

    def _neighbours(
        self, vector: NDArray[np.float32], admitted: Sequence[SourceRow] | None
    ) -> tuple[str, ...] | None:
        """The ids of the chunks Chroma finds nearest; None where exact search is to look at all of them."""
        if not self._large or (admitted is not None and not 0 < len(admitted) <= MOST_NAMES):
            return None
        if self._chroma is None:
            from index.vectors.reader import ChromaReader

            self._chroma = ChromaReader()
        names = None if admitted is None else [source.name for source in admitted]
        hits = self._chroma.query(self._catalog, vector, NEIGHBOURS, names)
        return None if hits is None else hits.ids

    def _candidates(self, query: _Query, limit: int, stemmed: Stemmed) -> tuple[list[Candidate], bool]:
        """The candidates of both searches, best first, and whether full-text search has more of them."""
        lexical = search_lexically(
            self._catalog, self._counts, query.question, query.named, query.about, limit, query.within
        )
        scores = join_rankings(lexical.shares, self._dense(query, list(lexical.shares)))
        chunks = self._catalog.chunks([candidate.row for candidate in scores])
        return _ranked(query, scores, chunks, stemmed), lexical.more

    def _dense(self, query: _Query, lexical: Sequence[int]) -> dict[int, float]:
        """Cosines with the question: of the nearest chunks, and of those that full-text search found."""
        import numpy as np

        if query.neighbours is None:
            if self._vectors is None:
                self._vectors = self._catalog.vectors()
            rows, matrix = self._vectors
        else:
            near = self._catalog.chunk_rows(query.neighbours).values()
            rows, matrix = self._catalog.vectors({*near, *lexical})
        # Equal vectors must tie, in whatever order the machine adds: six digits.
        cosines = np.round(matrix @ query.vector, 6) if len(rows) else np.zeros(0, np.float32)
        wanted = np.isin(rows, np.asarray(lexical, dtype=np.int64))
        within = query.within
        open_to = np.ones(len(rows), np.bool_) if within is None else self._among(rows, within)
        wanted[_nearest(np.where(open_to, cosines, -np.inf), DENSE_CANDIDATES)] = True
        return {int(rows[at]): float(cosines[at]) for at in np.flatnonzero(wanted)}

    def _among(self, rows: NDArray[np.int64], within: Collection[int]) -> NDArray[np.bool_]:
        import numpy as np

        return np.isin(rows, self._catalog.chunk_rows_within(within))


@dataclass(frozen=True, slots=True)
class _Query:
    """A question for both searches: `within` are rows of sources, `neighbours` ids of chunks from Chroma.

    `about` are the rows of the sources that it is about, as `named` has them.
    """

    question: str
    vector: NDArray[np.float32]
    within: Sequence[int] | None
    neighbours: tuple[str, ...] | None
    named: NamedSources
    about: Sequence[int]


def _nearest(cosines: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """Where the `count` largest are, ties by place; those at minus infinity do not count."""
    import numpy as np

    if len(cosines) > count:
        least = np.partition(cosines, -count)[-count]
        at = np.flatnonzero((cosines >= least) & np.isfinite(cosines))
    else:
        at = np.flatnonzero(np.isfinite(cosines))
    return at[np.argsort(-cosines[at], kind="stable")][:count]


def _ranked(
    query: _Query,
    scores: Sequence[CandidateScores],
    chunks: Mapping[int, tuple[Chunk, Source]],
    stemmed: Stemmed,
) -> list[Candidate]:
    """The candidates, best first; equal scores in the order of their sources' names, then of their places."""
    wanted = QuestionTerms.of(query.question)
    dated = bool(periods(query.question))
    candidates = []
    for ranks in scores:
        if ranks.row not in chunks:
            continue
        chunk, source = chunks[ranks.row]
        if chunk.id not in stemmed:
            stemmed[chunk.id] = sentence_stems(chunk)
        sentences = stemmed[chunk.id]
        named, figured = query.named.shares.get(source.name, 0.0), figures(chunk.text) if dated else None
        score = fuse(ranks, closeness(wanted, sentences), named, figured)
        passage = Passage(0, chunk, source, score, ranks.lexical_rank, ranks.dense_rank)
        candidates.append(Candidate.of(passage, sentences))
    return sorted(
        candidates,
        key=lambda item: (-item.passage.score, item.passage.source.name, item.passage.chunk.span),
    )

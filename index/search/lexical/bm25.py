"""BM25 over postings held in memory, for a process that asks many questions of a large catalog.

FTS5 looks up the length of every chunk that it scores, and hands its row over by itself, for each question
anew. Here the chunks that a term is in are read once, and remembered with how often it is in each; the scores
are the same to the last bit, added in the same order.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from index.errors import IndexDamaged
from index.storage.opening.errors import MEND
from index.storage.records import Match
from index.text.terms import fts_query, fts_token

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from index.storage.catalog import Catalog

K1, B = 1.2, 0.75  # as FTS5 has them
LEAST_RARITY = 1e-6  # of a term that most chunks have
MOST_HELD = 64_000_000  # bytes: some 25 million postings
BLOCK = 64  # chunks of which the best one is looked for first


class HeldPostings:
    """Scores the chunks of one generation of a catalog; remembers the terms that were asked about last."""

    def __init__(self, catalog: Catalog, most: int = MOST_HELD) -> None:
        self._catalog = catalog
        self._most = most
        self._rows, tokens = catalog.lengths()
        self._norms = K1 * (1 - B + B * tokens / (tokens.sum() / max(1, len(tokens))))
        self._terms: dict[str, _Held] = {}  # the one that was asked about last is the last
        self._size = 0

    def best(self, wanted: Iterable[str], limit: int, within: NDArray[np.int64] | None) -> list[Match]:
        """The best `limit` chunks for any of the terms `wanted`, as `Catalog.match` finds them."""
        import numpy as np

        scores = np.zeros(len(self._rows))
        for term in dict.fromkeys(wanted):
            places, more = self._scores(term)
            scores[places] += more
        if within is not None:
            scores *= np.isin(self._rows, within, kind="table")
        at = _largest(scores, limit)
        return list(map(Match, self._rows[at].tolist(), scores[at].tolist()))

    def _scores(self, term: str) -> tuple[NDArray[np.integer], NDArray[np.float64]]:
        """The chunks that have `term`, by their places among all, and what it adds to the score of each."""
        import numpy as np

        held = self._held(term)
        if held is None:
            found = np.array(self._catalog.match(fts_query([term]), limit=-1)).reshape(-1, 2)
            return np.searchsorted(self._rows, found[:, 0].astype(np.int64)), found[:, 1]
        places, counts = np.cumsum(held.gaps, dtype=np.intp), held.halves / 2.0
        rare = rarity(len(counts), len(self._rows))
        return places, rare * (counts * (K1 + 1) / (counts + self._norms[places]))

    def _held(self, term: str) -> _Held | None:
        """The postings of a term, read if they are not remembered; None if it is more than a token."""
        held = self._terms.pop(term, None)
        if held is None:
            held = self._read(term)
            if held is None:
                return None
            self._size += held.size()
        self._terms[term] = held
        while self._size > self._most:
            self._size -= self._terms.pop(next(iter(self._terms))).size()
        return held

    def _read(self, term: str) -> _Held | None:
        import numpy as np

        token = fts_token(term)
        if token is None:
            return None
        rows, counts = self._catalog.postings(token)
        # What is a letter depends on the SQLite: one that it does not know makes a phrase of the term.
        if not term.isascii() and len(rows) != self._catalog.frequency(fts_query([term])):
            return None
        places = np.searchsorted(self._rows, rows)
        if len(places) and places[-1] == len(self._rows):
            raise IndexDamaged("the index is damaged: words of chunks that it does not have", MEND)
        gaps = np.diff(places, prepend=0)
        return _Held(_short(gaps), _short((2 * counts).astype(np.int64)))


class _Held(NamedTuple):
    """The chunks that have a token, by the gaps between their places among all, and how often each has it.

    Counts are weighted by halves: so they are whole numbers, and most of both are of one or two bytes.
    """

    gaps: NDArray[np.integer]
    halves: NDArray[np.integer]

    def size(self) -> int:
        """In bytes."""
        return self.gaps.nbytes + self.halves.nbytes


def _short(numbers: NDArray[np.int64]) -> NDArray[np.integer]:
    """Numbers from 0 in as few bytes as hold the largest."""
    import numpy as np

    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def rarity(count: int, chunks: int) -> float:
    """The inverse document frequency of a term that `count` of the `chunks` have, as in FTS5's BM25."""
    return max(math.log((chunks - count + 0.5) / (count + 0.5)), LEAST_RARITY)


def _largest(scores: NDArray[np.float64], limit: int) -> NDArray[np.intp]:
    """Where the `limit` largest scores above 0 are, largest first, equal ones by place."""
    import numpy as np

    least = 0.0
    blocks = len(scores) // BLOCK
    if blocks > limit:
        # As many blocks have one that is as large as the best of the last of them; so do as many chunks.
        best = scores[: blocks * BLOCK].reshape(blocks, BLOCK).max(axis=1)
        least = np.partition(best, -limit)[-limit]
    at = np.flatnonzero((scores >= least) & (scores > 0))
    return at[np.argsort(-scores[at], kind="stable")][:limit]

"""Full-text search for a question, and once more, without their names, in the sources that it names.

Every chunk of a file named after a firm is about the firm. Found by its name, the chunks that say it most
often would come first, and not those that say what is asked: within such a source the other words decide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.names import NamedSources, without_names
from index.search.wording import search_terms
from index.text.terms import fts_query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.storage.catalog import Catalog
    from index.storage.records import Match

REST_WEIGHT = 0.4  # of the question's words but for the names, within a source that it names
NAMED_CANDIDATES = 50  # of the sources that a question names
SMALL = 5_000  # chunks of which all that have any term are scored
GUESS = 0.3  # of the rarity of all terms, what the common ones may have together at first
MOST_TIMES = 2.2  # its rarity that a term can add to a score: k1 + 1
MOST_COUNTED = 10_000  # terms


@dataclass(frozen=True, slots=True)
class LexicalShares:
    """Chunks by row with their shares of the largest score, and whether there are more than these."""

    shares: Mapping[int, float]
    more: bool


class TermCounts:
    """In how many chunks of a catalog the terms of questions are; counted once for each generation."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._generation = -1
        self._chunks = 0
        self._counts: dict[str, int] = {}

    def best(self, wanted: Sequence[str], limit: int, within: NDArray[np.int64] | None) -> list[Match]:
        """The best `limit` chunks for any of the terms `wanted`, as `Catalog.match` finds them.

        In a large catalog not all of them are scored. What has none of the rarest terms cannot be among the
        best as soon as the others together add less than the last of these has: MaxScore (Turtle and Flood,
        1995). How much that is is guessed first, and where the guess was too high, known from what it found.
        """
        rarities = self._rarities(wanted) if within is None or len(within) > SMALL else {}
        share = GUESS * sum(rarities.values())
        while True:
            rare, common = _split(rarities, share) if rarities else (wanted, ())
            beside = fts_query(common) if common else ""
            found = self._catalog.match(fts_query(rare), limit=limit, within=within, beside=beside)
            last = found[-1].score / MOST_TIMES if len(found) == limit else 0.0
            if sum(rarities[term] for term in common) <= last:
                return found
            share = last

    def _rarities(self, wanted: Sequence[str]) -> dict[str, float]:
        """The inverse document frequencies of the terms that there are, rarest first; none if it is small.

        As in FTS5's BM25, where every term has a little.
        """
        generation = self._catalog.generation()
        if generation != self._generation or len(self._counts) > MOST_COUNTED:
            self._generation, self._chunks, self._counts = generation, self._catalog.counts().chunks, {}
        if self._chunks <= SMALL:
            return {}
        for term in wanted:
            if term not in self._counts:
                self._counts[term] = self._catalog.frequency(fts_query([term]))
        counts = sorted((self._counts[term], term) for term in wanted if self._counts[term])
        return {
            term: max(math.log((self._chunks - count + 0.5) / (count + 0.5)), 1e-6) for count, term in counts
        }


def _split(rarities: Mapping[str, float], share: float) -> tuple[Sequence[str], Sequence[str]]:
    """The rarest of the terms, and the others, which have at most `share` of rarity together."""
    rare: list[str] = []
    common = list(rarities)
    left = sum(rarities.values())
    while common and (left > share or not rare):
        left -= rarities[common[0]]
        rare.append(common.pop(0))
    return rare, common


def search_lexically(
    catalog: Catalog,
    counts: TermCounts,
    question: str,
    named: NamedSources,
    about: Sequence[int],
    limit: int,
    within: NDArray[np.int64] | None,
) -> LexicalShares:
    """The best `limit` chunks in the rows `within`, and the best of the sources in rows `about`."""
    wanted = search_terms(question)
    found = counts.best(wanted, limit, within)
    shares = _shares(found)
    rest = without_names(wanted, named) if about else ()
    if rest:
        named_rows = catalog.chunk_rows_within(about)
        inside = dict(catalog.match(fts_query(rest), limit=NAMED_CANDIDATES, within=named_rows))
        least = min(shares.values(), default=0.0)
        for source in about:
            rows = set(map(int, catalog.chunk_rows_within([source])))
            shares |= _reordered(
                {row: share for row, share in shares.items() if row in rows},
                {row: score for row, score in inside.items() if row in rows},
                least,
            )
    return LexicalShares(shares, len(found) == limit)


def _reordered(shares: Mapping[int, float], rest: Mapping[int, float], least: float) -> dict[int, float]:
    """The chunks of one source, as high as the best of its `shares`, ordered also by the scores `rest`.

    So the names decide between sources, and the other words have their say within one.
    """
    most, level = max(rest.values(), default=0.0), max(shares.values(), default=least)
    if most <= 0:
        return dict(shares)
    weighed = {
        row: (1 - REST_WEIGHT) * shares.get(row, least) / level + REST_WEIGHT * rest.get(row, 0.0) / most
        for row in shares.keys() | rest.keys()
    }
    best = max(weighed.values())
    return {row: level * share / best for row, share in weighed.items()}


def _shares(found: Sequence[tuple[int, float]]) -> dict[int, float]:
    most = max((score for _, score in found), default=0.0)
    return {row: score / most if most > 0 else 0.0 for row, score in found}

"""Full-text search for a question, and once more, without their names, in the sources that it names.

Every chunk of a file named after a firm is about the firm. Found by its name, the chunks that say it most
often would come first, and not those that say what is asked: within such a source the other words decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.lexical.bm25 import HeldPostings, rarity
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
SMALL = 1_000  # chunks of which all that have any term are scored by FTS5
GUESS = 0.3  # of the rarity of all terms, what the common ones may have together at first
MOST_TIMES = 2.2  # its rarity that a term can add to a score: k1 + 1


@dataclass(frozen=True, slots=True)
class LexicalShares:
    """Chunks by row with their shares of the largest score, and whether there are more than these."""

    shares: Mapping[int, float]
    more: bool


class FullTextSearch:
    """Finds the best chunks of a catalog for terms of questions, by BM25.

    In a small catalog FTS5 scores them all. In a large one it scores some of them for the first question of a
    generation, which may be the only one of the process; from the second one on, `HeldPostings` does it.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._generation = -1
        self._chunks = 0
        self._asked: str | None = None
        self._held: HeldPostings | None = None

    def close(self) -> None:
        """Let go of what is held in memory; the next question loads it again."""
        self._generation, self._held = -1, None

    def best(
        self, question: str, wanted: Sequence[str], limit: int, within: NDArray[np.int64] | None
    ) -> list[Match]:
        """The best `limit` chunks for any of the terms `wanted`, as `Catalog.match` finds them.

        `question` is what they are wanted for: one may ask for several lists of them.
        """
        generation = self._catalog.generation()
        if generation != self._generation:
            self._generation, self._chunks = generation, self._catalog.counts().chunks
            self._asked = self._held = None
        if self._chunks <= SMALL:
            return self._catalog.match(fts_query(wanted), limit=limit, within=within)
        if self._asked not in (None, question) and self._held is None:
            self._held = HeldPostings(self._catalog)
        self._asked = question
        if self._held is not None:
            return self._held.best(wanted, limit, within)
        return self._best_of_some(wanted, limit, within)

    def _best_of_some(
        self, wanted: Sequence[str], limit: int, within: NDArray[np.int64] | None
    ) -> list[Match]:
        """The best without scoring them all.

        What has none of the rarest terms cannot be among the best as soon as the others together add less
        than the last of these has: MaxScore (Turtle and Flood, 1995). How much that is is guessed first, and
        where the guess was too high, known from what it found.
        """
        if within is not None and len(within) <= SMALL:
            return self._catalog.match(fts_query(wanted), limit=limit, within=within)
        counts = sorted(
            (count, term) for term in wanted if (count := self._catalog.frequency(fts_query([term])))
        )
        rarities = {term: rarity(count, self._chunks) for count, term in counts}
        share = GUESS * sum(rarities.values())
        while True:
            rare, common = _split(rarities, share) if rarities else (wanted, ())
            beside = fts_query(common) if common else ""
            found = self._catalog.match(fts_query(rare), limit=limit, within=within, beside=beside)
            last = found[-1].score / MOST_TIMES if len(found) == limit else 0.0
            if sum(rarities[term] for term in common) <= last:
                return found
            share = last


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
    full_text: FullTextSearch,
    question: str,
    named: NamedSources,
    about: Sequence[int],
    limit: int,
    within: NDArray[np.int64] | None,
) -> LexicalShares:
    """The best `limit` chunks in the rows `within`, and the best of the sources in rows `about`."""
    wanted = search_terms(question)
    found = full_text.best(question, wanted, limit, within)
    shares = _shares(found)
    rest = without_names(wanted, named) if about else ()
    if rest:
        named_rows = catalog.chunk_rows_within(about)
        inside = dict(full_text.best(question, rest, NAMED_CANDIDATES, named_rows))
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

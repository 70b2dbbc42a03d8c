"""Full-text search for a question, and once more, without their names, in the sources that it names.

Every chunk of a file named after a firm is about the firm. Found by its name, the chunks that say it most
often would come first, and not those that say what is asked: within such a source the other words decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.search.names import NamedSources, without_names
from index.search.wording import search_terms
from index.text.terms import fts_query

if TYPE_CHECKING:
    from index.storage.catalog import Catalog

REST_WEIGHT = 0.4  # of the question's words but for the names, within a source that it names
NAMED_CANDIDATES = 50  # of the sources that a question names


@dataclass(frozen=True, slots=True)
class LexicalShares:
    """Chunks by row with their shares of the largest score, and whether there are more than these."""

    shares: Mapping[int, float]
    more: bool


def search_lexically(
    catalog: Catalog,
    question: str,
    named: NamedSources,
    about: Sequence[int],
    limit: int,
    within: Sequence[int] | None,
) -> LexicalShares:
    """The best `limit` chunks among the sources in rows `within`, and the best of those in rows `about`."""
    wanted = search_terms(question)
    found = catalog.match(fts_query(wanted), limit=limit, within=within)
    shares = _shares(found)
    rest = without_names(wanted, named) if about else ()
    if rest:
        inside = dict(catalog.match(fts_query(rest), limit=NAMED_CANDIDATES, within=about))
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

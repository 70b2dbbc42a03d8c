"""Confidence intervals of clustered means, paired differences and set-level metrics.

Everything is computed, nothing is drawn: equal columns give equal intervals, and there is no seed.

Why not the percentiles of a bootstrap: questions about one document go wrong together, and often there are
only a handful of documents. With 4 to 10 of them, the percentile and BCa bootstrap of whole documents miss
the true mean 11 to 19 times in 100 instead of 5, and the expanded percentile 7 to 13; a bootstrap-t can take
nearly twice the width there, and calls too much different where few questions changed
(`benchmarks/simulated.py` sets them side by side). Used instead:

- the variance from leaving out one document at a time (the jackknife; CV3 of MacKinnon, Nielsen and Webb,
  "Cluster-robust inference: a guide to empirical practice", Journal of Econometrics 2023);
- Student's t with Satterthwaite's degrees of freedom, which count a few large documents among many small
  ones for the few they are (Bell and McCaffrey, Survey Methodology 2002), under a working correlation of
  0.1 between the questions of a document;
- for what lies in [0, 1], Wilson's score interval at the effective number of questions that this variance
  implies (the effective number: Korn and Graubard, Survey Methodology 1998, who put it into Clopper and
  Pearson's interval; into Wilson's: Franco, Little, Louis and Slud, Journal of Survey Statistics and
  Methodology 2019), so that an interval near 0 or 1 leans inwards;
- never narrower than if every question were its own document.

One document, or one question, says nothing of others: the interval is all of [0, 1]. Where all values are
equal the score interval still has a width: 20 right of 20 give 0.82 to 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qa.evaluation.stats.jackknife import (
    cluster_numbers,
    clusterings,
    group_sums,
    jackknife,
    score_interval,
    shift_interval,
    spread_of,
    widest,
)
from qa.evaluation.types import Estimate

if TYPE_CHECKING:
    from qa.evaluation.stats.jackknife import Array, Groups

Column: TypeAlias = Sequence[float | None]

METHOD = "jackknife over documents, Satterthwaite t, score interval"


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of `b - a` over the `n` questions that have both, its interval and its two-sided p.

    `p` is below 0.05 exactly where [low, high] leaves out 0.
    """

    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    n: int
    p: float


def intervals(columns: Mapping[str, Column], clusters: Sequence[str]) -> dict[str, Estimate]:
    """Of each column that has a value: the mean, with its 95 % interval.

    A column has one value in [0, 1], or None, for each question; `clusters` names each question's document.
    Raises ValueError for columns of another length or values outside [0, 1].
    """
    return intervals_by({"": range(len(clusters))}, columns, clusters)[""]


def intervals_by(
    groups: Mapping[str, Sequence[int]], columns: Mapping[str, Column], clusters: Sequence[str]
) -> dict[str, dict[str, Estimate]]:
    """`intervals` of each group of questions, given by their rows; the columns are read once."""
    names, values, codes = _read(columns, clusters)
    return {group: _means(names, values[list(rows)], codes[list(rows)]) for group, rows in groups.items()}


def differences(
    a: Mapping[str, Column], b: Mapping[str, Column], clusters: Sequence[str]
) -> dict[str, Difference]:
    """Of each column of both runs: the paired difference over the questions where both have a value.

    Beside what the module's head says, there are no more degrees of freedom than documents with a question
    that changed, less one: with 5 changes among 400 questions, all one way, t alone would be sure of too
    much (McNemar's p is 0.06). And the interval stays within what the mean of |b - a| can be.
    Raises ValueError as `intervals` does.
    """
    import numpy as np

    names = [name for name in a if name in b]
    _, first, groups = _read({name: a[name] for name in names}, clusters)
    _, second, _ = _read({name: b[name] for name in names}, clusters)
    changes = second - first
    if not changes.size:
        return {}
    defined = np.flatnonzero((~np.isnan(changes)).any(axis=0))
    by_name = {}
    for at, (low, high, p) in zip(defined, _shifts(changes[:, defined], groups), strict=True):
        both = ~np.isnan(changes[:, at])
        mean_a, mean_b = float(first[both, at].mean()), float(second[both, at].mean())
        difference = float(changes[both, at].mean())
        by_name[names[at]] = Difference(mean_a, mean_b, difference, low, high, int(both.sum()), p)
    return by_name


def interval_of(
    statistic: Callable[[Array], Array],
    clusters: Sequence[str],
    *,
    lowest: float = 0.0,
    highest: float = 1.0,
) -> Estimate | None:
    """The interval of a figure that is no mean over questions: an F1 of all of them, an area under a curve.

    `statistic` is given weights, B x n, one row of weights for each value that is wanted, and answers with B
    values in [lowest, highest], NaN where the figure is not defined; a question of weight 0 is not there.
    None if the figure is not defined for all the questions together. If one document alone makes it defined,
    the interval is all of [lowest, highest].
    """
    import numpy as np

    n = len(clusters)
    if not n:
        return None
    value = float(statistic(np.ones((1, n)))[0])
    if math.isnan(value):
        return None
    scale = highest - lowest
    ends = []
    for groups in clusterings(cluster_numbers(clusters)):
        variance, freedom = jackknife(statistic, value, groups)
        ends.append(score_interval((value - lowest) / scale, variance / scale**2, freedom, n))
    low, high = widest(ends)
    return Estimate(value, lowest + scale * low, lowest + scale * high, n)


def difference_of(
    a: Callable[[Array], Array],
    b: Callable[[Array], Array],
    clusters: Sequence[str],
    *,
    changed: Sequence[bool],
    most: Callable[[float], float],
) -> Difference | None:
    """The difference `b - a` of a figure that is no mean over questions, both statistics as `interval_of`'s.

    The variance is that of the difference as one document at a time is left out, so that what both runs share
    falls away. As in `differences`, there are no more degrees of freedom than documents with a question that
    `changed`, less one; and the interval stays within what so large a share of changed questions can do at
    all: `most` of the highest share that its own interval allows. None if either figure is not defined. If it
    is defined by one document alone, the interval is all of [-1, 1].
    """
    import numpy as np

    n = len(clusters)
    if not n:
        return None
    mean_a, mean_b = (float(statistic(np.ones((1, n)))[0]) for statistic in (a, b))
    if math.isnan(mean_a) or math.isnan(mean_b):
        return None
    moved = np.array(changed, dtype=float)[:, None]
    ways = clusterings(cluster_numbers(clusters))
    ends = []
    for groups in ways:
        variance, freedom = jackknife(lambda weights: b(weights) - a(weights), mean_b - mean_a, groups)
        freedom = min(freedom, float((group_sums(moved, groups) > 0).sum()) - 1)
        ends.append(shift_interval(mean_b - mean_a, variance, freedom, n))
    low, high = widest([(low, high) for low, high, _ in ends])
    reach = min(most(_bounds(moved, ways[0])[0].high), 1.0)
    return Difference(
        mean_a,
        mean_b,
        mean_b - mean_a,
        max(low, -reach),
        min(high, reach),
        n,
        max(p for _, _, p in ends),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a `share` of `values` do not exceed, linear between two of them (as numpy's default).

    Raises ValueError if there are none.
    """
    if not values:
        raise ValueError("no values")
    order = sorted(values)
    at = share * (len(order) - 1)
    below = min(math.floor(at), len(order) - 1)
    above = min(below + 1, len(order) - 1)
    return order[below] + (order[above] - order[below]) * (at - below)


def _read(columns: Mapping[str, Column], clusters: Sequence[str]) -> tuple[list[str], Array, Groups]:
    """Names, values (questions x columns, NaN where there is none) and the cluster of each question."""
    import numpy as np

    for name, column in columns.items():
        if len(column) != len(clusters):
            raise ValueError(f"{name} has {len(column)} values for {len(clusters)} questions")
    values = np.array([list(column) for column in columns.values()], dtype=float)
    values = values.reshape(len(columns), len(clusters)).T
    if not np.all(np.isnan(values) | ((values >= 0) & (values <= 1))):
        raise ValueError("a value lies outside [0, 1]")
    return list(columns), values, cluster_numbers(clusters)


def _means(names: Sequence[str], values: Array, groups: Groups) -> dict[str, Estimate]:
    import numpy as np

    defined = np.flatnonzero((~np.isnan(values)).any(axis=0))
    return dict(zip((names[int(at)] for at in defined), _bounds(values[:, defined], groups), strict=True))


def _bounds(values: Array, groups: Groups) -> list[Estimate]:
    """Each column's mean with its score interval: by document or by question, the wider at either end."""
    if not values.size:
        return []
    spreads = [spread_of(values, way) for way in clusterings(groups)]
    estimates = []
    for at, mean in enumerate(map(float, spreads[0].mean)):
        n = int(spreads[0].n[at])
        low, high = widest(
            [
                score_interval(mean, float(spread.variance[at]), float(spread.freedom[at]), n)
                for spread in spreads
            ]
        )
        estimates.append(Estimate(mean, low, high, n))
    return estimates


def _shifts(changes: Array, groups: Groups) -> list[tuple[float, float, float]]:
    """(low, high, p) for the mean of each column of differences in [-1, 1]."""
    import numpy as np

    spreads = []
    for way in clusterings(groups):
        spread = spread_of(changes, way)
        changed = (group_sums(np.nan_to_num(changes) != 0, way) > 0).sum(axis=0)
        spreads.append((spread, np.minimum(spread.freedom, changed - 1)))
    shifts = []
    for at, size in enumerate(_bounds(np.abs(changes), groups)):
        ends = [
            shift_interval(float(spread.mean[at]), float(spread.variance[at]), float(freedom[at]), size.n)
            for spread, freedom in spreads
        ]
        low, high = widest([(low, high) for low, high, _ in ends])
        shifts.append((max(low, -size.high), min(high, size.high), max(p for _, _, p in ends)))
    return shifts

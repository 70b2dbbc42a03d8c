"""The jackknife over groups of questions: variance, degrees of freedom, intervals.

Values are arrays of questions x columns, NaN where there is none; groups are the number of each question's
group. Why these methods, and their sources, is written in `intervals.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from qa.evaluation.stats.student_t import quantile, tail

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Groups: TypeAlias = NDArray[np.intp]

LEVEL = 0.95  # of all intervals
_WORKING_CORRELATION = 0.1  # of two questions about one document, as the degrees of freedom assume
_NO_SPREAD = 1e-12  # of a variance times n: below it, all values are equal but for rounding
_WEIGHTS_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Spread:
    """Of each column: its mean, the mean's jackknife variance, degrees of freedom, number of values."""

    mean: Array
    variance: Array
    freedom: Array
    n: Array


def cluster_numbers(clusters: Sequence[str]) -> Groups:
    """Each question's cluster as a number, from 0 in order of appearance."""
    import numpy as np

    numbers = {name: number for number, name in enumerate(dict.fromkeys(clusters))}
    return np.array([numbers[name] for name in clusters], dtype=np.intp)


def group_sums(values: NDArray[np.bool_] | Array, groups: Groups) -> Array:
    """The sum of each column within each group: groups x columns."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    return np.add.reduceat(values[order].astype(float), starts, axis=0)


def clusterings(groups: Groups) -> list[Groups]:
    """The questions by cluster, and each for itself if that is another way to group them."""
    import numpy as np

    n = len(groups)
    return [groups] if len(np.unique(groups)) == n else [groups, np.arange(n)]


def widest(intervals: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The lowest low and the highest high of some intervals."""
    return min(low for low, _ in intervals), max(high for _, high in intervals)


def spread_of(values: Array, groups: Groups) -> Spread:
    """The jackknife over groups, in closed form: leaving group g out moves the mean by u_g / (n - n_g)."""
    import numpy as np

    defined = ~np.isnan(values)
    counts, sums = group_sums(defined, groups), group_sums(np.where(defined, values, 0.0), groups)
    n = counts.sum(axis=0)
    mean = sums.sum(axis=0) / n
    some = (counts > 0).sum(axis=0)
    moved = (sums - counts * mean) / np.maximum(n - counts, 1)  # one group alone moves it by 0 / 1
    variance = (some - 1) / some * (moved**2).sum(axis=0)
    return Spread(mean, variance, freedom_of(counts), n)


def freedom_of(counts: Array) -> Array:
    """Satterthwaite's degrees of freedom of the jackknife, for groups of these sizes; 0 for one group.

    With shares h, weights a = 1 / (1 - h)² and p the working variance of a group's sum, the deviations
    u_g = S_g - h_g ΣS have the covariances O = diag(p) - p hᵀ - h pᵀ + Σp h hᵀ, and the freedom is
    tr(AO)² / tr(AOAO): here in sums over groups alone.
    """
    import numpy as np

    n = counts.sum(axis=0)
    h = counts / n
    alone = (counts == n).any(axis=0)
    a = 1 / np.where(counts == n, 1.0, 1 - h) ** 2
    p = counts * (1 + _WORKING_CORRELATION * np.maximum(counts - 1, 0))
    total = p.sum(axis=0)
    shift = total * h * h - 2 * h * p  # the diagonal of O, less p
    ahh, aph, app = ((a * each).sum(axis=0) for each in (h * h, p * h, p * p))
    squares = 2 * app * ahh + 2 * aph**2 + (total * ahh) ** 2 - 4 * total * aph * ahh
    squares = squares + (a * a * ((p + shift) ** 2 - shift**2)).sum(axis=0)
    trace = (a * (p + shift)).sum(axis=0)
    return np.where(alone, 0.0, trace**2 / np.where(alone, 1.0, squares))


def jackknife(statistic: Callable[[Array], Array], value: float, groups: Groups) -> tuple[float, float]:
    """The variance of `statistic`, which is `value` over everything, and its degrees of freedom.

    `statistic` maps weights (B x n) to B values. (0, 0) where it is not defined without one of the groups.
    """
    import numpy as np

    sizes = np.bincount(groups).astype(float)[:, None]
    count, n = len(sizes), len(groups)
    if count == 1:
        return 0.0, 0.0
    step = max(_WEIGHTS_AT_ONCE // n, 1)
    without = np.concatenate(
        [
            statistic((groups != np.arange(start, min(start + step, count))[:, None]).astype(float))
            for start in range(0, count, step)
        ]
    )
    if np.isnan(without).any():
        return 0.0, 0.0
    return float((count - 1) / count * ((without - value) ** 2).sum()), float(freedom_of(sizes)[0])


def score_interval(mean: float, variance: float, freedom: float, n: int) -> tuple[float, float]:
    """Wilson's interval (JASA 1927) for a mean in [0, 1] with this variance, t in place of the normal."""
    t = quantile(LEVEL, freedom)
    if math.isinf(t):
        return 0.0, 1.0
    spread = mean * (1 - mean)
    alone = variance * n <= _NO_SPREAD or spread <= 0
    reach = t * t * (1 / n if alone else variance / spread)
    centre = (mean + reach / 2) / (1 + reach)
    half = math.sqrt(max(spread, 0.0) * reach + reach * reach / 4) / (1 + reach)
    return max(0.0, min(mean, centre - half)), min(1.0, max(mean, centre + half))


def shift_interval(mean: float, variance: float, freedom: float, n: int) -> tuple[float, float, float]:
    """(low, high, p) of a mean difference by Student's t; by the score where all differences are equal."""
    if variance * n <= _NO_SPREAD:
        low, high = score_interval((1 + mean) / 2, 0.0, freedom, n)
        return 2 * low - 1, 2 * high - 1, tail(mean * math.sqrt(n), freedom)
    error = math.sqrt(variance)
    half = quantile(LEVEL, freedom) * error
    return mean - half, mean + half, tail(mean / error, freedom)

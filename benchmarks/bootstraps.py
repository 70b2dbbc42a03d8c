"""Bootstrap intervals, to be compared in `benchmarks/simulated.py` with the intervals that `qa` uses.

Not a command. Each method takes the sums of many columns by document (columns x documents) and the
documents' sizes, and returns the ends of the 95 % intervals of the columns' means. One set of resamples of
whole documents serves all columns. Percentile, BCa and bootstrap-t: Efron and Tibshirani, "An Introduction to
the Bootstrap" (1993); expanded percentile: Hesterberg, "What teachers should know about the bootstrap" (The
American Statistician 2015); clustered t: the textbook's variance with a factor C / (C - 1), and C - 1 degrees
of freedom.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from qa.evaluation.stats.student_t import quantile

Array = NDArray[np.float64]
Ends = tuple[Array, Array]

RESAMPLES = 2000
_NORMAL = NormalDist()


def ends_by_method(sums: Array, sizes: Array, seed: int) -> dict[str, Ends]:
    """The ends of every method's intervals; `sums` is columns x documents, `sizes` questions by document."""
    count, n = len(sizes), sizes.sum()
    mean = sums.sum(axis=1) / n
    moved = sums - sizes * mean[:, None]
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), RESAMPLES).astype(float)
    total = (drawn @ sizes)[:, None]
    means = drawn @ sums.T / total
    z = _NORMAL.inv_cdf(0.975)
    t = quantile(0.95, count - 1)
    wide = _NORMAL.cdf(-math.sqrt(count / (count - 1)) * t)
    error = np.sqrt((moved**2).sum(axis=1)) / n
    half = t * error * math.sqrt(count / (count - 1))
    return {
        "percentile": _percentile(means, 0.025),
        "BCa": _bca(means, mean, (n * mean[:, None] - sums) / (n - sizes), z),
        "expanded percentile": _percentile(means, wide),
        "bootstrap-t": _studentised(means, mean, error, _errors(drawn, sums, sizes, means) / total),
        "clustered t": (mean - half, mean + half),
    }


def _percentile(means: Array, share: float) -> Ends:
    low, high = np.quantile(means, [share, 1 - share], axis=0)
    return low, high


def _bca(means: Array, mean: Array, without: Array, z: float) -> Ends:
    """Bias-corrected and accelerated; the acceleration from leaving out one document at a time."""
    below = np.clip((means < mean).mean(axis=0) + (means == mean).mean(axis=0) / 2, 1e-4, 1 - 1e-4)
    bias = np.array([_NORMAL.inv_cdf(float(share)) for share in below])
    gaps = without.mean(axis=1, keepdims=True) - without
    squares = (gaps**2).sum(axis=1)
    speed = (gaps**3).sum(axis=1) / (6 * np.where(squares > 0, squares, 1) ** 1.5)
    order = np.sort(means, axis=0)
    ends = []
    for side in (-z, z):
        shifted = bias + (bias + side) / (1 - speed * (bias + side))
        at = [min(int(_NORMAL.cdf(float(end)) * len(order)), len(order) - 1) for end in shifted]
        ends.append(order[at, np.arange(len(at))])
    return ends[0], ends[1]


def _errors(drawn: Array, sums: Array, sizes: Array, means: Array) -> Array:
    """The standard error of each resample's mean, times the resample's questions."""
    square = drawn @ (sums**2).T - 2 * means * (drawn @ (sums * sizes).T)
    square += means**2 * (drawn @ sizes**2)[:, None]
    return np.asarray(np.sqrt(np.maximum(square, 0)), dtype=float)


def _studentised(means: Array, mean: Array, error: Array, errors: Array) -> Ends:
    safe = np.where(errors > 1e-12, errors, 1e-12)
    low, high = np.quantile(np.where(means == mean, 0.0, (means - mean) / safe), [0.025, 0.975], axis=0)
    return mean - high * error, mean - low * error

"""Cohen's kappa of two raters, with a confidence interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.evaluation.stats.jackknife import (
    LEVEL,
    cluster_numbers,
    clusterings,
    jackknife,
    score_interval,
    widest,
)
from qa.evaluation.stats.student_t import quantile
from qa.evaluation.types import Estimate

if TYPE_CHECKING:
    from qa.evaluation.stats.jackknife import Array


def kappa(a: Sequence[str], b: Sequence[str], clusters: Sequence[str]) -> Estimate | None:
    """Cohen's kappa of two raters' labels `a` and `b`, one of each for an item, in [-1, 1].

    kappa = 1 - disagreement / disagreement by chance (Cohen, Educational and Psychological Measurement 1960).
    The interval is that of the share they disagree on, divided by the share they would by chance, with the
    jackknife variance of kappa itself. Where chance alone could give this kappa, it is no narrower than by
    the error that kappa has then (Fleiss, Cohen and Everitt, Psychological Bulletin 1969): a label so rare
    that both never gave it together has next to no variance otherwise. With 50 items of which one in ten or
    twenty has the rarer label, and a kappa of 0.3, it still misses 12 to 31 times in 100. None where kappa is
    not defined: no label, or one only. Raises ValueError for sequences of different lengths.
    """
    import numpy as np

    n = len(clusters)
    if len(a) != n or len(b) != n:
        raise ValueError("two labels and a cluster for each item")
    labels = sorted({*a, *b})
    if len(labels) < 2:
        return None
    has_a = np.array([[label == each for each in labels] for label in a], float)  # items x labels
    has_b = np.array([[label == each for each in labels] for label in b], float)
    same = (has_a * has_b).sum(axis=1)

    def disagreement_by_chance(weights: Array) -> Array:
        both = (weights @ has_a) * (weights @ has_b)
        return np.asarray(1 - both.sum(axis=1) / weights.sum(axis=1) ** 2, float)

    def statistic(weights: Array) -> Array:
        expected = disagreement_by_chance(weights)
        observed = 1 - weights @ same / weights.sum(axis=1)
        return np.where(expected > 0, 1 - observed / np.where(expected > 0, expected, 1.0), np.nan)

    everything = np.ones((1, n))
    value, expected = float(statistic(everything)[0]), float(disagreement_by_chance(everything)[0])
    ends = []
    for groups in clusterings(cluster_numbers(clusters)):
        variance, freedom = jackknife(statistic, value, groups)
        if freedom <= 0:
            return Estimate(value, -1.0, 1.0, n)
        ends.append(score_interval(1 - float(same.mean()), variance * expected**2, freedom, n))
    least, most = widest(ends)
    low, high = 1 - most / expected, 1 - least / expected
    reach = quantile(LEVEL, n - 1) * _error_by_chance(has_a.mean(axis=0), has_b.mean(axis=0), n)
    if abs(value) <= reach:
        low, high = min(low, value - reach), max(high, value + reach)
    return Estimate(value, max(low, -1.0), min(high, 1.0), n)


def _error_by_chance(a: Array, b: Array, n: int) -> float:
    """The standard error of kappa where two raters with these shares of labels agree by chance alone."""
    chance = float((a * b).sum())
    spread = chance + chance**2 - float((a * b * (a + b)).sum())
    return math.sqrt(max(spread, 0.0) / n) / (1 - chance)

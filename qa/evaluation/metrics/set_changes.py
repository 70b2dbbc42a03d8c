"""Paired differences of figures that are of a whole set: abstention F1 and AURC.

A question counts only if it has an outcome in both runs; see `qa/evaluation/stats/intervals.py` for how the
intervals are made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from qa.evaluation.metrics.abstention import Decision, Ratio, abstention_ratios, aurc, ratio_statistic
from qa.evaluation.stats.intervals import Difference, difference_of


@dataclass(frozen=True, slots=True)
class SetFigures:
    """What a question adds to the figures of its whole set.

    `answerable` is None where the set does not say. `declined` is the share of its records that abstained,
    None where all of them failed; `decisions` are its answers and abstentions whose risk is known.
    """

    answerable: bool | None = None
    declined: float | None = None
    decisions: tuple[Decision, ...] = ()


def set_changes(
    a: Sequence[SetFigures], b: Sequence[SetFigures], clusters: Sequence[str]
) -> dict[str, Difference]:
    """How B's figures differ from A's; the questions are those of both runs, in one order.

    A figure that is not defined in one of the runs is left out.
    """
    return _abstention_change(a, b, clusters) | _aurc_change(a, b, clusters)


def covered(figures: Sequence[SetFigures]) -> float | None:
    """`coverage`: the share that was answered, of the questions whose risk is known; None without any."""
    shares = [
        sum(decision.confidence is not None for decision in each.decisions) / len(each.decisions)
        for each in figures
        if each.decisions
    ]
    return fsum(shares) / len(shares) if shares else None


def _abstention_change(
    a: Sequence[SetFigures], b: Sequence[SetFigures], clusters: Sequence[str]
) -> dict[str, Difference]:
    rows = [
        row
        for row, (in_a, in_b) in enumerate(zip(a, b, strict=True))
        if in_a.answerable is not None and in_a.declined is not None and in_b.declined is not None
    ]
    unanswerable = [not a[row].answerable for row in rows]
    declined = [[run[row].declined or 0.0 for row in rows] for run in (a, b)]
    if not any(unanswerable):
        return {}
    first, second = (abstention_ratios(shares, unanswerable)["abstention_f1"] for shares in declined)
    # The questions that either run's figure consists of: the others are nowhere in it.
    whole = [at for at in range(len(rows)) if first.whole[at] or second.whole[at]]
    change = difference_of(
        ratio_statistic(_part(first, whole)),
        ratio_statistic(_part(second, whole)),
        [clusters[rows[at]] for at in whole],
        changed=[declined[0][at] != declined[1][at] for at in whole],
        most=lambda share: 2 * share,  # a decision counts at most twice in what is divided by
    )
    return {} if change is None else {"abstention_f1": change}


def _part(ratio: Ratio, rows: Sequence[int]) -> Ratio:
    return Ratio(tuple(ratio.part[row] for row in rows), tuple(ratio.whole[row] for row in rows))


def _aurc_change(
    a: Sequence[SetFigures], b: Sequence[SetFigures], clusters: Sequence[str]
) -> dict[str, Difference]:
    rows = [
        row
        for row, pair in enumerate(zip(a, b, strict=True))
        if any(decision.confidence is not None for each in pair for decision in each.decisions)
    ]
    first, second = ([run[row].decisions for row in rows] for run in (a, b))
    change = difference_of(
        aurc(first),
        aurc(second),
        [clusters[row] for row in rows],
        changed=[in_a != in_b for in_a, in_b in zip(first, second, strict=True)],
        most=_most_of_area,
    )
    return {} if change is None else {"aurc": change}


def _most_of_area(share: float) -> float:
    """How far AURC can move if such a share of answers changes.

    The answer at a share x of the ranking weighs -ln x; the surest share weighs s (1 - ln s) together, and
    may change both in risk and in place.
    """
    return 2 * share * (1 - math.log(share)) if share > 0 else 0.0

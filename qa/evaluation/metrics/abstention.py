"""Whether it is right when it says no, and whether it is surest where it is right.

Figures of a whole set of questions, as pure functions. A question that was asked several times counts as one:
it was declined by a share, and its answers weigh 1 together. Knows no texts, and not how an interval is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float64]
    Statistic: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Decision:
    """What came of a question whose risk is defined: how sure, how wrong. An abstention has no confidence."""

    confidence: float | None
    risk: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that is the sum of one thing over the sum of another, both by question."""

    part: tuple[float, ...]
    whole: tuple[float, ...]


def right_decision(*, abstained: bool, answerable: bool) -> float:
    """1 if it abstained where nothing answers, or did not where something does; else 0."""
    return float(abstained != answerable)


def abstention(declined: Sequence[float], unanswerable: Sequence[bool]) -> dict[str, Ratio]:
    """`abstention_precision`, `abstention_recall`, `abstention_f1`, with abstaining as what is looked for.

    Of each question: the share of its records that were declined, and whether nothing answers it. Precision:
    of those declined, how many nothing answers; recall the reverse; F1 their harmonic mean. Nothing where
    all questions can be answered: there is nothing to look for.
    """
    if not any(unanswerable):
        return {}
    wanted = tuple(map(float, unanswerable))
    rightly = tuple(share * wants for share, wants in zip(declined, wanted, strict=True))
    return {
        "abstention_precision": Ratio(rightly, tuple(declined)),
        "abstention_recall": Ratio(rightly, wanted),
        "abstention_f1": Ratio(
            tuple(2 * one for one in rightly),
            tuple(share + wants for share, wants in zip(declined, wanted, strict=True)),
        ),
    }


def risk(answerable: bool | None, values: Mapping[str, float]) -> float | None:
    """How wrong an answer is, in [0, 1], by the best that is known of it; None if nothing is.

    1 if nothing answers the question; else what is missing of `judged_correct`, of `citation_hit`, of
    `page_citation_hit` or of `token_f1`, whichever of `values` is there first; a hit is one character of
    gold, so that without a judge this is lenient. An abstention has a risk where an answer would have one:
    that makes its question one that could have been covered.
    """
    if answerable is False:
        return 1.0
    known = ("judged_correct", "citation_hit", "page_citation_hit", "token_f1")
    return next((1 - values[name] for name in known if name in values), None)


def risk_coverage(questions: Sequence[Sequence[Decision]]) -> list[tuple[float, float]]:
    """The curve: (coverage, mean risk of what is covered), from the surest answers on to all of them.

    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification" (JMLR, 2010). What is
    equally sure is covered together, since no bar could part it. Abstentions are never covered, so that the
    curve ends at the share that was answered. `questions` are not without outcomes.
    """
    covered = wrong = 0.0
    curve = []
    for _, tied in groupby(_by_confidence(questions), key=lambda one: one[0]):
        for _, risk, share, _ in tied:
            covered += share
            wrong += share * risk
        curve.append((covered / len(questions), wrong / covered))
    return curve


def aurc(questions: Sequence[Sequence[Decision]]) -> Statistic:
    """The area under the curve, as a statistic for `stats.interval_of`: weights of questions, B x n, to B.

    Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers" (ICLR
    2019): the mean over all answers of the risk at which each comes to be covered. 0 is best; NaN without
    answers. Theirs answers everything; here an abstention is no answer and the curve ends where the answers
    do, so that declining what is hard lowers the area, and declining all but one easy question makes it 0.
    Without `coverage` beside it, it says little, and two runs of unequal coverage are not compared by it.
    """
    import numpy as np

    answers = list(_by_confidence(questions))
    confidences, risks, shares = (np.array([one[at] for one in answers], dtype=float) for at in range(3))
    rows = np.array([one[3] for one in answers], dtype=np.intp)
    last = np.searchsorted(-confidences, -confidences, side="right") - 1  # of those that are equally sure

    def statistic(weights: Array) -> Array:
        if not answers:
            return np.full(len(weights), np.nan)
        each = weights[:, rows] * shares
        covered, wrong = np.cumsum(each, axis=1), np.cumsum(each * risks, axis=1)
        at_cover = np.divide(wrong, covered, out=np.zeros_like(wrong), where=covered > 0)[:, last]
        with np.errstate(invalid="ignore"):
            area: Array = (at_cover * each).sum(axis=1) / covered[:, -1]
        return np.clip(area, 0.0, 1.0)

    return statistic


def _by_confidence(
    questions: Sequence[Sequence[Decision]],
) -> Iterator[tuple[float, float, float, int]]:
    """Every answer, the surest first: confidence, risk, its share of its question, which question."""
    found = [
        (one.confidence, one.risk, 1 / len(outcomes), place)
        for place, outcomes in enumerate(questions)
        for one in outcomes
        if one.confidence is not None
    ]
    yield from sorted(found, key=lambda one: -one[0])

"""Abstention precision, recall and F1; the risk-coverage curve and its area (AURC).

Figures of a whole set of questions. A question that was asked several times counts as one: it was declined by
a share, and its answers weigh 1 together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from qa.evaluation.types import Question
    from qa.types import Answer

    Array: TypeAlias = NDArray[np.float64]
    Statistic: TypeAlias = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer, or abstention, whose risk is defined: how confident, how wrong; both in [0, 1].

    An abstention has no confidence.
    """

    confidence: float | None
    risk: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that is the sum of one thing over the sum of another, both by question."""

    part: tuple[float, ...]
    whole: tuple[float, ...]


def ratio_statistic(ratio: Ratio) -> Statistic:
    """A ratio as a statistic for `interval_of`, weights of questions (B x n) to B; NaN if nothing counts."""
    import numpy as np

    both = np.array([ratio.part, ratio.whole], dtype=float).T

    def statistic(weights: Array) -> Array:
        sums: Array = weights @ both
        with np.errstate(invalid="ignore"):
            return np.clip(sums[:, 0] / sums[:, 1], 0.0, 1.0)

    return statistic


def right_decision(*, abstained: bool, answerable: bool) -> float:
    """1 if it abstained where nothing answers, or did not where something does; else 0."""
    return float(abstained != answerable)


def abstention_ratios(declined: Sequence[float], unanswerable: Sequence[bool]) -> dict[str, Ratio]:
    """`abstention_precision`, `abstention_recall` and `abstention_f1`, with abstaining as the positive class.

    precision = |declined and unanswerable| / |declined|, recall = the same / |unanswerable|, F1 their
    harmonic mean. Of each question is given which share of its records was declined, and whether it is
    unanswerable. Empty where all questions can be answered: there is no positive.
    """
    if not any(unanswerable):
        return {}
    positive = tuple(map(float, unanswerable))
    true_positive = tuple(share * each for share, each in zip(declined, positive, strict=True))
    return {
        "abstention_precision": Ratio(true_positive, tuple(declined)),
        "abstention_recall": Ratio(true_positive, positive),
        "abstention_f1": Ratio(
            tuple(2 * each for each in true_positive),
            tuple(share + each for share, each in zip(declined, positive, strict=True)),
        ),
    }


def risk(answerable: bool | None, values: Mapping[str, float]) -> float | None:
    """How wrong an answer is, in [0, 1], by the best that is known of it; None if nothing is.

    1 for a question that is unanswerable; else 1 less `judged_correct`, `citation_hit`, `page_citation_hit`,
    `token_f1` or `document_citation_hit`, whichever of `values` is there first; a citation hit is one
    character of gold, so that without a judge this is lenient. An abstention has a risk where an answer would
    have one: that makes its question one that could have been covered.
    """
    if answerable is False:
        return 1.0
    known = ("judged_correct", "citation_hit", "page_citation_hit", "token_f1", "document_citation_hit")
    return next((1 - values[name] for name in known if name in values), None)


def decisions_of(
    question: Question, answers: Sequence[Answer], values: Sequence[Mapping[str, float]]
) -> list[Decision]:
    """The answers to a question, and abstentions, whose risk is defined; `values` are each one's metrics."""
    decisions = []
    for answer, known in zip(answers, values, strict=True):
        defined = risk(question.answerable, known)
        if defined is not None:
            confidence = None if answer.status == "abstained" else answer.evidence
            decisions.append(Decision(confidence, defined))
    return decisions


def risk_coverage(questions: Sequence[Sequence[Decision]]) -> list[tuple[float, float]]:
    """The curve: (coverage, mean risk of what is covered), from the surest answers on to all of them.

    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification" (JMLR, 2010). Answers of
    equal confidence are covered together, since no threshold could part them. Abstentions are never covered,
    so that the curve ends at the share that was answered. Each of `questions` has a decision at least.
    """
    covered = wrong = 0.0
    curve = []
    for _, tied in groupby(_by_confidence(questions), key=lambda answer: answer[0]):
        for _, risk, share, _ in tied:
            covered += share
            wrong += share * risk
        curve.append((covered / len(questions), wrong / covered))
    return curve


def aurc(questions: Sequence[Sequence[Decision]]) -> Statistic:
    """AURC, the area under the curve, as a statistic for `interval_of`: weights of questions, B x n, to B.

    Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers" (ICLR
    2019): the mean over all answers of the risk at which each comes to be covered. 0 is best; NaN without
    answers. Theirs answers everything; here an abstention is no answer and the curve ends where the answers
    do, so that declining what is hard lowers the area, and declining all but one easy question makes it 0.
    Without `coverage` beside it, it says little, of two runs too: the one that answers less may have the
    smaller area by that alone.
    """
    import numpy as np

    answers = list(_by_confidence(questions))
    confidences, risks, shares = (
        np.array([answer[at] for answer in answers], dtype=float) for at in range(3)
    )
    rows = np.array([answer[3] for answer in answers], dtype=np.intp)
    last = np.searchsorted(-confidences, -confidences, side="right") - 1  # of those of equal confidence

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
    """Every answer, the most confident first: confidence, risk, its share of its question, which question."""
    answers = [
        (decision.confidence, decision.risk, 1 / len(decisions), row)
        for row, decisions in enumerate(questions)
        for decision in decisions
        if decision.confidence is not None
    ]
    yield from sorted(answers, key=lambda answer: -answer[0])

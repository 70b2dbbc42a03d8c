"""Abstention precision, recall and F1, and risk by coverage: by hand, by definition, as properties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.metrics.abstention import (
    Decision,
    Ratio,
    abstention_ratios,
    aurc,
    right_decision,
    risk,
    risk_coverage,
)

decisions = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.booleans()), min_size=1, max_size=12)
confidences = st.one_of(st.none(), st.sampled_from([0.2, 0.4, 0.6, 0.8]))
shares = st.floats(0, 1, allow_subnormal=False)
one_decision = st.builds(Decision, confidences, shares)
singly = st.lists(one_decision.map(lambda one: [one]), min_size=1, max_size=12)
repeatedly = st.lists(st.lists(one_decision, min_size=1, max_size=3), min_size=1, max_size=8)


def value(ratio: Ratio) -> float:
    return sum(ratio.part) / sum(ratio.whole) if sum(ratio.whole) else math.nan


def area(questions: Sequence[Sequence[Decision]], weights: Sequence[float] | None = None) -> float:
    import numpy as np

    return float(aurc(questions)(np.array([weights or [1.0] * len(questions)]))[0])


@pytest.mark.parametrize(
    ("abstained", "answerable", "right"),
    [(True, False, 1), (False, True, 1), (True, True, 0), (False, False, 0)],
)
def test_the_right_decision(abstained: bool, answerable: bool, right: float) -> None:
    """To answer what can be answered, and nothing else."""
    assert right_decision(abstained=abstained, answerable=answerable) == right


def test_abstaining_by_hand() -> None:
    """Of 4 that were declined 3 had no answer, of 5 without an answer."""
    declined = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    ratios = abstention_ratios(declined, [True, True, True, False, True, True, False])
    assert value(ratios["abstention_precision"]) == 3 / 4
    assert value(ratios["abstention_recall"]) == 3 / 5
    assert value(ratios["abstention_f1"]) == pytest.approx(2 / 3)


@given(decisions)
def test_f1_is_the_harmonic_mean(asked: list[tuple[float, bool]]) -> None:
    """Of precision and recall, where both are there and not both 0; all lie in [0, 1]."""
    ratios = abstention_ratios([share for share, _ in asked], [not able for _, able in asked])
    assert bool(ratios) == any(not able for _, able in asked)
    values = {name: value(ratio) for name, ratio in ratios.items()}
    assert all(math.isnan(one) or 0 <= one <= 1 for one in values.values())
    if ratios and values["abstention_precision"] + values["abstention_recall"] > 0:
        precision, recall = values["abstention_precision"], values["abstention_recall"]
        assert values["abstention_f1"] == pytest.approx(2 * precision * recall / (precision + recall))


@pytest.mark.parametrize(
    ("answerable", "values", "expected"),
    [
        (False, {"judged_correct": 1.0}, 1),
        (True, {"judged_correct": 1.0, "citation_hit": 0.0, "token_f1": 0.0}, 0),
        (True, {"citation_hit": 1.0, "token_f1": 0.25}, 0),
        (True, {"page_citation_hit": 0.0, "token_f1": 1.0}, 1),
        (None, {"token_f1": 0.25}, 0.75),
        (True, {"abstained": 0.0}, None),
    ],
)
def test_the_best_that_is_known_is_the_risk(
    answerable: bool | None,
    values: dict[str, float],
    expected: float | None,
) -> None:
    """A judge before gold, gold before words."""
    assert risk(answerable, values) == expected


def test_a_curve_by_hand() -> None:
    """Four answers, two of them equally sure, and an abstention."""
    questions = [
        [Decision(0.9, 0)],
        [Decision(0.5, 1)],
        [Decision(0.5, 0)],
        [Decision(0.3, 1)],
        [Decision(None, 1)],
    ]
    assert risk_coverage(questions) == [(0.2, 0), (0.6, 1 / 3), (0.8, 0.5)]
    assert area(questions) == pytest.approx((0 + 1 / 3 + 1 / 3 + 1 / 2) / 4)


@given(singly)
def test_the_area_is_that_of_the_definition(questions: list[list[Decision]]) -> None:
    """Over all answers the mean risk of all that are at least as sure; the oracle is quadratic."""
    answers = [one for [one] in questions if one.confidence is not None]
    computed = area(questions)
    if not answers:
        assert math.isnan(computed)
        return
    covering = [fmean(b.risk for b in answers if (b.confidence or 0) >= (a.confidence or 0)) for a in answers]
    assert computed == pytest.approx(fmean(covering))


@given(repeatedly)
def test_a_weight_is_as_good_as_a_copy(questions: list[list[Decision]]) -> None:
    """A question of weight 2 is two questions, one of weight 0 none."""
    weights = [float(place % 3) for place in range(len(questions))]
    copied = [one for one, weight in zip(questions, weights, strict=True) for _ in range(int(weight))]
    weighted = area(questions, weights)
    if any(one.confidence is not None for question in copied for one in question):
        assert weighted == pytest.approx(area(copied))
    else:
        assert math.isnan(weighted)


@given(repeatedly)
def test_the_curve_ends_where_all_answers_are_covered(questions: list[list[Decision]]) -> None:
    """Coverage rises to the share that was answered, risk ends at the mean risk of the answers."""
    curve = risk_coverage(questions)
    answered = [
        (one.risk, 1 / len(question))
        for question in questions
        for one in question
        if one.confidence is not None
    ]
    if not answered:
        assert curve == []
        return
    total = sum(share for _, share in answered)
    coverages = [coverage for coverage, _ in curve]
    assert coverages == sorted(set(coverages))
    assert curve[-1][0] == pytest.approx(total / len(questions))
    assert curve[-1][1] == pytest.approx(sum(risk * share for risk, share in answered) / total)
    assert all(0 <= number <= 1 + 1e-9 for point in curve for number in point)


@given(singly)
def test_confidence_in_the_right_order_lowers_the_area(questions: list[list[Decision]]) -> None:
    """The area is smallest where the surest answers are the best."""
    informed = [
        [one if one.confidence is None else Decision(1 - one.risk, one.risk) for one in question]
        for question in questions
    ]
    if any(one.confidence is not None for [one] in questions):
        assert area(informed) <= area(questions) + 1e-9

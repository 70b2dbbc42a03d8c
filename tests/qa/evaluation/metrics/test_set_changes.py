"""Abstention F1 and AURC of two runs: paired differences, and what their intervals may and may not say."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.metrics.abstention import Decision
from qa.evaluation.metrics.set_changes import SetFigures, covered, set_changes

NOTHING = SetFigures()


def of(*, answerable: bool, declined: bool, sure: float = 0.5, risk: float = 0.0) -> SetFigures:
    """A question that was asked once."""
    decision = Decision(None if declined else sure, risk if answerable else 1.0)
    return SetFigures(answerable, float(declined), (decision,))


def run(n: int, right: float, *, seed: int) -> list[SetFigures]:
    """A run of n questions, a third unanswerable, that decides rightly so often."""
    rng = random.Random(seed)
    figures = []
    for at in range(n):
        answerable = at % 3 != 0
        declined = (rng.random() < right) != answerable
        figures.append(of(answerable=answerable, declined=declined, sure=rng.random(), risk=0.2))
    return figures


def alone(n: int) -> list[str]:
    """Each question in a document of its own."""
    return [f"doc{at}" for at in range(n)]


def test_the_figures_are_those_of_each_run() -> None:
    """F1: 2 of 3 refusals are right, of 2 unanswerable. AURC: the surest of two is wrong in B."""
    a = [
        of(answerable=False, declined=True),
        of(answerable=False, declined=True),
        of(answerable=True, declined=True),
        of(answerable=True, declined=False, sure=0.9, risk=0.0),
        of(answerable=True, declined=False, sure=0.4, risk=1.0),
    ]
    b = [
        *(of(answerable=False, declined=True),) * 2,
        of(answerable=True, declined=True),
        of(answerable=True, declined=False, sure=0.9, risk=1.0),
        of(answerable=True, declined=False, sure=0.4, risk=0.0),
    ]
    found = set_changes(a, b, alone(5))
    f1, area = found["abstention_f1"], found["aurc"]
    assert f1.mean_a == f1.mean_b == pytest.approx(2 * 2 / (3 + 2))
    assert f1.n == 3
    assert area.mean_a == pytest.approx((0 + 1 / 2) / 2)
    assert area.mean_b == pytest.approx((1 + 1 / 2) / 2)
    assert area.n == 2


def test_a_run_that_stops_declining_is_clearly_worse() -> None:
    """With hundreds of questions the interval leaves out 0, with a dozen it does not."""
    many = set_changes(run(300, 0.9, seed=1), run(300, 0.6, seed=2), alone(300))["abstention_f1"]
    few = set_changes(run(12, 0.9, seed=1), run(12, 0.6, seed=2), alone(12))["abstention_f1"]
    assert many.difference < -0.2
    assert many.high < 0
    assert many.p < 0.001
    assert few.low < 0 < few.high


def test_equal_runs_have_an_interval_all_the_same() -> None:
    """No question changed; others might have."""
    a = run(60, 0.8, seed=3)
    for change in set_changes(a, a, alone(60)).values():
        assert change.difference == 0
        assert change.low < 0 < change.high
        assert change.p == 1


def test_one_document_says_nothing() -> None:
    """All questions about one document: the interval is as wide as the share that changed allows."""
    change = set_changes(run(30, 0.9, seed=1), run(30, 0.5, seed=2), ["one"] * 30)["abstention_f1"]
    assert (change.low, change.high) == (-1, 1)


@pytest.mark.parametrize(
    "a",
    [
        [],
        [NOTHING] * 3,
        [SetFigures(None, 0.0)] * 3,
        [SetFigures(True, None)] * 3,  # all failed
    ],
)
def test_what_is_not_defined_is_left_out(a: list[SetFigures]) -> None:
    """Nobody says what is answerable, everything failed, or there are no questions."""
    assert set_changes(a, a, alone(len(a))) == {}


def test_without_unanswerable_questions_there_is_no_f1() -> None:
    """There is no refusal that could be right; AURC is there."""
    a = [of(answerable=True, declined=at == 0, sure=at / 9) for at in range(8)]
    assert set(set_changes(a, a, alone(8))) == {"aurc"}


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)),
            st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)),
            st.sampled_from("abc"),
        ),
        min_size=1,
        max_size=15,
    )
)
def test_differences_are_in_their_intervals_either_way(
    rows: list[tuple[bool, tuple[bool, float, float], tuple[bool, float, float], str]],
) -> None:
    """Whatever the runs: the difference lies in [low, high] within [-1, 1], and B less A mirrors A less B."""
    a = [of(answerable=can, declined=one[0], sure=one[1], risk=one[2]) for can, one, _, _ in rows]
    b = [of(answerable=can, declined=two[0], sure=two[1], risk=two[2]) for can, _, two, _ in rows]
    clusters = [row[3] for row in rows]
    forth, back = set_changes(a, b, clusters), set_changes(b, a, clusters)
    assert set(forth) == set(back)
    for name, change in forth.items():
        assert -1 <= change.low <= change.difference + 1e-9
        assert change.difference - 1e-9 <= change.high <= 1
        assert change.low == pytest.approx(-back[name].high)
        assert change.p == pytest.approx(back[name].p)


def test_coverage_is_of_questions_whose_risk_is_known() -> None:
    """One of two answered; a question of which nothing is known does not count."""
    assert covered([of(answerable=True, declined=True), of(answerable=True, declined=False)]) == 0.5
    assert covered([NOTHING]) is None

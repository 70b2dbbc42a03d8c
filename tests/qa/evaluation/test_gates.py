"""A gate passes only if its figure is there and on the right side; what is no gate is refused at once."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from index.errors import UsageError
from qa.errors import GateFailed
from qa.evaluation.gates import (
    NAMES,
    Gate,
    GateResult,
    evaluate,
    parse_gates,
    require,
    verdict_line,
)
from qa.evaluation.metrics.aggregate import scores
from qa.evaluation.metrics.per_question import METRICS
from tests.support.records import failed, record

SCORES: dict[str, object] = {
    "counts": {"questions": 200, "errors": 3, "abstained": 7},
    "metrics": {
        "citation_f1": {"mean": 0.82, "low": 0.78, "high": 0.86, "n": 200},
        "R@5": {"mean": 0.9, "low": 0.88, "high": 0.92, "n": 200},
        "error_rate": {"mean": 0.01, "low": 0.0, "high": 0.03, "n": 200},
        "abstained": {"mean": 0.035, "low": 0.02, "high": 0.06, "n": 200},
    },
    "timing": {"seconds": {"p50": 0.5, "p95": 2.0, "mean": 0.8, "n": 200}, "search_seconds": {"p95": 0.1}},
    "cost": {"prompt_tokens": 1000, "completion_tokens": 10, "cost_usd": None},
}


def one(written: str, bound: str = "min", *, confident: bool = False) -> GateResult:
    """What becomes of one gate."""
    gates = parse_gates([written], []) if bound == "min" else parse_gates([], [written])
    (outcome,) = evaluate(gates, SCORES, confident=confident)
    return outcome


@pytest.mark.parametrize(
    ("bound", "written", "on_figure", "confident"),
    [
        ("min", "citation_f1=0.8", True, False),
        ("min", "citation_f1=0.78", True, True),
        ("min", "citation_f1=0.83", False, False),
        ("max", "citation_f1=0.83", True, False),
        ("max", "citation_f1=.86", True, True),
        ("min", "R@5 = 0.9", True, False),
        ("max", "error_rate=0.01", True, False),
        ("max", "error_rate=1e-3", False, False),
        ("max", "seconds_p95=2", True, True),
        ("max", "search_seconds_p95=0.05", False, False),
        ("max", "errors=2", False, False),
        ("max", "prompt_tokens=1000", True, True),
        ("max", "abstained=0.05", True, False),
    ],
)
def test_a_gate_holds_on_its_figure_or_on_the_end_that_speaks_against_it(
    bound: str, written: str, on_figure: bool, confident: bool
) -> None:
    """A figure that is the limit passes; what has no interval is taken as it is."""
    assert one(written, bound).passed is on_figure
    assert one(written, bound, confident=True).passed is confident


@pytest.mark.parametrize(
    "written", ["judged_correct=0", "cost_usd=9", "answer_seconds_p50=9", "unanswerable=9"]
)
def test_what_has_no_value_passes_no_gate(written: str) -> None:
    """Not measured is not good, whichever side the limit is."""
    for bound in ("min", "max"):
        outcome = one(written, bound)
        assert (outcome.passed, outcome.value) == (False, None)
        assert verdict_line(outcome).endswith("failed, it has no value in this run")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("citation_f2=0.8", "no figure called 'citation_f2'"),
        ("f1=0.8", "no figure called 'f1'"),
        ("citation_f1", "takes NAME=VALUE, not 'citation_f1'"),
        ("=0.8", "takes NAME=VALUE"),
        ("citation_f1=0.8=0.9", "no figure called 'citation_f1=0.8'"),
        ("citation_f1=80%", "'80%' is no number"),
        ("citation_f1=nan", "'nan' is no number"),
        ("seconds_p95=inf", "'inf' is no number"),
        ("citation_f1=", "'' is no number"),
        ("citation_f1=80", "80 is not between 0 and 1"),
        ("error_rate=-0.1", "-0.1 is not between 0 and 1"),
    ],
)
def test_what_is_no_gate_is_refused(written: str, expected: str) -> None:
    """Before anything is run, with what was meant."""
    with pytest.raises(UsageError, match=expected) as caught:
        parse_gates([written], [])
    assert caught.value.hint


def test_near_names_are_told() -> None:
    """Whatever their case."""
    with pytest.raises(UsageError) as caught:
        parse_gates([], ["ERROR_RATES=0.1"])
    assert "error_rate" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        parse_gates(["r@5=0.1"], [])
    assert "R@5" in caught.value.hint


def test_every_name_of_scores_can_be_a_gate() -> None:
    """What `scores` writes is known here, and is found where it stands."""
    written = json.loads(json.dumps(scores([record(1), failed(2)], {})))
    assert set(written["metrics"]) <= set(METRICS)
    assert {name for name in written["counts"] if name != "abstained"} <= set(NAMES)
    for name in ("error_rate", "seconds_p95", "cost_usd", "errors", "search_seconds_mean", "prompt_tokens"):
        (outcome,) = evaluate([Gate(name, "max", 1e9)], written)
        assert outcome.passed, name


def test_failed_gates_are_named() -> None:
    """All of them, in the error that ends the command with 5."""
    outcomes = evaluate(parse_gates(["citation_f1=0.9", "R@5=0.5"], ["errors=0"]), SCORES)
    with pytest.raises(GateFailed) as caught:
        require(outcomes)
    assert caught.value.exit_code == 5
    assert caught.value.cause == (
        "2 of 3 gates failed: citation_f1 >= 0.9: failed, it is 0.82 (0.78 to 0.86, n = 200); "
        "errors <= 0: failed, it is 3"
    )
    require(outcomes[1:2])


def test_the_line_tells_which_end_decided() -> None:
    """Where that is not the figure itself."""
    outcome = one("citation_f1=0.8", confident=True)
    assert verdict_line(outcome) == (
        "citation_f1 >= 0.8: failed, it is 0.82 (0.78 to 0.86, n = 200); the low end of its interval decides"
    )


def test_a_gate_given_twice_is_one() -> None:
    """In the order in which they were given."""
    assert parse_gates(["R@5=0.5", "R@5=.50"], ["R@5=0.5"]) == (
        Gate("R@5", "min", 0.5),
        Gate("R@5", "max", 0.5),
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.0, "1"),
        (0.01223812, "0.0122"),
        (0.0000123456, "1.23e-05"),
        (1234567, "1234567"),
        (0, "0"),
        (37.4669, "37.4669"),
    ],
)
def test_figures_are_shown_with_the_digits_that_matter(value: float, shown: str) -> None:
    """Shares, seconds, dollars and tokens alike."""
    outcome = GateResult(Gate("prompt_tokens", "max", 2e6), True, value, decided_on=value)
    assert verdict_line(outcome) == f"prompt_tokens <= 2000000: passed, it is {shown}"


@given(
    st.sampled_from(METRICS),
    st.sampled_from(["min", "max"]),
    st.floats(0, 1),
    st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted),
)
def test_confidence_never_passes_what_the_figure_does_not(
    name: str, bound: str, limit: float, figures: list[float]
) -> None:
    """The unfavourable end of an interval is no better than its middle."""
    low, mean, high = figures
    written = {"metrics": {name: {"mean": mean, "low": low, "high": high, "n": 5}}}
    gates = parse_gates(*([[f"{name}={limit!r}"], []] if bound == "min" else [[], [f"{name}={limit!r}"]]))
    (plain,), (confident,) = evaluate(gates, written), evaluate(gates, written, confident=True)
    assert plain.passed >= confident.passed
    assert plain.passed == (mean >= limit if bound == "min" else mean <= limit)

"""A gate passes only if its figure has a value on the right side; a malformed gate is refused."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, strategies as st

from index.errors import UsageError
from qa.errors import GateFailed
from qa.evaluation.comparison import Comparison, MetricChange, RunTable, compare
from qa.evaluation.gates import (
    NAMES,
    Gate,
    GateResult,
    LossResult,
    check_gates,
    check_losses,
    loss_line,
    parse_gates,
    parse_loss_metrics,
    require_passed,
    result_line,
)
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.per_question import LESS_IS_BETTER, METRICS, NEITHER_IS_BETTER
from qa.evaluation.report.html.metric_words import metric
from qa.evaluation.stats.intervals import Difference
from qa.evaluation.types import Cost, Estimate, Percentiles, RunCost, RunCounts, Timing
from tests.support.records import failed, record

NONE = Percentiles(None, None, None, 0)
SCORES = replace(
    score_records([record(1), failed(2)], {}),
    counts=RunCounts(
        questions=200,
        records=200,
        answered=190,
        abstained=7,
        errors=3,
        unanswerable=0,
        judged=0,
        unreadable=0,
    ),
    metrics={
        "citation_f1": Estimate(0.82, 0.78, 0.86, 200),
        "R@5": Estimate(0.9, 0.88, 0.92, 200),
        "error_rate": Estimate(0.01, 0.0, 0.03, 200),
        "abstained": Estimate(0.035, 0.02, 0.06, 200),
    },
    timing=Timing(
        seconds=Percentiles(0.5, 2.0, 0.8, 200),
        search_seconds=Percentiles(0.05, 0.1, 0.06, 200),
        answer_seconds=NONE,
    ),
    cost=RunCost(1000, 10, None, unpriced=190, judge=Cost(0, 0, 0.0, unpriced=0)),
)


def result_of(written: str, bound: str = "min", *, confident: bool = False) -> GateResult:
    """The result of one gate."""
    gates = parse_gates([written], []) if bound == "min" else parse_gates([], [written])
    (result,) = check_gates(gates, SCORES, confident=confident)
    return result


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
    assert result_of(written, bound).passed is on_figure
    assert result_of(written, bound, confident=True).passed is confident


@pytest.mark.parametrize(
    "written", ["judged_correct=0", "cost_usd=9", "answer_seconds_p50=9", "answer_seconds_mean=9"]
)
def test_what_has_no_value_passes_no_gate(written: str) -> None:
    """Not measured is not good, whichever side the limit is."""
    for bound in ("min", "max"):
        result = result_of(written, bound)
        assert (result.passed, result.value) == (False, None)
        assert result_line(result).endswith("failed, it has no value in this run")


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


def test_near_names_are_suggested() -> None:
    """Whatever their case."""
    with pytest.raises(UsageError) as caught:
        parse_gates([], ["ERROR_RATES=0.1"])
    assert "error_rate" in caught.value.hint
    with pytest.raises(UsageError) as caught:
        parse_gates(["r@5=0.1"], [])
    assert "R@5" in caught.value.hint


def test_every_name_of_scores_can_be_a_gate() -> None:
    """Metrics, and every count, time and cost is found in `Scores`; `abstained` is the metric."""
    scores = score_records([record(1), failed(2)], {})
    assert {each.name for each in fields(RunCounts)} <= set(NAMES)
    measured = [*scores.metrics, *(name for name in NAMES if name not in METRICS)]
    for result in check_gates([Gate(name, "max", 1e9) for name in measured], scores):
        assert result.passed, result.gate.name


def test_failed_gates_are_named() -> None:
    """All of them, in the error that ends the command with 5."""
    results = check_gates(parse_gates(["citation_f1=0.9", "R@5=0.5"], ["errors=0"]), SCORES)
    with pytest.raises(GateFailed) as caught:
        require_passed(results)
    assert caught.value.exit_code == 5
    assert caught.value.cause == (
        "2 of 3 gates failed: citation_f1 >= 0.9: failed, it is 0.82 (0.78 to 0.86, n = 200); "
        "errors <= 0: failed, it is 3"
    )
    require_passed(results[1:2])


def test_the_line_tells_which_end_decided() -> None:
    """Where that is not the figure itself."""
    result = result_of("citation_f1=0.8", confident=True)
    assert result_line(result) == (
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
    result = GateResult(Gate("prompt_tokens", "max", 2e6), True, value, decided_on=value)
    assert result_line(result) == f"prompt_tokens <= 2000000: passed, it is {shown}"


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
    scores = replace(SCORES, metrics={name: Estimate(mean, low, high, 5)})
    gates = parse_gates(*([[f"{name}={limit!r}"], []] if bound == "min" else [[], [f"{name}={limit!r}"]]))
    (plain,), (confident,) = check_gates(gates, scores), check_gates(gates, scores, confident=True)
    assert plain.passed >= confident.passed
    assert plain.passed == (mean >= limit if bound == "min" else mean <= limit)


def compared(*changes: MetricChange, error_rates: tuple[float, float] = (0.0, 0.0)) -> Comparison:
    """A comparison with these metrics alone."""
    return replace(
        compare(RunTable("a", {}), RunTable("b", {})), metrics=changes, error_rates=error_rates, paired=40
    )


def change_of(name: str, low: float, high: float) -> MetricChange:
    """A difference with this interval."""
    return MetricChange(name, Difference(0.5, 0.5 + (low + high) / 2, (low + high) / 2, low, high, 40, 0.01))


@pytest.mark.parametrize(
    ("name", "low", "high", "passed"),
    [
        ("citation_f1", -0.09, -0.03, False),  # all of the interval is a loss
        ("citation_f1", -0.09, 0.0, True),  # no loss is not excluded
        ("citation_f1", -0.09, 0.03, True),
        ("citation_f1", 0.03, 0.09, True),
        ("aurc", 0.03, 0.09, False),  # less is better
        ("aurc", -0.09, -0.03, True),
        ("claims_suspect", 0.001, 0.09, False),
        ("error_rate", 0.1, 0.3, False),
    ],
)
def test_a_loss_is_what_the_whole_interval_shows(name: str, low: float, high: float, passed: bool) -> None:
    """Either way round, as the metric has it."""
    (result,) = check_losses([name], compared(change_of(name, low, high)))
    assert result.passed is passed
    assert loss_line(result).startswith(f"{name}: {'passed' if passed else 'failed'}")


def test_what_is_not_in_both_runs_passes_nothing() -> None:
    """But errors, where there were none."""
    citations, errors = check_losses(["citation_f1", "error_rate"], compared())
    assert (citations.passed, errors.passed) == (False, True)
    assert loss_line(citations) == "citation_f1: failed, it is not in both runs"
    assert loss_line(errors) == "error_rate: passed, nothing failed"
    (failed_once,) = check_losses(["error_rate"], compared(error_rates=(0.0, 0.1)))
    assert not failed_once.passed


def test_losses_are_named_together() -> None:
    """The error names those that failed, with what was lost."""
    results = check_losses(
        ["citation_f1", "R@5"], compared(change_of("citation_f1", -0.09, -0.03), change_of("R@5", -0.1, 0.1))
    )
    with pytest.raises(GateFailed) as raised:
        require_passed(results)
    assert raised.value.cause == (
        "1 of 2 gates failed: citation_f1: failed, B is worse: -6.0 points"
        " (95 % interval -9.0 to -3.0, n = 40)"
    )
    require_passed([LossResult("R@5", passed=True)])


@pytest.mark.parametrize("name", ["coverage", "abstained", "citaton_f1", "seconds_p95", "", "R@5=0.1"])
def test_no_loss_can_be_told_of_what_has_no_better(name: str) -> None:
    """Nor of what is no metric; the hint names what there is."""
    with pytest.raises(UsageError) as raised:
        parse_loss_metrics([name])
    assert raised.value.hint


def test_metrics_are_gated_once() -> None:
    """However often they are named."""
    assert parse_loss_metrics(["R@5", "aurc", "R@5"]) == ("R@5", "aurc")


def test_directions_are_those_of_the_report() -> None:
    """What is better is said in two places, and is one thing."""
    for name in METRICS:
        better = "less" if name in LESS_IS_BETTER else "" if name in NEITHER_IS_BETTER else "more"
        assert metric(name).better == better, name

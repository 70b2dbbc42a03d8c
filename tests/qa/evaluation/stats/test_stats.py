"""Intervals, differences, tests: against scipy, by brute force, in worked examples, where they degenerate."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from statistics import NormalDist, fmean

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.typing import NDArray

from qa.evaluation.stats.agreement import kappa
from qa.evaluation.stats.intervals import (
    Difference,
    differences,
    interval_of,
    intervals,
    intervals_by,
    percentile,
)
from qa.evaluation.stats.jackknife import cluster_numbers, freedom_of, jackknife, spread_of
from qa.evaluation.stats.significance import holm, mcnemar
from qa.evaluation.stats.student_t import quantile, tail
from qa.evaluation.types import Estimate
from tests.support.timeouts import SLOWER

Array = NDArray[np.float64]

shares = st.floats(0, 1) | st.sampled_from([0.0, 0.5, 1.0])
columns = st.lists(st.tuples(shares, shares, st.sampled_from("abcdef")), min_size=1, max_size=40)


def apart(n: int) -> list[str]:
    """As many clusters as questions."""
    return [str(at) for at in range(n)]


def mean_of(values: list[float], clusters: list[str]) -> Estimate:
    """The interval of one column."""
    return intervals({"m": values}, clusters)["m"]


def change_of(a: list[float], b: list[float], clusters: list[str]) -> Difference:
    """The difference of one column."""
    return differences({"m": a}, {"m": b}, clusters)["m"]


@pytest.mark.parametrize("freedom", [0.3, 1, 1.3, 2.5, 5, 9, 28.2, 199, 4000, 1e6])
def test_students_t_is_scipys(freedom: float) -> None:
    """Quantiles and two-sided tails equal scipy's, for degrees of freedom that are whole or not."""
    import scipy.stats

    for level in (0.5, 0.9, 0.95, 0.99):
        assert quantile(level, freedom) == pytest.approx(
            scipy.stats.t.ppf((1 + level) / 2, freedom), rel=1e-7
        )
    for t in (0.01, 0.7, 1.96, 5.0, 40.0):
        assert tail(-t, freedom) == pytest.approx(2 * scipy.stats.t.sf(t, freedom), rel=1e-7, abs=1e-12)


def test_students_t_without_freedom_or_spread() -> None:
    """No degrees of freedom: an infinite quantile, a p of 1. An infinite t: a p of 0."""
    assert quantile(0.95, 0) == quantile(0.95, -1) == math.inf
    assert tail(100, 0) == 1
    assert tail(math.inf, 3) == 0
    assert quantile(0.95, 0.01) == math.inf


def test_a_difference_of_separate_questions_is_the_paired_t_test() -> None:
    """For 1,000 random pairs of columns without clusters: scipy's paired t-test, p and interval."""
    import scipy.stats

    rng = np.random.default_rng(1)
    for _ in range(50):
        n = int(rng.integers(12, 60))
        a, b = rng.random((20, n)), rng.random((20, n))
        ours = differences(
            {str(at): row.tolist() for at, row in enumerate(a)},
            {str(at): row.tolist() for at, row in enumerate(b)},
            apart(n),
        )
        theirs = scipy.stats.ttest_rel(b, a, axis=1)
        ends = theirs.confidence_interval(0.95)
        assert [one.p for one in ours.values()] == pytest.approx(theirs.pvalue.tolist(), rel=1e-6)
        assert [one.low for one in ours.values()] == pytest.approx(ends.low.tolist(), rel=1e-6, abs=1e-9)
        assert [one.high for one in ours.values()] == pytest.approx(ends.high.tolist(), rel=1e-6, abs=1e-9)


def test_a_mean_of_many_yes_and_no_is_wilsons() -> None:
    """For a share of 5,000 separate questions, where t is the normal: scipy's Wilson interval."""
    import scipy.stats

    for right in (0, 3, 400, 2500, 4990, 5000):
        ours = mean_of([1.0] * right + [0.0] * (5000 - right), apart(5000))
        wilson = scipy.stats.binomtest(right, 5000).proportion_ci(method="wilson")
        assert ours.low == pytest.approx(wilson.low, abs=1e-5)
        assert ours.high == pytest.approx(wilson.high, abs=1e-5)


def test_the_variance_is_what_leaving_out_each_document_gives() -> None:
    """The closed form equals the jackknife done by hand, with values missing and sizes unequal."""
    rng = random.Random(2)
    for _ in range(200):
        clusters = [rng.choice("abcdefg") for _ in range(rng.randint(2, 30))]
        values = [rng.random() if rng.random() < 0.8 else math.nan for _ in clusters]
        there = [(value, name) for value, name in zip(values, clusters, strict=True) if not math.isnan(value)]
        names = sorted({name for _, name in there})
        if len(names) < 2:
            continue
        whole = fmean(value for value, _ in there)
        without = [fmean(value for value, name in there if name != left) for left in names]
        expected = (len(names) - 1) / len(names) * sum((one - whole) ** 2 for one in without)
        spread = spread_of(np.array([values]).T, cluster_numbers(clusters))
        assert spread.variance[0] == pytest.approx(expected, abs=1e-15)
        assert spread.mean[0] == pytest.approx(whole)
        assert spread.n[0] == len(there)


def test_the_degrees_of_freedom_are_the_traces_they_stand_for() -> None:
    """The sums over groups equal tr(AO)² / tr(AOAO) with the matrices written out."""
    rng = np.random.default_rng(3)
    for _ in range(200):
        sizes = rng.integers(1, 50, int(rng.integers(2, 12))).astype(float)
        h, p = sizes / sizes.sum(), sizes * (1 + 0.1 * (sizes - 1))
        covariance = np.diag(p) - np.outer(p, h) - np.outer(h, p) + p.sum() * np.outer(h, h)
        product = np.diag(1 / (1 - h) ** 2) @ covariance
        expected = np.trace(product) ** 2 / np.trace(product @ product)
        assert freedom_of(sizes[:, None])[0] == pytest.approx(expected)


def test_degrees_of_freedom_count_documents_that_weigh() -> None:
    """Equal documents: one less than there are. Ten large ones among 190 single questions: below 20."""
    assert freedom_of(np.full((30, 1), 10.0))[0] == pytest.approx(29)
    assert freedom_of(np.array([[40.0], [0.0], [40.0]]))[0] == pytest.approx(1)
    assert freedom_of(np.array([[40.0]]))[0] == 0
    large = np.array([[20.0]] * 10 + [[1.0]] * 190)
    assert 9 < freedom_of(large)[0] < 20


@given(columns)
def test_intervals_hold_their_mean_and_stay_within_bounds(rows: list[tuple[float, float, str]]) -> None:
    """Means within [0, 1], differences within [-1, 1]; p is below 0.05 exactly where 0 is left out."""
    a, b, clusters = ([row[at] for row in rows] for at in range(3))
    one = mean_of(a, clusters)  # type: ignore[arg-type]  # columns of a tuple's parts
    assert 0 <= one.low <= one.mean + 1e-12
    assert one.mean - 1e-12 <= one.high <= 1
    change = change_of(a, b, clusters)  # type: ignore[arg-type]  # as above
    assert -1 <= change.low <= change.difference + 1e-12
    assert change.difference - 1e-12 <= change.high <= 1
    assert (change.p < 0.05) == (change.low > 0 or change.high < 0)
    assert change.difference == pytest.approx(change.mean_b - change.mean_a, abs=1e-12)


@given(columns)
def test_swapping_the_runs_turns_the_difference_round(rows: list[tuple[float, float, str]]) -> None:
    """`differences(b, a)` is the mirror image of `differences(a, b)`, with the same p."""
    a, b, clusters = ([row[at] for row in rows] for at in range(3))
    there, back = change_of(a, b, clusters), change_of(b, a, clusters)  # type: ignore[arg-type]  # as above
    assert (there.low, there.high, there.p) == pytest.approx((-back.high, -back.low, back.p), abs=1e-9)


@given(columns, st.randoms())
def test_neither_the_order_nor_the_names_of_documents_matter(
    rows: list[tuple[float, float, str]], rng: random.Random
) -> None:
    """Shuffled questions and renamed documents give the same interval."""
    mixed = rng.sample(rows, len(rows))
    one = mean_of([row[0] for row in rows], [row[2] for row in rows])
    other = mean_of([row[0] for row in mixed], ["doc" + row[2] for row in mixed])
    assert (one.mean, one.low, one.high) == pytest.approx((other.mean, other.low, other.high), abs=1e-9)


def test_one_question_or_one_document_says_nothing_of_others() -> None:
    """The interval is everything, and no difference is clear."""
    assert mean_of([1.0], ["a"]) == Estimate(1.0, 0.0, 1.0, 1)
    assert mean_of([1.0, 0.0, 1.0, 1.0], ["a"] * 4) == Estimate(0.75, 0.0, 1.0, 4)
    change = change_of([0.0] * 30, [1.0] * 30, ["a"] * 30)
    assert (change.low, change.high, change.p) == (-1.0, 1.0, 1.0)


def test_equal_values_still_have_a_width() -> None:
    """20 right of 20: low is 20 / (20 + t²), t with 19 degrees of freedom; the same the other way round."""
    import scipy.stats

    t = scipy.stats.t.ppf(0.975, 19)
    one = mean_of([1.0] * 20, apart(20))
    assert (one.low, one.high) == pytest.approx((20 / (20 + t * t), 1.0))
    other = mean_of([0.0] * 20, apart(20))
    assert (other.low, other.high) == pytest.approx((0.0, 1 - 20 / (20 + t * t)))
    assert mean_of([0.5] * 20, apart(20)).low < 0.3
    few = mean_of([1.0] * 20, [str(at % 4) for at in range(20)])
    assert few.low < one.low


def test_runs_without_a_change_may_still_differ() -> None:
    """No question changed: the difference is 0 with a width that shrinks with n, and p is 1."""
    one = change_of([1.0] * 20, [1.0] * 20, apart(20))
    assert (one.difference, one.p) == (0, 1)
    assert one.low == -one.high
    assert 0.1 < one.high < 0.2
    assert change_of([1.0] * 400, [1.0] * 400, apart(400)).high < 0.011


def test_a_handful_of_changes_is_no_proof() -> None:
    """5 of 400 questions changed, all for the better: not clear, as McNemar's p has it; 8 are."""
    before = [0.0] * 400
    for changed, clear in ((5, False), (8, True)):
        after = [1.0] * changed + [0.0] * (400 - changed)
        one = change_of(before, after, apart(400))
        assert (one.p < 0.05) == (mcnemar(0, changed) < 0.05) == clear
    assert change_of(before, [1.0] + [0.0] * 399, apart(400)).high < 0.02


def test_a_change_of_all_questions_alike_is_seen() -> None:
    """All of 20 questions from 0 to 1: clear, and not without a width."""
    import scipy.stats

    one = change_of([0.0] * 20, [1.0] * 20, apart(20))
    assert one.p < 0.001
    assert 0.6 < one.low < 0.7
    assert one.high == 1
    for n in (30, 60):  # t is 0.3 times the root of n: 1.6 and 2.3
        small = change_of([0.0] * n, [0.3] * n, apart(n))
        assert small.p == pytest.approx(2 * scipy.stats.t.sf(0.3 * math.sqrt(n), n - 1))
        assert (small.p < 0.05) == (small.low > 0) == (n == 60)


def test_questions_of_one_document_count_for_less() -> None:
    """The same values in 5 documents that go well or badly as a whole: a far wider interval."""
    values = [float(at % 5 < 3) for at in range(100)]
    together = mean_of(values, [str(at % 5) for at in range(100)])
    separate = mean_of(values, apart(100))
    assert together.high - together.low > 3 * (separate.high - separate.low)


def test_clusters_that_happen_to_be_alike_do_not_narrow_it() -> None:
    """Documents with the very same mean: no narrower than if each question were its own document."""
    values = [float(at % 2) for at in range(39)] + [0.9]
    together = mean_of(values, [str(at // 10) for at in range(40)])
    separate = mean_of(values, apart(40))
    assert (together.low, together.high) == pytest.approx((separate.low, separate.high))


def test_a_column_counts_where_it_is_defined() -> None:
    """Questions without a value are left out with their documents, and so is a column without any."""
    estimates = intervals({"some": [1.0, None, 0.0, None], "none": [None] * 4}, ["a", "b", "c", "d"])
    assert estimates == {"some": mean_of([1.0, 0.0], ["a", "c"])}
    pairs = differences(
        {"m": [1.0, None, 0.0, 0.5], "x": [1.0] * 4}, {"m": [0.0, 1.0, None, 1.0]}, ["a", "b", "c", "d"]
    )
    assert pairs == {"m": change_of([1.0, 0.5], [0.0, 1.0], ["a", "d"])}
    assert intervals({"m": []}, []) == intervals({}, ["a"]) == {}
    assert differences({"m": []}, {"m": []}, []) == differences({"m": [1.0]}, {}, ["a"]) == {}
    assert differences({"m": [1.0, None]}, {"m": [None, 1.0]}, ["a", "b"]) == {}


def test_impossible_values_are_refused() -> None:
    """A value outside [0, 1], or a column of another length, is an error and not an interval."""
    with pytest.raises(ValueError, match="outside"):
        intervals({"m": [1.2]}, ["a"])
    with pytest.raises(ValueError, match="outside"):
        differences({"m": [1.0]}, {"m": [-0.1]}, ["a"])
    with pytest.raises(ValueError, match="m has 2 values for 1 questions"):
        intervals({"m": [1.0, 0.0]}, ["a"])


def test_a_group_is_as_if_it_were_alone() -> None:
    """Each group's intervals are those of its questions by themselves, whatever documents they share."""
    rng = random.Random(4)
    values = [rng.random() if rng.random() < 0.9 else None for _ in range(60)]
    clusters = [rng.choice("abcdefghij") for _ in range(60)]
    groups = {"odd": range(1, 60, 2), "few": [0, 7, 9, 11, 12], "one": [3], "none": []}
    estimates = intervals_by(groups, {"m": values}, clusters)
    for name, rows in groups.items():
        alone = intervals({"m": [values[at] for at in rows]}, [clusters[at] for at in rows])
        assert estimates[name].keys() == alone.keys()
        for one, other in zip(estimates[name].values(), alone.values(), strict=True):
            assert (one.low, one.high, one.n) == pytest.approx((other.low, other.high, other.n), abs=1e-12)


def test_a_group_within_a_few_documents_has_wide_intervals() -> None:
    """Questions of every other document, whose means are alike: no narrower than the questions alone."""
    clusters = ["a", "b", "b", "c", "d", "d", "e", "f", "f", "g", "h", "h"]
    values = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.9]
    rows = [at for at, name in enumerate(clusters) if name in "bdfh"]
    estimate = intervals_by({"": rows}, {"m": values}, clusters)[""]["m"]
    alone = mean_of([values[at] for at in rows], apart(8))
    assert (estimate.low, estimate.high) == pytest.approx((alone.low, alone.high))


def test_many_columns_are_quick() -> None:
    """4,000 questions, 60 columns and 15 tags take seconds, not minutes (0.5 s where this was written)."""
    rng = random.Random(5)
    clusters = [f"d{at % 10}" if at < 1900 else f"q{at}" for at in range(4000)]
    table = {f"m{n}": [rng.random() if rng.random() < 0.9 else None for _ in clusters] for n in range(60)}
    groups = {str(tag): [at for at in range(4000) if (7 * at + tag) % 15 < 3] for tag in range(15)}
    started = time.perf_counter()
    estimates = intervals_by(groups, table, clusters)
    assert time.perf_counter() - started < 1 * SLOWER
    assert len(estimates) == 15


def mean_statistic(values: list[float]) -> Callable[[Array], Array]:
    """The weighted mean, as a figure of a whole set."""
    return lambda weights: weights @ np.array(values) / weights.sum(axis=1)


def test_a_figure_of_all_questions_has_the_interval_of_a_mean_if_it_is_one() -> None:
    """`interval_of` the mean equals `intervals`, with and without documents."""
    rng = random.Random(6)
    for clusters in (apart(40), [str(at % 7) for at in range(40)], ["a"] * 40):
        values = [float(rng.random() < 0.8) for _ in clusters]
        one, other = interval_of(mean_statistic(values), clusters), mean_of(values, clusters)
        assert one is not None
        assert (one.mean, one.low, one.high, one.n) == pytest.approx(
            (other.mean, other.low, other.high, other.n), abs=1e-9
        )


def test_the_jackknife_agrees_with_a_bootstrap() -> None:
    """The standard error of an F1 over 300 questions is that of scipy's bootstrap, but for its noise."""
    import scipy.stats

    rng = np.random.default_rng(7)
    hit, answered, gold = (rng.random((3, 300)) < [[0.3], [0.5], [0.5]]).astype(float)
    hit = hit * answered * gold

    def f1(weights: Array) -> Array:
        return np.asarray(2 * (weights @ hit) / (weights @ (answered + gold)), dtype=float)

    value = float(f1(np.ones((1, 300)))[0])
    variance, freedom = jackknife(f1, value, np.arange(300))
    drawn = scipy.stats.bootstrap(
        (hit, answered + gold), lambda x, y, axis=-1: 2 * x.sum(axis) / y.sum(axis), paired=True, rng=rng
    )
    assert math.sqrt(variance) == pytest.approx(float(drawn.standard_error), rel=0.05)
    assert freedom == pytest.approx(299)


def test_a_figure_that_is_not_defined_has_no_interval() -> None:
    """None if all questions together have none; everything if one document alone gives it."""
    assert interval_of(lambda weights: np.full(len(weights), np.nan), ["a", "b"]) is None
    assert interval_of(mean_statistic([]), []) is None
    one = interval_of(lambda weights: np.where(weights[:, 0] > 0, 0.5, np.nan), ["a", "b", "b"])
    assert one == Estimate(0.5, 0.0, 1.0, 3)


def test_a_figure_may_lie_below_0() -> None:
    """A difference of two figures lies in [-1, 1], and so does its interval."""
    rng = random.Random(8)
    changes = [rng.choice([-1.0, 0.0, 1.0]) for _ in range(50)]
    one = interval_of(mean_statistic(changes), apart(50), lowest=-1)
    assert one is not None
    assert -1 < one.low < one.mean < one.high < 1
    halved = mean_of([(1 + change) / 2 for change in changes], apart(50))
    assert (one.low, one.high) == pytest.approx((2 * halved.low - 1, 2 * halved.high - 1))


def test_mcnemar_is_the_exact_binomial_test() -> None:
    """All splits of up to 40 changed questions, 300 random ones and one of many: scipy's binomtest."""
    import scipy.stats

    rng = random.Random(9)
    splits = [(a, n - a) for n in range(1, 41) for a in range(n + 1)]
    splits += [(rng.randint(0, 500), rng.randint(1, 500)) for _ in range(300)] + [(5000, 5200)]
    for a, b in splits:
        assert mcnemar(a, b) == pytest.approx(scipy.stats.binomtest(a, a + b).pvalue, rel=1e-9), (a, b)
    assert mcnemar(0, 0) == 1


def test_holm_by_hand() -> None:
    """0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02; no adjusted p falls below the one before."""
    adjusted = holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005})
    assert adjusted == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert list(adjusted) == ["a", "b", "c", "d"]
    assert holm({}) == {}


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_steps_down(ps: list[float]) -> None:
    """Rejecting by the adjusted p at 0.05 is stepping down through 0.05 / m, 0.05 / (m - 1) and so on."""
    names = {str(at): p for at, p in enumerate(ps)}
    adjusted = holm(names)
    going = True
    for rank, name in enumerate(sorted(names, key=lambda name: (names[name], name))):
        going = going and names[name] * (len(ps) - rank) < 0.05
        assert (adjusted[name] < 0.05) == going


def test_kappa_by_hand() -> None:
    """Two raters, 50 items, 20 and 15 the same, 5 and 10 not: 0.7 observed, 0.5 by chance, kappa 0.4."""
    one = ["yes"] * 25 + ["no"] * 25
    other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    estimate = kappa(one, other, apart(50))
    assert estimate is not None
    assert estimate.mean == pytest.approx(0.4)
    assert 0.1 < estimate.low < 0.2
    assert 0.6 < estimate.high < 0.7


def test_kappa_is_the_formula() -> None:
    """(observed - by chance) / (1 - by chance), for 500 random pairs of up to four labels."""
    rng = random.Random(10)
    for _ in range(500):
        n = rng.randint(2, 40)
        one, other = ([rng.choice("abcd"[: rng.randint(1, 4)]) for _ in range(n)] for _ in range(2))
        observed = sum(x == y for x, y in zip(one, other, strict=True)) / n
        chance = sum(one.count(label) * other.count(label) for label in "abcd") / n**2
        estimate = kappa(one, other, apart(n))
        if chance == 1:
            assert estimate is None
        else:
            assert estimate is not None
            assert estimate.mean == pytest.approx((observed - chance) / (1 - chance))
            assert -1 <= estimate.low <= estimate.mean + 1e-12
            assert estimate.mean - 1e-12 <= estimate.high <= 1


def test_kappas_error_is_the_one_of_its_large_samples() -> None:
    """Half of the interval of 2,000 items is 1.96 times the error of Fleiss, Cohen and Everitt (1969)."""
    rng = random.Random(11)
    one = [rng.choice("aab") for _ in range(2000)]
    other = [label if rng.random() < 0.6 else rng.choice("aab") for label in one]
    p = {(x, y): 0.0 for x in "ab" for y in "ab"}
    for pair in zip(one, other, strict=True):
        p[pair] += 1 / 2000
    rows = {x: p[x, "a"] + p[x, "b"] for x in "ab"}
    sides = {x: p["a", x] + p["b", x] for x in "ab"}
    chance = sum(rows[x] * sides[x] for x in "ab")
    estimate = kappa(one, other, apart(2000))
    assert estimate is not None
    k = estimate.mean
    first = sum(p[x, x] * (1 - (rows[x] + sides[x]) * (1 - k)) ** 2 for x in "ab")
    second = (1 - k) ** 2 * sum(p[x, y] * (sides[x] + rows[y]) ** 2 for x in "ab" for y in "ab" if x != y)
    error = math.sqrt((first + second - (k - chance * (1 - k)) ** 2) / 2000) / (1 - chance)
    half = NormalDist().inv_cdf(0.975) * error
    assert (estimate.high - estimate.low) / 2 == pytest.approx(half, rel=0.02)


def test_raters_who_agree_by_chance_on_a_rare_label() -> None:
    """Two raters who know nothing of each other: kappa's interval holds 0 at least 95 times in 100."""
    rng = random.Random(12)
    held = []
    for _ in range(200):
        one, other = (["yes" if rng.random() < 0.1 else "no" for _ in range(50)] for _ in range(2))
        estimate = kappa(one, other, apart(50))
        held.append(estimate is None or estimate.low <= 0 <= estimate.high)
    assert sum(held) >= 190


def test_kappa_where_little_is_known() -> None:
    """Full agreement is not certain, one label tells nothing, one document tells nothing of others."""
    full = kappa(["a", "b"] * 10, ["a", "b"] * 10, apart(20))
    assert full is not None
    assert full.mean == full.high == 1
    assert 0.5 < full.low < 0.8
    assert kappa(["a"] * 5, ["a"] * 5, apart(5)) is None
    assert kappa([], [], []) is None
    one = kappa(["a", "b", "a"], ["a", "b", "b"], ["x"] * 3)
    assert one is not None
    assert (one.low, one.high) == (-1, 1)
    with pytest.raises(ValueError, match="two labels"):
        kappa(["a"], [], ["x"])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_percentiles_are_numpys(values: list[float], share: float) -> None:
    """By straight line between two values, as numpy has it."""
    assert percentile(values, share) == pytest.approx(float(np.quantile(values, share)), abs=1e-6)


def test_no_values_have_no_percentile() -> None:
    """An error, and no number made up."""
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_intervals_hold_what_they_say() -> None:
    """Of 400 sets of 10 unequal documents at most 8 in 100 intervals miss; of a bootstrap's more do."""
    rng = np.random.default_rng(12)
    sizes = [36, 29, 29, 20, 18, 18, 16, 14, 12, 8]
    clusters = [str(at) for at, size in enumerate(sizes) for _ in range(size)]
    codes = np.array([int(name) for name in clusters])
    right = rng.beta(0.7 * 9, 0.3 * 9, (400, 10))[:, codes]
    values = (rng.random((400, 200)) < right).astype(float)
    ours = intervals({str(at): row.tolist() for at, row in enumerate(values)}, clusters).values()
    assert np.mean([one.low <= 0.7 <= one.high for one in ours]) > 0.92
    sums = np.array([[row[codes == at].sum() for at in range(10)] for row in values])
    drawn = rng.multinomial(10, [0.1] * 10, 1000)
    low, high = np.quantile(drawn @ sums.T / (drawn @ np.array(sizes))[:, None], [0.025, 0.975], axis=0)
    assert np.mean((low <= 0.7) & (high >= 0.7)) < 0.92

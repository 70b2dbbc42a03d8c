"""Two runs compared: pairing, which differences are clear, sentences, text and JSON."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.comparison import (
    Comparison,
    MetricChange,
    QuestionFigures,
    RunTable,
    compare,
    points,
)
from qa.evaluation.metrics.abstention import Decision
from qa.evaluation.metrics.set_changes import SetFigures
from qa.evaluation.report.comparison_json import comparison_object
from qa.evaluation.report.comparison_text import comparison_text
from qa.evaluation.stats.significance import mcnemar
from qa.output.text import cells

HOSTILE = "a\x1b[2J\u202e\nb\tc"


def row(at: int = 0, *, status: str = "answered", **values: float) -> QuestionFigures:
    """A question with these figures, its own document and an answer that tells its number."""
    names = {name.replace("_at_", "@"): value for name, value in values.items()}
    return QuestionFigures(f"Question {at}?", f"doc{at}", names, status, f"Answer {at}.")


def run(name: str, *rows: QuestionFigures) -> RunTable:
    """A run with the rows under the keys k0, k1, …, in this order."""
    return RunTable(name, {f"k{at}": one for at, one in enumerate(rows)})


def runs(n: int = 200, gain: float = 0.0, *, seed: int = 1) -> tuple[RunTable, RunTable]:
    """Two runs with figures for every family; B's citations are better by about `gain`."""
    rng = random.Random(seed)
    a, b = [], []
    for at in range(n):
        right, cited, f1 = float(rng.random() < 0.8), rng.random() * 0.8, rng.random()
        a.append(row(at, R_at_5=right, citation_f1=cited, token_f1=f1, right_decision=right))
        better = min(1.0, max(0.0, cited + gain + rng.gauss(0, 0.05)))
        b.append(row(at, R_at_5=right, citation_f1=better, token_f1=f1, right_decision=right))
    return run("base", *a), run("new", *b)


def metric_of(comparison: Comparison, name: str) -> MetricChange:
    """The metric of this name."""
    return next(one for one in comparison.metrics if one.name == name)


def test_a_clear_difference_is_written_with_its_interval() -> None:
    """The sentence names what is better, by how much and within what, then what is not clear."""
    comparison = compare(*runs(gain=0.06))
    first, *rest = comparison.sentence.split("; ")
    change = metric_of(comparison, "citation_f1").change
    assert first == (
        f"B cites better: +{100 * change.difference:.1f} points, "
        f"95 % interval {100 * change.low:.1f} to {100 * change.high:.1f}"
    )
    assert 4 < 100 * change.low < 100 * change.high < 8
    assert [phrase.split(": ")[0] for phrase in rest] == ["retrieval", "answers", "saying no"]
    assert all(
        "none of 200 questions changed (95 % interval: B 1.9 points worse to 1.9 better)" in one
        for one in rest
    )


def test_worse_is_written_as_plainly() -> None:
    """With the runs swapped, B cites worse, by the same points with a minus."""
    a, b = runs(gain=0.06)
    forth, back = compare(a, b), compare(b, a)
    assert back.sentence.startswith("B cites worse: -")
    assert [one.verdict for one in back.headlines] == ["unclear", "worse", "unclear", "unclear"]
    assert metric_of(back, "citation_f1").change.low == pytest.approx(
        -metric_of(forth, "citation_f1").change.high
    )


def test_equal_runs_are_never_called_the_same() -> None:
    """A run beside itself: no question changed, and how large a difference other questions still allow."""
    a, _ = runs(50)
    comparison = compare(a, a)
    assert (
        comparison.sentence.count(
            "none of 50 questions changed (95 % interval: B 7.5 points worse to 7.5 better)"
        )
        == 4
    )
    assert "same" not in comparison.sentence
    assert comparison.changed == ()


def test_changes_that_balance_are_no_clear_difference() -> None:
    """As many up as down: questions changed, and their interval is as wide either way."""
    a = [row(at, token_f1=0.5) for at in range(40)]
    b = [row(at, token_f1=0.5 + (0.2 if at % 2 else -0.2)) for at in range(40)]
    comparison = compare(run("a", *a), run("b", *b))
    high = points(comparison.headlines[0].change.high, sign="-")
    assert comparison.sentence == (
        f"answers: no clear difference (95 % interval: B {high} points worse to {high} better)"
    )


def test_each_family_has_its_phrase() -> None:
    """Every family, better and worse, in a sentence of its own."""
    zeros, ones = ([value] * 30 for value in (0.0, 1.0))
    words = {
        "R@5": ("B retrieves better", "B retrieves worse"),
        "citation_f1": ("B cites better", "B cites worse"),
        "token_f1": ("B answers better", "B answers worse"),
        "right_decision": ("B knows better when to say no", "B knows less well when to say no"),
    }
    for name, (better, worse) in words.items():
        a, b = (
            run(
                "x",
                *(QuestionFigures("", str(at), {name: value}, "answered") for at, value in enumerate(values)),
            )
            for values in (zeros, ones)
        )
        assert compare(a, b).sentence.startswith(better + ": +100.0 points, ")
        assert compare(b, a).sentence.startswith(worse + ": -100.0 points, ")


def test_headlines_are_adjusted_for_being_several() -> None:
    """A p of about 0.03 is clear when it is alone, and not among four: then chance is not ruled out."""
    a = [row(at, citation_f1=0.5) for at in range(100)]
    b = [row(at, citation_f1=0.5022 + (0.01 if at % 2 else -0.01)) for at in range(100)]
    alone = compare(run("a", *a), run("b", *b))
    assert 0.0125 < alone.headlines[0].p < 0.05
    assert alone.headlines[0].verdict == "better"
    more = {"R@5": 1.0, "token_f1": 0.5, "right_decision": 1.0}
    one, other = (
        run(name, *(replace(each, values={**each.values, **more}) for each in rows))
        for name, rows in (("a", a), ("b", b))
    )
    among = compare(one, other)
    cited = next(each for each in among.headlines if each.of == "citations")
    assert cited.p == pytest.approx(4 * alone.headlines[0].p)
    assert cited.verdict == "unclear"
    assert "points better, but chance is not ruled out)" in among.sentence
    assert "points worse, but chance is not ruled out)" in compare(other, one).sentence


def test_what_mcnemar_doubts_is_not_clear() -> None:
    """60 questions right in B only, 40 in A only: t's p is below 0.05, but that of the exact test 0.06."""
    a = [row(at, right_decision=float(at < 40)) for at in range(200)]
    b = [row(at, right_decision=float(40 <= at < 100)) for at in range(200)]
    comparison = compare(run("a", *a), run("b", *b))
    metric, headline = comparison.metrics[0], comparison.headlines[0]
    assert metric.split is not None
    assert (metric.split.only_a, metric.split.only_b, metric.split.p) == (40, 60, mcnemar(40, 60))
    assert metric.change.p < 0.05 < metric.split.p == headline.p
    assert headline.verdict == "unclear"
    assert (metric.higher, metric.equal, metric.lower) == (60, 100, 40)


def test_only_figures_of_0_and_1_are_split() -> None:
    """A share that is neither has no McNemar, though other questions have 0 or 1."""
    a, b = (
        run("a", row(0, token_f1=0.0), row(1, token_f1=1.0)),
        run("b", row(0, token_f1=1.0), row(1, token_f1=0.5)),
    )
    assert metric_of(compare(a, b), "token_f1").split is None


def test_the_headline_is_the_best_figure_that_covers_enough() -> None:
    """Judged correctness before token F1, unless few were judged; pages where there are no spans."""
    rows = [
        row(at, token_f1=0.5, judged_correct=1.0, page_citation_f1=0.5, page_R_at_5=1.0) for at in range(10)
    ]
    table = run("a", *rows)
    assert [one.metric for one in compare(table, table).headlines] == [
        "page_R@5",
        "page_citation_f1",
        "judged_correct",
    ]
    few = [row(at, token_f1=0.5, judged_correct=1.0) if at < 4 else row(at, token_f1=0.5) for at in range(10)]
    assert [one.metric for one in compare(run("a", *few), run("b", *few)).headlines] == ["token_f1"]


def test_questions_are_paired_by_key_and_the_others_counted() -> None:
    """What is in one run only is not compared; what failed in either is left out of both."""
    a = RunTable("a", {key: row(at, token_f1=0.0) for at, key in enumerate("pqrstu")})
    b = RunTable("b", {key: row(at, token_f1=1.0) for at, key in enumerate("utsrqxyz")})
    failed = row(status="failed")
    a = replace(a, rows={**a.rows, "q": failed, "r": failed})
    b = replace(b, rows={**b.rows, "r": failed, "s": failed, "x": failed})
    comparison = compare(a, b)
    assert (comparison.paired, comparison.only_a, comparison.only_b) == (2, 1, 3)
    assert (comparison.failed_a, comparison.failed_b, comparison.excluded) == (2, 2, 3)
    assert comparison.metrics[0].change.n == 2
    text = comparison_text(comparison, width=200)
    assert "2 questions in 2 clusters; 3 left out that failed (2 in A, 2 in B)" in text
    assert "not in both runs, so not compared: 1 in A, 3 in B" in text
    assert comparison.notes == (
        (
            "3 of 5 questions failed in a run and are left out of both: a run that fails on hard questions "
            "looks better by it; ask again what failed."
        ),
    )


def test_error_rates_are_shown() -> None:
    """Both error rates in the text and the object, if there are any; repeats that failed are told of too."""
    a, b = (run(name, row(1, token_f1=1.0), row(2, token_f1=1.0)) for name in "ab")
    assert "error_rate" not in comparison_text(compare(a, b))
    comparison = compare(a, replace(b, error_rate=1 / 3))
    assert "error_rate 0.0 % in A, 33.3 % in B" in comparison_text(comparison)
    assert comparison_object(comparison)["error_rate"] == {"a": 0.0, "b": 0.333333}
    assert comparison.notes[0].startswith("What failed counts in no figure but error_rate: ")


def test_judged_metrics_name_their_judge() -> None:
    """It is named, two are told apart, and nothing is said where nothing judged is compared."""
    table = run("a", row(1, judged_correct=1.0), row(2, judged_correct=1.0))
    by_one, by_other = (replace(table, judge=judge) for judge in ("m1", "m2"))
    calibrate = "calibrating it with labels of your own says how far it agrees with you"
    assert compare(by_one, by_one).notes == (
        f"Judged figures are as m1 judged, with its errors: {calibrate}.",
    )
    assert compare(by_one, by_other).notes == (
        "A was judged by m1, B by m2: judged figures may differ by that alone.",
    )
    plain = run("a", row(1, token_f1=1.0), row(2, token_f1=1.0))
    assert compare(replace(plain, judge="m1"), plain).notes == ()


def test_a_metric_is_compared_where_both_runs_have_it() -> None:
    """Only questions that have it in both count; a metric of one run alone is not compared."""
    a = run("a", row(0, token_f1=0.5, R_at_5=1.0), row(1, token_f1=0.5), row(2))
    b = run("b", row(0, token_f1=0.7), row(1), row(2, token_f1=0.5))
    comparison = compare(a, b)
    assert [(one.name, one.change.n) for one in comparison.metrics] == [("token_f1", 1)]
    assert comparison.metrics[0].change.mean_b == 0.7


def test_runs_with_nothing_in_common() -> None:
    """No question in both: the counts and a sentence that says so, no failure."""
    comparison = compare(RunTable("a", {"k": row()}), RunTable("b", {"l": row()}))
    assert comparison.sentence == "nothing to compare: no headline figure is in both runs"
    assert "0 questions in 0 clusters" in comparison_text(comparison)
    assert compare(RunTable("a", {}), RunTable("b", {})).metrics == ()


def test_one_document_has_a_note() -> None:
    """All questions about one document: nothing is clear, and a note says why after the caller's."""
    a, b = (
        run(name, *(QuestionFigures("?", "doc", {"R@5": value}, "answered") for _ in range(30)))
        for name, value in (("a", 0.0), ("b", 1.0))
    )
    comparison = compare(a, b, ("Both runs have the same settings.",))
    assert comparison.headlines[0].verdict == "unclear"
    assert comparison.notes[0] == "Both runs have the same settings."
    assert "one document" in comparison.notes[1]
    assert comparison.notes[0] in comparison_text(comparison, width=200)


def test_what_changed_most_comes_first() -> None:
    """By the largest move of a headline, then by all moves; what did not move is not shown."""
    a = run("a", *(row(at, R_at_5=1.0, token_f1=0.5, rouge_l=0.0) for at in range(5)))
    b = run(
        "b",
        row(0, R_at_5=1.0, token_f1=0.6, rouge_l=1.0),
        row(1, R_at_5=1.0, token_f1=0.5, rouge_l=1.0),
        row(2, R_at_5=0.0, token_f1=0.5, rouge_l=0.0),
        row(3, R_at_5=0.0, token_f1=0.9, rouge_l=0.0),
        row(4, R_at_5=0.3, token_f1=1.0, rouge_l=0.0),
    )
    comparison = compare(a, b)
    assert [one.key for one in comparison.changed] == ["k3", "k2", "k4", "k0"]
    assert comparison.changed[0].moves == (("R@5", 1.0, 0.0), ("token_f1", 0.5, 0.9))
    text = comparison_text(comparison, most=2)
    assert "4 questions changed; the 2 that moved most:" in text
    assert "R@5 1.00 -> 0.00, token_f1 0.50 -> 0.90" in text
    assert "A answered: Answer 3." in text
    assert "B answered: Answer 3." in text
    assert "Question 0?" not in text
    assert "moved most" not in comparison_text(comparison, most=0)


def test_the_order_of_the_questions_does_not_matter() -> None:
    """Rows in any order give the same object, to its six digits."""
    a, b = runs(60, 0.03)
    keys = random.Random(5).sample(list(a.rows), len(a.rows))
    mixed = RunTable("base", {key: a.rows[key] for key in keys})
    assert comparison_object(compare(mixed, b)) == comparison_object(compare(a, b))


def test_hostile_text_is_inert_on_a_terminal() -> None:
    """Names, notes, questions, tags and answers cannot move the cursor or break a line."""
    a, b = (
        RunTable(
            HOSTILE, {"k": QuestionFigures(HOSTILE, "d", {"R@5": value}, "answered", HOSTILE, (HOSTILE,))}
        )
        for value in (0.0, 1.0)
    )
    text = comparison_text(compare(a, b, (HOSTILE,)))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("\\x1b[2J\\u202e b c") >= 7


@pytest.mark.parametrize("width", [50, 60, 80, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    """No line is wider; where the table has no room its last columns go, and the interval stays whole."""
    a, b = runs(30, 0.1)
    comparison = compare(
        a, b, ("A note that is longer than most terminals are wide, for it goes on and on.",)
    )
    text = comparison_text(comparison, width=width)
    assert all(cells(line) <= width for line in text.splitlines())
    if width >= 60:
        change = metric_of(comparison, "citation_f1").change
        assert f"{points(change.low, sign='-')} to {points(change.high, sign='-')}  " in text
    assert ("+ / = / -\n" in text) == (width >= 80)


def test_colour_only_where_it_is_wanted() -> None:
    """Without colour no escape; with it the same words."""
    comparison = compare(*runs(30, 0.1))
    plain, painted = comparison_text(comparison), comparison_text(comparison, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[1m" in painted
    for code in ("0", "1", "2", "33", "36"):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert painted == plain


def test_the_object_says_all_of_it() -> None:
    """Schema, counts, headlines, metrics, McNemar where it applies, changed questions with both answers."""
    written = comparison_object(compare(*runs(40, 0.1), ("note",)), most=1)
    assert json.loads(json.dumps(written)) == written
    assert list(written) == [
        *("schema", "a", "b", "questions", "error_rate", "intervals", "sentence"),
        *("headlines", "metrics", "changed", "notes", "fail_if_worse"),
    ]
    assert (written["schema"], written["a"], written["b"], written["notes"]) == (
        "qa.compare/1",
        "base",
        "new",
        ["note"],
    )
    names = ("paired", "excluded", "failed_a", "failed_b", "only_a", "only_b")
    assert written["questions"] == dict(zip(names, (40, 0, 0, 0, 0, 0), strict=True))
    metrics = written["metrics"]
    assert isinstance(metrics, dict)
    assert list(metrics["R@5"]) == [
        *("mean_a", "mean_b", "difference", "low", "high", "n", "p"),
        *("higher", "equal", "lower", "mcnemar"),
    ]
    assert metrics["R@5"]["mcnemar"] == {"only_a": 0, "only_b": 0, "p": 1.0}
    assert metrics["citation_f1"]["mcnemar"] is None
    headlines = written["headlines"]
    assert isinstance(headlines, list)
    assert headlines[1]["of"] == "citations"
    assert headlines[1]["verdict"] == "better"
    changed = written["changed"]
    assert isinstance(changed, list)
    assert len(changed) == 1
    assert changed[0]["a"]["status"] == "answered"
    assert changed[0]["moves"][0]["metric"] == "citation_f1"


@given(
    st.lists(
        st.tuples(
            *(st.dictionaries(st.sampled_from(["R@5", "token_f1", "x"]), st.floats(0, 1)),) * 2,
            st.sampled_from("abc"),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_every_comparison_can_be_shown(
    rows: list[tuple[dict[str, float], dict[str, float], str, bool]],
) -> None:
    """Whatever the rows: higher, equal and lower add up to n, and both renderings succeed."""
    a = run("a", *(QuestionFigures("?", cluster, one, "answered") for one, _, cluster, _ in rows))
    b = run(
        "b",
        *(
            QuestionFigures("?", cluster, {} if bad else other, "failed" if bad else "answered")
            for _, other, cluster, bad in rows
        ),
    )
    comparison = compare(a, b)
    assert comparison.paired + comparison.excluded == len(rows)
    for metric in comparison.metrics:
        counts = (metric.higher, metric.equal, metric.lower)
        assert sum(number or 0 for number in counts) == metric.change.n
    assert comparison_text(comparison)
    assert "NaN" not in json.dumps(comparison_object(comparison))


def test_points_have_no_minus_nought() -> None:
    """A share in points, one digit, a sign where it is asked for."""
    assert [points(0.0612), points(-0.0004), points(-0.03)] == ["+6.1", "+0.0", "-3.0"]
    assert [points(0.0612, sign="-"), points(-0.0004, sign="-")] == ["6.1", "0.0"]


def decided(at: int, *, declined: bool) -> QuestionFigures:
    """A question that was declined or answered; every third cannot be answered."""
    answerable = at % 3 != 0
    decision = Decision(None if declined else at / 100, 0.3 if answerable else 1.0)
    figures = SetFigures(answerable, float(declined), (decision,))
    return replace(row(at, right_decision=float(declined != answerable)), of_set=figures)


def test_figures_of_the_whole_set_are_compared() -> None:
    """Abstention F1 and AURC have their lines, no numbers of questions, and coverage is said beside them."""
    a = run("a", *(decided(at, declined=at % 3 == 0) for at in range(60)))
    b = run("b", *(decided(at, declined=at % 2 == 0) for at in range(60)))
    comparison = compare(a, b)
    f1 = metric_of(comparison, "abstention_f1")
    assert f1.change.mean_a == 1
    assert f1.change.high < 0
    assert (f1.higher, f1.equal, f1.lower) == (None, None, None)
    assert metric_of(comparison, "aurc").change.n == 50
    assert "aurc is of answers alone, and A 66.7 % of the questions, B 50.0 %" in comparison.notes[-1]
    text = comparison_text(comparison)
    assert "None" not in text
    written = comparison_object(comparison)
    assert json.loads(json.dumps(written))["metrics"]["abstention_f1"]["higher"] is None


def test_failing_more_often_is_compared() -> None:
    """Over all questions that both asked; where nothing failed there is no such line."""
    a, b = runs(40)
    worse = replace(
        b,
        rows={
            key: replace(figures, status="failed", values={}) if at % 2 else figures
            for at, (key, figures) in enumerate(b.rows.items())
        },
        error_rate=0.5,
    )
    change = metric_of(compare(a, worse), "error_rate").change
    assert (change.mean_a, change.mean_b, change.n) == (0, 0.5, 40)
    assert change.low > 0
    assert not any(metric.name == "error_rate" for metric in compare(a, b).metrics)

"""Scores are figures over questions, equal for equal records, and readable."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from qa.evaluation.metrics.aggregate import scores
from qa.evaluation.metrics.per_question import GROUPS, METRICS, cluster_of, question_metrics
from qa.evaluation.report.scores_text import scores_text
from qa.evaluation.types import ClaimVerdict, Gold, Record
from qa.types import Seconds, Usage
from tests.support.records import (
    abstained,
    answered,
    citation,
    claim,
    contexts,
    failed,
    gold,
    gold_page,
    place,
    question,
    ranking,
    record,
    verdict,
)

Scores = dict[str, Any]


def mean(found: Scores, name: str) -> float:
    value: float = found["metrics"][name]["mean"]
    return value


def varied(seed: int, count: int = 30) -> list[Record]:
    """Records of all kinds: spans, pages, references, abstentions, failures, tags, repeats."""
    draw = random.Random(seed)
    found = []
    for number in range(1, count + 1):
        asked = question(
            number,
            answerable=draw.choice([True, True, False, None]),
            answers=tuple(draw.choices(["it is so", "the cat", "never"], k=draw.randrange(3))),
            tags=tuple(draw.sample(["core", "b", "A", "["], draw.randrange(4))),
            evidence=(Gold(draw.choice(["a.txt", "b.txt"])),) * draw.randrange(2),
        )
        golds = draw.choice([(), (gold(0, 40, chunks=(0,)),), (gold_page(3), gold(10, 20, set=1))])
        for repeat in range(1, draw.randrange(2, 5)):
            cited = tuple(
                citation(start, start + draw.randrange(1, 30), number=n, page=draw.choice([None, 3]))
                for n, start in enumerate(draw.sample(range(60), draw.randrange(3)), 1)
            )
            what = draw.choice(
                [
                    answered(
                        *cited,
                        evidence=draw.choice([0.3, 0.5, 0.9]),
                        claims=[claim(), claim(*range(1, len(cited) + 1))],
                    ),
                    abstained(),
                ]
            )
            shown = ranking(*(place(at, at + 30, pages=(1 + at // 20,)) for at in draw.sample(range(90), 3)))
            one = {"question": asked, "gold": golds, "passages": shown, "contexts": contexts(c1=(2, 3))}
            made = record(number, repeat=repeat, answer=what, **one)
            found.append(failed(number, repeat=repeat, **one) if draw.random() < 0.1 else made)
    return found


@settings(max_examples=25)  # of some twelve records each
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_equal_records_give_equal_bytes(seed: int, order: random.Random) -> None:
    """In whatever order they stand."""
    records = varied(seed, 6)
    shuffled = list(records)
    order.shuffle(shuffled)
    assert json.dumps(scores(records, {})) == json.dumps(scores(shuffled, {}))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_metric_lies_in_its_interval_and_that_in_0_to_1(seed: int) -> None:
    """Of records, of the whole set and of every tag; each name is on the list, in its order."""
    records = varied(seed, 8)
    for one in records:
        values = question_metrics(one, None)
        assert set(values) <= set(METRICS)
        assert all(0 <= value <= 1 for value in values.values())
    found: Scores = scores(records, {})
    for listed in (found["metrics"], *(of_tag["metrics"] for of_tag in found["by_tag"].values())):
        assert list(listed) == [name for name in METRICS if name in listed]
        for one in listed.values():
            assert 0 <= one["low"] <= one["mean"] <= one["high"] <= 1
            assert one["n"] >= 1
    assert list(found["by_tag"]) == sorted(found["by_tag"])


def test_repeats_are_averaged_before_questions() -> None:
    """A question asked three times counts once; where only one of them has a value, that is its value."""
    asked = question(1, answers=("it is so",))
    right, wrong = answered(text="It is so."), answered(text="No.")
    records = [
        record(1, question=asked, answer=right),
        record(1, question=asked, answer=wrong, repeat=2),
        record(1, question=asked, answer=wrong, repeat=3),
        record(1, question=asked, answer=wrong, repeat=4),
        record(2, question=question(2, answers=("it is so",)), answer=right),
        failed(2, question=question(2, answers=("it is so",)), repeat=2),
    ]
    found: Scores = scores(records, {})
    assert mean(found, "exact_match") == (1 / 4 + 1) / 2
    assert mean(found, "error_rate") == (0 + 1 / 2) / 2
    assert found["metrics"]["exact_match"]["n"] == 2
    assert found["counts"] == {
        "questions": 2,
        "records": 6,
        "answered": 5,
        "abstained": 0,
        "errors": 1,
        "unanswerable": 0,
        "judged": 0,
        "unreadable": 0,
    }


def test_what_failed_is_no_wrong_answer() -> None:
    """It counts as an error, and for nothing else."""
    records = [
        record(1, question=question(1, answers=("it is so",))),
        failed(2, question=question(2, answers=("x",))),
    ]
    found: Scores = scores(records, {})
    assert mean(found, "exact_match") == 1
    assert mean(found, "error_rate") == 0.5
    assert found["metrics"]["abstained"]["n"] == 1


def test_refusals_are_counted_over_the_set() -> None:
    """By hand: of 3 declined 2 had no answer, of 4 without an answer."""
    plan = [(True, False), (True, False), (True, True), (False, False), (False, False), (False, True)]
    records = [
        record(
            number, question=question(number, answerable=able), answer=abstained() if declined else answered()
        )
        for number, (declined, able) in enumerate(plan, 1)
    ]
    found: Scores = scores(
        [*records, record(7, question=question(7, answerable=None), answer=abstained())], {}
    )
    assert mean(found, "abstention_precision") == pytest.approx(2 / 3, abs=1e-6)
    assert mean(found, "abstention_recall") == 1 / 2
    assert mean(found, "abstention_f1") == pytest.approx(4 / 7, abs=1e-6)
    assert mean(found, "right_decision") == pytest.approx(3 / 6)
    assert mean(found, "abstained") == pytest.approx(4 / 7, abs=1e-6)
    assert [found["metrics"][f"abstention_{name}"]["n"] for name in ("precision", "recall", "f1")] == [
        3,
        4,
        5,
    ]


def test_risk_needs_something_to_be_wrong_about() -> None:
    """The curve is over questions whose risk is defined; abstentions are never covered."""
    hit, miss = (answered(citation(at, at + 9), evidence=sure) for at, sure in ((0, 0.9), (50, 0.4)))
    records = [
        record(1, answer=hit, gold=(gold(0, 9),)),
        record(2, answer=miss, gold=(gold(0, 9),)),
        record(3, answer=abstained(), gold=(gold(0, 9),)),
        record(4, question=question(4, answerable=False), answer=answered(evidence=0.6)),
        record(5),
    ]
    found: Scores = scores(records, {})
    assert found["curves"]["risk_coverage"] == [[0.25, 0.0], [0.5, 0.5], [0.75, 0.666667]]
    assert mean(found, "aurc") == pytest.approx((0 + 1 / 2 + 2 / 3) / 3, abs=1e-6)
    assert found["metrics"]["aurc"]["n"] == 3
    assert mean(found, "coverage") == 3 / 4


def test_verdicts_belong_to_one_record() -> None:
    """They are looked up by key and repeat; an unreadable one is counted apart."""
    records = [record(1, answer=answered(citation(0, 9)), repeat=repeat) for repeat in (1, 2, 3)]
    verdicts = {
        ("key00001", 1): verdict("correct", claims=[ClaimVerdict(True)], usage=Usage(10, 1, 0.5)),
        ("key00001", 2): verdict("wrong", usage=Usage(10, 1, None)),
        ("key00001", 3): verdict(unreadable=True, usage=Usage(10, 1, 0.25)),
    }
    found: Scores = scores(records, verdicts)
    assert mean(found, "judged_correct") == 1 / 2
    assert mean(found, "support_recall") == 1
    assert (found["counts"]["judged"], found["counts"]["unreadable"]) == (2, 1)
    assert found["cost"]["judge"] == {
        "prompt_tokens": 30,
        "completion_tokens": 3,
        "cost_usd": 0.75,
        "unpriced": 1,
    }


def test_cost_is_what_is_known_of_it() -> None:
    """Without a model nothing is paid; what has no price is counted; with no price at all it is not known."""
    free = answered(mode="extractive", model=None, usage=Usage())
    paid, unpriced = answered(usage=Usage(100, 10, 0.25)), answered(usage=Usage(100, None, None))

    def cost(*answers: object) -> Scores:
        found: Scores = scores([record(number, answer=one) for number, one in enumerate(answers, 1)], {})
        return {name: value for name, value in found["cost"].items() if name != "judge"}

    assert cost(free, free) == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0, "unpriced": 0}
    assert cost(free, paid, unpriced) == {
        "prompt_tokens": 200,
        "completion_tokens": 10,
        "cost_usd": 0.25,
        "unpriced": 1,
    }
    assert cost(free, unpriced)["cost_usd"] is None


def test_seconds_are_those_of_answers() -> None:
    """Percentiles lie between two values on a straight line."""
    records = [record(n, answer=answered(seconds=Seconds(n / 10, n))) for n in range(1, 6)]
    found: Scores = scores([*records, failed(6)], {})
    assert found["timing"]["search_seconds"] == {"p50": 0.3, "p95": 0.48, "mean": 0.3, "n": 5}
    assert found["timing"]["seconds"]["p95"] == pytest.approx(5.28)


@pytest.mark.parametrize("records", [[], [failed(1)], [failed(1, question=question(1, tags=("t",)))]])
def test_a_run_without_answers_has_scores(records: Sequence[Record]) -> None:
    """Nothing divides by nothing, and it can be shown."""
    found: Scores = scores(records, {})
    assert list(found["metrics"]) == (["error_rate"] if records else [])
    assert found["timing"]["seconds"] == {"p50": None, "p95": None, "mean": None, "n": 0}
    assert found["curves"] == {"risk_coverage": []}
    number = "1 question" if len(records) == 1 else f"{len(records)} questions"
    assert f"{number}: 0 answered" in scores_text(found)


def test_questions_about_one_document_vary_together() -> None:
    """What it is asked within, else the source of its first gold; else it stands alone."""
    evidence = (Gold("a.txt"), Gold("b.txt"))
    assert cluster_of(record(question=question(within="c.txt", evidence=evidence))) == "c.txt"
    assert cluster_of(record(question=question(evidence=evidence))) == "a.txt"
    assert cluster_of(record(3)) == "key00003"


def test_tags_keep_their_names() -> None:
    """However odd; a tag that stands twice counts once."""
    odd = ("", " \x1b[31m", "a:b=c", "a:b=c", "标")
    found: Scores = scores([record(1, question=question(1, tags=odd)), record(2)], {})
    assert list(found["by_tag"]) == sorted(set(odd))
    assert {of_tag["n"] for of_tag in found["by_tag"].values()} == {1}
    assert json.loads(json.dumps(found)) == found


def test_a_person_in_a_hurry_sees_the_telling_figures() -> None:
    """And how many more there are; with `full` all of them, by group, and the tags."""
    found: Scores = scores(varied(1), {})
    short, full = scores_text(found), scores_text(found, full=True)
    assert "citation_f1" in short
    assert "citation_iou" not in short
    assert re.search(r"\d+ more metrics and 4 tags", short)
    for group, names in GROUPS.items():
        assert group in full
        assert all(
            re.search(rf"^  {re.escape(name)} +\d\.\d{{3}} ", full, re.MULTILINE)
            for name in names
            if name in found["metrics"]
        )
    wide = scores_text(found, full=True, width=200)
    assert re.search(r"^tag +n +R@5 +MRR +page_R@5", wide, re.MULTILINE)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_terminal_is_wide_enough(width: int) -> None:
    """No line is longer than it, from 40 columns on, whatever a tag is called."""
    long = question(1, tags=("tag " * 30, "\x1b]0;title\x07"), answers=("it is so",))
    found: Scores = scores([*varied(2), record(99, question=long)], {})
    text = scores_text(found, width=width, full=True)
    assert "\x1b" not in text
    if width >= 40:
        assert max(map(len, text.splitlines())) <= width
        assert re.search(r"^  abstention_precision +\d\.\d{3} ", text, re.MULTILINE)
    assert bool(re.search(r"\d\.\d{3} to \d\.\d{3}  ", text)) == (width >= 56)


def test_colour_changes_no_word() -> None:
    """It is the same text, painted."""
    found: Scores = scores(varied(3), {})
    painted = scores_text(found, colour=True, full=True)
    assert painted != scores_text(found, full=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == scores_text(found, full=True)


def test_what_a_model_took_is_shown() -> None:
    """Of the answers, and of the judge apart; where nobody was asked there is no such line."""
    verdicts = {("key00001", 1): verdict("correct", usage=Usage(7, 3, None))}
    shown = scores_text(scores([record(1), record(2, answer=answered(usage=Usage(5, 5, None)))], verdicts))
    assert "$0.0100 (1 unpriced), 1,005 tokens in, 105 out" in shown
    assert "judge    not known, 7 tokens in, 3 out" in shown
    free = scores_text(scores([record(1, answer=answered(mode="extractive", model=None, usage=Usage()))], {}))
    assert "tokens" not in free


def test_who_does_not_know_what_a_cluster_is_is_told() -> None:
    """In a line that fits 80 columns; how to see the rest is named until it is shown."""
    found = scores([record(1, answer=answered())], {})
    short, full = scores_text(found).splitlines(), scores_text(found, full=True)
    assert short[-2] == "Intervals: 95 %, over 1 cluster (questions about one document count as one)."
    assert short[-1].startswith("--full shows ")
    assert "--full" not in full
    assert "jackknife" in full

"""Scores of a run: averaged over repeats, then over questions; equal for equal records; as text."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.per_question import GROUPS, METRICS, cluster_of, question_metrics
from qa.evaluation.report.scores_text import scores_text
from qa.evaluation.types import (
    ClaimVerdict,
    Cost,
    Curves,
    Gold,
    Percentiles,
    Record,
    RunCost,
    RunCounts,
    Scores,
)
from qa.types import Answer, Seconds, Usage
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


def mean(scores: Scores, name: str) -> float:
    return scores.metrics[name].mean


def varied(seed: int, count: int = 30) -> list[Record]:
    """Records of all kinds: spans, pages, references, abstentions, failures, tags, repeats."""
    draw = random.Random(seed)
    records = []
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
            records.append(failed(number, repeat=repeat, **one) if draw.random() < 0.1 else made)
    return records


@settings(max_examples=25)  # of some twelve records each
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_equal_records_give_equal_scores(seed: int, order: random.Random) -> None:
    """In whatever order the records are given, down to the order of metrics and tags."""
    records = varied(seed, 6)
    shuffled = list(records)
    order.shuffle(shuffled)
    assert repr(score_records(records, {})) == repr(score_records(shuffled, {}))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_metric_lies_in_its_interval_and_that_in_0_to_1(seed: int) -> None:
    """Of records, of the whole set and of every tag; each name is on the list, in its order."""
    records = varied(seed, 8)
    for each in records:
        values = question_metrics(each, None)
        assert set(values) <= set(METRICS)
        assert all(0 <= value <= 1 for value in values.values())
    scores = score_records(records, {})
    for metrics in (scores.metrics, *(tag.metrics for tag in scores.by_tag.values())):
        assert list(metrics) == [name for name in METRICS if name in metrics]
        for estimate in metrics.values():
            assert 0 <= estimate.low <= estimate.mean <= estimate.high <= 1
            assert estimate.n >= 1
    assert list(scores.by_tag) == sorted(scores.by_tag)


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
    scores = score_records(records, {})
    assert mean(scores, "exact_match") == (1 / 4 + 1) / 2
    assert mean(scores, "error_rate") == (0 + 1 / 2) / 2
    assert scores.metrics["exact_match"].n == 2
    assert scores.counts == RunCounts(
        questions=2, records=6, answered=5, abstained=0, errors=1, unanswerable=0, judged=0, unreadable=0
    )


def test_what_failed_is_no_wrong_answer() -> None:
    """It counts as an error, and for nothing else."""
    records = [
        record(1, question=question(1, answers=("it is so",))),
        failed(2, question=question(2, answers=("x",))),
    ]
    scores = score_records(records, {})
    assert mean(scores, "exact_match") == 1
    assert mean(scores, "error_rate") == 0.5
    assert scores.metrics["abstained"].n == 1


def test_refusals_are_counted_over_the_set() -> None:
    """By hand: of 3 declined 2 had no answer, of 4 without an answer."""
    plan = [(True, False), (True, False), (True, True), (False, False), (False, False), (False, True)]
    records = [
        record(
            number, question=question(number, answerable=able), answer=abstained() if declined else answered()
        )
        for number, (declined, able) in enumerate(plan, 1)
    ]
    scores = score_records(
        [*records, record(7, question=question(7, answerable=None), answer=abstained())], {}
    )
    assert mean(scores, "abstention_precision") == pytest.approx(2 / 3, abs=1e-6)
    assert mean(scores, "abstention_recall") == 1 / 2
    assert mean(scores, "abstention_f1") == pytest.approx(4 / 7, abs=1e-6)
    assert mean(scores, "right_decision") == pytest.approx(3 / 6)
    assert mean(scores, "abstained") == pytest.approx(4 / 7, abs=1e-6)
    parts = ("precision", "recall", "f1")
    assert [scores.metrics[f"abstention_{part}"].n for part in parts] == [3, 4, 5]


def test_risk_is_defined_only_where_something_is_known() -> None:
    """The curve is over questions whose risk is defined; abstentions are never covered."""
    hit, miss = (answered(citation(at, at + 9), evidence=sure) for at, sure in ((0, 0.9), (50, 0.4)))
    records = [
        record(1, answer=hit, gold=(gold(0, 9),)),
        record(2, answer=miss, gold=(gold(0, 9),)),
        record(3, answer=abstained(), gold=(gold(0, 9),)),
        record(4, question=question(4, answerable=False), answer=answered(evidence=0.6)),
        record(5),
    ]
    scores = score_records(records, {})
    assert scores.curves == Curves(((0.25, 0.0), (0.5, 0.5), (0.75, 0.666667)))
    assert mean(scores, "aurc") == pytest.approx((0 + 1 / 2 + 2 / 3) / 3, abs=1e-6)
    assert scores.metrics["aurc"].n == 3
    assert mean(scores, "coverage") == 3 / 4


def test_verdicts_belong_to_one_record() -> None:
    """They are looked up by key and repeat; an unreadable one is counted apart."""
    records = [record(1, answer=answered(citation(0, 9)), repeat=repeat) for repeat in (1, 2, 3)]
    verdicts = {
        ("key00001", 1): verdict("correct", claims=[ClaimVerdict(True)], usage=Usage(10, 1, 0.5)),
        ("key00001", 2): verdict("wrong", usage=Usage(10, 1, None)),
        ("key00001", 3): verdict(unreadable=True, usage=Usage(10, 1, 0.25)),
    }
    scores = score_records(records, verdicts)
    assert mean(scores, "judged_correct") == 1 / 2
    assert mean(scores, "support_recall") == 1
    assert (scores.counts.judged, scores.counts.unreadable) == (2, 1)
    assert scores.cost.judge == Cost(30, 3, 0.75, unpriced=1)


def test_cost_sums_what_is_known() -> None:
    """Without a model nothing is paid; what has no price is counted; with no price at all it is not known."""
    free = answered(mode="extractive", model=None, usage=Usage())
    paid, unpriced = answered(usage=Usage(100, 10, 0.25)), answered(usage=Usage(100, None, None))

    def cost(*answers: Answer) -> Cost:
        records = [record(number, answer=answer) for number, answer in enumerate(answers, 1)]
        return score_records(records, {}).cost

    unjudged = Cost(0, 0, 0.0, unpriced=0)
    assert cost(free, free) == RunCost(0, 0, 0.0, unpriced=0, judge=unjudged)
    assert cost(free, paid, unpriced) == RunCost(200, 10, 0.25, unpriced=1, judge=unjudged)
    assert cost(free, unpriced).cost_usd is None


def test_seconds_are_those_of_answers() -> None:
    """Percentiles lie between two values on a straight line."""
    records = [record(n, answer=answered(seconds=Seconds(n / 10, n))) for n in range(1, 6)]
    scores = score_records([*records, failed(6)], {})
    assert scores.timing.search_seconds == Percentiles(0.3, 0.48, 0.3, 5)
    assert scores.timing.seconds.p95 == pytest.approx(5.28)


@pytest.mark.parametrize("records", [[], [failed(1)], [failed(1, question=question(1, tags=("t",)))]])
def test_a_run_without_answers_has_scores(records: Sequence[Record]) -> None:
    """Nothing divides by nothing, and it can be shown."""
    scores = score_records(records, {})
    assert list(scores.metrics) == (["error_rate"] if records else [])
    assert scores.timing.seconds == Percentiles(None, None, None, 0)
    assert scores.curves == Curves(())
    number = "1 question" if len(records) == 1 else f"{len(records)} questions"
    assert f"{number}: 0 answered" in scores_text(scores)


def test_questions_about_one_document_vary_together() -> None:
    """What it is asked within, else the source of its first gold; else it stands alone."""
    evidence = (Gold("a.txt"), Gold("b.txt"))
    assert cluster_of(record(question=question(within="c.txt", evidence=evidence))) == "c.txt"
    assert cluster_of(record(question=question(evidence=evidence))) == "a.txt"
    assert cluster_of(record(3)) == "key00003"


def test_tags_keep_their_names() -> None:
    """However odd; a tag that stands twice counts once."""
    odd = ("", " \x1b[31m", "a:b=c", "a:b=c", "标")
    scores = score_records([record(1, question=question(1, tags=odd)), record(2)], {})
    assert list(scores.by_tag) == sorted(set(odd))
    assert {tag.n for tag in scores.by_tag.values()} == {1}


def test_the_short_text_has_the_headline_metrics() -> None:
    """And how many more there are; with `full` all of them, by group, and the tags."""
    scores = score_records(varied(1), {})
    short, full = scores_text(scores), scores_text(scores, full=True)
    assert "citation_f1" in short
    assert "citation_iou" not in short
    assert re.search(r"\d+ more metrics and 4 tags", short)
    for group, names in GROUPS.items():
        assert group in full
        assert all(
            re.search(rf"^  {re.escape(name)} +\d\.\d{{3}} ", full, re.MULTILINE)
            for name in names
            if name in scores.metrics
        )
    wide = scores_text(scores, full=True, width=200)
    assert re.search(r"^tag +n +R@5 +MRR +page_R@5", wide, re.MULTILINE)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """No line is longer than it, from 40 columns on, whatever a tag is called."""
    long = question(1, tags=("tag " * 30, "\x1b]0;title\x07"), answers=("it is so",))
    scores = score_records([*varied(2), record(99, question=long)], {})
    text = scores_text(scores, width=width, full=True)
    assert "\x1b" not in text
    if width >= 40:
        assert max(map(len, text.splitlines())) <= width
        assert re.search(r"^  abstention_precision +\d\.\d{3} ", text, re.MULTILINE)
    assert bool(re.search(r"\d\.\d{3} to \d\.\d{3}  ", text)) == (width >= 56)


def test_colour_changes_no_word() -> None:
    """It is the same text, painted."""
    scores = score_records(varied(3), {})
    painted = scores_text(scores, colour=True, full=True)
    assert painted != scores_text(scores, full=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == scores_text(scores, full=True)


def test_tokens_and_cost_are_shown() -> None:
    """Of the answers, and of the judge apart; where nobody was asked there is no such line."""
    verdicts = {("key00001", 1): verdict("correct", usage=Usage(7, 3, None))}
    shown = scores_text(
        score_records([record(1), record(2, answer=answered(usage=Usage(5, 5, None)))], verdicts)
    )
    assert "$0.0100 (1 unpriced), 1,005 tokens in, 105 out" in shown
    assert "judge    not known, 7 tokens in, 3 out" in shown
    free = scores_text(
        score_records([record(1, answer=answered(mode="extractive", model=None, usage=Usage()))], {})
    )
    assert "tokens" not in free


def test_the_text_explains_clusters() -> None:
    """In a line that fits 80 columns; how to see the rest is named until it is shown."""
    scores = score_records([record(1, answer=answered())], {})
    short, full = scores_text(scores).splitlines(), scores_text(scores, full=True)
    assert short[-2] == "Intervals: 95 %, over 1 cluster (questions about one document count as one)."
    assert short[-1].startswith("--full shows ")
    assert "--full" not in full
    assert "jackknife" in full

"""The deviation between repeats, and the caveats about repeats, failures, judges and AURC."""

from __future__ import annotations

from statistics import stdev

import pytest

from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.repeats import repeat_deviations
from qa.evaluation.report.caveats import caveats
from qa.evaluation.types import RepeatSpread, Scores
from qa.types import Answer
from tests.support.records import abstained, answered, citation, failed, gold, question, record, verdict


def test_means_vary_from_one_repeat_to_the_next() -> None:
    """Two questions asked three times: the means are 0.5, 1 and 0.5."""
    asked = [[{"x": 1.0}, {"x": 1.0}, {"x": 0.0}], [{"x": 0.0}, {"x": 1.0}, {"x": 1.0}]]
    assert repeat_deviations(asked, 3) == {"x": pytest.approx(stdev([0.5, 1, 0.5]))}


def test_every_repeat_is_of_the_same_questions() -> None:
    """A question that failed once is left out, and of a metric each that has it not every time."""
    asked = [
        [{"x": 1.0, "y": 1.0}, {"x": 0.0}],
        [{"x": 0.0}],
        [{"y": 0.25, "x": 0.0}, {"y": 0.75, "x": 1.0}],
    ]
    assert repeat_deviations(asked, 2) == {"x": 0, "y": pytest.approx(stdev([0.25, 0.75]))}
    assert repeat_deviations([[{"x": 1.0}], []], 1) == {}
    assert repeat_deviations([], 0) == {}


def test_scores_have_the_deviation_between_repeats() -> None:
    """How many there were, and the deviation by metric; once each has none."""
    asked = question(1, answers=("it is so",))
    right, wrong = answered(text="It is so."), answered(text="No.")
    records = [record(1, question=asked, answer=one, repeat=n) for n, one in enumerate((right, wrong), 1)]
    scores = score_records(records, {})
    assert scores.repeats.n == 2
    assert scores.repeats.metrics["exact_match"] == pytest.approx(stdev([1, 0]), abs=1e-6)
    assert scores.repeats.metrics["abstained"] == 0
    sentences = caveats(scores, {"token_f1", "citation_f1"})
    assert sentences == ["Standard deviation of a mean between the 2 repeats: token_f1 0.707."]
    once = score_records(records[:1], {})
    assert once.repeats == RepeatSpread(1, {})
    assert caveats(once, {"token_f1"}) == []
    assert score_records([], {}).repeats == RepeatSpread(0, {})
    lost = score_records([records[0], failed(1, question=asked, repeat=2)], {})
    assert lost.repeats == RepeatSpread(2, {})


def test_failures_have_a_caveat() -> None:
    """They are in no figure but one, and what they hide may be hard."""
    scores = score_records([record(1), failed(2)], {})
    assert caveats(scores, ()) == [
        "What failed (50.0 %) is in no other figure: failing on hard questions looks better."
    ]
    assert caveats(score_records([], {}), ()) == []


def test_equal_repeats_have_a_caveat() -> None:
    """Without a model they always are."""
    scores = score_records([record(1, repeat=n) for n in (1, 2, 3)], {})
    assert caveats(scores, {"abstained"}) == ["The 3 repeats gave the same figures."]


def test_judged_metrics_have_a_caveat_with_the_judge() -> None:
    """With what says how far it can be trusted, where any such figure is shown; no name breaks a line."""
    verdicts = {("key00001", 1): verdict("correct", judge="m\x1b[2J\n1")}
    scores = score_records([record(1)], verdicts)
    assert scores.judge == "m\x1b[2J\n1"
    assert caveats(scores, {"abstained"}) == []
    [sentence] = caveats(scores, {"judged_correct"})
    assert "\\x1b[2J" in sentence
    assert sentence.isprintable()
    assert "--calibrate" in sentence
    unjudged = score_records([record(1)], {})
    assert unjudged.judge is None
    assert caveats(unjudged, {"judged_correct"}) == []


def test_aurc_has_a_caveat_with_the_coverage() -> None:
    """Who declines what it would get wrong has an AURC of 0; beside it stands how little was answered."""
    hit, miss = (answered(citation(at, at + 9), evidence=sure) for at, sure in ((0, 0.9), (50, 0.4)))

    def scores(*answers: Answer) -> Scores:
        gold_at = (gold(0, 9),)
        return score_records(
            [record(n, answer=answer, gold=gold_at) for n, answer in enumerate(answers, 1)], {}
        )

    bold, shy, silent = scores(hit, miss), scores(hit, abstained()), scores(abstained())
    assert shy.metrics["aurc"].mean == 0 < bold.metrics["aurc"].mean
    assert caveats(shy, {"aurc"}) == [
        "AURC is of answers alone (50.0 % of the questions): abstaining can lower it."
    ]
    assert "aurc" not in silent.metrics
    assert silent.metrics["coverage"].mean == 0
    assert caveats(silent, {"aurc"}) == []

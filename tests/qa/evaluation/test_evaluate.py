"""An evaluation from end to end, and what is left of it when money or a judge runs out."""

from __future__ import annotations

import json
from pathlib import Path

from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.errors import CostLimit
from qa.evaluation.evaluate import Models, Plan, Result, SelectedQuestions, evaluate
from qa.evaluation.metrics.scores_json import scores_of
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.throttle import Throttle
from qa.evaluation.types import Question
from qa.models.base import Tokens
from qa.models.metering import Budget
from tests.support.run_folders import ALL, Model, cited_answer

ASKED = tuple(
    Question(f"q{n}", f"Question number {n}: where was the cat born?", answers=("Riga",), answerable=True)
    for n in range(6)
)
ANSWER = 0.0165  # dollars: what is put aside for one answer, all the tokens that it may take


def evaluated(library: SharedIndexReader, folder: Path, limit: float, judge: Model | None = None) -> Result:
    """The six questions, asked one at a time for at most so many dollars."""
    (folder / "set.jsonl").touch()
    budget = Budget(limit)
    writer = AnswerModel(Model(cited_answer, official=True), budget=budget)
    models = Models(writer, judge, budget, Throttle(1))
    plan = Plan(
        SelectedQuestions(folder / "set.jsonl", ASKED), folder / "run", AskOptions(5, ALL, writer), models
    )
    return evaluate(plan, library, on_event=lambda _: None)


def test_what_was_asked_before_the_money_ran_out_is_scored(shared: SharedIndexReader, tmp_path: Path) -> None:
    """And how to go on is said."""
    result = evaluated(shared, tmp_path, ANSWER + 0.0015)
    scores = scores_of(json.loads((tmp_path / "run/scores.json").read_bytes()))
    assert 0 < scores.counts.answered < 6
    assert scores == result.scored.scores
    assert isinstance(result.stopped, CostLimit)
    assert "stopped at the cost limit" in result.stopped.cause
    assert "run the same command to go on" in result.stopped.hint


def test_what_was_answered_before_the_judge_was_too_dear_is_scored(
    shared: SharedIndexReader, tmp_path: Path
) -> None:
    """The limit is said to be that of judging; with more money the rest is judged, and none asked again."""
    judge = Model(lambda _: "1: YES\nVERDICT: CORRECT", official=True, usage=Tokens(1000, 4000))
    result = evaluated(shared, tmp_path, 0.03, judge)
    counts = result.scored.scores.counts
    assert counts.answered == 6
    assert counts.judged < 6
    assert isinstance(result.stopped, CostLimit)
    assert "stopped judging at the cost limit" in result.stopped.cause
    assert "run the same command to go on" in result.stopped.hint
    again = evaluated(shared, tmp_path, 1, judge)
    assert again.stopped is None
    assert again.outcome.done == 6

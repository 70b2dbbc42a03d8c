"""What a run would cost: from prompts that are made and not sent, and from what is said to be assumed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from index.search.filters import Filters
from qa.answering.generative.generate import AnswerModel
from qa.answering.generative.prompt import answer_prompt
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running.attempt import AskOptions
from qa.evaluation.running.cost_estimate import (
    ANSWER,
    JUDGE,
    SAMPLE,
    Amount,
    Expected,
    estimate,
    estimate_lines,
)
from qa.evaluation.types import Question
from tests.support.run_folders import ALL, Model, cited_answer, questions, run

PROMPT, COMPLETION = 0.40e-6, 1.60e-6  # dollars a token of gpt-4.1-mini


def test_prompts_are_counted_and_no_model_is_asked(shared: SharedIndexReader) -> None:
    """The worked example: prompt tokens at their price, and 50 to 600 tokens for each answer."""
    model = Model(cited_answer, official=True)
    asked = questions(5)
    estimated = estimate(asked, reader=shared, options=AskOptions(5, ALL, AnswerModel(model)))
    assert model.prompts == []
    sizes = [
        answer_prompt(one.text, shared.find(one.text, k=5, filters=ALL).passages).tokens for one in asked
    ]
    assert (estimated.questions, estimated.sampled) == (5, 5)
    assert estimated.prompt_tokens == pytest.approx(sum(sizes), rel=0.01)  # each has a random mark
    assert estimated.answers is not None
    assert estimated.answers.low == pytest.approx(sum(sizes) / 2 * PROMPT + 5 * 50 * COMPLETION, rel=0.01)
    assert estimated.answers.high == pytest.approx(sum(sizes) * PROMPT + 5 * 600 * COMPLETION, rel=0.01)
    assert (estimated.judge, estimated.judging) == (None, None)


def test_search_queries_cost_something_too(shared: SharedIndexReader) -> None:
    """Where they would be asked for: with two passages of four; and not where that is turned off."""
    model = Model(cited_answer, official=True)
    asked = questions(5)
    planned = estimate(asked, reader=shared, options=AskOptions(2, ALL, AnswerModel(model)))
    without = estimate(asked, reader=shared, options=AskOptions(2, ALL, AnswerModel(model, plan=False)))
    assert (planned.planned, without.planned) == (5, 0)
    assert planned.prompt_tokens > without.prompt_tokens + 5 * 500
    assert planned.answers is not None
    assert without.answers is not None
    assert planned.answers.low > without.answers.low
    assert "search queries asked for first for 5;" in estimate_lines(planned)
    assert "search queries" not in estimate_lines(without)
    assert model.prompts == []


def test_what_it_comes_to_lies_in_between(shared: SharedIndexReader, tmp_path: Path) -> None:
    """As the server counts: here 1,000 tokens for a prompt, and 100 for an answer."""
    model = Model(cited_answer, official=True)
    asked = questions(20)
    estimated = estimate(asked, reader=shared, options=AskOptions(5, ALL, AnswerModel(model)))
    _, done = run(asked, tmp_path, shared, AnswerModel(model))
    spent = sum(one.answer.usage.cost_usd or 0 for one in done.records if one.answer)
    assert estimated.answers is not None
    assert estimated.answers.low < spent < estimated.answers.high


def test_a_large_set_is_sampled(shared: SharedIndexReader) -> None:
    """Thirty at most are looked at, spread over the set, and stand for all."""
    model = Model(cited_answer, official=True)
    one = questions(1)[0]
    few = estimate((one,), reader=shared, options=AskOptions(5, ALL, AnswerModel(model)))
    many = estimate((one,) * 1000, reader=shared, options=AskOptions(5, ALL, AnswerModel(model)))
    assert 0 < many.sampled <= SAMPLE
    assert many.prompt_tokens == pytest.approx(1000 * few.prompt_tokens, rel=0.01)


def test_questions_that_reach_no_model_cost_nothing(shared: SharedIndexReader) -> None:
    """Those within a source that is not indexed, here half of them."""
    model = Model(cited_answer, official=True)
    asked = questions(10)
    lost = tuple(replace(one, within="nowhere.txt") for one in asked)
    options = AskOptions(5, ALL, AnswerModel(model))
    half, whole = (estimate(some, reader=shared, options=options) for some in (asked + lost, asked))
    assert half.answers is not None
    assert whole.answers is not None
    assert half.answers.high == pytest.approx(whole.answers.high, rel=0.01)
    assert half.questions == 20
    none = estimate(asked, reader=shared, options=replace(options, filters=Filters(sources=("nowhere*",))))
    assert none.answers == Amount(0, 0)


def test_checks_and_judges_come_on_top(shared: SharedIndexReader) -> None:
    """The judge's apart, at the price of its own model."""
    model, judge = Model(cited_answer, official=True), Model(cited_answer, "gpt-4.1", official=True)
    asked = questions(4)
    plain = estimate(asked, reader=shared, options=AskOptions(5, ALL, AnswerModel(model)))
    checked = estimate(
        asked, reader=shared, options=AskOptions(5, ALL, AnswerModel(model, check="llm")), judge=judge
    )
    assert plain.answers is not None
    assert checked.answers is not None
    assert checked.answers.low > plain.answers.low
    assert checked.answers.high > plain.answers.high
    assert checked.judging is not None
    high = JUDGE.high.prompt * 2e-6 + JUDGE.high.completion * 8e-6
    assert checked.judging.high == pytest.approx(4 * high)


WORDS: list[tuple[Expected, str]] = [
    (Expected(8, 0), "8 questions to ask; no model: costs nothing"),
    (Expected(1, 1, "m", 500), "1 question to ask; m: price not known; at most 500 prompt tokens"),
    (Expected(9, 9, "m", 500, Amount(0.514, 1.2)), "m: $0.51 to $1.20;"),
    (Expected(9, 9, "m", 500, Amount(0.001, 0.002)), "m: less than $0.01;"),
    (Expected(9, 9, None, 0, None, "j", Amount(1, 2)), "no model answers; judge j: $1.00 to $2.00"),
    (
        Expected(1, 1, "m", 5),
        f"answers of {ANSWER.low.completion} to {ANSWER.high.completion} tokens assumed",
    ),
]


@pytest.mark.parametrize(("expected", "words"), WORDS, ids=[words for _, words in WORDS])
def test_it_is_told_on_one_line(expected: Expected, words: str) -> None:
    """With what is assumed, and with what is not known."""
    assert words in estimate_lines(expected)
    assert "\n" not in estimate_lines(expected)


def test_without_a_model_nothing_is_looked_at(library: Path) -> None:
    """Not even the index."""
    nowhere = SharedIndexReader(library / "nowhere")
    asked: tuple[Question, ...] = questions(3)
    assert estimate_lines(estimate(asked, reader=nowhere, options=AskOptions(5, ALL))) == estimate_lines(
        Expected(3, 0)
    )

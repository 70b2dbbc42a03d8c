"""Estimates the cost of a run before any model is asked.

The prompts of a sample are made and counted. How long answers will be nobody knows: what is assumed of them
is part of the estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.answering.ask import will_plan
from qa.answering.generative.prompt import prompt_of
from qa.answering.planning import planning_prompt
from qa.answering.retrieval import PASSAGES
from qa.evaluation.running.attempt import AskOptions, IndexGuard, narrow_filters
from qa.evaluation.runs.header import fingerprint
from qa.evaluation.types import Question
from qa.models.base import LLM, Tokens
from qa.models.metering import price_for
from qa.models.tokens import estimate_tokens

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.shared_reader import SharedIndexReader

SAMPLE = 30  # questions whose prompts are made
OVERSTATED = (
    2.0  # times as many tokens as there are, is what `qa.models.tokens.estimate_tokens` may say of prose
)


@dataclass(frozen=True, slots=True)
class Assumed:
    """Tokens of a call that are not known beforehand: from `low` to `high`."""

    low: Tokens
    high: Tokens


# Search queries, and an answer, thinking included; their prompts are counted. A check reads the claims with
# what they cite, a judge reads that and the reference answers.
PLAN = Assumed(Tokens(0, 20), Tokens(0, 250))
ANSWER = Assumed(Tokens(0, 50), Tokens(0, 600))
CHECK = Assumed(Tokens(400, 20), Tokens(1_500, 300))
JUDGE = Assumed(Tokens(800, 60), Tokens(4_000, 900))
# A draft: its question is written, and answered from its sentences alone; up to three times until one passes.
# That a near miss is not answered is asked of as many passages as a prompt holds.
DRAFT = Assumed(Tokens(2_500, 80), Tokens(12_000, 2_700))
NEAR_DRAFT = Assumed(Tokens(2_500, 30), Tokens(1_500, 2_700))


@dataclass(frozen=True, slots=True)
class Amount:
    """US dollars, from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run would cost. `prompt_tokens` are those of all answers' prompts, rather too many than too few.

    So are those that ask for search queries, for `planned` of the questions. `answers` is what answering
    would cost, queries and checks of claims included, `judging` what a judge would; None where no price is
    known. `model` and `judge` are the models' names, None without one. `sampled` of the `questions` were
    looked at.
    """

    questions: int
    sampled: int
    model: str | None = None
    prompt_tokens: int = 0
    answers: Amount | None = None
    judge: str | None = None
    judging: Amount | None = None
    planned: int = 0


def estimate(
    questions: Sequence[Question],
    *,
    reader: SharedIndexReader,
    options: AskOptions,
    judge: LLM | None = None,
    answered: int = 0,
) -> Expected:
    """What asking `questions` would cost; a question to be asked several times stands there as often.

    `judge` is to judge their answers, and as many that are there already as `answered` says. Raises
    UnusableIndex, and SettingsError if a prompt has no room for anything.
    """
    sample = questions[:: -(-len(questions) // SAMPLE) or 1]
    count, prompts, plans, answers = len(questions), 0, 0, None
    if options.model is not None and sample:
        guard = IndexGuard(reader.read(fingerprint))
        sizes = [_prompt(question, reader, guard, options, options.model) for question in sample]
        calls = round(count * sum(size.answer > 0 for size in sizes) / len(sample))
        plans = round(count * sum(size.plan > 0 for size in sizes) / len(sample))
        prompts = round(count * sum(size.answer + size.plan for size in sizes) / len(sample))
        answers = _amount(options.model.llm, calls, ANSWER, prompts)
        answers = _both(answers, _amount(options.model.llm, plans, PLAN))
        if options.model.check == "llm":
            answers = _both(answers, _amount(options.model.llm, calls, CHECK))
    return Expected(
        count,
        len(sample),
        options.model.llm.name if options.model else None,
        prompts,
        answers,
        judge.name if judge else None,
        _amount(judge, count + answered, JUDGE) if judge else None,
        plans,
    )


def estimate_lines(expected: Expected) -> str:
    """An estimate in words, on one line."""
    what = f"{expected.questions:,} question{'' if expected.questions == 1 else 's'} to ask"
    if expected.model is None and expected.judge is None:
        return f"{what}; no model: costs nothing"
    parts = [what]
    if expected.model is None:
        parts.append("no model answers")
    else:
        parts.append(f"{expected.model}: {_dollars(expected.answers)}")
        parts.append(f"at most {expected.prompt_tokens:,} prompt tokens")
        if expected.planned:
            parts.append(f"search queries asked for first for {expected.planned:,}")
        parts.append(f"answers of {ANSWER.low.completion} to {ANSWER.high.completion} tokens assumed")
    if expected.judge is not None:
        parts.append(f"judge {expected.judge}: {_dollars(expected.judging)}")
    return "; ".join(parts)


def draft_line(model: AnswerModel | None, wanted: int, near: int) -> str:
    """What drafting `wanted` questions would cost, `near` of them near misses, in words on one line."""
    what = f"{wanted:,} draft{'' if wanted == 1 else 's'} to write"
    if model is None:
        return f"{what}; no model: costs nothing"
    amount = _both(
        _amount(model.llm, wanted - near, DRAFT),
        _amount(model.llm, near, NEAR_DRAFT, near * model.prompt_tokens),
    )
    return f"{what}; {model.llm.name}: {_dollars(amount)}"


def expected_object(expected: Expected) -> dict[str, object]:
    """What `qa eval --dry-run --json` prints; amounts in US dollars, null where no price is known."""
    return {"schema": "qa.estimate/1", **asdict(expected)}


@dataclass(frozen=True, slots=True)
class _Sizes:
    """The tokens of a question's prompts, for its answer and for search queries; 0 for one not asked for."""

    answer: int = 0
    plan: int = 0


def _prompt(
    question: Question, reader: SharedIndexReader, guard: IndexGuard, options: AskOptions, model: AnswerModel
) -> _Sizes:
    """The sizes of the prompts of a question; nothing if the model would not be asked at all."""
    try:
        filters = reader.read(lambda catalog: narrow_filters(question, guard.check(catalog), options.filters))
        budget = model.prompt_tokens
        retrieval = reader.find(question.text, k=options.k, filters=filters, budget=budget)
    except UsageError:  # its record will say why
        return _Sizes()
    if not retrieval.passages:
        return _Sizes()
    size = prompt_of(question.text, retrieval, budget, model.instructions).tokens
    if not (model.plan and will_plan(question.text, retrieval, options.k)):
        return _Sizes(size)
    return _Sizes(size, estimate_tokens(planning_prompt(question.text, retrieval.passages[:PASSAGES])))


def _both(a: Amount | None, b: Amount | None) -> Amount | None:
    return None if a is None or b is None else Amount(a.low + b.low, a.high + b.high)


def _amount(llm: LLM, calls: int, each: Assumed, prompts: int = 0) -> Amount | None:
    """What `calls` of one kind cost, with so many prompt tokens in all beside those of `each`."""
    price = price_for(llm)
    if price is None:
        return None
    low = price.of(Tokens(0, each.low.completion)) * calls
    low += price.prompt * (prompts / OVERSTATED + each.low.prompt * calls) / 1e6
    high = price.of(Tokens(0, each.high.completion)) * calls
    high += price.prompt * (prompts + each.high.prompt * calls) / 1e6
    return Amount(low, high)


def _dollars(amount: Amount | None) -> str:
    if amount is None:
        return "price not known"
    return f"${amount.low:,.2f} to ${amount.high:,.2f}" if amount.high >= 0.01 else "less than $0.01"

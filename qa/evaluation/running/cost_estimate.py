"""Estimates the cost of a run before any model is asked.

The prompts of a sample are made and counted. How long answers will be nobody knows: what is assumed of them
is part of the estimate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.answering.generative.prompt import answer_prompt
from qa.evaluation.running.attempt import AskOptions, IndexGuard, narrow_filters
from qa.evaluation.runs.header import fingerprint
from qa.evaluation.types import Question
from qa.models.base import LLM, Tokens
from qa.models.metering import price_for

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


# An answer, thinking included; its prompt is counted. A check reads the claims with what they cite, a judge
# reads that and the reference answers.
ANSWER = Assumed(Tokens(0, 50), Tokens(0, 600))
CHECK = Assumed(Tokens(400, 20), Tokens(1_500, 300))
JUDGE = Assumed(Tokens(800, 60), Tokens(4_000, 900))


@dataclass(frozen=True, slots=True)
class Amount:
    """US dollars, from `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run would cost. `prompt_tokens` are those of all answers' prompts, rather too many than too few.

    `answers` is what answering would cost, with the checks of claims, `judging` what a judge would; None
    where no price is known. `model` and `judge` are the models' names, None without one. `sampled` of the
    `questions` were looked at.
    """

    questions: int
    sampled: int
    model: str | None = None
    prompt_tokens: int = 0
    answers: Amount | None = None
    judge: str | None = None
    judging: Amount | None = None


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
    count, prompts, answers = len(questions), 0, None
    if options.model is not None and sample:
        guard = IndexGuard(reader.read(fingerprint))
        sizes = [_prompt(question, reader, guard, options, options.model) for question in sample]
        calls = round(count * sum(size > 0 for size in sizes) / len(sample))
        prompts = round(count * sum(sizes) / len(sample))
        answers = _amount(options.model.llm, calls, ANSWER, prompts)
        if answers is not None and options.model.check == "llm":
            checks = _amount(options.model.llm, calls, CHECK)
            answers = checks and Amount(answers.low + checks.low, answers.high + checks.high)
    return Expected(
        count,
        len(sample),
        options.model.llm.name if options.model else None,
        prompts,
        answers,
        judge.name if judge else None,
        _amount(judge, count + answered, JUDGE) if judge else None,
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
        parts.append(f"answers of {ANSWER.low.completion} to {ANSWER.high.completion} tokens assumed")
    if expected.judge is not None:
        parts.append(f"judge {expected.judge}: {_dollars(expected.judging)}")
    return "; ".join(parts)


def expected_object(expected: Expected) -> dict[str, object]:
    """What `qa eval --dry-run --json` prints; amounts in US dollars, null where no price is known."""
    return {"schema": "qa.estimate/1", **asdict(expected)}


def _prompt(
    question: Question, reader: SharedIndexReader, guard: IndexGuard, options: AskOptions, model: AnswerModel
) -> int:
    """The tokens of a question's prompt; 0 if the model would not be asked at all."""
    try:
        filters = reader.read(lambda catalog: narrow_filters(question, guard.check(catalog), options.filters))
        passages = reader.find(question.text, k=options.k, filters=filters).passages
    except UsageError:  # its record will say why
        return 0
    return answer_prompt(question.text, passages, budget=model.prompt_tokens).tokens if passages else 0


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

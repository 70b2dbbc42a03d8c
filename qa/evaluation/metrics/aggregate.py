"""Aggregates the scores of a run: every metric with its interval, overall and by tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from statistics import fmean

from qa.evaluation.metrics.abstention import (
    Decision,
    Ratio,
    abstention_ratios,
    aurc,
    decisions_of,
    ratio_statistic,
    risk_coverage,
)
from qa.evaluation.metrics.per_question import METRICS, cluster_of, question_metrics
from qa.evaluation.metrics.repeats import repeat_deviations
from qa.evaluation.metrics.stale import stale_files
from qa.evaluation.stats.intervals import METHOD, interval_of, intervals, intervals_by, percentile
from qa.evaluation.stats.jackknife import LEVEL
from qa.evaluation.types import (
    Cost,
    Curves,
    Estimate,
    IntervalMethod,
    Percentiles,
    Question,
    Record,
    RecordId,
    RepeatSpread,
    RunCost,
    RunCounts,
    Scores,
    TagScores,
    Timing,
    Verdict,
)
from qa.types import Answer, Usage

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _AskedQuestion:
    """A question with all its records: of each that did not fail, its answer and its metrics."""

    question: Question
    cluster: str
    records: int
    answers: tuple[Answer, ...]
    values: tuple[Mapping[str, float], ...]

    @property
    def decisions(self) -> list[Decision]:
        """Its answers and abstentions whose risk is defined."""
        return decisions_of(self.question, self.answers, self.values)


def score_records(
    records: Sequence[Record],
    verdicts: Mapping[RecordId, Verdict],
    values: Mapping[RecordId, Mapping[str, float]] | None = None,
) -> Scores:
    """The figures of `records`: equal for equal records in any order.

    `verdicts` are by key and repeat of their record, and so are `values`: what `question_metrics` gives for
    each, if somebody has it already. A question's value is the mean over its repeats; every
    metric is over questions (`n` of them), and one that is not defined for any is left out. What is of
    answers alone (claims, `support_recall`, `aurc`) is to be read beside `coverage`. `repeats` says how far
    asking again moves the means, `judge` whose verdicts they are. Seconds and cost are over answers. Floats
    have 6 digits. Raises ValueError for a verdict that does not fit its record's answer.
    """
    asked = _by_question(records, verdicts, values or {})
    means, by_tag = _metrics(asked)
    curve = risk_coverage([each.decisions for each in asked if each.decisions])
    answers = [answer for each in asked for answer in each.answers]
    return Scores(
        counts=_counts(asked, records, verdicts),
        judge=", ".join(sorted({verdict.judge for verdict in verdicts.values()})) or None,
        metrics=means,
        by_tag=by_tag,
        curves=Curves(tuple((_round(coverage), _round(risk)) for coverage, risk in curve)),
        intervals=IntervalMethod(METHOD, LEVEL, len({each.cluster for each in asked})),
        repeats=_repeats(asked),
        timing=_timing(answers),
        cost=_run_cost(
            [answer.usage for answer in answers], [verdicts[which].usage for which in sorted(verdicts)]
        ),
    )


def _by_question(
    records: Sequence[Record],
    verdicts: Mapping[RecordId, Verdict],
    known: Mapping[RecordId, Mapping[str, float]],
) -> list[_AskedQuestion]:
    """The questions in the order of their keys."""
    questions = []
    ordered = sorted(records, key=lambda record: (record.key, record.repeat))
    for _, group in groupby(ordered, key=lambda record: record.key):
        repeats = list(group)
        answers, values = [], []
        for record in repeats:
            if record.answer is not None:
                which = (record.key, record.repeat)
                answers.append(record.answer)
                values.append(
                    known[which] if which in known else question_metrics(record, verdicts.get(which))
                )
        first = repeats[0]
        questions.append(
            _AskedQuestion(first.question, cluster_of(first), len(repeats), tuple(answers), tuple(values))
        )
    return questions


def _counts(
    asked: Sequence[_AskedQuestion], records: Sequence[Record], verdicts: Mapping[RecordId, Verdict]
) -> RunCounts:
    answers = [answer for each in asked for answer in each.answers]
    abstained = sum(answer.status == "abstained" for answer in answers)
    unreadable = sum(verdict.unreadable for verdict in verdicts.values())
    return RunCounts(
        questions=len(asked),
        records=len(records),
        answered=len(answers) - abstained,
        abstained=abstained,
        errors=len(records) - len(answers),
        unanswerable=sum(each.question.answerable is False for each in asked),
        judged=len(verdicts) - unreadable,
        unreadable=unreadable,
        stale=sum(bool(stale_files(answer)) for answer in answers),
    )


def _metrics(asked: Sequence[_AskedQuestion]) -> tuple[dict[str, Estimate], dict[str, TagScores]]:
    """All metrics over all questions, and over those of each tag."""
    columns, clusters = _columns(asked), [each.cluster for each in asked]
    tagged: dict[str, list[int]] = {}
    for row, each in enumerate(asked):
        for tag in set(each.question.tags):
            tagged.setdefault(tag, []).append(row)
    means = intervals_by(tagged, columns, clusters)
    by_tag = {}
    for tag in sorted(tagged):
        bearing = [asked[row] for row in tagged[tag]]
        by_tag[tag] = TagScores(len(bearing), _rounded(means[tag] | _of_the_set(bearing)))
    return _rounded(intervals(columns, clusters) | _of_the_set(asked)), by_tag


def _columns(asked: Sequence[_AskedQuestion]) -> dict[str, list[float | None]]:
    """Of each metric that is a mean over questions its value for each question, None where it has none."""
    by_question = [_means(each) for each in asked]
    names = {name for values in by_question for name in values}
    return {name: [values.get(name) for values in by_question] for name in METRICS if name in names}


def _means(asked: _AskedQuestion) -> dict[str, float]:
    names = {name for values in asked.values for name in values}
    means = {name: fmean(values[name] for values in asked.values if name in values) for name in names}
    if decisions := asked.decisions:
        means["coverage"] = fmean(decision.confidence is not None for decision in decisions)
    return means | {"error_rate": 1 - len(asked.answers) / asked.records}


def _of_the_set(asked: Sequence[_AskedQuestion]) -> dict[str, Estimate]:
    """The figures that are no means over questions: how well it abstains, and the area under the curve."""
    decided = [each for each in asked if each.answers and each.question.answerable is not None]
    declined = [fmean(answer.status == "abstained" for answer in each.answers) for each in decided]
    ratios = abstention_ratios(declined, [not each.question.answerable for each in decided])
    figures = {name: _ratio(ratio, [each.cluster for each in decided]) for name, ratio in ratios.items()}
    answered = [each for each in asked if any(decision.confidence is not None for decision in each.decisions)]
    figures["aurc"] = interval_of(
        aurc([each.decisions for each in answered]), [each.cluster for each in answered]
    )
    return {name: estimate for name, estimate in figures.items() if estimate is not None}


def _ratio(ratio: Ratio, clusters: Sequence[str]) -> Estimate | None:
    """A ratio over the questions that its whole consists of."""
    rows = [row for row, whole in enumerate(ratio.whole) if whole > 0]
    counted = Ratio(tuple(ratio.part[row] for row in rows), tuple(ratio.whole[row] for row in rows))
    return interval_of(ratio_statistic(counted), [clusters[row] for row in rows])


def _rounded(estimates: Mapping[str, Estimate]) -> dict[str, Estimate]:
    """Estimates with the digits that are written, in the order of `METRICS`."""
    chosen = [(name, estimates[name]) for name in METRICS if name in estimates]
    return {
        name: Estimate(_round(each.mean), _round(each.low), _round(each.high), each.n)
        for name, each in chosen
    }


def _repeats(asked: Sequence[_AskedQuestion]) -> RepeatSpread:
    n = max((each.records for each in asked), default=0)
    spread = repeat_deviations([each.values for each in asked], n)
    return RepeatSpread(n, {name: _round(spread[name]) for name in METRICS if name in spread})


def _timing(answers: Sequence[Answer]) -> Timing:
    seconds = [answer.seconds for answer in answers]
    return Timing(
        search_seconds=_percentiles([each.search for each in seconds]),
        answer_seconds=_percentiles([each.answer for each in seconds]),
        seconds=_percentiles([each.search + each.answer for each in seconds]),
    )


def _percentiles(values: Sequence[float]) -> Percentiles:
    if not values:
        return Percentiles(None, None, None, 0)
    p50, p95 = percentile(values, 0.5), percentile(values, 0.95)
    return Percentiles(_round(p50), _round(p95), _round(fmean(values)), len(values))


def _run_cost(answers: Iterable[Usage], verdicts: Iterable[Usage]) -> RunCost:
    cost = _cost(answers)
    return RunCost(
        cost.prompt_tokens, cost.completion_tokens, cost.cost_usd, cost.unpriced, judge=_cost(verdicts)
    )


def _cost(usages: Iterable[Usage]) -> Cost:
    """The sum of `usages`. Where no model was asked, nothing was paid."""
    paid = [usage for usage in usages if not _free(usage)]
    known = [usage.cost_usd for usage in paid if usage.cost_usd is not None]
    return Cost(
        prompt_tokens=sum(usage.prompt_tokens or 0 for usage in paid),
        completion_tokens=sum(usage.completion_tokens or 0 for usage in paid),
        cost_usd=_round(fsum(known)) if known or not paid else None,
        unpriced=len(paid) - len(known),
    )


def _free(usage: Usage) -> bool:
    return usage.prompt_tokens == usage.completion_tokens == 0 and usage.cost_usd is None


def _round(value: float) -> float:
    return round(value, _DIGITS)

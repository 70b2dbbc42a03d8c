"""Records and verdicts -> scores.json: every metric with its interval, over all questions and by tag.

Knows how the values of single records become figures of a run, and how these are laid out as JSON. What a
record measures is the business of `measures`, intervals that of `stats`, a terminal that of `scores_text`. No
model is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from statistics import fmean
from typing import TYPE_CHECKING

from qa.evaluation.metrics.abstention import Decision, Ratio, abstention, aurc, risk, risk_coverage
from qa.evaluation.metrics.per_question import METRICS, cluster_of, question_metrics
from qa.evaluation.metrics.repeats import between_repeats
from qa.evaluation.stats.intervals import METHOD, interval_of, intervals, intervals_by, percentile
from qa.evaluation.stats.jackknife import LEVEL
from qa.evaluation.types import Estimate, Question, Record, Verdict
from qa.types import Answer, Usage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = "qa.scores/1"
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _AskedQuestion:
    """A question with all that came of it: for each record that did not fail its answer and its values."""

    question: Question
    cluster: str
    records: int
    answers: tuple[Answer, ...]
    values: tuple[Mapping[str, float], ...]

    @property
    def outcomes(self) -> list[Decision]:
        """Of its answers and abstentions those whose risk is defined."""
        found = []
        for answer, values in zip(self.answers, self.values, strict=True):
            risky = risk(self.question.answerable, values)
            if risky is not None:
                found.append(Decision(None if answer.status == "abstained" else answer.evidence, risky))
        return found


def scores(
    records: Sequence[Record],
    verdicts: Mapping[tuple[str, int], Verdict],
    values: Mapping[tuple[str, int], Mapping[str, float]] | None = None,
) -> dict[str, object]:
    """What scores.json holds, in the order in which it is written; equal for equal records in any order.

    `verdicts` are by key and repeat of their record, and so are `values`: what `question_metrics` gives for
    each, if somebody has it already. A question's value is the mean over its repeats; every
    metric is over questions (`n` of them), and one that is not defined for any is left out. What is of
    answers alone (claims, `support_recall`, `aurc`) is to be read beside `coverage`. `repeats` says how far
    asking again moves the means, `judge` whose verdicts they are. Seconds and cost are over answers. Floats
    have 6 digits. Raises ValueError for a verdict that does not fit its record's answer.
    """
    asked = _asked(records, verdicts, values or {})
    curve = risk_coverage([one.outcomes for one in asked if one.outcomes])
    return {
        "schema": SCHEMA,
        "counts": _counts(asked, records, verdicts),
        "judge": ", ".join(sorted({one.judge for one in verdicts.values()})) or None,
        **_metrics(asked),
        "curves": {"risk_coverage": [[_round(coverage), _round(risk)] for coverage, risk in curve]},
        "intervals": {"method": METHOD, "level": LEVEL, "clusters": len({one.cluster for one in asked})},
        "repeats": _repeats(asked),
        "timing": _timing([answer for one in asked for answer in one.answers]),
        "cost": {
            **_cost(answer.usage for one in asked for answer in one.answers),
            "judge": _cost(verdicts[place].usage for place in sorted(verdicts)),
        },
    }


def _asked(
    records: Sequence[Record],
    verdicts: Mapping[tuple[str, int], Verdict],
    known: Mapping[tuple[str, int], Mapping[str, float]],
) -> list[_AskedQuestion]:
    """The questions in the order of their keys."""
    found = []
    ordered = sorted(records, key=lambda one: (one.key, one.repeat))
    for _, of_one in groupby(ordered, key=lambda one: one.key):
        repeats = list(of_one)
        there = [(one, one.answer) for one in repeats if one.answer is not None]
        places = [(one.key, one.repeat) for one, _ in there]
        values = [
            known[place] if place in known else question_metrics(one, verdicts.get(place))
            for place, (one, _) in zip(places, there, strict=True)
        ]
        first = repeats[0]
        answers = tuple(answer for _, answer in there)
        found.append(_AskedQuestion(first.question, cluster_of(first), len(repeats), answers, tuple(values)))
    return found


def _counts(
    asked: Sequence[_AskedQuestion], records: Sequence[Record], verdicts: Mapping[tuple[str, int], Verdict]
) -> dict[str, int]:
    answers = [answer for one in asked for answer in one.answers]
    abstained = sum(answer.status == "abstained" for answer in answers)
    return {
        "questions": len(asked),
        "records": len(records),
        "answered": len(answers) - abstained,
        "abstained": abstained,
        "errors": len(records) - len(answers),
        "unanswerable": sum(one.question.answerable is False for one in asked),
        "judged": sum(not one.unreadable for one in verdicts.values()),
        "unreadable": sum(one.unreadable for one in verdicts.values()),
    }


def _metrics(asked: Sequence[_AskedQuestion]) -> dict[str, object]:
    """`metrics` and `by_tag`: what is a mean over questions, and what is not."""
    columns, clusters = _columns(asked), [one.cluster for one in asked]
    tagged: dict[str, list[int]] = {}
    for place, one in enumerate(asked):
        for tag in set(one.question.tags):
            tagged.setdefault(tag, []).append(place)
    means = intervals_by(tagged, columns, clusters)
    by_tag = {}
    for tag in sorted(tagged):
        some = [asked[place] for place in tagged[tag]]
        by_tag[tag] = {"n": len(some), "metrics": _listed(means[tag] | _of_the_set(some))}
    return {"metrics": _listed(intervals(columns, clusters) | _of_the_set(asked)), "by_tag": by_tag}


def _columns(asked: Sequence[_AskedQuestion]) -> dict[str, list[float | None]]:
    """Of each metric that is a mean over questions its value for each question, None where it has none."""
    by_question = [_means(one) for one in asked]
    names = {name for values in by_question for name in values}
    return {name: [values.get(name) for values in by_question] for name in METRICS if name in names}


def _means(one: _AskedQuestion) -> dict[str, float]:
    names = {name for values in one.values for name in values}
    means = {name: fmean(values[name] for values in one.values if name in values) for name in names}
    if outcomes := one.outcomes:
        means["coverage"] = fmean(outcome.confidence is not None for outcome in outcomes)
    return means | {"error_rate": 1 - len(one.answers) / one.records}


def _of_the_set(asked: Sequence[_AskedQuestion]) -> dict[str, Estimate]:
    """The figures that are no means over questions: how well it abstains, and the area under the curve."""
    decided = [one for one in asked if one.answers and one.question.answerable is not None]
    declined = [fmean(answer.status == "abstained" for answer in one.answers) for one in decided]
    ratios = abstention(declined, [not one.question.answerable for one in decided])
    found = {name: _ratio(ratio, [one.cluster for one in decided]) for name, ratio in ratios.items()}
    risky = [(one.outcomes, one.cluster) for one in asked]
    covered = [pair for pair in risky if any(outcome.confidence is not None for outcome in pair[0])]
    found["aurc"] = interval_of(aurc([one for one, _ in covered]), [cluster for _, cluster in covered])
    return {name: estimate for name, estimate in found.items() if estimate is not None}


def _ratio(ratio: Ratio, clusters: Sequence[str]) -> Estimate | None:
    """A ratio over the questions that its whole consists of."""
    import numpy as np

    there = [place for place, whole in enumerate(ratio.whole) if whole > 0]
    both = np.array([ratio.part, ratio.whole]).T[there]

    def statistic(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = weights @ both
        with np.errstate(invalid="ignore"):
            return np.clip(sums[:, 0] / sums[:, 1], 0.0, 1.0)

    return interval_of(statistic, [clusters[place] for place in there])


def _listed(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    """Estimates as they are written, in the order of `METRICS`."""
    return {
        name: {"mean": _round(one.mean), "low": _round(one.low), "high": _round(one.high), "n": one.n}
        for name, one in ((name, estimates[name]) for name in METRICS if name in estimates)
    }


def _repeats(asked: Sequence[_AskedQuestion]) -> dict[str, object]:
    """How often questions were asked at most, and by how much the means vary from one time to the next."""
    n = max((one.records for one in asked), default=0)
    spread = between_repeats([one.values for one in asked], n)
    return {"n": n, "metrics": {name: _round(spread[name]) for name in METRICS if name in spread}}


def _timing(answers: Sequence[Answer]) -> dict[str, dict[str, float | None]]:
    """Wall seconds of everything that was answered or declined."""
    parts: dict[str, Callable[[Answer], float]] = {
        "search_seconds": lambda answer: answer.seconds.search,
        "answer_seconds": lambda answer: answer.seconds.answer,
        "seconds": lambda answer: answer.seconds.search + answer.seconds.answer,
    }
    return {name: _seconds([of(answer) for answer in answers]) for name, of in parts.items()}


def _seconds(values: Sequence[float]) -> dict[str, float | None]:
    if not values:
        return {"p50": None, "p95": None, "mean": None, "n": 0}
    return {
        "p50": _round(percentile(values, 0.5)),
        "p95": _round(percentile(values, 0.95)),
        "mean": _round(fmean(values)),
        "n": len(values),
    }


def _cost(usages: Iterable[Usage]) -> dict[str, float | None]:
    """Tokens and US dollars, as far as they are known. `unpriced` counts the answers whose cost is not.

    Where no model was asked, nothing was paid. `cost_usd` is None if nothing is known of what was paid.
    """
    paid = [one for one in usages if not _free(one)]
    known = [one.cost_usd for one in paid if one.cost_usd is not None]
    return {
        "prompt_tokens": sum(one.prompt_tokens or 0 for one in paid),
        "completion_tokens": sum(one.completion_tokens or 0 for one in paid),
        "cost_usd": _round(fsum(known)) if known or not paid else None,
        "unpriced": len(paid) - len(known),
    }


def _free(usage: Usage) -> bool:
    return usage.prompt_tokens == usage.completion_tokens == 0 and usage.cost_usd is None


def _round(value: float) -> float:
    return round(value, _DIGITS)

"""Records and verdicts -> scores.json: every metric with its interval, over all questions and by tag.

Knows how the values of single records become figures of a run, and how these are laid out as JSON and on a
terminal. What a record measures is the business of `measures`, intervals that of `stats`. No model is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import fsum
from statistics import fmean
from typing import TYPE_CHECKING, Any

from qa.evaluation.metrics.measures import GROUPS, METRICS, cluster_of, question_metrics
from qa.evaluation.metrics.refusals import Outcome, Ratio, abstention, aurc, risk, risk_coverage
from qa.evaluation.stats.intervals import METHOD, interval_of, intervals, intervals_by, percentile
from qa.evaluation.stats.jackknife import LEVEL
from qa.evaluation.types import Estimate, Question, Record, Verdict
from qa.screen import one_line, paint, table, wrap
from qa.types import Answer, Usage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = "qa.scores/1"
_DIGITS = 6
_HEADLINES = (  # what a person in a hurry sees, the most telling first
    *("R@5", "page_R@5", "citation_f1", "page_citation_f1", "judged_correct", "token_f1", "right_decision"),
    *("support_recall", "MRR", "page_MRR", "citation_hit", "page_citation_hit"),
    *("abstention_f1", "error_rate"),
)
_TAG_ROOM = 30  # columns for a tag and its n
_NARROW = 56  # columns; a narrower terminal gets no intervals
_Row = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with all that came of it: for each record that did not fail its answer and its values."""

    question: Question
    cluster: str
    records: int
    answers: tuple[Answer, ...]
    values: tuple[Mapping[str, float], ...]

    @property
    def outcomes(self) -> list[Outcome]:
        """Of its answers and abstentions those whose risk is defined."""
        found = []
        for answer, values in zip(self.answers, self.values, strict=True):
            risky = risk(self.question.answerable, values)
            if risky is not None:
                found.append(Outcome(None if answer.status == "abstained" else answer.evidence, risky))
        return found


def scores(records: Sequence[Record], verdicts: Mapping[tuple[str, int], Verdict]) -> dict[str, object]:
    """What scores.json holds, in the order in which it is written; equal for equal records in any order.

    `verdicts` are by key and repeat of their record. A question's value is the mean over its repeats; every
    metric is over questions (`n` of them), and one that is not defined for any is left out. Seconds and cost
    are over answers. Floats have 6 digits. Raises ValueError for a verdict that does not fit its record's
    answer.
    """
    asked = _asked(records, verdicts)
    curve = risk_coverage([one.outcomes for one in asked if one.outcomes])
    return {
        "schema": SCHEMA,
        "counts": _counts(asked, records, verdicts),
        **_metrics(asked),
        "curves": {"risk_coverage": [[_round(coverage), _round(risk)] for coverage, risk in curve]},
        "intervals": {"method": METHOD, "level": LEVEL, "clusters": len({one.cluster for one in asked})},
        "timing": _timing([answer for one in asked for answer in one.answers]),
        "cost": {
            **_cost(answer.usage for one in asked for answer in one.answers),
            "judge": _cost(verdicts[place].usage for place in sorted(verdicts)),
        },
    }


def _asked(records: Sequence[Record], verdicts: Mapping[tuple[str, int], Verdict]) -> list[_Asked]:
    """The questions in the order of their keys."""
    found = []
    ordered = sorted(records, key=lambda one: (one.key, one.repeat))
    for _, of_one in groupby(ordered, key=lambda one: one.key):
        repeats = list(of_one)
        there = [(one, one.answer) for one in repeats if one.answer is not None]
        values = [question_metrics(one, verdicts.get((one.key, one.repeat))) for one, _ in there]
        first = repeats[0]
        answers = tuple(answer for _, answer in there)
        found.append(_Asked(first.question, cluster_of(first), len(repeats), answers, tuple(values)))
    return found


def _counts(
    asked: Sequence[_Asked], records: Sequence[Record], verdicts: Mapping[tuple[str, int], Verdict]
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


def _metrics(asked: Sequence[_Asked]) -> dict[str, object]:
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


def _columns(asked: Sequence[_Asked]) -> dict[str, list[float | None]]:
    """Of each metric that is a mean over questions its value for each question, None where it has none."""
    by_question = [_means(one) for one in asked]
    names = {name for values in by_question for name in values}
    return {name: [values.get(name) for values in by_question] for name in METRICS if name in names}


def _means(one: _Asked) -> dict[str, float]:
    names = {name for values in one.values for name in values}
    means = {name: fmean(values[name] for values in one.values if name in values) for name in names}
    if outcomes := one.outcomes:
        means["coverage"] = fmean(outcome.confidence is not None for outcome in outcomes)
    return means | {"error_rate": 1 - len(one.answers) / one.records}


def _of_the_set(asked: Sequence[_Asked]) -> dict[str, Estimate]:
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


def render(scores: Mapping[str, Any], *, width: int = 80, colour: bool = False, full: bool = False) -> str:
    """scores.json for a person at a terminal: the figures that matter most, or, if `full`, all and every tag.

    Names are those of scores.json, under which gates know them.
    """
    metrics, by_tag = scores["metrics"], scores["by_tag"]
    chosen = {name for name in metrics if full or name in _HEADLINES}
    lines = [*wrap(_told(scores["counts"]), width), "", *_table(metrics, chosen, width, colour=colour)]
    lines += _effort(scores, width, full=full, colour=colour)
    if full and by_tag:
        lines += ["", *_tags(by_tag, width, colour=colour)]
    how = scores["intervals"]
    notes = [f"Intervals: {100 * how['level']:g} %, {how['method']}; {how['clusters']:,} clusters."]
    left = len(metrics) - len(chosen)
    more = [f"{left:,} more metrics"] * bool(left) + [f"{len(by_tag):,} tags"] * bool(by_tag)
    if more and not full:
        notes.append(f"scores.json has {' and '.join(more)}.")
    dim = [paint(line, "dim", colour=colour) for note in notes for line in wrap(note, width)]
    return "\n".join([*lines, "", *dim])


def _told(counts: Mapping[str, int]) -> str:
    """What was asked and what came of it: `400 questions (200 unanswerable): 329 answered, 71 abstained`."""
    asked = f"{counts['questions']:,} questions"
    if counts["unanswerable"]:
        asked += f" ({counts['unanswerable']:,} unanswerable)"
    if counts["records"] != counts["questions"]:
        asked += f", {counts['records']:,} records"
    came = [f"{counts['answered']:,} answered", f"{counts['abstained']:,} abstained"]
    came += [f"{counts['errors']:,} failed"] * bool(counts["errors"])
    if counts["judged"] or counts["unreadable"]:
        came.append(f"{counts['judged']:,} judged")
    if counts["unreadable"]:
        came.append(f"{counts['unreadable']:,} verdicts unreadable")
    return f"{asked}: {', '.join(came)}"


def _tags(by_tag: Mapping[str, Any], width: int, *, colour: bool) -> list[str]:
    """The means of every tag, as many columns of the figures that matter most as there is room for."""
    there = {name for of_tag in by_tag.values() for name in of_tag["metrics"]}
    names = [name for name in _HEADLINES if name in there]
    while len(names) > 1 and sum(len(name) + 2 for name in names) > width - _TAG_ROOM:
        names.pop()
    names.sort(key=METRICS.index)
    rows = [("tag", "n", *names)]
    for tag, of_tag in by_tag.items():
        means = (of_tag["metrics"].get(name) for name in names)
        cells = (f"{one['mean']:.3f}" if one else "-" for one in means)
        rows.append((one_line(tag), f"{of_tag['n']:,}", *cells))
    head, *body = table(rows, width=width, right=range(1, len(rows[0])), loose={0})
    return [paint(head, "bold", colour=colour), *body]


def _table(metrics: Mapping[str, Any], chosen: set[str], width: int, *, colour: bool) -> list[str]:
    """The chosen metrics by group, aligned over all of them."""
    rows: list[_Row] = []
    for group, names in GROUPS.items():
        there = [name for name in names if name in chosen]
        rows += [(group, "", "", "")] if there else []
        rows += [_row(name, metrics[name]) for name in there]
    head: _Row = ("", "mean", "interval", "n")
    lines = (
        table([head, *rows], width=width, right={1, 3})
        if width >= _NARROW
        else table([(row[0], row[1], row[3]) for row in (head, *rows)], width=width, right={1, 2})
    )
    shown = [paint(lines[0], "dim", colour=colour)]
    for row, line in zip(rows, lines[1:], strict=True):
        shown.append(line if row[1] else paint(line, "bold", colour=colour))
    return shown


def _row(name: str, one: Mapping[str, Any]) -> _Row:
    return (f"  {name}", f"{one['mean']:.3f}", f"{one['low']:.3f} to {one['high']:.3f}", f"{one['n']:,}")


def _effort(scores: Mapping[str, Any], width: int, *, full: bool, colour: bool) -> list[str]:
    """How long it took, and what it cost if a model was asked."""
    names = ("seconds", "search_seconds", "answer_seconds") if full else ("seconds",)
    rows = []
    for name in names:
        took = scores["timing"][name]
        if took["n"]:
            shares = ", ".join(f"{share} {took[share]:.3f}" for share in ("p50", "p95", "mean"))
            rows.append((f"  {name}", shares))
    for name, spent in (("cost", scores["cost"]), ("judge", scores["cost"]["judge"])):
        if spent["prompt_tokens"] or spent["completion_tokens"] or spent["unpriced"]:
            rows.append((f"  {name}", _spent(spent)))
    lines = table(rows, width=width)
    return [paint("time and cost", "bold", colour=colour), *lines] if rows else []


def _spent(spent: Mapping[str, Any]) -> str:
    price = "not known" if spent["cost_usd"] is None else f"${spent['cost_usd']:,.4f}"
    if spent["cost_usd"] is not None and spent["unpriced"]:
        price += f" ({spent['unpriced']:,} unpriced)"
    return f"{price}, {spent['prompt_tokens']:,} tokens in, {spent['completion_tokens']:,} out"

"""Two runs over the same questions: what differs by more than chance, and which questions changed.

Knows per-question figures and answers as text; neither run folders nor how a figure is made. How the result
looks on a terminal is the business of `qa/evaluation/report/comparison_text.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from qa.evaluation.metrics.per_question import JUDGED
from qa.evaluation.stats.intervals import METHOD, Difference, differences
from qa.evaluation.stats.jackknife import LEVEL
from qa.evaluation.stats.significance import holm, mcnemar

Verdict = Literal["better", "worse", "unclear"]

SCHEMA = "qa.compare/1"


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question of a run: its figures in [0, 1] by metric, and its answer to show beside the other run's.

    `cluster` names the document it shares with others. `status` is the answer's, or "failed"; a question that
    failed has no `values`.
    """

    question: str
    cluster: str
    values: Mapping[str, float]
    status: str
    text: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunTable:
    """A run as a comparison needs it: its name, and its rows by the key of the question.

    `error_rate` is that of its scores.json; `judge` is whose verdicts it has, if any.
    """

    name: str
    rows: Mapping[str, QuestionFigures]
    error_rate: float = 0.0
    judge: str | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Of a metric that is 0 or 1: the questions that have 1 in one run only, and McNemar's exact p."""

    only_a: int
    only_b: int
    p: float


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric over the questions where both runs have it, and on how many B's value is the higher one."""

    name: str
    change: Difference
    higher: int
    equal: int
    lower: int
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """One of the figures that decide; `of` says what it is a figure of.

    `p` is adjusted for the number of headlines. Of a metric that is 0 or 1, McNemar's p stands in where it is
    the larger one: what the exact test doubts is not called clear.
    """

    of: str
    metric: str
    change: Difference
    p: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Changed:
    """A question whose headline figures moved: (metric, in A, in B), and both answers."""

    key: str
    moves: tuple[tuple[str, float, float], ...]
    a: QuestionFigures
    b: QuestionFigures


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say of each other.

    `paired` questions are compared, on `clusters` documents. `excluded` questions failed in one of the runs
    (`failed_a`, `failed_b`) and are left out of both. `only_a` and `only_b` are in one run alone.
    `error_rates` are those of A and B over all that they asked. `changed` begins with what moved most.
    """

    name_a: str
    name_b: str
    paired: int
    clusters: int
    only_a: int
    only_b: int
    failed_a: int
    failed_b: int
    excluded: int
    metrics: tuple[MetricChange, ...]
    headlines: tuple[HeadlineChange, ...]
    sentence: str
    changed: tuple[Changed, ...]
    notes: tuple[str, ...] = ()
    error_rates: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Family:
    """What a headline is of, how it is said that B does it better, and its metrics, the best first."""

    of: str
    better: str
    worse: str
    metrics: tuple[str, ...]


FAMILIES = (
    _Family("retrieval", "B retrieves better", "B retrieves worse", ("R@5", "page_R@5")),
    _Family(
        "citations", "B cites better", "B cites worse", ("citation_f1", "support_recall", "page_citation_f1")
    ),
    _Family("answers", "B answers better", "B answers worse", ("judged_correct", "token_f1")),
    _Family(
        "saying no",
        "B knows better when to say no",
        "B knows less well when to say no",
        ("right_decision",),
    ),
)


def compare(a: RunTable, b: RunTable, notes: tuple[str, ...] = ()) -> Comparison:
    """Pair the questions of two runs by their keys and say what differs; `notes` are the caller's, to show.

    A question is left out if it failed in either run; a metric is compared over the questions that have it in
    both. The headlines, at most one of each family, are decided at 5 % for all of them together (Holm). What
    is no mean over questions (`abstention_f1`, `aurc`) is not compared: `right_decision` stands for it.
    """
    shared = [key for key in a.rows if key in b.rows]
    failed = [{key for key in shared if run.rows[key].status == "failed"} for run in (a, b)]
    keys = [key for key in shared if key not in failed[0] | failed[1]]
    clusters = [a.rows[key].cluster for key in keys]
    metrics = _metrics([a.rows[key] for key in keys], [b.rows[key] for key in keys], clusters)
    by_name = {metric.name: metric for metric in metrics}
    headlines = _headlines(by_name)
    documents = len(set(clusters))
    return Comparison(
        name_a=a.name,
        name_b=b.name,
        paired=len(keys),
        clusters=documents,
        only_a=len(a.rows) - len(shared),
        only_b=len(b.rows) - len(shared),
        failed_a=len(failed[0]),
        failed_b=len(failed[1]),
        excluded=len(shared) - len(keys),
        metrics=metrics,
        headlines=headlines,
        sentence=_sentence(headlines, by_name),
        changed=tuple(_changed(a, b, keys, [one.metric for one in headlines])),
        notes=(
            *notes,
            *_one_document(documents, len(keys)),
            *_left_out(len(shared) - len(keys), len(shared), (a.error_rate, b.error_rate)),
            *_judges(a, b, metrics),
        ),
        error_rates=(a.error_rate, b.error_rate),
    )


def _metrics(
    a: Sequence[QuestionFigures], b: Sequence[QuestionFigures], clusters: Sequence[str]
) -> tuple[MetricChange, ...]:
    names = list(dict.fromkeys(name for row in (*a, *b) for name in row.values))
    columns = [{name: [row.values.get(name) for row in run] for name in names} for run in (a, b)]
    found = []
    for name, change in differences(columns[0], columns[1], clusters).items():
        pairs = [
            (one, other)
            for one, other in zip(columns[0][name], columns[1][name], strict=True)
            if one is not None and other is not None
        ]
        higher, lower = sum(x < y for x, y in pairs), sum(x > y for x, y in pairs)
        split = None
        if all(value in (0.0, 1.0) for pair in pairs for value in pair):
            split = Split(lower, higher, mcnemar(lower, higher))
        found.append(MetricChange(name, change, higher, len(pairs) - higher - lower, lower, split))
    return tuple(found)


def _headlines(metrics: Mapping[str, MetricChange]) -> tuple[HeadlineChange, ...]:
    """The first metric of each family that covers at least half as many questions as any other of it."""
    chosen = []
    for family in FAMILIES:
        there = [metrics[name] for name in family.metrics if name in metrics]
        most = max((metric.change.n for metric in there), default=0)
        chosen += [(family.of, metric) for metric in there if 2 * metric.change.n >= most][:1]
    adjusted = holm(
        {of: max(metric.change.p, metric.split.p if metric.split else 0.0) for of, metric in chosen}
    )
    return tuple(
        HeadlineChange(of, metric.name, metric.change, adjusted[of], _verdict(metric.change, adjusted[of]))
        for of, metric in chosen
    )


def _verdict(change: Difference, p: float) -> Verdict:
    if p >= 1 - LEVEL:
        return "unclear"
    return "better" if change.difference > 0 else "worse"


def _sentence(headlines: Sequence[HeadlineChange], metrics: Mapping[str, MetricChange]) -> str:
    """What differs, in words, then what may or may not: never that two runs are the same.

    Where no question changed, that is said; of other questions the interval still allows a difference.
    """
    phrases = {family.of: family for family in FAMILIES}
    clear, unclear = [], []
    for one in headlines:
        change = one.change
        if one.verdict == "unclear":
            equal = metrics[one.metric].equal == change.n
            said = f"none of {change.n:,} questions changed" if equal else "no clear difference"
            unclear.append(f"{one.of}: {said} ({_allowed(change)})")
            continue
        phrase = phrases[one.of].better if one.verdict == "better" else phrases[one.of].worse
        clear.append(
            f"{phrase}: {points(change.difference)} points, "
            f"95 % interval {points(change.low, sign='-')} to {points(change.high, sign='-')}"
        )
    return "; ".join(clear + unclear) or "nothing to compare: no headline figure is in both runs"


def _allowed(change: Difference) -> str:
    """Which differences the interval still allows, either way."""
    low, high = points(abs(change.low), sign="-"), points(abs(change.high), sign="-")
    if change.low > 0:
        return f"95 % interval: B {low} to {high} points better, but chance is not ruled out"
    if change.high < 0:
        return f"95 % interval: B {high} to {low} points worse, but chance is not ruled out"
    return f"95 % interval: B {low} points worse to {high} better"


def points(share: float, *, sign: Literal["+", "-"] = "+") -> str:
    """A share in hundredths, "+6.1", never "-0.0"; with `sign` "-" only a minus is written."""
    return f"{round(100 * share, 1) + 0.0:{sign}.1f}"


def _changed(a: RunTable, b: RunTable, keys: Iterable[str], metrics: Sequence[str]) -> list[Changed]:
    found = []
    for key in keys:
        one, other = a.rows[key], b.rows[key]
        moves = tuple(
            (name, one.values[name], other.values[name])
            for name in metrics
            if name in one.values and name in other.values and one.values[name] != other.values[name]
        )
        if moves:
            found.append(Changed(key, moves, one, other))
    return sorted(found, key=_least_moved)


def _least_moved(changed: Changed) -> tuple[float, float, str]:
    sizes = [abs(after - before) for _, before, after in changed.moves]
    return -max(sizes), -sum(sizes), changed.key


def _one_document(documents: int, questions: int) -> tuple[str, ...]:
    if questions and documents == 1:
        return ("All questions are about one document: nothing can be said of how others would do.",)
    return ()


def _left_out(excluded: int, shared: int, error_rates: tuple[float, float]) -> tuple[str, ...]:
    """What failing may hide: a run that fails where it is hard is not held to it."""
    if excluded:
        what = f"{excluded:,} of {shared:,} questions failed in a run and are left out of both"
    elif any(error_rates):
        what = "What failed counts in no figure but error_rate"
    else:
        return ()
    return (f"{what}: a run that fails on hard questions looks better by it; ask again what failed.",)


def _judges(a: RunTable, b: RunTable, metrics: Iterable[MetricChange]) -> tuple[str, ...]:
    """Whose opinion judged figures are; of two judges, that they may differ by no more than these."""
    if not any(one.name in JUDGED for one in metrics):
        return ()
    if a.judge != b.judge:
        return (f"A was judged by {a.judge}, B by {b.judge}: judged figures may differ by that alone.",)
    calibrate = "calibrating it with labels of your own says how far it agrees with you"
    return (f"Judged figures are as {a.judge} judged, with its errors: {calibrate}.",)


def comparison_object(comparison: Comparison, *, most: int | None = None) -> dict[str, object]:
    """The comparison as JSON, with at most `most` changed questions; floats to 6 digits."""
    return {
        "schema": SCHEMA,
        "a": comparison.name_a,
        "b": comparison.name_b,
        "questions": {
            name: getattr(comparison, name)
            for name in ("paired", "excluded", "failed_a", "failed_b", "only_a", "only_b")
        },
        "error_rate": {run: round(rate, 6) for run, rate in zip("ab", comparison.error_rates, strict=True)},
        "intervals": {"method": METHOD, "level": LEVEL, "clusters": comparison.clusters},
        "sentence": comparison.sentence,
        "headlines": [
            {"of": one.of, "metric": one.metric, **_figures(one.change), "p_holm": round(one.p, 6)}
            | {"verdict": one.verdict}
            for one in comparison.headlines
        ],
        "metrics": {one.name: _metric_object(one) for one in comparison.metrics},
        "changed": [_changed_object(one) for one in comparison.changed[:most]],
        "notes": list(comparison.notes),
    }


def _metric_object(metric: MetricChange) -> dict[str, object]:
    split = metric.split
    return {
        **_figures(metric.change),
        "higher": metric.higher,
        "equal": metric.equal,
        "lower": metric.lower,
        "mcnemar": split and {"only_a": split.only_a, "only_b": split.only_b, "p": round(split.p, 6)},
    }


def _figures(change: Difference) -> dict[str, float]:
    return {name: round(value, 6) + 0.0 if name != "n" else value for name, value in asdict(change).items()}


def _changed_object(changed: Changed) -> dict[str, object]:
    return {
        "key": changed.key,
        "question": changed.a.question,
        "tags": list(changed.a.tags),
        "moves": [
            {"metric": name, "a": round(before, 6), "b": round(after, 6)}
            for name, before, after in changed.moves
        ],
        "a": {"status": changed.a.status, "text": changed.a.text},
        "b": {"status": changed.b.status, "text": changed.b.text},
    }

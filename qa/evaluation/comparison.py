"""Paired comparison of two runs: significant differences, questions that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from qa.evaluation.metrics.per_question import JUDGED
from qa.evaluation.metrics.set_changes import SetFigures, covered, set_changes
from qa.evaluation.metrics.stale import stale_sentence
from qa.evaluation.stats.intervals import Difference, differences
from qa.evaluation.stats.jackknife import LEVEL
from qa.evaluation.stats.significance import holm, mcnemar

Direction = Literal["better", "worse", "unclear"]


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """One question of a run: its figures in [0, 1] by metric, and its answer to show beside the other run's.

    `cluster` names the document it shares with others. `status` is the answer's, or "failed"; a question that
    failed has no `values`. `errors` is the share of its records that failed, `of_set` what it adds to the
    figures of the whole set.
    """

    question: str
    cluster: str
    values: Mapping[str, float]
    status: str
    text: str = ""
    tags: tuple[str, ...] = ()
    errors: float = 0.0
    of_set: SetFigures = field(default_factory=SetFigures)


@dataclass(frozen=True, slots=True)
class RunTable:
    """A run as a comparison needs it: its name, and its rows by the key of the question.

    `error_rate` is that of its scores; `judge` is whose verdicts it has, if any. `stale` counts its answers
    that cite files which had changed.
    """

    name: str
    rows: Mapping[str, QuestionFigures]
    error_rate: float = 0.0
    judge: str | None = None
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Of a metric that is 0 or 1: the questions that have 1 in one run only, and McNemar's exact p."""

    only_a: int
    only_b: int
    p: float


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric over the questions where both runs have it, and on how many B's value is the higher.

    A figure of the whole set (`abstention_f1`, `aurc`) is no mean over questions: it has no such numbers.
    """

    name: str
    change: Difference
    higher: int | None = None
    equal: int | None = None
    lower: int | None = None
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """The metric that decides for its family; `of` is the family's name.

    `p` is adjusted for the number of headlines. Of a metric that is 0 or 1, McNemar's p stands in where it is
    the larger one: what the exact test doubts is not called clear.
    """

    of: str
    metric: str
    change: Difference
    p: float
    verdict: Direction


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question whose headline metrics changed: (metric, in A, in B), and both answers."""

    key: str
    moves: tuple[tuple[str, float, float], ...]
    a: QuestionFigures
    b: QuestionFigures


@dataclass(frozen=True, slots=True)
class Comparison:
    """The result of comparing two runs, A and B.

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
    changed: tuple[ChangedQuestion, ...]
    notes: tuple[str, ...] = ()
    error_rates: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class MetricFamily:
    """Metrics of one kind, the most telling first, and how to write that B is better or worse at it."""

    of: str
    better: str
    worse: str
    metrics: tuple[str, ...]


FAMILIES = (
    MetricFamily("retrieval", "B retrieves better", "B retrieves worse", ("R@5", "page_R@5", "document_R@5")),
    MetricFamily(
        "citations",
        "B cites better",
        "B cites worse",
        ("citation_f1", "support_recall", "page_citation_f1", "document_citation_f1"),
    ),
    MetricFamily("answers", "B answers better", "B answers worse", ("judged_correct", "token_f1")),
    MetricFamily(
        "saying no",
        "B knows better when to say no",
        "B knows less well when to say no",
        ("right_decision",),
    ),
)


def compare(a: RunTable, b: RunTable, notes: tuple[str, ...] = ()) -> Comparison:
    """Two runs compared, their questions paired by key; `notes` are the caller's, to show.

    A question is left out if it failed in either run; a metric is compared over the questions that have it in
    both, `error_rate` over all that both asked. The headlines, at most one of each family, are decided at 5 %
    for all of them together (Holm).
    """
    shared = [key for key in a.rows if key in b.rows]
    failed = [{key for key in shared if run.rows[key].status == "failed"} for run in (a, b)]
    keys = [key for key in shared if key not in failed[0] | failed[1]]
    clusters = [a.rows[key].cluster for key in keys]
    set_a, set_b = ([run.rows[key].of_set for key in keys] for run in (a, b))
    metrics = (
        *_metrics([a.rows[key] for key in keys], [b.rows[key] for key in keys], clusters),
        *(MetricChange(name, change) for name, change in set_changes(set_a, set_b, clusters).items()),
        *_error_rate(a, b, shared),
    )
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
        changed=tuple(_changed(a, b, keys, [headline.metric for headline in headlines])),
        notes=(
            *notes,
            *_one_document(documents, len(keys)),
            *_left_out(len(shared) - len(keys), len(shared), (a.error_rate, b.error_rate)),
            *_stale(a, b),
            *_coverage(set_a, set_b, metrics),
            *_judges(a, b, metrics),
        ),
        error_rates=(a.error_rate, b.error_rate),
    )


def _metrics(
    a: Sequence[QuestionFigures], b: Sequence[QuestionFigures], clusters: Sequence[str]
) -> tuple[MetricChange, ...]:
    names = list(dict.fromkeys(name for row in (*a, *b) for name in row.values))
    columns = [{name: [row.values.get(name) for row in run] for name in names} for run in (a, b)]
    metrics = []
    for name, change in differences(columns[0], columns[1], clusters).items():
        pairs = [
            (in_a, in_b)
            for in_a, in_b in zip(columns[0][name], columns[1][name], strict=True)
            if in_a is not None and in_b is not None
        ]
        higher, lower = sum(x < y for x, y in pairs), sum(x > y for x, y in pairs)
        split = None
        if all(value in (0.0, 1.0) for pair in pairs for value in pair):
            split = Split(lower, higher, mcnemar(lower, higher))
        metrics.append(MetricChange(name, change, higher, len(pairs) - higher - lower, lower, split))
    return tuple(metrics)


def _error_rate(a: RunTable, b: RunTable, shared: Sequence[str]) -> tuple[MetricChange, ...]:
    """The share of records that failed, of the questions that both runs asked; nothing if none did."""
    columns = [
        [1.0 if run.rows[key].status == "failed" else run.rows[key].errors for key in shared]
        for run in (a, b)
    ]
    if not any(map(any, columns)):
        return ()
    rows = [
        replace(run.rows[key], values={"error_rate": share})
        for run, column in zip((a, b), columns, strict=True)
        for key, share in zip(shared, column, strict=True)
    ]
    clusters = [a.rows[key].cluster for key in shared]
    return _metrics(rows[: len(shared)], rows[len(shared) :], clusters)


def _headlines(metrics: Mapping[str, MetricChange]) -> tuple[HeadlineChange, ...]:
    """The first metric of each family that covers at least half as many questions as any other of it."""
    chosen = []
    for family in FAMILIES:
        defined = [metrics[name] for name in family.metrics if name in metrics]
        most = max((metric.change.n for metric in defined), default=0)
        chosen += [(family.of, metric) for metric in defined if 2 * metric.change.n >= most][:1]
    adjusted = holm(
        {of: max(metric.change.p, metric.split.p if metric.split else 0.0) for of, metric in chosen}
    )
    return tuple(
        HeadlineChange(of, metric.name, metric.change, adjusted[of], _direction(metric.change, adjusted[of]))
        for of, metric in chosen
    )


def _direction(change: Difference, p: float) -> Direction:
    if p >= 1 - LEVEL:
        return "unclear"
    return "better" if change.difference > 0 else "worse"


def _sentence(headlines: Sequence[HeadlineChange], metrics: Mapping[str, MetricChange]) -> str:
    """In words, what differs, then what may or may not: never that two runs are the same.

    Where no question changed, it says so; of other questions the interval still allows a difference.
    """
    families = {family.of: family for family in FAMILIES}
    clear, unclear = [], []
    for headline in headlines:
        change = headline.change
        if headline.verdict == "unclear":
            equal = metrics[headline.metric].equal == change.n
            result = f"none of {change.n:,} questions changed" if equal else "no clear difference"
            unclear.append(f"{headline.of}: {result} ({_allowed(change)})")
            continue
        family = families[headline.of]
        phrase = family.better if headline.verdict == "better" else family.worse
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


def _changed(a: RunTable, b: RunTable, keys: Iterable[str], metrics: Sequence[str]) -> list[ChangedQuestion]:
    """Those that changed most first."""
    changed = []
    for key in keys:
        in_a, in_b = a.rows[key], b.rows[key]
        moves = tuple(
            (name, in_a.values[name], in_b.values[name])
            for name in metrics
            if name in in_a.values and name in in_b.values and in_a.values[name] != in_b.values[name]
        )
        if moves:
            changed.append(ChangedQuestion(key, moves, in_a, in_b))
    return sorted(changed, key=_most_changed_first)


def _most_changed_first(changed: ChangedQuestion) -> tuple[float, float, str]:
    sizes = [abs(after - before) for _, before, after in changed.moves]
    return -max(sizes), -sum(sizes), changed.key


def _one_document(documents: int, questions: int) -> tuple[str, ...]:
    if questions and documents == 1:
        return ("All questions are about one document: nothing can be said of how others would do.",)
    return ()


def _left_out(excluded: int, shared: int, error_rates: tuple[float, float]) -> tuple[str, ...]:
    """That failures may hide something: a run that fails on hard questions is not measured on them."""
    if excluded:
        what = f"{excluded:,} of {shared:,} questions failed in a run and are left out of both"
    elif any(error_rates):
        what = "What failed counts in no figure but error_rate"
    else:
        return ()
    return (f"{what}: a run that fails on hard questions looks better by it; ask again what failed.",)


def _coverage(
    a: Sequence[SetFigures], b: Sequence[SetFigures], metrics: Iterable[MetricChange]
) -> tuple[str, ...]:
    """That runs of unequal coverage differ in AURC by that alone; nothing where it is not compared."""
    if not any(metric.name == "aurc" for metric in metrics):
        return ()
    in_a, in_b = covered(a), covered(b)
    if in_a is None or in_b is None or in_a == in_b:
        return ()
    shares = f"A {100 * in_a:.1f} % of the questions, B {100 * in_b:.1f} %"
    return (f"aurc is of answers alone, and {shares}: answering less can lower it.",)


def _stale(a: RunTable, b: RunTable) -> Iterator[str]:
    """Which run cites files that are not what was indexed any more, and how often."""
    for name, run in (("A", a), ("B", b)):
        if said := stale_sentence(run.stale):
            yield f"of {name}, {said}."


def _judges(a: RunTable, b: RunTable, metrics: Iterable[MetricChange]) -> tuple[str, ...]:
    """Who judged; of two judges, that figures may differ by their judging alone."""
    if not any(metric.name in JUDGED for metric in metrics):
        return ()
    if a.judge != b.judge:
        return (f"A was judged by {a.judge}, B by {b.judge}: judged figures may differ by that alone.",)
    calibrate = "calibrating it with labels of your own says how far it agrees with you"
    return (f"Judged figures are as {a.judge} judged, with its errors: {calibrate}.",)

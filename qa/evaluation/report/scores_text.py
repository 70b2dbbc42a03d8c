"""The scores of a run as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from qa.evaluation.metrics.per_question import GROUPS, METRICS
from qa.evaluation.report.caveats import caveats
from qa.evaluation.types import Cost, Estimate, IntervalMethod, RunCounts, Scores, TagScores
from qa.output.text import paint, printable, table, wrap

HEADLINES = (  # what a person in a hurry sees, the most important first
    *("R@5", "page_R@5", "document_R@5", "citation_f1", "page_citation_f1", "document_citation_f1"),
    *("judged_correct", "token_f1", "right_decision", "support_recall"),
    *("MRR", "page_MRR", "document_MRR", "citation_hit", "page_citation_hit", "document_citation_hit"),
    *("abstention_f1", "error_rate"),
)
_TAG_WIDTH = 30  # columns for a tag and its n
_WIDE = 56  # columns; a narrower terminal gets no intervals
_Row = tuple[str, str, str, str]


def scores_text(scores: Scores, *, width: int = 80, colour: bool = False, full: bool = False) -> str:
    """The figures that matter most, or, if `full`, all and every tag.

    Names are those of scores.json, under which gates know them. Tags are made safe for a terminal.
    """
    if not scores.metrics:
        return _counts_line(scores.counts)
    shown = {name for name in scores.metrics if full or name in HEADLINES}
    lines = [
        *wrap(_counts_line(scores.counts), width),
        "",
        *_metrics_table(scores.metrics, shown, width, colour=colour),
        *_effort_lines(scores, width, full=full, colour=colour),
    ]
    if full and scores.by_tag:
        lines += ["", *_tags_table(scores.by_tag, width, colour=colour)]
    notes = [_intervals_note(scores.intervals, full=full), *caveats(scores, shown)]
    left, tags = len(scores.metrics) - len(shown), len(scores.by_tag)
    more = [_number(left, "more metric")] * bool(left) + [_number(tags, "tag")] * bool(tags)
    if more and not full:
        notes.append(f"--full shows {' and '.join(more)}.")
    dim = [paint(line, "dim", colour=colour) for note in notes for line in wrap(note, width)]
    return "\n".join([*lines, "", *dim])


def _intervals_note(intervals: IntervalMethod, *, full: bool) -> str:
    """What the intervals are of, in words for who does not know what a cluster is."""
    clusters = _number(intervals.clusters, "cluster")
    level = f"{100 * intervals.level:g} %"
    note = f"Intervals: {level}, over {clusters} (questions about one document count as one)."
    return f"{note} Method: {intervals.method}." if full else note


def _number(n: int, of: str) -> str:
    return f"{n:,} {of}" if n == 1 else f"{n:,} {of}s"


def _counts_line(counts: RunCounts) -> str:
    """What was asked and its outcome: `400 questions (200 unanswerable): 329 answered, 71 abstained`."""
    asked = _number(counts.questions, "question")
    if counts.unanswerable:
        asked += f" ({counts.unanswerable:,} unanswerable)"
    if counts.records != counts.questions:
        asked += f", {counts.records:,} records"
    outcomes = [f"{counts.answered:,} answered", f"{counts.abstained:,} abstained"]
    outcomes += [f"{counts.errors:,} failed"] * bool(counts.errors)
    if counts.judged or counts.unreadable:
        outcomes.append(f"{counts.judged:,} judged")
    if counts.unreadable:
        outcomes.append(f"{counts.unreadable:,} verdicts unreadable")
    return f"{asked}: {', '.join(outcomes)}"


def _tags_table(by_tag: Mapping[str, TagScores], width: int, *, colour: bool) -> list[str]:
    """The means of every tag, as many columns of the figures that matter most as there is room for."""
    present = {name for scores in by_tag.values() for name in scores.metrics}
    names = [name for name in HEADLINES if name in present]
    while len(names) > 1 and sum(len(name) + 2 for name in names) > width - _TAG_WIDTH:
        names.pop()
    names.sort(key=METRICS.index)
    rows = [("tag", "n", *names)]
    for tag, scores in by_tag.items():
        estimates = (scores.metrics.get(name) for name in names)
        means = (f"{estimate.mean:.3f}" if estimate else "-" for estimate in estimates)
        rows.append((printable(tag), f"{scores.n:,}", *means))
    head, *body = table(rows, width=width, right=range(1, len(rows[0])), loose={0})
    return [paint(head, "bold", colour=colour), *body]


def _metrics_table(
    metrics: Mapping[str, Estimate], shown: set[str], width: int, *, colour: bool
) -> list[str]:
    """The metrics that are `shown`, by group, aligned over all of them."""
    rows: list[_Row] = []
    for group, names in GROUPS.items():
        of_group = [name for name in names if name in shown]
        rows += [(group, "", "", "")] if of_group else []
        rows += [_metric_row(name, metrics[name]) for name in of_group]
    head: _Row = ("", "mean", "interval", "n")
    heading, *body = (
        table([head, *rows], width=width, right={1, 3})
        if width >= _WIDE
        else table([(row[0], row[1], row[3]) for row in (head, *rows)], width=width, right={1, 2})
    )
    lines = [paint(heading, "dim", colour=colour)]
    for row, line in zip(rows, body, strict=True):
        lines.append(line if row[1] else paint(line, "bold", colour=colour))
    return lines


def _metric_row(name: str, estimate: Estimate) -> _Row:
    interval = f"{estimate.low:.3f} to {estimate.high:.3f}"
    return (f"  {name}", f"{estimate.mean:.3f}", interval, f"{estimate.n:,}")


def _effort_lines(scores: Scores, width: int, *, full: bool, colour: bool) -> list[str]:
    """How long it took, and what it cost if a model was asked."""
    timing = {"seconds": scores.timing.seconds}
    if full:
        timing["search_seconds"] = scores.timing.search_seconds
        timing["answer_seconds"] = scores.timing.answer_seconds
    rows = []
    for name, seconds in timing.items():
        if seconds.n:
            parts = (("p50", seconds.p50), ("p95", seconds.p95), ("mean", seconds.mean))
            rows.append((f"  {name}", ", ".join(f"{part} {value:.3f}" for part, value in parts)))
    for name, cost in (("cost", scores.cost), ("judge", scores.cost.judge)):
        if cost.prompt_tokens or cost.completion_tokens or cost.unpriced:
            rows.append((f"  {name}", _cost_text(cost)))
    lines = table(rows, width=width)
    return [paint("time and cost", "bold", colour=colour), *lines] if rows else []


def _cost_text(cost: Cost) -> str:
    price = "not known" if cost.cost_usd is None else f"${cost.cost_usd:,.4f}"
    if cost.cost_usd is not None and cost.unpriced:
        price += f" ({cost.unpriced:,} unpriced)"
    return f"{price}, {cost.prompt_tokens:,} tokens in, {cost.completion_tokens:,} out"

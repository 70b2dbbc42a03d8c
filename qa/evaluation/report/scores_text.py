"""The figures of a run as lines for a terminal. Knows scores.json; computes nothing.

Tags are made harmless here; see `qa/output/console.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.evaluation.metrics.per_question import GROUPS, METRICS
from qa.evaluation.report.caveats import caveats
from qa.output.text import paint, printable, table, wrap

_HEADLINES = (  # what a person in a hurry sees, the most telling first
    *("R@5", "page_R@5", "citation_f1", "page_citation_f1", "judged_correct", "token_f1", "right_decision"),
    *("support_recall", "MRR", "page_MRR", "citation_hit", "page_citation_hit"),
    *("abstention_f1", "error_rate"),
)
_TAG_ROOM = 30  # columns for a tag and its n
_NARROW = 56  # columns; a narrower terminal gets no intervals
_Row = tuple[str, str, str, str]


def scores_text(
    scores: Mapping[str, Any], *, width: int = 80, colour: bool = False, full: bool = False
) -> str:
    """scores.json for a person at a terminal: the figures that matter most, or, if `full`, all and every tag.

    Names are those of scores.json, under which gates know them.
    """
    metrics, by_tag = scores["metrics"], scores["by_tag"]
    if not metrics:
        return _told(scores["counts"])
    chosen = {name for name in metrics if full or name in _HEADLINES}
    lines = [*wrap(_told(scores["counts"]), width), "", *_table(metrics, chosen, width, colour=colour)]
    lines += _effort(scores, width, full=full, colour=colour)
    if full and by_tag:
        lines += ["", *_tags(by_tag, width, colour=colour)]
    notes = [_intervals(scores["intervals"], full=full), *caveats(scores, chosen)]
    left = len(metrics) - len(chosen)
    more = [_number(left, "more metric")] * bool(left) + [_number(len(by_tag), "tag")] * bool(by_tag)
    if more and not full:
        notes.append(f"--full shows {' and '.join(more)}.")
    dim = [paint(line, "dim", colour=colour) for note in notes for line in wrap(note, width)]
    return "\n".join([*lines, "", *dim])


def _intervals(how: Mapping[str, Any], *, full: bool) -> str:
    """What the intervals are of, in words for who does not know what a cluster is."""
    clusters = _number(how["clusters"], "cluster")
    said = (
        f"Intervals: {100 * how['level']:g} %, over {clusters} (questions about one document count as one)."
    )
    return f"{said} Method: {how['method']}." if full else said


def _number(n: int, of: str) -> str:
    return f"{n:,} {of}" if n == 1 else f"{n:,} {of}s"


def _told(counts: Mapping[str, int]) -> str:
    """What was asked and what came of it: `400 questions (200 unanswerable): 329 answered, 71 abstained`."""
    asked = _number(counts["questions"], "question")
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
        rows.append((printable(tag), f"{of_tag['n']:,}", *cells))
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

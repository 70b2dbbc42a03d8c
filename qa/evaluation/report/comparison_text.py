"""A comparison of two runs as text for a terminal.

All text of questions, answers, runs and notes is made safe to print here; see `qa/output/text.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.evaluation.comparison import ChangedQuestion, Comparison, MetricChange, QuestionFigures, points
from qa.output.text import cells, paint, printable, shorten, table, wrap

_ANSWER_LINES = 3  # at most, of each answer that is shown


def comparison_text(comparison: Comparison, *, width: int = 80, colour: bool = False, most: int = 10) -> str:
    """The comparison in lines of at most `width` columns, with the `most` questions that changed most."""
    return "\n".join(_lines(comparison, width, colour, most))


def _lines(comparison: Comparison, width: int, colour: bool, most: int) -> Iterator[str]:
    yield from wrap(f"A  {printable(comparison.name_a)}", width)
    yield from wrap(f"B  {printable(comparison.name_b)}", width)
    yield from wrap(_counts(comparison), width)
    for note in comparison.notes:
        yield from (paint(line, "yellow", colour=colour) for line in wrap(printable(note), width))
    yield ""
    yield from (paint(line, "bold", colour=colour) for line in wrap(comparison.sentence, width))
    if comparison.metrics:
        yield ""
        yield from _table(comparison, width, colour)
        yield from _splits(comparison, width, colour)
    if comparison.changed and most > 0:
        shown = comparison.changed[:most]
        total = len(comparison.changed)
        yield ""
        yield f"{_number(total, 'question')} changed" + (
            f"; the {most} that moved most:" if total > most else ":"
        )
        for number, changed in enumerate(shown, 1):
            yield from _question(number, changed, width, colour)
    elif comparison.paired and not comparison.changed:
        yield ""
        yield "no question changed"


def _counts(comparison: Comparison) -> str:
    parts = [f"{_number(comparison.paired, 'question')} in {_number(comparison.clusters, 'cluster')}"]
    if comparison.excluded:
        parts.append(
            f"{comparison.excluded} left out that failed "
            f"({comparison.failed_a} in A, {comparison.failed_b} in B)"
        )
    if any(comparison.error_rates):
        a, b = (f"{100 * rate:.1f} %" for rate in comparison.error_rates)
        parts.append(f"error_rate {a} in A, {b} in B")
    alone = [f"{n} in {run}" for n, run in ((comparison.only_a, "A"), (comparison.only_b, "B")) if n]
    if alone:
        parts.append(f"not in both runs, so not compared: {', '.join(alone)}")
    return "; ".join(parts)


def _number(n: int, of: str) -> str:
    return f"{n:,} {of}" if n == 1 else f"{n:,} {of}s"


def _table(comparison: Comparison, width: int, colour: bool) -> Iterator[str]:
    marked = {headline.metric for headline in comparison.headlines}
    metrics = sorted(comparison.metrics, key=lambda metric: metric.name not in marked)
    rows = [("", "A", "B", "points", "95 % interval", "p", "n", "+ / = / -"), *map(_metric_row, metrics)]
    while (
        len(rows[0]) > 5
        and sum(max(map(cells, column)) + 2 for column in zip(*rows, strict=True)) > width + 2
    ):
        rows = [row[:-1] for row in rows]  # what is least needed stands last
    head, *lines = table(rows, width=width, right=range(1, 8), loose={0})
    yield paint(head, "dim", colour=colour)
    for metric, line in zip(metrics, lines, strict=True):
        yield paint(line, "bold", colour=colour and metric.name in marked)
    legend = "points: B less A; p: of this figure alone; + / = / -: questions where B is higher, equal, lower"
    yield from (paint(line, "dim", colour=colour) for line in wrap(legend, width))


def _metric_row(metric: MetricChange) -> tuple[str, ...]:
    change = metric.change
    return (
        printable(metric.name),
        f"{change.mean_a:.3f}",
        f"{change.mean_b:.3f}",
        points(change.difference),
        f"{points(change.low, sign='-')} to {points(change.high, sign='-')}",
        _p(change.p),
        str(change.n),
        "" if metric.higher is None else f"{metric.higher}/{metric.equal}/{metric.lower}",
    )


def _p(p: float) -> str:
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def _splits(comparison: Comparison, width: int, colour: bool) -> Iterator[str]:
    """What McNemar's test says of the headlines that are yes or no."""
    marked = {headline.metric for headline in comparison.headlines}
    for metric in comparison.metrics:
        if metric.split is not None and metric.name in marked:
            split = metric.split
            text = f"{printable(metric.name)}: right in A only {split.only_a}, in B only {split.only_b}"
            lines = wrap(
                f"{text}; McNemar's p {_p(split.p)}, as if no two questions shared a document", width
            )
            yield from (paint(line, "dim", colour=colour) for line in lines)


def _question(number: int, changed: ChangedQuestion, width: int, colour: bool) -> Iterator[str]:
    yield ""
    head = f"{number}. {printable(changed.a.question)}"
    tags = " ".join(f"#{printable(tag)}" for tag in changed.a.tags)
    yield from wrap(f"{head}  {tags}", width)
    moves = ", ".join(f"{printable(name)} {a:.2f} -> {b:.2f}" for name, a, b in changed.moves)
    yield from (paint(line, "cyan", colour=colour) for line in wrap(moves, width, "   "))
    yield from _answer("A", changed.a, width)
    yield from _answer("B", changed.b, width)


def _answer(run: str, figures: QuestionFigures, width: int) -> Iterator[str]:
    text = printable(figures.text)
    lines = wrap(f"{run} {figures.status}" + (f": {text}" if text else ""), width, "   ")
    yield from lines[: _ANSWER_LINES - 1]
    rest = [line.strip() for line in lines[_ANSWER_LINES - 1 :]]
    if rest:
        yield "   " + shorten(" ".join(rest), max(width - 3, 8))

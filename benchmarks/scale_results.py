"""The table and the plot of what `scale.py` measured; not a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.log_plot import Curve, Panel, drawing

Measures: TypeAlias = dict[str, float]  # what was measured at one size, by name
Sizes: TypeAlias = Mapping[str, Measures]  # by the number of chunks that was asked for


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what it says, and how it comes from the measures of a size."""

    label: str
    value: Callable[[Measures], float]
    digits: int = 0


def _row(label: str, name: str, digits: int = 0) -> Row:
    return Row(label, lambda measures: measures[name], digits)


def _a_chunk(label: str, name: str) -> Row:
    return Row(label, lambda measures: measures[f"disk_{name}"] / measures["chunks"])


ROWS = (
    _row("processes that wanted a core (load)", "load", 1),
    _row("files", "files"),
    _row("text, MB", "text_mb", 1),
    Row("**`qa index`**, chunks a CPU second", lambda m: m["chunks"] / m["index_cpu_s"]),
    _row("CPU seconds, of all processes", "index_cpu_s", 1),
    _row("– cutting, embedding, storing (the command)", "index_cpu_main", 1),
    _row("– reading (its workers)", "index_cpu_reading", 1),
    _row("– Chroma", "index_cpu_Chroma", 1),
    _row("wall seconds until it returned", "index_wall_s", 1),
    _row("wall seconds until Chroma was done", "index_all_wall_s", 1),
    _row("memory of the largest process, MiB", "index_largest_mib"),
    _row("memory of all together, MiB", "index_together_mib"),
    _row("again with nothing changed, CPU s", "unchanged_cpu_s", 2),
    _row("again with one file changed, CPU s", "changed_cpu_s", 2),
    _row("**`qa ask`** (cold), CPU ms, p50", "cold_ms_p50"),
    _row("– p95", "cold_ms_p95"),
    _row("– memory, MiB", "cold_mib"),
    _row("**warm answer**, CPU ms, p50", "warm_ms_p50", 1),
    _row("– p95", "warm_ms_p95", 1),
    _row("– its search alone, p50", "search_ms_p50", 1),
    _row("– p95", "search_ms_p95", 1),
    _row("– narrowed to a few sources, p50", "few_ms_p50", 1),
    _row("– narrowed to nearly all sources, p50", "many_ms_p50", 1),
    _row("– memory, MiB", "warm_mib"),
    Row("**disk**, bytes a chunk", lambda m: sum(_disk_sizes(m)) / m["chunks"]),
    _a_chunk("– whole texts", "texts"),
    _a_chunk("– chunks", "chunks"),
    _a_chunk("– full text", "full text"),
    _a_chunk("– vectors", "vectors"),
    _a_chunk("– sources and the rest", "the rest"),
    _a_chunk("– Chroma, rows", "Chroma, rows"),
    _a_chunk("– Chroma, graph", "Chroma, graph"),
    _row("**found**, Success@1", "Success@1", 3),
    _row("– Success@5", "Success@5", 3),
    _row("– Success@10", "Success@10", 3),
    _row("– MRR", "MRR", 3),
)


def _disk_sizes(measures: Measures) -> Iterator[float]:
    return (value for name, value in measures.items() if name.startswith("disk_"))


def table(sizes: Sizes, before: Sizes) -> Iterator[str]:
    """Lines of a Markdown table: a column for each size, "before → after" where both are there."""
    names = sorted({*sizes, *before}, key=int)
    yield "| chunks |" + "".join(f" {_chunks(sizes, before, name):,.0f} |" for name in names)
    yield "|---|" + "--:|" * len(names)
    for row in ROWS:
        cells = [
            " → ".join(_cell(row, each[name]) for each in (before, sizes) if name in each) for name in names
        ]
        yield f"| {row.label} | {' | '.join(cells)} |"


def _chunks(sizes: Sizes, before: Sizes, name: str) -> float:
    return (sizes if name in sizes else before)[name]["chunks"]


def _cell(row: Row, measures: Measures) -> str:
    try:
        return f"{row.value(measures):,.{row.digits}f}"
    except KeyError:  # that process was not needed, so nothing was seen of it
        return "–"


# What is shown to grow: the label, the measure and its unit.
GROWTH = (
    ("`qa index`, the first time", "index_cpu_s", "CPU s"),
    ("– nothing changed", "unchanged_cpu_s", "CPU s"),
    ("– one file changed", "changed_cpu_s", "CPU s"),
    ("– memory, all processes", "index_together_mib", "MiB"),
    ("`qa ask`, cold", "cold_ms_p50", "CPU ms"),
    ("– memory", "cold_mib", "MiB"),
    ("a warm answer", "warm_ms_p50", "CPU ms"),
    ("– its search alone", "search_ms_p50", "CPU ms"),
    ("– of a few sources", "few_ms_p50", "CPU ms"),
    ("– of nearly all sources", "many_ms_p50", "CPU ms"),
    ("– memory", "warm_mib", "MiB"),
)


def growth(sizes: Sizes) -> Iterator[str]:
    """Lines of a Markdown table: each measure as a straight line from the smallest to the largest size.

    There is none for a single size.
    """
    ordered = sorted(sizes.values(), key=lambda each: each["chunks"])
    if len(ordered) < 2:
        return
    small, large = ordered[0], ordered[-1]
    thousands = (large["chunks"] - small["chunks"]) / 1000
    yield f"| from {small['chunks']:,.0f} to {large['chunks']:,.0f} chunks | fixed | 1,000 chunks more | |"
    yield "|---|--:|--:|---|"
    for label, name, unit in GROWTH:
        slope = (large[name] - small[name]) / thousands
        fixed = small[name] - slope * small["chunks"] / 1000
        yield f"| {label} | {_rounded(fixed)} | {_rounded(slope)} | {unit} |"


def _rounded(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{float(f'{value:.3g}'):,g}"


# The panels of the plot: of each its title, and its curves by the names of their measures.
PANELS: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "a question, CPU ms (median)",
        {
            "cold_ms_p50": "qa ask, cold",
            "warm_ms_p50": "warm",
            "search_ms_p50": "search alone",
            "few_ms_p50": "of a few sources",
            "many_ms_p50": "of nearly all sources",
        },
    ),
    (
        "qa index, CPU seconds",
        {
            "index_cpu_s": "everything, once",
            "unchanged_cpu_s": "nothing changed",
            "changed_cpu_s": "one file changed",
        },
    ),
    (
        "memory at its peak, MiB",
        {"index_together_mib": "qa index, together", "cold_mib": "qa ask, cold", "warm_mib": "warm"},
    ),
)


def plot(sizes: Sizes, before: Sizes) -> str:
    """The panels against the number of chunks, as an SVG document; `before` dashed."""
    panels = [
        Panel(title, [Curve(name, _points(sizes, key), _points(before, key)) for key, name in curves.items()])
        for title, curves in PANELS
    ]
    words = "CPU time of a question and of indexing, and memory, by the number of chunks; dashed: before"
    return drawing(panels, "chunks (dashed: before)" if before else "chunks", words)


def _points(sizes: Sizes, name: str) -> list[tuple[float, float]]:
    return sorted((each["chunks"], each[name]) for each in sizes.values() if each.get(name))

"""Error rates of `qa compare` on simulated runs.

`python benchmarks/simulated.py [DATA]`

Two runs are simulated and compared as `qa compare` compares them, 1,000 times for each shape of question set:
how many questions, on how many documents of which sizes. DATA holds the open sets, whose shapes are added.
Every question has a difficulty, partly its document's, from which four headline figures are drawn anew for
each run: two that are 0 or 1, two between. Equal runs have the same difficulties. "Documents differ" makes
each document suit one run or the other, with no difference on the whole. Then B is better by 2, 5, 10
points in every headline, and how often that is seen is printed for the headline where it is seen least and
most; runs that share their passages agree more than these, and show smaller differences. Last, the intervals
that qa does not use, on the same shapes: how often they miss the truth, also where few questions changed, and
how wide they are.

Markdown on stdout, in some 7 minutes with DATA on two cores; `--runs` makes fewer comparisons. Ends with 1 if
equal runs are called different more than 5 times in 100, by more than chance.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.bootstraps import RESAMPLES, Ends, ends_by_method
from qa.evaluation.comparison import Comparison, QuestionFigures, RunTable, compare
from qa.evaluation.metrics.per_question import cluster_of
from qa.evaluation.sets.dataset import load_questions
from qa.evaluation.stats.intervals import Difference, differences, intervals
from qa.evaluation.types import Estimate, Record

Array = NDArray[np.float64]

SETS = ("news", "squad2", "clapnq", "chunk_eval", "financebench")
SHAPES = {
    "20 apart": (1,) * 20,
    "100 apart": (1,) * 100,
    "5 x 8": (8,) * 5,
    "10 x 40": (40,) * 10,
    "30 x 10": (10,) * 30,
}
HEADLINES = ("R@5", "citation_f1", "token_f1", "right_decision")
EASE = (2.0, 0.5, 0.0, 1.0)  # the logit of each headline's middle question
BY_DOCUMENT, BY_QUESTION, BY_RUN = 0.7, 2.0, 0.7  # standard deviations of logits
GAINS = (0.02, 0.05, 0.10)
SAME = 0.98  # of the questions have the same figures in both runs, where few changed


@dataclass(frozen=True, slots=True)
class World:
    """Documents of these sizes, and how far they suit one run more than the other (a logit's deviation).

    Of the questions, a share `same` have the same figures in both runs.
    """

    sizes: tuple[int, ...]
    by_run: float = 0.0
    same: float = 0.0

    def runs(self, rng: np.random.Generator, gain: float = 0.0) -> tuple[Array, Array]:
        """Two runs' figures, questions x headlines; B's are better by `gain` in each, on average."""
        codes = np.repeat(np.arange(len(self.sizes)), self.sizes)
        hard = rng.normal(0, BY_DOCUMENT, len(self.sizes))[codes] + rng.normal(0, BY_QUESTION, len(codes))
        runs = []
        for _ in "AB":
            suits = rng.normal(0, self.by_run, (len(self.sizes), len(EASE)))[codes] if self.by_run else 0.0
            runs.append(_drawn(rng, hard[:, None] + np.array(EASE) + suits))
        if gain:
            lifted = rng.random(runs[1].shape) < gain / (1 - _means(self.by_run))
            runs[1] = np.where(lifted, 1.0, runs[1])
        if self.same:
            runs[1] = np.where(rng.random((len(codes), 1)) < self.same, runs[0], runs[1])
        return runs[0], runs[1]


def _drawn(rng: np.random.Generator, logits: Array) -> Array:
    """0 or 1 by its logit in each column; the second and third are a share where they are 1."""
    right = (rng.random(logits.shape) < 1 / (1 + np.exp(-logits))).astype(float)
    right[:, 1:3] *= rng.beta(2, 1, (len(logits), 2))
    return right


_KNOWN: dict[float, Array] = {}


def _means(by_run: float) -> Array:
    """The true mean of each headline, from a million questions of a million documents."""
    if by_run not in _KNOWN:
        rng = np.random.default_rng(0)
        spread = (BY_DOCUMENT**2 + BY_QUESTION**2 + by_run**2) ** 0.5
        logits = rng.normal(0, spread, (1_000_000, 1)) + np.array(EASE)
        _KNOWN[by_run] = _drawn(rng, logits).mean(axis=0)
    return _KNOWN[by_run]


def shapes_of(data: Path) -> dict[str, tuple[int, ...]]:
    """The documents' sizes of each open set, of its core sample if it has one.

    A question without a document is its own.
    """
    shapes = {}
    for name in SETS:
        questions = load_questions(data / name / "questions.jsonl")
        core = [question for question in questions if "core" in question.tags]
        documents = [cluster_of(Record(question.id, question, 1)) for question in core or questions]
        shapes[name] = tuple(sorted(Counter(documents).values(), reverse=True))
    return shapes


def compared(world: World, rng: np.random.Generator, gain: float = 0.0) -> Comparison:
    """One simulated comparison, through `compare` itself."""
    codes = np.repeat(np.arange(len(world.sizes)), world.sizes)
    tables = []
    for name, figures in zip("AB", world.runs(rng, gain), strict=True):
        rows = {
            str(at): QuestionFigures("", str(code), dict(zip(HEADLINES, line, strict=True)), "answered")
            for at, (code, line) in enumerate(zip(codes, figures.tolist(), strict=True))
        }
        tables.append(RunTable(name, rows))
    return compare(tables[0], tables[1])


def share(hits: Sequence[bool]) -> Estimate:
    """The share of comparisons that are a hit, with its interval."""
    return intervals({"": [float(hit) for hit in hits]}, [str(at) for at in range(len(hits))])[""]


def _percent_text(estimate: Estimate) -> str:
    return f"{100 * estimate.mean:.1f} ({100 * estimate.low:.1f} to {100 * estimate.high:.1f})"


def _called(comparison: Comparison) -> bool:
    return any(headline.verdict != "unclear" for headline in comparison.headlines)


def _covers(comparisons: Sequence[Comparison], gain: float) -> Estimate:
    return share(
        [
            headline.change.low <= gain <= headline.change.high
            for each in comparisons
            for headline in each.headlines
        ]
    )


def _powers(comparisons: Sequence[Comparison]) -> str:
    """How often a headline is called better, of the one that is seen least and of the one seen most."""
    seen = [
        np.mean([each.headlines[at].verdict == "better" for each in comparisons])
        for at in range(len(HEADLINES))
    ]
    return f"{100 * min(seen):.0f} to {100 * max(seen):.0f}"


def figures(shape: str, sizes: tuple[int, ...], runs: int, seed: int) -> tuple[str, list[bool]]:
    """The shape's row of the first table; of each comparison of equal runs, whether it saw a difference."""
    rng = np.random.default_rng(seed)
    equal = [compared(World(sizes), rng) for _ in range(runs)]
    apart = [compared(World(sizes, BY_RUN), rng) for _ in range(runs)]
    called = [[_called(each) for each in comparisons] for comparisons in (equal, apart)]
    cells = [shape, f"{sum(sizes)}", f"{len(sizes)}", *(_percent_text(share(each)) for each in called)]
    covers = [_covers(equal, 0.0), _covers(apart, 0.0)]
    for gain in GAINS:
        better = [compared(World(sizes), rng, gain) for _ in range(max(runs // 2, 1))]
        covers.append(_covers(better, gain))
        cells.append(_powers(better))
    cells.append(f"{100 * min(estimate.mean for estimate in covers):.1f}")
    return f"| {' | '.join(cells)} |", called[0] + called[1]


@dataclass(frozen=True, slots=True)
class Tried:
    """A method on one shape: how often in 100 it misses each truth, and its median width for differences."""

    misses: tuple[float, ...]
    width: float


def methods(sizes: tuple[int, ...], runs: int, seed: int) -> dict[str, Tried]:
    """Every method's intervals, qa's last: of a mean, of a difference, of one where few questions changed."""
    rng = np.random.default_rng(seed)
    pairs = [World(sizes, BY_RUN).runs(rng) for _ in range(runs)]
    alike = [World(sizes, BY_RUN, SAME).runs(rng) for _ in range(runs)]
    truths = (np.tile(_means(BY_RUN), runs), np.zeros(runs * len(EASE)))
    kinds = [
        _ends(sizes, [(a, None) for a, _ in pairs], seed),
        _ends(sizes, list(pairs), seed),
        _ends(sizes, list(alike), seed),
    ]
    tried = {}
    for method in kinds[0]:
        misses = [
            _missed(each[method], truth)
            for each, truth in zip(kinds, (truths[0], truths[1], truths[1]), strict=True)
        ]
        low, high = kinds[1][method]
        tried[method] = Tried(tuple(misses), float(np.median(high - low)))
    return tried


def _ends(sizes: tuple[int, ...], pairs: Sequence[tuple[Array, Array | None]], seed: int) -> dict[str, Ends]:
    """Each method's intervals of all columns: of means, or of differences where there is a second run."""
    size, names = np.array(sizes, float), [str(code) for code in np.repeat(np.arange(len(sizes)), sizes)]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(int)
    a = np.concatenate([run_a for run_a, _ in pairs], axis=1)
    other = [run_b for _, run_b in pairs if run_b is not None]
    b = np.concatenate(other, axis=1) if other else None
    ends = ends_by_method(np.add.reduceat(a if b is None else b - a, starts, axis=0).T, size, seed)
    first = {str(at): column.tolist() for at, column in enumerate(a.T)}
    ours: Sequence[Estimate | Difference]
    if b is None:
        ours = list(intervals(first, names).values())
    else:
        second = {str(at): column.tolist() for at, column in enumerate(b.T)}
        ours = list(differences(first, second, names).values())
    ends["qa"] = (np.array([each.low for each in ours]), np.array([each.high for each in ours]))
    return ends


def _missed(ends: Ends, truth: Array) -> float:
    low, high = ends
    return 100 * float(((low > truth + 1e-9) | (high < truth - 1e-9)).mean())


COLUMNS = (
    "questions",
    "n",
    "documents",
    "equal runs called different, %",
    "the same, documents differ, %",
    *(f"{100 * gain:.0f} points better: seen, %" for gain in GAINS),
    "intervals that hold the truth, %, at least",
)


def main() -> int:
    """Simulate the shapes of this file, and those of DATA's sets."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--runs", type=int, default=1000, help="comparisons of each kind")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    shapes = {**SHAPES, **(shapes_of(args.data) if args.data else {})}
    print(f"Python {platform.python_version()}, {args.runs} comparisons of equal runs, seed {args.seed}.\n")
    print(f"| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}")
    called: list[bool] = []
    for shape, sizes in shapes.items():
        started = time.perf_counter()
        row, wrong = figures(shape, sizes, args.runs, args.seed)
        called += wrong
        print(row, flush=True)
        print(f"{shape}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(
        f"\nEqual runs called different, of all {len(called)} comparisons: {_percent_text(share(called))} %."
    )
    tried = {shape: methods(sizes, max(args.runs // 4, 1), args.seed) for shape, sizes in shapes.items()}
    names = list(next(iter(tried.values())))
    head = f"| questions | {' | '.join(names)} |\n|---|{'--:|' * len(names)}"
    print("\nTimes in 100 that a 95 % interval misses the truth, where documents differ: of a mean / of the")
    print(f"difference of equal runs / of that where {100 * SAME:.0f} of 100 questions are the same in both;")
    print(f"{max(args.runs // 4, 1)} runs of four headlines, {RESAMPLES} resamples.\n\n{head}")
    for shape, by_method in tried.items():
        cells = (" / ".join(f"{miss:.1f}" for miss in each.misses) for each in by_method.values())
        print(f"| {shape} | {' | '.join(cells)} |")
    print(f"\nThe median width of an interval of the difference of equal runs, in points.\n\n{head}")
    for shape, by_method in tried.items():
        print(f"| {shape} | {' | '.join(f'{100 * each.width:.1f}' for each in by_method.values())} |")
    return 1 if share(called).low > 0.05 else 0


if __name__ == "__main__":
    sys.exit(main())

"""Weights of the search chosen on some sets and measured on another: leave one set out.

`python benchmarks/fit_search.py DATA_FOLDER [--questions N] [--set NAME …]`

Each weight of `WEIGHTS` is tried alone, the others as they are. A set is halved by a hash of the document in
which its gold stands: for filings by the firm, the first word of the file name. A weight is chosen by the
mean of the sets' MRR on their first halves. "others" are the figures of a set's second half with the weight
that the other sets chose, "all" with the weight that all sets chose, "now" with the one in the code.
Markdown on stdout.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import DEPTH, GoldQuestion, open_set, set_names
from benchmarks.retrieval import COLUMNS, score
from index.embedding.embedder import load_embedder
from index.search import fusion, lexical
from index.search.searcher import Searcher
from qa.evaluation.running.attempt import retrieved

WEIGHTS: tuple[tuple[ModuleType, str, tuple[float, ...]], ...] = (
    (fusion, "NAMED_WEIGHT", (0.0, 0.3, 0.5, 0.8)),
    (lexical, "REST_WEIGHT", (0.0, 0.2, 0.4, 0.7)),
)
MRR = COLUMNS.index("MRR")

Figures = dict[float, tuple[list[tuple[float, ...]], list[tuple[float, ...]]]]  # by weight, of both halves


def half(asked: GoldQuestion) -> int:
    """0 or 1: by the document of the gold, or the first word of its name."""
    name = re.split(r"[_\W]", Path(asked.gold[0].source).name)[0]
    return hashlib.sha256(name.encode()).digest()[0] & 1


def measure(searcher: Searcher, questions: Sequence[GoldQuestion], weight: int) -> Figures:
    """The metrics of each question with each value of one weight, in two halves."""
    module, name, values = WEIGHTS[weight]
    before = getattr(module, name)
    figures: Figures = {}
    for value in values:
        setattr(module, name, value)
        halves: tuple[list[tuple[float, ...]], list[tuple[float, ...]]] = ([], [])
        for asked in questions:
            found = searcher.search(asked.question.text, k=DEPTH)
            halves[half(asked)].append(score([retrieved(passage) for passage in found], asked).metrics)
        figures[value] = halves
    setattr(module, name, before)
    return figures


def mean(metrics: Sequence[tuple[float, ...]], column: int) -> float:
    """The mean of one column; 0 of nothing."""
    return sum(each[column] for each in metrics) / len(metrics) if metrics else 0.0


def chosen(sets: Sequence[Figures]) -> float:
    """The value with the largest mean MRR on the first halves of these sets, the smaller of equal ones."""
    totals = {value: sum(mean(each[value][0], MRR) for each in sets) for value in sets[0]}
    return max(totals, key=lambda value: (round(totals[value], 4), -value))


def report(weight: int, figures: Mapping[str, Figures]) -> None:
    """Print the table of one weight."""
    module, name, _ = WEIGHTS[weight]
    now, fitted = getattr(module, name), chosen(list(figures.values()))
    print(f"\n### {name}: {now:g} in the code, {fitted:g} chosen on all\n")
    print("| set | n | others chose | " + " | ".join(f"{c} others / all / now" for c in COLUMNS) + " |")
    print("|---|--:|--:|" + "---|" * len(COLUMNS))
    for held, of_set in figures.items():
        others = chosen([each for other, each in figures.items() if other != held])
        cells = [
            " / ".join(f"{mean(of_set[value][1], at):.3f}" for value in (others, fitted, now))
            for at in range(len(COLUMNS))
        ]
        print(f"| {held} | {len(of_set[now][1])} | {others:g} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Parse the arguments, measure every set with every weight, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", dest="sets", help="a set by its name; all without")
    parser.add_argument("--questions", type=int, default=200, help="at most so many of a set (200)")
    parser.add_argument("--indexes", type=Path, help="folder for the indexes, kept; a temporary one without")
    arguments = parser.parse_args()
    by_weight: list[dict[str, Figures]] = [{} for _ in WEIGHTS]
    with tempfile.TemporaryDirectory() as temporary:
        for name in arguments.sets or set_names(arguments.data):
            place = (arguments.indexes or Path(temporary)) / name / ".qa"
            with open_set(arguments.data / name, place) as opened:
                questions = [each for each in opened.questions if each.answerable and each.gold]
                if len(questions) > arguments.questions:
                    questions = random.Random(3).sample(questions, arguments.questions)
                searcher = Searcher(opened.reader.catalog(), load_embedder())
                for weight, figures in enumerate(by_weight):
                    figures[name] = measure(searcher, questions, weight)
    for weight, figures in enumerate(by_weight):
        report(weight, figures)


if __name__ == "__main__":
    main()

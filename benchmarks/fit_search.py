"""Weights of the search chosen on some questions and measured on others: no document, or no set, in both.

`python benchmarks/fit_search.py DATA_FOLDER [--questions N] [--set NAME …]`

Each weight of `WEIGHTS` is tried alone, the others as they are, and chosen by the mean of the sets' MRR.
A question belongs to the document in which its gold stands: for filings to the firm, the first word of the
file name. The columns of a table, for each metric:

- "now": all questions of the set, with the weight in the code.
- "document out": each question with the weight chosen without the questions of its document, or firm.
- "set out": all questions, with the weight that the other sets chose.
- "half out": the questions of half of the documents, by a hash, with the weight that the other halves of all
  sets chose.

The MRR of every value follows, so that one sees how much depends on it. Intervals are those of `qa eval`,
over documents. Markdown on stdout.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import DEPTH, GoldQuestion, open_set, set_names
from benchmarks.retrieval import COLUMNS, score
from index.embedding.embedder import load_embedder
from index.search import lexical
from index.search.ranking import fusion
from index.search.searcher import Searcher
from qa.evaluation.running.attempt import retrieved
from qa.evaluation.stats.intervals import intervals

WEIGHTS: tuple[tuple[ModuleType, str, tuple[float, ...]], ...] = (
    (fusion, "NAMED_WEIGHT", (0.0, 0.3, 0.5, 0.8)),
    (fusion, "FIGURES_WEIGHT", (0.0, 0.15, 0.3, 0.45)),
    (lexical, "REST_WEIGHT", (0.0, 0.2, 0.4, 0.7)),
)
MRR = COLUMNS.index("MRR")
HALVES = (0, 1)

Metrics = tuple[float, ...]  # of one question, in the order of `COLUMNS`


@dataclass(frozen=True, slots=True)
class Measured:
    """A set: the document of each question, and by the value of a weight the metrics of each question."""

    documents: tuple[str, ...]
    by_value: Mapping[float, Sequence[Metrics]]

    def rows(self, half: int | None = None, without: str | None = None) -> list[int]:
        """The questions of one half of the documents, or of all but one document."""
        return [
            at
            for at, document in enumerate(self.documents)
            if document != without and (half is None or half_of(document) == half)
        ]


def document_of(asked: GoldQuestion) -> str:
    """The first word of the name of the document with the gold."""
    return re.split(r"[_\W]", Path(asked.gold[0].source).name)[0]


def half_of(document: str) -> int:
    """0 or 1."""
    return hashlib.sha256(document.encode()).digest()[0] & 1


def measure(searcher: Searcher, questions: Sequence[GoldQuestion], weight: int) -> Measured:
    """The metrics of each question with each value of one weight."""
    module, name, values = WEIGHTS[weight]
    before = getattr(module, name)
    by_value: dict[float, list[Metrics]] = {}
    for value in values:
        setattr(module, name, value)
        rankings = [searcher.search(asked.question.text, k=DEPTH) for asked in questions]
        by_value[value] = [
            score([retrieved(passage) for passage in found], asked).metrics
            for found, asked in zip(rankings, questions, strict=True)
        ]
    setattr(module, name, before)
    return Measured(tuple(map(document_of, questions)), by_value)


def mean(metrics: Sequence[Metrics], rows: Sequence[int]) -> float:
    """The mean MRR of some questions; 0 of none."""
    return sum(metrics[at][MRR] for at in rows) / len(rows) if rows else 0.0


def chosen(sets: Sequence[tuple[Measured, Sequence[int]]]) -> float:
    """The value with the largest mean MRR over these questions of these sets, the smaller of equal ones."""
    totals = {
        value: sum(mean(measured.by_value[value], rows) for measured, rows in sets)
        for value in sets[0][0].by_value
    }
    return max(totals, key=lambda value: (round(totals[value], 4), -value))


def columns_of(held: str, by_set: Mapping[str, Measured], now: float) -> dict[str, dict[int, float]]:
    """Of one set, the value with which each question is measured, by the name of the column."""
    measured = by_set[held]
    others = [(each, each.rows()) for name, each in by_set.items() if name != held]
    without = {
        document: chosen([*others, (measured, measured.rows(without=document))])
        for document in set(measured.documents)
    }
    columns = {
        "now": dict.fromkeys(measured.rows(), now),
        "document out": {at: without[measured.documents[at]] for at in measured.rows()},
    }
    if others:
        columns["set out"] = dict.fromkeys(measured.rows(), chosen(others))
    halves = [chosen([(each, each.rows(1 - half)) for each in by_set.values()]) for half in HALVES]
    columns["half out"] = {at: halves[half] for half in HALVES for at in measured.rows(half)}
    return columns


def report(weight: int, by_set: Mapping[str, Measured]) -> None:
    """Print the tables of one weight."""
    module, name, values = WEIGHTS[weight]
    now = getattr(module, name)
    fitted = chosen([(each, each.rows()) for each in by_set.values()])
    print(f"\n### {name}: {now:g} in the code, {fitted:g} chosen on all\n")
    print("| set | n | | weights | " + " | ".join(COLUMNS) + " |")
    print("|---|--:|---|---|" + "---|" * len(COLUMNS))
    for held, measured in by_set.items():
        for column, used in columns_of(held, by_set, now).items():
            metrics = [measured.by_value[value][at] for at, value in used.items()]
            documents = [measured.documents[at] for at in used]
            estimates = intervals(
                {head: [each[at] for each in metrics] for at, head in enumerate(COLUMNS)}, documents
            )
            cells = [f"{each.mean:.3f} ({each.low:.2f}–{each.high:.2f})" for each in estimates.values()]
            weights = ", ".join(f"{value:g}" for value in sorted(set(used.values())))
            print(f"| {held} | {len(metrics)} | {column} | {weights} | {' | '.join(cells)} |", flush=True)
    print("\n| MRR with | " + " | ".join(by_set) + " |\n|---|" + "--:|" * len(by_set))
    for value in values:
        cells = [f"{mean(each.by_value[value], each.rows()):.3f}" for each in by_set.values()]
        print(f"| {value:g} | {' | '.join(cells)} |", flush=True)


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
    by_weight: list[dict[str, Measured]] = [{} for _ in WEIGHTS]
    with tempfile.TemporaryDirectory() as temporary:
        for name in arguments.sets or set_names(arguments.data):
            place = (arguments.indexes or Path(temporary)) / name / ".qa"
            with open_set(arguments.data / name, place) as opened:
                questions = [each for each in opened.questions if each.answerable and each.gold]
                if len(questions) > arguments.questions:
                    questions = random.Random(3).sample(questions, arguments.questions)
                searcher = Searcher(opened.reader.catalog(), load_embedder())
                for weight, by_set in enumerate(by_weight):
                    by_set[name] = measure(searcher, questions, weight)
    for weight, by_set in enumerate(by_weight):
        report(weight, by_set)


if __name__ == "__main__":
    main()

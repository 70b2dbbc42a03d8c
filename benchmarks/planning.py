"""What search queries of a model do to what is found: the prompts, the replies, and the figures.

`python benchmarks/planning.py prompts --data SET --out FOLDER [--ids ID …]` writes one prompt a question,
`FOLDER/<id>.prompt.md`, exactly as `qa ask` sends it. Whoever answers it, a model or a person who knows
neither gold nor documents, writes `FOLDER/<id>.reply.md`.

`python benchmarks/planning.py live --data SET --out FOLDER` has the model of `OPENAI_BASE_URL` write them.

`python benchmarks/planning.py score --data SET --out FOLDER` searches with and without the queries of the
replies that are there, and prints R@5, R@10, Success@5 and MRR (by pages where the gold is pages) before and
after, with 95 % intervals of the paired difference over documents, and each question whose first hit came
later. `--queries FILE` takes a JSON object of lists by question id instead of replies.

`python benchmarks/planning.py enough --data SET` prints how often the gold is in the first five passages by
the evidence for them: what `qa.answering.ask.PLAIN_EVIDENCE` rests on.

SET is a folder with `docs/` and `questions.jsonl`; `--index FOLDER` keeps its index for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import DEPTH, GoldQuestion, OpenSet, figures_of, open_set
from index.search.filters import ALL
from qa.answering.ask import PLAIN_EVIDENCE, plainly_found
from qa.answering.extractive.extract import extract
from qa.answering.factory import configured_model
from qa.answering.planning import parse_queries, plan_queries, planning_prompt
from qa.answering.retrieval import Retrieval
from qa.evaluation.running.attempt import retrieved
from qa.settings.settings import Settings, load_settings

COLUMNS = ("Success@1", "Success@5", "R@5", "R@10", "MRR")
SAMPLED = 400  # questions of a large set that `enough` asks
RESAMPLED = 10_000
THRESHOLDS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: its metrics without and with queries, and the ranks of its first gold passage."""

    key: str
    document: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    skipped: bool


def metrics(retrieval: Retrieval, asked: GoldQuestion) -> tuple[float, ...]:
    """`COLUMNS` of what was found, by pages where the gold is pages."""
    return figures_of([retrieved(passage) for passage in retrieval.passages], asked.gold, COLUMNS)


def write_prompts(opened: OpenSet, questions: Sequence[GoldQuestion], out: Path, day: date) -> None:
    """A prompt for each question, with a reply still to be written."""
    out.mkdir(parents=True, exist_ok=True)
    for asked in questions:
        text = asked.question.text
        prompt = planning_prompt(text, opened.find(text).passages, today=day)
        (out / f"{asked.question.id}.prompt.md").write_text(prompt, encoding="utf-8")
    print(f"{len(questions)} prompts in {out}")


def write_replies(opened: OpenSet, questions: Sequence[GoldQuestion], out: Path) -> None:
    """The queries of the model that the environment names, for questions without a reply."""
    settings: Settings = load_settings({}, environ=os.environ, directory=Path.cwd())
    model = configured_model(settings, os.environ)
    if model is None:
        raise SystemExit("no model is configured: set OPENAI_BASE_URL or OPENAI_API_KEY")
    out.mkdir(parents=True, exist_ok=True)
    for asked in questions:
        place = out / f"{asked.question.id}.reply.md"
        if not place.exists():
            text = asked.question.text
            queries = plan_queries(text, opened.find(text).passages, model.meter())
            place.write_text("\n".join(queries) + "\n", encoding="utf-8")


def read_queries(
    questions: Sequence[GoldQuestion], out: Path | None, file: Path | None
) -> dict[str, tuple[str, ...]]:
    """The queries by question id, of those questions that have any to read."""
    if file is not None:
        given: Mapping[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
        return {key: parse_queries("\n".join(value), "") for key, value in given.items()}
    found: dict[str, tuple[str, ...]] = {}
    for asked in questions:
        place = (out or Path()) / f"{asked.question.id}.reply.md"
        if place.is_file():
            found[asked.question.id] = parse_queries(place.read_text(encoding="utf-8"), asked.question.text)
    return found


def score(
    opened: OpenSet, questions: Sequence[GoldQuestion], queries: Mapping[str, tuple[str, ...]]
) -> list[Scored]:
    """Each question that has queries, searched for without and with them."""
    scored = []
    for asked in questions:
        key, text = asked.question.id, asked.question.text
        if key not in queries:
            continue
        first = opened.find(text)
        planned = opened.reader.find(text, k=DEPTH, filters=ALL, queries=queries[key])
        scored.append(
            Scored(
                key,
                str(asked.gold[0].source),
                metrics(first, asked),
                metrics(planned, asked),
                plainly_found(text, first),
            )
        )
    return scored


def interval(scored: Sequence[Scored], column: int) -> tuple[float, float]:
    """The 95 % percentile interval of the mean difference, documents drawn with replacement."""
    groups: dict[str, list[float]] = {}
    for each in scored:
        groups.setdefault(each.document, []).append(each.after[column] - each.before[column])
    draw, names = random.Random(1), list(groups)
    means = []
    for _ in range(RESAMPLED):
        values = [value for name in draw.choices(names, k=len(names)) for value in groups[name]]
        means.append(sum(values) / len(values))
    means.sort()
    return means[round(0.025 * RESAMPLED)], means[round(0.975 * RESAMPLED) - 1]


def print_scores(scored: Sequence[Scored]) -> None:
    """The table, and what got worse."""
    skipped = sum(each.skipped for each in scored)
    print(f"{len(scored)} questions; of them {skipped} are not planned: see the last column\n")
    print("| metric | first search | with queries | difference (95 %) | as asked |\n|---|--:|--:|--:|--:|")
    for at, name in enumerate(COLUMNS):
        before = sum(each.before[at] for each in scored) / len(scored)
        after = sum(each.after[at] for each in scored) / len(scored)
        kept = sum((each.before if each.skipped else each.after)[at] for each in scored) / len(scored)
        low, high = interval(scored, at)
        print(
            f"| {name} | {before:.3f} | {after:.3f} | {after - before:+.3f} ({low:+.3f} to {high:+.3f})"
            f" | {kept:.3f} |"
        )
    worse = [each for each in scored if each.after[-1] < each.before[-1]]
    print(f"\nFirst hit later for {len(worse)}:")
    for each in worse:
        print(f"  {each.key}: {_rank(each.before[-1])} -> {_rank(each.after[-1])}")
    missed = [each.key for each in scored if not each.after[1]]
    print(f"\nNot in the first five with queries: {', '.join(missed) or 'none'}")


def _rank(reciprocal: float) -> str:
    return str(round(1 / reciprocal)) if reciprocal else f"beyond {DEPTH}"


def print_enough(opened: OpenSet, questions: Sequence[GoldQuestion]) -> None:
    """`Success@5` of the first search by evidence; "whole" is without a word that the passages lack."""
    sample = list(questions)
    random.Random(1).shuffle(sample)
    rows = []
    for asked in sample[:SAMPLED]:
        retrieval = opened.find(asked.question.text)
        found = extract(asked.question.text, retrieval.passages, retrieval.texts)
        rows.append((found.evidence, not found.missing, metrics(retrieval, asked)[1]))
    print(f"{opened.name}: {len(rows)} questions; in use: whole, evidence of at least {PLAIN_EVIDENCE}\n")
    print("| evidence at least | questions | Success@5 | whole | Success@5 |\n|--:|--:|--:|--:|--:|")
    for least in THRESHOLDS:
        every = [hit for evidence, _, hit in rows if evidence >= least]
        whole = [hit for evidence, complete, hit in rows if evidence >= least and complete]
        cells = (f"{len(hits)} | {sum(hits) / len(hits) if hits else 0:.3f}" for hits in (every, whole))
        print(f"| {least:g} | {' | '.join(cells)} |")


def main() -> None:
    """Parse the arguments, and do what they say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=("prompts", "live", "score", "enough"))
    parser.add_argument("--data", type=Path, required=True, help="the folder of one set")
    parser.add_argument("--out", type=Path, help="where prompts and replies are")
    parser.add_argument("--queries", type=Path, help="a JSON file of queries by question id")
    parser.add_argument("--ids", nargs="*", help="only these questions")
    parser.add_argument("--every", type=int, default=1, help="only each N-th question")
    parser.add_argument("--index", type=Path, help="where the index is kept; a temporary folder without")
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 3, 2), help="of the prompts")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.index or Path(folder) / ".qa"
        with open_set(arguments.data, place) as opened:
            questions = [each for each in opened.questions if each.answerable and each.gold]
            questions = questions[:: arguments.every]
            if arguments.ids:
                questions = [each for each in questions if each.question.id in arguments.ids]
            if arguments.task == "enough":
                print_enough(opened, questions)
                return
            if arguments.out is None and arguments.queries is None:
                raise SystemExit("name a folder with --out")
            if arguments.task == "prompts":
                write_prompts(opened, questions, arguments.out, arguments.today)
            elif arguments.task == "live":
                write_replies(opened, questions, arguments.out)
            else:
                print_scores(
                    score(opened, questions, read_queries(questions, arguments.out, arguments.queries))
                )


if __name__ == "__main__":
    main()

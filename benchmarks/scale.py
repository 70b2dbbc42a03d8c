"""Indexing and questions at 10 thousand, 100 thousand and a million chunks: rate, time, memory, disk.

`python benchmarks/scale.py SIZE… --data DATA_FOLDER --out RESULTS.json [--no-chroma]`
`python benchmarks/scale.py --show RESULTS.json [--before OLDER.json] [--plot PLOT.svg]`

For each SIZE, a number of chunks, writes documents until they make about so many: the text documents of the
sets in DATA_FOLDER, and for the rest generated ones with their word frequencies (`generated_text.py`). Runs
`qa index` over them, again with nothing changed and with one file changed; asks questions of the sets, each
by a `qa ask` of its own and all by one process; adds what it measured to RESULTS.json. The documents and the
index of a size lie in `--work`, a temporary folder by default, and take about 16 KB a chunk.

The second form prints Markdown tables of such results, beside those of an older version, and draws them.

Times are CPU seconds (user and system, of all processes), which other work on the machine changes less than
wall seconds; these need an idle machine. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import qa
from benchmarks.generated_text import document, learn
from benchmarks.open_sets import figures_of, set_names
from benchmarks.processes import Usage, run
from benchmarks.scale_results import Measures, growth, plot, table
from qa.evaluation.running.attempt import retrieved
from qa.evaluation.sets.dataset import load_questions
from qa.evaluation.types import GoldPlace, Question

QA = [sys.executable, "-m", "qa"]
CHARACTERS = 1_095  # of a chunk, about
A_FOLDER = 1_000  # generated documents in one folder
QUESTIONS, COLD, NARROWED = 105, 15, 30  # asked warm, asked cold, asked again with a filter or only searched
FIRST = 5  # warm questions that are not counted: they load what the others find loaded
FIGURES = ("Success@1", "Success@5", "Success@10", "MRR")
EDIT = "\nThis line was added later.\n"

T = TypeVar("T")


# The documents


def make_corpus(size: int, data: Path, folder: Path) -> None:
    """Write about `size` chunks of documents and `questions.jsonl`, unless they are there already.

    Raises SystemExit if DATA_FOLDER has no set of text documents.
    """
    done = folder / "questions.jsonl"
    if done.exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    real = {
        f"real/{path.parent.parent.name}/{path.name}": path.read_text(encoding="utf-8")
        for path in sorted(data.glob("*/docs/*"))
        if path.suffix in {".md", ".txt"}
    }
    if not real:
        raise SystemExit(f"{data} has no sets of text documents")
    for name, text in real.items():
        _write(folder / "documents" / name, text)
    model = learn(real.values())
    left = size * CHARACTERS - sum(map(len, real.values()))
    number = 0
    while left > 0:
        text = document(model, number)
        _write(folder / "documents/generated" / f"{number // A_FOLDER:03d}" / f"{number:06d}.md", text)
        number += 1
        left -= len(text)
    rows = list(_questions_over(data, real))
    done.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _questions_over(data: Path, real: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Answerable questions with gold spans, in turns from all sets, evenly spread over each."""
    sets = []
    for name in set_names(data):
        with (data / name / "questions.jsonl").open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        for row in rows:
            for gold in row.get("evidence", ()):
                gold["source"] = f"real/{name}/{gold['source']}"
        rows = [row for row in rows if row.get("answerable", True) and _has_gold(row, real)]
        if rows:
            sets.append(rows)
    each = -(-QUESTIONS // len(sets))
    chosen = [rows[:: max(len(rows) // each, 1)][:each] for rows in sets]
    for turn in zip_longest(*chosen):
        yield from (row for row in turn if row is not None)


def _has_gold(row: Mapping[str, Any], real: Mapping[str, str]) -> bool:
    gold = row.get("evidence", ())
    return bool(gold) and all(each["source"] in real and "start" in each for each in gold)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


# What is measured


def measure(folder: Path, more: Sequence[str] = ()) -> Measures:
    """Index the corpus in `folder` anew, with `more` options, and ask its questions."""
    place = folder / ".qa"
    shutil.rmtree(place, ignore_errors=True)
    index = [*QA, "index", "documents", "--index", str(place), "--offline", "--json", *more]
    first = run(index, cwd=folder, env=_environment(), watch=True)
    said = json.loads(first.output)
    again = run(index, cwd=folder, env=_environment())
    changed = _run_edited(folder / "documents/generated/000/000000.md", index, folder)
    texts = sum(path.stat().st_size for path in (folder / "documents").rglob("*.*"))
    measures: Measures = {
        "load": os.getloadavg()[0],
        "chunks": said["chunks"],
        "files": said["added"],
        "text_mb": texts / 1e6,
        **{f"index_{name}": value for name, value in _costs(first).items()},
        **{f"index_cpu_{role}": seconds for role, seconds in first.by_role.items()},
        "unchanged_cpu_s": again.cpu_s,
        "changed_cpu_s": changed.cpu_s,
        "changed_wall_s": changed.wall_s,
        **{f"disk_{part}": float(size) for part, size in disk(place).items()},
    }
    return {**measures, **_cold(folder, place), **_warm(folder, place)}


def _run_edited(path: Path, command: Sequence[str], folder: Path) -> Usage:
    """Run a command while a file has a line more."""
    before = path.read_text(encoding="utf-8")
    path.write_text(before + EDIT, encoding="utf-8")
    try:
        return run(command, cwd=folder, env=_environment())
    finally:
        path.write_text(before, encoding="utf-8")


def _costs(usage: Usage) -> Measures:
    return {name: value for name, value in asdict(usage).items() if isinstance(value, float)}


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("QA_", "OPENAI_"))}


def disk(place: Path) -> dict[str, int]:
    """Bytes of an index by part."""
    parts = dict.fromkeys(("texts", "chunks", "full text", "vectors", "the rest"), 0)
    catalog = place / "catalog.sqlite3"
    connection = sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)
    try:
        tables = list(connection.execute("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE"))
    except sqlite3.OperationalError:  # an SQLite built without dbstat
        tables = [("all", catalog.stat().st_size)]
    finally:
        connection.close()
    for name, size in tables:
        parts[_part_of(name)] += size
    chroma = [path for path in (place / "chroma").rglob("*") if path.is_file()]
    rows = sum(path.stat().st_size for path in chroma if path.suffix == ".sqlite3")
    graph = sum(path.stat().st_size for path in chroma) - rows
    return {**parts, "Chroma, rows": rows, "Chroma, graph": graph}


def _part_of(table: str) -> str:
    """The part that a table or index of the catalog belongs to, by its name."""
    if table == "texts":
        return "texts"
    kinds = (("fts", "full text"), ("vector", "vectors"), ("chunk", "chunks"))
    return next((part for word, part in kinds if word in table), "the rest")


def _cold(folder: Path, place: Path) -> Measures:
    """`qa ask`, a process a question."""
    ask = [*QA, "ask", "--offline", "--json", "--index", str(place)]
    asked = load_questions(folder / "questions.jsonl")[:COLD]
    usages = [run([*ask, each.text], cwd=folder, env=_environment()) for each in asked]
    return {
        **_percentiles("cold_ms", [1000 * usage.cpu_s for usage in usages]),
        "cold_mib": max(usage.largest_mib for usage in usages),
    }


def _warm(folder: Path, place: Path) -> Measures:
    """All questions in one process, which is this script called with `--ask`."""
    command = [sys.executable, __file__, "--ask", str(place)]
    usage = run(command, cwd=folder, env=_environment())
    measures: Measures = json.loads(usage.output)
    return {**measures, "warm_mib": usage.largest_mib}


def ask_all(place: Path) -> Measures:
    """CPU milliseconds of questions asked of the index in `place` one after the other, and what they find."""
    asked = load_questions(place.parent / "questions.jsonl")
    some = asked[FIRST : FIRST + NARROWED]
    with qa.Index(place, offline=True, create=False) as index:
        for question in asked[:FIRST]:
            index.ask(question.text, k=10)
        answers = [_timed(lambda text: index.ask(text, k=10), each) for each in asked[FIRST:]]
        found = [
            figures_of([retrieved(passage) for passage in answer.passages], _gold(question), FIGURES)
            for question, (answer, _) in zip(asked[FIRST:], answers, strict=True)
        ]
        kinds: dict[str, Callable[[str], object]] = {
            "search": lambda text: index.search(text, k=10),
            "few": lambda text: index.ask(text, k=10, sources="real"),
            "many": lambda text: index.ask(text, k=10, sources="generated"),
        }
        times = {name: [_timed(action, each)[1] for each in some] for name, action in kinds.items()}
    measures = _percentiles("warm_ms", [spent for _, spent in answers])
    for name, spent in times.items():
        measures |= _percentiles(f"{name}_ms", spent)
    means = (statistics.fmean(column) for column in zip(*found, strict=True))
    return {**measures, "questions": len(found), **dict(zip(FIGURES, means, strict=True))}


def _gold(question: Question) -> list[GoldPlace]:
    """The spans of the set itself: of text files the index has the very text."""
    return [
        GoldPlace(gold.source, gold.span, set=gold.set)
        for gold in question.evidence
        if gold.source and gold.span
    ]


def _timed(action: Callable[[str], T], question: Question) -> tuple[T, float]:
    """What it gave, and the milliseconds of CPU that this process, its threads included, spent."""
    start = time.process_time()
    result = action(question.text)
    return result, 1000 * (time.process_time() - start)


def _percentiles(name: str, values: Sequence[float]) -> Measures:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    return {f"{name}_p50": statistics.median(values), f"{name}_p95": cuts[-1]}


def machine() -> str:
    """One line on where this was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("chromadb", "numpy", "wordllama"))
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{where}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"


def _load(path: Path | None) -> dict[str, Any]:
    if path is None or not path.exists():
        return {"machine": "", "sizes": {}}
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def show(results: Path, before: Path | None, to: Path | None) -> None:
    """Print the table, and draw the plot."""
    now, older = _load(results), _load(before)
    print(f"\n{now['machine']}\n")
    print("\n".join([*table(now["sizes"], older["sizes"]), "", *growth(now["sizes"])]))
    if to is not None:
        to.write_text(plot(now["sizes"], older["sizes"]), encoding="utf-8")


def main() -> None:
    """Measure the sizes asked for, or show what was measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE")
    parser.add_argument("--data", type=Path, help="folder of evaluation sets")
    parser.add_argument("--no-chroma", action="store_true", help="write no Chroma collection")
    parser.add_argument("--work", type=Path, help="where documents and indexes lie, and stay")
    parser.add_argument("--out", type=Path, help="the JSON file that results are added to")
    parser.add_argument("--show", type=Path, help="print the table of such a file")
    parser.add_argument("--before", type=Path, help="with --show: results of an older version")
    parser.add_argument("--plot", type=Path, help="with --show: where to write an SVG")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ask:
        print(json.dumps(ask_all(options.ask)))
        return
    if options.sizes and not (options.data and options.out):
        parser.error("--data and --out are needed to measure")
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = (options.work or Path(temporary)) / str(size)
            make_corpus(size, options.data, folder)
            measures = measure(folder, ["--no-chroma"] if options.no_chroma else [])
        results = _load(options.out)
        results["machine"] = machine()
        results["sizes"][str(size)] = measures
        options.out.write_text(json.dumps(results, indent=1), encoding="utf-8")
    if options.show or options.sizes:
        show(options.show or options.out, options.before, options.plot)


if __name__ == "__main__":
    main()

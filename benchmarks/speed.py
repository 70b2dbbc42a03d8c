"""Start-up, memory, filters and questions, each timed beside what it is compared with.

`python benchmarks/speed.py [PART…] [--data FOLDER] [--index FOLDER]`. Parts: `start` (help, one-shot ask with
and without a model, the REPL's prompt), `memory` (of indexing, against corpus size, over the sets in the data
folder), `filters` (questions over 10,000 files, narrowed to some of these) and `question` (what a question
without a model takes in a process that has answered others, part by part: questions of the sets over the
index of `--index`, which is best an index of many documents). Times are wall seconds, of starting and of
questions those of the CPU, medians with the range; ratios of paired runs are what counts, for machines are
shared and noisy. What indexing costs is in `indexing.py`. Markdown tables on stdout.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from tests.support.fake_server import FakeServer, answer

REPOSITORY = Path(__file__).resolve().parent.parent
EXAMPLES = REPOSITORY / "examples" / "documents"
QA = [sys.executable, "-m", "qa"]
QUESTION = "Why was the Budapest summit cancelled?"
OF_EACH_SET, WARM_AFTER = 25, 15  # questions of each set that are asked, and how many are not counted
# The packages behind a one-shot question as their manuals import them; `qa` reads wordllama's files itself.
NAIVE = "import typer, numpy, wordllama"

T = TypeVar("T")
Tables = dict[str, tuple[str, Callable[[], Iterator[str]]]]  # by part, the head of its table and its rows


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of repeated runs of one thing, of the clock or of the CPU."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.seconds):.2f}–{max(self.seconds):.2f})"


def clock(action: Callable[[], object], times: int) -> Timing:
    """Run `action` once to warm the disk cache, then `times` times."""
    action()
    return Timing(tuple(_seconds(action) for _ in range(times)))


def cpu_side_by_side(actions: Sequence[Callable[[], object]], times: int) -> list[Timing]:
    """The CPU that children take in each of the actions: in turn, so that a slow moment meets them all."""
    for action in actions:
        action()
    rounds = [[_cpu_seconds(action) for action in actions] for _ in range(times)]
    return [Timing(tuple(column)) for column in zip(*rounds, strict=True)]


def _cpu_seconds(action: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def command(arguments: Sequence[str], folder: Path, **more: str) -> Callable[[], object]:
    """Something that runs a command in `folder`, with `more` variables, and expects it to succeed.

    What is left to a process in the background is not timed.
    """
    own = ("QA_", "OPENAI_", "PYTHONDONTWRITEBYTECODE")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(own)}
    environment |= {"QA_CHROMA": "no", **more}

    def run() -> object:
        return subprocess.run(arguments, check=True, cwd=folder, env=environment, capture_output=True)

    return run


def start() -> Iterator[str]:
    """Rows of the table of starting times."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command([*QA, "index", str(EXAMPLES)], folder)()
        with FakeServer(always=answer("It was cancelled [s1].")) as server:
            bare, help_, imports, naive, ask, openai, asked = cpu_side_by_side(
                [
                    command([sys.executable, "-c", "pass"], folder),
                    command([*QA, "--help"], folder),
                    command([sys.executable, "-c", _imports(folder)], folder),
                    command([sys.executable, "-c", NAIVE], folder),
                    command([*QA, "ask", QUESTION], folder),
                    command([sys.executable, "-c", "import openai"], folder),
                    command([*QA, "ask", QUESTION, "--model", "m"], folder, OPENAI_BASE_URL=server.url),
                ],
                15,
            )
        prompt = clock(lambda: _until_prompt(folder), 5)
    allowed = 3 * bare.median + 0.2
    yield f"| `python -c pass` | {bare} | | |"
    holds = _verdict(help_.median <= allowed)
    yield f"| `qa --help` | {help_} | at most 3 × bare + 0.2 = {allowed:.2f} | {holds} |"
    yield f"| importing the packages that `qa ask` imports | {imports} | | |"
    yield f"| `{NAIVE}` | {naive} | | |"
    for name, needed in (("those imports", imports), ("that line", naive)):
        ratio = ask.median / needed.median
        holds = _verdict(ratio <= 1.2)
        yield f"| `qa ask`, example index | {ask} | {ratio:.2f} × {name}; at most 1.2 × | {holds} |"
    yield f"| `import openai` | {openai} | | |"
    ratio = asked.median / (ask.median + openai.median)
    yield f"| `qa ask`, a model at hand | {asked} | {ratio:.2f} × both; the model itself takes no time | |"
    yield f"| `qa chat`, until the prompt, by the clock | {prompt} | before the heavy imports end | |"


def _imports(folder: Path) -> str:
    """A program that imports what `qa ask` imports of other people's packages, module by module."""
    ask = [sys.executable, "-X", "importtime", "-m", "qa", "ask", QUESTION]
    times = subprocess.run(
        ask, cwd=folder, capture_output=True, text=True, check=True, encoding="utf-8"
    ).stderr
    names = [
        line.rpartition("|")[2].strip() for line in times.splitlines() if line.startswith("import time:")
    ]
    ours = sys.stdlib_module_names | {"qa", "index", "prompts", "imported package"}
    modules = [name for name in names if name.partition(".")[0] not in ours and "._" not in name]
    lines = ["import importlib, sqlite3", f"for name in {modules}:"]
    # Some were looked for in vain when `qa ask` ran, too.
    return "\n".join([*lines, " try: importlib.import_module(name)", " except ImportError: pass"])


def _until_prompt(folder: Path) -> None:
    import pexpect

    child = pexpect.spawn(sys.executable, ["-m", "qa", "chat"], cwd=str(folder), timeout=20, encoding="utf-8")
    child.expect("qa>")
    child.close(force=True)


def many_documents(data: Path, target: Path, copies: int) -> int:
    """The text documents of the open sets, `copies` times over, marked so that no two chunks are equal."""
    written = 0
    for copy in range(copies):
        for path in sorted(data.glob("*/docs/*")):
            if path.suffix not in {".md", ".txt"}:
                continue
            text = path.read_text(encoding="utf-8")
            if copy:
                text = text.replace(". ", f" ({copy}). ")
            out = target / str(copy) / path.parent.parent.name / f"{path.stem}.md"
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(text, encoding="utf-8")
            written += len(text.encode())
    return written


def memory(data: Path) -> Iterator[str]:
    """Rows of the table of peak memory, of the parent process and its largest child, by corpus size."""
    for copies in (2, 8, 32):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            size = many_documents(data, folder / "documents", copies)
            code = (
                "import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,capture_output=True);"
                "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
            )
            done = subprocess.run(
                [sys.executable, "-c", code, *QA, "index", "documents"],
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
                encoding="utf-8",
            )
            yield f"| {size / 1e6:.0f} MB | {int(done.stdout) / 1024:.0f} MB |"


def write_reports(documents: Path, files: int) -> None:
    """Small files, a hundred to a folder, each last changed on another day from 1990 on."""
    for number in range(files):
        path = documents / f"{number // 100:03d}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Report {number}\n\nThe measured value was {number * 7} units.\n", encoding="utf-8")
        moment = 631_152_000 + number * 86_400
        os.utime(path, (moment, moment))


def filters(files: int = 10_000) -> Iterator[str]:
    """Rows of the table of questions that are narrowed to some sources, beside one that is not."""
    from index.search.filters import Filters
    from qa.answering.index_reader import IndexReader

    choices = {
        "no filter": Filters(),
        "`--source` of one folder": Filters(sources=("042",)),
        "`--source` of one file": Filters(sources=("042/4217.txt",)),
        "`--source` of all files": Filters(sources=("*.txt",)),
        "`--since` of half of them": Filters(since="2003-09-10"),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_reports(folder / "documents", files)
        command([*QA, "index", "documents"], folder)()
        reader = IndexReader(folder / ".qa")
        years = itertools.count(2100)
        for what, narrowed in choices.items():

            def ask(narrowed: Filters = narrowed) -> object:
                # Another bound each time, so that the sources admitted before are not simply remembered.
                fresh = replace(narrowed, until=str(next(years))) if narrowed else narrowed
                return reader.find("What was the measured value?", k=10, filters=fresh)

            yield f"| {what} | {clock(ask, 9).median:.3f} |"
        yield f"| all sources listed | {clock(reader.sources, 9).median:.3f} |"
        reader.close()


def question(data: Path, place: Path) -> Iterator[str]:
    """Rows of the table of what a warm question takes, part by part; the last is the whole of it."""
    import qa.answering.answer as answers
    from index.embedding.wordllama import WordLlamaEmbedder
    from index.search import searcher
    from index.search.dense.search import DenseSearch
    from index.search.filters import ALL
    from index.search.ranking import candidates
    from index.storage.queries import CatalogReader
    from qa.answering.index_reader import IndexReader

    parts: tuple[tuple[str, object, str], ...] = (
        ("the question embedded", WordLlamaEmbedder, "embed"),
        ("full text", searcher, "search_lexically"),
        ("vectors", DenseSearch, "cosines"),
        ("candidates fetched", CatalogReader, "searched_chunks"),
        ("candidates stemmed", candidates, "stems_of_chunks"),
        ("how close they are", searcher, "closeness"),
        ("copies folded", searcher, "fold_copies"),
        ("passages fetched", CatalogReader, "chunks"),
        ("their sources' texts", CatalogReader, "texts"),
        ("sentences extracted", answers, "extract"),
        ("sources compared", answers, "compared"),
    )
    spent = {name: _spent_in(owner, function) for name, owner, function in parts}
    reader = IndexReader(place)
    spent["the whole question"] = whole = []
    for at, asked in enumerate(_questions(data)):
        if at == WARM_AFTER:
            for each in spent.values():
                each.clear()
        start = time.process_time()
        answers.answer(asked, reader.find(asked, k=None, filters=ALL))
        whole.append(time.process_time() - start)
    reader.close()
    for name, seconds in spent.items():
        median, worst = statistics.median(seconds or [0.0]), max(seconds, default=0.0)
        yield f"| {name} | {1000 * median:.2f} | {1000 * worst:.2f} |"


def _spent_in(owner: object, function: str) -> list[float]:
    """The CPU seconds of each call of a function of a module or class, from now on."""
    seconds: list[float] = []
    really = getattr(owner, function)

    def timed(*values: object, **named: object) -> object:
        start = time.process_time()
        try:
            return really(*values, **named)
        finally:
            seconds.append(time.process_time() - start)

    setattr(owner, function, timed)
    return seconds


def _questions(data: Path) -> list[str]:
    """Some of each set, in turn."""
    from benchmarks.open_sets import set_names
    from qa.evaluation.sets.dataset import load_questions

    sets = [load_questions(data / name / "questions.jsonl")[:OF_EACH_SET] for name in set_names(data)]
    return [each.text for some in itertools.zip_longest(*sets) for each in some if each]


def _verdict(holds: bool) -> str:
    return "holds" if holds else "**fails**"


def machine() -> str:
    """One line on where this was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("chromadb", "numpy", "wordllama", "typer"))
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{where}, Python {platform.python_version()}, {packages}"


def print_tables(tables: Tables, parts: Sequence[str]) -> None:
    """Print these parts, each row as soon as it is measured."""
    for part in parts:
        head, rows = tables[part]
        print(head)
        for row in rows():
            print(row, flush=True)
        print()


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["start"])
    parser.add_argument("--data", type=Path, help="folder of evaluation sets, for `memory` and `question`")
    parser.add_argument("--index", type=Path, help="folder of an index, for `question`")
    options = parser.parse_args()
    print(f"\n{machine()}\n")
    tables: Tables = {
        "start": ("| what | seconds | bound | |\n|---|---|---|---|", start),
        "memory": ("| corpus | peak resident memory |\n|---|---|", lambda: memory(options.data)),
        "question": (
            "| part of a warm question | CPU ms, median | most |\n|---|---|---|",
            lambda: question(options.data, options.index),
        ),
        "filters": ("| a question over 10,000 sources | seconds |\n|---|---|", filters),
    }
    print_tables(tables, options.parts)


if __name__ == "__main__":
    main()

"""Ours and others' retrieval in one run: what each finds, and the CPU seconds and memory that it takes.

`python benchmarks/peers.py DATA_FOLDER [--set NAME …] [--system NAME …] [--python PATH]`

Over the open sets in DATA_FOLDER, those with gold: `qa`, LlamaIndex's starter with its nodes in Chroma,
`bm25s`, txtai and Haystack (`peer_systems.py` says how each is used), all with the bundled embedder, where
they embed. Each indexes in one process and is asked in another; nothing is downloaded. Packages that are no
dependencies of ours are looked for in the environment of `--python`; a system whose package is not there is
skipped, and the reason printed. To make such an environment, in the repository:

    python -m venv /tmp/p && /tmp/p/bin/pip install . bm25s PyStemmer txtai-minimal msgpack haystack-ai

(With uv, `--link-mode=copy`: what LlamaIndex splits sentences with refuses to read hard links.)

Markdown tables on stdout. Success@k, R@5 and MRR are those of `qa eval` over the first 10 passages, by spans,
or by pages where the gold is pages; "size" is the characters of the first five, for longer passages hold
more. "index" is CPU seconds from starting Python to the stored index, of all processes, and what it is of
ours, "question" CPU milliseconds of one search in a warm process, "MiB" the peak of the largest process while
indexing and while asking. PDF is read by ours alone: the others are given the text of its pages, and are
spared that time. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import peer_systems
from benchmarks.open_sets import AS_STORED, GoldQuestion, OpenSet, figures_of, open_set, set_names
from benchmarks.peer_systems import SYSTEMS, Corpus, System
from benchmarks.processes import run
from index.types import Span
from qa.evaluation.types import Retrieved, SourceSpan

COLUMNS = ("Success@1", "Success@5", "R@5", "MRR")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that the others are given: the document and page that it is the text of, and where it starts."""

    source: str
    start: int = 0
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What one system did on one set."""

    system: str
    figures: tuple[float, ...]
    size: float  # characters of the first five passages
    index_s: float
    question_ms: float
    index_mib: float
    ask_mib: float
    version: str


class Skipped(Exception):
    """A system that could not be run, and why."""


def texts_of(asked_set: OpenSet, folder: Path) -> tuple[Path, dict[str, TextFile]]:
    """The folder of text files that the others index, and what each of them is the text of."""
    sources = asked_set.reader.catalog().sources()
    if all(Path(source.name).suffix in AS_STORED for source in sources):
        return asked_set.docs, {source.name: TextFile(source.name) for source in sources}
    folder.mkdir(parents=True)
    files = {}
    for source in sources:
        text = asked_set.reader.catalog().text(source.id)
        for page in source.pages:
            name = f"{source.name}.{page.number:04d}.txt"
            (folder / name).write_text(page.span.of(text), encoding="utf-8", newline="")
            files[name] = TextFile(source.name, page.span.start, (page.number,))
    return folder, files


def ranking(hits: Sequence[Mapping[str, Any]], files: Mapping[str, TextFile]) -> list[Retrieved]:
    """What a process printed for one question, as places in the documents."""
    return [
        Retrieved(rank, _place(hit, files), copies=tuple(_place(copy, files) for copy in hit["copies"]))
        for rank, hit in enumerate(hits, 1)
    ]


def _place(hit: Mapping[str, Any], files: Mapping[str, TextFile]) -> SourceSpan:
    found = files.get(hit["name"], TextFile(hit["name"], 0, tuple(hit["pages"])))
    return SourceSpan(found.source, Span(found.start + hit["start"], found.start + hit["end"]), found.pages)


def compare(
    system: System, corpus: Corpus, asked: Sequence[GoldQuestion], files: Mapping[str, TextFile], python: str
) -> Result:
    """Run one system over one set. Raises Skipped if its package is not there, or it fails."""
    questions = corpus.work / "questions.json"
    corpus.work.mkdir(parents=True)
    questions.write_text(json.dumps([each.question.text for each in asked]), encoding="utf-8")
    places = [str(place) for place in (corpus.originals, corpus.texts, corpus.work)]
    command = [python, peer_systems.__file__, system.name, *places]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("QA_", "OPENAI_"))}
    try:
        indexed = run(command, cwd=corpus.work, env=environment)
        answered = run([*command, str(questions)], cwd=corpus.work, env=environment)
    except SystemExit as failure:
        raise Skipped(str(failure).strip().rpartition("\n")[2]) from None
    found = json.loads(answered.output)
    rankings = [ranking(hits, files) for hits in found["hits"]]
    figures = [figures_of(ranks, each.gold, COLUMNS) for ranks, each in zip(rankings, asked, strict=True)]
    return Result(
        system.name,
        tuple(statistics.fmean(column) for column in zip(*figures, strict=True)),
        statistics.fmean(sum(len(found.place.span) for found in ranks[:5]) for ranks in rankings),
        indexed.cpu_s,
        found["question_ms"],
        indexed.largest_mib,
        answered.largest_mib,
        f"{system.package} {found['version']}",
    )


def table(results: Sequence[Result]) -> Iterator[str]:
    """Lines of a Markdown table; ratios are to the first of the results."""
    heads = ("system", *COLUMNS, "size", "index, s", "×", "question, ms", "×", "MiB, index", "MiB, ask")
    yield f"| {' | '.join(heads)} |"
    yield "|---|" + "--:|" * (len(heads) - 1)
    ours = results[0]
    for each in results:
        cells = [f"{value:.3f}" for value in each.figures]
        cells += [f"{each.size:,.0f}", f"{each.index_s:.2f}", f"{each.index_s / ours.index_s:.2f}"]
        cells += [f"{each.question_ms:.2f}", f"{each.question_ms / ours.question_ms:.2f}"]
        cells += [f"{each.index_mib:,.0f}", f"{each.ask_mib:,.0f}"]
        yield f"| {each.system} | {' | '.join(cells)} |"


def run_set(folder: Path, work: Path, systems: Sequence[System], python: str) -> list[Result]:
    """Run the systems over one set and print its table."""
    results = []
    with open_set(folder, work / "gold" / ".qa") as asked_set:
        asked = [each for each in asked_set.questions if each.answerable and each.gold]
        texts, files = texts_of(asked_set, work / "texts")
        print(f"\n### {folder.name}: {len(asked)} questions, {len(asked_set.reader.sources())} documents\n")
        for number, system in enumerate(systems):
            corpus = Corpus(asked_set.docs.resolve(), texts.resolve(), work / str(number))
            try:
                results.append(compare(system, corpus, asked, files, python))
            except Skipped as reason:
                print(f"{system.name}: skipped, {reason}\n")
    if results:
        print("\n".join(table(results)), flush=True)
    return results


def main() -> None:
    """Parse the arguments, run the sets, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", dest="sets", help="a set by its name; all without")
    parser.add_argument("--system", action="append", dest="systems", help="how a name begins; all without")
    parser.add_argument("--python", default=sys.executable, help="the environment with the others' packages")
    options = parser.parse_args()
    beginnings = tuple(name.lower() for name in options.systems or [""])
    wanted = [each for each in SYSTEMS if each.name.lower().startswith(beginnings)]
    versions: dict[str, None] = {}
    for name in options.sets or set_names(options.data):
        with tempfile.TemporaryDirectory() as folder:
            for result in run_set(options.data / name, Path(folder), wanted, options.python):
                versions[result.version] = None
    where = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"\n{where}, Python {platform.python_version()}, {', '.join(versions)}")


if __name__ == "__main__":
    main()

"""CPU seconds of indexing: text and PDFs beside LlamaIndex's starter, one changed file, and nothing to do.

`python benchmarks/indexing.py [PART…] [--data FOLDER] [--copies N] [--rounds N]`. Parts: `text` and `pdf`
(documents of the evaluation sets in FOLDER; `qa index` and the starter in turn), `stages` (each stage of ours
alone, in this process), `changed` (one file of 10,000) and `unchanged` (none of them).

Seconds are user and system time of a command and of every process that it leaves behind, which is waited
for; the least of the rounds, for other work on the machine only adds to it. The starter:
`SimpleDirectoryReader`, `SentenceSplitter` and `ChromaVectorStore` with the bundled embedder; for `pdf` it
wants the package `llama-index-readers-file`, which we need for nothing else. Linux only: elsewhere nobody
inherits a process left behind. Markdown tables on stdout.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.speed import (
    REPOSITORY,
    Tables,
    machine,
    many_documents,
    print_tables,
    write_reports,
)

QA = [sys.executable, "-m", "qa"]
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of Linux's <sys/prctl.h>
PDFS = (
    "AMAZON_2017_10K",
    "AMCOR_2022_8K_dated-2022-07-01",
    "AMCOR_2023Q2_10Q",
    "NETFLIX_2017_10K",
    "PEPSICO_2023Q1_EARNINGS",
    "ULTABEAUTY_2023Q4_EARNINGS",
)
STARTER = """
import chromadb
from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.vector_stores.chroma import ChromaVectorStore
from index.embedding.embedder import load_embedder
from qa.integrations.llama_index import QaEmbedding

documents = SimpleDirectoryReader("documents", recursive=True).load_data()
collection = chromadb.PersistentClient("starter").create_collection("starter", embedding_function=None)
storage = StorageContext.from_defaults(vector_store=ChromaVectorStore(chroma_collection=collection))
embedding, splitter = QaEmbedding(load_embedder()), SentenceSplitter()
VectorStoreIndex.from_documents(
    documents, storage_context=storage, embed_model=embedding, transformations=[splitter]
)
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of a command until it returned, and until the last process that it left behind did."""

    returned: float
    whole: float


def cost(arguments: Sequence[str], folder: Path, **more: str) -> Cost:
    """Run a command in `folder`, with `more` variables, and wait for what it leaves behind.

    Ends the program, with what the command said, if that fails.
    """
    dropped = ("QA_", "OPENAI_", "PYTHONDONTWRITEBYTECODE")  # without compiled modules every start is slow
    environment = {name: value for name, value in os.environ.items() if not name.startswith(dropped)} | more
    environment["PYTHONPATH"] = os.pathsep.join((str(REPOSITORY), environment.get("PYTHONPATH", "")))
    before = _of_children()
    done = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        sys.exit(f"{arguments} failed:\n{done.stderr}")
    returned = _of_children() - before
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return Cost(returned, _of_children() - before)


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def beside_starter(fill: Callable[[Path], str], rounds: int) -> Iterator[str]:
    """Rows of a table: `qa index` and the starter in turn, over the documents that `fill` writes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield f"| corpus | {fill(folder / 'documents')} | |"
        words = _words_of_nltk(folder / "nltk")
        ours, theirs = [], []
        for _ in range(rounds):
            for made in (".qa", "starter"):
                shutil.rmtree(folder / made, ignore_errors=True)
            ours.append(cost([*QA, "index", "documents"], folder))
            theirs.append(cost([sys.executable, "-c", STARTER], folder, NLTK_DATA=words))
    starter = min(one.whole for one in theirs)
    yield f"| the starter | {starter:.2f} | |"
    for what, seconds in (
        ("`qa index`, until it returns", min(one.returned for one in ours)),
        ("`qa index`, until Chroma has all", min(one.whole for one in ours)),
    ):
        yield f"| {what} | {seconds:.2f} | {starter / seconds:.2f} × |"


def _words_of_nltk(copy: Path) -> str:
    """A copy of the words that the starter brings along: NLTK reads no file with a second hard link.

    Installers that keep what they have downloaded (uv) make such links.
    """
    spec = find_spec("llama_index.core")
    assert spec is not None, "it is installed with the program"
    assert spec.origin is not None, "it is a package of files"
    shutil.copytree(Path(spec.origin).parent / "_static" / "nltk_cache", copy)
    return str(copy)


def _texts(data: Path, copies: int) -> Callable[[Path], str]:
    def fill(documents: Path) -> str:
        size = many_documents(data, documents, copies)
        return f"{size / 1e6:.1f} MB, {sum(1 for _ in documents.rglob('*.md')):,} files"

    return fill


def _filings(data: Path) -> Callable[[Path], str]:
    def fill(documents: Path) -> str:
        documents.mkdir(parents=True)
        for name in PDFS:
            shutil.copy(data / "financebench" / "docs" / f"{name}.pdf", documents)
        return f"{sum(path.stat().st_size for path in documents.iterdir()) / 1e6:.1f} MB, {len(PDFS)} filings"

    return fill


def stages(data: Path, copies: int) -> Iterator[str]:
    """Rows of a table: each stage alone, in this process, over the documents of `text`."""
    from index.embedding.embedder import load_embedder
    from index.readers.formats import read
    from index.storage.catalog import Catalog
    from index.storage.records import FileStat, Prepared
    from index.sync.prepare import prepare
    from index.sync.tasks import Task
    from index.text.chunks import CHUNKER, embedding_text
    from index.text.sentences import split_sentences

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        many_documents(data, folder / "documents", copies)
        files = [(path, path.read_bytes()) for path in sorted((folder / "documents").rglob("*.md"))]
        readings, read_s = _timed(lambda: [read(content, path.name) for path, content in files])
        _, split_s = _timed(lambda: [split_sentences(one.text, one.blocks) for one in readings])
        tasks = [
            Task(str(path), str(path), str(path.relative_to(folder)), f"{at:016x}", FileStat(len(content), 1))
            for at, (path, content) in enumerate(files)
        ]
        results, whole_s = _timed(
            lambda: [prepare(content, task) for task, (_, content) in zip(tasks, files, strict=True)]
        )
        prepared = [one for one in results if isinstance(one, Prepared)]
        texts = {
            key: embedding_text(chunk, one.source.title)
            for one in prepared
            for key, chunk in zip(one.keys, one.chunks, strict=True)
        }
        embedder = load_embedder()
        rows, embed_s = _timed(lambda: embedder.embed(list(texts.values())))
        vectors = {key: row.tobytes() for key, row in zip(texts, rows, strict=True)}
        with Catalog.open(folder / ".qa", create=True) as catalog:
            catalog.configure(chunker=CHUNKER, embedder=embedder.name, dimension=embedder.dimension)
            _, store_s = _timed(lambda: catalog.replace(prepared, vectors))
    yield f"| reading | {read_s:.2f} |"
    yield f"| sentences | {split_s:.2f} |"
    yield f"| title, date, chunks, hashes | {whole_s - read_s - split_s:.2f} |"
    yield f"| embedding | {embed_s:.2f} |"
    yield f"| storing, with the full-text index | {store_s:.2f} |"


def _timed(action: Callable[[], T]) -> tuple[T, float]:
    """What an action gives, and the CPU seconds of this process meanwhile, of all its threads."""
    start = time.process_time()
    result = action()
    return result, time.process_time() - start


def one_changed(rounds: int, files: int = 10_000, *, change: bool = True) -> Iterator[str]:
    """Rows of a table: the first run over many small files, and runs after one of them, or none, changed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_reports(folder / "documents", files)
        first = cost([*QA, "index", "documents"], folder)
        again = []
        for number in range(rounds):
            if change:
                path = folder / "documents" / f"{number:03d}" / f"{number * 100}.txt"
                path.write_text(
                    f"Report {number}\n\nThe value was measured again: {number}.\n", encoding="utf-8"
                )
                os.utime(path, (631_152_000, 631_152_000))
            again.append(cost([*QA, "index", "documents"], folder))
    yield f"| first run, {files:,} files | {first.returned:.2f} | {first.whole:.2f} |"
    returned, whole = min(one.returned for one in again), min(one.whole for one in again)
    yield f"| {'one of them changed' if change else 'nothing changed'} | {returned:.2f} | {whole:.2f} |"


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["changed", "unchanged"])
    parser.add_argument("--data", type=Path, help="folder of evaluation sets, for `text`, `pdf` and `stages`")
    parser.add_argument("--copies", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    print(f"\n{machine()}\n")
    data, rounds = options.data, options.rounds
    ratios = "| {} | CPU s | the starter in ours |\n|---|--:|--:|"
    runs = "| files of one line | CPU s until `qa index` returns | until Chroma has all |\n|---|--:|--:|"
    tables: Tables = {
        "text": (ratios.format("text"), lambda: beside_starter(_texts(data, options.copies), rounds)),
        "pdf": (ratios.format("PDF"), lambda: beside_starter(_filings(data), rounds)),
        "stages": ("| one process | CPU s |\n|---|--:|", lambda: stages(data, options.copies)),
        "changed": (runs, lambda: one_changed(rounds)),
        "unchanged": (runs, lambda: one_changed(rounds, change=False)),
    }
    print_tables(tables, options.parts)


if __name__ == "__main__":
    main()

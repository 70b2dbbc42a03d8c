"""What the catalog takes: bytes a chunk, CPU to write it, CPU and memory to read vectors, a cited span.

`python benchmarks/storage.py --data FOLDER [--chunks N…]`: catalogs of so many chunks (35,000 if not said)
of the text documents of the sets in FOLDER, copied under other names, each copy with other vectors. One
source of each has 20 million characters. CPU seconds of the process; memory as Python allocates it. A
Markdown table on stdout.
"""

from __future__ import annotations

import argparse
import itertools
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.storage.catalog import FILE_NAME, Catalog
from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare, text_key
from index.sync.tasks import Task
from index.text.chunks import chunk_id

DIMENSION = 256
AT_ONCE = 500  # chunks of a transaction
LONG = 20_000_000  # characters of the longest source


def documents(data: Path) -> Iterator[Prepared]:
    """The text documents of all sets, read and cut."""
    for path in sorted(data.glob("*/docs/*")):
        if path.suffix in {".md", ".txt"}:
            task = Task(str(path), str(path), path.name, path.name, FileStat(0, 0))
            result = prepare(path.read_bytes(), task)
            if isinstance(result, Prepared):
                yield result


def copied(prepared: Prepared, copy: int) -> Prepared:
    """The same under another name, with other vectors."""
    name = f"{copy}/{prepared.source.name}"
    source = replace(prepared.source, id=text_key(name), name=name, location=f"/documents/{name}")
    chunks = tuple(
        replace(chunk, id=chunk_id(source.id, chunk.span, chunk.text), source_id=source.id)
        for chunk in prepared.chunks
    )
    keys = tuple(text_key(f"{copy} {key}") for key in prepared.keys)
    return Prepared(source, prepared.text, chunks, keys, prepared.stat)


def joined(parts: list[Prepared]) -> Prepared:
    """One source of `LONG` characters, in which these follow each other again and again."""
    texts, chunks, keys, start = [], [], [], 0
    source = replace(parts[0].source, id=text_key("long"), name="long.txt", location="/documents/long.txt")
    for part in itertools.cycle(parts):
        if start + len(part.text) > LONG:
            break
        for chunk, key in zip(part.chunks, part.keys, strict=True):
            span = replace(chunk.span, start=chunk.span.start + start, end=chunk.span.end + start)
            sentences = tuple(
                replace(each, start=each.start + start, end=each.end + start) for each in chunk.sentences
            )
            identity = chunk_id(source.id, span, chunk.text)
            chunks.append(
                replace(chunk, id=identity, source_id=source.id, span=span, sentences=sentences, tables=())
            )
            keys.append(text_key(f"{start} {key}"))
        texts.append(part.text)
        start += len(part.text)
    return Prepared(replace(source, length=start), "".join(texts), tuple(chunks), tuple(keys), parts[0].stat)


def write(folder: Path, parts: list[Prepared], chunks: int) -> float:
    """Make a catalog of about so many chunks; CPU seconds of `Catalog.replace`."""
    random = np.random.default_rng(1)
    seconds = 0.0
    with Catalog.open(folder, create=True) as catalog:
        catalog.configure(chunker="benchmark", embedder="benchmark", dimension=DIMENSION)
        for group in _groups(parts, chunks):
            keys = [key for one in group for key in one.keys]
            matrix = random.standard_normal((len(keys), DIMENSION), np.float32)
            vectors = {key: row.tobytes() for key, row in zip(keys, matrix, strict=True)}
            began = time.process_time()
            catalog.replace(group, vectors)
            seconds += time.process_time() - began
    return seconds


def _groups(parts: list[Prepared], chunks: int) -> Iterator[list[Prepared]]:
    longest = joined(parts)
    yield [longest]
    group: list[Prepared] = []
    left = chunks - len(longest.chunks)
    for number in itertools.count():
        for part in parts:
            if left <= 0:
                yield group
                return
            group.append(copied(part, number))
            left -= len(part.chunks)
            if sum(len(one.chunks) for one in group) >= AT_ONCE:
                yield group
                group = []


def bytes_by_part(path: Path) -> dict[str, float]:
    """The bytes a chunk of each table with its indexes, largest first; none where SQLite cannot tell."""
    with closing(sqlite3.connect(path)) as db:
        ((count,),) = db.execute("SELECT count(*) FROM chunks")
        sizes = db.execute(
            "SELECT CASE WHEN tbl_name LIKE 'chunks_fts%' THEN 'full-text index' ELSE tbl_name END,"
            " sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name) GROUP BY 1 ORDER BY 2 DESC"
        )
        return {name: size / count for name, size in sizes if size / count >= 1}


LOAD = """
import sys, time, tracemalloc
from pathlib import Path
import numpy as np
from index.storage.catalog import Catalog
catalog, question = Catalog.open(Path(sys.argv[1])), np.ones(256, np.float32)
if sys.argv[3] == "memory":
    tracemalloc.start()
began = time.process_time()
if sys.argv[2] == "whole":
    catalog.vectors().matrix @ question
else:
    for page in catalog.vector_pages():
        page.matrix @ question
print(tracemalloc.get_traced_memory()[1] / 2**20 if sys.argv[3] == "memory" else time.process_time() - began)
"""


def load(folder: Path, how: str) -> str:
    """CPU seconds, and MiB, for the cosines of one question with all vectors, in processes of their own."""
    seconds, memory = (
        float(subprocess.check_output([sys.executable, "-c", LOAD, str(folder), how, what]))
        for what in ("seconds", "memory")
    )
    return f"{seconds:.2f} s, {memory:.0f} MiB"


def span(folder: Path) -> tuple[float, float]:
    """CPU milliseconds for what stands around one chunk of the long source, and for all of it."""
    with Catalog.open(folder) as catalog:
        source = catalog.source("long.txt")
        assert source is not None
        chunk = catalog.prepared(source.id).chunks[-9]
        return (
            min(_milliseconds(lambda: catalog.texts([chunk])) for _ in range(9)),
            min(_milliseconds(lambda: catalog.text(source.id)) for _ in range(9)),
        )


def _milliseconds(action: Callable[[], object]) -> float:
    began = time.process_time()
    action()
    return 1000 * (time.process_time() - began)


def report(data: Path, sizes: list[int]) -> Iterator[str]:
    """The rows of the table."""
    parts = list(documents(data))
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / ".qa"
            seconds = write(folder, parts, size)
            with Catalog.open(folder) as catalog:
                chunks = catalog.counts().chunks
            total = (folder / FILE_NAME).stat().st_size / chunks
            by_part = ", ".join(
                f"{part} {size:.0f}" for part, size in bytes_by_part(folder / FILE_NAME).items()
            )
            yield f"| {chunks:,} chunks: bytes a chunk | {total:.0f} ({by_part}) |"
            yield f"| `Catalog.replace`, CPU s for 1,000 chunks | {1000 * seconds / chunks:.2f} |"
            yield f"| all vectors in memory | {load(folder, 'whole')} |"
            yield f"| the same page by page | {load(folder, 'pages')} |"
            near, whole = span(folder)
            yield f"| around a passage of {LONG:,} characters, CPU ms | {near:.2f} (all: {whole:.0f}) |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of evaluation sets")
    parser.add_argument("--chunks", type=int, nargs="*", default=[35_000])
    options = parser.parse_args()
    print("| what | |\n|---|---|")
    for row in report(options.data, options.chunks):
        print(row, flush=True)


if __name__ == "__main__":
    main()

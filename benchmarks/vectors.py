"""What the Chroma collection of an index costs, and what it finds.

`python benchmarks/vectors.py INDEX QUESTIONS…` writes a copy of the collection of INDEX and prints a table:
processor time and bytes a chunk, and how many of the nearest chunks of questions (JSON Lines as in
`docs/formats.md`) it names, against exact search. Nothing of INDEX is changed.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.embedding.embedder import load_embedder
from index.storage.catalog import FILE_NAME, Catalog
from index.vectors.chroma import ROWS, ChromaVectors, load_chroma
from index.vectors.mirror import discard, update
from index.vectors.stamp import CHROMA

ASKED = 100  # chunks that are asked for, as a search does
TOPS = (10, 20)
QUESTIONS_OF_A_SET = 130


def copied(index: Path, folder: Path) -> Catalog:
    """The catalog of `index` in another folder, without Chroma."""
    with (
        closing(sqlite3.connect(f"{(index / FILE_NAME).absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(folder / FILE_NAME)) as target,
    ):
        source.backup(target)
    catalog = Catalog.open(folder)
    catalog.chroma.mark("dirty")
    discard(catalog)
    return catalog


def processor_seconds(work: Callable[[], object]) -> float:
    """Of all threads of this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def costs(catalog: Catalog) -> Iterator[str]:
    """Rows on writing the collection."""
    chunks = catalog.counts().vectors
    yield f"| chunks | {chunks:,} |"
    yield f"| importing Chroma, processor seconds | {processor_seconds(load_chroma):.2f} |"
    seconds = processor_seconds(lambda: update(catalog))
    yield f"| writing, processor microseconds a chunk | {1e6 * seconds / chunks:.0f} |"
    home = catalog.folder / CHROMA
    rows, graph = (home / ROWS).stat().st_size, sum(path.stat().st_size for path in home.glob("*/*"))
    yield f"| bytes a chunk: rows, graph | {rows / chunks:,.0f}, {graph / chunks:,.0f} |"


def recall(catalog: Catalog, questions: Sequence[str]) -> Iterator[str]:
    """Rows on what it finds of the nearest chunks; of equally near ones any counts."""
    matrix = np.asarray(catalog.vectors().matrix)
    rows, asked = catalog.vectors().rows, load_embedder().embed(questions)
    place = {int(row): at for at, row in enumerate(rows)}
    store = ChromaVectors.open(catalog.folder / CHROMA)
    before = time.process_time()
    answers = [store.query(vector, ASKED) for vector in asked]
    spent = time.process_time() - before
    store.close()
    found: dict[int, list[float]] = {top: [] for top in TOPS}
    for vector, hits in zip(asked, answers, strict=True):
        cosines = matrix @ vector
        named = cosines[[place[row] for row in catalog.chunk_rows(hits.ids).values()]]
        for top in TOPS:
            least = np.partition(cosines, -top)[-top]
            found[top].append(min(1.0, float((named >= least - 1e-6).sum()) / top))
    yield f"| a question, processor milliseconds | {1e3 * spent / len(asked):.1f} |"
    for top in TOPS:
        yield f"| recall@{top} of {len(asked)} questions | {np.mean(found[top]):.4f} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    options = parser.parse_args()
    questions = []
    for path in options.questions:
        lines = path.read_text(encoding="utf-8").splitlines()
        questions += [
            json.loads(line)["question"] for line in lines[:: max(1, len(lines) // QUESTIONS_OF_A_SET)]
        ]
    print("| what | |\n|---|--:|")
    with TemporaryDirectory() as folder, copied(options.index, Path(folder)) as catalog:
        for row in [*costs(catalog), *recall(catalog, questions)]:
            print(row, flush=True)


if __name__ == "__main__":
    main()

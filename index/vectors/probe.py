"""Chroma files opened and probed; doubtful ones in a child process, which damaged ones may crash."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.concurrency.processes import run_python
from index.errors import VectorsFailed
from index.vectors.chroma import ChromaVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


PROBE_SECONDS = 120.0


class ProbeResult(NamedTuple):
    """The state of a collection: the chunks, and how many vectors that should be there were missed."""

    chunks: int
    misses: int


def inspect(folder: Path, matrix: NDArray[np.float32]) -> ProbeResult | None:
    """Open the collection and look for the rows of `matrix`; None if Chroma failed."""
    try:
        store = ChromaVectors.open(folder)
        try:
            return ProbeResult(store.count(), store.misses(matrix))
        finally:
            store.close()
    except VectorsFailed:
        return None


def inspect_in_child(folder: Path, matrix: NDArray[np.float32]) -> ProbeResult | None:
    """The same in a child process, which broken files may kill; None if it gave no answer."""
    code = "from index.vectors.probe import probe_here; probe_here(*sys.argv[2:])"
    size = str(matrix.shape[1])
    printed = run_python(code, str(folder), size, data=matrix.tobytes(), seconds=PROBE_SECONDS)
    try:
        return None if printed is None else ProbeResult(*json.loads(printed))
    except (ValueError, TypeError):  # what it printed is no answer of ours
        return None


def probe_here(folder: str, dimension: str) -> None:
    """The child's side of `inspect_in_child`: vectors on standard input, the result on standard output."""
    import numpy as np

    matrix = np.frombuffer(sys.stdin.buffer.read(), dtype="<f4").reshape(-1, int(dimension))
    sys.stdout.write(json.dumps(inspect(Path(folder), matrix)))

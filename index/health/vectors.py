"""The vectors of chunks: all there, of one length, finite, and of unit length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexDamaged
from index.health.findings import CheckFinding, Progress, counted
from index.health.structure import sqlites_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.storage.database import Database

CHECK = "vectors"
AT_ONCE = 500
UNIT = 1e-3  # of the squared length, that rounding may make a difference


def check_vectors(db: Database, report: Progress) -> CheckFinding:
    """Whether every chunk that has words has a vector that can be compared with others."""
    embedder, dimension, chunks, without = db.required_row(
        "SELECT embedder, dimension, (SELECT count(*) FROM chunks),"
        " (SELECT count(*) FROM chunks WHERE vector IS NULL) FROM manifest"
    )
    try:
        bad = sum(len(rows) for rows in bad_vectors(db, report))
    except IndexDamaged as error:
        return CheckFinding(
            CHECK, "wrong", f"they cannot be read: {sqlites_words(error)}", "made anew", repair=True
        )
    if bad:
        return CheckFinding(
            CHECK,
            "wrong",
            f"{counted(bad, 'vector')} of {chunks - without:,} cannot be used",
            "made anew by the embedding model",
            repair=True,
        )
    text = f"{counted(chunks - without, 'chunk')}, {dimension} numbers each, by {embedder or 'no model yet'}"
    return CheckFinding(CHECK, "ok", f"{text}; {without:,} without words" if without else text)


def bad_vectors(db: Database, report: Progress) -> Iterator[list[int]]:
    """The rows of vectors that chunks want and cannot use, or that are not there: some at a time, none empty.

    Raises IndexDamaged where pages of the file cannot be read.
    """
    dimension = db.required_row("SELECT dimension FROM manifest")[0]
    last = db.required_row("SELECT ifnull(max(vector), 0) FROM chunks")[0]
    for first in range(1, last + 1, AT_ONCE):
        report("vectors", first, last)
        rows = db.rows(
            "SELECT DISTINCT chunks.vector, CAST(vectors.vector AS BLOB)"
            " FROM chunks LEFT JOIN vectors ON vectors.row = chunks.vector"
            " WHERE chunks.vector BETWEEN ? AND ?",
            (first, first + AT_ONCE - 1),
        )
        usable = are_usable([row[1] for row in rows], dimension)
        bad = [row for (row, _), well in zip(rows, usable, strict=True) if not well]
        if bad:
            yield bad


def are_usable(packed: Sequence[bytes | None], dimension: int) -> list[bool]:
    """Of each vector (float32, little-endian), whether it has so many finite numbers and unit length."""
    import numpy as np

    fitting = [at for at, one in enumerate(packed) if one is not None and len(one) == 4 * dimension]
    matrix = np.frombuffer(b"".join([packed[at] or b"" for at in fitting]), dtype="<f4")
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.square(matrix.reshape(len(fitting), dimension), dtype=np.float64).sum(axis=1)
        well = np.abs(squares - 1) < UNIT  # neither is so for what is not finite
    usable = [False] * len(packed)
    for at, good in zip(fitting, well.tolist(), strict=True):
        usable[at] = good
    return usable

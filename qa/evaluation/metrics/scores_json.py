"""JSON of a run's scores (`scores.json`, `qa eval --json`), written and read without loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from qa.evaluation.types import Scores

SCORES_SCHEMA = "qa.scores/1"


def scores_object(scores: Scores) -> dict[str, object]:
    """Scores as an object of JSON: `schema`, then the fields of `Scores` in their order.

    The count `stale` is there only where it is not 0: files of before have none.
    """
    fields = asdict(scores)
    if not scores.counts.stale:
        del fields["counts"]["stale"]
    return {"schema": SCORES_SCHEMA, **fields}


def scores_of(row: Mapping[str, object]) -> Scores:
    """The scores that `scores_object` made an object of. Raises ValueError if it is another object."""
    from pydantic import TypeAdapter

    if row.get("schema") != SCORES_SCHEMA:
        raise ValueError(f"schema is not {SCORES_SCHEMA}, but {str(row.get('schema'))[:40]}")
    return TypeAdapter(Scores).validate_python(row)

"""What is left to do in a run: questions to ask, records to judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluation.judging.judge_records import unjudged
from qa.evaluation.runs.state import RunState
from qa.evaluation.types import Record, RecordId


@dataclass(frozen=True, slots=True)
class Remaining:
    """The records that are not there, of `total` that a whole run has, and those without a verdict."""

    total: int
    to_ask: tuple[RecordId, ...]
    to_judge: tuple[Record, ...] = ()


def remaining(
    record_ids: Sequence[RecordId], state: RunState, *, judge: str | None = None, retry_errors: bool = False
) -> Remaining:
    """What a run lacks: records (failed ones count only without `retry_errors`), verdicts of `judge`."""
    records = state.records
    to_ask = tuple(
        record_id
        for record_id in record_ids
        if (record := records.get(record_id)) is None or (retry_errors and record.failure is not None)
    )
    there = [records[record_id] for record_id in record_ids if record_id in records]
    return Remaining(len(record_ids), to_ask, unjudged(there, state.judged, judge) if judge else ())

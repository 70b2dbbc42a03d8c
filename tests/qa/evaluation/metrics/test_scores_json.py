"""Scores are written as `qa.scores/1`, and read back without loss."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.scores_json import scores_object, scores_of
from qa.types import Seconds, Usage
from tests.qa.evaluation.metrics.test_aggregate import varied
from tests.support.records import answered, failed, question, record, verdict

WRITTEN = """
{"schema": "qa.scores/1", "counts": {"questions": 2, "records": 2, "answered": 1, "abstained": 0, "errors":
1, "unanswerable": 0, "judged": 1, "unreadable": 0}, "judge": "judge-1", "metrics": {"claims_cited":
{"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1}, "claims_suspect": {"mean": 0.0, "low": 0.0, "high": 1.0,
"n": 1}, "claims_rejected": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1}, "claims_uncited": {"mean": 1.0,
"low": 0.0, "high": 1.0, "n": 1}, "judged_correct": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1},
"judged_partly_or_better": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1}, "abstained": {"mean": 0.0, "low":
0.0, "high": 1.0, "n": 1}, "right_decision": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1}, "coverage":
{"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1}, "aurc": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1},
"error_rate": {"mean": 0.5, "low": 0.001541, "high": 0.998459, "n": 2}}, "by_tag": {"core": {"n": 1,
"metrics": {"claims_cited": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1}, "claims_suspect": {"mean": 0.0,
"low": 0.0, "high": 1.0, "n": 1}, "claims_rejected": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1},
"claims_uncited": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1}, "judged_correct": {"mean": 1.0, "low":
0.0, "high": 1.0, "n": 1}, "judged_partly_or_better": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1},
"abstained": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1}, "right_decision": {"mean": 1.0, "low": 0.0,
"high": 1.0, "n": 1}, "coverage": {"mean": 1.0, "low": 0.0, "high": 1.0, "n": 1}, "aurc": {"mean": 0.0,
"low": 0.0, "high": 1.0, "n": 1}, "error_rate": {"mean": 0.0, "low": 0.0, "high": 1.0, "n": 1}}}}, "curves":
{"risk_coverage": [[1.0, 0.0]]}, "intervals": {"method": "jackknife over documents, Satterthwaite t, score
interval", "level": 0.95, "clusters": 2}, "repeats": {"n": 1, "metrics": {}}, "timing": {"search_seconds":
{"p50": 0.25, "p95": 0.25, "mean": 0.25, "n": 1}, "answer_seconds": {"p50": 1.0, "p95": 1.0, "mean": 1.0,
"n": 1}, "seconds": {"p50": 1.25, "p95": 1.25, "mean": 1.25, "n": 1}}, "cost": {"prompt_tokens": 100,
"completion_tokens": 10, "cost_usd": null, "unpriced": 1, "judge": {"prompt_tokens": 7, "completion_tokens":
3, "cost_usd": 0.5, "unpriced": 0}}}
"""


def test_the_format_is_unchanged() -> None:
    """Every name, in its order, with its kind of number."""
    answer = answered(seconds=Seconds(0.25, 1.0), usage=Usage(100, 10, None))
    records = [record(1, question=question(1, tags=("core",)), answer=answer), failed(2)]
    verdicts = {("key00001", 1): verdict("correct", judge="judge-1", usage=Usage(7, 3, 0.5))}
    scores = score_records(records, verdicts)
    assert json.dumps(scores_object(scores)) == WRITTEN.replace("\n", " ").strip()


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_scores_are_read_back_as_they_were(seed: int) -> None:
    """Through JSON, whatever the run was like."""
    scores = score_records(varied(seed, 8), {})
    assert scores_of(json.loads(json.dumps(scores_object(scores)))) == scores


@pytest.mark.parametrize(
    "changes",
    [
        {"schema": "qa.scores/2"},
        {"schema": None},
        {"metrics": {"R@5": {"mean": "high"}}},
        {"counts": {}},
        {"cost": None},
    ],
)
def test_another_object_is_refused(changes: dict[str, object]) -> None:
    """A newer schema, a missing field and a wrong type alike."""
    row = scores_object(score_records([record(1)], {}))
    with pytest.raises(ValueError, match=r"schema|validation error"):
        scores_of({**row, **changes})

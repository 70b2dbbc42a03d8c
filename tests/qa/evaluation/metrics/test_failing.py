"""Which records are failing: what is known of them decides, the gravest reason first."""

from __future__ import annotations

import pytest

from qa.evaluation.metrics.failing import (
    ANSWERED,
    DECLINED,
    ERROR,
    NO_GOLD,
    NO_WORD,
    WRONG,
    failing,
)
from qa.evaluation.types import Record
from tests.support.records import abstained, failed, record

ANSWER, REFUSAL = record(), record(answer=abstained())


@pytest.mark.parametrize(
    ("of", "values", "reason"),
    [
        (failed(1), {}, ERROR),
        (REFUSAL, {"right_decision": 0.0, "citation_hit": 0.0}, DECLINED),
        (REFUSAL, {"right_decision": 1.0}, None),
        (REFUSAL, {}, None),
        (ANSWER, {"right_decision": 0.0}, ANSWERED),
        (ANSWER, {"right_decision": 1.0, "judged_partly_or_better": 0.0, "citation_hit": 1.0}, WRONG),
        (ANSWER, {"judged_partly_or_better": 1.0, "judged_correct": 0.0}, None),
        (ANSWER, {"judged_partly_or_better": 1.0, "citation_hit": 0.0}, NO_GOLD),
        (ANSWER, {"page_citation_hit": 0.0, "token_f1": 0.4}, NO_GOLD),
        (ANSWER, {"document_citation_hit": 0.0}, NO_GOLD),
        (ANSWER, {"citation_hit": 0.0, "document_citation_hit": 1.0}, None),
        (ANSWER, {"citation_hit": 1.0, "token_f1": 0.0}, None),
        (ANSWER, {"token_f1": 0.0}, NO_WORD),
        (ANSWER, {"token_f1": 0.01}, None),
        (ANSWER, {"token_f1": 0.0, "judged_correct": 1.0, "judged_partly_or_better": 1.0}, None),
        (ANSWER, {}, None),
    ],
)
def test_the_gravest_reason_is_named(of: Record, values: dict[str, float], reason: str | None) -> None:
    """An error, a wrong decision, a judge, gold, and only then words."""
    assert failing(of, values) == reason

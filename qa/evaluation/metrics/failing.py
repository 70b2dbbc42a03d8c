"""Which answers are failing, and why: an error, a wrong decision, a wrong answer, no gold cited."""

from __future__ import annotations

from collections.abc import Mapping

from qa.evaluation.types import Record

ERROR = "error"
DECLINED = "declined though answerable"
ANSWERED = "answered though unanswerable"
WRONG = "judged wrong"
NO_GOLD = "no gold cited"
NO_WORD = "no word of a right answer"
REASONS = (ERROR, DECLINED, ANSWERED, WRONG, NO_GOLD, NO_WORD)
_HITS = ("citation_hit", "page_citation_hit", "document_citation_hit")


def failing(record: Record, values: Mapping[str, float]) -> str | None:
    """Why a record is failing, one of `REASONS`, the gravest first; None if it is not, as far as is known.

    `values` are its metrics. An answer that is partly right is not failing; whether it shares a word with a
    reference answer is asked only where neither gold nor a judge says more.
    """
    if record.answer is None:
        return ERROR
    if values.get("right_decision") == 0:
        return DECLINED if record.answer.status == "abstained" else ANSWERED
    if values.get("judged_partly_or_better") == 0:
        return WRONG
    hits = [values[name] for name in _HITS if name in values]
    if hits and not any(hits):
        return NO_GOLD
    if not hits and "judged_correct" not in values and values.get("token_f1") == 0:
        return NO_WORD
    return None

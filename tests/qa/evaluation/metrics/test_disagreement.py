"""Whether an answer shows that its sources disagree, against what the question set says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import SetError
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.runs.serialization import record_object, record_of
from qa.evaluation.sets.dataset import load_questions, question_key, question_object
from qa.evaluation.types import Record
from qa.types import Disagreement, Side
from tests.support.records import answered, citation, question, record

SIDES = (Side("48", (citation(0, 5),)), Side("43", (citation(0, 5, "b.txt", number=2),)))
FOUND = Disagreement("The mill has … geese.", "number", SIDES)


def asked(number: int, said: bool | None, *, shown: bool) -> Record:
    """The record of a question whose set says whether sources disagree, and of an answer that shows it."""
    answer = answered(citation(0, 5), disagreements=(FOUND,) if shown else ())
    return record(number, question=question(number, disagreement=said), answer=answer)


def test_disagreements_are_scored_where_the_set_says_what_is_right() -> None:
    """Two of three found, one of two made up; where nothing is said nothing is scored."""
    records = [
        asked(1, True, shown=True),
        asked(2, True, shown=True),
        asked(3, True, shown=False),
        asked(4, False, shown=True),
        asked(5, False, shown=False),
        asked(6, None, shown=True),
    ]
    metrics = score_records(records, {}).metrics
    found, false = metrics["disagreement_found"], metrics["disagreement_false"]
    assert (round(found.mean, 3), found.n) == (0.667, 3)
    assert (false.mean, false.n) == (0.5, 2)
    assert not score_records(records[5:], {}).metrics.keys() & {"disagreement_found", "disagreement_false"}


def test_a_record_keeps_disagreements_and_counts() -> None:
    """To disk and back: sides with citations, and how many sources say a claim."""
    one = asked(1, True, shown=True)
    assert one.answer is not None
    claims = tuple(
        replace(claim, sources=3, independent=2, as_of="2024-05-02") for claim in one.answer.claims
    )
    kept = replace(one, answer=replace(one.answer, claims=claims))
    assert record_of(record_object(kept)) == kept


def test_a_set_says_whether_sources_disagree(tmp_path: Path) -> None:
    """In JSON Lines and CSV; it is part of the question's key, and left out where nothing is said."""
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "question": "Why?", "disagreement": true}\n', encoding="utf-8"
    )
    (tmp_path / "a.csv").write_text("id,question,disagreement\n1,Why?,yes\n2,Who?,\n", encoding="utf-8")
    one, other, blank = *load_questions(tmp_path / "a.jsonl"), *load_questions(tmp_path / "a.csv")
    assert (one.disagreement, other.disagreement, blank.disagreement) == (True, True, None)
    assert question_key(one) == question_key(other) != question_key(replace(one, disagreement=None))
    assert "disagreement" not in question_object(blank)
    (tmp_path / "a.jsonl").write_text('{"question": "Why?", "disagreement": "perhaps"}\n', encoding="utf-8")
    with pytest.raises(SetError, match='disagreement must be true or false, not "perhaps"'):
        load_questions(tmp_path / "a.jsonl")

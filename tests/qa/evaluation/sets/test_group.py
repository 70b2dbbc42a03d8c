"""A question set may say which questions go wrong together where gold does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import SetError
from qa.evaluation.metrics.aggregate import score_records
from qa.evaluation.metrics.per_question import cluster_of
from qa.evaluation.runs.serialization import record_object, record_of
from qa.evaluation.sets.dataset import load_questions, question_key, question_object
from qa.evaluation.types import Gold, Scores
from tests.support.records import abstained, answered, question, record

JSON_LINES = '{"id": "1", "question": "Why?", "answerable": false, "group": " Warsaw "}\n'


def test_a_group_is_read_from_either_form(tmp_path: Path) -> None:
    """JSON Lines and CSV give the same question, without outer white space; a blank one is none."""
    (tmp_path / "a.jsonl").write_text(JSON_LINES, encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        "id,question,answerable,group\n1,Why?,no,Warsaw\n2,Who?,no,\n", encoding="utf-8"
    )
    one, other, blank = *load_questions(tmp_path / "a.jsonl"), *load_questions(tmp_path / "a.csv")
    assert (one.group, other.group, blank.group) == ("Warsaw", "Warsaw", None)
    assert question_object(one) == question_object(other)
    assert "group" not in question_object(blank)


def test_a_group_is_text(tmp_path: Path) -> None:
    """Whatever else stands there does not fit."""
    (tmp_path / "a.jsonl").write_text(JSON_LINES.replace('" Warsaw "', "7"), encoding="utf-8")
    with pytest.raises(SetError, match="group must be text, not 7"):
        load_questions(tmp_path / "a.jsonl")


def test_a_group_is_kept_with_the_record() -> None:
    """And is part of the question's key, so that it cannot change under a run."""
    asked = question(1, group="Warsaw")
    assert record_of(record_object(record(1, question=asked))).question == asked
    assert question_key(asked) != question_key(question(1))


def test_a_group_comes_before_all_that_is_guessed() -> None:
    """Before what it is within, and its gold."""
    about = question(group="Warsaw", within="c.txt", evidence=(Gold("a.txt"),))
    assert cluster_of(record(question=about)) == "Warsaw"


def test_groups_widen_what_hangs_together() -> None:
    """40 unanswerable questions in 4 groups that are declined whole, or not: fewer cases than questions."""

    def scored(*, grouped: bool) -> Scores:
        records = [
            record(
                n,
                question=question(n, answerable=False, group=f"g{n % 4}" if grouped else None),
                answer=abstained() if n % 2 else answered(),
            )
            for n in range(40)
        ]
        return score_records(records, {})

    alone, together = scored(grouped=False), scored(grouped=True)
    assert (alone.intervals.clusters, together.intervals.clusters) == (40, 4)
    for name in ("right_decision", "abstention_recall"):
        one, other = alone.metrics[name], together.metrics[name]
        assert one.mean == other.mean == 0.5
        assert other.high - other.low > 2 * (one.high - one.low)

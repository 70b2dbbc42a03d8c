"""Receipts as people have them: single answers, many, conversations, run folders; and files that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.errors import UsageError
from qa.checking.receipts.saved import read_receipts, receipts_in
from qa.output.answers.as_json import answer_object
from qa.types import Disagreement, Side
from tests.support.answers import answered, citation


def saved(**changes: Any) -> dict[str, Any]:
    return dict(answer_object(answered(**changes)))


def read(value: object) -> list[str]:
    return [receipt.question for receipt in receipts_in(json.dumps(value).encode(), "x")]


def test_answers_are_found_wherever_they_stand() -> None:
    """One, a list of them, lines, a conversation's turns, a run's records."""
    answer = saved(question="Why?")
    turn = {"typed": "why", "question": "Why?", "answer": answer}
    assert read(answer) == ["Why?"]
    assert read([answer, {"more": [answer]}]) == ["Why?", "Why?"]
    lines = "\n".join(json.dumps(each) for each in ({"schema": "qa.session/1"}, turn, turn))
    assert len(receipts_in(lines.encode(), "x")) == 2
    assert len(receipts_in(b"\xef\xbb\xbf" + lines.encode() + b"\n", "x")) == 2


def test_citations_come_back_as_they_were_saved() -> None:
    """With those of disagreements, each number once."""
    one, two = citation(1, labelled="a: b"), citation(2, source="b.txt", page=3)
    found = Disagreement("it", "number", (Side("1", (one,)), Side("2", (two,))))
    (receipt,) = receipts_in(json.dumps(saved(citations=(one,), disagreements=(found,))).encode(), "x")
    assert [each.number for each in receipt.citations] == [1, 2]
    first, second = receipt.citations
    assert (first.span, first.text, first.sha256, first.labelled) == (one.span, one.text, one.sha256, "a: b")
    assert (second.source, second.page, second.line) == ("b.txt", 3, two.line)


def test_a_line_that_a_killed_run_left_is_left_out(tmp_path: Path) -> None:
    """Of a run folder, the records."""
    row = json.dumps({"answer": saved(question="Why?")})
    (tmp_path / "records.jsonl").write_text(f"{row}\n{row[:40]}", encoding="utf-8")
    assert [receipt.question for receipt in read_receipts(tmp_path, "run")] == ["Why?"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b"no json",
        b"\xff\xfe\x00",
        b'{"text": "a", "citations": [{"number": 1}]}',
        b'{"text": "a", "citations": [7]}',
        b"[" * 100_000,
        json.dumps({"text": "a", "citations": [{**saved()["citations"][0], "start": 9, "end": 2}]}).encode(),
        json.dumps({"text": "a", "citations": [{**saved()["citations"][0], "text": ""}]}).encode(),
        json.dumps({"text": "a", "citations": [{**saved()["citations"][0], "location": 5}]}).encode(),
        json.dumps({"text": "a", "citations": [], "disagreements": 3}).encode(),
    ],
)
def test_what_is_no_receipt_is_refused(data: bytes) -> None:
    """In one line that names it, whatever it is."""
    with pytest.raises(UsageError, match=r"answers\.json"):
        receipts_in(data, "answers.json")


def test_a_missing_file_and_a_folder_of_something_else_are_named(tmp_path: Path) -> None:
    """As the person wrote them."""
    with pytest.raises(UsageError, match=r"cannot read a\.json: No such file"):
        read_receipts(tmp_path / "a.json", "a.json")
    with pytest.raises(UsageError, match="cannot read docs: it is no run folder"):
        read_receipts(tmp_path, "docs")


def test_an_abstention_cites_nothing() -> None:
    """And is a receipt all the same."""
    (receipt,) = receipts_in(json.dumps(saved(citations=())).encode(), "x")
    assert receipt.citations == ()

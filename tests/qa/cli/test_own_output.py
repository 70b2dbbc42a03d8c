"""What `qa` itself wrote is never indexed: it would quote its own answers as documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.sync.files import is_own_output
from qa.chat.followup import Turn
from qa.chat.sessions import save
from tests.support.cli import QUESTION, Run

SET = {"id": "1", "question": QUESTION, "answers": ["cannons"]}


def write_outputs(run: Run, library: Path, folder: Path) -> None:
    """Every kind of file that holds answers."""
    folder.mkdir()
    answer = run("ask", "--json", QUESTION, at=library).out
    (folder / "answer.json").write_text(answer, encoding="utf-8")
    (folder / "bom.json").write_text(answer, encoding="utf-8-sig")
    (folder / "indented.json").write_text(json.dumps(json.loads(answer), indent=2), encoding="utf-8")
    found = json.loads(answer)
    save(folder, "talk", [(Turn(QUESTION, QUESTION, found["text"]), found)])
    (folder.parent / "set.jsonl").write_text(json.dumps(SET) + "\n", encoding="utf-8")
    done = run(
        "eval", str(folder.parent / "set.jsonl"), "--offline", "--out", str(folder / "run"), at=library
    )
    assert done.code == 0, done.err
    report = ("report", str(folder / "run"), "--out", str(folder / "report.html"))
    assert run(*report, at=library).code == 0
    assert run("report", str(folder / "run"), "--csv", str(folder / "run.csv"), at=library).code == 0


def test_answers_runs_and_reports_are_left_out_and_counted(run: Run, library: Path, tmp_path: Path) -> None:
    """Each is named as skipped; a document beside them is indexed."""
    work = tmp_path / "work"
    work.mkdir()
    write_outputs(run, library, work / "outputs")
    (work / "outputs" / "notes.txt").write_text("The ship sank off Stockholm.\n", encoding="utf-8")
    written = {path.name for path in (work / "outputs").rglob("*") if path.is_file()}
    done = json.loads(run("index", "outputs", "--json", at=work).out)
    assert done["added"] == 1
    reasons = {each["name"]: each["reason"] for each in done["skipped"]}
    own = {
        "answer.json",
        "bom.json",
        "indented.json",
        "talk.jsonl",
        "report.html",
        "run.csv",
        "run-figures.csv",
    }
    assert own | {"run/run.json", "run/records.jsonl", "run/scores.json", "run/writer.json"} <= set(reasons)
    assert set(reasons.values()) <= {"written by qa: answers are no documents", "empty"}
    assert len(written) == 1 + len(reasons) + sum(done["ignored"].values()) + done["hidden"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"schema": "other.answer/1"}',
        b'{"text": "x", "schema": "qa.answer/1"}',
        b'[{"schema": "qa.answer/1"}]',
        b"id,question,status\n1,Why?,answered\n",
        b"# Notes\n\n<!-- qa.answer/1 -->\n",
        b"<!DOCTYPE html>\n<html><head><title>qa</title></head></html>",
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_what_others_wrote_is_read(data: bytes) -> None:
    """Whatever it speaks of."""
    assert not is_own_output(data)

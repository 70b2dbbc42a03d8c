"""What `qa` itself wrote is never indexed: it would quote its own answers as documents."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from index.sync.own_output import is_own_output
from index.sync.prepare import OWN_OUTPUT
from qa.chat.followup import Turn
from qa.chat.sessions import save
from qa.evaluation.report.junit import junit_xml
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
    tables = ("--csv", str(folder / "run.csv"), "--markdown", str(folder / "run.md"))
    assert run("report", str(folder / "run"), *tables, at=library).code == 0
    assert run("report", str(folder / "run"), "--out", str(folder / "report.html"), at=library).code == 0
    (folder / "wide.json").write_text(answer, encoding="utf-16")
    (folder / "junit.xml").write_text(junit_xml("run", ()), encoding="utf-8")
    shutil.copytree(library / ".qa", folder / "index of last year")
    (folder / "index of last year" / ".gitignore").unlink()
    (folder / "index of last year" / "notes.txt").write_text("The ship sank.", encoding="utf-8")


def test_answers_runs_and_reports_are_left_out_and_counted(run: Run, library: Path, tmp_path: Path) -> None:
    """Each is named as skipped; a document beside them is indexed."""
    work = tmp_path / "work"
    work.mkdir()
    write_outputs(run, library, work / "outputs")
    (work / "outputs" / "notes.txt").write_text("The ship sank off Stockholm.\n", encoding="utf-8")
    done = json.loads(run("index", "outputs", "--json", at=work).out)
    assert done["added"] == 2
    reasons = {each["name"]: each["reason"] for each in done["skipped"]}
    own = {
        "answer.json",
        "bom.json",
        "indented.json",
        "talk.jsonl",
        "report.html",
        "run.csv",
        "run-figures.csv",
        "run.md",
        "junit.xml",
        "wide.json",
    }
    assert own | {"run/run.json", "run/records.jsonl", "run/scores.json", "run/writer.json"} <= set(reasons)
    assert reasons.pop("index of last year/catalog.sqlite3") == "an index of qa"
    assert set(reasons.values()) <= {OWN_OUTPUT, "empty"}
    names = [json.loads(run("sources", "--json", at=work).out)["sources"][at]["name"] for at in (0, 1)]
    assert names == ["index of last year/notes.txt", "notes.txt"]


def test_who_names_the_file_itself_means_it(run: Run, library: Path, tmp_path: Path) -> None:
    """An answer is a document where a person says so, and stays one as long as it does not change."""
    answer = run("ask", "--json", QUESTION, at=library).out
    file = tmp_path / "docs" / "answer.json"
    file.parent.mkdir()
    file.write_text(answer, encoding="utf-8")
    for path, found in (("docs", 0), ("docs/answer.json", 1), ("docs", 1)):
        run("index", path, at=tmp_path)
        assert len(json.loads(run("sources", "--json", at=tmp_path).out)["sources"]) == found


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

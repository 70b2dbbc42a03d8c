"""`qa eval --vary`, `--only` and `--retry-failing`, tables of runs and gates of comparisons."""

from __future__ import annotations

import csv
import json
import re
import shutil
from io import StringIO
from pathlib import Path

import pytest

from qa.cli.evaluation.vary import Varied, folders, within_limit
from qa.evaluation.runs.folder import RunFolder
from qa.evaluation.runs.state import spent_in
from qa.settings.settings import Settings
from tests.qa.cli.test_eval import GOOD, Eval, connected, evaluate, write_set
from tests.support.cli import Run
from tests.support.fake_server import FakeServer, answer, error
from tests.support.records import record
from tests.support.run_folders import HEADER

__all__ = ["connected", "evaluate"]


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def test_a_setting_varies_in_folders_side_by_side(evaluate: Eval, tmp_path: Path) -> None:
    """One table, a run in each folder, and nothing is asked twice."""
    done = evaluate("--vary", "k=1,2,4", "--out", "runs/v")
    assert done.code == 0, done.err
    assert done.out.startswith("3 questions with k = 1, 2, 4")
    assert "points: less k = 1, of paired questions" in done.out
    folders = sorted(path.name for path in (tmp_path / "runs/v").iterdir())
    assert folders == ["k-1", "k-2", "k-4"]
    records = {name: (tmp_path / "runs/v" / name / "records.jsonl").read_bytes() for name in folders}
    shutil.rmtree(tmp_path / "runs/v/k-2")
    again = evaluate("--vary", "k=1,2,4", "--out", "runs/v", "--json")
    assert again.code == 0, again.err
    shown = json.loads(again.out)
    assert [(run["value"], run["scores"]["counts"]["questions"]) for run in shown["runs"]] == [
        *(("1", 3), ("2", 3), ("4", 3))
    ]
    for name in ("k-1", "k-4"):
        assert (tmp_path / "runs/v" / name / "records.jsonl").read_bytes() == records[name]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--vary", "threshold=0.1,0.2"), "there is no setting called 'threshold'"),
        (("--vary", "embedder=a,b"), "embedder is of the index"),
        (("--vary", "offline=yes,no"), "offline may not vary"),
        (("--vary", "k=5"), "two values or more"),
        (("--vary", "k=5,5"), "each once"),
        (("--vary", "k=5,,6"), "NAME=VALUE,VALUE"),
        (("--vary", "k"), "NAME=VALUE,VALUE"),
        (("--vary", "k=5,x"), "takes a whole number from 1 to 1000, not 'x'"),
        (("--vary", "k=5,6", "--vary", "model=a,b"), "one setting at a time"),
        (("--vary", "k=5,6", "--k", "7"), "k is given, and varied"),
        (("--vary", "k=5,6", "--min", "R@5=0.1"), "of a single run"),
        (("--vary", "k=5,6", "--csv", "x.csv"), "of a single run"),
        (("--vary", "k=5,6", "--only", "failing"), "failing questions of its own"),
        (("--only", "wrong"), "failing or failing=RUN"),
        (("--only", "failing"), "there is no run in"),
        (("--csv", "nowhere/x.csv"), "there is no folder nowhere"),
        (("--csv", "-", "--json"), "two results go to standard output"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(
    evaluate: Eval, tmp_path: Path, options: tuple[str, ...], why: str
) -> None:
    """Before anything is asked: there is no folder."""
    done = evaluate(*options)
    assert done.code == 2, done.err
    assert why in done.err
    assert not (tmp_path / "runs").exists()


def test_every_run_notes_its_server(connected: Eval, tmp_path: Path) -> None:
    """The address without the key, in each of the runs that a setting varies in."""
    with FakeServer(always=answer(GOOD)) as server:
        done = connected(server, "--vary", "k=1,2", "--out", "runs/k", "--json")
        assert done.code == 0, done.err
        assert len(server.requests) >= 2
    headers = [json.loads((tmp_path / f"runs/k/k-{k}/run.json").read_bytes()) for k in (1, 2)]
    assert [header["made"]["server"] for header in headers] == [server.url] * 2


@pytest.mark.parametrize("name", ["llama3:8b", "org/model", "../up", "a b", "ü", "x" * 300])
def test_a_value_that_is_no_name_has_a_folder(name: str, tmp_path: Path) -> None:
    """Below the one that is named, whatever it holds; what is written alike is told apart."""
    made = folders(tmp_path, Varied("model", (name, re.sub(r"[^\w]", "-", name) + "-", "plain")))
    assert {path.parent for path in made} == {tmp_path}
    assert len(set(made)) == 3
    assert all(path.name.isascii() and len(path.name) < 90 for path in made)
    assert made[-1].name == "model-plain"


def test_a_limit_of_costs_is_one_for_all_runs(tmp_path: Path) -> None:
    """Of it is left what the runs beside have not spent; never less than nothing."""
    with RunFolder(tmp_path / "a", HEADER) as folder:
        folder.add(record(1, spent=0.3))
        folder.add(record(2, spent=None))  # its answer cost 0.01
    assert spent_in(tmp_path / "a") == pytest.approx(0.31)
    beside = [tmp_path / "a", tmp_path / "b"]
    for limit, own, others in ((1.0, 1.0, 0.69), (0.2, 0.2, 0.0)):
        settings = Settings(max_cost=limit)
        assert within_limit(settings, tmp_path / "a", beside).max_cost == pytest.approx(own)
        assert within_limit(settings, tmp_path / "b", beside).max_cost == pytest.approx(others)
    assert within_limit(Settings(), tmp_path / "b", beside).max_cost is None


def test_only_what_is_failing_is_asked_again(evaluate: Eval, tmp_path: Path) -> None:
    """In a run of other settings; what failed there and why is said, and the page shows these alone."""
    write_set(
        tmp_path / "set.jsonl",
        {"question": "Why was the Vasa lost?", "answers": ["cannons"]},
        {"question": "What is the boiling point of ethanol?", "answers": ["78 °C"], "answerable": True},
        {"question": "Where was Mia born?", "answerable": False},
    )
    assert evaluate("--out", "runs/a").code == 0
    done = evaluate("--only", "failing=runs/a", "--k", "3", "--out", "runs/b", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["counts"]["questions"] == 2
    assert (
        "2 of 3 questions failing in runs/a: declined though answerable 1, answered though unanswerable 1"
        in done.err
    )
    same = evaluate("--only", "failing", "--out", "runs/a", "--csv", "-")
    assert same.code == 0, same.err
    assert [bool(row["failing"]) for row in rows_of(same.out)] == [True, True]
    whole = evaluate("--out", "runs/a", "--json")
    assert json.loads(whole.out)["counts"]["questions"] == 3


def test_where_nothing_is_failing_nothing_is_asked(evaluate: Eval, tmp_path: Path) -> None:
    """That is no error."""
    write_set(tmp_path / "set.jsonl", {"question": "Why was the Vasa lost?", "answerable": True})
    assert evaluate("--out", "runs/a").code == 0
    done = evaluate("--only", "failing=runs/a", "--out", "runs/b")
    assert (done.code, done.out) == (0, "no question is failing: nothing to ask\n")
    assert not (tmp_path / "runs/b").exists()


def test_errors_are_asked_again_and_nothing_else(connected: Eval) -> None:
    """Under either name of the option; another server is another run."""
    with FakeServer(answer(GOOD), error(400, "no"), answer("NO ANSWER: it")) as server:
        assert connected(server, "--concurrency", "1").code == 1
    with FakeServer(always=answer(GOOD)) as other:
        refused = connected(other, "--retry-failing")
        assert not other.requests
    assert refused.code == 2
    assert f"the server's address ({server.url}, now {other.url})" in refused.err
    assert "choose another folder" in refused.err
    with FakeServer(answer("Mia was born in Riga [s1]."), after=server) as server:
        again = connected(server, "--retry-failing", "--only", "failing", "--json")
        assert len(server.requests) == 1
    assert again.code == 0, again.err
    assert json.loads(again.out)["counts"]["errors"] == 0


def test_runs_are_written_as_tables(evaluate: Eval, run: Run, tmp_path: Path) -> None:
    """A file of questions, one of figures beside it, Markdown, and no page unless it is named."""
    assert evaluate("--out", "runs/a", "--csv", "a.csv").code == 0
    done = run("report", "runs/a", "--csv", "b.csv", "--markdown", "b.md", at=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert [row["id"] for row in rows_of((tmp_path / "b.csv").read_text(encoding="utf-8"))] == [
        *("vasa", "mia", "far")
    ]
    figures = rows_of((tmp_path / "b-figures.csv").read_text(encoding="utf-8"))
    assert {"citation_f1", "questions"} <= {row["figure"] for row in figures}
    assert "| citation_f1 |" in (tmp_path / "b.md").read_text(encoding="utf-8")
    assert not (tmp_path / "runs/a/report.html").exists()
    page = run("report", "runs/a", "--csv", "-", "-o", "page.html", at=tmp_path)
    assert (page.code, (tmp_path / "page.html").exists()) == (0, True)


def test_a_comparison_is_gated(evaluate: Eval, run: Run, tmp_path: Path) -> None:
    """5 where the interval is all loss, as other gates; 0 where no loss is shown; 2 for a slip."""
    asked = [
        {"question": f"Why was the Vasa lost, question {number}?", "answerable": True} for number in range(12)
    ]
    write_set(tmp_path / "set.jsonl", *asked)
    assert evaluate("--out", "runs/a").code == 0
    assert evaluate("--out", "runs/b", "--source", "cats.txt").code == 0
    worse = run("compare", "runs/a", "runs/b", "--fail-if-worse", "right_decision", at=tmp_path)
    assert worse.code == 5, worse.err
    assert "right_decision: failed, B is worse: -100.0 points" in worse.err
    better = run("compare", "runs/b", "runs/a", "--fail-if-worse", "right_decision", "--json", at=tmp_path)
    assert better.code == 0, better.err
    assert json.loads(better.out)["fail_if_worse"] == [{"metric": "right_decision", "passed": True}]
    slip = run("compare", "runs/a", "runs/b", "--fail-if-worse", "coverage", at=tmp_path)
    assert (slip.code, "neither more nor less of coverage is better" in slip.err) == (2, True)

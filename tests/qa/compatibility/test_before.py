"""An index and run folders that qa 0.1.0 made, before its modules moved, open and go on as they were.

`index-and-runs-0.1.0.zip` holds seven of the example documents, the index that `qa index documents` made of
them, a question set, and the folders of two runs over it: one without a model, one with a model and a judge
behind `tests/support/fake_server.py`.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.cli import Run
from tests.support.fake_server import FakeServer

ARCHIVE = Path(__file__).with_name("index-and-runs-0.1.0.zip")
QUESTION = "Why was the Budapest summit cancelled?"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """A folder as it was left by 0.1.0, at another place of the disk."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    return tmp_path


def figures(folder: Path) -> dict[str, object]:
    """What scores.json says, but for how long things took."""
    scores: dict[str, object] = json.loads((folder / "scores.json").read_bytes())
    return {name: value for name, value in scores.items() if name != "timing"}


def test_the_index_answers(run: Run, before: Path) -> None:
    """Every citation is the exact slice of the stored text, and the document with the reason is cited."""
    done = run("ask", QUESTION, "--json", at=before)
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert "2025-10-27-briefing-why-it-failed.pdf" in {cited["source"] for cited in answer["citations"]}
    for cited in answer["citations"]:
        span = f"{cited['source']}:{cited['start']}-{cited['end']}"
        shown = json.loads(run("show", span, "--json", at=before).out)
        assert shown["text"] == cited["text"]


def test_every_file_is_read_again_once(run: Run, before: Path) -> None:
    """`qa index` reads and cuts anew what an older version did, by itself, and only once."""
    counts = []
    for _ in range(2):
        done = run("index", "documents", "--json", at=before)
        assert done.code == 0, done.err
        report = json.loads(done.out)
        counts.append(tuple(report[outcome] for outcome in ("unchanged", "added", "updated", "removed")))
    assert counts == [(0, 0, 7, 0), (7, 0, 0, 0)]
    assert run("ask", QUESTION, at=before).code == 0


def test_a_run_goes_on_and_its_figures_are_what_they_were(run: Run, before: Path) -> None:
    """Asked with the same words, the run is complete: no record is added, and the figures do not change."""
    folder = before / "run-extractive"
    records, scores = (folder / "records.jsonl").read_bytes(), figures(folder)
    done = run("eval", "questions.jsonl", "--out", "run-extractive", at=before)
    assert done.code == 0, done.err
    assert (folder / "records.jsonl").read_bytes() == records
    assert figures(folder) == scores


def test_a_run_with_a_model_is_kept_apart_from_other_prompts(
    run: Run, before: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was asked in other words: it is not gone on with, nothing is asked, and it stays as it is."""
    folder = before / "run-model"
    records, scores = (folder / "records.jsonl").read_bytes(), figures(folder)
    command = ("eval", "questions.jsonl", "--out", "run-model", "--model", "wise-1", "--judge", "--no-plan")
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        done = run(*command, "--k", "10", at=before)
        asked = len(server.requests)
    assert done.code == 2
    assert "the prompt answer" in done.err
    assert asked == 0
    assert (folder / "records.jsonl").read_bytes() == records
    assert figures(folder) == scores


def test_runs_compare_and_report(run: Run, before: Path) -> None:
    """The two runs are paired question by question, and shown on one page."""
    done = run("compare", "run-extractive", "run-model", "--json", at=before)
    assert done.code == 0, done.err
    assert json.loads(done.out)["schema"] == "qa.compare/1"
    assert run("report", "run-extractive", "run-model", "-o", "page.html", at=before).code == 0
    page = (before / "page.html").read_text(encoding="utf-8")
    assert "run-extractive" in page
    assert "run-model" in page

"""Runs killed with `kill -9` at random moments and resumed: the same records, and no finished call repeated.

Three kills of each kind by default; `QA_KILLS=20` for more, `QA_KILL_SEED` for other moments.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest

from index.remote.retry import RetryPolicy
from qa.answering.generative.generate import AnswerModel
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running.batch import AT_ONCE
from qa.evaluation.runs.journal import lines
from qa.models.selection import open_model
from tests.support.fake_server import CANARY, Exchange, FakeServer, answer
from tests.support.run_folders import cited_answer, number_in, questions, run

KILLS = int(os.environ.get("QA_KILLS", "3"))
SEED = int(os.environ.get("QA_KILL_SEED", "2026"))
CODE = Path(__file__).resolve().parents[4]
COUNT = 12 * max(KILLS, 3)  # questions
FOR_EVER = " 600"
SLOW = 0.03  # seconds that the server takes for an answer

# Imports everything once and then forks one runner after another, before anything was opened.
KILLER = """
import json, os, signal, sys, time
from pathlib import Path
import numpy, openai
from tests.qa.evaluation.running.test_killed import go

def size(folder):
    return sum(path.stat().st_size for path in folder.glob("*s.jsonl"))

print("ready", flush=True)
for line in sys.stdin:
    moment, library, folder, url = json.loads(line)
    folder = Path(folder)
    seconds, waits, runner = float(moment), moment[0] == "+", os.fork()
    if not runner:
        go(Path(library), folder, url)
        os._exit(0)
    before, ended = size(folder), (0, 0)
    while waits and size(folder) == before and not ended[0]:
        ended = os.waitpid(runner, os.WNOHANG)
    began = time.monotonic()
    while not ended[0] and time.monotonic() - began < seconds:
        time.sleep(0.002)
        ended = os.waitpid(runner, os.WNOHANG)
    if not ended[0]:
        os.kill(runner, signal.SIGKILL)
        ended = os.waitpid(runner, 0)
    print(ended[1], flush=True)
"""


def go(library: Path, folder: Path, url: str) -> None:
    """Run in `folder`, or go on; with a model if there is a server."""
    shared = SharedIndexReader(library / ".qa")
    writer = None
    if url:
        environ = {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": url}
        llm = open_model("m", environ=environ, policy=RetryPolicy())
        assert llm is not None
        writer = AnswerModel(llm, check="llm")
    run(questions(COUNT), folder, shared, writer)
    shared.close()


class Counting:
    """A server that answers each question in its own way, with a judge, and counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []
        self._lock = threading.Lock()

    def __call__(self, exchange: Exchange) -> None:
        prompt = str(exchange.request_seen.body["messages"][0]["content"])  # type: ignore[index]  # JSON is untyped
        judge = "Question number" not in prompt
        number = (
            int(prompt.rpartition("That is number ")[2].split()[0].rstrip("."))
            if judge
            else number_in(prompt)
        )
        with self._lock:
            self.asked.append(("judge" if judge else "answer", number))
        if exchange.wait(SLOW):
            answer("1: yes" if judge else cited_answer(prompt))(exchange)


@pytest.fixture
def server() -> Iterator[tuple[FakeServer, Counting]]:
    counting = Counting()
    with FakeServer(always=counting) as running:
        yield running, counting


def records(folder: Path) -> list[str]:
    """The records, sorted, without the times they took."""
    rows = []
    for line in lines(folder / "records.jsonl"):
        reply = line.row["answer"]
        assert isinstance(reply, dict)
        reply["seconds"] = None
        rows.append(json.dumps(line.row))
    return sorted(rows)


def finished(folder: Path) -> set[tuple[str, int]]:
    """The model calls that came to their end, as far as the folder knows; all of them, if it forgot them."""
    calls = folder / "calls.jsonl"
    if not (folder / "run.json").exists():
        return set()
    if not calls.exists() and (folder / "records.jsonl").stat().st_size:
        return {(kind, number) for kind in ("answer", "judge") for number in range(COUNT)}
    keys = json.loads((folder / "run.json").read_text(encoding="utf-8"))["asked"]["keys"]
    numbers = {key: number for number, key in enumerate(keys)}
    return {("judge" if line.row["number"] else "answer", numbers[line.row["key"]]) for line in lines(calls)}


def moments() -> list[str]:
    """When to kill: one time in three anywhere from the start on, else while questions are asked."""
    lots = random.Random(SEED)
    return [
        f" {lots.uniform(0.01, 0.5)}" if kill % 3 == 2 else f"+{lots.uniform(0, 0.3)}"
        for kill in range(KILLS)
    ]


class Killer:
    """A process that runs the questions, in children that it kills."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", KILLER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(CODE), "QA_KILLS": str(KILLS)},
            encoding="utf-8",
        )
        assert self._told() == "ready"

    def run(self, moment: str, library: Path, folder: Path, url: str = "") -> bool:
        """Run, and kill at that moment: seconds after the start, or with a + after the first line is written.

        Whether it was killed before its end.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([moment, str(library), str(folder), url]) + "\n")
        self._process.stdin.flush()
        ended = int(self._told())
        assert ended in (0, signal.SIGKILL)
        return ended != 0

    def _told(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.kill()


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    with Killer() as running:
        yield running


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_without_a_model(library: Path, tmp_path: Path, killer: Killer) -> None:
    """The records are those of a run that nobody disturbed."""
    whole, folder = tmp_path / "whole", tmp_path / "killed"
    go(library, whole, "")
    killed = sum(killer.run(moment, library, folder) for moment in moments())
    assert not killer.run(FOR_EVER, library, folder)
    assert killed
    assert len(records(whole)) == COUNT
    assert records(folder) == records(whole)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_with_a_model_and_a_judge(
    library: Path, tmp_path: Path, killer: Killer, server: tuple[FakeServer, Counting]
) -> None:
    """The records are the same, and no call that the folder knew to be finished was made again."""
    running, counting = server
    whole, folder = tmp_path / "whole", tmp_path / "killed"
    go(library, whole, running.url)
    once = Counter(counting.asked)
    assert len(once) == once.total()
    counting.asked.clear()
    killed = 0
    for moment in (*moments(), FOR_EVER):
        known, before = finished(folder), len(counting.asked)
        killed += killer.run(moment, library, folder, running.url)
        assert not known & set(counting.asked[before:])
    assert killed
    assert records(folder) == records(whole)
    again = Counter(counting.asked)
    assert again.keys() == once.keys()
    # A kill costs the calls that were in flight, and no others.
    assert again.total() - once.total() <= killed * AT_ONCE

"""Runs without a model in several processes: the records of one process, whatever happens to them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from index.concurrency.processes import cores
from index.types import Span
from qa.answering.shared_reader import SharedIndexReader
from qa.evaluation.running.events import Event, RecordFinished, Stopping
from qa.evaluation.running.without_model import QUESTIONS_EACH, processes_for
from qa.evaluation.runs.state import Run, load_run
from qa.evaluation.types import Gold, Record
from qa.types import Seconds
from tests.support.odd_embedders import OddLoader
from tests.support.run_folders import questions, run
from tests.support.timeouts import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")
DEADLY = 5
TWELVE = tuple(
    replace(question, evidence=(Gold("deep/boats.md", Span(0, 10)),)) for question in questions(12)
)


def by_id(done: Run) -> dict[str, Record]:
    """The records without the times that they took."""
    untimed = (
        (record, record.answer and replace(record.answer, seconds=Seconds())) for record in done.records
    )
    return {record.question.id: replace(record, answer=answer) for record, answer in untimed}


def test_processes_come_to_the_records_of_one(library: Path, tmp_path: Path) -> None:
    """A process that is killed costs the question that it was at, whose record says so and has its gold."""
    shared = SharedIndexReader(library / ".qa", OddLoader(deadly=f"number {DEADLY}:"))
    outcome, several = run(TWELVE, tmp_path / "several", shared, at_once=2)
    assert (outcome.done, outcome.failed) == (12, 1)
    plain = SharedIndexReader(library / ".qa")
    _, alone = run(TWELVE, tmp_path / "alone", plain)
    expected, found = by_id(alone), by_id(several)
    dead = found.pop(f"q{DEADLY}")
    assert dead.failure is not None
    assert (dead.failure.kind, dead.answer) == ("ProcessDied", None)
    assert "SIGKILL" in dead.failure.cause
    assert dead.gold == expected.pop(f"q{DEADLY}").gold
    assert found == expected
    assert [record.key for record in several.records] == [record.key for record in alone.records]
    shared.close()
    outcome, again = run(TWELVE, tmp_path / "several", plain, retry_errors=True)
    assert outcome.failed == 0
    assert by_id(again) == by_id(alone)
    plain.close()


def test_an_interrupt_waits_for_what_is_being_asked(library: Path, tmp_path: Path) -> None:
    """What was asked is kept, and the run goes on from there; a second one leaves at once."""
    shared = SharedIndexReader(library / ".qa", OddLoader(slow=f"number {DEADLY}:"))
    events: list[Event] = []

    def listen(event: Event) -> None:
        events.append(event)
        if isinstance(event, RecordFinished) and len(events) == DEADLY + 1:  # the next one never ends
            os.kill(os.getpid(), signal.SIGINT)
        if isinstance(event, Stopping):
            os.kill(os.getpid(), signal.SIGINT)

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(TWELVE, tmp_path, shared, at_once=2, on_event=listen)
    assert time.monotonic() - began < PATIENCE
    shared.close()
    kept = load_run(tmp_path).records
    assert DEADLY <= len(kept) < 12
    assert not any(record.failure for record in kept)
    plain = SharedIndexReader(library / ".qa")
    outcome, done = run(TWELVE, tmp_path, plain)
    assert (outcome.done, outcome.failed, len(done.records)) == (12, 0, 12)
    plain.close()
    until = time.monotonic() + PATIENCE
    while any(one.name.startswith("qa-worker") for one in threading.enumerate()):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_few_questions_stay_in_one_process() -> None:
    """Unless it is said how many; never more than there are questions or cores."""
    assert processes_for(0, None) == processes_for(QUESTIONS_EACH, None) == 1
    assert processes_for(2 * QUESTIONS_EACH, None) == min(2, cores())
    assert processes_for(1_000_000, None) == cores()
    assert processes_for(1_000_000, 3) == 3
    assert processes_for(2, 3) == 2
    assert processes_for(0, 3) == processes_for(1_000_000, 1) == 1

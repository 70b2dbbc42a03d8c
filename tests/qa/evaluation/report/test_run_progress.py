"""The progress line of a run, and the notes that stay above it."""

from __future__ import annotations

import io
from contextlib import closing

import pytest

from qa.evaluation.judging.judge_records import Unjudged
from qa.evaluation.report.run_progress import UNCHANGED, RunProgress
from qa.evaluation.running.events import RecordFinished, Started, Stopping, Waiting
from qa.evaluation.types import Failure
from qa.output.console import Console
from qa.types import Usage
from tests.qa.output.test_index_report import Clock
from tests.support.records import abstained, answered, citation, failed, gold, record, verdict
from tests.support.terminals import Terminal


def shown(err: io.StringIO) -> tuple[RunProgress, Clock]:
    """The progress of a run that is shown on `err`, and the clock it goes by."""
    clock = Clock()
    return RunProgress(Console(io.StringIO(), err), clock), clock


def test_a_line_says_how_far_how_fast_how_good_and_what_it_cost() -> None:
    """Rate and time left are of what was asked since it began; what was done before counts as done."""
    progress, clock = shown(io.StringIO())
    progress(Started(400, 100))
    clock.now += 10
    good = record(1, answer=answered(citation(0, 10)), gold=(gold(0, 10),))
    for _ in range(20):
        progress(RecordFinished(good))
    progress(RecordFinished(failed(2)))
    assert progress.line() == (
        "121 of 400 questions, 2.1/s, 2 min left, $0.20000, citation_f1 1.00, 1 failed"
    )


def test_the_first_instant_tells_no_rate() -> None:
    """Five answers after five milliseconds are not a thousand a second."""
    progress, clock = shown(io.StringIO())
    progress(Started(9, 0))
    clock.now += 0.005
    for number in range(5):
        progress(RecordFinished(record(number, answer=abstained(mode="extractive"))))
    assert "/s" not in progress.line()
    assert "left" not in progress.line()


@pytest.mark.parametrize(
    ("passed", "text"),
    [
        (1, "5.0/s, 1 s left"),
        (10, "30.0/min, 10 s left"),
        (120, "2.5/min, 2 min left"),
        (7800, "2.3/h, 2 h 10 min left"),
    ],
)
def test_time_left_is_as_exact_as_it_is_of_use(passed: float, text: str) -> None:
    """Five of ten questions took so long, and the others will."""
    progress, clock = shown(io.StringIO())
    progress(Started(10, 0))
    clock.now += passed
    for number in range(5):
        progress(RecordFinished(record(number)))
    assert text in progress.line()


@pytest.mark.parametrize(("passed", "shown_yet"), [(4, False), (30, True)])
def test_loading_the_index_is_no_rate(passed: float, shown_yet: bool) -> None:
    """The first of 10,000 questions after four seconds does not mean eleven hours; after 30 it might."""
    progress, clock = shown(io.StringIO())
    progress(Started(10_000, 0))
    clock.now += passed
    progress(RecordFinished(record(1)))
    assert (" left" in progress.line()) == shown_yet


def test_a_log_has_what_was_done_before_and_why_it_waits() -> None:
    """The same reason is not given for each question that waits, but again after half a minute."""
    err = io.StringIO()
    progress, clock = shown(err)
    with closing(progress):
        progress(Started(9, 3))
        for seconds in (0, 5, 30):
            clock.now += seconds
            progress(Waiting(2.0, "the server is\nbusy"))
        progress(Waiting(0.2, "the line is dead"))
        progress(Stopping(1))
    notes = [line for line in err.getvalue().splitlines() if " of " not in line or "done" in line]
    assert notes == [
        "3 of 9 are done already",
        UNCHANGED,
        "the server is busy; waiting 2 s ...",
        "the server is busy; waiting 2 s ...",
        "the line is dead; waiting 1 s ...",
        "stopping; 1 question is still being answered; ^C again leaves at once",
    ]


def test_nothing_is_left_of_the_bar_above_a_note() -> None:
    """The bar's line is taken back before a note is written, and is drawn again below it."""
    err = Terminal()
    progress, clock = shown(err)
    with closing(progress):
        progress(Started(9, 0))
        clock.now += 2
        progress(RecordFinished(record(1)))
        drawn = len(err.getvalue())
        progress(Stopping(2))
    before, _, _ = err.getvalue()[drawn:].partition("stopping; 2 questions are")
    assert "\x1b[2K" in before


def test_no_note_is_shown_if_nothing_is_in_flight() -> None:
    """A run that stops with nothing under way says nothing of it."""
    err = io.StringIO()
    progress, _ = shown(err)
    progress(Stopping(0))
    assert err.getvalue() == ""


def test_judging_is_counted_by_itself() -> None:
    """Its rate and its score are its own; what it cost is added to what answering did."""
    progress, clock = shown(io.StringIO())
    progress(Started(2, 0))
    clock.now += 2
    progress(RecordFinished(record(1)))
    progress(RecordFinished(record(2)))
    clock.now += 100
    progress.judged(verdict("correct", usage=Usage(10, 1, 0.5)), 4)
    progress.judged(verdict("wrong", usage=Usage(10, 1, 0.5)), 4)
    progress.judged(Unjudged("key", Failure("ServerBusy", "busy", ""), Usage(0, 0, 0.0)), 4)
    clock.now += 20
    assert progress.line() == "3 of 4 judged, 9.0/min, 7 s left, $1.02, correct 0.50, 1 failed"


def test_a_stop_while_judging_speaks_of_answers() -> None:
    """No question is being asked by then."""
    err = io.StringIO()
    progress, _ = shown(err)
    progress.judged(verdict("correct"), 4)
    progress(Stopping(3))
    assert err.getvalue() == "stopping; 3 answers are still being judged; ^C again leaves at once\n"

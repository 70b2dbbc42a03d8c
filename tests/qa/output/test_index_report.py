"""How indexing is shown: a bar for a person, a line now and then for a log, everything for a program."""

from __future__ import annotations

import io
import json
from contextlib import closing
from dataclasses import replace

import pytest

from index.sync.events import Discovered, Finished, SyncReport
from index.vectors.writer_process import ChromaStatus
from qa.output.console import Console
from qa.output.index_report import (
    ChromaProgress,
    IndexProgress,
    chroma_line,
    chroma_state,
    report_lines,
    report_object,
)
from tests.support.terminals import Terminal


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time, in seconds."""
        return self.now


REPORT = SyncReport(
    added=2,
    updated=0,
    unchanged=1200,
    removed=0,
    moved=1,
    ignored=((".png", 3), ("", 1)),
    hidden=1,
    excluded=2,
    skipped=(("big.txt", "too large"),),
    failed=(("bad\x1b.pdf", "encrypted"),),
    notes=(("odd.txt", "3 bytes were not UTF-8"),),
    chunks=7,
    seconds=1.25,
    generation=4,
    chroma=ChromaStatus(is_behind=True, pending=7, is_written=True, failure=None),
    ignored_files=(("a.png", "no reader for .png files"),),
)


def test_a_log_gets_a_line_now_and_then() -> None:
    """None in the first two seconds, then one in five seconds, with rate and remaining time."""
    err, clock = io.StringIO(), Clock()
    with closing(IndexProgress(Console(io.StringIO(), err), clock)) as progress:
        progress(Discovered(10, 1000, 0))
        assert err.getvalue() == ""
        clock.now += 2
        progress(Finished("a.txt", "added"))
        progress(Discovered(40, 1000, 0, complete=True))
        clock.now += 6
        progress(Finished("b.txt", "failed"))
    assert err.getvalue().splitlines() == [
        "1 of 10 or more files, 0.5 files/s",
        "2 of 40 files, 0.2 files/s, 152 s left",
    ]


@pytest.mark.parametrize(
    ("now", "state", "line"),
    [
        (ChromaStatus(False, 0, False, None), "current", ""),
        (
            ChromaStatus(True, 1200, True, None),
            "updating",
            "Chroma: 1,200 chunks are being written in the background",
        ),
        (ChromaStatus(True, 7, False, "x"), "behind", "Chroma: 7 chunks behind, until the next qa index"),
    ],
)
def test_how_chroma_is_said_to_be(now: ChromaStatus, state: str, line: str) -> None:
    """Nothing where it is up to date; in JSON always, with what went wrong as the warning."""
    assert (chroma_state(now), chroma_line(now)) == (state, line)
    shown = report_object(replace(REPORT, chroma=now), "/x/.qa")
    assert shown["chroma"] == {"state": state, "pending": now.pending}
    assert shown["warning"] == now.failure


def test_what_is_left_for_chroma_is_shown_while_it_is_waited_for() -> None:
    """On a terminal as a bar of the most that was left."""
    err = Terminal()
    with closing(ChromaProgress(Console(io.StringIO(), err))) as progress:
        progress._progress._began -= 1  # not that soon
        progress(ChromaStatus(True, 1000, True, None))
        progress(ChromaStatus(True, 400, True, None))
    assert "400 chunks left" in err.getvalue()


def test_a_terminal_gets_a_bar_that_goes_away() -> None:
    """A short run shows none at all; stdout never has any of it."""
    out, err, clock = io.StringIO(), Terminal(), Clock()
    with closing(IndexProgress(Console(out, err), clock)) as progress:
        progress(Discovered(3, 100, 5, complete=True))
        assert err.getvalue() == ""
        clock.now += 1
        progress(Finished("a.txt", "added"))
    assert "1 of 3 files" in err.getvalue()
    assert out.getvalue() == ""


def test_the_walk_over_unchanged_files_is_shown_too() -> None:
    """Ten thousand unchanged files are progress."""
    progress = IndexProgress(Console(io.StringIO(), io.StringIO()), Clock())
    progress(Discovered(0, 0, 4321))
    assert progress.line() == "4,321 files unchanged so far"


def test_the_report_names_every_failure() -> None:
    """A worked example: counts, then what failed, was skipped, or is remarkable, names made harmless."""
    assert report_lines(REPORT, width=80, colour=False) == [
        "added          2",
        "updated        0",
        "unchanged  1,200",
        "moved          1",
        "removed        0",
        "ignored        4  .png 3, no suffix 1",
        "hidden         1",
        "excluded       2",
        "skipped        1",
        "failed         1",
        "7 chunks in 1.2 s",
        "",
        "Failed",
        "  bad\\x1b.pdf: encrypted",
        "",
        "Not read",
        "  3 pictures not read (.png 3): text in pictures needs OCR: see the setting ocr",
        "",
        "Skipped",
        "  big.txt: too large",
        "",
        "Remarks",
        "  odd.txt: 3 bytes were not UTF-8",
    ]


def test_the_many_come_first() -> None:
    """Formats that people expect to be read are named with what to do; failed formats are counted."""
    report = replace(
        REPORT,
        ignored=((".pages", 20), (".aac", 1), (".mp3", 1), (".xyz", 1)),
        failed=tuple((f"{number}.odt", "not an OpenDocument file") for number in range(20)),
    )
    lines = report_lines(report, width=80, colour=False)
    assert "ignored       23  .pages 20, .aac 1, .mp3 1, .xyz 1" in lines
    assert "failed        20  .odt 20" in lines
    assert [line for line in lines if "OpenDocument" in line] == [
        "  0.odt and 19 more: not an OpenDocument file"
    ]
    after = lines.index("Not read")
    assert lines[after + 1 : after + 4] == [
        "  20 .pages files not read (no reader): save as .docx or .pdf",
        "  2 recordings not read (.aac 1, .mp3 1): transcribe to .srt, .vtt or .txt",
        "",
    ]


def test_what_is_missing_comes_before_other_remarks() -> None:
    """Remarks that most files have are told once, with the number of files, and last."""
    furniture = tuple((f"{n}.pdf", f"running headers and footers left out: {n} lines") for n in range(1, 6))
    notes = (
        *furniture,
        ("1.pdf", "hidden text left out: 3 words, page 1"),
        ("a.docx", "hidden text was not read, in 2 places"),
        *((f"{n}.ipynb", f"{n} pictures or widgets are left out") for n in range(2, 6)),
        ("2.pdf", "attachments not read: a.bin"),
    )
    lines = report_lines(replace(REPORT, notes=notes), width=80, colour=False)
    assert lines[lines.index("Read in part") :] == [
        "Read in part",
        "  2.pdf: attachments not read: a.bin",
        "  pictures or widgets are left out: 4 files (2.ipynb, 3.ipynb, 4.ipynb and 1 more)",
        "",
        "Remarks",
        "  1.pdf: hidden text left out: 3 words, page 1",
        "  a.docx: hidden text was not read, in 2 places",
        "  running headers and footers left out: 5 files (1.pdf, 2.pdf, 3.pdf and 2 more)",
        "",
        "the remarks on one file: qa show NAME; on all: qa sources --json",
    ]


def test_the_report_is_complete_as_json() -> None:
    """Every field of the report is in it."""
    shown = json.loads(json.dumps(report_object(REPORT, "/x/.qa")))
    assert shown["schema"] == "qa.index/1"
    assert shown["ignored"] == {".png": 3, "": 1}
    assert shown["failed"] == [{"name": "bad\x1b.pdf", "reason": "encrypted"}]
    assert shown["ignored_files"] == [{"name": "a.png", "reason": "no reader for .png files"}]
    assert set(SyncReport.__slots__) <= set(shown)

"""The progress and the final report of `qa index`, as text and as JSON."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from index.readers.parts.hidden import counts
from index.sync.events import Discovered, Event, Finished, Moves, SyncReport
from index.sync.files import suffix_of
from index.sync.unread import unread_lines
from qa.output.progress import ProgressLine
from qa.output.text import paint, printable, table

if TYPE_CHECKING:
    from index.vectors.writer_process import ChromaStatus
    from qa.output.console import Console

_MOST_NAMED = 20  # files left out on purpose; with --json, all of them are named
_MOST_ALIKE = 3  # remarks of one kind that are told file by file; of more, the files are counted
_MOST_REASONS = 10  # files not read for the same reason that are each named
_COUNT = re.compile(r"\A\d[\d,]* ")
# In a remark on something that is to be seen in the file and is not in the index.
_LOST = re.compile(
    r"not read|no text|damaged|only the first|reading stopped|not in the file|U\+FFFD|picture.* left out"
)
_UNSEEN = ("hidden text", "struck-out text")  # not read, as nobody sees it or it is taken back
_EXPECTED = "running headers and footers left out"


class IndexProgress:
    """Shows a sync on stderr as its events come in: a bar on a terminal, else a line now and then."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._progress = ProgressLine(console, clock)
        self._files = self._done = self._unchanged = 0
        self._complete = False

    def close(self) -> None:
        """Take the bar away."""
        self._progress.close()

    def __call__(self, event: Event) -> None:
        """Count one event and show how far the sync is."""
        if isinstance(event, Discovered):
            self._files, self._unchanged, self._complete = event.files, event.unchanged, event.complete
        elif isinstance(event, Finished):
            self._done += 1
        self._progress.show(self.line, self._done, self._files if self._complete else None)

    def line(self) -> str:
        """Where the sync is, in one line: `120 of 900 files, 40 files/s, 20 s left`."""
        if not self._files:
            return f"{self._unchanged:,} files unchanged so far"
        passed = max(self._clock() - self._began, 0.001)
        rate = self._done / passed
        total = f"{self._files:,}" if self._complete else f"{self._files:,} or more"
        parts = [f"{self._done:,} of {total} files"]
        if rate > 0:
            parts.append(f"{rate:,.1f} files/s")
        if rate > 0 and self._complete:
            parts.append(f"{max(self._files - self._done, 0) / rate:,.0f} s left")
        return ", ".join(parts)


class ChromaProgress:
    """Shows on stderr how much is left for Chroma, while that is waited for."""

    def __init__(self, console: Console) -> None:
        self._progress = ProgressLine(console)
        self._most = 0

    def close(self) -> None:
        """Take the bar away."""
        self._progress.close()

    def __call__(self, now: ChromaStatus) -> None:
        """Show how it is."""
        self._most = max(self._most, now.pending)
        shown = f"Chroma: {now.pending:,} chunks left"
        self._progress.show(lambda: shown, self._most - now.pending, self._most or None)


def chroma_state(now: ChromaStatus) -> str:
    """How Chroma is, in one word: current, updating or behind."""
    if not now.is_behind:
        return "current"
    return "updating" if now.is_written else "behind"


def chroma_line(now: ChromaStatus) -> str:
    """What a person is told of a Chroma collection that is not up to date; "" if it is."""
    if not now.is_behind:
        return ""
    if now.is_written:
        return f"Chroma: {now.pending:,} chunks are being written in the background"
    return f"Chroma: {now.pending:,} chunks behind, until the next qa index"


def changes_line(report: SyncReport) -> str:
    """What a sync changed, in one line: `2 files added, 1 updated`, or `nothing changed`."""
    counts = [(report.added, "added"), (report.updated, "updated"), (report.moved, "moved")]
    said = [f"{count:,} {what}" for count, what in (*counts, (report.removed, "removed")) if count]
    if not said:
        return "nothing changed since it was indexed"
    count, _, what = said[0].partition(" ")
    return ", ".join([f"{count} file{'' if count == '1' else 's'} {what}", *said[1:]])


def kept_lines(report: SyncReport) -> list[str]:
    """A line for each folder of which most is gone: that it was kept, and what to do."""
    return [
        f"{printable(kept.folder)}: {kept.gone:,} of its {kept.known:,} files are gone, and still answer;"
        " if they moved, index the folder where they are now; --yes removes them"
        for kept in report.kept
    ]


def failure_lines(report: SyncReport) -> list[str]:
    """What could not be read and why, a line each; of many the first, and how many more."""
    more = len(report.failed) - _MOST_ALIKE
    lines = [f"{printable(name)}: {printable(reason)}" for name, reason in report.failed[:_MOST_ALIKE]]
    return [*lines, *([f"and {more:,} more could not be read; qa index names them"] if more > 0 else [])]


def report_lines(report: SyncReport, *, width: int, colour: bool) -> list[str]:
    """The outcome of a sync as a table of counts, then every failure, what was left out, and remarks."""
    counts = [
        ("added", report.added, ""),
        ("updated", report.updated, ""),
        ("unchanged", report.unchanged, ""),
        ("moved", report.moved, ""),
        ("removed", report.removed, ""),
        ("ignored", sum(count for _, count in report.ignored), _counted(report.ignored)),
        ("hidden", report.hidden, ""),
        ("excluded", report.excluded, ""),
        ("skipped", len(report.skipped), ""),
        ("failed", len(report.failed), _failed_suffixes(report)),
    ]
    always = {"added", "updated", "unchanged", "removed", "failed"}
    rows = [(name, f"{count:,}", why) for name, count, why in counts if count or name in always]
    lines = table(rows, width=width, right={1}, loose={2})
    lines.append(f"{report.chunks:,} chunks in {report.seconds:.1f} s")
    lines += _hidden_total(report)
    if report.moves:
        lines += ["", paint("Moved", "bold", colour=colour), *_moves(report.moves)]
    if report.failed:
        lines += ["", paint("Failed", "bold", "red", colour=colour), *_named(report.failed)]
    unread = unread_lines(report.ignored)
    if unread:
        lines += ["", paint("Not read", "bold", colour=colour), *(f"  {printable(line)}" for line in unread)]
    skipped = _named(report.skipped)
    if skipped:
        lines += ["", paint("Skipped", "bold", colour=colour), *skipped[:_MOST_NAMED]]
        if len(skipped) > _MOST_NAMED:
            lines.append("  ... and more: --json lists all")
    partly = [(name, note) for name, note in report.notes if _is_lost(note)]
    if partly:
        lines += ["", paint("Read in part", "bold", colour=colour), *_remarks(partly)]
    if len(partly) < len(report.notes):
        others = [pair for pair in report.notes if pair not in partly]
        lines += ["", paint("Remarks", "bold", colour=colour), *_remarks(others)]
    if len(report.notes) > _MOST_ALIKE:
        lines += ["", "the remarks on one file: qa show NAME; on all: qa sources --json"]
    return lines


def _moves(moves: Sequence[Moves]) -> Iterator[str]:
    for moved in moves[:_MOST_NAMED]:
        yield f"  {moved.files:,} from {printable(moved.before)} to {printable(moved.now)}"
    if len(moves) > _MOST_NAMED:
        yield "  ... and more: --json lists all"


def _hidden_total(report: SyncReport) -> list[str]:
    """How much of several files nobody sees who opens them; of one, its remark says it."""
    found = [(note.partition(":")[0], *count) for _, note in report.notes if (count := counts(note))]
    lines = []
    for said in dict.fromkeys(said for said, *_ in found):
        own = [(characters, places) for other, characters, places in found if other == said]
        if len(own) > 1:
            characters, places = map(sum, zip(*own, strict=True))
            lines.append(f"{said}: {characters:,} characters in {places:,} places of {len(own):,} files")
    return lines


def _remarks(notes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Remarks of one kind after each other, rare kinds first; of more than a few, the number of files."""
    kinds: dict[str, list[tuple[str, str]]] = {}
    for name, note in notes:
        kinds.setdefault(_kind(note), []).append((name, note))
    for kind in sorted(kinds, key=lambda kind: (kind == _EXPECTED, len(kinds[kind]))):
        alike = tuple(kinds[kind])
        names = list(dict.fromkeys(printable(name) for name, _ in alike))
        if len(names) <= _MOST_ALIKE:
            yield from _named(alike)
        else:
            more = f"{', '.join(names[:_MOST_ALIKE])} and {len(names) - _MOST_ALIKE:,} more"
            yield f"  {printable(kind)}: {len(names):,} files ({more})"


def _is_lost(note: str) -> bool:
    return _LOST.search(note) is not None and not note.startswith(_UNSEEN)


def _kind(note: str) -> str:
    """What remarks of one kind have in common: their beginning, without a number at its head."""
    return _COUNT.sub("", note.partition(":")[0])


def _counted(suffixes: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{printable(suffix) or 'no suffix'} {count:,}" for suffix, count in suffixes)


def _failed_suffixes(report: SyncReport) -> str:
    """Which formats failed, most first, where one or two failures would not say as much."""
    counts = Counter(suffix_of(name) for name, _ in report.failed)
    return _counted(counts.most_common()) if counts.total() > 2 else ""


def _named(pairs: tuple[tuple[str, str], ...]) -> list[str]:
    """A line for each file and what is said of it; one for many files of which the same is said."""
    names: dict[str, list[str]] = {}
    for name, reason in pairs:
        names.setdefault(printable(reason), []).append(printable(name))
    lines: list[str] = []
    for reason, some in names.items():
        if len(some) <= _MOST_REASONS:
            lines += [f"  {name}: {reason}" for name in some]
        else:
            lines.append(f"  {some[0]} and {len(some) - 1:,} more: {reason}")
    return lines


def report_object(report: SyncReport, folder: str) -> dict[str, object]:
    """What `qa index --json` prints."""

    def listed(pairs: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
        return [{"name": name, "reason": reason} for name, reason in pairs]

    return {
        "schema": "qa.index/1",
        "index": folder,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "moved": report.moved,
        "removed": report.removed,
        "ignored": dict(report.ignored),
        "ignored_files": listed(report.ignored_files),
        "hidden": report.hidden,
        "excluded": report.excluded,
        "skipped": listed(report.skipped),
        "failed": listed(report.failed),
        "notes": listed(report.notes),
        "moves": [{"from": one.before, "to": one.now, "files": one.files} for one in report.moves],
        "kept": [{"folder": one.folder, "gone": one.gone, "known": one.known} for one in report.kept],
        "chunks": report.chunks,
        "generation": report.generation,
        "seconds": round(report.seconds, 3),
        "warning": report.chroma.failure,
        "chroma": {"state": chroma_state(report.chroma), "pending": report.chroma.pending},
    }

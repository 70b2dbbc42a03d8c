"""`--csv` and `--markdown`: runs written as tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError
from qa.output.text import printable
from qa.output.written import check_output, write_output

if TYPE_CHECKING:
    from qa.evaluation.comparison import Comparison
    from qa.evaluation.scoring import ScoredRun
    from qa.output.console import Console

STDOUT = Path("-")
MARK = "<!-- qa.report/1 -->"  # begins a file of tables, so that it is known for one of ours


@dataclass(frozen=True, slots=True)
class TableFiles:
    """Where tables of runs are written, `-` for standard output; None where one is not wanted.

    `csv` has a row for each question; a row for each figure is in a file beside it. With `force`, files of
    others are replaced too.
    """

    csv: Path | None = None
    markdown: Path | None = None
    force: bool = False

    @property
    def named(self) -> tuple[Path, ...]:
        """All that are wanted."""
        return tuple(path for path in (self.csv, self.markdown) if path is not None)

    @property
    def to_stdout(self) -> bool:
        """Whether standard output is taken by a table."""
        return STDOUT in self.named

    @property
    def figures(self) -> Path | None:
        """The file of figures that goes with one of questions: `answers-figures.csv` with `answers.csv`."""
        if self.csv is None or self.csv == STDOUT:
            return None
        return self.csv.with_name(f"{self.csv.stem}-figures{self.csv.suffix}")

    def check(self, *, page: bool = False) -> None:
        """Raises UsageError if they may not be written all, beside a `page` (or JSON) on standard output."""
        if self.named.count(STDOUT) + page > 1:
            raise UsageError("two results go to standard output", "give one of them a file")
        for path in (*self.named, self.figures):
            if path is not None and path != STDOUT:
                check_place(path, force=self.force)


def check_place(path: Path, *, force: bool) -> None:
    """Raises UsageError for a file that could not, or may not, be written once everything is paid for."""
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", "make it first, or name another file")
    check_output(path, force=force)


def write_tables(
    files: TableFiles, runs: Sequence[ScoredRun], comparison: Comparison | None, console: Console
) -> None:
    """Write the tables of `runs` that are wanted, and name each file. Raises StorageError."""
    from qa.evaluation.report.tables.as_csv import csv_text
    from qa.evaluation.report.tables.as_markdown import runs_markdown
    from qa.evaluation.report.tables.rows import figure_table, question_table
    from qa.evaluation.scoring import run_view

    views = [run_view(run) for run in runs]
    marked = "" if files.markdown == STDOUT else f"{MARK}\n\n"
    texts: tuple[tuple[Path | None, Callable[[], str]], ...] = (
        (files.csv, lambda: csv_text(question_table(views))),
        (files.figures, lambda: csv_text(figure_table(views))),
        (files.markdown, lambda: marked + runs_markdown(views, comparison)),
    )
    for path, text in texts:
        if path is not None:
            write_text(path, text(), force=files.force)
            if path != STDOUT:
                console.log(f"written to {printable(str(path))}")


def write_text(path: Path, text: str, *, force: bool) -> None:
    """Write `text` to a file, see `write_output`, or to standard output; in UTF-8."""
    data = text.encode("utf-8", "backslashreplace")
    if path == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    write_output(path, data, force=force)

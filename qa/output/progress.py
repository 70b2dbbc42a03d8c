"""A progress bar on a terminal that may be drawn on, else occasional lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from qa.output.console import Console


_BAR_AFTER = 0.4  # seconds; what is done sooner needs no bar
_LINE_EVERY = 5.0  # seconds between two lines where there is no terminal
_FIRST_LINE = 2.0  # seconds before the first of them


class ProgressLine:
    """One line on stderr that says how far something is: a bar where one may be drawn, else now and then."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._began = clock()
        self._next_line = self._began + _FIRST_LINE
        self._bar: Progress | None = None

    def show(self, line: Callable[[], str], done: int, total: int | None) -> None:
        """`done` of `total` (None: not known yet) are done; `line` says it, and is called if it is shown."""
        if self._console.draws and self._console.err.isatty():
            self._draw(line, done, total)
        elif self._clock() >= self._next_line:
            self._next_line = self._clock() + _LINE_EVERY
            self._console.log(line())

    def note(self, text: str) -> None:
        """A line, clean already, that stays: above the bar, which would else be left behind in pieces."""
        if self._bar is None:
            self._console.log(text)
        else:
            self._bar.console.print(text, markup=False, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def _draw(self, line: Callable[[], str], done: int, total: int | None) -> None:
        if self._bar is None:
            if self._clock() - self._began < _BAR_AFTER:
                return
            self._bar = _bar(self._console)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total, shown=line())


def _bar(console: Console) -> Progress:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    err = RichConsole(file=console.err, no_color=not console.err_colour, highlight=False)
    columns = (
        SpinnerColumn("line"),
        BarColumn(bar_width=30),
        TextColumn("{task.fields[shown]}", markup=False),
    )
    bar = Progress(*columns, console=err, transient=True)
    bar.add_task("", total=None, shown="")
    return bar

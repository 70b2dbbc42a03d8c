"""The terminal: its streams, width, colour and pager.

Whatever comes from a document, a file name, a user or an error passes `clean`, `printable` or `json_text` of
`text.py` before it is printed: a document must not be able to move the cursor, set the window's title, write
to the clipboard or reverse a line's reading order.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TextIO

from qa.output.text import json_text, paint, printable, shell_words, shorten

Colour = Literal["auto", "always", "never"]


def may_draw(choice: Colour, environ: Mapping[str, str]) -> bool:
    """Whether a terminal may be drawn on. Who wants no colour gets no escape sequence at all."""
    if choice == "never" or (choice == "auto" and environ.get("NO_COLOR")):
        return False
    return environ.get("TERM", "") not in {"dumb", ""}


def wants_colour(choice: Colour, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to send colour to `stream`: an explicit choice wins; else a terminal that nothing forbids."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR") or environ.get("TERM", "") in {"dumb", ""}:
        return False
    return stream.isatty()


@dataclass(frozen=True, slots=True)
class Console:
    """Where results (`out`) and everything else (`err`) go, and what each can show."""

    out: TextIO
    err: TextIO
    colour: bool = False
    err_colour: bool = False
    width: int = 80
    draws: bool = True  # whether terminals may be drawn on: by a bar, a pager, a prompt
    err_moves: bool = False  # whether a line on `err` can be taken back
    _status: list[str] = field(
        default_factory=list, repr=False, compare=False
    )  # the line that stands there now

    @classmethod
    def open(cls, out: TextIO, err: TextIO, *, choice: Colour, environ: Mapping[str, str]) -> Console:
        """A console on two streams, which escape from now on what their encoding lacks instead of failing."""
        for stream in (out, err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return cls(
            out,
            err,
            colour=wants_colour(choice, out, environ),
            err_colour=wants_colour(choice, err, environ),
            width=_width(out, environ),
            draws=may_draw(choice, environ),
            err_moves=err.isatty() and may_draw(choice, environ),
        )

    @property
    def is_terminal(self) -> bool:
        """True if results go to a person's terminal."""
        return self.out.isatty()

    def paint(self, text: str, *styles: str) -> str:
        """`text` in our own colours, if results are shown in colour."""
        return paint(text, *styles, colour=self.colour)

    def page(self, text: str) -> None:
        """A result that may be long: through the user's pager if the terminal is too short for it."""
        short = text.count("\n") + 2 < shutil.get_terminal_size().lines
        if short or not (self.is_terminal and self.draws):
            self.print(text)
            return
        pager = shell_words(os.environ.get("PAGER", "")) or ["less"]
        try:
            subprocess.run(  # noqa: S603 - the user's own pager
                pager, input=self._encode(text + "\n"), check=False, env={"LESS": "-FRX", **os.environ}
            )
        except OSError:  # no such pager: the terminal scrolls too
            self.print(text)

    def print(self, text: str) -> None:
        """A part of the result, and a newline. `text` is clean already."""
        self.clear_status()
        self.out.write(text + "\n")
        self.out.flush()

    def _encode(self, text: str) -> bytes:
        """`text` in the terminal's encoding, escapes for what that cannot hold."""
        return text.encode(getattr(self.out, "encoding", None) or "utf-8", "backslashreplace")

    def log(self, text: str, *styles: str) -> None:
        """A line beside the result. `text` is clean already."""
        self.clear_status()
        self.err.write(paint(text, *styles, colour=self.err_colour and bool(styles)) + "\n")
        self.err.flush()

    def hint(self, text: str) -> None:
        """A note for a person at a terminal; nobody else sees it."""
        if self.err.isatty():
            self.log(text, "dim")

    def status(self, text: str) -> None:
        """What a person waits for, on a line that the next output takes the place of.

        A terminal that cannot take a line back keeps it; where nobody looks there is none.
        """
        line = shorten(f"{printable(text)} ...", self.width - 1)
        if not self.err_moves:
            self.hint(line)
            return
        self.clear_status()
        self._status.append(line)
        self.err.write(paint(line, "dim", colour=self.err_colour))
        self.err.flush()

    def clear_status(self) -> None:
        """Take back the line of `status`, if it stands there."""
        if self._status:
            self._status.clear()
            self.err.write("\r\x1b[K")
            self.err.flush()

    def print_json(self, text: str) -> None:
        """One line of JSON, made safe for the terminal and for the stream's encoding."""
        encoding = (getattr(self.out, "encoding", None) or "utf-8").lower()
        self.print(json_text(text, ascii_only=not encoding.startswith("utf")))


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The columns of the terminal behind `stream`; 80 when it is none; `COLUMNS` has the last word."""
    named = environ.get("COLUMNS", "")
    if named.isdecimal() and int(named) > 0:
        return max(int(named), 20)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or 80, 20)
    except (OSError, ValueError):  # not a terminal, or not a file at all
        return 80

"""The one way onto the terminal: text made harmless, colour only where it is wanted, a width that holds.

Knows nothing of answers, sources or settings. Whatever comes from a document, a file name, a user or an error
passes `clean` (or `one_line`, or `json_text`) before it is printed: a document must not be able to move the
cursor, set the window's title, write to the clipboard or reverse a line's reading order.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TextIO

Colour = Literal["auto", "always", "never"]

# C0 without tab and newline, DEL, C1; soft hyphen; marks of reading order; zero widths and invisible fillers;
# line separators; interlinear marks, the byte-order mark, lone surrogates; tags and the selectors beyond 16,
# which can carry hidden text. U+FE0E and U+FE0F only choose how an emoji looks, and stay.
_UNSAFE_RANGES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff"
)
_UNSAFE = re.compile(f"[{_UNSAFE_RANGES}]")
_UNSAFE_IN_JSON = re.compile(f"[{_UNSAFE_RANGES}\t\n]")  # JSON's own layout is added afterwards
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")

_SGR = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "cyan": "36", "reverse": "7"}


def _visible(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clean(text: str) -> str:
    r"""`text` with every character a terminal would obey, or not show, as a visible escape.

    A Windows line end becomes a newline; newlines and tabs stay. `clean("a\x1b[2J")` is `"a\\x1b[2J"`.
    Characters are judged one by one, so a sequence cut in two is caught all the same.
    """
    return _UNSAFE.sub(_visible, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """`clean`, with every run of white space collapsed to one space: for a quotation, a name, an error."""
    return _UNSAFE.sub(_visible, _SPACES.sub(" ", text).strip())


def json_text(text: str, *, ascii_only: bool = False) -> str:
    r"""One line of JSON with what `clean` would escape written as `\uXXXX`: safe to print, nothing lost."""

    def escape(match: re.Match[str]) -> str:
        code = ord(match[0])
        if code <= 0xFFFF:
            return f"\\u{code:04x}"
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

    safe = _UNSAFE_IN_JSON.sub(escape, text)
    return re.sub(r"[^\x00-\x7f]", escape, safe) if ascii_only else safe


def paint(text: str, *styles: str, colour: bool) -> str:
    """`text` between our own colour codes, or as it is where colour is not wanted."""
    if not colour or not text:
        return text
    return f"\x1b[{';'.join(_SGR[style] for style in styles)}m{text}\x1b[0m"


def cells(text: str) -> int:
    """How many columns `text` takes on a terminal: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """`text` in lines of at most `width` columns, each after `indent`; a word too long is broken anywhere."""
    room = max(width - cells(indent), 8)
    lines: list[str] = []
    line, used = "", 0
    for word in text.split():
        for piece in _pieces(word, room):
            size = cells(piece)
            if line and used + 1 + size > room:
                lines.append(indent + line)
                line, used = piece, size
            else:
                line, used = (f"{line} {piece}", used + 1 + size) if line else (piece, size)
    return [*lines, indent + line] if line else lines


def _pieces(word: str, room: int) -> Iterable[str]:
    start = used = 0
    for at, character in enumerate(word):
        size = _cell(character)
        if used + size > room:
            yield word[start:at]
            start, used = at, 0
        used += size
    yield word[start:]


def shorten(text: str, width: int) -> str:
    """`text` cut to `width` columns; `...` tells that something is missing."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += _cell(character)
        if used > max(width - 3, 0):
            break
        kept.append(character)
    return "".join(kept).rstrip() + "..."[: max(width, 0)]


def table(
    rows: Sequence[Sequence[str]], *, width: int, right: Collection[int] = (), loose: Collection[int] = ()
) -> list[str]:
    """Aligned lines of already cleaned cells, two spaces apart. Columns in `right` are flush right.

    To fit `width`, first the columns in `loose` give way, then the widest, none below 8.
    """
    if not rows:
        return []
    widths = [max(cells(row[column]) for row in rows) for column in range(len(rows[0]))]
    for may in (loose, range(len(widths))):
        yielding = [column for column in may if widths[column] > 8]
        while yielding and sum(widths) + 2 * (len(widths) - 1) > width:
            widest = max(yielding, key=widths.__getitem__)
            widths[widest] -= 1
            yielding = [column for column in yielding if widths[column] > 8]
    lines = []
    for row in rows:
        parts = []
        for column, cell in enumerate(row):
            text = shorten(cell, widths[column])
            gap = " " * (widths[column] - cells(text))
            parts.append(gap + text if column in right else text + gap)
        lines.append("  ".join(parts).rstrip())
    return lines


def colour_wanted(choice: Colour, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to send colour to `stream`: an explicit choice wins; else a terminal that nothing forbids."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR") or environ.get("TERM", "") in {"dumb", ""}:
        return False
    return stream.isatty()


@dataclass(frozen=True, slots=True)
class Screen:
    """Where results (`out`) and everything else (`err`) go, and what each can show."""

    out: TextIO
    err: TextIO
    colour: bool = False
    err_colour: bool = False
    width: int = 80

    @classmethod
    def open(cls, out: TextIO, err: TextIO, *, choice: Colour, environ: Mapping[str, str]) -> Screen:
        """A screen on two streams; both are told to escape what their encoding lacks instead of failing."""
        for stream in (out, err):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return cls(
            out,
            err,
            colour=colour_wanted(choice, out, environ),
            err_colour=colour_wanted(choice, err, environ),
            width=_width(out, environ),
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
        if not self.is_terminal or text.count("\n") + 2 < shutil.get_terminal_size().lines:
            self.say(text)
            return
        pager = shlex.split(os.environ.get("PAGER", "")) or ["less"]
        try:
            subprocess.run(  # noqa: S603 - the user's own pager
                pager, input=text + "\n", text=True, check=False, env={"LESS": "-FRX", **os.environ}
            )
        except OSError:  # no such pager: the terminal scrolls too
            self.say(text)

    def say(self, text: str) -> None:
        """A part of the result, and a newline. `text` is clean already."""
        self.out.write(text + "\n")
        self.out.flush()

    def note(self, text: str, *styles: str) -> None:
        """A line beside the result. `text` is clean already."""
        self.err.write(paint(text, *styles, colour=self.err_colour and bool(styles)) + "\n")
        self.err.flush()

    def hint(self, text: str) -> None:
        """A note for a person at a terminal; nobody else sees it."""
        if self.err.isatty():
            self.note(text, "dim")

    def data(self, text: str) -> None:
        """One line of JSON, made safe for the terminal and for the stream's encoding."""
        encoding = (getattr(self.out, "encoding", None) or "utf-8").lower()
        self.say(json_text(text, ascii_only=not encoding.startswith("utf")))


def _width(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The columns of the terminal behind `stream`; 80 when it is none; `COLUMNS` has the last word."""
    named = environ.get("COLUMNS", "")
    if named.isdecimal() and int(named) > 0:
        return max(int(named), 20)
    try:
        return max(os.get_terminal_size(stream.fileno()).columns or 80, 20)
    except (OSError, ValueError):  # not a terminal, or not a file at all
        return 80

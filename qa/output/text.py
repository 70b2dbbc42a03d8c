"""Terminal text: escaping of unsafe characters, wrapping, colours, tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterator, Sequence

# C0 without tab and newline, DEL, C1; soft hyphen; marks of reading order; zero widths and invisible fillers;
# line separators; interlinear marks, the byte-order mark, lone surrogates; tags and the selectors beyond 16,
# which can carry hidden text. U+FE0E and U+FE0F only choose how an emoji looks, and stay.
_UNSAFE_RANGES = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff"
)
_UNSAFE = re.compile(f"[{_UNSAFE_RANGES}]")
# Of these, what can act on a terminal or reorder what is read; the others only do not show.
_ACTING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e00ff]"
    "|\r(?!\n)"
)
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


def pictured(text: str) -> str:
    """`text` with one visible sign for each character that a terminal would obey, and so of equal length.

    Positions in `text` hold in it too. An escape is shown as ␛; characters that are merely not seen stay.
    """
    return _ACTING.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"


def printable(text: str) -> str:
    """`clean`, with every run of white space collapsed to one space: for a quotation, a name, an error."""
    return _UNSAFE.sub(_visible, _SPACES.sub(" ", text).strip())


def shell_words(text: str) -> list[str]:
    """The words of `text` as a shell takes them; where a quote has no other one, it is a character."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def json_text(text: str, *, ascii_only: bool = False) -> str:
    r"""JSON with what `clean` would escape written as `\uXXXX`: safe to print, nothing lost.

    What is printed, or written to a file that a person may look at, has passed it.
    """

    def escape(match: re.Match[str]) -> str:
        code = ord(match[0])
        if code <= 0xFFFF:
            return f"\\u{code:04x}"
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"

    safe = _UNSAFE.sub(escape, text)
    return re.sub(r"[^\x00-\x7f]", escape, safe) if ascii_only else safe


def paint(text: str, *styles: str, colour: bool) -> str:
    """`text` between our own colour codes, or as it is where colour is not wanted."""
    if not colour or not text:
        return text
    return f"\x1b[{';'.join(_SGR[style] for style in styles)}m{text}\x1b[0m"


def cells(text: str) -> int:
    """How many columns `text` takes on a terminal: two for 日, ❤️ and 👍🏽, none for a combining mark."""
    return sum(size for _, size in _graphemes(text))


def _graphemes(text: str) -> Iterator[tuple[str, int]]:
    """What a reader sees as one character each, with the columns that it takes."""
    if text.isascii():
        yield from ((character, 1) for character in text)
        return
    from wcwidth import iter_graphemes, wcswidth

    for grapheme in iter_graphemes(text):
        yield grapheme, max(wcswidth(grapheme), 0)


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


def _pieces(word: str, room: int) -> Iterator[str]:
    piece, used = "", 0
    for grapheme, size in _graphemes(word):
        if used + size > room:
            yield piece
            piece, used = "", 0
        piece += grapheme
        used += size
    yield piece


def shorten(text: str, width: int) -> str:
    """`text` cut to `width` columns; `...` tells that something is missing."""
    if cells(text) <= width:
        return text
    beginning, used = "", 0
    for grapheme, size in _graphemes(text):
        used += size
        if used > max(width - 3, 0):
            break
        beginning += grapheme
    return beginning.rstrip() + "..."[: max(width, 0)]


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

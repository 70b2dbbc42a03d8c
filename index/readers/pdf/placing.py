"""Puts what was typed into a PDF page among its lines: a value beside its label, a note after the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.pdf.page import PdfLine, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.readers.pdf.annotations import Typed
    from index.readers.pdf.page import Box

_LETTERS = 12.0  # points: the highest that letters are taken to be in a field
_WIDTH = 0.5  # of a letter, in its heights
_FAR = 250.0  # points between a value and the line that it is a part of
_LEADING = 1.3  # from one line of a note to the next, in heights
_GAP = 40.0  # points between two notes, and between them and the page
# A box that is printed under the field that ticks it.
_PRINTED_BOX = re.compile(r"[□☐❏❑❒▢◯○o_\[\]()]+")


def with_typed_text(lines: Iterable[PdfLine], typed: Iterable[Typed]) -> list[PdfLine]:
    """The lines, with what was typed at its place. Boxes are those of the page turned upright."""
    result = list(lines)
    for text, box, several_lines in typed:
        if several_lines:
            _insert(result, text, box)
        else:
            _place(result, " ".join(text.split()), box)
    return result


def with_comments(lines: Sequence[PdfLine], comments: Iterable[str]) -> list[PdfLine]:
    """The lines, and after them those of notes that are not already among them.

    A highlight often has the highlighted words as its note.
    """
    result = list(lines)
    page = _letters("".join(line.text for line in lines))
    top = min([line.bottom for line in lines], default=0.0)
    for comment in comments:
        if _letters(comment) in page:
            continue
        top = min(top, 0.0) - _GAP
        for row in comment.splitlines():
            if words := _words(row, 72.0, top - _LETTERS, top):
                result.append(PdfLine(words, top - _LETTERS, top, False, False))
                top -= _LETTERS * _LEADING
    return result


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _place(lines: list[PdfLine], text: str, box: Box) -> None:
    """Put text into the line that stands at its height and nearest to it, else into one of its own."""
    left, bottom, right, top = box
    middle = (bottom + top) / 2
    beside = [
        (max(0.0, left - line.right, line.left - right), at)
        for at, line in enumerate(lines)
        if not line.turned and line.bottom <= middle <= line.top
    ]
    distance, at = min(beside, default=(_FAR, 0))
    if distance >= _FAR:
        _insert(lines, text, box)
        return
    line = lines[at]
    under = [word for word in line.words if left - 1 <= (word.left + word.right) / 2 <= right + 1]
    if " ".join(word.text for word in under) == text:
        return
    printed = {word for word in under if len(text) == 1 and _PRINTED_BOX.fullmatch(word.text)}
    added = _words(text, left, line.bottom, line.top, right)
    words = [word for word in line.words if word not in printed]
    rightward = len(words) < 2 or words[0].left <= words[-1].left
    middles = [(word.left + word.right) / 2 for word in words]
    behind = [(middle > left) if rightward else (middle < right) for middle in middles]
    place = behind.index(True) if True in behind else len(words)
    hyphen = line.hyphen and place < len(words)
    words[place:place] = added
    lines[at] = line._replace(words=tuple(words), hyphen=hyphen)


def _insert(lines: list[PdfLine], text: str, box: Box) -> None:
    """Put text into lines of its own, before the first line that stands lower."""
    left, bottom, right, top = box
    rows = [row for row in text.splitlines() if row.strip()]
    size = min((top - bottom) / max(len(rows), 1), _LETTERS) or _LETTERS
    if len(rows) == 1 and top - bottom < 2.5 * _LETTERS:
        top = (top + bottom + size) / 2
    place = next(
        (at for at, line in enumerate(lines) if line.turned or _is_below(line, box, top - 1.5 * size)),
        len(lines),
    )
    for number, row in enumerate(rows):
        high = top - number * size * _LEADING
        words = _words(row, left, high - size, high, right)
        lines.insert(place + number, PdfLine(words, high - size, high, False, False))


def _is_below(line: PdfLine, box: Box, first: float) -> bool:
    """True for a line that is no label of a box, and below its first line, which stands at `first`."""
    middle = (line.bottom + line.top) / 2
    label = line.right <= box[0] + 1 and middle > box[1]
    return middle < first and not label


def _words(text: str, left: float, bottom: float, top: float, right: float | None = None) -> tuple[Word, ...]:
    """Words from `left` on in letters of that height, narrower where they would go beyond `right`."""
    width = (top - bottom) * _WIDTH
    if right is not None and text:
        width = min(width, max(right - left, 1.0) / len(text))
    return tuple(
        Word(match[0], left + match.start() * width, left + match.end() * width)
        for match in re.finditer(r"\S+", text)
    )

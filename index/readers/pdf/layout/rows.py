"""Tells the rows of tables from running text, and cuts a row where its cells are apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.readers.pdf.page import PdfLine, Word
    from index.types import BlockKind

KNOWN_TEXTS = 5_000  # short texts that have been matched against a pattern: tables repeat them
_CELL_GAP = 1.1  # in heights of the letters; spaces between words stay below half of that
_TEXT_CELL_GAP = 2.0  # where no number stands behind the gap
_PIECE_GAP = 0.65  # in a line that is known to be a row
_FIGURE_GAP = 0.4  # and between two figures
_BULLET = re.compile(r"[•·▪●◦‣○■□➢✓\uf0b7\uf0a7*–—-]")  # the two \uf0… are bullets of Symbol and Wingdings
# The number or letter of a list item, a word by itself: "3.", "12)", "a.", "(iv)", "iv.".
_LABEL = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\((?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\)")
# A word that stands in a column of figures: "1,234.5", "$(12.3)%", "—", "12(a)", a lone "$" or "%", "N/A".
_NUMBER = re.compile(r"[$€£¥(+−-]*\d[\d.,]*[)%]*(?:\([a-z]\))?|[—–-]+|[$€£¥%)]|N/?[AM]|n/?[am]")
# The dots between an entry of a contents table and its page.
_LEADERS = re.compile(r"\.{5,}|(?:\. ){4,}|…{3,}")
_LEADER_SIGNS = (".....", ". . . .", "………")  # a quick look before
_LEADER = ".…·_"
_LEADER_WORD = re.compile(f"[{_LEADER}]+")
_NOTE = re.compile(r"\*{1,4}|†{1,2}|‡{1,2}")  # the mark of a footnote
# What stands apart before the words of a heading: "Item", "7.", "IV.", "12A", "B.".
_HEADING_LABEL = re.compile(
    r"(?:item|note|part|section|chapter|article)|(?:\d{1,3}|[IVX]+)[A-Z]?[.):]*|[A-Z]\.", re.IGNORECASE
)
_SIGNS_BEHIND = frozenset((" $", " €", " £", " ¥"))  # right behind a long label
_OPENS_FIGURE = re.compile(r"(?:[A-Z]{1,2})?[$€£¥]|\(|[+−-]|(?:USD|EUR|GBP|CHF|JPY)")
_CLOSES_FIGURE = re.compile(r"\)?%?\)?|bps|pts?\.?|\([a-z]\)|[*†‡]+|x")
_FIGURE = re.compile(r"[^\w]*\d.*|[(]?[—–-]+[)]?")
_FIGURE_END = re.compile(r".*\d\W*(?:\([a-z]\))?|[—–-]+")


class Piece(NamedTuple):
    """Words of a row that stand together: a cell, or a part of one."""

    text: str
    left: float
    right: float
    words: tuple[Word, ...] = ()

    @property
    def middle(self) -> float:
        """Halfway between its ends."""
        return (self.left + self.right) / 2


def letters_height(lines: Iterable[PdfLine]) -> float:
    """The height of the letters of running text: that of most words, rounded to half points."""
    counts: dict[float, int] = {}
    for line in lines:
        height = round(line.size * 2) / 2
        counts[height] = counts.get(height, 0) + len(line.words)
    return max(counts, key=lambda height: (counts[height], height), default=10.0)


@dataclass(slots=True)
class PdfBlock:
    """A block before it has a place in the text: its lines, and what kind it is."""

    kind: BlockKind
    lines: list[PdfLine]
    level: int = 0
    _pieces: list[Piece] | None = None

    @property
    def pieces(self) -> list[Piece]:
        """What stands together in its last line, which is the only one of most rows."""
        if self._pieces is None:
            self._pieces = pieces(self.lines[-1])
        return self._pieces


def is_row(line: PdfLine) -> bool:
    """True for a line of a table: a wide gap between two words, leaders, or numbers alone."""
    words, size = line.words, max(line.size, 1.0)
    gaps = [(b.left - a.right) / size for a, b in pairwise(words)] if _has_cell_gap(line) else []
    for at, gap in enumerate(gaps, 1):
        if gap < _CELL_GAP or (at <= 2 and _opens_with_label(line, at)):
            continue
        if gap >= _TEXT_CELL_GAP or any(is_number(word.text) for word in words[at:]):
            return True
    text = line.text
    if any(sign in text for sign in _LEADER_SIGNS) and _LEADERS.search(text):
        return True
    # One number alone, or one with a full stop, may be the end of a sentence.
    if len(words) == 1 or words[-1].text.endswith("."):
        return False
    return all(is_number(word.text) for word in words)


def _has_cell_gap(line: PdfLine) -> bool:
    return line.widest_gap / max(line.size, 1.0) >= _CELL_GAP


def is_item(line: PdfLine) -> bool:
    """True for the first line of a list item: a bullet, or a number or letter such as "(a)" or "3."."""
    first = line.words[0].text
    marks = (_BULLET, _LABEL, _NOTE)
    return len(line.words) > 1 and any(mark.fullmatch(first) for mark in marks)


def opens_with_bullet(text: str) -> bool:
    """True for a text whose first sign is a bullet."""
    return bool(_BULLET.match(text))


@lru_cache(KNOWN_TEXTS)
def is_number(text: str) -> bool:
    """True for a word that may stand in a column of figures, a dash or a lone sign included."""
    return bool(_NUMBER.fullmatch(text))


def pieces(line: PdfLine) -> list[Piece]:
    """The words of a row, those together that stand together, and each sign with its figure: "$ 12"."""
    found: list[Piece] = []
    for piece in _apart(line):
        before = found[-1] if found else None
        if before is not None and _belong_together(before, piece, line.size):
            found[-1] = Piece(f"{before.text} {piece.text}", before.left, piece.right)
        elif before is not None and before.text[-2:] in _SIGNS_BEHIND and _FIGURE.fullmatch(piece.text):
            found[-1] = before._replace(text=before.text[:-2])
            found.append(piece._replace(text=f"{before.text[-1]} {piece.text}"))
        else:
            found.append(piece)
    return found


def _apart(line: PdfLine) -> Iterator[Piece]:
    """The words of a line, cut at every gap that is wider than a space; leaders are such a gap."""
    words: list[Word] = []
    wide, narrow = _PIECE_GAP * line.size, _FIGURE_GAP * line.size
    for word in line.words:
        text, left, _ = word
        leader = text[:1] in _LEADER and len(text) > 2 and _LEADER_WORD.fullmatch(text)
        if words:
            before, _, right = words[-1]
            gap = left - right
            # Figures may stand closer than texts.
            figures = gap > narrow and _FIGURE.fullmatch(before) and _FIGURE.fullmatch(text)
            if leader or gap > wide or figures:
                yield _piece(words)
                words = []
        if not leader:
            words.append(word)
    if words:
        last = _piece(words)
        yield last._replace(text=last.text + "-") if line.hyphen else last


def _piece(words: list[Word]) -> Piece:
    return Piece(" ".join([word[0] for word in words]), words[0].left, words[-1].right, tuple(words))


def _belong_together(before: Piece, piece: Piece, size: float) -> bool:
    """True for a currency or bracket before its figure, and a bracket, share or mark behind it."""
    if _OPENS_FIGURE.fullmatch(before.text):
        return bool(_FIGURE.fullmatch(piece.text))
    near = piece.left - before.right < 2 * size
    return near and bool(_CLOSES_FIGURE.fullmatch(piece.text) and _FIGURE_END.fullmatch(before.text))


def _opens_with_label(line: PdfLine, at: int) -> bool:
    """True if the first `at` words are a bullet or a number such as "Item 7." that stands apart."""
    return all(
        _BULLET.fullmatch(word.text) or _LABEL.fullmatch(word.text) or _HEADING_LABEL.fullmatch(word.text)
        for word in line.words[:at]
    )

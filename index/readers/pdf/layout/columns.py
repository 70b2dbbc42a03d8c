"""The order in which the lines of a page are read, where they lie in the file in another one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from index.readers.pdf.layout.rows import is_number
from index.readers.pdf.page import PdfLine, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_GUTTER = 1.0  # heights of the letters, at least
_FEWEST_LINES = 3  # with text on both sides of a gutter
_BOTH_SIDES = 0.7  # of the lines between the first and the last of these
_PROSE = 0.34  # of a column's lines go on in the next: no full stop, then a small letter
_TOUCHES = 0.05  # heights of the letters between two parts of a word
_FULL = 0.6  # of a column's width that its lines fill, in the middle
_FEWEST_WORDS = 2.5  # in a line of a column
_STOPS = frozenset(".!?:;。！？：；")
_OPENING = "\"'“„‘‚«‹»"
_EAST_ASIAN = "\u2e80"  # from here on, a sign says more than a letter
_DROP_CAP = 1.6  # times the height of the letters beside it

_Gaps = tuple[tuple[float, float], ...]


def reading_order(lines: Sequence[PdfLine], is_word: Callable[[str], bool]) -> list[PdfLine]:
    """The lines of a page as they are read. `is_word` tells if the document has a word, in lower case."""
    ordered = list(_base_lines(_with_first_letters(lines, is_word)))
    gaps = [_gaps(line) for line in ordered]
    if sum(map(bool, gaps)) < _FEWEST_LINES:
        return ordered
    result: list[PdfLine] = []
    at = 0
    while at < len(ordered):
        end, columns = _columns(ordered, gaps, at) if gaps[at] else (at + 1, [])
        result += columns or ordered[at:end]
        at = end
    return result


def has_ended(line: PdfLine) -> bool:
    """True if a sentence may end with this line."""
    return not line.hyphen and line.words[-1].text.rstrip("\"'”’»)]")[-1:] in _STOPS


def goes_on(before: PdfLine, line: PdfLine) -> bool:
    """True if the sentence of one line plainly goes on in the next: no stop before, a small letter after."""
    return not has_ended(before) and line.words[0].text[:1].islower()


def _with_first_letters(lines: Sequence[PdfLine], is_word: Callable[[str], bool]) -> Iterable[PdfLine]:
    """The lines, with a large first letter that reaches down beside several of them put to its word."""
    capitals = [
        at
        for at, line in enumerate(lines)
        if len(line.words) == 1
        and len(line.words[0].text) <= 2
        and len(letter := line.words[0].text.lstrip(_OPENING)) == 1
        and letter.isupper()
    ]
    if not capitals:
        return lines
    result = list(lines)
    for at in reversed(capitals):
        capital = lines[at]
        beside = [
            (line.bottom, other)
            for other, line in enumerate(result)
            if line.size * _DROP_CAP <= capital.size
            and -1 <= line.left - capital.right < 1.5 * line.size
            and capital.bottom - 0.3 * line.size <= line.bottom
            and line.top <= capital.top + 0.5 * line.size
        ]
        if not beside:
            continue
        first = result[max(beside)[1]]
        word = first.words[0]
        letter = capital.words[0].text
        if _is_apart(letter[-1], word.text, is_word):
            words = (Word(letter, word.left, word.left), *first.words)
        else:
            words = (Word(letter + word.text, word.left, word.right), *first.words[1:])
        result[max(beside)[1]] = first._replace(words=words)
        del result[at]
    return result


def _is_apart(letter: str, rest: str, is_word: Callable[[str], bool]) -> bool:
    """True if a large first letter is a word by itself: "A mill", "I went"."""
    rest = rest.casefold().strip(".,;:!?")
    return letter in "AIOYÀÉ" and not is_word(letter.casefold() + rest) and is_word(rest)


def _base_lines(lines: Iterable[PdfLine]) -> Iterator[PdfLine]:
    """Lines, with those that continue the one before on the same base line joined to it."""
    before: PdfLine | None = None
    for line in lines:
        if before is not None and _on_same_base_line(before, line):
            words = before.words + line.words
            before = PdfLine(words, before.bottom, before.top, before.bold, line.hyphen)
            continue
        if before is not None and (place := _place_within(before, line)):
            before = before._replace(words=_put_in(before.words, line, place))
            continue
        if before is not None:
            yield before
        before = line
    if before is not None:
        yield before


def _on_same_base_line(before: PdfLine, line: PdfLine) -> bool:
    """True if `line` stands to the right of `before` at the same height."""
    return line.left >= before.right - 1 and not before.hyphen and _is_level(before, line)


def _is_level(before: PdfLine, line: PdfLine) -> bool:
    """True if two lines stand at about one height."""
    shared = min(before.top, line.top) - max(before.bottom, line.bottom)
    return shared > 0.6 * min(before.size, line.size)


def _place_within(before: PdfLine, line: PdfLine) -> int:
    """The word of `before` that stands behind `line`, if that fits between two of its words; else 0."""
    if line.hyphen or line.turned or not _is_level(before, line):
        return 0
    for at, (first, second) in enumerate(pairwise(before.words), 1):
        if first.right - 1 <= line.left and line.right <= second.left + 1:
            return at
    return 0


def _put_in(words: tuple[Word, ...], line: PdfLine, place: int) -> tuple[Word, ...]:
    """The words with those of a line before `place`; what touches the word before goes on with it."""
    before, first = words[place - 1], line.words[0]
    if first.left - before.right > _TOUCHES * line.size:
        return (*words[:place], *line.words, *words[place:])
    joined = Word(before.text + first.text, before.left, first.right)
    return (*words[: place - 1], joined, *line.words[1:], *words[place:])


def _gaps(line: PdfLine) -> _Gaps:
    """Where the line is white between two words, for more than a space."""
    wide = _GUTTER * line.size
    if line.widest_gap <= wide:
        return ()
    return tuple((a.right, b.left) for a, b in pairwise(line.words) if b.left - a.right > wide)


def _columns(lines: Sequence[PdfLine], gaps: Sequence[_Gaps], start: int) -> tuple[int, list[PdfLine]]:
    """Where the lines end that share a gutter with the one at `start`, and they column by column.

    No lines if there is no gutter with running text on every side: then it is a table, or nothing at all.
    """
    end, gutters, last = start + 1, list(gaps[start]), start
    while end < len(lines) and lines[end].bottom < lines[end - 1].bottom:
        left = [kept for gutter in gutters if (kept := _narrowed(gutter, lines[end], gaps[end]))]
        if not left or (len(left) < len(gutters) and end - start >= _FEWEST_LINES):
            break
        gutters = left
        last = end if gaps[end] else last
        end += 1
    end = _end_of_text(lines, last, end)
    parts: list[list[PdfLine | None]] = []
    for side in _sides(gutters):
        parts.append([_part(line, *side) for line in lines[start:end]])
        if not _is_prose(parts[-1]):
            return end, []
    return end, [line for part in parts for line in part if line is not None] if _side_by_side(parts) else []


def _end_of_text(lines: Sequence[PdfLine], last: int, end: int) -> int:
    """Where columns end whose last line with text on both sides is `last`: the longer one may go on."""
    step = lines[last - 1].bottom - lines[last].bottom
    at = last + 1
    while at < end and lines[at - 1].bottom - lines[at].bottom <= 1.2 * step:
        if abs(lines[at].size - lines[last].size) > 0.1 * lines[last].size:
            break
        at += 1
    return at


def _narrowed(gutter: tuple[float, float], line: PdfLine, gaps: _Gaps) -> tuple[float, float] | None:
    """What of a gutter stays white beside this line; None if too little of it does."""
    left, right = gutter
    if line.left >= left:
        kept = (left, min(right, line.left))
    elif line.right <= right:
        kept = (max(left, line.right), right)
    else:
        white = max(gaps, key=lambda gap: min(gap[1], right) - max(gap[0], left), default=(0.0, 0.0))
        kept = (max(white[0], left), min(white[1], right))
    return kept if kept[1] - kept[0] >= 0.8 * line.size else None


def _sides(gutters: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """From where to where the columns reach between the gutters."""
    edges = [float("-inf"), *((left + right) / 2 for left, right in gutters), float("inf")]
    return list(pairwise(edges))


def _part(line: PdfLine, left: float, right: float) -> PdfLine | None:
    """The words of a line that stand between two gutters."""
    words = tuple([word for word in line.words if left < (word.left + word.right) / 2 < right])
    if not words:
        return None
    return line._replace(words=words, hyphen=line.hyphen and words[-1] is line.words[-1])


def _is_prose(part: Sequence[PdfLine | None]) -> bool:
    """True if the lines of a column are running text: full lines of words that go on in the next."""
    lines = [line for line in part if line is not None]
    if len(lines) < _FEWEST_LINES:
        return False
    words = [word for line in lines for word in line.words]
    if sum(is_number(word.text) for word in words) > 0.25 * len(words):
        return False
    letters = sum(len(word.text) * (1 + (word.text[0] >= _EAST_ASIAN)) for word in words)
    wide = max(line.right for line in lines) - min(line.left for line in lines)
    full = sorted(line.right - line.left for line in lines)[len(lines) // 2] / max(wide, 1.0)
    joined = sum(_runs_on(a, b) for a, b in pairwise(lines))
    wordy = len(words) >= _FEWEST_WORDS * len(lines) or letters >= 12 * len(lines)
    return wordy and full >= _FULL and joined >= _PROSE * (len(lines) - 1)


def _runs_on(before: PdfLine, line: PdfLine) -> bool:
    """True if running text may go on from one line in the next; Chinese has no small letters to tell."""
    first = line.words[0].text[0]
    caseless = first.isalpha() and first.lower() == first.upper() and not has_ended(before)
    return caseless or goes_on(before, line) or before.hyphen or before.words[-1].text[-1] in "-‐"


def _side_by_side(parts: Sequence[Sequence[PdfLine | None]]) -> bool:
    """True if columns run beside each other and do not begin and end cells at the same lines."""
    both = [all(line is not None for line in lines) for lines in zip(*parts, strict=True)]
    if sum(both) < _FEWEST_LINES:
        return False
    first, last = both.index(True), len(both) - both[::-1].index(True)
    if sum(both[first:last]) < _BOTH_SIDES * (last - first):
        return False
    starts = [_starts(part) for part in parts]
    together = set.intersection(*starts)
    most = max(map(len, starts))
    return most < 2 or len(together) < 0.6 * most


def _starts(part: Sequence[PdfLine | None]) -> set[int]:
    """The lines of a column that do not go on with the one above."""
    return {
        at
        for at, (before, line) in enumerate(pairwise(part), 1)
        if line is not None and (before is None or not _runs_on(before, line))
    }

"""The visible words of a PDF page in lines, with positions and weight."""

from __future__ import annotations

import re
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import HYPHEN, LEFTWARD, Characters, breaks, spans
from index.readers.pdf.page import PdfLine, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Flags
    from index.readers.pdf.content.fonts import Fonts

_SHARED = 0.33  # of the lower of two words, that both have in common if they stand on one line
_TOUCH = 0.05  # heights of the letters, between parts of a word
_EVEN = 0.01  # points
_SAME_PLACE = 0.16  # of the height of the letters: a word that is drawn twice, for a shadow or for bold type
_RULE = re.compile(r"[_=]{3,}|[—–-]{5,}")  # a line drawn with signs
_RULE_SIGNS = "_=—–-"

_word = partial(tuple.__new__, Word)  # what `Word._make` does, in a third of the time


def make_lines(characters: Characters, fonts: Fonts) -> Iterator[PdfLine]:
    """The lines, in the order of the characters."""
    import numpy as np

    codes, boxes = characters.codes, characters.boxes
    starts, ends = spans(characters.space)
    if not len(starts):
        return
    texts = _texts(characters)
    first, last = boxes[starts], boxes[ends - 1]
    left, right = np.minimum(first[:, 0], last[:, 0]), np.maximum(first[:, 2], last[:, 2])
    bottom, top = first[:, 1], first[:, 3]
    hyphen = np.append(codes, 0)[ends] == HYPHEN
    kept = ~(_rules(texts, codes[starts]) | _repeated(texts, left, bottom, top))
    if not kept.all():
        seen = np.ones(len(codes), bool)
        for at in np.flatnonzero(~kept):
            seen[starts[at] : ends[at]] = False
        yield from make_lines(characters.take(seen), fonts)
        return
    ended = np.cumsum(breaks(codes))[starts]  # how many lines ended before each word
    height = top - bottom
    shared = np.minimum(top[1:], top[:-1]) - np.maximum(bottom[1:], bottom[:-1])
    new = (ended[1:] != ended[:-1]) | (shared < _SHARED * np.minimum(height[1:], height[:-1]))
    begins = np.append(0, np.flatnonzero(new) + 1)
    edges = [*begins.tolist(), len(texts)]
    words = tuple(map(_word, zip(texts, left.tolist(), right.tolist(), strict=True)))
    bottoms, heights, hyphens = bottom.tolist(), height.tolist(), hyphen.tolist()
    level = (np.maximum.reduceat(height, begins) - np.minimum.reduceat(height, begins) < _EVEN).tolist()
    backward = set[int]()
    if codes.max() < LEFTWARD:
        back = np.flatnonzero((left[1:] < left[:-1]) & ~new) + 1
        backward = set((np.searchsorted(begins, back, side="right") - 1).tolist())
    bold = fonts.bold(characters.index[starts[begins]])
    directions = characters.turned[starts[begins]].tolist()
    for number, (begin, end) in enumerate(pairwise(edges)):
        size, foot = heights[begin], bottoms[begin]
        if not level[number]:  # as high as most of its words, for a raised digit is no measure
            size, foot = sorted(zip(heights[begin:end], bottoms[begin:end], strict=True))[(end - begin) // 2]
        own = words[begin:end]
        if number in backward and not hyphens[end - 1]:
            own = _from_the_left(own, size)
        yield PdfLine(own, foot, foot + size, bold[number], hyphens[end - 1], directions[number])


def _from_the_left(words: Sequence[Word], size: float) -> tuple[Word, ...]:
    """The words in the order in which they stand; parts of one that were drawn apart are put together."""
    found: list[Word] = []
    for word in sorted(words, key=lambda word: word.left):
        if found and abs(word.left - found[-1].right) < _TOUCH * size:
            found[-1] = Word(found[-1].text + word.text, found[-1].left, word.right)
        else:
            found.append(word)
    return tuple(found)


def _texts(characters: Characters) -> list[str]:
    """The words, with surrogates as the characters that they stand for."""
    text = characters.text().replace(chr(HYPHEN), "\n").replace("\0", " ")
    words = text.split()
    if ((characters.codes >= 0xD800) & (characters.codes < 0xE000)).any():
        return [word.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") for word in words]
    return words


def _rules(texts: Sequence[str], first: NDArray[np.uint32]) -> Flags:
    """True for words that are lines drawn with signs."""
    import numpy as np

    rules = np.zeros(len(texts), bool)
    for sign in _RULE_SIGNS:
        for at in np.flatnonzero(first == ord(sign)).tolist():
            rules[at] = _RULE.fullmatch(texts[at]) is not None
    return rules


def _repeated(
    texts: Sequence[str], left: NDArray[np.float32], bottom: NDArray[np.float32], top: NDArray[np.float32]
) -> Flags:
    """True for words that are drawn where the same word has been drawn before."""
    import numpy as np

    repeated = np.zeros(len(texts), bool)
    # Words on one spot are rare, so the page is first looked at through two coarse grids.
    for offset in (0, 2):
        spots = np.floor((left + offset) / 4) * 2**14 + np.floor((bottom + offset) / 4)
        spots.sort()
        if (spots[1:] == spots[:-1]).any():
            break
    else:
        return repeated
    places: dict[str, list[tuple[float, float]]] = {}
    for at, (text, x, y, high) in enumerate(
        zip(texts, left.tolist(), bottom.tolist(), top.tolist(), strict=True)
    ):
        known = places.setdefault(text, [])
        slack = _SAME_PLACE * (high - y)
        repeated[at] = any(abs(x - a) < slack and abs(y - b) < slack for a, b in known)
        known.append((x, y))
    return repeated

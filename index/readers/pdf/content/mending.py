"""Characters as a reader sees them: those drawn twice once, ligatures in order, spaces where gaps are."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import HYPHEN, Characters, breaks, one_of, spans
from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Codes, Flags, Indices

# All in heights of the letters.
_NO_GAP = 0.11  # where a space has less room, there is none
_NO_SPACE = 0.4  # or less than this share of the usual space of the page
_GAP = 0.22  # where two letters stand further apart than those before and after, there is a space
_TOUCH = 0.05  # where letters of one base line are no further apart, no line ends between them
_SMALL_GAP = 0.1  # the same between two that are drawn apart, in a word whose letters touch
_CJK_GAP = 0.5  # between two characters of Chinese or Japanese, which are set without spaces
_SPACED_LETTERS = 6  # single letters in a row that are no list of letters, but a word
_FEWEST_LETTERS = 3  # different ones in a word of these
_SPACED_GAP = 0.8  # between them, at most
_BETWEEN_WORDS = 1.6  # of the gap between spaced letters
_DOUBLE_RISE = 0.15
_DOUBLE_SHIFT = 0.3  # of the width of the letter
_NARROW_SHIFT = 0.7  # the same of a narrow letter, which is moved by as much as a wide one
_NARROW = [ord(letter) for letter in "iIjlt"]


def mended(characters: Characters, text_page: object) -> Characters:
    """The characters of a page with all of this put right."""
    characters = _without_doubles(characters, text_page)
    return _with_spaces_as_seen(_with_ligatures_in_order(characters), text_page)


def _without_doubles(characters: Characters, text_page: object) -> Characters:
    """Without the second of two equal letters that overlap, which make bold type where no font is bold."""
    import numpy as np

    codes = characters.codes
    second = np.flatnonzero((codes[1:] == codes[:-1]) & ~characters.space[1:]) + 1
    if not len(second):
        return characters
    (left, bottom, right, top), (first_left, first_bottom, _, _) = (
        characters.boxes[at].T for at in (second, second - 1)
    )
    shift, rise = np.abs(left - first_left), np.abs(bottom - first_bottom)
    share = np.where(one_of(codes[second], _NARROW), _NARROW_SHIFT, _DOUBLE_SHIFT).astype(np.float32)
    double = (shift < share * (right - left)) & (rise < _DOUBLE_RISE * (top - bottom))
    if not double.any():
        return characters
    keep = np.ones(len(codes), bool)
    keep[second[double]] = False
    handle, text_object = handle_of(text_page), native().text_object
    for at in second[double & (shift == 0) & (rise == 0)].tolist():
        # One glyph may stand for two equal letters, such as "ff".
        one, other = (text_object(handle, int(characters.index[each])) for each in (at - 1, at))
        keep[at] = one == other
    return characters.take(keep)


def _with_ligatures_in_order(characters: Characters) -> Characters:
    """With the letters of one glyph in their order: pdfium turns a line of Arabic round letter by letter."""
    import numpy as np

    codes, boxes = characters.codes, characters.boxes
    if codes.max(initial=0) < 0x590:
        return characters
    leftward = ((codes >= 0x590) & (codes < 0x900)) | ((codes >= 0xFB1D) & (codes < 0xFF00))
    if not leftward.any():
        return characters
    one_glyph = (boxes[1:] == boxes[:-1]).all(axis=1) & leftward[1:] & leftward[:-1]
    one_glyph &= boxes[1:, 2] > boxes[1:, 0]
    order = np.arange(len(codes))
    edges = np.flatnonzero(np.diff(leftward & ~_is_arabic_figure(codes), prepend=False, append=False))
    for start, end in zip(edges[0::2], edges[1::2], strict=True):
        if end - start > 1 and (np.diff(boxes[start:end, 0]) > 0).all():  # laid out from left to right
            order[start:end] = order[start:end][::-1]
    edges = np.flatnonzero(np.diff(one_glyph, prepend=False, append=False))
    for start, end in zip(edges[0::2], edges[1::2] + 1, strict=True):
        text = "".join(map(chr, codes[start:end]))
        # A ligature with a code of its own is taken apart by pdfium, in the right order.
        if text not in _ligatures() or text[::-1] in _ligatures():
            order[start:end] = order[start:end][::-1]
    return characters.take(order)


def _is_arabic_figure(codes: Codes) -> Flags:
    """True for the figures of Arabic and Persian, which go from left to right."""
    figure: Flags = ((codes >= 0x660) & (codes < 0x66A)) | ((codes >= 0x6F0) & (codes < 0x6FA))
    return figure


@cache
def _ligatures() -> frozenset[str]:
    """The letters of each Arabic ligature that has a code of its own."""
    codes = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
    return frozenset(unicodedata.normalize("NFKC", chr(code)) for code in codes)


def _with_spaces_as_seen(characters: Characters, text_page: object) -> Characters:
    """Without spaces that have no room, and with a space where letters stand apart."""
    import numpy as np

    seen = np.flatnonzero(~characters.space)
    if len(seen) < 2:
        return characters
    before, after = seen[:-1], seen[1:]
    left, bottom, right, top = np.ascontiguousarray(characters.boxes.T)[:, seen]
    sizes = top - bottom
    height = np.maximum(np.minimum(*_pairs(sizes)), 0.1)
    apart = after - before > 1
    gap = _gaps(left, right, apart) / height
    shared = np.minimum(*_pairs(top)) - np.maximum(*_pairs(bottom))
    level = shared > 0.5 * height
    crosses = _crosses_break(characters, before, after)
    touches = crosses & apart & level & (np.abs(gap) < _TOUCH) & (left[1:] > left[:-1])
    if touches.any():
        touches &= (characters.codes[before + 1] != HYPHEN) & (height > 0.5 * np.maximum(*_pairs(sizes)))
    level &= ~crosses
    cjk = _is_cjk(characters.codes[seen])
    both_cjk = cjk[1:] & cjk[:-1]
    turned = characters.turned[seen][1:]
    if turned.any():
        level &= turned % 90 == 0  # the boxes of slanted letters say too little
    spaced = apart & level
    drop = spaced & ((gap < _NO_GAP) | (both_cjk & (gap < _CJK_GAP)))
    if drop.any():
        most = _NO_SPACE * float(np.median(gap[spaced]))
        # The boxes of slanted letters reach into each other, so what has no room is looked at closely.
        for at in np.flatnonzero(drop & ~both_cjk).tolist():
            space, letter = int(before[at]) + 1, int(after[at])
            distance = _advance(characters, space, letter, text_page)
            drop[at] = distance < min(_NO_GAP, most) * height[at]
    drop |= touches | _between_spaced_letters(characters.codes[seen], gap, spaced)
    stacked = ~apart & (shared < 0)
    if stacked.any():
        stacked &= (turned == 0) & ~cjk[1:] & ~cjk[:-1]
    add = ~apart & level & (gap > _SMALL_GAP)
    if add.any():
        alike = (np.abs(np.diff(bottom)) < _TOUCH * height) & (np.abs(np.diff(top)) < _TOUCH * height)
        add &= (alike | (gap > _GAP)) & ~both_cjk & (left[1:] > left[:-1])
        add &= _stands_out(gap, add, apart)
        for at in np.flatnonzero(add & (gap <= _GAP)).tolist():
            places = int(characters.index[before[at]]), int(characters.index[after[at]])
            first, second = (native().text_object(handle_of(text_page), place) for place in places)
            add[at] = first != second
    add |= stacked
    if not (drop.any() or add.any()):
        return characters
    return _respaced(characters, before, after, drop, add)


def _pairs(values: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Each value, and the one behind it."""
    return values[:-1], values[1:]


def _gaps(left: NDArray[np.floating], right: NDArray[np.floating], apart: Flags) -> NDArray[np.floating]:
    """The gap from each character to the next; from each word to the next where a space stands between.

    In a line from right to left the first figure of a number is its farthest.
    """
    import numpy as np

    gap = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:])
    starts = np.append(0, np.flatnonzero(apart) + 1)
    left, right = np.minimum.reduceat(left, starts), np.maximum.reduceat(right, starts)
    gap[apart] = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:])
    return gap


def _advance(characters: Characters, space: int, letter: int, text_page: object) -> float:
    """How far a letter stands from where the space before it begins; endless if pdfium made the space."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_IsGenerated(text_page, int(characters.index[space])) == 1:
        return math.inf
    places = [(ctypes.c_double(), ctypes.c_double()) for _ in range(2)]
    for at, (x, y) in zip((space, letter), places, strict=True):
        native().origin(handle_of(text_page), int(characters.index[at]), ctypes.byref(x), ctypes.byref(y))
    (x1, y1), (x2, y2) = ((x.value, y.value) for x, y in places)
    return math.hypot(x2 - x1, y2 - y1)


def _between_spaced_letters(codes: Codes, gap: NDArray[np.floating], spaced: Flags) -> Flags:
    """True for the spaces within the words of a line whose letters are spaced out: "T O T A L   C O S T"."""
    import numpy as np

    result = np.zeros(len(gap), bool)
    starts, ends = spans(~spaced)
    long = ends - starts + 1 >= _SPACED_LETTERS
    for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
        letters = "".join(map(chr, codes[start : end + 1].tolist()))
        usual = float(np.sort(gap[start:end])[(end - start) // 3])
        if letters.isalpha() and usual < _SPACED_GAP and not _is_list(letters):
            result[start:end] = gap[start:end] < _BETWEEN_WORDS * usual
    return result


def _is_list(letters: str) -> bool:
    """True for letters that are no word: the alphabet, answers to questions, marks of cells."""
    signs = sorted(set(letters.casefold()))
    return len(signs) <= _FEWEST_LETTERS or signs[-1] <= "h" or signs == list(letters.casefold())


def _respaced(characters: Characters, before: Indices, after: Indices, drop: Flags, add: Flags) -> Characters:
    """Without what stands between the pairs to `drop`, and with a space between the pairs to `add`."""
    import numpy as np

    keep = np.ones(len(characters.codes), bool)
    for start, end in zip(before[drop] + 1, after[drop], strict=True):
        keep[start:end] = False
    return characters.rearranged(np.flatnonzero(keep), after[add])


def _crosses_break(characters: Characters, before: Indices, after: Indices) -> Flags:
    """True for a pair between which a line ends."""
    import numpy as np

    ends = np.cumsum(breaks(characters.codes))
    crossed: Flags = ends[after] != ends[before]
    return crossed


def _stands_out(gap: NDArray[np.floating], add: Flags, spaced: Flags) -> Flags:
    """True for a gap that is larger than the usual one of its word, where letters may be spaced out."""
    import numpy as np

    edges = np.flatnonzero(spaced)
    result = np.zeros(len(gap), bool)
    for at in np.flatnonzero(add):
        place = np.searchsorted(edges, at)
        start = edges[place - 1] + 1 if place else 0
        end = edges[place] if place < len(edges) else len(gap)
        others = np.delete(gap[start:end], at - start)
        usual = np.median(others) if len(others) else math.inf
        result[at] = gap[at] > usual + _GAP or (gap[at] > _SMALL_GAP and abs(usual) < _TOUCH)
    return result


def _is_cjk(codes: Codes) -> Flags:
    """True for Chinese characters, Kana and their punctuation; Korean is set with spaces."""
    if codes.max(initial=0) < 0x2E80:
        return codes < 0
    return (
        ((codes >= 0x3001) & (codes <= 0x30FF))
        | ((codes >= 0x31F0) & (codes <= 0x9FFF))
        | ((codes >= 0xF900) & (codes <= 0xFAFF))
        | ((codes >= 0xFF01) & (codes <= 0xFF9F))
        | ((codes >= 0xD840) & (codes <= 0xD87F))  # halves of those beyond U+FFFF
        | (codes >= 0x20000)
    )

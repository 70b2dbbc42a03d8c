"""Characters as a reader sees them: those drawn twice once, ligatures in order, spaces where gaps are."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import Characters, breaks
from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Codes, Flags, Indices

# All in heights of the letters.
_NO_GAP = 0.04  # where a space has less room, there is none
_GAP = 0.22  # where two letters stand further apart than those before and after, there is a space
_CJK_GAP = 0.5  # between two characters of Chinese or Japanese, which are set without spaces
_DOUBLE_RISE = 0.15
_DOUBLE_SHIFT = 0.3  # of the width of the letter


def mended(characters: Characters, text_page: object) -> Characters:
    """The characters of a page with all of this put right."""
    characters = _without_doubles(characters, text_page)
    return _with_spaces_as_seen(_with_ligatures_in_order(characters))


def _without_doubles(characters: Characters, text_page: object) -> Characters:
    """Without the second of two equal letters that overlap, which make bold type where no font is bold."""
    import numpy as np

    codes, (left, bottom, right, top) = characters.codes, characters.boxes.T
    same = (codes[1:] == codes[:-1]) & ~characters.space[1:]
    shift, rise = np.abs(np.diff(left)), np.abs(np.diff(bottom))
    double = same & (shift < _DOUBLE_SHIFT * (right - left)[1:]) & (rise < _DOUBLE_RISE * (top - bottom)[1:])
    if not double.any():
        return characters
    handle, text_object = handle_of(text_page), native().text_object
    for at in np.flatnonzero(double & (shift == 0) & (rise == 0)):
        # One glyph may stand for two equal letters, such as "ff".
        first, second = (text_object(handle, int(characters.index[each])) for each in (at, at + 1))
        double[at] = first != second
    return characters.take(np.append(True, ~double))


def _with_ligatures_in_order(characters: Characters) -> Characters:
    """With the letters of one glyph in their order: pdfium turns a line of Arabic round letter by letter."""
    import numpy as np

    codes, boxes = characters.codes, characters.boxes
    if codes.max(initial=0) < 0x590:
        return characters
    leftward = ((codes >= 0x590) & (codes < 0x900)) | ((codes >= 0xFB1D) & (codes < 0xFF00))
    one_glyph = (boxes[1:] == boxes[:-1]).all(axis=1) & leftward[1:] & leftward[:-1]
    one_glyph &= boxes[1:, 2] > boxes[1:, 0]
    if not one_glyph.any():
        return characters
    order = np.arange(len(codes))
    edges = np.flatnonzero(np.diff(one_glyph, prepend=False, append=False))
    for start, end in zip(edges[0::2], edges[1::2] + 1, strict=True):
        text = "".join(map(chr, codes[start:end]))
        # A ligature with a code of its own is taken apart by pdfium, in the right order.
        if text not in _ligatures() or text[::-1] in _ligatures():
            order[start:end] = order[start:end][::-1]
    return characters.take(order)


@cache
def _ligatures() -> frozenset[str]:
    """The letters of each Arabic ligature that has a code of its own."""
    codes = (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
    return frozenset(unicodedata.normalize("NFKC", chr(code)) for code in codes)


def _with_spaces_as_seen(characters: Characters) -> Characters:
    """Without spaces that have no room, and with a space where letters stand apart."""
    import numpy as np

    seen = np.flatnonzero(~characters.space)
    if len(seen) < 2:
        return characters
    before, after = seen[:-1], seen[1:]
    left, bottom, right, top = characters.boxes[seen].T
    height = np.maximum(np.minimum((top - bottom)[1:], (top - bottom)[:-1]), 0.1)
    gap = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:]) / height
    level = np.minimum(top[1:], top[:-1]) - np.maximum(bottom[1:], bottom[:-1]) > 0.5 * height
    level &= ~_crosses_break(characters, before, after)
    cjk = _is_cjk(characters.codes[seen])
    both_cjk = cjk[1:] & cjk[:-1]
    spaced = after - before > 1
    drop = spaced & level & (gap < np.where(both_cjk, _CJK_GAP, _NO_GAP))
    add = ~spaced & level & (gap > _GAP) & ~both_cjk
    if add.any():
        add &= _stands_out(gap, add, spaced)
    if not (drop.any() or add.any()):
        return characters
    return _respaced(characters, before, after, drop, add)


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
    """True for a gap that is larger by `_GAP` than the usual one of its word: letters may be spaced out."""
    import numpy as np

    edges = np.flatnonzero(spaced)
    result = np.zeros(len(gap), bool)
    for at in np.flatnonzero(add):
        place = np.searchsorted(edges, at)
        start = edges[place - 1] + 1 if place else 0
        end = edges[place] if place < len(edges) else len(gap)
        others = np.delete(gap[start:end], at - start)
        result[at] = len(others) > 0 and gap[at] > np.median(others) + _GAP
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

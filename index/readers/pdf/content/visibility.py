"""Text of a PDF page that nobody can see: it is left out and counted.

Drawn invisibly, white on white, smaller than `TINY`, outside the page, or on a layer that is switched off: a
sentence quoted from it would be no evidence. Invisible text over pictures that cover the page is the text
layer of a scan, and is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import Characters, drawn_by
from index.readers.pdf.content.native import handle_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Addresses, Boxes, Drawn, Flags, Indices
    from index.readers.pdf.content.objects import Look, PageObjects
    from index.readers.pdf.page import Box

TINY = 1.5
_SCAN_SHARE = 0.5  # of the page, covered by pictures
# A word of signs alone. A box that is ticked by a picture has an invisible sign under it, which says no more
# than the picture; it is not counted as hidden text.
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Visible:
    """The characters that can be seen, and how many words were left out."""

    characters: Characters
    hidden: int = 0
    layered: int = 0
    scanned: bool = False


def visible_characters(found: Drawn, text_page: object, objects: PageObjects, bounds: Box) -> Visible:
    """The characters of a page without those that nobody can see. Boxes are in the axes of the file."""
    import numpy as np

    characters, starts, ends, drawn, ending = found
    codes, boxes = characters.codes, characters.boxes
    looks = objects.looks(np.append(drawn, ending[ending != drawn]))
    all_visible = set(looks.values()) == {"visible"}
    if not all_visible:
        starts, ends, drawn = _split(characters, text_page, objects)
        looks = objects.looks(drawn)
    hidden = _out_of_sight(boxes, starts, ends, bounds)
    if all_visible and not hidden.any():
        return Visible(characters)
    scanned = not {"invisible", "clip"}.isdisjoint(looks.values()) and objects.picture_share() > _SCAN_SHARE
    unseen: NDArray[np.str_] = np.array([looks[address] for address in drawn.tolist()])
    layered = unseen == "layer"
    hidden |= layered
    if not scanned:
        hidden |= unseen == "invisible"
        for at in np.flatnonzero(unseen == "invisible"):
            first, last = boxes[starts[at]].tolist(), boxes[ends[at] - 1].tolist()
            hidden[at] = not objects.is_cut_out((first[0], first[1], last[2], last[3]))
    for at in np.flatnonzero((unseen == "white") | (unseen == "clip")):
        if not hidden[at] and not (scanned and unseen[at] == "clip"):
            on_dark = objects.is_on_dark_ground(tuple(boxes[starts[at]].tolist()))
            hidden[at] = not (on_dark or (unseen[at] == "white" and objects.is_coloured(int(drawn[at]))))
    text = characters.text()
    keep = np.ones(len(codes), bool)
    counts = {True: 0, False: 0}
    for at in np.flatnonzero(hidden):
        if layered[at] or not _SIGNS.fullmatch(text[starts[at] : ends[at]]):
            keep[starts[at] : ends[at]] = False
            counts[bool(layered[at])] += 1
    return Visible(characters.take(keep), counts[False], counts[True], scanned)


def _split(
    characters: Characters, text_page: object, objects: PageObjects
) -> tuple[Indices, Indices, Addresses]:
    """Words, in parts where they are drawn in different ways: where they start and end, and by what."""
    import numpy as np

    places = np.flatnonzero(~characters.space)
    drawn = drawn_by(handle_of(text_page), places)
    looks = objects.looks(drawn)
    numbers: dict[Look, int] = {}
    kinds = np.array([numbers.setdefault(looks[address], len(numbers)) for address in drawn.tolist()])
    new = np.ones(len(places), bool)
    new[1:] = (np.diff(places) > 1) | (np.diff(kinds) != 0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(places)) - 1
    return places[first], places[last] + 1, drawn[first]


def _out_of_sight(boxes: Boxes, starts: Indices, ends: Indices, bounds: Box) -> Flags:
    """True for words that are off the page or too small to be seen."""
    import numpy as np

    first, last = boxes[starts], boxes[ends - 1]
    low, high = np.minimum(first, last), np.maximum(first, last)
    left, bottom, right, top = bounds
    off: Flags = (high[:, 2] <= left) | (low[:, 0] >= right) | (high[:, 3] <= bottom) | (low[:, 1] >= top)
    tall, wide = first[:, 3] - first[:, 1], first[:, 2] - first[:, 0]
    size: NDArray[np.float32] = np.maximum(tall, wide)
    return off | (size < TINY)

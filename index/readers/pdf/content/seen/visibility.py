"""Text of a PDF page that nobody can see: it is left out, kept apart and counted.

Drawn invisibly, in the colour of its ground, smaller than `TINY`, outside the page or what it is clipped to,
covered, or on a layer that is switched off: a sentence quoted from it would be no evidence. Invisible text
over pictures that cover the page, or under them, is the text layer of a scan, and is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from index.readers.pdf.content.characters import Characters, drawn_by
from index.readers.pdf.content.native import handle_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Addresses, Boxes, Drawn, Indices
    from index.readers.pdf.content.seen.objects import Look, PageObjects
    from index.readers.pdf.page import Box
    from index.types import HiddenBy

TINY = 1.5
_SCAN_SHARE = 0.5  # of the page, covered by pictures
# A word of signs alone. A box that is ticked by a picture has an invisible sign under it, which says no more
# than the picture; it is not counted as hidden text.
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Visible:
    """The characters that can be seen, and what was left out: runs of words, with what hides them."""

    characters: Characters
    hidden: tuple[tuple[str, HiddenBy], ...] = ()
    scanned: bool = False


def visible_characters(found: Drawn, text_page: object, objects: PageObjects, bounds: Box) -> Visible:
    """The characters of a page without those that nobody can see. Boxes are in the axes of the file."""
    import numpy as np

    characters, starts, ends, drawn, ending = found
    looks = objects.looks(np.append(drawn, ending[ending != drawn]))
    all_visible = set(looks.values()) == {"visible"}
    if not all_visible:
        starts, ends, drawn = _split(characters, text_page, objects)
        looks = objects.looks(drawn)
    boxes = _word_boxes(characters.boxes, starts, ends)
    by = _out_of_sight(characters.boxes, boxes, starts, bounds)
    scanned = not {"invisible", "clip"}.isdisjoint(looks.values()) and objects.picture_share() > _SCAN_SHARE

    def is_scan() -> bool:
        return scanned or objects.picture_share() > _SCAN_SHARE

    unseen = objects.stack().unseen(boxes, drawn, objects.colour_of, inks=objects.inks, is_scan=is_scan)
    if unseen is not None:
        # What is white is looked at below; what clips is drawn by what comes after it.
        own = np.array([looks[address] for address in drawn.tolist()], "U9")
        unseen[((own == "white") & (unseen == "in the colour of its ground")) | (own == "clip")] = ""
        by = np.where(by == "", unseen, by)
    if not all_visible:
        shown: NDArray[np.str_] = np.array([looks[address] for address in drawn.tolist()])
        by = _by_look(by, shown, boxes, drawn, objects, scanned=scanned)
    if not (by != "").any():
        return Visible(characters, scanned=scanned)
    return _without(characters, starts, ends, by, scanned=scanned)


def _by_look(
    by: NDArray[np.str_],
    looks: NDArray[np.str_],
    boxes: Boxes,
    drawn: Addresses,
    objects: PageObjects,
    *,
    scanned: bool,
) -> NDArray[np.str_]:
    """`by`, and what hides words by how they are painted."""
    import numpy as np

    by = by.copy()
    by[looks == "layer"] = "on a layer that is switched off"
    for at in np.flatnonzero((looks != "visible") & (by == "")):
        look, box = looks[at], tuple(boxes[at].tolist())
        if look == "invisible" and not scanned and not objects.is_cut_out(box):
            by[at] = "drawn invisibly"
        elif look in {"white", "clip"} and not (scanned and look == "clip"):
            on_dark = objects.is_on_dark_ground(box)
            if not (on_dark or (look == "white" and objects.is_coloured(int(drawn[at])))):
                by[at] = "in the colour of its ground" if look == "white" else "drawn invisibly"
    return by


def _without(
    characters: Characters, starts: Indices, ends: Indices, by: NDArray[np.str_], *, scanned: bool
) -> Visible:
    """The characters without the words that something hides, and runs of those words."""
    import numpy as np

    text = characters.text()
    keep = np.ones(len(characters.codes), bool)
    runs: list[tuple[list[str], HiddenBy]] = []
    last = -1
    for at in np.flatnonzero(by != ""):
        word, reason = text[starts[at] : ends[at]], cast("HiddenBy", str(by[at]))
        if reason != "on a layer that is switched off" and _SIGNS.fullmatch(word):
            continue
        keep[starts[at] : ends[at]] = False
        if last == at - 1 and runs and runs[-1][1] == reason:
            runs[-1][0].append(word)
        else:
            runs.append(([word], reason))
        last = int(at)
    hidden = tuple((" ".join(words), reason) for words, reason in runs)
    return Visible(characters.take(keep), hidden, scanned)


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


def _word_boxes(boxes: Boxes, starts: Indices, ends: Indices) -> Boxes:
    import numpy as np

    first, last = boxes[starts], boxes[ends - 1]
    low, high = np.minimum(first, last), np.maximum(first, last)
    return np.column_stack((low[:, :2], high[:, 2:]))


def _out_of_sight(characters: Boxes, words: Boxes, starts: Indices, bounds: Box) -> NDArray[np.str_]:
    """What hides words that are off the page, or too small to be seen; "" for all others."""
    import numpy as np

    left, bottom, right, top = bounds
    off = (words[:, 2] <= left) | (words[:, 0] >= right) | (words[:, 3] <= bottom) | (words[:, 1] >= top)
    first = characters[starts]
    size = np.maximum(first[:, 3] - first[:, 1], first[:, 2] - first[:, 0])
    found: NDArray[np.str_] = np.full(len(words), "", "U32")
    found[size < TINY] = "too small"
    found[off] = "off the page"
    return found

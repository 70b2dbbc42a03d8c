"""Boxes of a PDF page in the directions that a reader sees: pages turned upright, sideways text turned."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import Characters, spans
from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.readers.pdf.content.characters import Boxes
    from index.readers.pdf.page import Box

_GAP = 36.0  # points between the page and the sideways text that is put below it
_FAR = 3.0  # heights of the letters
_STEEP = 0.3  # of the letters' height, that two letters of a word may differ in height if the text is level
_QUARTER_SLACK = 3  # degrees by which sideways text may miss a right angle


def upright(box: Box, bounds: Box, turned: int) -> Box:
    """One box, as `upright_boxes` turns many."""
    import numpy as np

    left, bottom, right, top = upright_boxes(np.array([box], np.float32), bounds, turned)[0].tolist()
    return left, bottom, right, top


def upright_boxes(boxes: Boxes, bounds: Box, turned: int) -> Boxes:
    """Boxes as they stand when the page is turned clockwise by `turned` degrees, as a viewer shows it."""
    left, bottom, right, top = boxes.T
    if turned == 90:
        return _stacked(bottom, bounds[2] - right, top, bounds[2] - left)
    if turned == 180:
        return _stacked(bounds[2] - right, bounds[3] - top, bounds[2] - left, bounds[3] - bottom)
    if turned == 270:
        return _stacked(bounds[3] - top, left, bounds[3] - bottom, right)
    return boxes


def with_sideways_text_below(characters: Characters, text_page: object, turned: int) -> Characters:
    """The characters, with those of sideways text last, turned upright and put below the page.

    Each direction becomes a region by itself.
    """
    import numpy as np

    space = characters.space
    if not _seems_turned(characters):
        return characters
    starts = np.union1d(spans(space)[0], _jumps(characters))
    angles = _angles(characters, starts, text_page, turned)
    if not angles.any():
        return characters
    parts, below = [], float(characters.boxes[~space, 1].min(initial=0.0))
    for angle in (0, *sorted({int(angle) for angle in angles} - {0})):
        which = np.zeros(len(space), bool)
        for start, end, own in zip(starts, (*starts[1:], len(space)), angles, strict=True):
            which[start:end] = own == angle
        part = characters.take(which)
        if angle and len(part.codes):
            part = _turned_upright(part, angle, min(below, 0.0) - _GAP)
            below = float(part.boxes[:, 1].min())
        parts += [part, _line_end(part)]
    return Characters(
        np.concatenate([part.codes for part in parts]),
        np.concatenate([part.space for part in parts]),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.index for part in parts]),
        np.concatenate([part.turned for part in parts]),
    )


def _line_end(part: Characters) -> Characters:
    """What ends the last line of a part, if it has one."""
    import numpy as np

    end = part.take(np.arange(len(part.codes))[-1:])
    end.codes[:], end.space[:] = 0x0A, True
    return end


def _seems_turned(characters: Characters) -> bool:
    """True if two letters that follow each other in a word go up, down or back more than they go on."""
    import numpy as np

    left, bottom, right, top = characters.boxes.T
    inside = ~(characters.space[1:] | characters.space[:-1])
    height = np.maximum(top - bottom, right - left)[1:]
    rise, step = np.abs(bottom[1:] - bottom[:-1]), left[1:] - left[:-1]
    return bool((inside & ((rise > _STEEP * height) | (step < -0.2 * height))).any())


def _jumps(characters: Characters) -> NDArray[np.intp]:
    """The places of letters far from the one before, though no space stands between: of another text."""
    import numpy as np

    left, bottom, right, top = characters.boxes.T
    inside = ~(characters.space[1:] | characters.space[:-1])
    far = _FAR * np.maximum(top - bottom, right - left)[1:]
    return np.flatnonzero(inside & ((np.abs(np.diff(left)) > far) | (np.abs(np.diff(bottom)) > far))) + 1


def _angles(
    characters: Characters, starts: NDArray[np.intp], text_page: object, turned: int
) -> NDArray[np.int16]:
    """The direction of each word on the page as it is shown, in degrees counterclockwise."""
    import numpy as np
    import pypdfium2.raw as pdfium

    matrices = [pdfium.FS_MATRIX() for _ in starts]
    handle = handle_of(text_page)
    places = map(ctypes.byref, matrices)
    list(map(native().matrix, repeat(handle), characters.index[starts].tolist(), places))
    across = np.array([matrix.a for matrix in matrices])
    up = np.array([matrix.b for matrix in matrices])
    angles = np.rint(np.degrees(np.arctan2(up, across)) - turned).astype(np.int16) % 360
    quarters = (np.rint(angles / 90).astype(np.int16) * 90) % 360
    slack = np.abs((angles - quarters + 180) % 360 - 180)
    nearest: NDArray[np.int16] = np.where(slack <= _QUARTER_SLACK, quarters, angles)
    return nearest


def _turned_upright(part: Characters, angle: int, top: float) -> Characters:
    """Characters of one direction, turned clockwise by `angle`, so that their highest stands at `top`."""
    import numpy as np

    left, bottom, right, up = part.boxes.T
    if angle == 90:
        boxes = _stacked(bottom, -right, up, -left)
    elif angle == 180:
        boxes = _stacked(-right, -up, -left, -bottom)
    elif angle == 270:
        boxes = _stacked(-up, left, -bottom, right)
    else:
        boxes = _slanted(part.boxes, angle)
    boxes = boxes - np.array(
        [boxes[:, 0].min() - part.boxes[:, 0].min(), boxes[:, 3].max() - top] * 2, np.float32
    )
    return replace(part, boxes=boxes, turned=np.full(len(part.codes), angle, np.int16))


def _slanted(boxes: Boxes, angle: int) -> Boxes:
    """Boxes about the middles of those of slanted text, turned; as large as a letter in such a box may be."""
    import numpy as np

    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    turn = np.radians(-angle)
    across, up = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    half = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) * 0.35
    return _stacked(across - half, up - half, across + half, up + half)


def _stacked(*columns: NDArray[np.float32]) -> Boxes:
    import numpy as np

    return np.stack(columns, axis=1).astype(np.float32)

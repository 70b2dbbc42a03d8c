"""The functions of pdfium that are called for every character or word, without the checks of ctypes.

A checked call takes twice as long as pdfium needs for a character.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Native(NamedTuple):
    """pdfium's functions. Handles are passed as `c_void_p`, addresses of text objects as integers."""

    loose_box: Callable[..., None]  # text page, index, rectangle: left, top, right, bottom
    code: Callable[..., int]  # text page, index
    text_object: Callable[..., int]  # text page, index; 0 for none
    unmapped: Callable[..., int]  # text page, index
    matrix: Callable[..., int]  # text page, index, matrix
    origin: Callable[..., int]  # text page, index, x, y
    render_mode: Callable[..., int]  # text object
    fill_colour: Callable[..., int]  # text object, red, green, blue, alpha
    stroke_colour: Callable[..., int]
    font: Callable[..., int | None]  # text object
    page_object: Callable[..., int]  # page, number; 0 for none
    count_objects: Callable[..., int]  # page
    kind: Callable[..., int]  # page object
    bounds: Callable[..., int]  # page object, left, bottom, right, top
    is_transparent: Callable[..., int]  # page object
    object_matrix: Callable[..., int]  # page object, matrix
    form_object: Callable[..., int]  # form, number; 0 for none
    count_in_form: Callable[..., int]  # form
    draw_mode: Callable[..., int]  # path, fill mode, stroke
    path_segments: Callable[..., int]  # path
    path_segment: Callable[..., int | None]  # path, number
    point: Callable[..., int]  # segment, x, y
    clip_path: Callable[..., int | None]  # page object
    clip_paths: Callable[..., int]  # clip
    clip_segments: Callable[..., int]  # clip, path
    clip_segment: Callable[..., int | None]  # clip, path, number


@cache
def native() -> Native:
    """The functions, bound once."""
    import pypdfium2.raw as pdfium

    address = ctypes.c_void_p
    return Native(
        loose_box=_bound(pdfium.FPDFText_GetLooseCharBox, None),
        code=_bound(pdfium.FPDFText_GetUnicode, ctypes.c_uint),
        text_object=_bound(pdfium.FPDFText_GetTextObject, ctypes.c_size_t),
        unmapped=_bound(pdfium.FPDFText_HasUnicodeMapError, ctypes.c_int),
        matrix=_bound(pdfium.FPDFText_GetMatrix, ctypes.c_int),
        origin=_bound(pdfium.FPDFText_GetCharOrigin, ctypes.c_int),
        render_mode=_bound(pdfium.FPDFTextObj_GetTextRenderMode, ctypes.c_int, address),
        fill_colour=_bound(pdfium.FPDFPageObj_GetFillColor, ctypes.c_int, address, *[address] * 4),
        stroke_colour=_bound(pdfium.FPDFPageObj_GetStrokeColor, ctypes.c_int, address, *[address] * 4),
        font=_bound(pdfium.FPDFTextObj_GetFont, address, address),
        page_object=_bound(pdfium.FPDFPage_GetObject, ctypes.c_size_t),
        count_objects=_bound(pdfium.FPDFPage_CountObjects, ctypes.c_int, address),
        kind=_bound(pdfium.FPDFPageObj_GetType, ctypes.c_int, address),
        bounds=_bound(pdfium.FPDFPageObj_GetBounds, ctypes.c_int, address, *[address] * 4),
        is_transparent=_bound(pdfium.FPDFPageObj_HasTransparency, ctypes.c_int, address),
        object_matrix=_bound(pdfium.FPDFPageObj_GetMatrix, ctypes.c_int, address, address),
        form_object=_bound(pdfium.FPDFFormObj_GetObject, ctypes.c_size_t, address, ctypes.c_ulong),
        count_in_form=_bound(pdfium.FPDFFormObj_CountObjects, ctypes.c_int, address),
        draw_mode=_bound(pdfium.FPDFPath_GetDrawMode, ctypes.c_int, *[address] * 3),
        path_segments=_bound(pdfium.FPDFPath_CountSegments, ctypes.c_int, address),
        path_segment=_bound(pdfium.FPDFPath_GetPathSegment, address, address, ctypes.c_int),
        point=_bound(pdfium.FPDFPathSegment_GetPoint, ctypes.c_int, *[address] * 3),
        clip_path=_bound(pdfium.FPDFPageObj_GetClipPath, address, address),
        clip_paths=_bound(pdfium.FPDFClipPath_CountPaths, ctypes.c_int, address),
        clip_segments=_bound(pdfium.FPDFClipPath_CountPathSegments, ctypes.c_int, address, ctypes.c_int),
        clip_segment=_bound(pdfium.FPDFClipPath_GetPathSegment, address, address, ctypes.c_int, ctypes.c_int),
    )


def address_of(handle: Any) -> int:
    """Where something lies that pdfium has given out."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def handle_of(text_page: Any) -> ctypes.c_void_p:
    """The handle of a page's text, as these functions take it."""
    return ctypes.c_void_p(address_of(text_page))


def _bound(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function at the same address. Without `arguments` they are passed as they are given."""
    start = ctypes.cast(function, ctypes.c_void_p).value
    assert start is not None
    return ctypes.CFUNCTYPE(result, *arguments)(start)

"""Text of a PDF page on layers (optional content) that are switched off.

pdfium reads such text and draws none of it. It does not say which layers are on, so its picture is looked at.
"""

from __future__ import annotations

import ctypes
import io
import re
import zlib
from itertools import islice
from typing import TYPE_CHECKING

from index.readers.pdf.content.native import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfDocument, PdfPage

    Group = tuple[object, ...]

_SWITCHED_OFF = re.compile(rb"/OFF\s*(?:\[\s*\d|\d)|/(?:BaseState|ViewState)\s*/OFF")
_OBJECT_STREAM = re.compile(rb"/ObjStm\b[^\0]{0,300}?stream\r?\n")
_LARGEST_STREAM = 16_000_000
_WITHOUT_ENCRYPTION = 3  # pdfium's flag for saving
_TEXT, _FORM = 1, 5  # pdfium's kinds of page objects
_DEEPEST_FORM = 12
_GROUND = (0x37, 0x91, 0x53)  # a colour that few letters have
_MOST_GROUPS = 100  # of a page: each is drawn once, and those beyond are taken for visible
_LARGEST_SIDE = 1200.0  # pixels
_NAME = 256  # bytes of a layer's name that are looked at


def has_layers_off(document: PdfDocument, data: bytes) -> bool:
    """True if some layer of the file may be switched off."""
    if _SWITCHED_OFF.search(data):
        return True
    if b"/ObjStm" not in data:
        return False
    if b"/Encrypt" not in data:
        return _in_object_streams(data)
    copy = io.BytesIO()
    document.save(copy, flags=_WITHOUT_ENCRYPTION)
    return _SWITCHED_OFF.search(copy.getbuffer()) is not None


def _in_object_streams(data: bytes) -> bool:
    """True if an object stream tells of a layer that is off."""
    for match in _OBJECT_STREAM.finditer(data):
        end = data.find(b"endstream", match.end())
        try:
            content = zlib.decompressobj().decompress(data[match.end() : end], _LARGEST_STREAM)
        except zlib.error:
            continue  # pdfium reads it, if it can be read
        if b"/OFF" in content and _SWITCHED_OFF.search(content):
            return True
    return False


def text_on_layers_off(page: PdfPage) -> frozenset[int]:
    """The addresses of the text objects that are not drawn, of those that belong to a layer or a form."""
    import pypdfium2.raw as pdfium

    groups: dict[Group, list[int]] = {}
    everything: list[tuple[object, int, Group, bool]] = []
    for at in range(pdfium.FPDFPage_CountObjects(page)):
        for drawn, group in _objects(pdfium.FPDFPage_GetObject(page, at), (), 0):
            address = address_of(drawn)
            is_text = pdfium.FPDFPageObj_GetType(drawn) == _TEXT
            everything.append((drawn, address, group, is_text))
            if group and is_text:
                groups.setdefault(group, []).append(address)
    unseen: set[int] = set()
    for group, addresses in islice(groups.items(), _MOST_GROUPS):
        for drawn, address, own, is_text in everything:
            shown = own == group if is_text else address in group
            pdfium.FPDFPageObj_SetIsActive(drawn, shown)
        if not _draws_anything(page):
            unseen.update(addresses)
    for drawn, *_ in everything:
        pdfium.FPDFPageObj_SetIsActive(drawn, True)
    return frozenset(unseen)


def _objects(drawn: object, outer: Group, depth: int) -> Iterator[tuple[object, Group]]:
    """An object and all that it holds, each with its group: the forms and the layers that it belongs to."""
    import pypdfium2.raw as pdfium

    group = (*outer, *_layers(drawn))
    yield drawn, group
    if pdfium.FPDFPageObj_GetType(drawn) == _FORM and depth < _DEEPEST_FORM:
        inner = (*group, address_of(drawn))
        for at in range(pdfium.FPDFFormObj_CountObjects(drawn)):
            yield from _objects(pdfium.FPDFFormObj_GetObject(drawn, at), inner, depth + 1)


def _layers(drawn: object) -> Iterator[object]:
    """The layers that an object is marked with: their names, or what pdfium knows them by."""
    import pypdfium2.raw as pdfium

    name, length = (ctypes.c_ushort * _NAME)(), ctypes.c_ulong()
    for at in range(pdfium.FPDFPageObj_CountMarks(drawn)):
        mark = pdfium.FPDFPageObj_GetMark(drawn, at)
        if not pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length):
            continue
        if bytes(name)[: length.value].decode("utf-16-le").rstrip("\0") != "OC":
            continue
        known = pdfium.FPDFPageObjMark_GetParamStringValue(mark, b"Name", name, ctypes.sizeof(name), length)
        yield bytes(name)[: length.value] if known else address_of(mark)


def _draws_anything(page: PdfPage) -> bool:
    """True if the page with what is active on it shows anything."""
    scale = min(1.0, _LARGEST_SIDE / max(*page.get_size(), 1.0))
    bitmap = page.render(scale=scale, fill_color=(*_GROUND, 255), may_draw_forms=False, draw_annots=False)
    picture = bitmap.to_numpy()
    return bool((picture != picture[0, 0]).any())

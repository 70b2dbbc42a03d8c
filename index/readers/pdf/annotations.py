"""What stands on a PDF page besides its content: values of form fields, typed notes, attached files."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdfium2 import PdfPage

    from index.readers.pdf.page import Box

# pdfium's kinds of annotations.
_TEXT_BOX, _FILE, _WIDGET = 3, 17, 20
_TEXTLESS = frozenset((2, 16))  # links and pop-ups
_STAMP = 13
_COMMENTS = frozenset((1, *range(4, 16)))  # sticky notes, lines, shapes, highlights, stamps, ink
# pdfium's kinds of form fields.
_CHECK_BOX, _RADIO, _COMBO, _LIST, _TEXT, _SIGNATURE = 2, 3, 4, 5, 6, 7
_NOT_SHOWN = 2 | 32  # flags of annotations: hidden, not to be viewed
_PASSWORD = 1 << 13  # flag of a field that shows stars
_MULTILINE = 1 << 12
_MOST = 2000  # annotations of a page


class Typed(NamedTuple):
    """Text that was typed into a page: what it says, and where it stands, in the axes of the file."""

    text: str
    box: Box
    several_lines: bool


@dataclass(frozen=True, slots=True)
class Annotations:
    """All that was typed into one page."""

    typed: tuple[Typed, ...] = ()  # stands on the page: values of fields, boxes of text
    comments: tuple[str, ...] = ()  # notes that a viewer shows beside the page
    files: tuple[str, ...] = ()  # names of attached files
    unread: int = 0  # stamps and signatures, whose text is drawn


def read_annotations(page: PdfPage) -> Annotations:
    """All annotations of a page that can be seen; the values of fields only where the document has a form."""
    import pypdfium2.raw as pdfium

    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)
    if not count:
        return Annotations()
    typed: list[Typed] = []
    comments: list[str] = []
    files: list[str] = []
    unread = 0
    for at in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind in _TEXTLESS or pdfium.FPDFAnnot_GetFlags(annotation) & _NOT_SHOWN:
                continue
            if kind == _WIDGET:
                typed += _field(page, annotation)
                unread += _is_signed(page, annotation)
            elif kind == _TEXT_BOX:
                typed += [Typed(text, _box(annotation), True) for text in _contents(annotation)]
            elif kind in _COMMENTS:
                comments += _contents(annotation)
                unread += kind == _STAMP and not list(_contents(annotation))
            elif kind == _FILE:
                files.append(_file_name(pdfium.FPDFAnnot_GetFileAttachment(annotation)))
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return Annotations(tuple(typed), tuple(comments), tuple(files), unread)


def attached_files(document: object) -> list[str]:
    """The names of the files that a document holds, those of a portfolio included."""
    import pypdfium2.raw as pdfium

    count = pdfium.FPDFDoc_GetAttachmentCount(document)
    return [_file_name(pdfium.FPDFDoc_GetAttachment(document, at)) for at in range(count)]


def _field(page: PdfPage, widget: object) -> Iterator[Typed]:
    """The value of a field, or if a box is ticked."""
    import pypdfium2.raw as pdfium

    if page.formenv is None:
        return
    form = page.formenv.raw
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, widget)
    flags = pdfium.FPDFAnnot_GetFormFieldFlags(form, widget)
    text = ""
    if kind in {_CHECK_BOX, _RADIO}:
        text = "☒" if pdfium.FPDFAnnot_IsChecked(form, widget) else "☐"
    elif kind in {_COMBO, _LIST}:
        text = ", ".join(_chosen(form, widget)) or _string(pdfium.FPDFAnnot_GetFormFieldValue, form, widget)
    elif kind == _TEXT and not flags & _PASSWORD:
        text = _string(pdfium.FPDFAnnot_GetFormFieldValue, form, widget)
    if text.strip():
        yield Typed(text, _box(widget), kind == _TEXT and bool(flags & _MULTILINE))


def _chosen(form: object, widget: object) -> Iterator[str]:
    """What a viewer shows of the chosen entries of a list: the field itself holds what is sent."""
    import pypdfium2.raw as pdfium

    for at in range(max(pdfium.FPDFAnnot_GetOptionCount(form, widget), 0)):
        if pdfium.FPDFAnnot_IsOptionSelected(form, widget, at):
            yield _string(pdfium.FPDFAnnot_GetOptionLabel, form, widget, at)


def _is_signed(page: PdfPage, widget: object) -> bool:
    """True for a signature that is shown, with text or without."""
    import pypdfium2.raw as pdfium

    if page.formenv is None:
        return False
    kind = pdfium.FPDFAnnot_GetFormFieldType(page.formenv.raw, widget)
    left, bottom, right, top = _box(widget)
    shown = pdfium.FPDFAnnot_GetAP(widget, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2
    return kind == _SIGNATURE and right > left and top > bottom and shown


def _contents(annotation: object) -> Iterator[str]:
    """The text of a note, if it has any."""
    import pypdfium2.raw as pdfium

    text = _string(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents")
    if text.strip():
        yield text


def _file_name(attachment: object) -> str:
    import pypdfium2.raw as pdfium

    return _string(pdfium.FPDFAttachment_GetName, attachment) if attachment else ""


def _string(function: object, *arguments: object) -> str:
    """What a function of pdfium gives as text: asked for its length in bytes first."""
    assert callable(function)
    length = function(*arguments, None, 0)
    if length <= 2:
        return ""
    units = (ctypes.c_ushort * (length // 2 + 1))()
    function(*arguments, units, length)
    return bytes(units)[: length - 2].decode("utf-16-le", "replace")


def _box(annotation: object) -> Box:
    import pypdfium2.raw as pdfium

    sides = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, sides)
    left, right = sorted((sides.left, sides.right))
    bottom, top = sorted((sides.bottom, sides.top))
    return left, bottom, right, top

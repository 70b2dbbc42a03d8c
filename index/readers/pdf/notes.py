"""What `qa index` says about a PDF: what of it was not read, and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.readers.pdf.annotations import attached_files
from index.readers.pdf.ocr.scans import ocr_remark
from index.readers.pdf.ocr.tesseract import SCANNED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pypdfium2 import PdfDocument

    from index.readers.pdf.ocr.tesseract import Tesseract
    from index.readers.pdf.page import PageLines

_XFA = frozenset((2, 3))  # pdfium's numbers for forms that only some viewers show whole
_FEW_UNMAPPED = 20  # characters without a letter that are no loss worth a remark
_MOST_NAMES = 10


def page_notes(pages: Sequence[PageLines], ocr: Tesseract | None) -> Iterator[str]:
    """What a reader of the answers should know about the pages."""
    numbered = list(enumerate(pages, 1))
    blank = [number for number, page in numbered if is_picture(page)]
    scanned = [number for number, page in numbered if page.scanned]
    recognised = [number for number, page in numbered if page.confidences]
    if ocr is not None and recognised:
        yield f"{ocr_remark(ocr, pages)}: {numbers_of(recognised)}"
    if blank:
        yield f"{SCANNED if ocr is None else 'scanned, no text found by OCR'}: {numbers_of(blank)}"
    if scanned:
        yield f"scanned, read by its text layer: {numbers_of(scanned)}"
    unmapped = [number for number, page in numbered if page.unmapped]
    count = sum(page.unmapped for page in pages)
    if count > _FEW_UNMAPPED:
        yield f"{count:,} characters whose fonts do not say what letters they are: {numbers_of(unmapped)}"
    comments = [number for number, page in numbered if page.comments]
    if comments:
        yield f"typed notes, read after the text of their page: {numbers_of(comments)}"
    unread = [number for number, page in numbered if page.unread]
    if unread:
        yield f"stamps and signatures not read: {numbers_of(unread)}"


def document_notes(document: PdfDocument, pages: Sequence[PageLines]) -> Iterator[str]:
    """What the file holds besides its pages."""
    names = [*attached_files(document), *(name for page in pages for name in page.files)]
    names = [name or "one without a name" for name in dict.fromkeys(names)]
    if names:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        yield f"attachments not read: {', '.join(names[:_MOST_NAMES])}{more}"
    if document.get_formtype() in _XFA:
        yield "an XFA form: read only as far as any viewer shows it; print it to a new PDF and index that"


def numbers_of(pages: Sequence[int]) -> str:
    """Page numbers in words, the first ten of them."""
    more = f" and {len(pages) - 10} more" if len(pages) > 10 else ""
    return f"page{'s' if len(pages) > 1 else ''} {', '.join(map(str, pages[:10]))}{more}"


def is_picture(page: PageLines) -> bool:
    """True for a page that is nothing but a picture, or has only a scanner's stamp beside it."""
    return page.picture_only or (not page.lines and not page.hidden and page.pictures)

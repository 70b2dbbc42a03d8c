"""The PDF reader: paragraphs and table rows by page, title and date.

Pages are numbered as they lie in the file. A page that is only scanned has no text: it is read by OCR where
that is wanted, and named in a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.builder import TextBuilder, real_title
from index.readers.metadata.dates import parse_date
from index.readers.pdf.content.reading import PageReader
from index.readers.pdf.content.seen.layers import has_layers_off
from index.readers.pdf.notes import document_notes, is_picture, numbers_of, page_notes
from index.readers.pdf.ocr.scans import recognise
from index.readers.pdf.ocr.tesseract import SCANNED
from index.readers.pdf.page import PageLines
from index.readers.pdf.reflow import add_pages
from index.types import Dated, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.pdf.ocr.tesseract import Tesseract

MAX_PAGES = 20_000
_MAX_DAMAGED = 100  # pages; a file with more is not worth the time
_PASSWORD, _SECURITY = 4, 5  # pdfium's numbers for a wrong password and an unknown kind of encryption


def read_pdf(data: bytes, name: str, ocr: Tesseract | None = None) -> Reading:  # noqa: ARG001  as every reader
    """The text of a PDF, with its pages; title and date are those of its metadata.

    Raises ReadError for a file that is damaged, needs a password, or has no text layer; with `ocr`, scanned
    pages are read from their picture.
    """
    import pypdfium2 as pdfium

    if b"%PDF-" not in data[:2048]:
        raise ReadError("not a PDF file", "give it the suffix of its format")
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        raise _open_error(exc.err_code) from exc
    try:
        document.init_forms()
        return _reading(PageReader(document, has_layers_off(document, data)), ocr)
    finally:
        document.close()


def _reading(reader: PageReader, ocr: Tesseract | None) -> Reading:
    """All pages of an open document."""
    builder = TextBuilder()
    document = reader.document
    pages = _read_pages(reader, builder.notes, ocr)
    add_pages(builder, [page.lines for page in pages])
    for number, page in enumerate(pages):
        for text, by in page.hidden:
            builder.hide_on(number, text, by)
    builder.notes += [*page_notes(pages, ocr), *document_notes(document, pages)]
    if builder.is_empty or (not builder.length and any(page.pictures for page in pages)):
        raise _no_text(builder.notes, ocr)
    metadata = document.get_metadata_dict()
    largest = builder.first_heading(deepest=1)
    date = parse_date(metadata.get("CreationDate", "")) or parse_date(metadata.get("ModDate", ""))
    return builder.reading(
        # Capitals alone are what a form or an authority is called, seldom the document.
        title=real_title(metadata.get("Title")) or (None if largest and largest.isupper() else largest),
        date=Dated(date, "created") if date else None,
    )


def _read_pages(reader: PageReader, notes: list[str], ocr: Tesseract | None) -> list[PageLines]:
    """Every page's lines; a page that cannot be loaded is empty, and named in a note."""
    import pypdfium2 as pdfium

    pages: list[PageLines] = []
    damaged: list[int] = []
    unrecognised: dict[str, list[int]] = {}  # by reason
    document = reader.document
    count = len(document)
    for number in range(1, min(count, MAX_PAGES) + 1):
        try:
            pdf_page = document[number - 1]
            try:
                pages.append(reader.read(pdf_page))
                if ocr is not None and _needs_ocr(pages[-1]):
                    pages[-1] = recognise(pdf_page, pages[-1], ocr)
            except ReadError as exc:
                unrecognised.setdefault(exc.cause, []).append(number)
            finally:
                pdf_page.close()
        except pdfium.PdfiumError:
            damaged.append(number)
            pages.append(PageLines(()))
            if len(damaged) == _MAX_DAMAGED:
                notes.append(f"reading stopped at page {number}: too many damaged pages")
                break
    notes += [f"{reason}: {numbers_of(numbers)}" for reason, numbers in unrecognised.items()]
    if damaged:
        notes.append(f"damaged and not read: {numbers_of(damaged)}")
    if count > MAX_PAGES:
        notes.append(f"only the first {MAX_PAGES:,} of {count:,} pages were read")
    return pages


def _needs_ocr(page: PageLines) -> bool:
    """True for a page that is a picture, and where fonts do not say what most of the characters are."""
    characters = sum(len(word.text) for line in page.lines for word in line.words)
    return is_picture(page) or page.unmapped > characters / 2


def _no_text(notes: Sequence[str], ocr: Tesseract | None) -> ReadError:
    """The reason for having read nothing of a file."""
    hint = "open it in a PDF viewer to see what it shows"
    if ocr is None:
        return ReadError(SCANNED, "read it by OCR", option="ocr")
    return ReadError("; ".join(notes) or "no text", hint)


def _open_error(code: int | None) -> ReadError:
    """The reason for not opening a file, in plain words."""
    if code == _PASSWORD:
        return ReadError("needs a password", "save a copy without a password and index that")
    if code == _SECURITY:
        return ReadError(
            "encrypted in a way that cannot be read", "save a copy without encryption and index that"
        )
    return ReadError("a damaged or incomplete PDF file", "get it again, or print it to a new PDF file")

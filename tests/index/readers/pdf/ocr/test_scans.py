"""Scanned pages and images: the text in the picture, with a remark on how sure it is."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import NoText, ReadError
from index.readers.formats import ReadingOptions, is_up_to_date, read, reader_name, supported, uses_ocr
from index.readers.pdf.ocr.images import count_pages, read_image
from index.readers.pdf.ocr.tesseract import Tesseract, find_tesseract
from index.readers.pdf.reader import read_pdf
from tests.support.fake_tesseract import SENTENCE, fake_tesseract, hocr_page, picture, png, scan, tiff
from tests.support.pdf_files import Words, paragraph, pdf
from tests.support.readings import texts

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a script")
real = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")

DOT = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 00> EI Q"  # a picture over the whole page
LETTER = [
    Words("Report of the harbour master", y=720, size=22),
    *paragraph(
        "The harbour was closed on Monday because of the storm that had come up from the",
        "west during the night, and all ferries to the islands stayed in port until noon.",
        y=660,
        size=12,
    ),
    *paragraph("It was opened again on Tuesday.", y=600, size=12),
    *(Words(text, x=x, y=540, size=12) for text, x in (("Ferries", 72), ("2023", 300), ("2022", 400))),
    *(Words(text, x=x, y=522, size=12) for text, x in (("Islands", 72), ("1,234", 300), ("1,100", 400))),
]


@pytest.fixture
def engine(tmp_path: Path) -> Tesseract:
    """The fake program, which finds one sentence on every page."""
    return Tesseract(str(fake_tesseract(tmp_path / "bin")), "5.9.1", "eng")


@posix
def test_only_scanned_pages_are_recognised(engine: Tesseract) -> None:
    """Pages with text are read by it; each page keeps its number, and the remark names those by OCR."""
    data = pdf([DOT], [Words("A page of text.")], [DOT])
    reading = read_pdf(data, "a.pdf", engine)
    assert texts(reading) == [SENTENCE, "A page of text.", SENTENCE]
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert reading.notes == (
        "read by OCR (Tesseract 5.9.1, eng): mean confidence 95 %, 0 of 12 words under 60 %: pages 1, 3",
    )
    assert len(Path(f"{engine.program}.log").read_text(encoding="utf-8").splitlines()) == 2
    assert read_pdf(data, "a.pdf").notes == ("scanned, no text layer: pages 1, 3",)


@posix
def test_a_stamp_beside_a_scan_is_part_of_its_picture(engine: Tesseract) -> None:
    """A scanner's words are no text layer; typed notes, which are not drawn, stay."""
    note = "/Annots[<</Type/Annot/Subtype/Text/Rect[20 20 40 40]/Contents(Paid in May.)>>]"
    data = pdf([DOT, Words("Scanned 2021", y=20)])
    assert texts(read_pdf(data, "a.pdf", engine)) == [SENTENCE]
    assert "Scanned 2021" in read_pdf(data, "a.pdf").text
    noted = data.replace(b"/Rotate 0", f"/Rotate 0{note}".encode())
    assert texts(read_pdf(noted, "a.pdf", engine))[0] == SENTENCE
    assert "Paid in May." in read_pdf(noted, "a.pdf", engine).text


@posix
def test_letters_that_a_font_does_not_name_are_read_from_the_picture(engine: Tesseract) -> None:
    """Such a page has a text, which says nothing."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type"
        b"/FontDescriptor/FontName/X/Flags 4/FontBBox[0 0 900 900]/Ascent 900/Descent -200>>/DW 600>>]>>"
    )
    named = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    data = pdf([Words("Every letter of this page has a number of the font alone.")]).replace(named, font)
    (note,) = read_pdf(data, "a.pdf").notes
    assert "fonts do not say what letters they are" in note
    reading = read_pdf(data, "a.pdf", engine)
    assert texts(reading) == [SENTENCE]
    assert [note.partition(" (")[0] for note in reading.notes] == ["read by OCR"]


@posix
def test_unsure_words_stay_and_are_counted(tmp_path: Path) -> None:
    """They are in the text: a reader may know better."""
    pages = hocr_page("Sure words.", confidence=95) + hocr_page("Ha1f unsvre.", confidence=40)
    engine = Tesseract(str(fake_tesseract(tmp_path / "bin", pages)), "5.9.1", "eng+deu")
    reading = read_image(picture(), "a.png", engine)
    assert texts(reading) == ["Sure words.", "Ha1f unsvre."]
    assert reading.notes == (
        "read by OCR (Tesseract 5.9.1, eng+deu): mean confidence 68 %, 2 of 4 words under 60 %",
    )


@posix
def test_a_page_that_fails_costs_that_page(engine: Tesseract) -> None:
    """The others are read; reason and page are named. Where none is left, that is the file's reason."""
    data = pdf([Words("A page of text.")], [DOT])
    gone = replace(engine, program=engine.program + "-gone")
    reading = read_pdf(data, "a.pdf", gone)
    assert texts(reading) == ["A page of text."]
    first, second = reading.notes
    assert first.endswith("-gone cannot be run: No such file or directory: page 2")
    assert second == "scanned, no text found by OCR: page 2"
    with pytest.raises(ReadError, match=r"cannot be run: No such file or directory: page 1"):
        read_pdf(pdf([DOT]), "a.pdf", gone)
    with pytest.raises(ReadError, match=r"^no text$"):
        read_pdf(pdf([]), "a.pdf", engine)


def test_without_ocr_a_scan_is_refused_as_such() -> None:
    """The option that would read it is named."""
    with pytest.raises(ReadError, match=r"^scanned, no text layer$") as caught:
        read_pdf(pdf([DOT]), "a.pdf")
    assert caught.value.options == ("ocr",)


@posix
def test_an_image_without_words_is_no_failure_of_reading(engine: Tesseract) -> None:
    """A photograph; a file that the program cannot open is one."""
    with pytest.raises(NoText):
        read_image(picture(b"BLANK"), "a.jpg", engine)
    with pytest.raises(ReadError, match="cannot be read"):
        read_image(picture(b"FAIL"), "a.jpg", engine)


@posix
def test_images_are_a_format_only_with_ocr(engine: Tesseract) -> None:
    """So is the program's name in that of the reader, for PDF too, and for nothing else."""
    on, off = ReadingOptions(ocr=engine), ReadingOptions()
    assert read(picture(), "a.JPEG", on).text == SENTENCE
    assert (supported("a.png", on), supported("a.png")) == (True, False)
    assert reader_name("a.png", on) == "image/1+tesseract/5.9.1/eng"
    assert reader_name("a.pdf", on) == f"{reader_name('a.pdf')}+tesseract/5.9.1/eng"
    assert reader_name("a.txt", on) == reader_name("a.txt")
    assert [uses_ocr(name, on) for name in ("a.pdf", "a.gif", "a.txt")] == [True, True, False]
    assert not uses_ocr("a.pdf", off)
    with pytest.raises(ReadError, match=r"no reader for \.png files"):
        read(png([]), "a.png")


def test_what_ocr_read_stays_where_it_is_off() -> None:
    """Turning it on, another language or version read again; turning it off does not."""
    plain, english = reader_name("a.pdf"), Tesseract("t", "5.9.1", "eng")
    on, off = ReadingOptions(ocr=english), ReadingOptions()
    by_ocr = reader_name("a.pdf", on)
    assert is_up_to_date(by_ocr, "a.pdf", on)
    assert is_up_to_date(by_ocr, "a.pdf", off)
    assert is_up_to_date(plain, "a.pdf", off)
    assert not is_up_to_date(plain, "a.pdf", on)
    assert not is_up_to_date(by_ocr, "a.pdf", ReadingOptions(ocr=replace(english, languages="deu")))
    assert not is_up_to_date(by_ocr, "a.pdf", ReadingOptions(ocr=replace(english, version="5.10")))
    assert not is_up_to_date(f"pdf/0+{english.name}", "a.pdf", off)


@real
def test_the_real_program_reads_a_scan() -> None:
    """Title, paragraphs and table rows as on a page with text; also where the page lies on its side."""
    for rotate in (0, 90, 180):
        reading = read_pdf(pdf([scan(LETTER)], rotate=rotate), "a.pdf", find_tesseract("eng"))
        assert reading.title == "Report of the harbour master"
        first, second = texts(reading, "paragraph")
        assert first == (
            "The harbour was closed on Monday because of the storm that had come up from the west during the "
            "night, and all ferries to the islands stayed in port until noon."
        )
        assert second == "It was opened again on Tuesday."
        rows = texts(reading, "row")
        assert [row.replace(" | ", " ") for row in rows] == ["Ferries 2023 2022", "Islands 1,234 1,100"]
        (note,) = reading.notes
        assert note.startswith("read by OCR (Tesseract ")
        assert note.endswith("under 60 %: page 1")


@real
def test_the_real_program_reads_images() -> None:
    """A PNG file, and a TIFF file of two pages."""
    engine = find_tesseract("eng")
    reading = read_image(png(LETTER), "a.png", engine)
    assert texts(reading, "paragraph")[-1] == "It was opened again on Tuesday."
    second = paragraph("The second page is about the lighthouse.", size=14)
    reading = read_image(tiff(LETTER, second), "a.tiff", engine)
    assert [page.number for page in reading.pages] == [1, 2]
    assert reading.pages[1].span.of(reading.text) == "The second page is about the lighthouse."


@posix
@pytest.mark.parametrize("pages", [1, 3])
def test_every_page_of_a_tiff_file_has_its_time(engine: Tesseract, pages: int) -> None:
    """The limit is so many times that of a page; a damaged chain of pages has an end."""
    data = tiff(*([[Words("x")]] * pages), dpi=20)
    assert count_pages(data) == pages
    loop = data[:-4] + data[4:8]
    assert count_pages(loop) == 20_000
    assert [count_pages(head) for head in (b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"\x89PNG")] == [1] * 4

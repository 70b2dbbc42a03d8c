"""EPUB: chapters in the order of the spine, each read as HTML."""

from __future__ import annotations

import io
import zipfile

import pytest

from index.errors import ReadError
from index.readers.markup.epub import read_epub
from index.types import Reading
from tests.support.readings import check_damaged, check_reading, mutations, texts

CONTAINER = '<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>'
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">
<metadata><dc:title>A Book</dc:title><dc:date>2019-05-01</dc:date></metadata>
<manifest><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="one%20a.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="cover.png" media-type="image/png"/></manifest>
<spine><itemref idref="a"/><itemref idref="b"/><itemref idref="c"/></spine></package>"""
CHAPTER = '<?xml version="1.0"?><!DOCTYPE html><html><head><title/></head><body><h1>{}</h1><p>{}</p>'


def book(**changed: str | None) -> bytes:
    """A book of two chapters; `changed` names parts to change or leave out, "/" and "." written as "_"."""
    parts: dict[str, str | None] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OPS/book.opf": PACKAGE,
        "OPS/two.xhtml": CHAPTER.format("Two", "The end."),
        "OPS/one a.xhtml": CHAPTER.format("One", "It began."),
        "../../escape.xhtml": CHAPTER.format("No", "Nowhere."),
    }
    for name in list(parts):
        key = name.replace("/", "_").replace(".", "_").replace("-", "_").replace(" ", "_")
        parts[name] = changed.get(key, parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            if text is not None:
                archive.writestr(name, text)
    return out.getvalue()


def read(data: bytes) -> Reading:
    reading = read_epub(data, "a.epub")
    check_reading(reading)
    return reading


def test_chapters_in_reading_order() -> None:
    """The spine decides, not the archive; an empty XHTML title does not swallow the chapter."""
    reading = read(book())
    assert texts(reading) == ["One", "It began.", "Two", "The end."]
    assert reading.title == "A Book"
    assert reading.date is not None
    assert reading.date.value == "2019-05-01"


def test_contents_notes_and_printed_pages() -> None:
    """Neither a list of contents nor the number of a printed page is text; a note is, where it stands."""
    contents = CHAPTER.format("One", "It began.<nav epub:type='toc'><ol><li><a href='x'>One</a></ol></nav>")
    page = "It <span epub:type='pagebreak' role='doc-pagebreak'>12</span>ended.<sup>1</sup></p>"
    page += "<aside epub:type='footnote'><p>1. In May.</p></aside><p>Fin."
    only_contents = "<html><body><nav><ol><li><a href='x'>One</a></li></ol></nav></body></html>"
    reading = read(book(OPS_one_a_xhtml=contents, OPS_two_xhtml=CHAPTER.format("Two", page)))
    assert texts(reading) == ["One", "It began.", "Two", "It ended.¹", "1. In May.", "Fin."]
    assert texts(read(book(OPS_one_a_xhtml=only_contents)))[0] == "Two"


def test_tables_and_formulas_of_a_book() -> None:
    """They are those of HTML, with the prefixes of XML too."""
    body = "<m:math><m:msup><m:mi>x</m:mi><m:mn>2</m:mn></m:msup></m:math></p>"
    body += "<table><tr><th>a</th><th>b</th></tr>"
    reading = read(
        book(OPS_one_a_xhtml=CHAPTER.format("One", body + "<tr><td>c</td><td>1</td></tr></table><p>"))
    )
    assert texts(reading)[:4] == ["One", "x²", "a | b", "c | 1"]
    assert len(reading.tables) == 1


def test_notes_of_chapters_are_one_remark() -> None:
    """What was left out is counted over the whole book."""
    struck = CHAPTER.format("A", "b <del>c</del>")
    assert read(book(OPS_one_a_xhtml=struck, OPS_two_xhtml=struck)).notes == (
        "2 struck-out passages left out",
    )


def test_a_missing_chapter_is_noted() -> None:
    """The rest is read."""
    reading = read(book(OPS_two_xhtml=None))
    assert texts(reading) == ["One", "It began."]
    assert reading.notes == ("1 of its chapters are not in the file",)


def test_a_container_that_says_nothing() -> None:
    """The package file is found by its suffix."""
    assert texts(read(book(META_INF_container_xml=None)))[0] == "One"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "not an EPUB book"),
        (book(OPS_book_opf=None), "no package file"),
        (book(OPS_book_opf="<package"), "no package file"),
        (book(OPS_book_opf='<!DOCTYPE p [<!ENTITY a "b">]><package/>'), "entities"),
        (book(OPS_two_xhtml="", OPS_one_a_xhtml=" "), "no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    """The reason is in plain words."""
    with pytest.raises(ReadError) as caught:
        read_epub(data, "a.epub")
    assert cause in caught.value.cause


def test_mutated_files() -> None:
    """Sixty damaged books give a reading or a `ReadError`."""
    check_damaged(read_epub, mutations(book(), 60, seed=13))

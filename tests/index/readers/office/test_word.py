"""Word: body in order, changes as they would be accepted, nothing hidden, nothing dangerous."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

import pytest
from docx import Document
from docx.oxml import parse_xml
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.limits.archive import Archive
from index.readers.office.word import read_docx
from index.types import Reading
from tests.support.readings import attempt, check_damaged, check_reading, hidden, mutations, texts

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]  # what `Document()` gives has no public type
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body is this XML; `<R>` stands for a run with a text in it."""
    document = Document()
    body = document.element.body
    xml = xml.replace("<R>", "<w:r><w:t>").replace("</R>", "</w:t></w:r>")
    for element in parse_xml(f"<w:body {W}>{xml}</w:body>"):
        body.insert(len(body) - 1, element)
    return saved(document)


def replaced(data: bytes, part: str, content: bytes | None) -> bytes:
    """The archive with one part changed, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        if content is not None:
            new.writestr(part, content)
    return out.getvalue()


def read(data: bytes) -> Reading:
    reading = read_docx(data, "a.docx")
    check_reading(reading)
    return reading


def test_a_document_in_order() -> None:
    """Headings by style, items, rows and paragraphs; title and date from the properties."""
    document = Document()
    document.add_heading("The Summit", 0)
    document.add_heading("Background", 2)
    document.add_paragraph("Talks were called off.")
    document.add_paragraph("first point", style="List Bullet")
    table = document.add_table(2, 2)
    for at, word in enumerate(("Year", "Sum", "2025", "12")):
        table.cell(at // 2, at % 2).text = word
    document.add_paragraph("The end.")
    document.core_properties.title = "Summit Report"
    document.core_properties.created = dt.datetime(2025, 10, 21, tzinfo=dt.UTC).replace(tzinfo=None)
    reading = read(saved(document))
    assert [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", 1, "The Summit"),
        ("heading", 2, "Background"),
        ("paragraph", 0, "Talks were called off."),
        ("item", 0, "first point"),
        ("row", 0, "Year | Sum"),
        ("row", 0, "2025 | 12"),
        ("paragraph", 0, "The end."),
    ]
    assert reading.title == "Summit Report"
    assert reading.date is not None
    assert reading.date.value == "2025-10-21"


def test_a_part_that_is_named_many_times_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file may name its styles thousands of times; they are large."""
    data = with_body("<w:p><R>It was late.</R></w:p>")
    name = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read(name).decode()
    again = '<Relationship Id="again{}" Type="http://x/relationships/styles" Target="styles.xml"/>'
    more = "".join(again.format(at) for at in range(99))
    parsed = list[str]()
    xml = Archive.xml

    def counting(self: Archive, part: str) -> object:
        parsed.append(part)
        return xml(self, part)

    monkeypatch.setattr(Archive, "xml", counting)
    links = links.replace("</Relationships>", f"{more}</Relationships>")
    assert texts(read(replaced(data, name, links.encode()))) == ["It was late."]
    assert parsed.count("word/styles.xml") == 1


def test_the_date_of_a_template_is_no_date() -> None:
    """A library's empty file says 2013; nobody wrote the document then."""
    document = Document()
    document.add_paragraph("text")
    assert read(saved(document)).date is None


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><R>new</R></w:ins></w:p>",
            ["new"],
        ),
        (
            "<w:p><w:moveFrom><R>old</R></w:moveFrom><R>stays</R></w:p>",
            ["stays"],
        ),
        (
            "<w:p><R>a</R><w:hyperlink><R>link</R></w:hyperlink></w:p>",
            ["alink"],
        ),
        ("<w:sdt><w:sdtContent><w:p><R>control</R></w:p></w:sdtContent></w:sdt>", ["control"]),
        (
            "<w:p><R>10</R><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>6</w:t></w:r></w:p>",
            ["10⁶"],
        ),
        (
            "<w:p><w:r><w:t>out</w:t><w:pict><w:txbxContent><w:p><R>box</R></w:p></w:txbxContent></w:pict></w:r></w:p>",
            ["out", "box"],
        ),
        ("<w:p><w:r><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r></w:p>", ["7"]),
        ("<w:tbl><w:tr><w:tc><w:p><R>framed</R></w:p></w:tc></w:tr></w:tbl>", ["framed"]),
    ],
    ids=["changed", "moved", "link", "control", "raised", "text box", "field", "frame"],
)
def test_what_is_text(xml: str, expected: list[str]) -> None:
    """What a person sees once all changes are accepted."""
    assert texts(read(with_body(xml))) == expected


def test_hidden_text_is_left_out_and_noted() -> None:
    """Nobody sees it, so it is no evidence."""
    secret = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>"
    reading = read(with_body(f"<w:p><R>open</R>{secret}</w:p>"))
    assert reading.text == "open"
    assert hidden(reading) == [("secret", "not displayed")]


def test_footnotes_follow_their_paragraph() -> None:
    """A note is read after the paragraph that refers to it."""
    data = with_body(
        '<w:p><w:r><w:t>text</w:t><w:footnoteReference w:id="2"/></w:r></w:p><w:p><R>next</R></w:p>'
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read("word/_rels/document.xml.rels")
    link = b'<Relationship Id="rId99" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>'
    data = replaced(data, "word/_rels/document.xml.rels", links.replace(b"</Relationships>", link))
    note = f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:t>noted</w:t></w:p></w:footnote></w:footnotes>'
    assert texts(read(replaced(data, "word/footnotes.xml", note.encode()))) == ["text", "noted", "next"]


SIMPLE = with_body("<w:p><R>Some text that is here.</R></w:p>")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "not a Word file"),
        (b"hello", "not a Word file"),
        (SIMPLE[:-30], "cut short or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old binary Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (replaced(SIMPLE, "word/document.xml", None), "not a Word file"),
        (replaced(SIMPLE, "word/document.xml", b"<w:document"), "a damaged Word file"),
        (
            replaced(SIMPLE, "word/document.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "declares entities",
        ),
        (
            replaced(SIMPLE, "word/x.xml", '<!DOCTYPE a SYSTEM "http://a.example">'.encode("utf-16")),
            "entities",
        ),
        (with_body("<w:p/>"), "no text"),
    ],
    ids=["empty", "no zip", "cut", "old", "encrypted", "no body", "broken", "entities", "utf-16", "blank"],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    """The reason is in plain words, with what to do."""
    with pytest.raises(ReadError) as caught:
        read_docx(data, "a.docx")
    assert cause in caught.value.cause
    assert caught.value.hint


def test_mutated_files() -> None:
    """Thirty damaged archives and thirty with a damaged body give a reading or a `ReadError`."""
    with zipfile.ZipFile(io.BytesIO(SIMPLE)) as archive:
        body = archive.read("word/document.xml")
    damaged = [SIMPLE, *mutations(SIMPLE, 30, seed=3)]
    damaged += [replaced(SIMPLE, "word/document.xml", xml) for xml in mutations(body, 30, seed=4)]
    check_damaged(read_docx, damaged)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text("ab \t\n.é", max_size=12), min_size=1, max_size=6))
def test_spans_hold(lines: list[str]) -> None:
    """Whatever is written, blocks are trimmed, in order and apart."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    result = attempt(read_docx, saved(document))
    count = len(result.blocks) if isinstance(result, Reading) else 0
    assert count == sum(bool(line.strip()) for line in lines)


def with_parts(data: bytes, parts: Mapping[str, tuple[str, str | bytes]]) -> bytes:
    """The document with more parts: name to kind of the link and content; the link's id is the kind."""
    name = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = archive.read(name).decode()
    for part, (kind, content) in parts.items():
        link = f'<Relationship Id="x{kind}{part}" Type="http://x/{kind}" Target="{part}"/></Relationships>'
        links = links.replace("</Relationships>", link)
        encoded = content.encode() if isinstance(content, str) else content
        data = replaced(data, f"word/{part}", encoded)
    return replaced(data, name, links.encode())


def running(kind: str, text: str, number: int = 1) -> dict[str, tuple[str, str]]:
    tag = {"header": "hdr", "footer": "ftr"}[kind]
    inner = text if text.startswith("<") else f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
    return {f"{kind}{number}.xml": (kind, f"<w:{tag} {W}>{inner}</w:{tag}>")}


R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def test_headers_and_footers_are_read_once() -> None:
    """Header first, footer last; one that is switched off is not shown; page numbers are left out."""
    page = "<w:fldSimple w:instr=' PAGE '><w:r><w:t>3</w:t></w:r></w:fldSimple>"
    footer = f"<w:p><w:r><w:t>Mill Lane 4</w:t><w:tab/><w:t>Page </w:t></w:r>{page}</w:p>"
    parts = running("header", "Rules, version 3.2") | running("footer", footer)
    parts |= running("header", "never shown", 2) | running("footer", f"<w:p>{page}</w:p>", 2)
    section = "".join(
        f'<w:{tag}Reference {R} w:type="{kind}" r:id="x{tag}{tag}{number}.xml"/>'
        for tag, kind, number in (
            ("header", "default", 1),
            ("footer", "default", 1),
            ("header", "first", 2),
            ("footer", "even", 2),
        )
    )
    body = (
        f"<w:p><w:pPr><w:sectPr>{section}</w:sectPr></w:pPr><R>One.</R></w:p>"
        f"<w:p><w:pPr><w:sectPr>{section}</w:sectPr></w:pPr><R>Two.</R></w:p>"
    )
    reading = read(with_parts(with_body(body), parts))
    assert texts(reading) == ["Rules, version 3.2", "One.", "Mill Lane 4", "Two."]


def test_a_first_page_of_its_own() -> None:
    """With a title page the header of the first page is read as well."""
    parts = running("header", "Letterhead") | running("header", "Page header", 2)
    section = (
        f'<w:headerReference {R} w:type="first" r:id="xheaderheader1.xml"/>'
        f'<w:headerReference {R} w:type="default" r:id="xheaderheader2.xml"/><w:titlePg/>'
    )
    body = f"<w:p><w:pPr><w:sectPr>{section}</w:sectPr></w:pPr><R>Text.</R></w:p>"
    assert texts(read(with_parts(with_body(body), parts))) == ["Letterhead", "Page header", "Text."]


NUMBERS = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def numbered(level: int, text: str) -> str:
    looks = f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr>"
    return f"<w:p><w:pPr>{looks}</w:pPr><R>{text}</R></w:p>"


def test_numbers_are_part_of_what_they_number() -> None:
    """The number of a clause is in its block; an empty paragraph counts, and is not written."""
    body = numbered(0, "Term") + numbered(1, "It runs.") + numbered(1, " ") + numbered(1, "It ends.")
    data = replaced(with_body(body), "word/numbering.xml", NUMBERS.encode())
    assert texts(read(data)) == ["1. Term", "1.1 It runs.", "1.3 It ends."]


def test_bullets_stand_before_their_item() -> None:
    """They are in the text, and in no block."""
    document = Document()
    document.add_paragraph("first point", style="List Bullet")
    document.add_paragraph("step", style="List Number")
    reading = read(saved(document))
    assert reading.text == "• first point\n\n1. step"
    assert texts(reading) == ["first point", "1. step"]


def test_an_embedded_page_is_read() -> None:
    """HTML that Word shows as part of the document, also as a page saved in one file."""
    page = "<!DOCTYPE html><p>There are 212 boats.</p><table><tr><td>a</td><td>1</td></tr></table>"
    chunk = f'<w:altChunk {R} r:id="xaFChunkpage.html"/>'
    reading = read(
        with_parts(with_body(f"<w:p><R>Report</R></w:p>{chunk}"), {"page.html": ("aFChunk", page)})
    )
    assert texts(reading) == ["Report", "There are 212 boats.", "a | 1"]
    saved_page = f"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{page}"
    chunk = chunk.replace("page.html", "page.mht")
    data = with_parts(with_body(f"<w:p><R>Report</R></w:p>{chunk}"), {"page.mht": ("aFChunk", saved_page)})
    assert texts(read(data))[1] == "There are 212 boats."


def test_page_numbers_of_a_header_are_left_out() -> None:
    """Fields with a result on its own runs: "Page 3 of 9" is no line of the header."""
    fields = [
        f"<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>"
        f"<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:t>{shown}</w:t></w:r>"
        "<w:r><w:fldChar w:fldCharType='end'/></w:r>"
        for code, shown in (("PAGE", "3"), ("NUMPAGES", "9"))
    ]
    line = "<w:r><w:t xml:space='preserve'>%s</w:t></w:r>"
    lines = f"<w:p>{line % 'Rules'}</w:p><w:p>{line % 'Page '}{fields[0]}{line % ' of '}{fields[1]}</w:p>"
    section = f'<w:sectPr><w:headerReference {R} w:type="default" r:id="xheaderheader1.xml"/></w:sectPr>'
    data = with_body(f"<w:p><w:pPr>{section}</w:pPr><R>Text.</R></w:p>")
    assert texts(read(with_parts(data, running("header", lines)))) == ["Rules", "Text."]


def test_an_embedded_document_is_read() -> None:
    """A Word file that is shown as a part of another, and one in that; files nested without end are named."""
    data = SIMPLE
    for text in ("Fourth", "Third", "Second", "First"):
        chunk = f'<w:p><R>{text}</R></w:p><w:altChunk {R} r:id="xaFChunkinner.docx"/>'
        body = with_body(chunk)
        data = with_parts(body, {"inner.docx": ("aFChunk", data)})
    reading = read(data)
    assert texts(reading)[:4] == ["First", "Second", "Third", "Fourth"]
    assert [note for note in reading.notes if "embedded" in note] == [
        "an embedded part was not read: inner.docx: it is of a kind that is not read"
    ]


def test_an_embedded_part_that_cannot_be_read_is_named() -> None:
    """What is shown and not read is told."""
    chunk = f'<w:p><R>Report</R></w:p><w:altChunk {R} r:id="xaFChunkinner.docx"/>'
    reading = read(with_parts(with_body(chunk), {"inner.docx": ("aFChunk", "PK")}))
    assert any("inner.docx" in note for note in reading.notes)


def test_an_embedded_part_that_is_shown_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read as often as the document shows it, up to a limit; the rest is counted."""
    monkeypatch.setattr("index.readers.office.word._MOST_EMBEDDED", 45)
    chunk = f'<w:altChunk {R} r:id="xaFChunkpage.html"/>'
    reading = read(with_parts(with_body(chunk * 5), {"page.html": ("aFChunk", "<p>Twenty bytes.</p>")}))
    assert texts(reading) == ["Twenty bytes."] * 2
    assert "3 embedded parts were not read: they are too long together" in reading.notes


def test_the_strict_dialect_is_read() -> None:
    """Other namespaces, same names."""
    with zipfile.ZipFile(io.BytesIO(SIMPLE)) as archive:
        body = archive.read("word/document.xml")
    strict = body.replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert strict != body
    assert texts(read(replaced(SIMPLE, "word/document.xml", strict))) == ["Some text that is here."]


def test_a_document_of_pictures_says_so() -> None:
    """There are words to see, and none to read."""
    data = with_parts(with_body("<w:p/>"), {"scan.png": ("image", b"png")})
    with pytest.raises(ReadError, match="only pictures"):
        read_docx(data, "a.docx")

"""OpenDocument: texts, sheets, slides, as LibreOffice and others write them."""

from __future__ import annotations

import io
import zipfile

import pytest

from index.errors import ReadError
from index.readers.office.opendocument import read_opendocument
from index.types import Reading
from tests.support.readings import check_damaged, check_reading, hidden, mutations, texts

NAMES = ["office", "style", "text", "table", "draw", "presentation", "meta", "number", "chart"]
SPACES = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in NAMES)
SPACES += (
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:math="http://www.w3.org/1998/Math/MathML"'
)


def part(tag: str, inner: str) -> str:
    return f"<office:{tag} {SPACES}>{inner}</office:{tag}>"


def packed(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def file_of(kind: str, body: str, styles: str = "", masters: str = "", **more: str) -> bytes:
    """A file of a kind ("text"), with styles of its content and pages of its styles part."""
    content = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content += f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    parts = {
        "content.xml": part("document-content", content),
        "styles.xml": part("document-styles", f"<office:master-styles>{masters}</office:master-styles>"),
        "meta.xml": part(
            "document-meta",
            "<office:meta><dc:title>Rules</dc:title><meta:creation-date>2024-05-03T10:00:00</meta:creation-date>"
            "</office:meta>",
        ),
    }
    return packed(parts | {name.replace("__", "/"): content for name, content in more.items()})


def read(data: bytes) -> Reading:
    reading = read_opendocument(data, "a.odt")
    check_reading(reading)
    return reading


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


LISTS = """<text:list-style style:name="L">
<text:list-level-style-number text:level="1" style:num-format="1"
style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="1" text:display-levels="2"/>
</text:list-style><text:list-style style:name="B">
<text:list-level-style-bullet text:level="1" text:bullet-char="-"/>
</text:list-style>"""


def items(style: str, *inner: str, more: str = "") -> str:
    listed = "".join(f"<text:list-item>{item}</text:list-item>" for item in inner)
    return f'<text:list text:style-name="{style}" {more}>{listed}</text:list>'


def test_a_text_in_order() -> None:
    """Headings, paragraphs, numbered clauses that go on after a paragraph, bullets."""
    body = (
        '<text:h text:outline-level="2">Term</text:h>'
        + items("L", p("a") + items("", p("b"), p("c")), p("d"))
        + p("between")
        + items("L", p("e"), more='text:continue-numbering="true"')
        + items("L", p("f"))
        + items("B", p("g"))
    )
    reading = read(file_of("text", body, LISTS))
    assert [(block.kind, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", "Term"),
        ("item", "1. a"),
        ("item", "1.1 b"),
        ("item", "1.2 c"),
        ("item", "2. d"),
        ("paragraph", "between"),
        ("item", "3. e"),
        ("item", "1. f"),
        ("item", "g"),
    ]
    assert "• g" in reading.text
    assert reading.title == "Rules"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2024-05-03", "created")


TICKED = (
    "<text:fieldmark xmlns:f='urn:x' f:type='vnd.oasis.opendocument.field.FORMCHECKBOX'>"
    "<f:param f:name='Checkbox_Checked' f:value='%s'/></text:fieldmark> yes"
)
RUBY = "<text:ruby><text:ruby-base>東</text:ruby-base><text:ruby-text>ひ</text:ruby-text></text:ruby>"
LOOKS = """<style:style style:name="S" style:family="text"><style:text-properties
style:text-line-through-style="solid"/></style:style>
<style:style style:name="U" style:family="text">
<style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="D" style:family="text">
<style:text-properties style:text-position="-33% 58%"/></style:style>
<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:font-face style:name="Wingdings1" svg:font-family="'Wingdings'"/>
<style:style style:name="W" style:family="text">
<style:text-properties style:font-name="Wingdings1"/></style:style>
<style:style style:name="T" style:family="paragraph" style:parent-style-name="Title"/>"""


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d", "a  b c\nd"),
        ("due <text:span text:style-name='S'>5 May</text:span> 12 May", "due 12 May"),
        ("a<text:span text:style-name='H'>secret</text:span>", "a"),
        ("10<text:span text:style-name='U'>6</text:span>", "10⁶"),
        ("1010<text:span text:style-name='D'>2</text:span>", "1010₂"),
        ("<text:a>link</text:a>", "link"),
        (RUBY, "東"),
        ("page <text:page-number>3</text:page-number>", "page 3"),
        ("<text:span text:style-name='W'>þ</text:span> yes", "☑ yes"),
        (TICKED % "true", "☒ yes"),
        (TICKED % "false", "☐ yes"),
        ("new<text:change text:change-id='x'/>", "new"),
    ],
)  # fmt: skip
def test_what_is_shown(xml: str, expected: str) -> None:
    """Spaces, breaks, raised digits, links; nothing struck out or hidden."""
    assert texts(read(file_of("text", p(xml), LOOKS))) == [expected]


def test_what_is_left_out_is_counted() -> None:
    """Struck-out and hidden text, hidden sections, comments; tracked deletions are no text."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion>" + p("old") + "</text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        + p("a<text:span text:style-name='S'>b</text:span><text:span text:style-name='H'>c</text:span>"
            "<office:annotation><text:p>remark</text:p></office:annotation>")
        + "<text:section text:display='none'>" + p("never") + "</text:section>"
    )  # fmt: skip
    reading = read(file_of("text", body, LOOKS))
    assert reading.text == "a"
    assert reading.notes == (
        "1 comments were not read",
        "struck-out text was not read, in 1 places",
    )
    assert hidden(reading) == [("c", "not displayed"), ("never", "not displayed")]


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text) if text else ''}</table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


COVERED = "<table:covered-table-cell/>"


def test_tables_keep_their_columns() -> None:
    """Repeated, covered and empty cells; rows that repeat are headings."""
    table = "<table:table><table:table-header-rows>" + row(cell("7 House"), cell("7 Month"), cell("7 Nights"))
    table += "</table:table-header-rows>" + row(
        cell("Alder", 'table:number-rows-spanned="2"'), cell("May"), cell("12")
    )
    table += row(COVERED, cell("June"), cell("15")) + row(
        cell("x", 'table:number-columns-repeated="2"'), cell("y")
    )
    table += row(cell(""), cell("", 'table:number-columns-spanned="1"'), cell("9")) + "</table:table>"
    reading = read(file_of("text", table))
    assert texts(reading) == [
        "7 House | 7 Month | 7 Nights",
        "Alder | May | 12",
        "Alder | June | 15",
        "x | x | y",
        "|  | 9",
    ]
    assert reading.tables[0].columns == ("7 House", "7 Month", "7 Nights")


def test_notes_boxes_and_formulas() -> None:
    """A note and a box follow their paragraph; a formula stands in it."""
    formula = '<math:math xmlns:math="http://www.w3.org/1998/Math/MathML"><math:mfrac><math:mn>1</math:mn><math:mn>2</math:mn></math:mfrac></math:math>'
    body = p(
        "holds 3<draw:frame><draw:object xlink:href='./Object 1'/></draw:frame> litres"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        + p("the note")
        + "</text:note-body></text:note><draw:frame><draw:text-box>"
        + p("the box")
        + "</draw:text-box></draw:frame>."
    )
    data = file_of("text", body, **{"Object 1__content.xml": formula})
    assert texts(read(data)) == ["holds 3½ litres.", "the note", "the box"]


def test_headers_and_footers_are_read_once() -> None:
    """Those of the pages that are used; page numbers are left out."""
    number = "<text:page-number>1</text:page-number>"
    masters = (
        f"<style:master-page style:name='Standard'><style:header>{p('Firm Ltd')}</style:header>"
        f"<style:footer>{p(f'Mill Lane 4<text:tab/>Page {number}')}</style:footer></style:master-page>"
        f"<style:master-page style:name='Other'><style:header>{p('never')}</style:header></style:master-page>"
    )
    assert texts(read(file_of("text", p("Text."), masters=masters))) == ["Firm Ltd", "Text.", "Mill Lane 4"]


def test_sheets_are_pages() -> None:
    """Values as shown, empty columns and repeated rows, comments, hidden sheets named."""
    styles = (
        "<style:style style:name='hid' style:family='table'>"
        "<style:table-properties table:display='false'/></style:style>"
    )
    first = row(cell("House"), cell("Nights")) + row(
        cell("Alder"),
        "<table:table-cell office:value='12.5'><office:annotation><dc:creator>Ann</dc:creator>"
        "<text:p>sure?</text:p></office:annotation><text:p>12.5 kg</text:p></table:table-cell>",
    )
    first += row(
        "<table:table-cell table:number-columns-repeated='1024'/>", more="table:number-rows-repeated='9999'"
    )
    body = (
        f"<table:table table:name='Guests'>{first}</table:table>"
        f"<table:table table:name='Old' table:style-name='hid'>"
        f"{row(cell('a'), cell('b'), more=REPEAT)}</table:table>"
    )
    reading = read(file_of("spreadsheet", body, styles))
    assert texts(reading) == [
        "Guests", "House | Nights", "Alder | 12.5 kg", "Comment on B2 (Ann): sure?",
    ]  # fmt: skip
    assert len(reading.pages) == 2
    assert [text for text, _ in hidden(reading)] == ["Old", "a | b", "a | b"]
    assert reading.tables[0].columns == ("House", "Nights")


REPEAT = "table:number-rows-repeated='2'"


def frame(text: str, top: int, more: str = "") -> str:
    place = f"svg:x='1cm' svg:y='{top}cm' svg:width='5cm' svg:height='1cm'"
    return f"<draw:frame {place} {more}><draw:text-box>{p(text)}</draw:text-box></draw:frame>"


def test_slides_are_pages() -> None:
    """Title first, shapes as they stand, notes and comments after them; prompts are no text."""
    notes = f"<presentation:notes>{frame('slowly', 1, NOTES)}</presentation:notes>"
    comment = "<office:annotation><dc:creator>Ann</dc:creator><text:p>Really?</text:p></office:annotation>"
    page = frame("second", 5) + frame("first", 3) + frame("The title", 9, "presentation:class='title'")
    page += frame("click", 1, "presentation:class='outline' presentation:placeholder='true'")
    body = f"<draw:page>{page}{notes}{comment}</draw:page>"
    body += f"<draw:page draw:style-name='h'>{frame('b', 1)}</draw:page>"
    styles = (
        "<style:style style:name='h' style:family='drawing-page'>"
        "<style:drawing-page-properties presentation:visibility='hidden'/></style:style>"
    )
    reading = read(file_of("presentation", body, styles))
    assert texts(reading) == ["The title", "first", "second", "Notes: slowly", "Comment (Ann): Really?"]
    assert hidden(reading) == [("b", "on a hidden slide")]


NOTES = "presentation:class='notes'"


def test_a_file_of_one_part() -> None:
    """The flat form holds all parts in one."""
    flat = part("document", f"<office:body><office:text>{p('flat')}</office:text></office:body>")
    assert texts(read(flat.encode())) == ["flat"]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"text", "not an OpenDocument"),
        (packed({"other.xml": "<a/>"}), "not an OpenDocument"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "entities"),
        (b"<office", "damaged"),
        (file_of("text", ""), "no text"),
        (
            file_of("text", p("x"), **{"META-INF__manifest.xml": "<m><encryption-data/></m>"}),
            "needs a password",
        ),
    ],
    ids=["other", "no content", "entities", "broken", "empty", "locked"],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    """The reason is in plain words."""
    with pytest.raises(ReadError, match=cause) as caught:
        read_opendocument(data, "a.odt")
    assert caught.value.hint


def test_mutated_files() -> None:
    """Sixty damaged files give a reading or an error."""
    whole = file_of("text", p("text") + items("L", p("a")), LISTS)
    check_damaged(read_opendocument, [whole, *mutations(whole, 60, seed=7)])


def test_deep_nesting_and_large_repetitions() -> None:
    """Sections in sections end, and a row that is repeated a billion times makes no billion rows."""
    deep = "<text:section>" * 300 + p("deep") + "</text:section>" * 300 + p("flat")
    assert texts(read(file_of("text", deep))) == ["flat"]
    for one in (
        row(cell("a", "table:number-columns-repeated='99999999'")),
        row(cell("a"), cell("b"), more="table:number-rows-repeated='99999999'"),
    ):
        reading = read(file_of("spreadsheet", f"<table:table table:name='T'>{one}</table:table>"))
        assert len(reading.text) < 100_000

"""PowerPoint: a page for each slide, notes labelled, hidden slides named."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from pptx import Presentation
from pptx.util import Inches

from index.errors import ReadError
from index.readers.office.slides import read_pptx
from index.types import Reading
from tests.index.readers.office.test_word import replaced
from tests.support.readings import check_damaged, check_reading, hidden, mutations, texts


def deck(hidden: bool = False) -> bytes:
    """Three slides: a title, bullets with notes, a table."""
    show = Presentation()
    first = show.slides.add_slide(show.slide_layouts[0])
    first.shapes.title.text = "The Summit"
    second = show.slides.add_slide(show.slide_layouts[1])
    second.shapes.title.text = "Reasons"
    second.placeholders[1].text = "no date\nno place"
    second.notes_slide.notes_text_frame.text = "Say it slowly."
    third = show.slides.add_slide(show.slide_layouts[6])
    size = Inches(1)
    table = third.shapes.add_table(2, 2, size, size, size, size).table
    for at, word in enumerate(("Year", "Sum", "2025", "12")):
        table.cell(at // 2, at % 2).text = word
    if hidden:
        third._element.set("show", "0")
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def read(data: bytes) -> Reading:
    reading = read_pptx(data, "a.pptx")
    check_reading(reading)
    return reading


def test_a_presentation_slide_by_slide() -> None:
    """Titles are headings, bullets items, cells rows; notes are labelled; every slide is a page."""
    reading = read(deck())
    assert [(block.kind, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", "The Summit"),
        ("heading", "Reasons"),
        ("item", "no date"),
        ("item", "no place"),
        ("paragraph", "Notes: Say it slowly."),
        ("row", "Year | Sum"),
        ("row", "2025 | 12"),
    ]
    assert [page.span.of(reading.text).split("\n")[0] for page in reading.pages] == [
        "The Summit",
        "Reasons",
        "Year | Sum",
    ]
    assert (reading.title, reading.date, reading.notes) == ("The Summit", None, ())


def test_hidden_slides_are_kept_apart() -> None:
    """Nobody sees them in the show; the page of each is known."""
    reading = read(deck(hidden=True))
    assert "2025 | 12" not in texts(reading)
    assert ("2025 | 12", "on a hidden slide") in hidden(reading)
    assert {text.page for text in reading.left_out} == {2}


def test_mutated_files() -> None:
    """Sixty damaged presentations give a reading or a `ReadError`."""
    check_damaged(read_pptx, mutations(deck(), 60, seed=11))


def test_another_format_under_its_name() -> None:
    """What is no presentation is refused in plain words."""
    with pytest.raises(ReadError, match="not a PowerPoint file"):
        read_pptx(b"text", "a.pptx")


def slide_of(show: object, layout: int = 6) -> object:
    return show.slides.add_slide(show.slide_layouts[layout])  # type: ignore[attr-defined]


def saved(show: object) -> bytes:
    out = io.BytesIO()
    show.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def test_tables_keep_their_columns() -> None:
    """Empty cells keep their place, merged ones name each of their rows."""
    show = Presentation()
    size = Inches(1)
    table = slide_of(show).shapes.add_table(4, 3, size, size, size, size).table  # type: ignore[attr-defined]
    rows = (("House", "Month", "Nights"), ("Alder", "May", "12"), ("", "June", ""), ("both", "", "27"))
    for at, row in enumerate(rows):
        for place, word in enumerate(row):
            table.cell(at, place).text = word
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 1))
    reading = read(saved(show))
    assert texts(reading) == ["House | Month | Nights", "Alder | May | 12", "Alder | June", "both |  | 27"]
    assert reading.tables[0].columns == ("House", "Month", "Nights")


def test_footers_and_the_master_are_read_once() -> None:
    """What stands on every slide is in the text once."""
    show = Presentation()
    box = show.slide_masters[0].shapes
    tree = slide_of(show).shapes  # type: ignore[attr-defined]
    tree.add_textbox(0, 0, 9, 9).text_frame.text = "confidential"
    box._spTree.append(tree._spTree[-1])  # moved to the master
    for number in (1, 2):
        slide = slide_of(show)
        slide.shapes.add_textbox(0, 0, 9, 9).text_frame.text = f"slide {number}"  # type: ignore[attr-defined]
        footer = slide.shapes.add_textbox(0, 9, 9, 9)  # type: ignore[attr-defined]
        footer.text_frame.text = "Harbour office"
        footer._element.nvSpPr.nvPr.append(
            footer._element.nvSpPr.nvPr.makeelement(f"{{{P}}}ph", {"type": "ftr"})
        )
    assert texts(read(saved(show))) == ["confidential", "slide 1", "Harbour office", "slide 2"]


P = "http://schemas.openxmlformats.org/presentationml/2006/main"


def with_comments(content: str, authors: tuple[str, str]) -> bytes:
    """The deck with comments on its first slide, and a list of their authors."""
    data = deck()
    for owner, kind, target, path, text in (
        ("ppt/slides/_rels/slide1.xml.rels", "comments", "../comments/c.xml", "ppt/comments/c.xml", content),
        ("ppt/_rels/presentation.xml.rels", authors[0], "authors.xml", "ppt/authors.xml", authors[1]),
    ):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            links = archive.read(owner).decode()
        link = f'<Relationship Id="c9" Type="http://x/{kind}" Target="{target}"/></Relationships>'
        data = replaced(data, owner, links.replace("</Relationships>", link).encode())
        data = replaced(data, path, text.encode())
    return data


def test_comments_are_read_with_their_authors() -> None:
    """The older and the newer kind; replies follow."""
    old = with_comments(
        f'<p:cmLst xmlns:p="{P}"><p:cm authorId="0"><p:text>Move it to May.</p:text></p:cm></p:cmLst>',
        ("commentAuthors", f'<p:l xmlns:p="{P}"><p:cmAuthor id="0" name="Ruth Ohm"/></p:l>'),
    )
    assert "Comment (Ruth Ohm): Move it to May." in texts(read(old))
    body = '<p:txBody><a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:r><a:t>%s</a:t></a:r></a:p></p:txBody>'
    new = with_comments(
        f'<p:cmLst xmlns:p="{P}"><p:cm authorId="g"><p:replyLst>'
        f'<p:reply authorId="h">{body % "No."}</p:reply>'
        f"</p:replyLst>{body % 'Really?'}</p:cm></p:cmLst>",
        ("authors", f'<p:l xmlns:p="{P}"><p:author id="g" name="Ann"/></p:l>'),
    )
    assert [text for text in texts(read(new)) if "Comment" in text] == [
        "Comment (Ann): Really?",
        "Comment: No.",
    ]


def test_struck_out_text_is_counted() -> None:
    """It is not read."""
    show = Presentation()
    box = slide_of(show).shapes.add_textbox(0, 0, 9, 9)  # type: ignore[attr-defined]
    paragraph = box.text_frame.paragraphs[0]
    paragraph.add_run().text = "stands"
    struck = paragraph.add_run()
    struck.text = " fell"
    struck.font._element.set("strike", "sngStrike")
    reading = read(saved(show))
    assert (reading.text, reading.notes) == ("stands", ("struck-out text was not read, in 1 places",))


PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def test_pictures_and_embedded_objects_are_told() -> None:
    """A slide that is one picture, and a file of another program shown as one."""
    show = Presentation()
    slides = [show.slides.add_slide(show.slide_layouts[6]) for _ in range(3)]
    size = Inches(1)
    slides[0].shapes.add_textbox(size, size, size, size).text_frame.text = "Words"
    slides[1].shapes.add_picture(io.BytesIO(PICTURE), size, size)
    slides[2].shapes.add_ole_object(io.BytesIO(b"x"), "Package", size, size, size, size)
    out = io.BytesIO()
    show.save(out)
    reading = read(out.getvalue())
    assert reading.notes == (
        "slides of pictures alone were not read: 2, 3",
        "1 embedded objects were not read",
    )


def test_a_presentation_of_pictures_says_so() -> None:
    """There are words to see, and none to read."""
    show = Presentation()
    show.slides.add_slide(show.slide_layouts[6]).shapes.add_picture(io.BytesIO(PICTURE), 0, 0)
    out = io.BytesIO()
    show.save(out)
    with pytest.raises(ReadError, match="only pictures"):
        read_pptx(out.getvalue(), "a.pptx")

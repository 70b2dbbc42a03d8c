"""PowerPoint: a page for each slide, notes labelled, hidden slides named."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation
from pptx.util import Inches

from index.errors import ReadError
from index.readers.office.slides import read_pptx
from index.types import Reading
from tests.support.readings import check_damaged, check_reading, mutations, texts


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


def test_hidden_slides_are_named() -> None:
    """They are read, and the note says which they are."""
    reading = read(deck(hidden=True))
    assert "2025 | 12" in texts(reading)
    assert reading.notes == ("hidden slides were read too: 3",)


def test_mutated_files() -> None:
    """Sixty damaged presentations give a reading or a `ReadError`."""
    check_damaged(read_pptx, mutations(deck(), 60, seed=11))


def test_another_format_under_its_name() -> None:
    """What is no presentation is refused in plain words."""
    with pytest.raises(ReadError, match="not a PowerPoint file"):
        read_pptx(b"text", "a.pptx")

"""Shapes in the order in which a person reads them."""

from __future__ import annotations

import io

import pytest
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Inches

from index.readers.office.slides import read_pptx
from index.types import Reading
from tests.support.readings import check_reading, texts

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
Place = tuple[float, float, float, float]


def read(show: object) -> Reading:
    out = io.BytesIO()
    show.save(out)  # type: ignore[attr-defined]  # what `Presentation()` gives has no public type
    reading = read_pptx(out.getvalue(), "a.pptx")
    check_reading(reading)
    return reading


def add_box(shapes: object, text: str, place: Place) -> None:
    box = shapes.add_textbox(*map(Inches, place))  # type: ignore[attr-defined]
    box.text_frame.text = text


def deck(*boxes: tuple[str, Place]) -> object:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for text, place in boxes:
        add_box(slide.shapes, text, place)
    return show


LONG = "a text that says much more about it, in two or three lines of its own"


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        ((("c", (1, 5, 3, 1)), ("a", (1, 1, 3, 1)), ("b", (1, 3, 3, 1))), ["a", "b", "c"]),
        ((("b", (5, 1, 3, 1)), ("a", (1, 1.2, 3, 1)), ("c", (1, 3, 3, 1))), ["a", "b", "c"]),
        (
            # Six steps in two rows.
            tuple((str(at + 1), (1 + 3 * (at % 3), 1 + 2 * (at // 3), 2, 1)) for at in (3, 0, 5, 1, 4, 2)),
            ["1", "2", "3", "4", "5", "6"],
        ),
        (
            # Two headings over two texts.
            (
                ("L", (1, 1, 3, 1)), ("R", (5, 1, 3, 1)),
                (f"l {LONG}", (1, 2, 3, 2)), (f"r {LONG}", (5, 2, 3, 2)),
            ),
            ["L", f"l {LONG}", "R", f"r {LONG}"],
        ),
        (
            # A tall box beside three small ones.
            (("3", (5, 5, 3, 1)), ("1", (5, 1, 3, 1)), ("tall", (1, 1, 3, 5)), ("2", (5, 3, 3, 1))),
            ["tall", "1", "2", "3"],
        ),
    ],
    ids=["one column", "one row", "grid", "headings", "tall"],
)  # fmt: skip
def test_the_order_on_the_slide(boxes: tuple[tuple[str, Place], ...], expected: list[str]) -> None:
    """From the top, then from the left; a column under its heading."""
    assert texts(read(deck(*boxes))) == expected


def test_groups_stay_together() -> None:
    """A card of heading and text is not mixed with the card beside it."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for left, name in ((5.0, "B"), (1.0, "A")):
        group = slide.shapes.add_group_shape()
        add_box(group.shapes, f"{name} below", (left, 3, 3, 1))
        add_box(group.shapes, f"{name} above", (left, 1, 3, 1))
    assert texts(read(show)) == ["A above", "A below", "B above", "B below"]


def test_a_shape_inside_a_group_that_is_no_part_of_it() -> None:
    """Then all stand where they stand, and a scaled group is placed by where it is shown."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    add_box(slide.shapes, "second", (1, 3, 3, 1))
    group = slide.shapes.add_group_shape()
    add_box(group.shapes, "third", (1, 5, 3, 1))
    add_box(group.shapes, "first", (1, 1, 3, 1))
    assert texts(read(show)) == ["first", "second", "third"]


def test_a_placeholder_stands_where_its_layout_has_it() -> None:
    """Without a place of its own it is below the box at the top."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.placeholders[1].text = "body"
    add_box(slide.shapes, "note at the foot", (1, 7, 3, 0.4))
    add_box(slide.shapes, "line at the top", (1, 0.1, 3, 0.4))
    assert texts(read(show)) == ["line at the top", "body", "note at the foot"]


def test_hidden_shapes_and_alternatives() -> None:
    """A hidden shape is not read; of two forms of one shape the first is."""
    show = deck(("shown", (1, 1, 3, 1)), ("hidden", (1, 3, 3, 1)))
    tree = show.slides[0].shapes._spTree  # type: ignore[attr-defined]
    tree[-1].nvSpPr.cNvPr.set("hidden", "1")
    shape = (
        '<p:sp><p:nvSpPr><p:cNvPr id="9" name="x"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
        "<p:txBody><a:bodyPr/><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    tree.append(
        parse_xml(
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
            'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            f"<mc:Choice>{shape % 'new'}</mc:Choice><mc:Fallback>{shape % 'old'}</mc:Fallback>"
            "</mc:AlternateContent>"
        )
    )
    assert texts(read(show)) == ["shown", "new"]


def test_short_lists_below_their_headings() -> None:
    """Two columns are read one after the other, however short their texts are."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[4])
    for at, text in enumerate(("Before", "Rain\nWind", "After", "Sun\nCalm"), 1):
        slide.placeholders[at].text = text
    assert texts(read(show)) == ["Before", "Rain", "Wind", "After", "Sun", "Calm"]


def test_numbers_of_items_from_the_layout() -> None:
    """A list that the layout numbers is numbered on its slides; a level below has its own signs."""
    show = Presentation()
    layout = show.slide_layouts[1]
    style = next(layout.placeholders[1]._element.iter(f"{{{A}}}lstStyle"))
    style.append(parse_xml(f'<a:lvl1pPr xmlns:a="{A}"><a:buAutoNum type="arabicParenR"/></a:lvl1pPr>'))
    slide = show.slides.add_slide(layout)
    slide.placeholders[1].text = "wash\nsand\nfine sand\ndry"
    slide.placeholders[1].text_frame.paragraphs[2].level = 1
    assert texts(read(show)) == ["1) wash", "2) sand", "fine sand", "3) dry"]

"""Texts of shapes."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from index.readers.office.parts.drawings import ShapeTexts

A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def shape(*paragraphs: str, defaults: str = "") -> ET.Element:
    inner = "".join(f"<a:p>{paragraph}</a:p>" for paragraph in paragraphs)
    return ET.fromstring(
        f'<sp xmlns:a="{A}"><txBody><a:bodyPr/><a:lstStyle>{defaults}</a:lstStyle>{inner}</txBody></sp>'
    )


def run(text: str, look: str = "", inner: str = "") -> str:
    return f"<a:r><a:rPr {look}>{inner}</a:rPr><a:t>{text}</a:t></a:r>"


def item(text: str, bullet: str = "", level: int = 0) -> str:
    return f'<a:pPr lvl="{level}">{bullet}</a:pPr>{run(text)}'


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (run("10") + run("6", 'baseline="30000"'), "10⁶"),
        (run("1010") + run("2", 'baseline="-25000"'), "1010₂"),
        (run("the ") + run("old", 'strike="sngStrike"') + run("new"), "the new"),
        (run("kept", 'strike="noStrike"'), "kept"),
        (run("a", "", '<a:latin typeface="Symbol"/>'), "α"),
        (run("\uf0fe", "", '<a:sym typeface="Wingdings"/>'), "☑"),
        (run("a") + "<a:br/>" + run("b"), "a\nb"),
        ('<a:fld type="x"><a:rPr/><a:t>field</a:t></a:fld>', "field"),
    ],
)
def test_a_paragraph(xml: str, expected: str) -> None:
    """Raised and lowered digits, struck-out text, symbol fonts, breaks, fields."""
    texts = ShapeTexts()
    assert [paragraph.text for paragraph in texts.paragraphs(shape(xml))] == [expected]
    assert texts.struck == ("sngStrike" in xml)


def test_numbers_of_items() -> None:
    """Numbers go on over deeper levels, begin where they are told, and end with a paragraph without one."""
    arabic, letters = '<a:buAutoNum type="arabicPeriod"/>', '<a:buAutoNum type="alphaLcParenR"/>'
    roman = '<a:buAutoNum type="romanUcParenBoth" startAt="4"/>'
    items = [
        item("a", arabic), item("b", letters, 1), item("c", letters, 1), item("d", arabic), item("e", roman),
        item("f"), item("g", arabic), item("h", '<a:buChar char="•"/>'), item("i", "<a:buNone/>"),
    ]  # fmt: skip
    found = ShapeTexts().paragraphs(shape(*items))
    assert [paragraph.number for paragraph in found] == ["1.", "a)", "b)", "2.", "(IV)", "", "1.", "", ""]
    assert [paragraph.bullet for paragraph in found][-2:] == [True, False]
    assert found[-1].plain


def test_numbers_that_the_shape_sets() -> None:
    """The shape's own list style numbers paragraphs that say nothing."""
    found = ShapeTexts().paragraphs(
        shape(run("a"), run("b"), defaults='<a:lvl1pPr><a:buAutoNum type="arabicParenR"/></a:lvl1pPr>')
    )
    assert [paragraph.number for paragraph in found] == ["1)", "2)"]

"""Styles of Word files."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from index.readers.office.docx.styles import default_style, linked_lists, styles_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ROOT = ET.fromstring(
    f"""<w:styles xmlns:w="{W}">
    <w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>
    <w:style w:type="paragraph" w:styleId="H"><w:name w:val="heading 2"/><w:basedOn w:val="N"/>
      <w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="5"/></w:numPr></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="I"><w:name w:val="Mine"/><w:basedOn w:val="H"/>
      <w:rPr><w:strike/></w:rPr></w:style>
    <w:style w:type="character" w:styleId="C"><w:name w:val="c"/><w:basedOn w:val="D"/>
      <w:rPr><w:vanish/></w:rPr></w:style>
    <w:style w:type="character" w:styleId="D"><w:name w:val="d"/><w:basedOn w:val="C"/></w:style>
    <w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>
    </w:styles>"""
)


def test_what_a_style_inherits() -> None:
    """Level, list and look come from the styles below, and a circle of styles ends."""
    styles = styles_of(ROOT)
    assert (styles["I"].level, styles["I"].list_number, styles["I"].list_level) == (2, "5", 1)
    assert styles["I"].look.struck
    assert not styles["H"].look.struck
    assert styles["D"].look.hidden


def test_the_default_style_and_the_lists_of_styles() -> None:
    """Paragraphs that name no style have the default one; numbering styles name lists."""
    assert default_style(ROOT) == "N"
    assert linked_lists(ROOT) == {"L": "7"}
    assert linked_lists(None) == {}


def test_what_a_document_says_of_all_paragraphs() -> None:
    """Its defaults stand below every style of paragraphs, and a style can turn them off."""
    default = "<w:docDefaults><w:rPrDefault><w:rPr><w:strike/></w:rPr></w:rPrDefault></w:docDefaults>"
    off = "<w:rPr><w:strike w:val='0'/></w:rPr>"
    styles = "".join(
        f"<w:style w:type='{kind}' w:styleId='{key}'>{look}</w:style>"
        for key, kind, look in (("N", "paragraph", ""), ("O", "paragraph", off), ("C", "character", ""))
    )
    found = styles_of(ET.fromstring(f"<w:styles xmlns:w='{W}'>{default}{styles}</w:styles>"))
    assert [found[key].look.struck for key in "NOC"] == [True, False, None]

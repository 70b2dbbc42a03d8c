"""PDF: what a viewer shows is read, and what it does not show is left out and counted."""

from __future__ import annotations

import pytest

from index.errors import ReadError
from index.readers.formats import read
from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Extras, Page, Words, pdf, stream
from tests.support.readings import hidden, texts

SHOWN = Words("The fee is 40 euros.")
OTHER = Words("The fee is 35 euros.", y=600)
GREY = stream(
    "P" * 16, "/Type/XObject/Subtype/Image/Width 4/Height 4/ColorSpace/DeviceGray/BitsPerComponent 8"
)


def layered(*page: str | Words, off: str, catalog: str = "", **entries: str) -> bytes:
    """A page with two layers, /A (object 8) and /B (object 9), and what says which of them are off."""
    groups = ("<</Type/OCG/Name(Layer)>>", "<</Type/OCG/Name(Other layer)>>")
    properties = f"/OCProperties<</OCGs[8 0 R 9 0 R]/D<<{off}>>>>{catalog}"
    extras = Extras(
        (*groups, *entries.values()),
        catalog=properties,
        resources=f"/Properties<</A 8 0 R/B 9 0 R>>{'/XObject<</X 10 0 R>>' if entries else ''}",
    )
    return pdf(list(page), extras=extras)


@pytest.mark.parametrize("off", ["/OFF[8 0 R]", "/BaseState/OFF/ON[9 0 R]"])
def test_a_layer_that_is_off_is_left_out(off: str) -> None:
    """Its words are counted; those of a layer that is on are read, at the same place too."""
    on = Words("And one more line.", y=600)
    reading = read_pdf(layered(SHOWN, "/OC /A BDC", OTHER, "EMC /OC /B BDC", on, "EMC", off=off), "a.pdf")
    assert texts(reading) == ["The fee is 40 euros.", "And one more line."]
    assert hidden(reading) == [("The fee is 35 euros.", "on a layer that is switched off")]


def test_layers_that_are_on_are_read() -> None:
    """Where no layer is off, all text is read, and no remark is made."""
    reading = read_pdf(layered(SHOWN, "/OC /A BDC", OTHER, "EMC", off="/OFF[]"), "a.pdf")
    assert len(texts(reading)) == 2
    assert not reading.notes


def test_a_form_on_a_layer_that_is_off() -> None:
    """A drawing that is used on the page may itself belong to a layer."""
    form = stream(
        OTHER.operators(),
        "/Type/XObject/Subtype/Form/BBox[0 0 612 792]/OC 8 0 R/Resources<</Font<</F1 3 0 R>>>>",
    )
    for off, count in (("/OFF[8 0 R]", 1), ("/OFF[9 0 R]", 2)):
        assert len(texts(read_pdf(layered(SHOWN, "/X Do", off=off, form=form), "a.pdf"))) == count


def test_a_file_whose_text_is_all_on_layers_that_are_off() -> None:
    """It has no visible text, and the error says so."""
    with pytest.raises(ReadError, match="all its text is hidden"):
        read(layered("/OC /A BDC", OTHER, "EMC", off="/OFF[8 0 R]"), "a.pdf")


SHADING = (
    "<</Type/Pattern/PatternType 2/Shading 9 0 R>>",
    "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[60 0 500 0]/Function 10 0 R/Extend[true true]>>",
    "<</FunctionType 2/Domain[0 1]/C0[0.8 0 0]/C1[0 0 0.8]/N 1>>",
)
TILING = (
    stream(
        "0 0 1 rg 0 0 2 4 re f",
        "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 4]/XStep 4/YStep 4/Resources<<>>",
    ),
)


@pytest.mark.parametrize(
    ("before", "objects"),
    [
        ("/Pattern cs /P1 scn", SHADING),
        ("/Pattern cs /P1 scn", TILING),
        ("1 1 1 rg 1 0 0 RG 2 w 2 Tr", ()),
        ("1 0 0 RG 1 Tr", ()),
    ],
    ids=["shading", "tiles", "white on a red edge", "edge alone"],
)
def test_coloured_text_is_read(before: str, objects: tuple[str, ...]) -> None:
    """Text that is filled with a pattern, or has an edge of a colour, can be seen."""
    extras = Extras(objects, resources="/Pattern<</P1 8 0 R>>" if objects else "")
    reading = read_pdf(pdf([Words("Opening hours", size=18, before=before)], extras=extras), "a.pdf")
    assert texts(reading) == ["Opening hours"]
    assert not reading.notes


@pytest.mark.parametrize("before", ["1 1 1 rg 1 1 1 RG 2 Tr", "1 1 1 RG 1 Tr", "7 Tr"])
def test_white_edges_and_clips_are_hidden(before: str) -> None:
    """White text with a white edge, and text that only cuts out what nothing is drawn through."""
    reading = read_pdf(pdf([SHOWN, Words("hidden words", y=600, before=before)]), "a.pdf")
    assert texts(reading) == ["The fee is 40 euros."]
    assert [text for text, _ in hidden(reading)] == ["hidden words"]


def test_text_that_is_cut_out_of_a_colour() -> None:
    """Letters through which a coloured area is seen are visible."""
    page = "q BT 7 Tr /F1 24 Tf 72 600 Td (Cut out) Tj ET 1 0 0 rg 60 590 300 40 re f Q"
    assert "Cut out" in read_pdf(pdf([SHOWN, page]), "a.pdf").text


def test_hidden_words_inside_a_word() -> None:
    """Invisible letters in the middle of a word go, and the rest stays."""
    page = "BT /F1 11 Tf 72 700 Td (Pay 40) Tj 3 Tr (0000) Tj 0 Tr ( euros now) Tj ET"
    assert read_pdf(pdf([page]), "a.pdf").text.startswith("Pay 40 euros")


def scan(strips: int, *words: Words | str, tiles: int = 1) -> Page:
    """A page that is covered by a picture in strips, or in tiles."""
    height, width = 792 / strips, 612 / tiles
    pictures = [
        f"q {width} 0 0 {height} {across * width} {at * height} cm /I Do Q"
        for at in range(strips)
        for across in range(tiles)
    ]
    return [*pictures, *words]


PICTURE = Extras((GREY,), resources="/XObject<</I 8 0 R>>")


@pytest.mark.parametrize(("strips", "tiles"), [(1, 1), (29, 1), (6, 5)])
def test_the_text_layer_of_a_scan_in_strips(strips: int, tiles: int) -> None:
    """Invisible text over pictures that cover the page together is read, and the page is named."""
    words = [
        Words(f"This is line {at} of the scanned page.", y=700 - 14 * at, before="3 Tr") for at in range(9)
    ]
    reading = read_pdf(pdf(scan(strips, *words, tiles=tiles), extras=PICTURE), "a.pdf")
    assert "This is line 8" in reading.text
    assert reading.notes == ("scanned, read by its text layer: page 1",)


@pytest.mark.parametrize("strips", [1, 29])
@pytest.mark.parametrize(
    "stamp", ["Scanned with PaperCam", "Page 1 of 3", "ACME-000123", "12/03/2021 10:22 From: Office P.01"]
)
def test_a_scan_with_a_stamp_is_named(strips: int, stamp: str) -> None:
    """A scanner's stamp is no text layer."""
    pages = [scan(strips, Words(stamp, y=20, size=8))] * 3
    extras = Extras((GREY,), resources="/XObject<</I 12 0 R>>")
    reading = read_pdf(pdf(*pages, extras=extras), "a.pdf")
    assert "scanned, no text layer: pages 1, 2, 3" in reading.notes


def test_a_picture_in_a_page_of_text_is_no_scan() -> None:
    """Neither is a page with a picture over half of it, nor one with many words over a picture."""
    half: Page = ["q 612 0 0 396 0 0 cm /I Do Q", Words("Our new office", y=700)]
    poster = scan(
        1, *(Words(f"The programme of day {at} begins at noon.", y=700 - 20 * at) for at in range(4))
    )
    for page in (half, poster):
        assert not read_pdf(pdf(page, extras=PICTURE), "a.pdf").notes


def test_characters_without_letters_are_counted() -> None:
    """A font that does not say what its characters mean makes no text, and a remark says how many."""
    words = [f"BT /F3 11 Tf 72 {600 - 14 * at} Td <0023000400250026002700280029> Tj ET" for at in range(9)]
    fonts = (
        "<</Type/Font/Subtype/Type0/BaseFont/Unknown/Encoding/Identity-H/DescendantFonts[9 0 R]>>",
        (
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/Unknown/DW 500/CIDToGIDMap/Identity"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor 10 0 R>>"
        ),
        (
            "<</Type/FontDescriptor/FontName/Unknown/Flags 4/FontBBox[0 0 500 700]/ItalicAngle 0/Ascent 700"
            "/Descent -200/CapHeight 700/StemV 80>>"
        ),
    )
    reading = read_pdf(pdf([SHOWN, *words], extras=Extras(fonts, fonts="/F3 8 0 R")), "a.pdf")
    assert any("63 characters" in note and "page 1" in note for note in reading.notes)


@pytest.mark.parametrize(("high", "shown"), [(16, True), (300, False)])
def test_text_cut_out_of_a_gradient_as_browsers_print_it(high: int, shown: bool) -> None:
    """Transparent text over a form with a mask of its line is visible; under a larger one it is not."""
    form = stream(
        f"1 0 0 rg 0 0 400 {high} re f",
        f"/Type/XObject/Subtype/Form/BBox[0 0 400 {high}]/Group<</S/Transparency>>",
    )
    page: Page = [
        "q /Half gs 1 0 0 1 72 697 cm /Fm Do Q",
        Words("A heading in red", before="/None gs"),
        Words("It is read.", y=600),
    ]
    resources = "/XObject<</Fm 8 0 R>>/ExtGState<</Half<</ca .5>>/None<</ca 0>>>>"
    reading = read_pdf(pdf(page, extras=Extras([form], resources=resources)), "a.pdf")
    assert ("A heading in red" in reading.text) is shown


def test_a_title_on_a_picture_is_no_scan() -> None:
    """Its letters are larger than those of a scanner's stamp."""
    reading = read_pdf(pdf(*[scan(1, Words("Annual Meeting 2024", y=500, size=30))], extras=PICTURE), "a.pdf")
    assert "scanned" not in "".join(reading.notes)

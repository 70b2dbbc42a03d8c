"""PDF: what was typed into forms and notes is read at its place, and what is attached is named."""

from __future__ import annotations

import pytest

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Extras, Words, pdf, stream

LABELS = [
    Words("Name of applicant:", y=700),
    Words("Size wanted:", y=676),
    Words("Keeps bees:", y=652),
    Words("Yes", x=200, y=652),
    Words("Remarks:", y=628),
    Words("Signed in May.", y=500),
]


def form(*fields: str, page: list[Words] = LABELS, rotate: int = 0) -> bytes:
    """A page with fields, each the entries of a widget; they are the objects from 8 on."""
    numbers = " ".join(f"{8 + at} 0 R" for at in range(len(fields)))
    return pdf(
        page,
        rotate=rotate,
        extras=Extras(
            [f"<</Type/Annot/Subtype/Widget/F 4{field}>>" for field in fields],
            catalog=f"/AcroForm<</Fields[{numbers}]/DR<</Font<</Helv 3 0 R>>>>/DA(/Helv 10 Tf 0 g)>>",
            page=f"/Annots[{numbers}]",
        ),
    )


def note(*annotations: str, page: list[Words] | None = None) -> bytes:
    """A page with annotations, each given by its entries."""
    numbers = " ".join(f"{8 + at} 0 R" for at in range(len(annotations)))
    objects = [f"<</Type/Annot{entries}>>" for entries in annotations]
    return pdf(page or [Words("The text of the page.")], extras=Extras(objects, page=f"/Annots[{numbers}]"))


def test_values_stand_beside_their_labels() -> None:
    """Text, a choice and the state of boxes are where a reader sees them."""
    reading = read_pdf(
        form(
            "/FT/Tx/T(a)/V(Ottilie Brandt)/Rect[180 696 380 712]",
            "/FT/Ch/Ff 131072/T(b)/V(s340)/Opt[[(s100)(100 square metres)][(s340)(340 square metres)]]"
            "/Rect[180 672 380 688]",
            "/FT/Btn/T(c)/V/Yes/AS/Yes/Rect[180 650 192 662]/AP<</N<</Yes 3 0 R/Off 3 0 R>>>>",
            "/FT/Tx/Ff 4096/T(d)/V(The first plot.\r\rThe second one.)/Rect[180 540 380 640]",
        ),
        "a.pdf",
    )
    text = reading.text.replace(" | ", " ")
    assert "Name of applicant: Ottilie Brandt" in text
    assert "Size wanted: 340 square metres" in text
    assert "Keeps bees: ☒ Yes" in text
    assert text.index("Remarks:") < text.index("The first plot.") < text.index("The second one.")
    assert text.index("The second one.") < text.index("Signed in May.")
    assert not reading.notes


@pytest.mark.parametrize(("state", "sign"), [("/Off", "☐"), ("/On", "☒")])
def test_radio_buttons(state: str, sign: str) -> None:
    """A button that is not chosen is an empty box."""
    button = f"/FT/Btn/Ff 32768/T(c)/V{state}/AS{state}/Rect[180 650 192 662]/AP<</N<</On 3 0 R/Off 3 0 R>>>>"
    assert f"Keeps bees: {sign} Yes" in read_pdf(form(button), "a.pdf").text.replace(" | ", " ")


def test_a_value_between_two_labels_of_one_line() -> None:
    """It stands between them, also where the file writes both labels at once."""
    page = [Words("Name:                                        Date: today")]
    field = "/FT/Tx/T(a)/V(Ottilie)/Rect[104 697 180 711]"
    assert (
        read_pdf(form(field, page=page), "a.pdf").text.replace(" | ", " ").startswith("Name: Ottilie Date:")
    )


@pytest.mark.parametrize(
    "entries",
    ["/F 2/FT/Tx/T(a)/V(secret)", "/F 32/FT/Tx/T(a)/V(secret)", "/FT/Tx/Ff 8192/T(a)/V(secret)"],
    ids=["hidden", "not to be viewed", "password"],
)
def test_values_that_are_not_shown(entries: str) -> None:
    """A hidden field, and a password that shows as stars, are not read."""
    field = f"{entries}/Rect[180 696 380 712]"
    data = form(field).replace(b"/F 4/F", b"/F")
    assert "secret" not in read_pdf(data, "a.pdf").text


def test_a_form_on_a_turned_page() -> None:
    """A value is beside its label on the page as it is shown."""
    label = "BT /F1 11 Tf 0 1 -1 0 100 72 Tm (Name of applicant:) Tj ET"
    field = "/FT/Tx/T(a)/V(Ottilie Brandt)/Rect[90 180 106 380]"
    reading = read_pdf(form(field, page=[label], rotate=90), "a.pdf")  # type: ignore[list-item]
    assert reading.text.replace(" | ", " ") == "Name of applicant: Ottilie Brandt"


def test_text_boxes_and_sticky_notes() -> None:
    """A box of text is read where it stands; a note after its page, and a remark says so."""
    reading = read_pdf(
        note(
            "/Subtype/FreeText/Contents(Typed into the page.)/DA(/Helv 10 Tf)/Rect[72 600 300 620]",
            "/Subtype/Text/Contents(Please check\rthis sum.)/Rect[400 700 420 720]",
            "/Subtype/Highlight/Contents(text of the page)/Rect[72 700 200 712]",
            "/Subtype/Link/Rect[72 700 200 712]",
            page=[Words("The text of the page."), Words("And its end.", y=500)],
        ),
        "a.pdf",
    )
    places = [reading.text.index(part) for part in ("The text", "Typed into", "And its end", "Please check")]
    assert places == sorted(places)
    assert reading.text.count("text of the page") == 1
    assert reading.notes == ("typed notes, read after the text of their page: page 1",)


def test_stamps_and_signatures_are_named() -> None:
    """Their text is drawn, and is not read: a remark says so."""
    reading = read_pdf(note("/Subtype/Stamp/Rect[72 600 200 640]"), "a.pdf")
    assert reading.notes == ("stamps and signatures not read: page 1",)


def attached(names: str) -> bytes:
    """A file with one attachment of that name."""
    return pdf(
        [Words("See the annex.")],
        extras=Extras(
            (stream("The annex.", "/Type/EmbeddedFile"), f"<</Type/Filespec{names}/EF<</F 8 0 R>>>>"),
            catalog="/Names<</EmbeddedFiles<</Names[(annex)9 0 R]>>>>",
        ),
    )


def test_attachments_are_named() -> None:
    """Those of the file, and those that are pinned to a page."""
    assert read_pdf(attached("/F(annex.txt)/UF(annex.txt)"), "a.pdf").notes == (
        "attachments not read: annex.txt",
    )
    pinned = pdf(
        [Words("See the annex.")],
        extras=Extras(
            (
                stream("The annex.", "/Type/EmbeddedFile"),
                "<</Type/Filespec/F(pinned.txt)/UF(pinned.txt)/EF<</F 8 0 R>>>>",
                "<</Type/Annot/Subtype/FileAttachment/FS 9 0 R/Rect[72 600 90 620]>>",
            ),
            page="/Annots[10 0 R]",
        ),
    )
    assert read_pdf(pinned, "a.pdf").notes == ("attachments not read: pinned.txt",)


def test_an_xfa_form_is_named() -> None:
    """Its pages hold no more than a message."""
    xfa = stream("<xdp/>")
    extras = Extras((xfa,), catalog="/AcroForm<</Fields[]/XFA 8 0 R>>")
    reading = read_pdf(pdf([Words("Please wait...")], extras=extras), "a.pdf")
    assert any("XFA" in each for each in reading.notes)

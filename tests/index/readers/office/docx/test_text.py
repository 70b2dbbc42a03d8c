"""The shown text of a Word paragraph."""

from __future__ import annotations

import pytest

from index.readers.office.word import read_docx
from tests.index.readers.office.test_word import read, with_body
from tests.support.readings import texts

BEGIN, SEPARATE, END = (
    f"<w:r><w:fldChar w:fldCharType='{kind}'/></w:r>" for kind in ("begin", "separate", "end")
)
MATH = "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
ENTRIES = "<w:listEntry w:val='S'/><w:listEntry w:val='L'/>"
HALF = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def sign(code: str, font: str) -> str:
    return f"<w:r><w:sym w:font='{font}' w:char='{code}'/></w:r>"


def form(inner: str) -> str:
    return f"<w:r><w:fldChar w:fldCharType='begin'><w:ffData>{inner}</w:ffData></w:fldChar></w:r>{END}"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (sign("F0FE", "Wingdings") + "<R> yes</R>", "☑ yes"),
        (sign("2612", "MS Gothic") + "<R> yes</R>", "☒ yes"),
        (sign("zz", "Wingdings") + "<R>yes</R>", "yes"),
        ("<w:r><w:rPr><w:rFonts w:ascii='Symbol'/></w:rPr><w:t>m</w:t></w:r><R>m</R>", "μm"),
        (form("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>") + "<R> a</R>", "☒ a"),
        (form("<w:checkBox><w:default w:val='1'/></w:checkBox>") + "<R> a</R>", "☒ a"),
        (form("<w:checkBox><w:checked w:val='0'/></w:checkBox>") + "<R> a</R>", "☐ a"),
        (
            "<R>Size: </R>"
            + form(f"<w:ddList><w:result w:val='1'/>{ENTRIES}</w:ddList>"),
            "Size: L",
        ),
        (BEGIN + instruction("FORMTEXT") + SEPARATE + "<R>Ann</R>" + END, "Ann"),
        (BEGIN + instruction("PAGE") + SEPARATE + "<R>7</R>" + END, "7"),
        # The result of a field inside an instruction is not shown.
        (
            BEGIN + instruction("IF ") + BEGIN + instruction("A") + SEPARATE + "<R>1</R>" + END
            + instruction("=1") + SEPARATE + "<R>yes</R>" + END,
            "yes",
        ),
        (
            f"<R>weighs 3</R><m:oMath {MATH}>{HALF}</m:oMath><R> kg</R>",
            "weighs 3 1/2 kg",
        ),
        ("<R>1010</R><w:r><w:rPr><w:vertAlign w:val='subscript'/></w:rPr><w:t>2</w:t></w:r>", "1010₂"),
        ("<R>10</R><w:r><w:rPr><w:position w:val='10'/></w:rPr><w:t>8</w:t></w:r>", "10⁸"),
        ("<R>10</R><w:r><w:rPr><w:position w:val='-4'/></w:rPr><w:t>8</w:t></w:r>", "108"),
        ("<R>H</R><w:r><w:rPr><w:vertAlign w:val='subscript'/></w:rPr><w:t>2</w:t></w:r><R>O</R>", "H2O"),
    ],
)  # fmt: skip
def test_what_is_shown(xml: str, expected: str) -> None:
    """Signs, boxes, form fields, results of fields, equations."""
    assert texts(read(with_body(f"<w:p>{xml}</w:p>"))) == [expected]


@pytest.mark.parametrize("look", ["<w:strike/>", "<w:dstrike w:val='1'/>"])
def test_struck_out_text_is_left_out_and_counted(look: str) -> None:
    """What was crossed out does not stand."""
    struck = f"<w:r><w:rPr>{look}</w:rPr><w:t>5 May</w:t></w:r>"
    reading = read(with_body(f"<w:p><R>The deadline is </R>{struck}<R> 12 May.</R></w:p>"))
    assert reading.text == "The deadline is 12 May."
    assert reading.notes == ("struck-out text was not read, in 1 places",)


def test_a_run_that_is_not_struck_out_after_all() -> None:
    """A switch that is turned off is off."""
    run = "<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>stays</w:t></w:r>"
    reading = read(with_body(f"<w:p>{run}</w:p>"))
    assert (reading.text, reading.notes) == ("stays", ())


def test_equations_that_are_pictures_are_counted() -> None:
    """An older equation editor left only a picture."""
    ole = "<o:OLEObject xmlns:o='urn:schemas-microsoft-com:office:office' ProgID='Equation.3'/>"
    reading = read(with_body(f"<w:p><R>where </R><w:r><w:object>{ole}</w:object></w:r></w:p>"))
    assert reading.notes == ("1 equations are pictures and were not read",)


def test_a_drop_cap_belongs_to_its_word() -> None:
    """The large first letter is a paragraph of its own in the file, and no word in the text."""
    cap = "<w:p><w:pPr><w:framePr w:dropCap='drop' w:lines='3'/></w:pPr><R>O</R></w:p>"
    assert texts(read(with_body(f"{cap}<w:p><R>nce upon a time.</R></w:p>"))) == ["Once upon a time."]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    """With the change accepted there is one paragraph."""
    first = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><R>The end </R></w:p>"
    assert texts(read(with_body(f"{first}<w:p><R>of it.</R></w:p>"))) == ["The end of it."]


def test_what_a_form_asks_for_is_no_text() -> None:
    """A field that is not filled in says what is to be written there; in a template that is the text."""
    control = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><R>Click here.</R></w:sdtContent></w:sdt>"
    )
    data = with_body(f"<w:p><R>Name: </R>{control}</w:p><w:p><R>Signed</R></w:p>")
    reading = read(data)
    assert texts(reading) == ["Name:", "Signed"]
    assert reading.notes == ("the prompts of 1 empty fields were not read",)
    assert texts(read_docx(data, "a.dotx")) == ["Name: Click here.", "Signed"]


def test_embedded_objects_are_counted() -> None:
    """A workbook in a document is shown as a picture."""
    ole = "<o:OLEObject xmlns:o='urn:schemas-microsoft-com:office:office' ProgID='Excel.Sheet.12'/>"
    reading = read(with_body(f"<w:p><R>see </R><w:r><w:object>{ole}</w:object></w:r></w:p>"))
    assert reading.notes == ("1 embedded objects were not read",)

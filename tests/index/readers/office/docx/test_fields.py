"""Fields of Word that keep no result."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.readers.office.docx.fields import field_text
from tests.index.readers.office.docx.test_text import BEGIN, END, SEPARATE, instruction
from tests.index.readers.office.test_word import read, with_body
from tests.support.readings import texts


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (r" EQ \f(1,2) ", "1/2"),
        (r"eq \f(1,5;2)", "1,5/2"),
        (r"EQ \f(a+b,2c)", "(a+b)/(2c)"),
        (r"EQ \f(m,s\s\up6(2))", "m/s²"),
        (r"EQ \r(3,x)", "∛x"),
        (r"EQ \r(,a+b)", "√(a+b)"),
        (r"EQ \r(x)", "√x"),
        (r"EQ x\s\up8(2)", "x²"),
        (r"EQ 10\s\up 8(6)", "10⁶"),
        (r"EQ H\s\do3(2)O", "H₂O"),
        (r"EQ \i\su(i=1,5,i)", "∑_(i=1)⁵ i"),
        (r"EQ \i \pr(1,n,k)", "∏₁ⁿ k"),
        (r"EQ \i(0,1,x dx)", "∫₀¹ x dx"),
        (r"EQ \b\bc\[(\a\co2(1,2,3,4))", "[1, 2; 3, 4]"),
        (r"EQ \b\lc\{(x)", "{x"),
        (r"EQ \b(x)", "(x)"),
        (r"EQ \l(A,B,C)", "A, B, C"),
        (r"EQ \x\to\bo(5)", "5"),
        (r"EQ \o(O,/)", "O\u0338"),
        (r"EQ a\d\fo10()b", "ab"),
        (r"EQ f\(x\)", "f(x)"),
        (r'EQ \* jc2 \* "Font:MS Mincho" \* hps10 \o\ad(\s\up 9(とう),東)', "東"),
        (r' SYMBOL 163 \f "Symbol" \s 12 ', "≤"),
        (r"SYMBOL 0xFE \f Wingdings", "☑"),
        (r"SYMBOL 8364 \u", "€"),
        (r"SYMBOL 128 \a", "€"),
        ("MACROBUTTON NoMacro [Click here]", "[Click here]"),
        ('QUOTE "by hand" \\* MERGEFORMAT', "by hand"),
        ('XE "boats"', None),
        ("", None),
    ],
)  # fmt: skip
def test_what_is_shown(code: str, expected: str | None) -> None:
    """Equations on one line, signs of fonts, texts to click; nothing for other fields."""
    assert field_text(code) == expected


def test_fields_in_a_paragraph() -> None:
    """A result that is kept wins; a field inside an equation is a part of it; a number apart stays one."""
    half = BEGIN + instruction(r"EQ \f(1,2)") + END
    name = BEGIN + instruction("REF half") + SEPARATE + "<R>7</R>" + END
    inner = BEGIN + instruction(r"EQ \f(") + name + instruction(",8)") + END
    kept = BEGIN + instruction("SYMBOL 74") + SEPARATE + "<R>K</R>" + END
    body = f"<w:p><R>weighs 3</R>{half}<R> kg, </R>{inner}<R> and </R>{kept}</w:p>"
    assert texts(read(with_body(body))) == ["weighs 3 1/2 kg, 7/8 and K"]


def test_a_number_that_is_not_kept_is_counted() -> None:
    """Word computes AUTONUM when it shows a file."""
    reading = read(with_body(f"<w:p>{BEGIN}{instruction('AUTONUM')}{END}<R> Term</R></w:p>"))
    assert texts(reading) == ["Term"]
    assert reading.notes == ("1 numbers (AUTONUM, LISTNUM) were not read",)


@given(st.text('\\abdfilorsx(),;12 co"*/', max_size=40))
def test_any_equation_gives_a_text(code: str) -> None:
    """Whatever a field says, no error."""
    assert isinstance(field_text("EQ " + code), str)

"""MathML as text that keeps its meaning."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from index.readers.markup.mathml import math_text


def written(markup: str) -> str:
    node = LexborHTMLParser(f"<math>{markup}</math>").css_first("math")
    assert node is not None
    return math_text(node)


A, B, X, N = (f"<mi>{name}</mi>" for name in "abxn")
ONE, TWO, EIGHT = (f"<mn>{number}</mn>" for number in (1, 2, 8))
PLUS, EQUALS, MINUS = (f"<mo>{sign}</mo>" for sign in "+=-")
SUM = f"<mrow>{A}{PLUS}{B}</mrow>"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<msup><mn>10</mn>{EIGHT}</msup>", "10⁸"),
        (f"<msup><mn>10</mn><mrow>{MINUS}<mn>19</mn></mrow></msup>", "10⁻¹⁹"),
        (f"<msup>{X}<mrow>{N}{PLUS}{ONE}</mrow></msup>", "xⁿ⁺¹"),
        (f"<msup>{X}<mrow>{A}{PLUS}{ONE}</mrow></msup>", "x^(a + 1)"),
        (f"<msup>{X}{A}</msup>", "x^a"),
        (f"<msup>{SUM}{TWO}</msup>", "(a + b)²"),
        (f"<msup><mrow><mo>(</mo>{SUM}<mo>)</mo></mrow>{TWO}</msup>", "(a + b)²"),
        (f"<msup>{A}<mo>′</mo></msup>", "a′"),
        (f"<msub>{X}{ONE}</msub>", "x₁"),
        (f"<msub>{X}{A}</msub>", "x_a"),
        (f"<msubsup>{X}{ONE}{TWO}</msubsup>", "x₁²"),
        (f"<mfrac>{ONE}{TWO}</mfrac>", "½"),
        (f"{ONE}<mfrac>{ONE}{TWO}</mfrac>", "1½"),
        (f"{ONE}<mfrac><mn>5</mn><mn>16</mn></mfrac>", "1 5/16"),
        (f"<mfrac>{SUM}<mn>12</mn></mfrac>", "(a + b)/12"),
        (f"<mfrac>{A}{SUM}</mfrac>", "a/(a + b)"),
        (f"<mfrac>{SUM}<mrow>{TWO}{X}</mrow></mfrac>", "(a + b)/(2x)"),
        (f"<mfrac>{A}<msup>{X}{TWO}</msup></mfrac>", "a/x²"),
        (f"<mfrac>{A}{B}</mfrac>{X}", "(a/b)x"),
        (f"{X}<mfrac>{A}{B}</mfrac>", "x(a/b)"),
        (f"{X}{EQUALS}<mfrac>{A}{B}</mfrac>{PLUS}{ONE}", "x = a/b + 1"),
        (f"<mfrac linethickness=0>{N}{TWO}</mfrac>", "(n over 2)"),
        (f"<msqrt>{X}</msqrt>", "√x"),
        (f"<msqrt>{A}{PLUS}{B}</msqrt>", "√(a + b)"),
        (f"<mroot>{X}<mn>3</mn></mroot>", "∛x"),
        (f"<mroot>{X}<mn>5</mn></mroot>", "⁵√x"),
        (f"{MINUS}{ONE}", "-1"),
        (f"{X}{EQUALS}{MINUS}{ONE}", "x = -1"),
        (f"<munderover><mo>∑</mo><mrow><mi>i</mi>{EQUALS}{ONE}</mrow>{N}</munderover>{X}", "∑_(i = 1)ⁿ x"),
        (f"<mi>sin</mi><mo>&#x2061;</mo>{X}", "sin x"),
        (f"{TWO}<mo>&#x2062;</mo>{X}", "2x"),
        (f"{TWO}<mspace/><mtext>mm</mtext>", "2 mm"),
        (f"<mover>{X}<mo>¯</mo></mover>", "x\u0304"),
        (f"<mfenced>{A}{B}</mfenced>", "(a, b)"),
        (f"<mfenced open='[' close=']' separators=';'>{A}{B}</mfenced>", "[a; b]"),
        (
            f"<mtable><mtr><mtd>{A}</mtd><mtd>{B}</mtd></mtr><mtr><mtd>{X}</mtd><mtd>{ONE}</mtd></mtr></mtable>",
            "a, b; x, 1",
        ),
        ("<mmultiscripts><mi>U</mi><mprescripts/><mn>92</mn><mn>238</mn></mmultiscripts>", "²³⁸₉₂U"),
        (f"{A}<mphantom>{B}</mphantom>", "a"),
        (f"<semantics>{SUM}<annotation>a+b</annotation></semantics>", "a + b"),
        ("<mfrac></mfrac>", "/"),
        ("x", "x"),
    ],
)
def test_formulas(markup: str, expected: str) -> None:
    """Powers, fractions, roots, sums, matrices; brackets where the line of the page is lost."""
    assert written(markup) == expected


def test_the_description_of_an_empty_formula() -> None:
    """`alttext` is taken where there is nothing else."""
    node = LexborHTMLParser("<math alttext='x  squared'></math>").css_first("math")
    assert node is not None
    assert math_text(node) == "x squared"


def test_deep_nesting() -> None:
    """Ten thousand levels end no stack."""
    assert written("<mrow>" * 10_000 + "<mi>x</mi>") == "x"

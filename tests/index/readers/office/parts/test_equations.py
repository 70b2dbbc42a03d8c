"""Equations: every number keeps its value on one line."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from index.readers.office.parts.equations import equation_text, joined

M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def written(xml: str) -> str:
    """The text of an equation; `{x}` stands for a run with the text x."""
    xml = xml.replace("{", "<m:r><m:t>").replace("}", "</m:t></m:r>")
    return equation_text(ET.fromstring(f'<m:oMath xmlns:m="{M}">{xml}</m:oMath>'))


def fraction(above: str, below: str) -> str:
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (fraction("{1}", "{2}"), "1/2"),
        ("{3}" + fraction("{1}", "{2}"), "3 1/2"),
        (fraction("{1}", "{2}") + "{x}", "1/2 x"),
        (fraction("{a+b}", "{2c}"), "(a+b)/(2c)"),
        (fraction("{m}", "<m:sSup><m:e>{s}</m:e><m:sup>{2}</m:sup></m:sSup>"), "m/s²"),
        (fraction("{1}", "{x}<m:sSup><m:e>{y}</m:e><m:sup>{2}</m:sup></m:sSup>"), "1/(xy²)"),
        (fraction("{5}", "{9}") + "{(F−32)}", "5/9 (F−32)"),
        (
            "<m:sSup><m:e><m:sSup><m:e>{x}</m:e><m:sup>{2}</m:sup></m:sSup></m:e><m:sup>{3}</m:sup></m:sSup>",
            "(x²)³",
        ),
        (fraction("{(a+b)}", "{(c)(d)}"), "(a+b)/((c)(d))"),
        (fraction(fraction("{1}", "{2}"), "{3}"), "(1/2)/3"),
        ("<m:sSup><m:e>{10}</m:e><m:sup>{8}</m:sup></m:sSup>", "10⁸"),
        ("<m:sSup><m:e>{10}</m:e><m:sup>{−3}</m:sup></m:sSup>", "10⁻³"),
        ("<m:sSup><m:e>{a+b}</m:e><m:sup>{2}</m:sup></m:sSup>", "(a+b)²"),
        ("<m:sSup><m:e>{x}</m:e><m:sup>{n+k}</m:sup></m:sSup>", "x^(n+k)"),
        ("<m:sSup><m:e>{90}</m:e><m:sup>{∘}</m:sup></m:sSup>", "90°"),
        ("<m:sSub><m:e>{x}</m:e><m:sub>{12}</m:sub></m:sSub>", "x₁₂"),
        ("<m:sSubSup><m:e>{x}</m:e><m:sub>{i}</m:sub><m:sup>{2}</m:sup></m:sSubSup>", "x_i²"),
        ("<m:sPre><m:sub>{6}</m:sub><m:sup>{14}</m:sup><m:e>{C}</m:e></m:sPre>", "¹⁴₆C"),
        ("<m:rad><m:deg/><m:e>{2}</m:e></m:rad>", "√2"),
        ("<m:rad><m:deg>{3}</m:deg><m:e>{a+b}</m:e></m:rad>", "∛(a+b)"),
        ("<m:rad><m:deg>{5}</m:deg><m:e>{2}</m:e></m:rad>", "⁵√2"),
        (
            (
                '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{i=1}</m:sub><m:sup>{n}</m:sup>'
                "<m:e>{i}</m:e></m:nary>"
            ),
            "∑_(i=1)ⁿ i",
        ),
        ("<m:nary><m:sub>{0}</m:sub><m:sup>{1}</m:sup><m:e>{x}</m:e></m:nary>", "∫₀¹ x"),
        ("<m:d><m:e>{a}</m:e><m:e>{b}</m:e></m:d>", "(a|b)"),
        (
            (
                "<m:d><m:e><m:m><m:mr><m:e>{a}</m:e><m:e>{b}</m:e></m:mr>"
                "<m:mr><m:e>{c}</m:e><m:e>{d}</m:e></m:mr></m:m></m:e></m:d>"
            ),
            "(a, b; c, d)",
        ),
        (
            (
                '<m:d><m:dPr><m:begChr m:val="{"/><m:endChr m:val=""/></m:dPr><m:e><m:eqArr>'
                "<m:e>{1,&amp;x&gt;0}</m:e><m:e>{0,&amp;x≤0}</m:e></m:eqArr></m:e></m:d>"
            ),
            "{1, x>0; 0, x≤0 ",
        ),
        ('<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>{n}</m:num></m:f>', "n over "),
        ("<m:func><m:fName>{sin}</m:fName><m:e>{x}</m:e></m:func>", "sin x"),
        ("{log}{x}", "log x"),
        ("<m:limLow><m:e>{lim}</m:e><m:lim>{x→0}</m:lim></m:limLow>", "lim_(x→0)"),
        ('<m:acc><m:accPr><m:chr m:val="¯"/></m:accPr><m:e>{x}</m:e></m:acc>', "x\u0305"),
        ('<m:bar><m:barPr><m:pos m:val="top"/></m:barPr><m:e>{3}</m:e></m:bar>', "3\u0305"),
        ('<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>{n}</m:num><m:den>{k}</m:den></m:f>', "n over k"),
        ('<m:phant><m:phantPr><m:show m:val="0"/></m:phantPr><m:e>{9}</m:e></m:phant>{1}', "1"),
        ('<m:r><m:rPr><m:scr m:val="double-struck"/></m:rPr><m:t>R</m:t></m:r>', "ℝ"),
    ],
)
def test_an_equation_on_one_line(xml: str, expected: str) -> None:
    """Fractions, powers, roots, sums, matrices and accents as readable text."""
    xml = xml.replace('m:val="{"', 'm:val="&#123;"')
    assert written(xml) == expected


def test_numbers_stay_apart() -> None:
    """Three and a half is not 31/2; what is no number is not parted."""
    assert joined("weighs 3", "1/2") == "weighs 3 1/2"
    assert joined("the ", "1/2") == "the 1/2"
    assert joined("10", "(a+b)/c") == "10 (a+b)/c"
    assert joined("a", "b") == "ab"


def test_deep_nesting_ends() -> None:
    """An equation nested thousands of times gives a text, not a crash."""
    depth = 300
    xml = "<m:e>" * depth + "{x}" + "</m:e>" * depth
    assert written(xml) == ""

"""Lists of HTML: numbers as they are shown, bullets, terms with their values."""

from __future__ import annotations

import pytest

from index.readers.markup.html import read_html
from index.readers.markup.html_lists import numeral
from index.types import Reading
from tests.support.readings import check_reading, texts


def read(markup: str) -> Reading:
    reading = read_html(f"<body>{markup}".encode(), "a.html")
    check_reading(reading)
    return reading


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<ol><li>a<li>b</ol>", ["1. a", "2. b"]),
        ("<ol start=4><li>a<li>b</ol>", ["4. a", "5. b"]),
        ("<ol start=-1><li>a<li>b</ol>", ["-1. a", "0. b"]),
        ("<ol start=x><li>a</ol>", ["1. a"]),
        ("<ol reversed><li>a<li>b<li>c</ol>", ["3. a", "2. b", "1. c"]),
        ("<ol reversed start=9><li>a<li>b</ol>", ["9. a", "8. b"]),
        ("<ol><li>a<li value=7>b<li>c</ol>", ["1. a", "7. b", "8. c"]),
        ("<ol type=a start=26><li>a<li>b</ol>", ["z. a", "aa. b"]),
        ("<ol type=A><li>a</ol>", ["A. a"]),
        ("<ol type=i start=4><li>a</ol>", ["iv. a"]),
        ("<ol type=I start=9><li>a</ol>", ["IX. a"]),
        ("<ol style='list-style-type: lower-alpha'><li>a</ol>", ["a. a"]),
        ("<ol style='list-style: none'><li>a</ol>", ["a"]),
        ("<ol><li>a<ol type=a><li>x<li>y</ol><li>b</ol>", ["1. a", "a. x", "b. y", "2. b"]),
        ("<ol><li><ol type=a><li>x<li>y</ol><li>b</ol>", ["1. a. x", "b. y", "2. b"]),
        ("<ol><li><p>a</p><p>more</p><li>b</ol>", ["1. a", "more", "2. b"]),
        ("<ol><li>a<ul><li>x</ul><li>b</ol>", ["1. a", "x", "2. b"]),
        ("<ol><li><li>b</ol>", ["2. b"]),
        ("<ol><li><h3>Title</h3>text</ol>", ["1. Title", "text"]),
    ],
)
def test_numbers_are_in_the_text(markup: str, expected: list[str]) -> None:
    """As a browser counts: start, value, reversed, letters and Roman numbers, lists in lists."""
    assert texts(read(markup)) == expected


def test_bullets_stand_before_the_block() -> None:
    """They are shown, but are no part of a sentence."""
    reading = read("<ul><li>a<li>b<ul><li>c</ul></ul><ul style='list-style:none'><li>d</ul><li>e")
    assert reading.text == "• a\n\n• b\n\n• c\n\nd\n\n• e"
    assert texts(reading) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (1994, "upper-roman", "MCMXCIV"),
        (4000, "upper-roman", "4000"),
        (0, "lower-alpha", "0"),
        (702, "lower-alpha", "zz"),
        (703, "upper-alpha", "AAA"),
        (7, "decimal-leading-zero", "07"),
        (7, "lower-greek", "7"),
    ],
)
def test_numerals(number: int, style: str, expected: str) -> None:
    """Where a style has no sign for a number, it is decimal."""
    assert numeral(number, style) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<dt>Rent<dd>40 euros<dt>Deposit<dd>100 euros", ["Rent: 40 euros", "Deposit: 100 euros"]),
        ("<dt>Open<dd>Monday<dd>Friday", ["Open: Monday", "Open: Friday"]),
        ("<dt>Colour<dt>Color<dd>red", ["Colour, Color: red"]),
        ("<div><dt>Rent:<dd>40</div><div><dt>Wait?<dd>No.</div>", ["Rent: 40", "Wait? No."]),
        ("<dt>f(x)<dd><p>First.</p><p>Second.</p>", ["f(x): First.", "Second."]),
        ("<dt>Tools<dd><ul><li>a<li>b</ul>", ["Tools", "a", "b"]),
        ("<dt>Code<dd><pre>x = 1</pre>", ["Code", "x = 1"]),
        ("<dt>Fares<dd><table><tr><td>a<td>1<tr><td>b<td>2</table>", ["Fares", "a | 1", "b | 2"]),
        ("<dt>Lonely<dt>Second<dd>", ["Lonely", "Second"]),
        ("<dd>No term<dt>T<dd>v", ["No term", "T: v"]),
        ("<dt>Outer<dd><dl><dt>Inner<dd>v</dl>more", ["Outer", "Inner: v", "more"]),
        ("<dt><h3>Heading</h3><dd>v", ["Heading", "v"]),
        (f"<dt>{'long ' * 50}<dd>v", ["long " * 49 + "long", "v"]),
        ("<dt>a<br>b<dd>c<br>d", ["a b: c\nd"]),
    ],
)
def test_a_value_stands_with_its_term(markup: str, expected: list[str]) -> None:
    """One block a value; a term that no text follows directly is a block of its own."""
    assert texts(read(f"<dl>{markup}</dl>")) == expected

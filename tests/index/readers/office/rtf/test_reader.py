"""Rich Text: characters, lists, tables, notes, and what is not shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.office.rtf.reader import read_rtf
from index.types import Reading
from tests.support.readings import attempt, check_damaged, check_reading, hidden, mutations, texts

FONTS = (
    r"{\fonttbl{\f0\fnil Arial;}{\f1\fnil\fcharset204{\*\fname Times;}Times CYR;}{\f2\fcharset2 Symbol;}"
    r"{\f3\fcharset128 MS Gothic;}{\f4\fnil\fcharset2 Wingdings;}}"
)
STYLES = r"{\stylesheet{\s0 Normal;}{\s1\sb240 heading 1;}{\s2 \'dcberschrift 2;}{\s3\outlinelevel2 Mine;}}"


def rtf(body: str, encoding: int = 1252) -> bytes:
    return rf"{{\rtf1\ansi\ansicpg{encoding}\deff0{FONTS}{STYLES}{body}}}".encode("latin-1")


def read(body: str, encoding: int = 1252) -> Reading:
    reading = read_rtf(rtf(body, encoding), "a.rtf")
    check_reading(reading)
    return reading


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"caf\'e9 \emdash  \ldblquote a\rdblquote ", "café — “a”"),
        (r"{\f1 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (r"{\f3\'93\'fa\'96\'7b}", "日本"),
        (r"\u26085?\u26412? \u-10179?\u-8704?", "日本 😀"),
        (r"\uc2\u8364\'80\'80 5", "€ 5"),
        (r"{\uc0\u8364}5", "€5"),
        (r"{\f2\'b3} 5 {\f2 m}m {\f4\'fe} yes", "≥ 5 μm ☑ yes"),
        (r"10{\super 6} and 1010{\sub 2} and H{\sub 2}O", "10⁶ and 1010₂ and H2O"),
        (r"shown{\v  hidden} {\strike struck }here", "shown here"),
        (r"{\deleted old }new", "new"),
        (r"a\~b\_c\-d \{e\}", "a\u00a0b-cd {e}"),
        (r"one\line two", "one\ntwo"),
        (r"see {\field{\*\fldinst HYPERLINK x}{\fldrslt the page}}", "see the page"),
        (r"{\*\unknown {\b secret}}plain {\pict 00ff{\*\blipuid 0}}", "plain"),
        (r"\bin5 {{{}}text", "text"),
        (r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres1}}}{\fldrslt }} yes", "☒ yes"),
        (
            r"{\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres0}}}{\fldrslt }} no",
            "☐ no",
        ),
    ],
)
def test_what_is_shown(body: str, expected: str) -> None:
    """Encodings of fonts, Unicode with its fallback, signs, links, nothing hidden."""
    assert texts(read(body)) == [expected]


def test_the_encoding_of_the_file() -> None:
    """Fonts that name none have that of the file."""
    assert texts(read(r"P\'f8\'edli\'9a", encoding=1250)) == ["Příliš"]


def test_headings_lists_and_numbers() -> None:
    """Styles make headings; numbers are part of their item, bullets stand before it."""
    reading = read(
        r"\pard\s1 One\par\pard\s2 Two\par\pard\s3 Three\par\pard{\listtext 1.\tab}first\par"
        r"{\listtext\f2\'b7\tab}second\par\pard third\par"
    )
    assert [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", 1, "One"),
        ("heading", 2, "Two"),
        ("heading", 3, "Three"),
        ("item", 0, "1. first"),
        ("item", 0, "second"),
        ("paragraph", 0, "third"),
    ]
    assert "• second" in reading.text


def test_tables_keep_their_columns() -> None:
    """Empty and merged cells; a wider cell covers the columns below which it ends."""
    reading = read(
        r"\pard Table 1: Nights\par"
        r"\trowd\trhdr\cellx1000\cellx2000\cellx3000\pard\intbl House\cell Month\cell Nights\cell\row"
        r"\trowd\clvmgf\cellx1000\cellx2000\cellx3000\pard\intbl Alder\cell\cell 12\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx2010\cellx3000\pard\intbl\cell June\cell 15\par more\cell\row"
        r"\trowd\cellx2000\cellx3000\pard\intbl both\cell 27\cell\row"
        r"\pard After.\par"
    )
    assert texts(reading) == [
        "Table 1: Nights",
        "House | Month | Nights",
        "Alder |  | 12",
        "Alder | June | 15 more",
        "both |  | 27",
        "After.",
    ]
    assert reading.tables[0].columns == ("House", "Month", "Nights")
    assert reading.tables[0].caption == "Table 1: Nights"


def test_notes_headers_and_footers() -> None:
    """A note follows its paragraph; headers come first, footers last, page numbers not at all."""
    reading = read(
        r"{\header Firm Ltd\par}{\footer Page {\field{\*\fldinst PAGE}{\fldrslt 1}}\par}"
        r"{\footerf Mill Lane 4\par}"
        r"Text{\super\chftn}{\footnote {\super\chftn} The note.\par}.\par Next.\par"
        r"{\*\annotation secret}"
    )
    assert texts(reading) == ["Firm Ltd", "Text.", "The note.", "Next.", "Mill Lane 4"]
    assert reading.notes == ("1 comments were not read",)


def test_title_and_date() -> None:
    """Those of the information group, in the encoding of the file."""
    reading = read(r"{\info{\title Caf\'e9 rules}{\author A}{\creatim\yr2024\mo5\dy3\hr10}}text")
    assert reading.title == "Café rules"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2024-05-03", "created")
    assert reading.text == "text"


def test_what_was_left_out_is_counted() -> None:
    """Hidden and struck-out text, equations."""
    reading = read(r"a{\v b}{\strike c}{\mmath{\*\moMath d}}")
    assert hidden(reading) == [("b", "not displayed")]
    assert reading.notes == (
        "struck-out text was not read, in 1 places",
        "1 equations were not read",
    )


@pytest.mark.parametrize(("data", "cause"), [(b"text", "not a Rich Text"), (rb"{\rtf1 }", "no text")])
def test_what_cannot_be_read(data: bytes, cause: str) -> None:
    """Other files and empty ones are refused in plain words."""
    with pytest.raises(ReadError, match=cause):
        read_rtf(data, "a.rtf")


def test_mutated_files() -> None:
    """Sixty damaged files give a reading or an error, as do groups without end."""
    whole = rtf(r"{\info{\title x}}\pard\s1 One\par\trowd\cellx9\intbl a\cell\row{\footnote b}\u26085? c\par")
    check_damaged(read_rtf, [b"x", *mutations(whole, 60, seed=5)])
    with pytest.raises(ReadError, match="too deep"):
        read_rtf(rb"{\rtf1 " + b"{\\b " * 20_000, "a.rtf")


@settings(max_examples=60, deadline=None)
@given(st.text("\\{}'ab0159 *-\n;upvfs", max_size=60))
def test_any_text_gives_a_reading_or_an_error(body: str) -> None:
    """No order of words and braces breaks the reader."""
    attempt(read_rtf, b"{\\rtf1 text " + body.encode())

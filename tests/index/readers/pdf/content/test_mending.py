"""PDF: characters come out as a reader sees them, whatever the file does to draw them."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Extras, Words, pdf, to_unicode

FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/ToUnicode 9 0 R>>"


def shown(operators: str, letters: dict[int, str]) -> str:
    """The text of a page that is drawn in /F3, a font whose characters stand for these letters."""
    extras = Extras((FONT, to_unicode(letters)), fonts="/F3 8 0 R")
    return read_pdf(pdf([operators], extras=extras), "a.pdf").text


def drawn(text: str, font: str = "F3", x: float = 72) -> str:
    """Operators that show text, or an array with adjustments."""
    shown = f"{text} TJ" if text[0] == "[" else f"({text}) Tj"
    return f"BT /{font} 11 Tf {x} 700 Td {shown} ET"


def test_letters_beyond_the_first_plane() -> None:
    """Mathematical letters, rare Chinese characters and emoji are each one character."""
    letters = {0x41: "𝐸", 0x42: "𠮷", 0x43: "😀", 0x44: "m"}
    assert shown(drawn("ADBC"), letters) == "𝐸m𠮷😀"


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ({0x41: "ل", 0x42: "لا", 0x43: "خ"}, "خلال"),
        ({0x41: "م", 0x42: "لأ", 0x43: "ا"}, "الأم"),
        ({0x41: "م", 0x42: "\ufef7", 0x43: "ا"}, "الأم"),
        ({0x41: "ם", 0x42: "\u05d5\u05b9", 0x43: "\u05e9\u05c1\u05b8"}, "\u05e9\u05c1\u05b8\u05d5\u05b9ם"),
    ],
    ids=["lam-alef", "with hamza", "a code of its own", "Hebrew points"],
)
def test_ligatures_of_lines_from_right_to_left(letters: dict[int, str], expected: str) -> None:
    """The letters of one glyph keep their order when the line is turned round."""
    assert normalize("NFC", shown(drawn("ABC"), letters)) == normalize("NFC", expected)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("CBA 2024 FED", "דהו 2024 אבג"),
        ("CBA 1,250.50 FED", "דהו 1,250.50 אבג"),
        ("CBA (12) FED", "דהו (12) אבג"),
        ("Total of ABC in 2024", "Total of גבא in 2024"),
    ],
)
def test_numbers_in_lines_from_right_to_left(codes: str, expected: str) -> None:
    """A number reads from left to right wherever it stands."""
    letters = {0x41 + at: letter for at, letter in enumerate("אבגדהו")}
    if codes[0] == "T":
        text = "[(Total of )] TJ /F3 11 Tf [(ABC)] TJ /F1 11 Tf [( in 2024)"
        assert shown(drawn(text + "]", "F1"), letters) == expected
    else:
        assert shown(drawn(codes.replace("(", r"\(").replace(")", r"\)")), letters) == expected


def test_ligatures_of_lines_from_left_to_right() -> None:
    """Two equal letters of one glyph stay two, and in their order."""
    assert shown(drawn("AB"), {0x41: "ffi", 0x42: "x"}) == "ffix"


@pytest.mark.parametrize("shift", [(0.35, 0), (0.3, 0.3), (-0.4, 0)])
def test_letters_drawn_twice(shift: tuple[float, float]) -> None:
    """Type made bold by drawing it twice is read once: letter by letter, word by word, line by line."""
    x, y = shift
    letters = [
        Words(letter, x=72 + 7 * at + by * x, y=740 + by * y)
        for at, letter in enumerate("Budget")
        for by in (0, 1)
    ]
    words = [
        Words(word, x=72 + 60 * at + by * x, y=700 + by * y)
        for at, word in enumerate(("little", "1100", "good", "77"))
        for by in (0, 1)
    ]
    lines = [Words("It was a good year.", x=72 + by * x, y=660 + by * y) for by in (0, 1, 2)]
    text = read_pdf(pdf([*letters, *words, *lines]), "a.pdf").text
    assert text.split() == ["Budget", "little", "1100", "good", "77", "It", "was", "a", "good", "year."]


def test_a_shadow_is_read_once() -> None:
    """A title over its own shadow is one title."""
    page = [Words("Annual Report", size=24), Words("Annual Report", x=74, y=698, size=24)]
    assert read_pdf(pdf(page), "a.pdf").text == "Annual Report"


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ("[(All of it: T ) 278 (otal costs of the year)]", "All of it: Total costs of the year"),
        ("[(All of it: T ) 210 (otal costs of the year)]", "All of it: Total costs of the year"),
        ("[(All of it: A) 80 (V) 60 (and B)]", "All of it: AVand B"),
        ("[(of) -230 (the) -230 (year)]", "of the year"),
        ("[(T)-300(O)-300(T)-300(A)-300(L)-900(C)-300(O)-300(S)-300(T)]", "TOTAL COST"),
        ("[(A B C D E)]", "A B C D E"),
        ("[(Answers: A C B D A B D)]", "Answers: A C B D A B D"),
        ("[(J K L M N O P Q)]", "J K L M N O P Q"),
        ("[(x x o x o o x)]", "x x o x o o x"),
    ],
)
def test_spaces_are_where_gaps_are(array: str, expected: str) -> None:
    """A space that has no room is none; letters that are spaced out are words."""
    assert read_pdf(pdf([drawn(array, "F1")]), "a.pdf").text == expected


def test_slanted_letters_keep_their_spaces() -> None:
    """The boxes of slanted letters reach into each other, across spaces too."""
    page = "BT /F1 11 Tf 1 0 .4 1 72 700 Tm (The slanted words of it) Tj ET"
    assert read_pdf(pdf([page]), "a.pdf").text == "The slanted words of it"


def cjk(*lines: str) -> bytes:
    """A page of lines in a font for Chinese, Japanese or Korean, set apart by 18 points."""
    operators = [
        f"BT /F3 12 Tf 60 {700 - 18 * at} Td <{text.encode('utf-16-be').hex()}> Tj ET"
        for at, text in enumerate(lines)
    ]
    font = "<</Type/Font/Subtype/Type0/BaseFont/STSong/Encoding/UniGB-UCS2-H/DescendantFonts[9 0 R]>>"
    descendant = (
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong/DW 1000"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>"
    )
    return pdf(operators, extras=Extras((font, descendant), fonts="/F3 8 0 R"))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("村图书馆自一九七四年起每周三和周六下午开放，", "借书免费。"), "开放，借书免费。"),
        (("村图书馆自一九七四年起每周三和周六下午开放图书", "馆的新楼。"), "图书馆的新楼。"),
        (("村图书馆自一九七四年起每周三和周六下午开放于", "2024年。"), "开放于2024年。"),
        (("村图书馆自一九七四年起每周三和周六下午开放。", "“借书”免费。"), "开放。“借书”免费。"),
        (("村图书馆自一九七四年起每周三和周六下午开放", "Python 课程。"), "开放 Python 课程。"),
    ],
)
def test_chinese_lines_are_joined_without_a_space(lines: tuple[str, ...], expected: str) -> None:
    """A line break in Chinese is no space, but before a word in Latin letters."""
    assert read_pdf(cjk(*lines), "a.pdf").text.endswith(expected)


def test_a_gap_between_chinese_characters_is_no_space() -> None:
    """Characters that are spread to fill the line stay one text."""
    before, after = (text.encode("utf-16-be").hex() for text in ("开挖进", "尺统计"))
    page = f"BT /F3 12 Tf 60 700 Td [<{before}> -300 <{after}>] TJ ET"
    data = cjk("第一行").replace(b"BT /F3 12 Tf 60 700 Td <7b2c4e00884c> Tj ET", page.encode())
    assert read_pdf(data, "a.pdf").text == "开挖进尺统计"


def test_no_line_ends_inside_a_word() -> None:
    """A page of letters drawn one by one, which pdfium takes for lines from top to bottom."""
    page = [
        Words(letter, x=x, y=780 - 200 * at)
        for at, row in enumerate(("ILLICIT", "47", "TILL", "1"))
        for x, letter in _placed(row)
    ]
    assert read_pdf(pdf(page), "a.pdf").text.split() == ["ILLICIT", "47", "TILL", "1"]


def _placed(row: str) -> list[tuple[float, str]]:
    widths = {"I": 278, "L": 556, "C": 722, "T": 611}
    places, x = [], 30.0 if len(row) > 2 else 570.0
    for letter in row:
        places.append((x, letter))
        x += widths.get(letter, 556) * 0.011
    return places


def test_words_drawn_close_together_are_two() -> None:
    """Cells of a narrow table stand closer than words do, but each was drawn by itself."""
    page = [Words("no nuts", x=72), Words("needs a cot", x=110)]
    assert read_pdf(pdf(page), "a.pdf").text == "no nuts needs a cot"


def test_arabic_laid_out_from_left_to_right() -> None:
    """Letters of a word go to the left, whatever their order in the file."""
    letters = {0x41: "ح", 0x42: "ل", 0x43: "م", 0x44: "ن"}
    assert sorted(shown(drawn("BA"), letters)) == sorted("حل")
    assert shown(drawn("BA"), letters) == "حل"


def test_a_word_drawn_in_two_parts_around_another() -> None:
    """What stands between is read behind it."""
    page = [Words("S"), Words("(Treasurer)", x=300), Words("atya Nadella", x=72 + 0.667 * 11)]
    assert read_pdf(pdf(page), "a.pdf").text.replace(" |", "") == "Satya Nadella (Treasurer)"


def test_figures_along_an_upright_axis() -> None:
    """Each stands by itself, though they lie in the file as one word from the bottom to the top."""
    page = [Words(str(2 * at), y=200 + 40 * at) for at in range(5)]
    assert sorted(read_pdf(pdf(page), "a.pdf").text.split()) == ["0", "2", "4", "6", "8"]


def test_narrow_letters_drawn_twice() -> None:
    """Type made bold by drawing it twice: narrow letters are moved by as much as wide ones."""
    widths = {"i": 222, "l": 222, "t": 278, "M": 833, "u": 556, "n": 556, "c": 500, "p": 556, "a": 556}
    page, x = [], 72.0
    for letter in "Municipalita":
        page += [Words(letter, x=x + by * 1.2) for by in (0, 1)]
        x += widths[letter] * 0.011
    assert read_pdf(pdf(page), "a.pdf").text == "Municipalita"


@pytest.mark.parametrize("text", ["Steamboat Bill", "Steamboat Bill — Willie", "“Bill’s”"])
def test_narrow_letters_that_are_set_tight(text: str) -> None:
    """Two equal letters of one word are two, on a page with dashes and curly quotes as on any other."""
    operators = f"BT /F1 11 Tf -1 Tc 72 700 Td ({text}) Tj ET"
    assert read_pdf(pdf([operators]), "a.pdf").text == text

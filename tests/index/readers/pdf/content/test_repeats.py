"""Equal letters that stand close together are both read, though pdfium takes them for one drawn twice."""

from __future__ import annotations

import pytest

from index.readers.pdf.reader import read_pdf
from tests.support.pdf_files import Words, pdf

# Of Helvetica, in thousandths of the size.
WIDTHS = {
    "f": 278,
    "1": 556,
    "i": 222,
    "l": 222,
    "t": 278,
    " ": 278,
    "c": 500,
    "s": 500,
    "r": 333,
    "I": 278,
    ",": 278,
}


def by_letters(text: str, close: float, y: float = 700) -> list[Words]:
    """Each letter drawn by itself; the second of a pair closer to the first by a share of its width."""
    page, x, before = [], 72.0, ""
    for letter in text:
        if letter == before and letter in "f1":
            x -= close * WIDTHS.get(letter, 556) * 0.011
        page.append(Words(letter, x=x, y=y))
        x += WIDTHS.get(letter, 556) * 0.011
        before = letter
    return page


@pytest.mark.parametrize("close", [0, 0.12, 0.16])
@pytest.mark.parametrize(
    "text", ["The effect of it", "He put off the loss", "It cost 411 euros", "It cost 1,120 euros off 11"]
)
def test_close_pairs_of_letters(text: str, close: float) -> None:
    """Both letters are read, with no space that is none."""
    assert read_pdf(pdf(by_letters(text, close)), "a.pdf").text == text


def test_letters_drawn_twice_are_read_once() -> None:
    """Bold type made by drawing each letter twice, a little apart."""
    page = [*by_letters("The loss of 1 f", 0), *by_letters("The loss of 1 f", 0)]
    page = [each for pair in zip(page[:15], page[15:], strict=True) for each in pair]
    page = [Words(word.text, x=word.x + at % 2 * 0.4, y=word.y) for at, word in enumerate(page)]
    assert read_pdf(pdf(page), "a.pdf").text == "The loss of 1 f"

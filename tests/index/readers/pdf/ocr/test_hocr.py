"""hOCR to lines: places in points, one size for a block, pages turned upright."""

from __future__ import annotations

import pytest

from index.errors import ReadError
from index.readers.pdf.ocr.hocr import read_hocr
from index.readers.pdf.page import PageLines
from tests.support.fake_tesseract import HOCR, hocr_page


def read(*pages: str) -> list[PageLines]:
    """The pages of an hOCR document."""
    return read_hocr(HOCR.format("".join(pages)).encode())


def word(text: str, box: tuple[int, int, int, int], confidence: int = 90) -> str:
    """One recognised word."""
    title = f"bbox {' '.join(map(str, box))}; x_wconf {confidence}"
    return f"<span class='ocrx_word' title='{title}'>{text}</span>"


def line(title: str, *words: str, kind: str = "ocr_line") -> str:
    """One recognised line."""
    return f'<span class="{kind}" title="{title}">{"".join(words)}</span>'


def page(*blocks: str, size: tuple[int, int] = (1000, 2000), dpi: int = 200) -> str:
    """A page with a block for each text."""
    inside = "".join(f"<div class='ocr_carea'><p class='ocr_par'>{block}</p></div>" for block in blocks)
    title = f"bbox 0 0 {size[0]} {size[1]}; scan_res {dpi} {dpi}"
    return f"<div class='ocr_page' title='{title}'>{inside}</div>"


def test_lines_have_their_place_in_points() -> None:
    """From pixels at the image's resolution, with y upwards; the lower edge is below the base line."""
    title = "bbox 200 380 500 420; baseline 0.001 -10; x_size 50; x_descenders 10; x_ascenders 9"
    ((found),) = read(
        page(line(title, word("Two", (200, 380, 300, 410)), word("words", (320, 380, 500, 420))))
    )
    (only,) = found.lines
    assert only.text == "Two words"
    assert (only.left, only.right) == pytest.approx((72, 180))
    assert only.bottom == pytest.approx((2000 - 410 - 10) * 72 / 200)
    assert only.size == pytest.approx(50 * 1.2 * 72 / 200)
    assert found.confidences == (90, 90)


def test_a_broken_word_at_the_end_of_a_line() -> None:
    """Its hyphen is noted; a dash by itself is none."""
    title = "bbox 0 0 90 40; baseline 0 0; x_size 40"
    boxes = (0, 0, 40, 40), (50, 0, 90, 40)
    (found,) = read(
        page(
            line(title, word("the", boxes[0]), word("docu-", boxes[1])),
            line(title, word("a", boxes[0]), word("-", boxes[1])),
        )
    )
    assert [(each.hyphen, each.text, each.words[-1].text) for each in found.lines] == [
        (True, "the docu-", "docu"),
        (False, "a -", "-"),
    ]


@pytest.mark.parametrize(
    ("angle", "size", "box", "second"),
    [
        (90, (2000, 1000), (380, 500, 420, 800), (440, 500, 480, 800)),
        (180, (1000, 2000), (500, 1580, 800, 1620), (500, 1520, 800, 1560)),
        (270, (2000, 1000), (1580, 200, 1620, 500), (1520, 200, 1560, 500)),
    ],
)
def test_a_page_on_its_side_is_turned(
    angle: int, size: tuple[int, int], box: tuple[int, int, int, int], second: tuple[int, int, int, int]
) -> None:
    """Lines stand from left to right and from top to bottom, as they are read."""
    title = "bbox {}; textangle " + str(angle) + "; x_size 40; x_descenders 8; x_ascenders 8"
    lines = (line(title.format(" ".join(map(str, each))), word("words", each)) for each in (box, second))
    (found,) = read(page("".join(lines), size=size))
    first, below = found.lines
    assert (first.left, first.right) == pytest.approx((72, 180))
    assert first.bottom == pytest.approx((2000 - 420 - 8) * 72 / 200)
    assert below.bottom == pytest.approx((2000 - 480 - 8) * 72 / 200)


def test_lines_of_one_block_have_one_size() -> None:
    """What the program measures differs by the letters of a line; a heading in the block stays larger."""
    sizes = (90, 40, 44, 38, 41)
    lines = (
        line(f"bbox 0 0 90 40; baseline 0 0; x_size {size}", word("x", (0, 0, 90, 40))) for size in sizes
    )
    (found,) = read(page("".join(lines)))
    assert [round(each.size / 1.2 * 200 / 72) for each in found.lines] == [90, 41, 41, 41, 41]


def test_chinese_and_japanese_have_no_spaces() -> None:
    """Tesseract sets every few characters apart; Latin words keep their spaces."""
    title = "bbox 0 0 400 40; baseline 0 0; x_size 40"
    words = (
        word(text, (100 * at, 0, 100 * at + 90, 40)) for at, text in enumerate(("東京", "は", "Tokyo", "。"))
    )
    (found,) = read(page(line(title, *words)))
    assert found.lines[0].text == "東京は Tokyo 。"
    assert len(found.confidences) == 4


def test_other_lines_and_empty_words() -> None:
    """Captions and headers are lines; a word without a letter's ink, and a picture's block, are nothing."""
    title = "bbox 0 0 90 40; x_size 40"
    (found,) = read(
        page(
            line(title, word("caption", (0, 0, 90, 40)), kind="ocr_caption"),
            line(title, word(" ", (0, 0, 90, 40))),
            line("", word("&lt;<strong>bold</strong>&gt;", (0, 60, 90, 100)), kind="ocr_header"),
        )
    )
    assert [each.text for each in found.lines] == ["caption", "<bold>"]


def test_pages_come_one_by_one() -> None:
    """One for each image of the file, also where nothing stands on it."""
    first, second, third = read(hocr_page("One."), page(), hocr_page("Three.", "More."))
    assert [len(each.lines) for each in (first, second, third)] == [1, 0, 2]
    assert second.confidences == ()


@pytest.mark.parametrize("data", [b"", b"words", b"<html><body></html>", HOCR.encode()])
def test_what_is_no_hocr_is_an_error(data: bytes) -> None:
    """A program of another name, or one that was cut off."""
    with pytest.raises(ReadError, match="no usable result"):
        read_hocr(data)

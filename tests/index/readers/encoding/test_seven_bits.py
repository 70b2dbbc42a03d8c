"""Japanese in seven bits: the standards, and the signs of Windows."""

from __future__ import annotations

import pytest

from index.readers.encoding.seven_bits import decode_japanese


@pytest.mark.parametrize("text", ["村の図書館は水曜日です。", "plain", "亜 龠 ミ\n図"])
def test_the_standard(text: str) -> None:
    """What the standard has is decoded by it."""
    assert decode_japanese(text.encode("iso2022_jp")) == text


def test_signs_of_windows() -> None:
    """Numbers in circles and half-width kana, which the standard lacks, among letters of all even rows."""
    letters = "村の図書館は水曜日亜龠漢字".encode("iso2022_jp")
    mail = letters + b" \x1b$B-!-j\x1b(B 1 \x1b(I1\x1b(B"
    assert decode_japanese(mail) == "村の図書館は水曜日亜龠漢字 ①㈱ 1 ｱ"


def test_what_is_not_japanese() -> None:
    """Bytes that stand for no sign give nothing."""
    assert decode_japanese(b"\x1b$B\x7c\x7e\x7e\x7e\x1b(B \xff") is None

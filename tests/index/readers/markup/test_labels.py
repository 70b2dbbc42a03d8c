"""Labels of encodings: what pages and mails mean by them."""

from __future__ import annotations

import pytest

from index.readers.markup.labels import decode_mail, text_codec, web_codec


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("ISO-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        (" us-ascii ", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("ks_c_5601-1987", "cp949"),
        ("gb2312", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("iso-2022-jp", "iso2022_jp"),
        ("utf8", "utf-8"),
        ("zip", None),
        ("unicode_escape", None),
        ("rot13", None),
        ("x-unknown", None),
        ("", None),
    ],
)
def test_what_a_label_means(label: str, codec: str | None) -> None:
    """By the Web's rule; a codec that is not of a text is none."""
    assert text_codec(label) == codec
    assert web_codec(label) == codec


@pytest.mark.parametrize(
    ("label", "codec"),
    [("iso-8859-15", "cp1252"), ("iso-8859-2", "cp1250"), ("iso-8859-7", "cp1253"), ("iso-8859-1", "cp1252")],
)
def test_control_characters_stand_for_those_of_windows(label: str, codec: str) -> None:
    """Nobody writes control characters: where they are, the codec of Windows was used."""
    data = "“40 €” – 5".encode(codec)
    assert decode_mail(data, label) == "“40 €” – 5"


def test_a_page_that_says_utf_16_is_utf_8() -> None:
    """It says so in ASCII; a mail may well be UTF-16."""
    assert (web_codec("utf-16"), text_codec("utf-16")) == ("utf-8", "utf-16")


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (b"\x80 5 \x96 it\x92s", "iso-8859-1", "€ 5 – it’s"),
        ("€ 5".encode(), "us-ascii", "€ 5"),
        ("café".encode(), "iso-8859-1", "café"),
        (b"caf\xe9", "us-ascii", "café"),
        (b"caf\xe9", "utf-8", None),
        (b"caf\xe9", "nonsense", None),
    ],
)
def test_decoding_a_mail(data: bytes, label: str, text: str | None) -> None:
    """Windows-1252 for Latin-1, UTF-8 where it can be nothing else, None for what does not fit."""
    assert decode_mail(data, label) == text

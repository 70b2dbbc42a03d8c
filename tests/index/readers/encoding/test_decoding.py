"""Decoding: no byte is lost without a word, and no lone surrogate ever comes out."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.encoding import decode

FRENCH = "Le café coûte 12 £ à l'élève."
HUNGARIAN = "A külügyminiszter szerint az őszi tárgyalások előtt fűtött viták voltak."
POLISH = "Łódź jest piękna, źródło też."
TURKISH = "İstanbul’da yağmur yağıyor."
CZECH = "Příliš žluťoučký kůň úpěl ďábelské ódy."
RUSSIAN = "Саммит в Будапеште был отменён после телефонного разговора министров."
GREEK = "Η σύνοδος κορυφής της Βουδαπέστης ακυρώθηκε μετά από συνομιλία των υπουργών."
JAPANESE = "ブダペストでの首脳会談は中止された。外相同士の電話会談の後である。"
CHINESE = "布达佩斯峰会被取消。两国外长通话后，双方分歧明显。总统表示不想浪费时间。"
KOREAN = "부다페스트 정상회담이 취소되었다. 양국 외무장관의 통화 이후 입장 차이가 드러났다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (FRENCH, "cp1252"),
        (FRENCH, "latin-1"),
        ("rødgrød med fløde på øen", "cp1252"),
        ("São Paulo não é a capital; ações", "cp1252"),
        (HUNGARIAN, "cp1250"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (CZECH, "iso8859_2"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (GREEK, "cp1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
    ],
)
def test_older_encodings_are_found(text: str, encoding: str) -> None:
    """A text in the usual codec of its language comes out as it was written, and the user is told."""
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.text.encode(decoded.encoding) == text.encode(encoding)
    assert "not UTF-8" in decoded.notes[0]


@pytest.mark.parametrize(
    ("mark", "codec", "name"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le"),
    ],
)
def test_marks_are_removed_and_recorded(mark: bytes, codec: str, name: str) -> None:
    """A byte-order mark decides the encoding, and is no part of the text."""
    decoded = decode(mark + "Zwölf Boxkämpfer 🥊".encode(codec))
    assert (decoded.text, decoded.encoding, decoded.notes) == ("Zwölf Boxkämpfer 🥊", name, ())


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark(codec: str) -> None:
    """UTF-16 without a mark is seen by where its NUL bytes are."""
    decoded = decode("The summit was cancelled — so they say.".encode(codec))
    assert decoded.text == "The summit was cancelled — so they say."
    assert decoded.encoding == codec


def test_utf8_without_its_end() -> None:
    """Text that was cut inside its last character stays UTF-8; one letter alone is of an older codec."""
    decoded = decode("Die Brücke kostet 40 €".encode()[:-1])
    assert decoded.text == "Die Brücke kostet 40 \ufffd"
    assert decoded.notes == ("its last character is cut off and became U+FFFD",)
    assert decode("Nous aimons le café".encode("cp1252")).text == "Nous aimons le café"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Цена 500 рублей в марте", "cp866"),
        ("Цена 500 рублей в марте", "mac_cyrillic"),
        ("村の図書館は水曜日に閉まります", "euc_jp"),
        ("村の図書館は水曜日に閉まります", "cp932"),
        ("10 °C ± 2 µm · ½", "cp1252"),
    ],
)
def test_few_words_are_enough(text: str, codec: str) -> None:
    """Signs where nobody writes them tell a wrong codec, and Japanese syllables a right one."""
    assert decode(text.encode(codec)).text == text


def test_damaged_utf8_is_counted() -> None:
    """A UTF-8 text with a few broken bytes keeps the rest and says how many were lost."""
    good = "Müller fährt über Köln. " * 30
    decoded = decode(good.encode() + b"\xff\xfe" + good.encode() + b"\x80")
    assert decoded.text == good + "��" + good + "�"
    assert decoded.notes == ("3 bytes were not valid utf-8 and became U+FFFD",)


def test_cut_utf16_is_counted() -> None:
    """Half a character at the end of a UTF-16 file becomes U+FFFD, never a lone surrogate."""
    decoded = decode(codecs.BOM_UTF16_LE + ("word " * 100).encode("utf-16-le") + b"\x00\xd8")
    assert decoded.text == "word " * 100 + "�"
    assert decoded.notes == ("2 bytes were not valid utf-16-le and became U+FFFD",)


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty file"),
        (b" \r\n\t\n", "no text"),
        (codecs.BOM_UTF8, "no text"),
        (codecs.BOM_UTF16_LE + b" \x00", "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xd8\x00\x10" * 9, "looks binary, not text"),
        (b"\x7fELF\x02\x01\x01" + bytes(40), "looks binary, not text"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, cause: str) -> None:
    """Emptiness, white space and binaries each give their own reason."""
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert caught.value.cause == cause
    assert caught.value.hint


@pytest.mark.parametrize("seed", range(100))
def test_random_bytes_are_no_text(seed: int) -> None:
    """One hundred random files are all refused."""
    dice = random.Random(seed)
    with pytest.raises(ReadError):
        decode(dice.randbytes(dice.choice([200, 1_000, 5_000])))


def test_controls_stay_in_the_text() -> None:
    """NUL and ESC in an otherwise readable text are kept: screens and prompts are cleaned later."""
    text = "A longer line with \x00 and \x1b[31m and \x9b in it, which is still text to a reader."
    assert decode(text.encode()).text == text


@settings(deadline=None, derandomize=True)
@given(st.binary(min_size=1, max_size=400))
def test_every_outcome_is_accounted_for(data: bytes) -> None:
    """Any bytes give a text that can be encoded and either gives them back or has a note, or a ReadError."""
    try:
        decoded = decode(data)
    except ReadError:
        return
    decoded.text.encode("utf-8")
    marks = (
        b"",
        codecs.BOM_UTF8,
        codecs.BOM_UTF16_LE,
        codecs.BOM_UTF16_BE,
        codecs.BOM_UTF32_LE,
        codecs.BOM_UTF32_BE,
    )
    encoding = decoded.encoding.removesuffix("-sig")
    restored = {mark + decoded.text.encode(encoding) for mark in marks}
    assert data in restored or any("U+FFFD" in note for note in decoded.notes)


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1))
def test_utf8_is_taken_at_its_word(text: str) -> None:
    """Valid UTF-8 with letters in it comes out as it is."""
    words = f"x{text}"
    assert decode(words.encode()).text == words

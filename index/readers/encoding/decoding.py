"""Decodes the bytes of a text file, whatever the encoding, with notes on what was lost.

Byte-order marks, Unicode encodings, seven-bit codecs and what a file declares are recognised here, codecs of
one byte a character by the words that they make, the rest by `charset-normalizer`. Nothing is lost without a
note: the text encodes back to the very same bytes, or the note says how many bytes became U+FFFD. A lone
surrogate can never come out: no codec used here gives one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import ReadError
from index.readers.encoding.seven_bits import decode_japanese
from index.text.patterns import lazy_compile

MOSTLY = 0.01  # at most this share of invalid bytes in a text that is called UTF-8 all the same
BINARY = 0.10  # more control or undecodable bytes than this are no text
_SAMPLE = 65_536  # bytes shown to the detector from each of three places
_STEP = 1 << 20  # bytes looked at together, so that a large file is never copied whole
_CONTROLS = bytes(b for b in (*range(32), 127) if b not in b"\t\n\v\f\r\x1b\b")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What text files that are not UTF-8 are written in; others that the detector knows decode anything at all.
_CANDIDATES = re.findall(
    r"\S+",
    """
    cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 iso8859_2 iso8859_5 iso8859_7 koi8_r koi8_u
    mac_roman cp437 cp850 cp866 cp874 cp932 euc_jp cp949 big5 gb18030
    """,
)
# Escapes of seven-bit codecs: "ESC $ B" and what stands between "~{" and "~}".
_SEVEN_BITS = (
    ("iso2022_kr", re.compile(rb"\x1b\$\)C")),
    ("iso2022_jp_ext", re.compile(rb"\x1b\$(?:[@B]|\([DO-Q])")),
    ("hz", re.compile(rb"~\{(?:[!-w][!-~])+~\}")),
)
_DECLARATION = re.compile(rb"(?:coding|charset)[ \t]{0,4}[:=][ \t]{0,4}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN = 1_000  # bytes
# What is declared under the narrower name holds characters of the wider one.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_DECLARABLE = frozenset(
    re.findall(
        r"\S+",
        """
        iso8859_3 iso8859_4 iso8859_6 iso8859_8 iso8859_10 iso8859_13 iso8859_14 iso8859_15 iso8859_16
        cp852 big5hkscs mac_cyrillic mac_greek mac_latin2 mac_turkish koi8_t
        """,
    )
).union(_CANDIDATES)
_NO_LETTER = lazy_compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u2000\ue000-\uf8ff\ufff0-\uffff]|\u0a0d|\u0d0a|\u0a00"
)
_COMMON_SIGN = lazy_compile("[ -~\t\n\r\u3001\u3002]")  # in the wrong order of bytes there are none
_EAST_ASIAN = lazy_compile("[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af\uf900-\uffef]")
_KANA = lazy_compile("[\u3041-\u3096\u30a1-\u30fa]")
_FEWEST_SIGNS = 6  # that tell a language
_NOT_SPACE = lazy_compile(r"\S")
_CONTROL = lazy_compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file without its byte-order mark, the codec that gave it, and remarks for the user."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of `data`, in time linear in its length.

    Tried in turn: a byte-order mark, the escapes of seven-bit codecs, UTF-8, UTF-16 without a mark, what the
    first lines declare, UTF-8 with a few invalid bytes, the codec that makes words of the bytes, and
    detection among the usual codecs, which counts only if the text encodes back to the same bytes. Raises
    `ReadError` for an empty file, one without text, one that is not text, or one of unknown encoding.
    """
    if not data:
        raise ReadError("empty file", "nothing to do: there is nothing in it")
    decoded = (
        _by_byte_order_mark(data)
        or _as_seven_bits(data)
        or _as_utf8(data)
        or _as_utf16(data)
        or _as_declared(data)
        or _as_legacy_codec(data)
    )
    if _NOT_SPACE.search(decoded.text) is None:
        raise ReadError("no text", "nothing to do: there is only white space in it")
    return decoded


def _by_byte_order_mark(data: bytes) -> Decoded | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if not data.startswith(mark):
            continue
        body = data[len(mark) :]
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            if encoding.startswith("utf-32"):
                continue  # a UTF-16 file whose first character is NUL starts the same
            return _replaced(body, encoding)
        return _checked(text, "utf-8-sig" if encoding == "utf-8" else encoding)
    return None


def _as_utf8(data: bytes) -> Decoded | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as exc:
        if exc.reason != "unexpected end of data" or data[: exc.start].isascii():
            return None
        cut = f"{data[: exc.start].decode()}\ufffd"
        return _checked(cut, "utf-8", "its last character is cut off and became U+FFFD")
    if data.count(0) and _controls(data) > BINARY * len(data):
        return None  # UTF-16 of many texts is valid UTF-8 with every other byte NUL
    return _checked(text, "utf-8")


def _as_seven_bits(data: bytes) -> Decoded | None:
    """Japanese, Korean and Chinese in ASCII bytes, told by the escapes between which their letters stand."""
    for encoding, escapes in _SEVEN_BITS:
        if escapes.search(data) is None or not data.isascii():
            continue
        try:
            text = decode_japanese(data) if encoding == "iso2022_jp_ext" else data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text is None:
            continue
        if len(_EAST_ASIAN.findall(text)) >= 0.8 * (len(text) - sum(map(str.isascii, text))) > 0:
            return _checked(text, encoding, f"seven-bit text; read as {encoding}, by its escapes")
    return None


def _as_utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: it has NUL bytes, and in one order of bytes all pairs are letters and spaces."""
    if len(data) % 2 or not data.count(0):
        return None
    found: list[tuple[int, str, str]] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if not _NO_LETTER.search(sample):
            found.append((len(_COMMON_SIGN.findall(sample)), encoding, text))
    if not found or max(found)[0] < 0.02 * min(len(found[0][2]), _SAMPLE):
        return None
    _, encoding, text = max(found)
    return _checked(text, encoding, "no byte-order mark; read as UTF-16")


def _as_declared(data: bytes) -> Decoded | None:
    """What the file itself says in its first lines: "coding: cp1251", encoding="windows-1251"."""
    declared = _DECLARATION.search(data, 0, _DECLARED_WITHIN)
    if declared is None or data.count(0):
        return None
    try:
        encoding = codecs.lookup(declared[1].decode("ascii")).name
        encoding = _WIDER.get(encoding, encoding).replace("-", "_")
        text = data.decode(encoding) if encoding in _DECLARABLE else ""
    except (LookupError, UnicodeError):
        return None
    if not text or len(_CONTROL.findall(text)) > MOSTLY * len(text):
        return None
    return _checked(text, encoding)


def _as_legacy_codec(data: bytes) -> Decoded:
    """Not valid in any Unicode encoding: a damaged UTF-8 file, one of an older codec, or no text at all."""
    if data.count(0) or _controls(data) > BINARY * len(data):
        raise _binary()
    valid, invalid = _count_utf8(data)
    damaged = invalid <= MOSTLY * len(data)
    if damaged and valid >= invalid:
        return _replaced(data, "utf-8")
    from index.readers.encoding.likelihood import likeliest_codec  # late: most files are UTF-8

    encoding = _by_kana(data) or likeliest_codec(data, _sample(data)) or _detect(data)
    if encoding is not None:
        text = data.decode(encoding)
        return _checked(text, encoding, f"not UTF-8; read as {encoding}, the likeliest encoding")
    if damaged:
        return _replaced(data, "utf-8")
    raise ReadError("unknown text encoding", "save it as UTF-8 and index it again")


def _by_kana(data: bytes) -> str | None:
    """The codec in which a third of the letters beyond ASCII is Japanese syllables: nothing else has them."""
    sample = _sample(data)
    for encoding in ("euc_jp", "cp932"):
        text = "".join(sign for sign in sample.decode(encoding, "replace") if not sign.isascii())
        if len(text) < _FEWEST_SIGNS or 3 * len(_KANA.findall(text)) < len(text):
            continue
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _replaced(data: bytes, encoding: str) -> Decoded:
    """The text with U+FFFD for what is invalid, if that is at most `MOSTLY` of the bytes."""
    ignoring = codecs.getincrementaldecoder(encoding)("ignore")
    valid = sum(len(ignoring.decode(part).encode(encoding)) for part in _parts(data))
    lost = len(data) - valid
    if lost > max(MOSTLY * len(data), 1):
        raise _binary()
    were = "1 byte was" if lost == 1 else f"{lost} bytes were"
    return _checked(
        data.decode(encoding, "replace"), encoding, f"{were} not valid {encoding} and became U+FFFD"
    )


def _count_utf8(data: bytes) -> tuple[int, int]:
    """How many characters beyond ASCII are valid UTF-8, and how many bytes are not."""
    ignoring = codecs.getincrementaldecoder("utf-8")("ignore")
    beyond = valid = 0
    for part in _parts(data):
        text = ignoring.decode(part)
        encoded = text.encode("utf-8")
        valid += len(encoded)
        beyond += len(text) - len(text.encode("ascii", "ignore"))
    return beyond, len(data) - valid


def _detect(data: bytes) -> str | None:
    """The codec that `charset-normalizer` finds likeliest in a sample, if it fits the whole file exactly."""
    from charset_normalizer import from_bytes

    for match in from_bytes(_sample(data), cp_isolation=_CANDIDATES, enable_fallback=False):
        try:
            text = data.decode(match.encoding)
            if text.encode(match.encoding) == data and len(_CONTROL.findall(text)) <= MOSTLY * len(text):
                return match.encoding
        except UnicodeError:
            continue
    return None


def _sample(data: bytes) -> bytes:
    """Three stretches of a long file, cut at line feeds, which are no part of a character in any codec."""
    if len(data) <= 3 * _SAMPLE:
        return data
    parts = []
    for start in (0, len(data) // 2, len(data) - _SAMPLE):
        first = data.find(b"\n", start, start + _SAMPLE) + 1 if start else 0
        last = data.rfind(b"\n", start, start + _SAMPLE)
        parts.append(data[first : last if last > first else start + _SAMPLE])
    return b"\n".join(parts)


def _checked(text: str, encoding: str, *notes: str) -> Decoded:
    """The value, unless too many of its characters are controls for a text."""
    odd = sum(len(_CONTROL.findall(text, at, at + _STEP)) for at in range(0, len(text), _STEP))
    if odd > BINARY * len(text):
        raise _binary()
    return Decoded(text, encoding, notes)


def _controls(data: bytes) -> int:
    return sum(len(part) - len(part.translate(None, _CONTROLS)) for part in _parts(data))


def _parts(data: bytes) -> Iterator[bytes]:
    return (data[at : at + _STEP] for at in range(0, len(data), _STEP))


def _binary() -> ReadError:
    return ReadError(
        "looks binary, not text", "give it the suffix of its format, or leave it out", option="exclude"
    )

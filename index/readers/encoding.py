"""Decodes the bytes of a text file, whatever the encoding, with notes on what was lost.

Byte-order marks, UTF-8, UTF-16 and UTF-32 are recognised here, the rest by `charset-normalizer`. Nothing is
lost without a note: the text encodes back to the very same bytes, or the note says how many bytes became
U+FFFD. A lone surrogate can never come out: no codec used here gives one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.errors import ReadError

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
# Letters beyond ASCII that a language needs. A text in whose codec every such byte is one of them is that
# language's, however short; the detector alone takes "café 12 £" for Hungarian.
_SIGNS = "“”‘’„‚–—…€£§°«»©®™•·\xa0"
_CENTRAL = "áäąčćďéěęëíłňńóöôőřŕśšťúůüűýźžżÁÄĄČĆĎÉĚĘËÍŁŇŃÓÖÔŐŘŔŚŠŤÚŮÜŰÝŹŽŻß"
_ALPHABETS = (
    ("cp1252", "àâäáæçéèêëîïíìôöóòœùûüúÿñßÀÂÄÁÆÇÉÈÊËÎÏÍÌÔÖÓÒŒÙÛÜÚÑ¿¡ºª"),
    ("cp1252", "åäöæøéüÅÄÖÆØÉÜ"),
    ("cp1252", "ãõâêôáéíóúàçüÃÕÂÊÔÁÉÍÓÚÀÇÜºª"),
    ("cp1250", _CENTRAL),
    ("iso8859_2", _CENTRAL),
    ("cp1254", "çğıöşüâîûÇĞİÖŞÜÂÎÛ"),
)
_NOT_SPACE = re.compile(r"\S")
_CONTROL = re.compile("[\x00-\x07\x0e-\x1a\x1c-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file without its byte-order mark, the codec that gave it, and remarks for the user."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of `data`, in time linear in its length.

    Tried in turn: a byte-order mark, UTF-8, UTF-16 without a mark, UTF-8 with a few invalid bytes, and
    detection among the usual codecs, which counts only if the text encodes back to the same bytes. Raises
    `ReadError` for an empty file, one without text, one that is not text, or one of unknown encoding.
    """
    if not data:
        raise ReadError("empty file", "nothing to do: there is nothing in it")
    decoded = _by_byte_order_mark(data) or _as_utf8(data) or _as_utf16(data) or _as_legacy_codec(data)
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
    except UnicodeDecodeError:
        return None
    if data.count(0) > BINARY * len(data):
        return None  # UTF-16 of an English text is valid UTF-8 with every other byte NUL
    return _checked(text, "utf-8")


def _as_utf16(data: bytes) -> Decoded | None:
    """UTF-16 without a mark: NUL bytes, nearly all of them on one side of the pairs."""
    odd, even = data[1::2].count(0), data[0::2].count(0)
    if len(data) % 2 or max(odd, even) <= 0.2 * len(data) / 2 or min(odd, even) > 0.02 * len(data) / 2:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return _checked(text, encoding, "no byte-order mark; read as UTF-16")


def _as_legacy_codec(data: bytes) -> Decoded:
    """Not valid in any Unicode encoding: a damaged UTF-8 file, one of an older codec, or no text at all."""
    if data.count(0) or _controls(data) > BINARY * len(data):
        raise _binary()
    valid, invalid = _count_utf8(data)
    damaged = invalid <= MOSTLY * len(data)
    if damaged and valid >= invalid:
        return _replaced(data, "utf-8")
    encoding = _by_alphabet(data) or _detect(data)
    if encoding is not None:
        text = data.decode(encoding)
        return _checked(text, encoding, f"not UTF-8; read as {encoding}, the likeliest encoding")
    if damaged:
        return _replaced(data, "utf-8")
    raise ReadError("unknown text encoding", "save it as UTF-8 and index it again")


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


def _by_alphabet(data: bytes) -> str | None:
    """The codec of a text in Latin letters whose other letters are all those of one group of languages."""
    high = bytes(sorted({byte for byte in set(data) if byte >= 0x80}))
    beyond = sum(len(part) - len(part.translate(None, high)) for part in _parts(data))
    if beyond > 0.4 * len(data):
        return None
    for encoding, letters in _ALPHABETS:
        if all(sign in letters or sign in _SIGNS for sign in high.decode(encoding, "replace")):
            return encoding
    return None


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

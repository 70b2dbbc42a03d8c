"""Japanese in seven bits (ISO-2022-JP) to text, with the signs that Windows added to it."""

from __future__ import annotations

import re

_CODECS = ("iso2022_jp_ext", "iso2022_jp_3", "iso2022_jp_2004")
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI])")
_PAIR = re.compile(rb"[\x21-\x7e]{2}")
_KANA = re.compile(rb"[\x21-\x5f]")


def decode_japanese(data: bytes) -> str | None:
    """`data` by the standards, else as Windows writes it (①, ㈱, 髙); None if it is neither."""
    for codec in _CODECS:
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    try:
        return b"".join(_windows(data)).decode("cp932")
    except (UnicodeDecodeError, ValueError):
        return None


def _windows(data: bytes) -> list[bytes]:
    """The same signs in Shift JIS, stretch by stretch."""
    first, *rest = _ESCAPE.split(data)
    stretches = [first]
    for escape, signs in zip(rest[::2], rest[1::2], strict=True):
        if escape.startswith(b"$"):
            stretches.append(_PAIR.sub(lambda pair: _shifted(*pair[0]), signs))
        elif escape == b"(I":
            stretches.append(_KANA.sub(lambda kana: bytes([kana[0][0] + 0x80]), signs))
        else:
            stretches.append(signs)
    return stretches


def _shifted(row: int, cell: int) -> bytes:
    """A sign of JIS X 0208 by its row and cell, in Shift JIS."""
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + (0x1F if cell < 0x60 else 0x20) if row % 2 else cell + 0x7E
    return bytes([lead, trail])

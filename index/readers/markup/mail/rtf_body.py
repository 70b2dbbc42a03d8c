"""The compressed RTF in which Outlook keeps the text of a message, decompressed ([MS-OXRTFCP])."""

from __future__ import annotations

import struct

_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D  # "LZFu", "MELA"
_WINDOW = 4096
# What every window begins with.
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompressed(data: bytes) -> bytes | None:
    """The RTF; None for what is not in this form."""
    if len(data) < 16:
        return None
    _, size, kind = struct.unpack_from("<III", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _COMPRESSED:
        return None
    window = bytearray(_WINDOW)
    window[: len(_DICTIONARY)] = _DICTIONARY
    at = len(_DICTIONARY)
    out = bytearray()
    place = 16
    while place < len(data):
        flags = data[place]
        place += 1
        for bit in range(8):
            if place >= len(data):
                break
            start, length = at, 1
            if flags >> bit & 1:
                start, length = _reference(data, place)
                place += 2
                if start == at:
                    return bytes(out[:size])
            else:
                window[at] = data[place]
                place += 1
            for step in range(length):
                window[at] = window[(start + step) % _WINDOW]
                out.append(window[at])
                at = (at + 1) % _WINDOW
    return bytes(out[:size])


def _reference(data: bytes, place: int) -> tuple[int, int]:
    """Where in the window a text was that is repeated, and its length; nothing at the end of cut data."""
    (token,) = struct.unpack(">H", data[place : place + 2].ljust(2, b"\0"))
    return token >> 4, (token & 0xF) + 2

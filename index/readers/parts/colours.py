"""Colours as office files and RTF write them, and which of them nobody can tell apart."""

from __future__ import annotations

RGB = tuple[int, int, int]

_ALIKE = 16  # of 255 in each part: grey 240 on white is not to be seen, 238 is
_DIGITS = 6


def hex_colour(text: str) -> RGB | None:
    """The colour that six hexadecimal digits name, or the last six of eight; None for any other text."""
    digits = text.strip().lstrip("#")[-_DIGITS:]
    try:
        value = int(digits, 16) if len(digits) == _DIGITS else None
    except ValueError:
        return None
    return None if value is None else (value >> 16, value >> 8 & 255, value & 255)


def are_alike(one: RGB, other: RGB) -> bool:
    """True for colours that a reader cannot tell apart."""
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))

"""Symbol fonts."""

from __future__ import annotations

import pytest

from index.readers.office.parts.symbols import UNKNOWN, in_font, symbol


@pytest.mark.parametrize(
    ("code", "font", "expected"),
    [
        (0xF0FE, "Wingdings", "☑"),
        (0xF0A8, "Wingdings", "☐"),
        (0xF06F, "Wingdings", "☐"),
        (0xF0FD, "Wingdings", "☒"),
        (0xF0FC, "Wingdings", "✓"),
        (0xF0FB, "Wingdings", "✗"),
        (0xF0E0, "Wingdings", "→"),
        (0x52, "Wingdings 2", "☑"),
        (0xF0A3, "Wingdings 2", "☐"),
        (0xF061, "Symbol", "α"),
        (0xF0B3, "Symbol", "≥"),
        (0xF0B1, "Symbol", "±"),
        (0xF0B4, "symbol", "×"),
        (0xF061, "Webdings", "✓"),
        (0x34, "ZapfDingbats", "✔"),
        (0x6E, "ITC Zapf Dingbats", "■"),
        (0x6F, "ZapfDingbats", "❏"),
        (0xAC, "ZapfDingbats", "①"),
        (0xD4, "ZapfDingbats", "➔"),
        (0xFE, "ZapfDingbats", "➾"),
        (0x2612, "MS Gothic", "☒"),
        (0xF0B7, None, "•"),
        (0xF0FE, None, "☑"),
        (0xF012, "Some Font", UNKNOWN),
    ],
)
def test_a_sign(code: int, font: str | None, expected: str) -> None:
    """Ticks, boxes, arrows, Greek and mathematics."""
    assert symbol(code, font) == expected


def test_a_text_in_a_font() -> None:
    """Letters of a symbol font are signs; those of any other font are themselves."""
    assert in_font("a b", "Symbol") == "α β"
    assert in_font("a b", "Arial") == "a b"

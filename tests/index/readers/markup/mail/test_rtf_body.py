"""Compressed RTF, by the worked examples of [MS-OXRTFCP]."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, strategies as st

from index.readers.markup.mail.rtf_body import decompressed

HELLO = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"


@pytest.mark.parametrize(
    ("packed", "text"),
    [
        (
            HELLO,
            b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n",
        ),
        ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
    ],
)
def test_worked_examples(packed: str, text: bytes) -> None:
    """References reach into what every window begins with, and over their own end."""
    assert decompressed(bytes.fromhex(packed)) == text


def test_uncompressed() -> None:
    """It may be kept as it is."""
    assert decompressed(struct.pack("<IIII", 12, 5, 0x414C454D, 0) + b"{\\a}\nrest") == b"{\\a}\n"


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Whatever they are, nothing is read beyond them, and nothing longer than was announced comes out."""
    assert len(decompressed(struct.pack("<IIII", 0, 100, 0x75465A4C, 0) + data) or b"") <= 100
    assert decompressed(data[:15]) is None

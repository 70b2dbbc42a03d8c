"""Text built block by block: what is cleaned away, and what stays."""

from __future__ import annotations

import pytest

from index.readers.builder import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Setup\u200b", "Setup"),
        ("a\u200bb\u2060c\ufeffd", "abcd"),
        ("กข\u200bคง", "กข\u200bคง"),
        ("ខ្មែរ\u200b", "ខ្មែរ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("so\u00adft\x1b[0m\r\nx\x00", "soft[0m\nx"),
    ],
)
def test_signs_that_are_never_seen(text: str, expected: str) -> None:
    """They go, but for those that part words of scripts without spaces, or shape letters and emoji."""
    assert clean(text) == expected

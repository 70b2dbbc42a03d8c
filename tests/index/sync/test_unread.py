"""Formats that no reader knows: what is said of them, and never of one that is read."""

from __future__ import annotations

from index.readers.formats import FORMATS
from index.sync.unread import unread_kind, unread_lines, unread_reason


def test_what_is_read_is_not_listed() -> None:
    """No suffix of the table of formats is said to have no reader."""
    assert [suffix for row in FORMATS for suffix in row.suffixes if unread_kind(suffix)] == []


def test_what_is_said() -> None:
    """A document has a line for its suffix; pictures and the like have one together."""
    assert unread_reason(".pages") == "no reader for .pages files: save as .docx or .pdf"
    assert unread_reason(".xyz") == "no reader for .xyz files"
    assert unread_lines([(".pages", 2), (".mp3", 1), (".wav", 1), (".xyz", 1)]) == [
        "2 .pages files not read (no reader): save as .docx or .pdf",
        "2 recordings not read (.mp3 1, .wav 1): transcribe to .srt, .vtt or .txt",
    ]

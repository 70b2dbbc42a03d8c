"""Subtitles: cues joined to sentences, each behind the time at which it begins."""

from __future__ import annotations

import pytest

from index.errors import ReadError
from index.readers.formats import read
from tests.support.readings import attempt, check_reading, mutations, texts

SRT = """1
00:12:31,000 --> 00:12:33,500
<i>The mill closed</i>

2
00:12:33,600 --> 00:12:36,000
{\\an8}in 1987. Now there
is a library in it.

3
00:12:37,000 --> 00:12:39,000
- Who paid for it?
- The town did.

4
01:02:03,000 --> 01:02:05,000
It opens on Wednesday
"""
TEXT = """[00:12:31] The mill closed in 1987. Now there is a library in it.

[00:12:37] - Who paid for it?

[00:12:37] - The town did.

[01:02:03] It opens on Wednesday"""
VTT = """WEBVTT - A visit to the mill
Kind: captions

NOTE made by hand
and checked

STYLE
::cue { color: white }

intro
00:31.000 --> 00:33.500 align:start position:0%
<v Anna>The mill <c.loud>closed</c> &amp; <00:00:32.000>the
town bought it.

00:34.000 --> 00:36.000
<v Bob>When?
"""
ROLLING = """WEBVTT

00:00:01.000 --> 00:00:03.000
so the mill closed

00:00:03.000 --> 00:00:03.010
so the mill closed

00:00:03.010 --> 00:00:05.000
so the mill closed
in 1987 they say

00:00:05.000 --> 00:00:07.000
in 1987 they say
and nobody knew
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_cues_are_joined_to_sentences(ends: str) -> None:
    """A sentence over two cues is one; another speaker or silence ends it; marks of the look are left out."""
    reading = read(SRT.replace("\n", ends).encode(), "a.srt")
    check_reading(reading)
    assert reading.text == TEXT
    assert texts(reading)[0] == "[00:12:31] The mill closed in 1987. Now there is a library in it."


def test_webvtt() -> None:
    """Its title, its voices; no notes, styles, identifiers and settings."""
    reading = read(VTT.encode(), "a.vtt")
    assert reading.text == "[00:00:31] Anna: The mill closed & the town bought it.\n\n[00:00:34] Bob: When?"
    assert reading.title == "A visit to the mill"


def test_rolling_captions_say_each_line_once() -> None:
    """A line that stays on the screen is not said again."""
    reading = read(ROLLING.encode(), "a.vtt")
    assert reading.text == "[00:00:01] so the mill closed in 1987 they say and nobody knew"


def test_sbv() -> None:
    """Times of YouTube's own format, with a comma between."""
    text = "0:00:01.000,0:00:03.000\nThe mill closed.\n\n0:00:04.000,0:00:05.000\nIt is late.\n"
    assert texts(read(text.encode(), "a.sbv")) == ["[00:00:01] The mill closed.", "[00:00:04] It is late."]


def test_a_long_speech_without_stops_is_cut() -> None:
    """What has no sentence ends is cut at cues, so that each piece has its time."""
    text = "\n".join(f"00:{at:02}:00.000 --> 00:{at:02}:59.000\n{'word ' * 15}\n" for at in range(30))
    pieces = texts(read(f"WEBVTT\n\n{text}".encode(), "a.vtt"))
    assert 2 <= len(pieces) <= 5


def test_a_file_without_times_is_refused() -> None:
    """It says what is missing."""
    with pytest.raises(ReadError, match="no subtitles"):
        read(b"Just words.\n", "a.srt")


def test_damaged_subtitles_are_read_or_refused() -> None:
    """Whatever is broken in it, spans are sound."""
    for data in mutations(SRT.encode(), 60, 7):
        attempt(lambda whole, _: read(whole, "a.srt"), data)

"""A text that was cut off: half a key names nothing, an unfinished claim cites nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from qa.answering.generative.markers import Marker, parse
from qa.answering.generative.truncation import WholePart, whole_part, without_half_key


@pytest.mark.parametrize(
    ("written", "text", "unfinished"),
    [
        ("It sank [s1]. It was rai", "It sank [s1]. It was rai", True),
        ("It sank [s1]. It was [s2] rai", "It sank [s1]. It was rai", True),
        ("It sank [s1]. It was raised [s", "It sank [s1]. It was raised ", True),
        ("It sank [s1", "It sank ", True),
        ("It sank [s1] [s2", "It sank [s1]", False),
        ("It sank [s1]", "It sank [s1]", False),
        ("It sank [s1].", "It sank [s1].", False),
        ("It sank [s1]. ", "It sank [s1]. ", False),
        ("It sank [s1].\nMISSING: the rea", "It sank [s1].\nMISSING: the rea", False),
        ("NO ANSWER: the rea", "NO ANSWER: the rea", False),
        ("NO AN", "", False),
        ("- one [s1]\n- two [s2] and", "- one [s1]\n- two and", True),
        ("", "", False),
    ],
)
def test_what_is_kept(written: str, text: str, unfinished: bool) -> None:
    """Worked examples."""
    assert whole_part(written) == WholePart(text, unfinished=unfinished)


@given(st.text(alphabet="ab [s1],-.\n`(【】)", max_size=60))
def test_only_the_end_is_touched(written: str) -> None:
    """What is dropped is the beginning of a key at the end; no whole key is, and nothing is invented."""
    left = without_half_key(written)
    assert written.startswith(left)
    before = [segment for segment in parse(written) if isinstance(segment, Marker)]
    after = [segment for segment in parse(left) if isinstance(segment, Marker)]
    assert before == after


@given(st.text(alphabet="ab [s1].\n", max_size=60))
def test_words_stay(written: str) -> None:
    """Markers of the last claim may go; its words do not."""
    left = whole_part(written).text
    words = "".join(
        segment.raw for segment in parse(without_half_key(written)) if not isinstance(segment, Marker)
    )
    text = "".join(segment.raw for segment in parse(left) if not isinstance(segment, Marker))
    assert text.split() == words.split() or left == ""

"""What a model thinks aloud is no part of its answer, however the stream was cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from qa.models.reasoning import final_text, without_reasoning
from qa.types import Retract, StreamEvent, TextDelta

ANSWERS = {
    "The summit was cancelled [s1].": "The summit was cancelled [s1].",
    "<think>\nThe user asks [s2].\n</think>\n\nIt was [s1].": "It was [s1].",
    "<think>\n\n</think>\n\nIt was [s1].": "It was [s1].",
    " \n<thinking>Hm </think> hm</thinking>It was.": "It was.",
    "<reasoning>a</reasoning><think>b</think>It was.": "It was.",
    "[THINK]Hm.[/THINK]It was.": "It was.",
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>It was.": "It was.",
    "<|channel|>final<|message|>It was.": "It was.",
    "Okay, so [s3].\n</think>\n\nIt was [s1].": "It was [s1].",
    "\n</think>\nIt was.": "It was.",
    "A\n  </thinking> \r\nB\n</think>\nC": "B\n</think>\nC",
    "It was.\n</think>": "",
    "The tag <think> opens, </think> closes [s1].": "The tag <think> opens, </think> closes [s1].",
    "One writes\n<think>\nso\n</think>\nin a template.": "One writes\n<think>\nso\n</think>\nin a template.",
    "<thin air> is text": "<thin air> is text",
    "<th": "<th",
    "": "",
}
UNFINISHED = ("<think>", "<think>Hm </thin", "<|channel|>analysis<|message|>It", "<think>a</think> <think>b")


def read(pieces: list[str]) -> tuple[list[StreamEvent], bool]:
    """The events of a stream of these pieces, and whether it ends within reasoning."""
    unfinished = False

    def collected() -> Iterator[StreamEvent]:
        nonlocal unfinished
        unfinished = yield from without_reasoning(pieces)

    return list(collected()), unfinished


def retractions(events: list[StreamEvent]) -> int:
    """How often what was shown is taken back."""
    return events.count(Retract())


def cut(text: str, at: list[int]) -> list[str]:
    """`text` in pieces, cut at these places."""
    return [text[left:right] for left, right in pairwise([0, *sorted(at), len(text)])]


@pytest.mark.parametrize(("written", "answer"), ANSWERS.items())
def test_thoughts_at_the_beginning_are_left_out(written: str, answer: str) -> None:
    """Whole, and character by character; the same marks later on are text."""
    for pieces in ([written], list(written), [written, ""]):
        events, unfinished = read(pieces)
        assert final_text(events) == answer
        assert TextDelta("") not in events
        assert not unfinished


@pytest.mark.parametrize("written", UNFINISHED)
def test_a_thought_without_an_end_is_no_answer(written: str) -> None:
    """The model was cut off before its first word."""
    for pieces in ([written], list(written)):
        assert read(pieces) == ([], True)


def test_what_was_shown_of_a_thought_is_taken_back() -> None:
    """Where only its end is marked, nobody knew it for one."""
    events, _ = read(list("So.\n</think>\nIt was."))
    at = events.index(Retract())
    assert final_text(events[:at]) == "So.\n"
    assert final_text(events[at + 1 :]) == final_text(events) == "It was."


MARKS = (
    "<think>",
    "</think>",
    "\n</think>\n",
    "<think>\n",
    "\n",
    " ",
    "a",
    "[THINK]",
    "</thinking>",
    "<",
    "th",
)


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join), st.lists(st.integers(0, 60), max_size=8))
@example("\n</think>\n<think>", [1])
def test_the_answer_is_the_same_however_it_was_cut(written: str, at: list[int]) -> None:
    """A stream says what the whole text says."""
    whole, unfinished = read([written])
    events, so_too = read(cut(written, [min(place, len(written)) for place in at]))
    assert (final_text(events), so_too) == (final_text(whole), unfinished)
    assert written.endswith(final_text(whole))
    assert retractions(events) == retractions(whole)


@given(st.text(alphabet="ab .<think>/\n", max_size=40))
def test_text_after_the_first_word_is_kept(text: str) -> None:
    """Unless a line ends a thought that nothing began, not a character is lost."""
    events, unfinished = read(list("It was: " + text + "."))
    if not retractions(events):
        assert final_text(events) == "It was: " + text + "."
    assert not unfinished or retractions(events)


def test_a_stream_of_nothing_but_marks_is_read_in_linear_time() -> None:
    """A model that repeats itself is no trap."""
    for written in ("<think>a\n" + "</think>\n" * 100_000, "a<think>\n" + "</think>\n" * 100_000):
        assert len(final_text(read([written])[0])) > 800_000
        assert len(final_text(read(cut(written, list(range(0, len(written), 7))))[0])) > 800_000
    assert read(["<think>" + "</think" * 100_000]) == ([], True)

"""What a model thinks aloud is no part of its answer, however the stream was cut."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, strategies as st

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
    "A\n  </thinking> \r\nB\n</think>\nC": "C",
    "It was.\n</think>": "",
    "The tag <think> opens, </think> closes [s1].": "The tag <think> opens, </think> closes [s1].",
    "One writes\n<think>\nso\n</think>\nin a template.": "One writes\n<think>\nso\n</think>\nin a template.",
    "<|channel>thought\nThe second [s3].\n<channel|>The quay was unsafe [s2].": "The quay was unsafe [s2].",
    "The passages say it in [s3].</think>The quay was unsafe [s2].": "The quay was unsafe [s2].",
    "The quay was unsafe [s2].<|im_end|>": "The quay was unsafe [s2].",
    "The quay was unsafe [s2].<|im_end|>\n<|im_start|>user\nAnd?": "The quay was unsafe [s2].",
    "<thought>x</thought>A.": "A.",
    "<thinking>\nx\n</thinking>\n<answer>A [s1].</answer>": "A [s1].",
    "<answer>A [s1].</answer>": "A [s1].",
    "<response>A [s1].</response>\n": "A [s1].\n",
    "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>A.<|return|>": "A.",
    "<|channel|>commentary<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>A.": "A.",
    "analysisWe need to.assistantfinalA [s1].": "A [s1].",
    "analysis of variance is a test.": "analysis of variance is a test.",
    "<|begin_of_thought|>x<|end_of_thought|>\n\n<|begin_of_solution|>A.<|end_of_solution|>": "A.",
    "<|START_THINKING|>x<|END_THINKING|><|START_RESPONSE|>A.<|END_RESPONSE|>": "A.",
    "<unused94>thought\nx<unused95>A.": "A.",
    "<seed:think>x</seed:think>A.": "A.",
    "<THINK>x</THINK>A.": "A.",
    '<think effort="high">x</think>A.': "A.",
    "◁think▷x◁/think▷A.": "A.",
    "A [s1]. <think>x [s2]</think>B [s3].": "A [s1]. B [s3].",
    "A [s1].\n<think>\nx\n</think>\nB.": "A [s1].\n\nB.",
    "A [s1].\n<think>x": "A [s1].\n",
    "A [s1]. <reflection>good</reflection>": "A [s1]. ",
    "I think so</think>\nA.": "A.",
    "x </think> The A.": "The A.",
    "<thought_process>x [s3]</thought_process>A.": "A.",
    "<my:reasoning>x [s3]</my:reasoning>A.": "A.",
    "<plan>x [s3]</plan>\nA.": "A.",
    "A [s1]. <plan>x</plan> is a tag.": "A [s1]. <plan>x</plan> is a tag.",
    "< think >x</ think >A.": "A.",
    "<think>x<think/>A.": "A.",
    "[REASONING]x [s3][/REASONING]A.": "A.",
    "<|reasoning_start|>x [s3]<|reasoning_end|>A.": "A.",
    "<|begin▁of▁thought|>x [s3]<|end▁of▁thought|>A.": "A.",
    "<details><summary>Thought for 3 s</summary>x [s3]</details>\nA.": "A.",
    "```thinking\nx [s3]\n```\nA.": "A.",
    "Thinking...\nx [s3]\n...done thinking.\n\nA.": "A.",
    "**Reasoning:**\nx [s3]\n\n**Answer:**\nA [s1].": "A [s1].",
    "Reasoning: x [s3]\n</think>\nA [s1].": "A [s1].",
    "Reasoning: it was [s1].": "Reasoning: it was [s1].",
    "Analysis of the budget [s1].": "Analysis of the budget [s1].",
    "A [s1].<|endofturn|>": "A [s1].",
    "A [s1].<｜end▁of▁sentence｜>": "A [s1].",
    "A [s1].<turn|>": "A [s1].",
    "<|start_header_id|>assistant<|end_header_id|>\n\nA [s1].": "A [s1].",
    "Write </s> to end it [s1].": "Write </s> to end it [s1].",
    "a <think> b </think> c": "a <think> b </think> c",
    "The tag `<think>` opens. A.": "The tag `<think>` opens. A.",
    "It says “<think>hm</think>” there [s1].": "It says “<think>hm</think>” there [s1].",
    "```\n<think>\nx\n</think>\n```\nA.": "```\n<think>\nx\n</think>\n```\nA.",
    "It ends with `</think>` there.": "It ends with `</think>` there.",
    "A template ends with </think> and so on [s1].": "A template ends with </think> and so on [s1].",
    "<think>a <think> b</think> c</think>\nA.": "A.",
    "Here is my thought process: x Here is my response: A.": "A.",
    "<scratchpad>x</scratchpad>\nA.": "A.",
    "Let me think. <answer>A [s1].</answer>": "A [s1].",
    "A [s1].</s>": "A [s1].",
    "A [s1].<end_of_turn>\n": "A [s1].",
    "<thin air> is text": "<thin air> is text",
    "<p>It</p> is [THIN] text <b": "<p>It</p> is [THIN] text <b",
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
def test_thoughts_are_left_out(written: str, answer: str) -> None:
    """Early, late and within a line; whole, and character by character."""
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
    ". ",
    "`",
    "```\n",
    "“",
    "<answer>",
    "</answer>",
    "<|channel>thought",
    "<channel|>",
    "<|channel|>analysis<|message|>",
    "<|channel|>final<|message|>",
    "<|start|>assistant",
    "<|end|>",
    "<|im_end|>",
    "<unused94>thought",
    "<unused95>",
    "analysis",
    "assistantfinal",
    "Reasoning:",
    "\n**Answer:**",
    "<|start_header_id|>assistant",
    "<details><summary>Thinking</summary>",
    "</details>",
    "</s>",
    "[/THINK]",
    "[s1]",
    "word",
)


@given(st.lists(st.sampled_from(MARKS), max_size=12).map("".join), st.lists(st.integers(0, 120), max_size=20))
@example("\n</think>\n<think>", [1])
def test_the_answer_is_the_same_however_it_was_cut(written: str, at: list[int]) -> None:
    """A stream says what the whole text says."""
    whole, unfinished = read([written])
    events, so_too = read(cut(written, [min(place, len(written)) for place in at]))
    assert (final_text(events), so_too) == (final_text(whole), unfinished)
    assert retractions(events) == retractions(whole)


@given(st.text(alphabet="ab .<think>/\n", max_size=40))
def test_text_after_the_first_word_is_kept(text: str) -> None:
    """Unless there is a mark in it, not a character is lost."""
    assume("think>" not in text)
    events, unfinished = read(list("It was: " + text + "."))
    assert final_text(events) == "It was: " + text + "."
    assert not unfinished


def test_a_stream_of_nothing_but_marks_is_read_in_linear_time() -> None:
    """A model that repeats itself is no trap."""
    for written in ("<think>a\n" + "</think>\n" * 3_000, "a<think>\n" + "</think>\n" * 3_000, "<" * 9_000,
                    "<|start|>assistant" * 2_000, ". <think>a</think> b" * 2_000):  # fmt: skip
        whole = final_text(read([written])[0])
        assert final_text(read(cut(written, list(range(0, len(written), 7))))[0]) == whole
    assert read(["<think>" + "</think" * 9_000]) == ([], True)

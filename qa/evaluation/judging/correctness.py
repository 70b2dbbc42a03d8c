"""Judges an answer by reference answers, with a model: correct, partly or wrong.

Each case is a request of its own: its verdict depends on nothing else, no answer can colour or forge that of
another, and a run that was cut short asks the same when it goes on. The rules that go with every case are
some 500 tokens, about a sixth of what the prompt of an answer takes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts import fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize, visible_line
from qa.evaluation.types import Correctness
from qa.models.base import LLM, Message

PROMPT = "judge_correctness"
_MOST_TOKENS = 300  # of a reason and a verdict, with room for a model that thinks aloud
_LONGEST = 300  # characters of a reason that are kept

# What Markdown may put around a word; possessive, so that a line of thousands of stars is gone over once.
_ADORNED = r"[\s*_`>#-]*+"
_SAID = rf"(correct|partly|wrong){_ADORNED}\.?{_ADORNED}"
_VERDICT = re.compile(rf"{_ADORNED}verdict{_ADORNED}:{_ADORNED}{_SAID}", re.IGNORECASE)
_REASON = re.compile(rf"\A{_ADORNED}reason{_ADORNED}:{_ADORNED}", re.IGNORECASE)
_VERDICTS: dict[str, Correctness] = {"correct": "correct", "partly": "partly", "wrong": "wrong"}


@dataclass(frozen=True, slots=True)
class Case:
    """A question, its reference answers, any of which is right, and the answer to judge."""

    question: str
    references: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict that could be read, and its reason, if one was given."""

    correctness: Correctness
    reason: str = ""


def judge_case(case: Case, llm: LLM, *, draw: Draw = random_mark) -> Finding | None:
    """What the model finds of a case, None where its verdict is missing, cut off or unreadable.

    The last line that has the form of a verdict is the verdict. `draw` gives random marks for the delimiters.
    Raises `ModelError` if the model cannot be asked.
    """
    completion = llm.complete((Message("user", case_prompt(case, draw=draw)),), max_tokens=_MOST_TOKENS)
    return _finding(completion.text.splitlines()) if completion.whole else None


def case_prompt(case: Case, *, draw: Draw) -> str:
    """The prompt that asks for a verdict. No text can pass for one of our delimiters, or for another line."""
    lines = [f"question: {sanitize(case.question)}"]
    lines += [f"reference: {sanitize(text)}" for text in case.references]
    lines.append(f"answer: {sanitize(case.answer)}")
    shown = "\n".join(lines)
    mark = unused_mark(shown, draw)
    return fill(load(PROMPT), mark=mark, case=enclosed("case", mark, shown))


def _finding(lines: Sequence[str]) -> Finding | None:
    for at in range(len(lines) - 1, -1, -1):
        if match := _VERDICT.fullmatch(lines[at]):
            before = next((line for line in reversed(lines[:at]) if line.strip()), "")
            reason = visible_line(_REASON.sub("", before, count=1))[:_LONGEST]
            return Finding(_VERDICTS[match[1].casefold()], reason)
    return None

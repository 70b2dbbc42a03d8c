"""Judges an answer by reference answers, with a model: correct, partly or wrong.

Each case is a request of its own: its verdict depends on nothing else, no answer can colour or forge that of
another, and a run that was cut short asks the same when it goes on. The rules that go with every case are
some 500 tokens, about a sixth of what the prompt of an answer takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from prompts import fill, load
from prompts.delimiters import Draw, enclosed, random_mark, unused_mark
from prompts.sanitize import sanitize, visible_line
from qa.checking.words.verdicts import Verdicts
from qa.evaluation.types import Correctness
from qa.models.base import LLM, Message

PROMPT = "judge_correctness"
_MOST_TOKENS = 300  # of a reason and a verdict, with room for a model that thinks aloud
_LONGEST = 300  # characters of a reason that are kept

# How models say it: in other words and languages than they were asked for.
_VERDICTS = Verdicts(
    {
        "correct": [
            "correct",
            "fully correct",
            "richtig",
            "korrekt",
            "correcte",
            "corretto",
            "correta",
            "correcto",
            "correcta",
        ],
        "partly": ["partly", "partly correct", "partially", "partially correct", "partial", "teilweise"],
        "wrong": ["wrong", "incorrect", "not correct", "falsch", "incorrecto", "incorrecta"],
    }
)
_WORDS: dict[str, Correctness] = {"correct": "correct", "partly": "partly", "wrong": "wrong"}


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


@dataclass(frozen=True, slots=True)
class UnreadVerdict:
    """What a judge wrote, on one line, where no verdict could be read: missing, cut off or unclear."""

    said: str


def judge_case(case: Case, llm: LLM, *, draw: Draw = random_mark) -> Finding | UnreadVerdict:
    """What the model finds of a case, or what it wrote instead of a verdict that can be read.

    The last verdict is the verdict. `draw` gives random marks for the delimiters. Raises `ModelError` if the
    model cannot be asked.
    """
    completion = llm.complete((Message("user", case_prompt(case, draw=draw)),), max_tokens=_MOST_TOKENS)
    found = _VERDICTS.one(completion.text) if completion.whole else None
    if found is None:
        return UnreadVerdict(visible_line(completion.text)[:_LONGEST])
    return Finding(_WORDS[found[0]], visible_line(found[1])[:_LONGEST])


def case_prompt(case: Case, *, draw: Draw) -> str:
    """The prompt that asks for a verdict. No text can pass for one of our delimiters, or for another line."""
    lines = [f"question: {sanitize(case.question)}"]
    lines += [f"reference: {sanitize(text)}" for text in case.references]
    lines.append(f"answer: {sanitize(case.answer)}")
    shown = "\n".join(lines)
    mark = unused_mark(shown, draw)
    return fill(load(PROMPT), mark=mark, case=enclosed("case", mark, shown))

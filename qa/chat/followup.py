"""Rewrites a follow-up into a question that stands alone, with a model or by rules.

Without a model, a follow-up that only points back ("When was she born?") takes names or words from the
question before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ModelDeclined
from prompts import fill, load
from prompts.delimiters import Draw, random_mark, unused_mark
from prompts.sanitize import sanitize, visible_line
from qa.models.base import LLM, Message

PROMPT = "standalone"
MOST_TURNS = 6  # that a model is shown; more than that, nobody means with "it"
LONGEST_ANSWER = 800  # characters of each of their answers
LONGEST_QUESTION = 2_000  # characters of a standalone question; a model that writes more does not rewrite
_QUESTION_TOKENS = 300
_MOST_TAKEN = 4  # terms that a follow-up takes from the question before
_MARKER = re.compile(r"\s?\[(?:\d+|s\d+(?:-s\d+)?\?)\]")

# Pronouns anywhere; "this", "then", "one" and their like only at the end ("How long was that?"), since within
# a question they mostly point at what follows; "and", "but", "so" only at the beginning.
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|theirs?|(?:him|her|it)self|themselves)\b"
    r"|\b(?:this|that|these|those|there|then|ones?|same)(?=\W*$)|^\W*(?:and|but|so|then|or)\b",
    re.IGNORECASE,
)
_MOST_OWN = 2  # words of its own, with which a follow-up still says nothing alone: "How long did it take?"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question as it was typed, as it was asked (standing alone), and the text of its answer."""

    typed: str
    question: str
    answer: str


def rewritten(
    typed: str,
    turns: Sequence[Turn],
    llm: LLM,
    *,
    draw: Draw = random_mark,
) -> str:
    """`typed` as a question that stands alone, in a model's words; as it is where there is nothing before it.

    A model that writes no single question is not followed: `typed` is then asked as it stands. Raises
    `ModelError`.
    """
    if not turns:
        return typed
    prompt = standalone_prompt(typed, turns, draw=draw)
    try:
        completion = llm.complete((Message("user", prompt),), max_tokens=_QUESTION_TOKENS)
    except ModelDeclined:
        return typed
    lines = [visible_line(line) for line in completion.text.splitlines() if line.strip()]
    question = lines[0].strip("\"'“”«»`* ") if len(lines) == 1 and completion.whole else ""
    usable = len(question) <= LONGEST_QUESTION and any(map(str.isalnum, question))
    return question if usable else typed


def standalone_prompt(typed: str, turns: Sequence[Turn], *, draw: Draw) -> str:
    """The prompt that asks for a standalone question: the last turns, oldest first, then `typed`."""
    shown: list[str] = []
    for turn in turns[-MOST_TURNS:]:
        answer = sanitize(_MARKER.sub("", turn.answer))
        shown += [f"asked: {sanitize(turn.question)}", f"answered: {answer[:LONGEST_ANSWER]}"]
    conversation = "\n".join(shown)
    mark = unused_mark(conversation + typed, draw)
    return fill(load(PROMPT), mark=mark, conversation=conversation, question=sanitize(typed))


def pointing_back(typed: str, previous: str | None) -> str:
    """`typed` with words of the question before in brackets, if it only points back to it; else as it is.

    It does if it names nothing itself and has no word that could be searched for, or few and a pronoun.
    The names of the question before are taken, or its first words if it has none.
    """
    from qa.answering.extractive.question import parse_question, words_of

    if previous is None or parse_question(typed).names:
        return typed
    own = {stem for word, stems in words_of(_POINTS_BACK.sub(" ", typed)) for stem in stems}
    if own and (len(own) > _MOST_OWN or not _POINTS_BACK.search(typed)):
        return typed
    before = words_of(previous)
    names = parse_question(previous).names
    named = [word for word, stems in before if stems & names and not stems & own]
    taken = (named or [word for word, stems in before if not stems & own])[:_MOST_TAKEN]
    return f"{typed} ({' '.join(taken)})" if taken else typed

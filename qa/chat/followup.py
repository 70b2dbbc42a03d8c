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
from qa.answering.generative.refusals import refused
from qa.models.base import LLM, Message

PROMPT = "standalone"
MOST_TURNS = 6  # that a model is shown; more than that, nobody means with "it"
LONGEST_ANSWER = 800  # characters of each of their answers
LONGEST_QUESTION = 2_000  # characters of a standalone question; a model that writes more does not rewrite
_QUESTION_TOKENS = 300
_MOST_TAKEN = 4  # terms that a follow-up takes from the question before
_MARKER = re.compile(r"\s?\[(?:\d+|s\d+(?:-s\d+)?\?)\]")
# What models put before the question: "Sure!", "Here is the standalone question:", "Q:".
_PREAMBLE = re.compile(
    r"^(?:(?:sure|certainly|of course|okay|ok|alright|gern|natürlich|klar|bien sûr|claro)\b"
    r"[^?:.!]{0,60}[!.,]\s+)?"
    r"(?:[^?:]{0,100}\b(?:question|query|follow-?up|rewritten|rewrite|standalone|becomes|reads|asks?|frage|pregunta"
    r"|domanda|output|result)\b[^?:]{0,60}:\s*|(?:q|a|answer|final answer)\s*:\s*)?",
    re.IGNORECASE,
)
# A question within its line: {"question": "…"}, “…” becomes “…”, … -> …, <question>…</question>, 1. …
_IN_JSON = re.compile(r"\{\s*\"[\w -]{1,40}\"\s*:\s*\"(?P<question>[^\"]+)\"\s*\}")
_SAID_TO_BE = re.compile(
    r"\b(?:becomes|would be|is|reads|question|query)\b[ :]{1,3}"
    r"[“\"«„](?P<question>[^“”\"«»„]{8,}[?？])[“”\"»][.\s*]*\Z",
    re.IGNORECASE,
)
_ARROW = re.compile(r"\s(?:-+>|=+>|→|⇒)\s")
_TAG = re.compile(r"</?[a-z_]{1,20}>")
_NUMBERED = re.compile(r"\A\d{1,2}[.)]\s+")
_SIGNS = "\"'“”„‘’«»`*_#>- \t"
_OFFER = re.compile(
    r"\b(?:(?:who|whom|what|which) (?:one )?do you mean|would you"
    r"|do you want|shall i|should i|can i help|may i|anything else|let me know"
    r"|could you (?:please )?(?:clarify|provide|specify)|is (?:this|that) (?:correct|right|what)"
    r"|does (?:this|that) (?:help|work))\b",
    re.IGNORECASE,
)
_ASKS = re.compile(  # a question without its mark, or a request
    r"^(?:who|whom|whose|what|when|where|which|why|how|is|are|was|were|do|does|did|can|could|will|has|have|list"
    r"|name|tell|give|show|compare|describe|explain|summari[sz]e|find|wer|was|wann|wo|wie|warum|welche\w*|wohin|ist|hat"
    r"|nenne|zeig\w*|qui|que|quand|où|comment|pourquoi|quel\w*|qué|quién|cuándo|dónde|cómo|chi|che|quando|dove"
    r"|come|perché)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"^\W*(?:who|whom|whose|wer|wem|wen|qui|quién|chi|quem|wie is)\b", re.IGNORECASE)

# Pronouns anywhere; "this", "then", "one" and their like only at the end ("How long was that?"), since within
# a question they mostly point at what follows; "and", "but", "so" only at the beginning.
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|theirs?|(?:him|her|it)self|themselves)\b"
    r"|\b(?:this|that|these|those|there|then|ones?|same)(?=\W*$)|^\W*(?:and|but|so|then|or)\b",
    re.IGNORECASE,
)
_LONGEST_TOLD = 200  # characters of an answer that names are taken from
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

    Of what a model writes, the one line that is a question is taken. Where none can be told, `typed` is
    helped as it is without a model, see `pointing_back`. Raises `ModelError`.
    """
    if not turns:
        return typed
    prompt = standalone_prompt(typed, turns, draw=draw)
    try:
        completion = llm.complete((Message("user", prompt),), max_tokens=_QUESTION_TOKENS)
    except ModelDeclined:
        return pointing_back(typed, turns[-1].question, turns[-1].answer)
    question = _question_in(completion.text, typed) if completion.whole else None
    if question is None or question == typed:
        return pointing_back(typed, turns[-1].question, turns[-1].answer)
    return question


def _question_in(written: str, typed: str) -> str | None:
    """The question that a model wrote, perhaps among other lines; None if none can be told."""
    lines = [line for line in map(visible_line, written.splitlines()) if any(map(str.isalnum, line))]
    questions = [question for question in map(_bare_question, lines) if question]
    asked = [
        question for question in questions if question.endswith(("?", "？")) and not _OFFER.search(question)
    ]
    others = [question for question in asked if question != typed]
    if asked:
        return (others or asked)[-1]
    questions = [question for question in questions if not _OFFER.search(question)]
    wants_mark = typed.rstrip().endswith(("?", "？"))
    fits = [question for question in questions if _ASKS.match(question) or not wants_mark]
    return fits[0] if len(lines) == 1 and fits and not refused(fits[0]) else None


def _bare_question(line: str) -> str:
    """A line without preamble, quotation marks and emphasis; nothing if it is too long for a question."""
    if within := _IN_JSON.fullmatch(line.strip()) or _SAID_TO_BE.search(line):
        line = within["question"]
    plain = _NUMBERED.sub("", _TAG.sub("", _ARROW.split(line)[-1]).strip(_SIGNS)).strip(_SIGNS)
    plain = plain[_PREAMBLE.match(plain).end() :].strip(_SIGNS)  # type: ignore[union-attr]  # it always matches
    return plain if len(plain) <= LONGEST_QUESTION and any(map(str.isalnum, plain)) else ""


def standalone_prompt(typed: str, turns: Sequence[Turn], *, draw: Draw) -> str:
    """The prompt that asks for a standalone question: the last turns, oldest first, then `typed`."""
    shown: list[str] = []
    for turn in turns[-MOST_TURNS:]:
        answer = sanitize(_MARKER.sub("", turn.answer))
        shown += [f"asked: {sanitize(turn.question)}", f"answered: {answer[:LONGEST_ANSWER]}"]
    conversation = "\n".join(shown)
    mark = unused_mark(conversation + typed, draw)
    return fill(load(PROMPT), mark=mark, conversation=conversation, question=sanitize(typed))


def pointing_back(typed: str, previous: str | None, answered: str = "") -> str:
    """`typed` with words of the question before in brackets, if it only points back to it; else as it is.

    It does if it names nothing itself and has no word that could be searched for, or few and a pronoun.
    The names of the question before are taken; if it has none and asks who, those that begin what was
    `answered`; else its first words.
    """
    from qa.answering.extractive.question import parse_question, words_of

    if previous is None or parse_question(typed).names:
        return typed
    own = {stem for word, stems in words_of(_POINTS_BACK.sub(" ", typed)) for stem in stems}
    if own and (len(own) > _MOST_OWN or not _POINTS_BACK.search(typed)):
        return typed
    before = words_of(previous)
    names = parse_question(previous).names
    if not names and _WHO.search(previous):
        told = _MARKER.sub("", answered).split("\n")[0][:_LONGEST_TOLD]
        before, names = (words_of(told), found) if (found := parse_question(told).names) else (before, names)
    named = [word for word, stems in before if stems & names and not stems & own]
    taken = (named or [word for word, stems in before if not stems & own])[:_MOST_TAKEN]
    return f"{typed} ({' '.join(taken)})" if taken else typed

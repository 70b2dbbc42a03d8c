"""The wording of drafted questions: what cannot be understood alone, and what was asked before."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.text.stop_words import STOP_WORDS
from index.text.terms import fold, stem, terms

SHORTEST, LONGEST = 10, 300  # characters of a question
ALIKE = 0.75  # shared words of two questions, of all of both, from which they ask the same
_PLACES = (
    r"passages?|texts?|excerpts?|documents?|articles?|paragraphs?|sections?|sentences?|snippets?|contexts?|spans?"
    r"|sources?|authors?|writers?|narrators?|speakers?|chapters?|pages?|tables?|above|below|following|quotations?"
)
# The text that lies before whoever wrote the question: nobody who asks the documents knows of it.
_OF_THE_TEXT = re.compile(
    rf"\b(?:the|this|that|these|given|provided) (?:(?:above|given|provided|following) )?(?:{_PLACES})\b"
    r"(?! of\b)|\b(?:mentioned|described|stated|listed|named|discussed|given|provided|quoted)"
    r" (?:above|below|here|earlier)\b|\b(?:as|according to what is) (?:mentioned|described|stated)\b"
    r"|\b(?:mentioned|stated) in (?:the|this)\b",
    re.IGNORECASE,
)
_POINTING = re.compile(
    r"\b(?:this|these|those|here)\b|\bthat (?:year|day|time|case|place|point)\b", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"\b(?:he|she|they|him|her|hers|them|his|their|theirs|its|itself|himself|herself|themselves|we|our|us)\b"
    r"|\bit\b(?! (?:take|takes|took|possible|cost|costs|mean|means|necessary|rain|rains))",
    re.IGNORECASE,
)
# What is known only to whoever has read what stands before, if nothing beside it says which is meant.
_BARE = re.compile(
    r"\bthe (?:two|three|four|both|former|latter|same|other|others|latest"
    r"|(?:two |three |other )?(?:compan(?:y|ies)|firms?|reports?|stud(?:y|ies)|papers?|projects?|meetings?"
    r"|talks?|calls?|conversations?|events?|men|man|woman|women|persons?|people|officials?|spokes\w+|couple|agreements?|decisions?"
    r"|plans?|incidents?|experiments?|researchers|team|products?|memo|memorandum|letter|e-?mail|contract|deal"
    r"|announcement|visit|trip|case|delay|cause|result|results|draft|package|summit|conference|committee|ministers?"
    r"|leaders|presidents|sides|parties|countries|groups?|court|city|missiles|drones|minutes))"
    r"(?= *[?,.;:]| (?:is|are|was|were|has|have|had|will|would|did|do|does|may|can|could|should|and|or|he|she"
    r"|it|they|take|took|say|said|end|ended|last|lasted|begin|began|start|started|cost|mean|happen|happened)\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w[\w'’-]*")
_QUESTION_WORDS = frozenset(
    ["what", "who", "whom", "whose", "when", "where", "why", "how", "which", "many", "much", "long"]
)


def unclear(question: str) -> str:
    """Why a question cannot be asked of the documents as it stands, in a few words; "" if it can.

    >>> unclear("What does the passage say about the fleet?"), unclear("When was the Vasa built?")
    ('it names the text before it', '')
    """
    if question.count("?") != 1 or not question.endswith("?") or "\n" in question:
        return "it is not one question"
    if not SHORTEST <= len(question) <= LONGEST:
        return "it is too long" if len(question) > LONGEST else "it is too short"
    if _OF_THE_TEXT.search(question):
        return "it names the text before it"
    if _POINTING.search(question) or _BARE.search(question) or _dangling(question):
        return "it leans on what is not said in it"
    return ""


def gives_away(question: str, answer: str) -> bool:
    """Whether a question holds its own answer, word for word."""
    wanted, asked = f" {' '.join(terms(answer))} ", f" {' '.join(terms(question))} "
    return wanted.strip() != "" and wanted in asked


def _dangling(question: str) -> bool:
    """Whether a pronoun stands before anything that it could mean."""
    pronoun = _PRONOUN.search(question)
    if pronoun is None:
        return False
    before = _WORD.findall(question[: pronoun.start()])
    return not any(word[0].isupper() for word in before[1:]) and not (
        before and before[0].casefold() == "who"  # "Who said that he would come?"
    )


class Wordings:
    """Questions that were asked, to tell whether another one asks nearly the same."""

    def __init__(self, questions: Iterable[str] = ()) -> None:
        self._asked: list[frozenset[str]] = []
        for question in questions:
            self.add(question)

    def add(self, question: str) -> None:
        """Note a question as asked."""
        self._asked.append(_gist(question))

    def has(self, question: str) -> bool:
        """Whether a question with nearly the same words was asked."""
        gist = _gist(question)
        return any(len(gist & other) >= ALIKE * len(gist | other) for other in self._asked)


def _gist(question: str) -> frozenset[str]:
    """The stems of what a question is about, and of how it asks."""
    words = {fold(word) for word in terms(question)}
    return frozenset(stem(word) for word in words if word not in STOP_WORDS or word in _QUESTION_WORDS)

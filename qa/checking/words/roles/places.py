"""Where names stand around a verb: its subject before it, its object and others behind it."""

from __future__ import annotations

from collections.abc import Sequence

from qa.checking.words.roles.tokens import SentenceToken

_BE = "was were is are been being be got"
# What may stand between a subject and its verb.
_BETWEEN = """
    had has have having later also then first never twice once not did does do will would could can may might
    must should still soon finally already to
"""
_PRONOUNS = "he she it they him her them his who whom i we you us me himself herself itself"
_PREPOSITIONS = """
    in at on from near with for of under to by against over about into after before during since until than as
    between among through without within
"""
_CLAUSE_ENDS = """
    that who which whom because although though while when after before but if since whether
"""
BE = frozenset(_BE.split())
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
BETWEEN = BE | frozenset(_BETWEEN.split())
_OBJECTS_NOT = frozenset(_PRONOUNS.split()) - {"his", "her"}
_PRONOUN = frozenset(_PRONOUNS.split())
_RELATIVE = frozenset(("who", "which", "that", "whom"))
_JOINING = frozenset(("and", "or", "but"))
_PHRASE_OPENS = PREPOSITIONS | _RELATIVE | _JOINING
_CLAUSE_END = frozenset((*_CLAUSE_ENDS.split(), ";", ":", "(", ")", '"'))
_OF = frozenset(("of", "under", "for"))  # "the troops of Ueda" are Ueda's
_CONTINUES = _OF | {"and"}
_LOOKED_FOR = frozenset(("by", "to", "from", "against", "over"))
CASES = frozenset(("lawsuit", "suit", "case", "action", "claim", "complaint", "charges"))
_ASIDE = 14  # tokens between two commas, behind a subject
REACH = 14  # tokens behind a verb in which who was meant is named
_NOUN_PHRASE = 5  # words before a name that may belong to it: "its smaller rival Tellus"


def subjects(tokens: Sequence[SentenceToken], at: int, last: list[str]) -> list[str]:
    """The names of who does what the verb behind `at` says; `last` are those of the verb before."""
    if at >= 0 and tokens[at].text == ",":  # "Orica, a maker of pumps, acquired"
        commas = [place for place in range(max(0, at - _ASIDE), at) if tokens[place].text == ","]
        at = commas[-1] - 1 if commas else -1
    if at < 0 or tokens[at].text in _JOINING:
        return last if at >= 0 else []
    token = tokens[at]
    if token.text in _RELATIVE:
        antecedent = _antecedent(tokens, at)
        return [antecedent] if antecedent else []
    if token.is_name:
        return _ending_in(tokens, at)
    return [] if token.text in _PRONOUN or token.kind == "sign" else _head_of(tokens, at)


def _head_of(tokens: Sequence[SentenceToken], at: int) -> list[str]:
    """The name in a phrase that ends in a noun: "Ueda's troops", "Orica lawyers"."""
    for place in range(at - 1, max(-1, at - 4), -1):
        if tokens[place].is_name:
            return [tokens[place].text]
        if tokens[place].kind == "sign" or tokens[place].text in PREPOSITIONS | _PRONOUN:
            break
    return []


def _ending_in(tokens: Sequence[SentenceToken], at: int) -> list[str]:
    """The subject that a name before a verb ends: itself, or what stands before "in Paris"."""
    place = at - 1
    while (
        place >= max(0, at - 3) and tokens[place].kind == "word" and tokens[place].text not in _PHRASE_OPENS
    ):
        place -= 1
    word = tokens[place].text if place >= 0 else ""
    if word in _JOINING and place and tokens[place - 1].is_name:
        return [tokens[place - 1].text, tokens[at].text]
    if word not in PREPOSITIONS:
        return [tokens[at].text]
    for before in range(place - 1, max(-1, place - 4), -1):
        if tokens[before].is_name:
            return [tokens[before].text]
        if tokens[before].kind == "sign" or tokens[before].text in _PHRASE_OPENS:
            break
    return [tokens[at].text] if word in _OF else []


def _antecedent(tokens: Sequence[SentenceToken], at: int) -> str:
    """The name before a relative pronoun; empty if there is none."""
    place = at - 1
    place -= place > 0 and tokens[place].text in PREPOSITIONS  # "Renwick, to whom Hobbs had sold it"
    if place >= 0 and tokens[place].text == ",":
        place -= 1
    return tokens[place].text if place >= 0 and tokens[place].is_name else ""


def object_of(tokens: Sequence[SentenceToken], at: int) -> str:
    """The name that is the object of the verb or the preposition at `at`; empty if there is none."""
    nouns = 0
    for token in tokens[at + 1 : at + 2 + _NOUN_PHRASE]:
        if token.is_name:
            return token.text
        if nouns > 1 and token.text in _CONTINUES:  # "the rebels under Sato", "two climbers and Sato"
            continue
        if token.kind == "sign" or token.text in _OBJECTS_NOT | _PHRASE_OPENS | BE:
            return ""
        nouns += 1
    return ""


def relative_object(tokens: Sequence[SentenceToken], subject: int) -> str:
    """Who stands before "whom" or "which" and the subject: "Novak, whom Ivanov had warned"."""
    if subject < 1 or not tokens[subject].is_name or tokens[subject - 1].text not in _RELATIVE:
        return ""
    return _antecedent(tokens, subject - 1)


def behind(tokens: Sequence[SentenceToken], at: int) -> dict[str, str]:
    """Who is named behind "by", "to", "from", "against" in the clause of the verb at `at`; and its cases."""
    named: dict[str, str] = {}
    waiting, words = "", 0
    for token in tokens[at + 1 : at + 1 + REACH]:
        if token.text in _CLAUSE_END:
            break
        if token.text in PREPOSITIONS:
            waiting, words = token.text if token.text in _LOOKED_FOR else "", 0
        elif token.is_name and waiting:
            named.setdefault(waiting, token.text)
            waiting = ""
        elif token.kind == "sign" or token.text in _OBJECTS_NOT or words >= _NOUN_PHRASE:
            waiting = ""
        if token.text in CASES:
            named[token.text] = token.text
        words += 1
    return named


def phrase_start(tokens: Sequence[SentenceToken], at: int, *, most: int) -> int:
    """Where the phrase that ends before `at` begins: the place of the name or sign before its words."""
    place = at - 1
    while (
        place >= max(0, at - most)
        and tokens[place].kind == "word"
        and tokens[place].text not in _PHRASE_OPENS
    ):
        place -= 1
    return place

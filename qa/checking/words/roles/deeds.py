"""Who did what to whom in a sentence, active or passive, where names and a verb say so.

Names are looked for around a verb: its subject before it, past what stands between commas, its object behind
it, and who is named behind "by", "to", "from" or "against". Further: "X is the mother of Y", "X is larger
than Y", "from X to Y". What cannot be told is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from qa.checking.words.roles.places import (
    BE,
    BETWEEN,
    CASES,
    PREPOSITIONS,
    REACH,
    behind,
    object_of,
    phrase_start,
    relative_object,
    subjects,
)
from qa.checking.words.roles.tokens import SentenceToken, sentences
from qa.checking.words.roles.verbs import ACTS, COMPARATIVES, MUTUAL, NOUNS, Verb, verb_of

_PARTICIPLES = ("ed", "en", "t", "d", "n", "tten")  # endings of most participles
_BEFORE_NAMES = frozenset(("the", "a", "an", "its", "his", "her", "rival"))
# The word behind which the second of two is named, by the way of the verb.
_BEHIND = {"give": "to", "get": "from", "to": "to", "lost": "to", "from": "from"}


class Deed(NamedTuple):
    """One who did something, what, and to whom."""

    actor: str
    deed: str
    patient: str


def deeds(text: str) -> set[Deed]:
    """Who did what to whom in `text`; names by their last word, verbs by what they say."""
    found: set[Deed] = set()
    for sentence in sentences(text):
        if sum(token.is_name for token in sentence) > 1:
            found.update(deed for deed in _of_sentence(sentence) if deed.actor != deed.patient)
    return found


def _of_sentence(tokens: Sequence[SentenceToken]) -> Iterator[Deed]:
    last: list[str] = []  # the subjects of the verb before
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        yield from _compared(tokens, at)
        yield from _related(tokens, at)
        yield from _from_to(tokens, at)
        yield from _acted(tokens, at)
        verb = _verb_at(tokens, at)
        if verb is None:
            continue
        start, passive = _before_verb(tokens, at)
        passive = passive or _is_reduced(tokens, start, at)
        named = subjects(tokens, start, last)
        target = object_of(tokens, at + (verb.way == "over")) or relative_object(tokens, start)
        others = behind(tokens, at)
        for subject in named:
            actor, patient = (others.get("by", ""), subject) if passive else (subject, target)
            yield from _told(verb, actor, patient, others)
        last = named or last


def _verb_at(tokens: Sequence[SentenceToken], at: int) -> Verb | None:
    """The verb at a place: one that is known, or any word with names right around it, or a participle."""
    word = tokens[at].text
    known = verb_of(word)
    if known and known.way == "from" and at + 1 < len(tokens) and tokens[at + 1].text == "over":
        return known if "from" in behind(tokens, at) else Verb("buy", "over")
    if known or word in MUTUAL or word in STOP_WORDS or not word.isalpha() or len(word) < 3:
        return known
    start, passive = _before_verb(tokens, at)
    no_verb = word in COMPARATIVES or word in NOUNS or word in PREPOSITIONS
    if no_verb or start < 0 or not tokens[start].is_name:
        return None
    follows = [token.text for token in tokens[at + 1 : at + REACH]]
    if passive and word.endswith("ed") and "by" in follows:
        return Verb(stem(word), "object")
    by = follows[:1] == ["by"]
    near = [token for token in tokens[at + 1 + by : at + 5] if token.text not in _BEFORE_NAMES]
    return Verb(stem(word), "object") if near and near[0].is_name and by == passive else None


def _before_verb(tokens: Sequence[SentenceToken], at: int) -> tuple[int, bool]:
    """Where the subject of the verb at `at` ends, and whether a form of "be" makes it passive."""
    start, passive = at - 1, False
    while start >= 0 and tokens[start].kind == "word":
        word = tokens[start].text
        if word == "to" and start and tokens[start - 1].kind == "word":  # "refused to", "wants to"
            start -= 2
            continue
        if word not in BETWEEN and not (word.endswith("ly") and len(word) > 4):
            break
        passive = passive or word in BE
        start -= 1
    return start, passive and tokens[at].text.endswith(_PARTICIPLES)


def _is_reduced(tokens: Sequence[SentenceToken], start: int, at: int) -> bool:
    """True for "Holt, accused by Pike," and "the man accused by Pike": a passive without "was"."""
    return start == at - 1 and at + 1 < len(tokens) and tokens[at + 1].text == "by"


def _told(verb: Verb, actor: str, patient: str, others: Mapping[str, str]) -> Iterator[Deed]:
    """What a verb says of its actor, its patient and those behind its prepositions."""
    way = verb.way
    if way == "either":
        way = "get" if "from" in others else "give"
    third = others.get(_BEHIND.get(way, ""), "")
    second = {"object": patient, "over": patient, "before": patient, "give": third or patient}.get(way, third)
    deed, turned = verb.deed, way in ("before", "get", "lost")
    if way == "against":
        second = others.get("against", "") or others.get("over", "")
        deed = ("sue" if others.keys() & CASES else "") if deed == "bring" else deed
    if way == "from" and patient:  # "took the letter from": took over from nobody
        second = ""
    if actor and second and deed:
        yield Deed(second, deed, actor) if turned else Deed(actor, deed, second)
    if verb.deed == "buy" and actor and "from" in others:
        yield Deed(others["from"], "trade", actor)


def _compared(tokens: Sequence[SentenceToken], at: int) -> Iterator[Deed]:
    """X before Y in size for "X is larger than Y", and the other way round for "smaller"."""
    if tokens[at].text != "than":
        return
    place = next((i for i in range(at - 1, max(-1, at - 4), -1) if tokens[i].text in COMPARATIVES), None)
    if place is None:
        return
    quality, less = COMPARATIVES[tokens[place].text]
    manner = " ".join(token.text for token in tokens[place + 1 : at] if token.kind == "word")
    second = object_of(tokens, at)
    first = next((token.text for token in reversed(tokens[max(0, place - 6) : place]) if token.is_name), "")
    if first and second:
        deed = f"{quality} {manner}".strip()
        yield Deed(second, deed, first) if less else Deed(first, deed, second)


def _related(tokens: Sequence[SentenceToken], at: int) -> Iterator[Deed]:
    """What X is to Y: "X is the mother of Y", "X, a student of Y,", "Y's daughter X"."""
    if tokens[at].text not in NOUNS:
        return
    relation, turned = NOUNS[tokens[at].text]
    if at + 1 < len(tokens) and tokens[at + 1].text == "of":
        place = phrase_start(tokens, at, most=4)
        place -= place > 0 and tokens[place].text == ","
        bearer, other = _name_at(tokens, place), object_of(tokens, at + 1)
    elif at and tokens[at - 1].possessive:
        place = at + 1 + (at + 1 < len(tokens) and tokens[at + 1].text == ",")
        bearer, other = _name_at(tokens, place), tokens[at - 1].text
    else:
        return
    if bearer and other:
        yield Deed(other, relation, bearer) if turned else Deed(bearer, relation, other)


def _acted(tokens: Sequence[SentenceToken], at: int) -> Iterator[Deed]:
    """What the noun of a deed says: "X's takeover of Y", "the takeover of Y by X", "X's win over Y"."""
    deed = ACTS.get(tokens[at].text, "")
    if not deed:
        return
    named = {
        tokens[place].text: object_of(tokens, place)
        for place in range(min(at + REACH, len(tokens) - 1), at, -1)
        if tokens[place].text in ("of", "by", "over", "against", "on", "to", "for")
    }
    own = tokens[at - 1].text if at and tokens[at - 1].possessive else ""
    wins = deed == "beat" and tokens[at].text != "defeat"
    actor = own or (named.get("of", "") if wins else "") or named.get("by", "")
    others = ("over", "against") if wins else ("against",) if deed == "sue" else ("of", "on", "to", "for")
    patient = next((named[word] for word in others if named.get(word)), "")
    if deed == "beat" and not wins and own:  # "X's defeat by Y", "X's defeat of Y"
        follows = tokens[at + 1].text if at + 1 < len(tokens) else ""
        by, of = named.get("by", ""), named.get("of", "")
        actor, patient = (by, own) if follows == "by" else (own, of) if follows == "of" else ("", "")
    if actor and patient:
        yield Deed(actor, deed, patient)


def _name_at(tokens: Sequence[SentenceToken], place: int) -> str:
    return tokens[place].text if 0 <= place < len(tokens) and tokens[place].is_name else ""


def _from_to(tokens: Sequence[SentenceToken], at: int) -> Iterator[Deed]:
    """Where something goes: "from X to Y", "to Y from X"."""
    way = {"from": "to", "to": "from"}.get(tokens[at].text, "")
    if any(token.text in ("back", "return", "returns", "returned", "forth") for token in tokens):
        return
    for place in range(at + 2, min(at + 6, len(tokens))) if way else ():
        if tokens[place].text == way:
            first, second = object_of(tokens, at), object_of(tokens, place)
            if first and second:
                yield Deed(first, "from-to", second) if way == "to" else Deed(second, "from-to", first)
            return

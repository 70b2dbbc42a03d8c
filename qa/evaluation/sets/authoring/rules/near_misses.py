"""Near misses without a model: a question with a name or a year exchanged for one that stands nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from qa.evaluation.sets.authoring.rules.phrases import is_person
from qa.evaluation.sets.authoring.rules.proposal import Proposal
from qa.evaluation.sets.authoring.rules.words import (
    COUNTRIES,
    KNOWN_COUNTRIES,
    KNOWN_PEOPLES,
    PERSONS,
    THINGS,
)

_YEAR: Final = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_COUNTRY: Final = re.compile(rf"\b(?:{'|'.join(sorted(KNOWN_COUNTRIES))})\b")
_PEOPLE: Final = re.compile(rf"\b(?:{'|'.join(sorted(KNOWN_PEOPLES))})\b")
_OF_PERSONS: Final = re.compile(
    r"What (?:is|are) the (?:role|title|position|post|job|e-?mail|phone|birth|born|salary|age|department"
    r"|office|nationality|party|club|team|profession)\b",
    re.IGNORECASE,
)
_YEARS_AWAY: Final = (7, -7, 13, -13, 20, -20, 31)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question that the documents do not answer: `strange` is what stands in none of them."""

    text: str
    strange: str
    kind: str


def near_misses(proposal: Proposal, *, lot: int, unknown: Callable[[str], bool]) -> Iterator[NearMiss]:
    """Near misses of a question that the documents answer.

    `unknown` says whether a word or a phrase stands nowhere in the documents, `lot` which of the exchanges
    that there are is tried first.
    """
    for old, new in _exchanges(proposal):
        chosen = next((each for each in _turned(new, lot) if unknown(each)), "")
        if chosen:
            yield NearMiss(re.sub(rf"\b{re.escape(old)}(?!\w)", chosen, proposal.text), chosen, proposal.kind)


def _exchanges(proposal: Proposal) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What may be exchanged in a question, and for what. One thing is, so that the rest stays what it was."""
    text, name = proposal.text, proposal.name
    if name and name in text:
        personal = proposal.kind in ("post", "what") or (
            proposal.kind == "table" and _OF_PERSONS.match(text) is not None
        )
        if is_person(name) and personal:
            yield name, PERSONS
        elif proposal.kind == "table" and re.fullmatch(r"[A-Z][a-z]+", name) and not _COUNTRY.search(name):
            yield name, THINGS
    if proposal.kind in ("post", "definition", "table", "how-many"):
        if (country := _COUNTRY.search(text)) is not None:
            yield country[0], tuple(COUNTRIES)
        elif (people := _PEOPLE.search(text)) is not None:
            yield people[0], tuple(COUNTRIES.values())
    if (year := _YEAR.search(text)) is not None:
        yield year[0], tuple(str(int(year[0]) + away) for away in _YEARS_AWAY)


def _turned(items: tuple[str, ...], lot: int) -> tuple[str, ...]:
    """`items` from another one on, so that not all near misses have the same name."""
    at = lot % len(items)
    return (*items[at:], *items[:at])

"""Who did it to whom, and what came first: claims that turn actor and patient, or the order, round.

English only, and only where both texts say it in so many words: two names around the same verb ("Apple sued
Samsung", "Samsung was sued by Apple"), and "before" or "after" the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold

_WORD = r"[A-Z][\w'-]{1,30}+"
_NAME = rf"(?<![\w.'-]){_WORD}(?: (?:of |the |de |von |van )?{_WORD}){{0,3}}"
_BETWEEN = r"(?:was|were|is|are|been|being|had|has|have|later|also|then|first) "
_DEED = re.compile(
    rf"(?P<first>{_NAME}) (?P<aux>(?:{_BETWEEN}){{0,3}})"
    rf"(?P<verb>[a-z]{{3,}})(?P<by> by)? (?:(?:the|a|an|its|his|her|rival) ){{0,2}}(?P<second>{_NAME})"
)
_ORDER = re.compile(
    r"\b(?P<which>before|after|until|prior to|following)\s+(?P<what>[^.;:!?()]{2,60})", re.IGNORECASE
)
_EARLIER = frozenset(("before", "prior to"))
_LATER = frozenset(("after", "following"))
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being)\b")
_NEAR = 3  # content words after "before" that say before what


class _Deed(NamedTuple):
    actor: str
    verb: str
    patient: str


def turned_round(claim: str, cited: Sequence[str]) -> tuple[str, ...]:
    """Reasons why `claim` has what `cited` says the other way round. All texts made plain."""
    return (*_swapped(claim, cited), *_reordered(claim, cited))


def _swapped(claim: str, cited: Sequence[str]) -> list[str]:
    said = {deed for text in cited for deed in _deeds(text)}
    return [
        f"the claim has {deed.actor.capitalize()} and {deed.patient.capitalize()} the other way round"
        for deed in _deeds(claim)
        if deed not in said and _Deed(deed.patient, deed.verb, deed.actor) in said
    ]


def _deeds(text: str) -> list[_Deed]:
    """Who did what to whom; names by their last word, verbs by their stem, the passive turned active."""
    deeds = []
    at = 0
    while match := _DEED.search(text, at):
        at = match.start("second")
        first, second = (fold(match[name].split()[-1]).removesuffix("'s") for name in ("first", "second"))
        if first == second or match["verb"] in STOP_WORDS:
            continue
        passive = bool(match["by"])
        if passive != bool(_PASSIVE.search(match["aux"])):  # "was in Paris", "stood by Smith"
            continue
        actor, patient = (second, first) if passive else (first, second)
        deeds.append(_Deed(actor, stem(fold(match["verb"])), patient))
    return deeds


def _reordered(claim: str, cited: Sequence[str]) -> list[str]:
    ours, theirs = _orders(claim), [order for text in cited for order in _orders(text)]
    reasons = []
    for which, what in ours:
        met = {other for other, about in theirs if what & about}
        opposite = _LATER if which in _EARLIER else _EARLIER if which in _LATER else frozenset()
        if met and met <= opposite:
            reasons.append(f"the claim says “{which}”, the cited text “{min(met)}”")
    return reasons


def _orders(text: str) -> list[tuple[str, frozenset[str]]]:
    """Every "before" and "after" of a text, with the stems of what follows it."""
    orders = []
    for match in _ORDER.finditer(text):
        words = [fold(word) for word in re.findall(r"[^\W\d_]{2,}|\d+", match["what"])]
        stems = [stem(word) for word in words if word not in STOP_WORDS]
        orders.append((match["which"].lower(), frozenset(stems[:_NEAR])))
    return orders

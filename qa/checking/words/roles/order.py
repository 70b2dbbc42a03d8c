"""What came first: claims that have "before" where cited texts have "after", or two events exchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold

_ORDER = re.compile(
    r"\b(?P<which>before|after|until|prior to|following)\s+(?P<what>[^.;:!?()]{2,60})", re.IGNORECASE
)
_EARLIER = frozenset(("before", "prior to"))
_LATER = frozenset(("after", "following"))
_NEAR = 3  # content words after "before" that say before what
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_CLAUSE_BEFORE = re.compile(r"[^.;:!?(),]*\Z")
_LONGEST = 80  # characters of a clause before "before" that are looked at
_DENIES = re.compile(r"\b(?:not|never|cannot|no|nor|neither|\w+n't)\b", re.IGNORECASE)


class _Order(NamedTuple):
    """One "before" or "after": the word, the stems of what stands behind it, and of what before it.

    "Not before" and "not until" are "after".
    """

    which: str
    what: frozenset[str]
    other: frozenset[str]

    @property
    def events(self) -> tuple[frozenset[str], frozenset[str]]:
        """What came earlier, and what later."""
        return (self.what, self.other) if self.which in _LATER else (self.other, self.what)


def reordered(claim: str, cited: Sequence[str]) -> list[str]:
    """Reasons why `claim` has the order in time of `cited` the other way round."""
    ours, theirs = _orders(claim), [order for text in cited for order in _orders(text)]
    reasons = []
    for order in ours:
        met = {other.which for other in theirs if order.what & other.what}
        opposite = _LATER if order.which in _EARLIER else _EARLIER if order.which in _LATER else frozenset()
        if order.which == "until":
            opposite = frozenset(("not until",))
        if order.which == "not until":
            opposite = frozenset(("until",))
        met -= {"not until"} if order.which in _LATER else set()
        if met and met <= opposite:
            reasons.append(f"the claim says “{order.which}”, the cited text “{min(met)}”")
        elif any(_exchanged(order, other) for other in theirs):
            reasons.append("the claim has what came first the other way round")
    return reasons


def _exchanged(ours: _Order, theirs: _Order) -> bool:
    """True if what is earlier of the one is later of the other, and none stands where it did."""
    if not {ours.which, theirs.which} <= _EARLIER | _LATER:
        return False
    (early, late), (earlier, later) = ours.events, theirs.events
    return bool(early & later and late & earlier) and not (early & earlier or late & later)


def _orders(text: str) -> list[_Order]:
    """Every "before", "after" and "until" of a text."""
    orders: list[_Order] = []
    for match in _ORDER.finditer(text):
        which = match["which"].lower()
        before = _CLAUSE_BEFORE.search(text, max(0, match.start() - _LONGEST), match.start())
        clause = before[0] if before else ""
        if _DENIES.search(clause):
            which = "not until" if which == "until" else "after" if which in _EARLIER else which
        behind, comma, main = match["what"].partition(",")
        other = clause if _WORD.search(clause) or not comma else main
        orders.append(_Order(which, frozenset(_stems(behind)[:_NEAR]), frozenset(_stems(other)[-_NEAR:])))
    return orders


def _stems(text: str) -> tuple[str, ...]:
    words = [fold(word) for word in _WORD.findall(text)]
    return tuple(stem(word) for word in words if word not in STOP_WORDS)

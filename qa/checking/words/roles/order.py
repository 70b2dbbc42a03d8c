"""What came first: claims that say "before" where their cited texts say "after" of the same thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.stemmer import stem
from index.text.stop_words import STOP_WORDS
from index.text.terms import fold

_ORDER = re.compile(
    r"\b(?P<which>before|after|until|prior to|following)\s+(?P<what>[^.;:!?()]{2,60})", re.IGNORECASE
)
_EARLIER = frozenset(("before", "prior to"))
_LATER = frozenset(("after", "following"))
_NEAR = 3  # content words after "before" that say before what


def reordered(claim: str, cited: Sequence[str]) -> list[str]:
    """Reasons why `claim` has the order in time of `cited` the other way round."""
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

"""The scale that the head of a table states for its numbers: "in millions", "$ in thousands", "(000s)"."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from index.text.patterns import lazy_compile

_POWERS = {
    3: r"thousands?|tsd\.?|tausend|teur|milliers|miles|000'?s?",
    6: r"millions?|mio\.?|millionen|millones|mn|mm|m",
    9: r"billions?|mrd\.?|milliarden|milliards|bn",
}
_WORDS = "|".join(f"(?P<p{power}>{words})" for power, words in _POWERS.items())
_MONEY = r"(?:u\.?s\.? ?)?(?:dollars?|\$|usd|eur|euros?|€|gbp|£|pounds|amounts?|figures?|chf)"
_STATED = lazy_compile(
    rf"(?:\bin |\ben |{_MONEY} ?(?:in )?|\()(?:{_MONEY} )?(?:{_WORDS})(?![\w-])"
    rf"(?:(?= of\b| d'| de\b| {_MONEY})|\s*(?:[,;):|.]|\Z|$))",
    re.IGNORECASE | re.MULTILINE,
)


@lru_cache(maxsize=1 << 10)
def stated_scales(text: str) -> tuple[Decimal, ...]:
    """What the numbers beside `text` are to be multiplied with, each scale once.

    >>> stated_scales("Consolidated statements of income (dollars in millions)")
    (Decimal('1000000'),)
    """
    return tuple(dict.fromkeys(Decimal(10) ** _power(match) for match in _STATED.finditer(text)))


def last_statement(text: str) -> str:
    """The last words of `text` that state a scale, as written; empty if none do."""
    found = ""
    for match in _STATED.finditer(text):
        found = match[0]
    return found


def _power(match: re.Match[str]) -> int:
    return next(power for power in _POWERS if match[f"p{power}"])

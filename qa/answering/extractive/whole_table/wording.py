"""How questions ask for all rows of a table: for the most, the first, a count, several rows.

The words are English and German.
"""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile
from qa.answering.extractive.question import content_stems

# Words that ask for the row with the most or the least of something, and the sign of what is looked for.
_MOST = (
    "most expensive|most recent(?:ly)?|highest|largest|biggest|greatest|most|maximum|max|latest|newest|"
    "longest|tallest|heaviest|fastest|deepest|warmest|hottest|youngest|priciest|dearest|top|best|"
    "am teuersten|höchste[rsnm]?|größte[rsnm]?|meisten|teuerste[rsnm]?|längste[rsnm]?|neueste[rsnm]?|"
    "jüngste[rsnm]?|schwerste[rsnm]?"
)
_LEAST = (
    "least expensive|lowest|smallest|least|fewest|minimum|min|cheapest|earliest|oldest|shortest|lightest|"
    "slowest|coldest|worst|am (?:billigsten|günstigsten)|niedrigste[rsnm]?|kleinste[rsnm]?|wenigsten|"
    "billigste[rsnm]?|günstigste[rsnm]?|kürzeste[rsnm]?|älteste[rsnm]?"
)
# "Who joined first?", "Which was the last to open in 2024?": by a column of days or years.
_ORDER = r"(?<!\bat )\b(?:{0})\b(?=(?: in \d{{4}})?\W*\Z)|(?<=\bthe )(?:{0})\b(?= to \w)"
_EXTREME = tuple(
    (
        sign,
        lazy_compile(rf"(?<!\bat )\b(?:{words})\b(?! of the time\b)|{_ORDER.format(order)}", re.IGNORECASE),
    )
    for sign, words, order in ((1, _MOST, "last|zuletzt"), (-1, _LEAST, "first|zuerst"))
)
_DATED = (
    "date day year opened founded established built joined started since datum jahr baujahr année fecha año"
)
# What a column is called that such a word is about, where the question does not name it.
COLUMNS_ABOUT = tuple(
    (lazy_compile(words, re.IGNORECASE), frozenset(content_stems(columns)))
    for words, columns in (
        (
            "expensive|cheap|priciest|dearest|teuer|billig|günstig",
            "price cost fee rent fare tariff charge preis kosten miete gebühr tarif prix coût loyer precio",
        ),
        ("heaviest|lightest|schwerste", "weight mass gewicht poids peso"),
        ("longest|shortest|längste|kürzeste", "length duration distance länge dauer strecke longueur durée"),
        ("oldest|youngest|älteste|jüngste", f"age alter born birth geboren geburtsjahr {_DATED}"),
        ("newest|latest|earliest|recent|neueste|first|last|zuerst|zuletzt", f"published {_DATED}"),
        ("tallest|höchste", "height höhe hauteur altura"),
        ("deepest", "depth tiefe"),
        ("fastest|slowest", "speed geschwindigkeit vitesse"),
        ("warmest|hottest|coldest", "temperature temperatur"),
    )
)
BY_DAY = lazy_compile(r"first|last|zuerst|zuletzt|recent|latest|earliest|newest|neueste", re.IGNORECASE)
BY_WORTH = lazy_compile(r"best|worst", re.IGNORECASE)
# The least of these is the best.
LESS_IS_BETTER = frozenset(
    content_stems("time rank place position price cost error loss duration zeit rang platz preis note")
)
# "Oldest" is the least year of birth, and the greatest age.
BY_AGE = lazy_compile(r"\b(?:oldest|youngest|älteste[rsnm]?|jüngste[rsnm]?)\b", re.IGNORECASE)
AGE = frozenset(content_stems("age Alter"))
# Not the first of an order, but one further on, or several.
RANKED = lazy_compile(
    r"\b(?:second|third|fourth|fifth|2nd|3rd|\dth|next)[ -](?:\w+est|most|least|best)\b"
    r"|\b(?:top|highest|lowest|largest|biggest|smallest|most|best) (?:\d+|two|three|four|five|ten)\b"
    r"|\b(?:two|three|four|five|ten) (?:\w+est|most|least)\b",
    re.IGNORECASE,
)
COMPARES = lazy_compile(
    r"\b(?:more|less|fewer|greater|higher|lower|larger|smaller|bigger|older|younger|longer|shorter|cheaper|"
    r"earlier|later)\b(?: \w+){0,5}? than\b"
    r"|\b(?:above|over|under|below|exceed(?:s|ed|ing)?|at least|at most) [$€£]? ?\d",
    re.IGNORECASE,
)
SUMS = lazy_compile(
    r"\b(?:average|mean|median|altogether|combined|sum of|totals?|in all|insgesamt|durchschnitt\w*)\b",
    re.IGNORECASE,
)
# "Which boats does Nord Shipping own?": a noun in the plural.
LISTED = lazy_compile(
    r"\W*(?:(?:which|what)(?: of the)? (?!(?:is|was|does|has|this)\b)(\w+s|people|children)|welche (\w+))\b",
    re.IGNORECASE,
)
LACKING = lazy_compile(
    r"\b(?:not|no|without|missing|empty|blank|still|yet|never|nicht|kein\w*|ohne)\b", re.IGNORECASE
)
COUNTED = lazy_compile(r"\bhow many (?:different |distinct )?(\w+)", re.IGNORECASE)
WORDS = lazy_compile(r"\w+")
ORDERS = frozenset(("first", "last", "zuerst", "zuletzt", "most recently"))


def extremes(question: str) -> list[tuple[int, re.Match[str]]]:
    """The words of `question` that ask for the most (1) or the least (-1), with that sign."""
    return [(sign, match) for sign, words in _EXTREME for match in words.finditer(question)]

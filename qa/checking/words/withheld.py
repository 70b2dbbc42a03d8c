"""What a claim denies of a number or a date, and where it says that the cited texts tell nothing of it.

"No figure for 2019 is given", "not in 2019 but in 2018": a year of the question that is denied is no news. In
English, German, French and Spanish.
"""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile

# "three layers, not four", "not in 2019", "rather than on 21 October".
_DENIED_BEFORE = lazy_compile(
    r"\b(?:not|rather than|instead of|never|nicht|statt|pas|no)"
    r"(?: (?:in|on|at|by|for|from|of|until|since|during|um|im|am|en|de|le))?"
    r"(?: (?:the|fiscal|year))*(?: [$€£])? ?\Z",
    re.IGNORECASE,
)
_NO = (
    r"(?:no|not|none|neither|nor|never|without|cannot|\w+n't|nothing|kein\w*|nicht|ohne|aucune?|pas|sans|rien"
    r"|ning[uú]n\w*|no|sin|nada)"
)
# What is told, or not: "figure", "given".
_TOLD = (
    r"(?:figures?|numbers?|amounts?|data|values?|information|mention\w*|dates?|entr(?:y|ies)|lines?|rows?|columns?"
    r"|details?|totals?|given|gives?|giving|stat(?:e[sd]?|ing)|provid\w+|report(?:s|ed)?|disclos\w+|show[ns]?"
    r"|list(?:s|ed)?|available|includ\w+|cover(?:s|ed)?|known|specif\w+|says?|said|tells?|told|contains?|found"
    r"|broken out|angabe\w*|angegeben|genannt|nenn\w+|zahl\w*|daten|enth[aä]lt\w*|erwähnt|chiffres?|donn\w+"
    r"|indiqu\w+|montants?|mentionn\w+|cifras?|datos?|indica\w*|menciona\w*)"
)
_NOT_TOLD = lazy_compile(rf"\b{_NO}\b[^.;:!?]*\b{_TOLD}\b|\b{_TOLD}\b[^.;:!?]*\b{_NO}\b", re.IGNORECASE)
# "none for 2019", "nothing about 2019".
_NONE_OF = lazy_compile(
    r"\b(?:none|nothing|neither|kein\w*|nichts|rien|aucune?|ninguna?|nada)\b"
    r"(?: (?:for|of|in|about|on|from|für|über|zu|pour|sur|de|para|sobre))(?: (?:the|fiscal|year))* ?\Z",
    re.IGNORECASE,
)
# "Figures of 2019 are missing", "the text is silent on 2019".
_MISSING = lazy_compile(
    r"\b(?:missing|absent|unknown|unstated|undisclosed|unreported|lack(?:s|ing)?|omit(?:s|ted)?|silent"
    r"|left out|unavailable|fehl(?:t|en)|unbekannt|manqu\w+|faltan?|desconocid\w+)\b",
    re.IGNORECASE,
)
# Stems of what texts tell in numbers, of telling, and of texts that tell: "no figure is given".
_FIGURES = """
    figur number amount data valu inform mention entri detail total breakdown given state specifi disclos
"""
_TELLS = """
    say sai said state give tell mention provid report disclos show list specifi contain includ cover name
"""
_TEXTS = """
    passag document sourc text report articl statement file excerpt tabl brief row note page section timelin
    chart
"""
FIGURES = frozenset(_FIGURES.split())
TELLS = frozenset(_TELLS.split())
TEXTS = frozenset(_TEXTS.split())
_CLAUSE_ENDS = lazy_compile(r"[.;:!?,](?=\s|\Z)")


def is_denied(claim: str, start: int, end: int) -> bool:
    """True if `claim` denies the number or date at `[start, end)`, or says that nothing is told of it.

    >>> text = "Sales in 2019 are not given, those of 2018 were 40."
    >>> is_denied(text, 9, 13), is_denied(text, 38, 42)
    (True, False)
    """
    before = claim[max(0, start - 40) : start]
    if _DENIED_BEFORE.search(before) or _NONE_OF.search(before):
        return True
    clause = _clause(claim, start, end)
    return bool(_NOT_TOLD.search(clause) or _MISSING.search(clause))


def _clause(claim: str, start: int, end: int) -> str:
    """The clause of `claim` around `[start, end)`, as far as its signs tell."""
    ends = [match.start() for match in _CLAUSE_ENDS.finditer(claim)]
    begins = max((at + 1 for at in ends if at < start), default=0)
    return claim[begins : min((at for at in ends if at >= end), default=len(claim))]

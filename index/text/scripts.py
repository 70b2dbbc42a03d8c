"""Raised and lowered text, written so that it keeps its meaning: 10⁸, H₂O, e^(x+1); what is one factor."""

from __future__ import annotations

import re

SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ′")
SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
# Of small digits in running text: an exponent, a charge such as "2+", footnotes such as "1,2" or "3–5", or n.
_SMALL = re.compile(r"[-+−]?\d{1,3}(?:[,–-]\d{1,3})*[-+−]?|[-+−]|n")
_CAN_BE_RAISED = re.compile(r"(?=.*[\dn])[\d+\-−=()n]+(?:[.,–][\d+\-−=()n]+)*|[+\-−]")
_CAN_BE_LOWERED = re.compile(r"(?=.*\d)[\d+\-−=()]+(?:[.,–][\d+\-−=()]+)*")
_SIGNS = "⁰¹²³⁴-⁹⁺⁻⁼⁽⁾ⁿⁱ₀-₉₊₋₌₍₎½⅓⅔¼¾⅕-⅞"
_LETTER = rf"[^\W\d_{_SIGNS}]"
_FACTOR = re.compile(
    rf"[√∛∜]?(?:\d+(?:[.,]\d+)*[%°]?|{_LETTER}+[\u0300-\u036f\u20d7′″]*)|.|\d+[⁰¹²³⁴-⁹⁺⁻ⁿⁱ]+"
    rf"|{_LETTER}[\u0300-\u036f\u20d7′″]*(?:[₀-₉₊₋]+|_\w+)?(?:[⁰¹²³⁴-⁹⁺⁻ⁿⁱ]+|\^\w+|\^\([^()]*\))?"
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|re|ère|e|ème|o|a)", re.IGNORECASE)
_TERM = re.compile(r"(?=.*[\d+−=/*])(?=.*\w)[\w+\-−=/*.,()]{1,30}")


def superscript(text: str) -> str:
    """Small raised digits, sign by sign: 10⁶, never 106. Any other text is left as it is."""
    return text.translate(SUPERSCRIPTS) if _SMALL.fullmatch(text.strip()) else text


def subscript(text: str) -> str:
    """Small lowered digits, sign by sign: H₂O. Any other text is left as it is."""
    if not _SMALL.fullmatch(text.strip()):
        return text
    return text.translate(SUBSCRIPTS).replace("n", "ₙ")


def raised(text: str) -> str:
    """Superscript: digits and signs as such, a term after ^, and words ("th", "TM", "[1]") as they are."""
    inner = text.strip()
    if _CAN_BE_RAISED.fullmatch(inner):
        return inner.translate(SUPERSCRIPTS)
    if _TERM.fullmatch(inner) and not _ORDINAL.fullmatch(inner):
        return f"^({inner})"
    return text


def lowered(text: str) -> str:
    """Subscript: digits and signs as such, a term after _, and words ("max") as they are."""
    inner = text.strip()
    if _CAN_BE_LOWERED.fullmatch(inner):
        return inner.translate(SUBSCRIPTS)
    if inner.isalnum():
        return inner.translate(SUBSCRIPTS)
    return f"_({inner})" if _TERM.fullmatch(inner) else text


def is_factor(text: str) -> bool:
    """True for one number, name or power, which needs no brackets below a fraction's line: s², but not 2c.

    >>> [text for text in ("2", "1.5", "c", "s²", "x^(n + 1)", "2c", "xy²", "a + b") if is_factor(text)]
    ['2', '1.5', 'c', 's²', 'x^(n + 1)']
    """
    return _FACTOR.fullmatch(text) is not None

"""Raised and lowered text, written so that it keeps its meaning: 10⁸, H₂O, e^(x+1)."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_CAN_BE_RAISED = re.compile(r"(?=.*[\dn])[\d+\-−=()n]+(?:[.,–][\d+\-−=()n]+)*|[+\-−]")
_CAN_BE_LOWERED = re.compile(r"(?=.*\d)[\d+\-−=()]+(?:[.,–][\d+\-−=()]+)*")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|er|re|ère|e|ème|o|a)", re.IGNORECASE)
_TERM = re.compile(r"(?=.*[\d+−=/*])(?=.*\w)[\w+\-−=/*.,()]{1,30}")


def raised(text: str) -> str:
    """Superscript: digits and signs as such, a term after ^, and words ("th", "TM", "[1]") as they are."""
    inner = text.strip()
    if _CAN_BE_RAISED.fullmatch(inner):
        return inner.translate(_RAISED)
    if _TERM.fullmatch(inner) and not _ORDINAL.fullmatch(inner):
        return f"^({inner})"
    return text


def lowered(text: str) -> str:
    """Subscript: digits and signs as such, a term after _, and words ("max") as they are."""
    inner = text.strip()
    if _CAN_BE_LOWERED.fullmatch(inner):
        return inner.translate(_LOWERED)
    if inner.isalnum():
        return inner.translate(_LOWERED)
    return f"_({inner})" if _TERM.fullmatch(inner) else text

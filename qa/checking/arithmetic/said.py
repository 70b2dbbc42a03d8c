"""What a claim says that it calculates: a sum, a difference, a share, a mean, years between."""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile
from qa.checking.quantities import Quantity

_CALCULATES = {
    "sum": lazy_compile(
        r"\b(?:totals?|totall?(?:ed|ing)|together|combined|altogether|in all|all told|overall|sum|aggregate"
        r"|add(?:s|ing|ed)? up|insgesamt|zusammen|gesamt\w*|summe|au total|ensemble|en tout|en total"
        r"|en conjunto|in totale|totaal|samen)\b",
        re.IGNORECASE,
    ),
    # Several things that were named, whose numbers may be added.
    "several": lazy_compile(
        r"\b(?:both|the (?:two|three|four)|beiden?|les deux|ambos|ambas|los dos|entrambi|beide)\b",
        re.IGNORECASE,
    ),
    "difference": lazy_compile(
        r"\b(?:higher|lower|rose|rise[sn]?|fell|fall(?:s|en|ing)?|gr[eo]wn?|growth|increas\w+|decreas\w+"
        r"|declin\w+|drop(?:s|ped)?|gain(?:s|ed)?|differ\w*|gap|up|down|remain\w*|leaving|left"
        r"|before|previously|until then"
        r"|sh(?:rank|runk|rinks?|rinking)|fewer|taller|longer|shorter|older|younger|larger|smaller|greater"
        r"|bigger|wider|deeper|faster|slower|cheaper|heavier|lighter|warmer|colder|lost|loses?|loss|cut|cuts"
        r"|reduc\w+|chang(?:e|es|ed)|exceed\w*|surplus|deficit|short(?:fall)?|negative|below|above"
        r"|improv\w+|worsen\w*|expand\w*"
        r"|narrow\w*|widen\w*|climb\w*|jump\w*|plung\w+|slip\w*|slid|(?:more|less)(?= \w+ than\b)"
        r"|stieg\w*|sank\w*|sinkt|fiel\w*|fällt|steigt|gestiegen|gesunken|gefallen|zunahme|abnahme|rückgang"
        r"|anstieg|weniger|mehr|unterschied|differenz|baiss\w+|augment\w+|diminu\w+|hausse|recul\w*|différence"
        r"|de (?:plus|moins)|baj(?:ó|aron|a)|sub(?:ió|ieron)|aument\w+|disminu\w+|diferencia|menos|calo"
        r"|diminui\w+|gestegen|gedaald|daling|stijging|minder)\b",
        re.IGNORECASE,
    ),
    "share": lazy_compile(
        r"\b(?:shares?|percent\w*|per cent|proportion|margin|rate|anteil|prozent|pour cent|part|por ciento"
        r"|per cento|procent|aandeel)\b|%",
        re.IGNORECASE,
    ),
    "ratio": lazy_compile(
        r"\b(?:shares?|proportion|ratio|margin|times (?:as|the|more|larger|higher|bigger)|twice|\w*fold"
        r"|turnover|anteil|quote|mal so|fois|veces|volte|aandeel)\b",
        re.IGNORECASE,
    ),
    "mean": lazy_compile(
        r"\b(?:average\w*|mean|durchschnitt\w*|schnitt|mittel|moyenne|promedio|media|gemiddeld\w*)\b",
        re.IGNORECASE,
    ),
    "years": lazy_compile(
        r"\b(?:years?|decades?) (?:later|earlier|after|before|ago)\b|\baged?\b"
        r"|\b(?:in|for|within|after) (?:[\w-]+ ){1,3}(?:years?|decades?)\b",
        re.IGNORECASE,
    ),
}
_ROUGHLY = r"(?:(?:about|around|some|only|just|nearly|almost|roughly|rund|etwa|environ|unos|circa)\s+)?"
_MONEY = r"[$€£¥₹]?\s?"
# What makes the number behind it, or before it, a difference, however small it is: "by 4", "4 fewer".
_BY = lazy_compile(
    rf"\b(?:by|um|(?:decrease|increase|rise|fall|drop|decline|difference|gap|gain|loss|cut|reduction|growth"
    rf"|change|rückgang|anstieg|unterschied) (?:of|von)|(?:baissé|augmenté|diminué) de"
    rf"|(?:bajó|subió|aumentó|disminuyó) en"
    rf")\s+{_ROUGHLY}{_MONEY}\Z",
    re.IGNORECASE,
)
_FEWER = lazy_compile(
    r"\s*(?:[\w'-]+\s+){0,2}?(?:fewer|more|less|higher|lower|taller|longer|shorter|older|younger|larger|smaller"
    r"|greater|bigger|wider|deeper|heavier|lighter|weniger|mehr|de plus|de moins)\b",
    re.IGNORECASE,
)
_BELOW = lazy_compile(r"[$€£¥₹]?\s?[-(]")
# A number below zero, as it is written: "-3", "-$3 million", "(1,250)", "$(1,250)".
_MINUS = lazy_compile(r"(?<![\w)\]])(?<![\d%)]\s)[-\u2212][$€£¥₹]?\s?(?=[$€£¥₹\d])")
_NEGATIVE = lazy_compile(rf"{_MINUS.pattern}|\(\s?[$€£¥₹]?\s?(?=[$€£¥₹\d])")
_EARLIER = lazy_compile(r"\b(?:before|earlier|previous(?:ly)?|prior|already|preceding)\b", re.IGNORECASE)
_TWO_SIDES = lazy_compile(
    r"\b(?:(?:on|from|for) (?:each|either|both)|per) (?:sides?|hands?|teams?|part(?:y|ies)|half|halves)\b",
    re.IGNORECASE,
)
# Words of what is gone, by which a small difference of two numbers may be meant: "nine of 28 were dropped".
_GONE = lazy_compile(
    r"\b(?:dropped|removed|left out|taken out|missing|cut|gone|lost|deleted|struck|scrapped|eliminated"
    r"|withdrawn)\b",
    re.IGNORECASE,
)
_UP = lazy_compile(
    r"\b(?:rose|rise[sn]?|gr[eo]wn?|growth|increas\w+|gain(?:s|ed)?|up|higher|more|climb\w*|jump\w*|larger|greater"
    r"|gestiegen|stieg\w*|augment\w+|hausse|aument\w+)\b",
    re.IGNORECASE,
)
_DOWN = lazy_compile(
    r"\b(?:fell|fall(?:s|en)?|decreas\w+|declin\w+|drop(?:s|ped)?|down|lower|less|fewer|sh(?:rank|runk|rinks?)|lost"
    r"|loses?|reduc\w+|smaller|gesunken|sank\w*|baiss\w+|diminu\w+|disminu\w+)\b",
    re.IGNORECASE,
)
_WORD_BEHIND = lazy_compile(r"\s+([^\W\d_]+)")
_BEFORE = 45  # characters before a number in which is said how it is calculated


def kinds_said(claim: str, quantity: Quantity) -> set[str]:
    """What `claim` says that `quantity` is: a "sum", a "difference" and so on, and whether "up" or "down"."""
    kinds = {kind for kind, words in _CALCULATES.items() if words.search(claim)}
    if quantity.unit == "percent":
        kinds.add("share")
    if _is_negative(claim, quantity):
        kinds.add("difference")
    return kinds | {way for way, words in (("up", _UP), ("down", _DOWN)) if words.search(claim)}


# What a question asks to be calculated: "by how much", "how much more", "what share", "what multiple of".
_ASKED = {
    "difference": lazy_compile(
        r"\bby how (?:much|many)\b|\bhow (?:much|many) (?:\w+ ){0,3}?(?:more|less|fewer|higher|lower|larger"
        r"|smaller|greater|longer|older|taller)\b|\bdifference\b|\bhow (?:much|far) (?:did|has|have|does)\b"
        r"[^.?]*\b(?:rise|grow|fall|drop|decline|shrink)\w*|\b(?:growth|change|increase|decrease)\b"
        r"|\bum wie ?viel\b|\bunterschied\b|\bde combien\b|\bdifférence\b|\bcuánto (?:más|menos)\b"
        r"|\bdiferencia\b",
        re.IGNORECASE,
    ),
    "sum": lazy_compile(
        r"\b(?:sum|combined|together|altogether|in all|in total|add up|insgesamt|zusammen|en tout)\b",
        re.IGNORECASE,
    ),
    "ratio": lazy_compile(
        r"\b(?:ratio|multiple|how many times|turnover|coverage|per share)\b", re.IGNORECASE
    ),
    "mean": lazy_compile(r"\b(?:average|mean|durchschnitt\w*|moyenne|promedio)\b", re.IGNORECASE),
}


def kinds_asked(question: str) -> set[str]:
    """What `question` asks to be calculated: a "sum", a "difference", a "ratio" or a "mean"."""
    return {kind for kind, words in _ASKED.items() if words.search(question)}


def word_behind(text: str, quantity: Quantity) -> str:
    """The word behind a number, which says what it counts: "died" in "6 died", without the s of many."""
    found = _WORD_BEHIND.match(text, quantity.end)
    return found[1].lower().removesuffix("s") if found else ""


def says_difference(claim: str, quantity: Quantity) -> bool:
    """True if what stands right beside `quantity` makes a difference of it: "fell by 4", "4 fewer", "-4"."""
    return bool(
        _is_negative(claim, quantity)
        or _BY.search(claim, max(0, quantity.start - _BEFORE), quantity.start)
        or _FEWER.match(claim, quantity.end, quantity.end + _BEFORE)
        or _GONE.search(claim, quantity.end, quantity.end + _BEFORE)
    )


def says_before(claim: str, quantity: Quantity) -> bool:
    """True if `claim` says that `quantity` came before: "seven times before", "seven earlier calls"."""
    return bool(_EARLIER.search(claim, quantity.end, quantity.end + _BEFORE))


def has_two_sides(text: str) -> bool:
    """True if `text` counts what is on each of two sides."""
    return bool(_TWO_SIDES.search(text))


def is_negative(claim: str, quantity: Quantity) -> bool:
    """True if `claim` writes `quantity` below zero: "-40", "(40)", "$(40) million", but not "(40 - 5)"."""
    if _MINUS.search(claim, max(0, quantity.start - 3), quantity.start + 1) or _BELOW.match(quantity.text):
        return True
    opened = claim[: quantity.start].rstrip().endswith("(")
    return opened and claim[quantity.end : quantity.end + 2].lstrip().startswith(")")


def _is_negative(claim: str, quantity: Quantity) -> bool:
    loosely = _NEGATIVE.search(claim, max(0, quantity.start - 3), quantity.start + 1)
    return bool(loosely) or is_negative(claim, quantity)

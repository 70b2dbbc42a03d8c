"""Number words and their values: English, German, French and Spanish, compounds included.

`CARDINALS` and `ORDINALS` are the English words. `number_word` reads one word of another language: German
writes its compounds as one ("dreihundertfünfzig", "dreimonatige"), French and Spanish number words are parts
that whoever reads a text puts together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from index.text.months import any_of
from index.text.patterns import lazy_compile

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
CARDINALS = {word: value for value, word in enumerate(_BELOW_TWENTY.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
ORDINALS = {word: value for value, word in enumerate(_ORDINALS.split(), 1)} | {
    word[:-1] + "ieth": 10 * value for value, word in enumerate(_TENS.split(), 2)
}
LARGE = frozenset(("hundred", "thousand", "million", "billion", "trillion"))
# How many things a list is said to have: "three reasons". "One" and "zero" announce no list.
LIST_SIZES = {word: value for word, value in CARDINALS.items() if 2 <= value <= 12}

_GERMAN_SMALL = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
    "siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
_GERMAN = (
    {word: value for value, word in enumerate(_GERMAN_SMALL.split())}
    | {"fuenf": 5, "zwoelf": 12, "zwo": 2, "eins": 1}
    | {word: 10 * value for value, word in enumerate(_GERMAN_TENS.split(), 2)}
    | {"dreissig": 30, "fuenfzig": 50}
)
_GERMAN_ORDINALS = {
    "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "sechst": 6, "siebt": 7, "siebent": 7,
    "acht": 8, "neunt": 9, "zehnt": 10, "elft": 11, "zwölft": 12,
}  # fmt: skip
_FRENCH = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts":
    20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "octante": 80,
    "nonante": 90, "cent": 100, "cents": 100,
}  # fmt: skip
_FRENCH_ORDINALS = {
    "premier": 1, "première": 1, "deuxième": 2, "seconde": 2, "troisième": 3, "quatrième": 4, "cinquième":
    5, "sixième": 6, "septième": 7, "huitième": 8, "neuvième": 9, "dixième": 10, "onzième": 11, "douzième":
    12,
}  # fmt: skip
_SPANISH = {
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17,
    "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21, "veintiún": 21, "veintidós": 22,
    "veintitrés": 23, "veinticuatro": 24, "veinticinco": 25, "veintiséis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200,
    "doscientas": 200, "trescientos": 300, "trescientas": 300, "cuatrocientos": 400, "quinientos": 500,
    "quinientas": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
_SPANISH_ORDINALS = {
    "primer": 1, "primero": 1, "primera": 1, "segundo": 2, "segunda": 2, "tercer": 3, "tercero": 3,
    "tercera": 3, "cuarto": 4, "cuarta": 4, "quinto": 5, "quinta": 5, "sexto": 6, "sexta": 6, "séptimo": 7,
    "séptima": 7, "octavo": 8, "octava": 8, "noveno": 9, "novena": 9, "décimo": 10, "décima": 10,
}  # fmt: skip
# Number words of one language that are other words of another: read only in text of their own language.
# English "once" and "elf", French "sept" (September) and "cent", German "acht" (heed), Spanish "segundo".
_SHARED = """
    null ein eins elf acht six sept neuf dix onze cent cents vingts seconde once doce quince cien segundo
    segunda primer quarante premier
"""
_AMBIGUOUS = frozenset(_SHARED.split())
_UNIT = any_of(word for word, value in _GERMAN.items() if value < 20)
_TEN = any_of(word for word, value in _GERMAN.items() if value >= 20)
_GERMAN_NUMBER = lazy_compile(
    rf"(?:(?P<millennia>{_UNIT})?(?P<thousand>tausend))?(?:(?P<hundreds>{_UNIT})?(?P<hundred>hundert))?(?:und)?"
    rf"(?:(?P<unit>{_UNIT})und(?P<tens>{_TEN})|(?P<ten>{_TEN})|(?P<small>{_UNIT}))?"
)
# "dreimonatige Frist", "zweijährig", "die dritte": what makes an adjective of a number.
_GERMAN_ADJECTIVE = lazy_compile(
    r"(?P<of>monatig|jährig|jaehrig|tägig|wöchig|stündig|minütig|stellig|köpfig|teilig|fach|mal)(?:e[nmrs]?)?\Z"
)
_UNITS_OF = {
    "monatig": "months", "jährig": "years", "jaehrig": "years", "tägig": "days", "wöchig": "weeks",
    "stündig": "hours", "minütig": "minutes",
}  # fmt: skip
_GERMAN_ORDINAL = lazy_compile(r"(?P<number>.+?)(?:s?te[nmrs]?)\Z")


class NumberWord(NamedTuple):
    """What a word says: a number, whether it numbers (the third), and an English unit that it includes."""

    value: int
    ordinal: bool = False
    unit: str = ""


@lru_cache(maxsize=1 << 14)
def number_word(word: str, language: str = "") -> NumberWord | None:
    """The number that a small-letter word is in German, French or Spanish; None if it is none.

    `language` is "de", "fr" or "es", or "" if that is not known: then no word that may be another.

    >>> number_word("dreihundertfünfzig"), number_word("dreimonatige").unit, number_word("once")
    (NumberWord(value=350, ordinal=False, unit=''), 'months', None)
    """
    if language not in ("", "de", "fr", "es") or (not language and word in _AMBIGUOUS):
        return None
    if language in ("", "fr") and (word in _FRENCH or word in _FRENCH_ORDINALS):
        return NumberWord(_FRENCH.get(word) or _FRENCH_ORDINALS[word], word in _FRENCH_ORDINALS)
    if language in ("", "es") and (word in _SPANISH or word in _SPANISH_ORDINALS):
        return NumberWord(_SPANISH.get(word) or _SPANISH_ORDINALS[word], word in _SPANISH_ORDINALS)
    return _german(word) if language in ("", "de") else None


def _german(word: str) -> NumberWord | None:
    if adjective := _GERMAN_ADJECTIVE.search(word):
        value = _german_value(word[: adjective.start()])
        return None if value is None else NumberWord(value, unit=_UNITS_OF.get(adjective["of"], ""))
    value = _german_value(word)
    if value is not None:
        return NumberWord(value)
    if ordinal := _GERMAN_ORDINAL.match(word):
        number = ordinal["number"]
        value = _GERMAN_ORDINALS.get(word[: len(number) + 1], _german_value(number))
        return None if value is None else NumberWord(value, ordinal=True)
    return None


def _german_value(word: str) -> int | None:
    """The value of a German number written as one word: "zweihundertfünfzig" is 250."""
    match = _GERMAN_NUMBER.fullmatch(word) if len(word) > 2 else None
    if match is None:
        return None
    value = 0
    if match["thousand"]:
        value += 1000 * _GERMAN.get(match["millennia"] or "ein", 1)
    if match["hundred"]:
        value += 100 * _GERMAN.get(match["hundreds"] or "ein", 1)
    for part in ("unit", "tens", "ten", "small"):
        value += _GERMAN[match[part]] if match[part] else 0
    return value

"""Words of numbers, days, months, hours in other languages, written as English has them.

Only what a claim may have from a text is made of it; nothing is held against a claim by it.
"""

from __future__ import annotations

import re
from functools import cache

from index.text.months import ENGLISH_MONTHS, FULL_MONTHS, FURTHER_MONTHS, any_of
from index.text.patterns import lazy_compile
from qa.checking.words.number_words import number_word

_MONTH_NAMES = {number: name.capitalize() for name, number in ENGLISH_MONTHS.items()}
_MONTHS = FURTHER_MONTHS | {
    "jänner": 1, "feber": 2, "styczniu": 1, "lutym": 2, "marcu": 3, "kwietniu": 4, "maju": 5, "czerwcu": 6,
    "lipcu": 7, "sierpniu": 8, "wrześniu": 9, "październiku": 10, "grudniu": 12, "январе": 1, "феврале": 2,
    "марте": 3, "апреле": 4, "мае": 5, "июне": 6, "июле": 7, "августе": 8, "сентябре": 9, "октябре": 10,
    "ноябре": 11, "декабре": 12,
} | FULL_MONTHS  # fmt: skip
_DAYS = (
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "montags dienstags mittwochs donnerstags freitags samstags sonntags",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "måndag tisdag onsdag torsdag fredag lördag söndag",
    "mandag tirsdag onsdag torsdag fredag lørdag søndag",
    "poniedziałek wtorek środa czwartek piątek sobota niedziela",
    "понедельник вторник среда четверг пятница суббота воскресенье",
)
_ENGLISH_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_WEEKDAYS = {name: day for names in _DAYS for name, day in zip(names.split(), _ENGLISH_DAYS, strict=True)} | {
    "sonnabend": "Saturday"
}
# Parts and times: "ein Drittel", "le tiers", "zweimal".
_PARTS = {
    "hälfte": "half", "halb": "half", "halbe": "half", "halbes": "half", "halben": "half", "halber": "half",
    "moitié": "half", "demi": "half", "mitad": "half", "metà": "half", "mezzo": "half", "mezza": "half",
    "helft": "half", "metade": "half", "drittel": "third", "tiers": "third", "tercio": "third",
    "terzo": "third", "derde": "third", "terço": "third", "viertel": "quarter", "quart": "quarter",
    "cuarto": "quarter", "quarto": "quarter", "kwart": "quarter", "doppelte": "twice", "doppelt": "twice",
    "double": "twice", "doble": "twice", "doppio": "twice", "dubbele": "twice", "zweimal": "twice",
    "einmal": "once", "anderthalb": "one and a half", "eineinhalb": "one and a half",
    "ein": "one", "eine": "one", "einen": "one", "einem": "one", "einer": "one", "eines": "one", "un": "one",
    "une": "one", "una": "one", "uno": "one", "een": "one", "één": "one", "um": "one", "uma": "one",
}  # fmt: skip
_ITALIAN = (
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici "
    "sedici diciassette diciotto diciannove"
)
_DUTCH = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien"
)
_FURTHER = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze",
    "noll en två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton",
    "nul en to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten",
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
)
_FURTHER_TENS = (
    "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
    "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt",
)
_CHINESE = {character: str(value) for value, character in enumerate("一二三四五六七八九十", 1)} | {
    "两": "2",
    "兩": "2",
}
_ROMAN = {"X": 10, "V": 5, "I": 1}
_CENTURY = lazy_compile(
    r"\b(?P<roman>[XVI]{1,5})(?:e|ème|er)?\s(?:siècle|secolo|eeuw|wiek)|\b(?:siglo|século|sec\.)\s(?P<after>[XVI]{1,5})\b"
    r"|\b(?P<figures>\d{1,2})(?:\.|e|º|°)?\s?(?:Jahrhundert|Jh\.|eeuw|siècle|secolo)"
)
_ORDINAL = lazy_compile(r"\b(\d{1,2})(?:er|re|ère|ème|e|º|°|ª|o\.)(?=\s)|\b(\d{1,2})[º°](?=\s)")
_HOURS = lazy_compile(
    r"\b(?P<hours>[01]?\d|2[0-4])(?:\s?[h:.]\s?(?P<minutes>[0-5]\d))?\s?(?P<word>Uhr\b|h\b|uur\b|heures\b|horas\b)"
    r"|\b(?P<french>[01]?\d|2[0-4])\s?h\s?(?P<after>[0-5]\d)\b"
)
_HALF = lazy_compile(r"\bhalb (?P<hour>[a-zäöü]+)\b", re.IGNORECASE)
_MONTH = lazy_compile(
    rf"(?<![^\W\d_])(?P<month>{any_of(name for name in _MONTHS if name not in ENGLISH_MONTHS)})(?![^\W\d_])",
    re.IGNORECASE,
)
_BEFORE_MONTH = lazy_compile(
    rf"(?<![^\W\d_])(?P<day>[^\W\d_]++) (?=(?:de )?(?:{any_of(_MONTHS)})\b)", re.IGNORECASE
)
_SPACED_DECIMAL = lazy_compile(r"(?<![\d.,])(\d{1,3}) (\d{3})(?: (\d{3}))?,(\d{1,2})(?!\d)")
_THOUSANDS = lazy_compile(
    r"\b(\d{1,3})(?: e)? (?:mil|mila|mille|duizend|tusen|tysięcy|tysiące|tusind|тысяч)\b"
)
_WORD = lazy_compile(r"[^\W\d_]++(?:-feira)?")


@cache
def _numbers() -> dict[str, int]:
    """Number words that `number_word` does not know, up to 999 thousand in Italian and Dutch."""
    found: dict[str, int] = {}
    italian = {word: value for value, word in enumerate(_ITALIAN.split())}
    tens = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]
    for ten, word in enumerate(tens, 2):
        italian[word] = 10 * ten
        for unit, small in enumerate(_ITALIAN.split()[1:10], 1):
            joined = (word[:-1] if small[0] in "uo" else word) + small
            italian[joined] = italian[joined.removesuffix("e") + "é"] = 10 * ten + unit
            if unit == 1:
                italian[joined[:-1]] = 10 * ten + 1
    dutch = {word: value for value, word in enumerate(_DUTCH.split())}
    for ten, word in enumerate(
        ["twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"], 2
    ):
        dutch[word] = 10 * ten
        for unit, small in enumerate(_DUTCH.split()[1:10], 1):
            dutch[f"{small}{'ën' if small.endswith('e') else 'en'}{word}"] = 10 * ten + unit
    for small_numbers, hundred, thousand, alone in (
        (italian, "cento", "mila", "mille"), (dutch, "honderd", "duizend", "duizend"),
    ):  # fmt: skip
        below = dict(small_numbers)
        hundreds = {"": 1} | {word: value for word, value in small_numbers.items() if 2 <= value <= 9}
        for word, value in hundreds.items():
            below[word + hundred] = 100 * value
            below |= {
                word + hundred + rest: 100 * value + more for rest, more in small_numbers.items() if more
            }
        found |= below | {word + thousand: 1000 * value for word, value in below.items() if value > 1}
        found[alone] = 1000
    for names in _FURTHER:
        found |= {name: value for value, name in enumerate(names.split()) if value > 1}
    for names in _FURTHER_TENS:
        found |= {name: 10 * value for value, name in enumerate(names.split(), 2)}
    return {word: value for word, value in found.items() if len(word) > 2}


def in_english(text: str) -> str:
    """`text` with its numbers, days of the week, months and hours in English, other words as they are.

    >>> in_english("Der Rat tagt am Donnerstag um 14 Uhr, für trenta giorni.")
    'Der Rat tagt am Thursday um 14:00 (2 pm), für 30 giorni.'
    """
    text = _SPACED_DECIMAL.sub(lambda found: "".join(filter(None, found.groups()[:3])) + "." + found[4], text)
    text = _CENTURY.sub(_century, text)
    text = _ORDINAL.sub(lambda found: found[1] or found[2], text)
    text = _HALF.sub(_half_past, text)
    text = _HOURS.sub(_hour, text)
    text = _BEFORE_MONTH.sub(_day_of_month, text)
    text = _MONTH.sub(lambda found: _MONTH_NAMES[_MONTHS[found["month"].lower()]], text)
    text = _WORD.sub(_word, text)
    return _THOUSANDS.sub(lambda found: f"{found[1]},000", text)


def _century(found: re.Match[str]) -> str:
    if found["figures"]:
        return f"{found['figures']}th century"
    values = [_ROMAN[letter] for letter in found["roman"] or found["after"]]
    following = [*values[1:], 0]
    number = sum(-one if one < after else one for one, after in zip(values, following, strict=True))
    return f"{number}th century"


def _hour(found: re.Match[str]) -> str:
    hours = found["hours"] or found["french"]
    minutes = found["minutes"] or found["after"]
    in_the_afternoon = f" ({int(hours) - 12} pm)" if int(hours) > 12 and not minutes else ""
    return f"{int(hours):02}:{minutes or '00'}{in_the_afternoon}"


def _half_past(found: re.Match[str]) -> str:
    number = number_word(found["hour"].lower(), "de")
    return found[0] if number is None else f"{(number.value - 1) % 24}:30"


def _day_of_month(found: re.Match[str]) -> str:
    word = found["day"].lower()
    number = _numbers().get(word) or next(
        (known.value for name in ("fr", "es", "de") if (known := number_word(word, name))), None
    )
    return f"{number} " if number and number <= 31 else found[0]


def _word(found: re.Match[str]) -> str:
    word = found[0].lower()
    if word in _WEEKDAYS:
        return _WEEKDAYS[word]
    number = _numbers().get(word)
    if number is None and (spanish := number_word(word, "es")) and not spanish.ordinal:
        number = spanish.value
    if number is None and any(character in _CHINESE for character in word):
        return "".join(f" {_CHINESE[sign]} " if sign in _CHINESE else sign for sign in found[0])
    return str(number) if number is not None else _PARTS.get(word, found[0])

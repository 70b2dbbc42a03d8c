"""Numbers of list items in the numerals that office formats have: decimal, Roman, letters, words.

A numeral that is not known here is written in decimal digits.
"""

from __future__ import annotations

from collections.abc import Callable

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_IDEOGRAPHS = "〇一二三四五六七八九"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"
_ARABIC = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_GANADA = "가나다라마바사아자차카타파하"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_FOOTNOTES = "*†‡§"


def roman(number: int) -> str:
    """Lower-case Roman numerals; decimal digits where there are none.

    >>> roman(4), roman(19), roman(0)
    ('iv', 'xix', '0')
    """
    if not 0 < number < 10_000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def repeated(alphabet: str) -> Callable[[int], str]:
    """Letters as word processors count: a … z, aa, bb … zz, aaa."""

    def letters(number: int) -> str:
        if not 0 < number <= 30 * len(alphabet):
            return str(number)
        return alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)

    return letters


def spreadsheet_letters(number: int) -> str:
    """Letters as columns are called: a … z, aa, ab … zz, aaa."""
    text = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        text = _LATIN[digit] + text
    return text or str(number)


def ordinal(number: int) -> str:
    """English ordinals in digits.

    >>> [ordinal(number) for number in (1, 2, 3, 4, 11, 22)]
    ['1st', '2nd', '3rd', '4th', '11th', '22nd']
    """
    teen = number % 100 in {11, 12, 13}
    return f"{number}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def in_words(number: int) -> str:
    """English words for numbers below a hundred, as "Article Twenty-One" has them."""
    if not 0 <= number < 100:
        return str(number)
    ones = _ONES[number] if number < 20 else _ONES[number % 10]
    words = ones if number < 20 else _TENS[number // 10] + (f"-{ones}" if number % 10 else "")
    return words.capitalize()


def ordinal_words(number: int) -> str:
    """English ordinals in words: "First", "Twenty-second"."""
    words = in_words(number).lower()
    if words.isdigit():
        return ordinal(number)
    head, hyphen, last = words.rpartition("-")
    last = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return (head + hyphen + last).capitalize()


def ideographs(number: int) -> str:
    """Chinese numerals as lists have them.

    >>> ideographs(3), ideographs(12), ideographs(20), ideographs(105)
    ('三', '十二', '二十', '一百零五')
    """
    if not 0 < number < 1000:
        return "".join(_IDEOGRAPHS[int(digit)] for digit in str(number)) if number >= 0 else str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_IDEOGRAPHS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{'' if tens == 1 and not hundreds else _IDEOGRAPHS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_IDEOGRAPHS[ones] if ones else "")


def _shifted(first: str, most: int) -> Callable[[int], str]:
    """Signs that follow each other in Unicode, the first of them for 1."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= most else str(number)


def _upper(function: Callable[[int], str]) -> Callable[[int], str]:
    return lambda number: function(number).upper()


def _digits(zero: str) -> Callable[[int], str]:
    return lambda number: "".join(chr(ord(zero) + int(digit)) for digit in str(abs(number)))


_NUMERALS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "upperRoman": _upper(roman),
    "lowerRoman": roman,
    "upperLetter": _upper(repeated(_LATIN)),
    "lowerLetter": repeated(_LATIN),
    "ordinal": ordinal,
    "cardinalText": in_words,
    "ordinalText": ordinal_words,
    "decimalZero": lambda number: f"{number:02d}",
    "001, 002, 003, ...": lambda number: f"{number:03d}",  # formats that Word writes out
    "0001, 0002, 0003, ...": lambda number: f"{number:04d}",
    "00001, 00002, 00003, ...": lambda number: f"{number:05d}",
    "hex": lambda number: f"{number:X}",
    "chicago": repeated(_FOOTNOTES),
    "numberInDash": lambda number: f"- {number} -",
    "decimalEnclosedCircle": _shifted("①", 20),
    "decimalEnclosedCircleChinese": _shifted("①", 20),
    "decimalEnclosedParen": _shifted("⑴", 20),
    "decimalEnclosedFullstop": _shifted("⒈", 20),
    "ideographEnclosedCircle": _shifted("㊀", 10),
    "decimalFullWidth": _digits("０"),
    "decimalFullWidth2": _digits("０"),
    "hindiNumbers": _digits("०"),
    "thaiNumbers": _digits("๐"),
    "hindiArabic": _digits("٠"),
    "ideographDigital": lambda number: "".join(_IDEOGRAPHS[int(digit)] for digit in str(abs(number))),
    "japaneseDigitalTenThousand": ideographs,
    "japaneseCounting": ideographs,
    "chineseCounting": ideographs,
    "chineseCountingThousand": ideographs,
    "taiwaneseCounting": ideographs,
    "taiwaneseCountingThousand": ideographs,
    "ideographTraditional": repeated(_STEMS),
    "russianLower": repeated(_RUSSIAN),
    "russianUpper": _upper(repeated(_RUSSIAN)),
    "greekLower": repeated(_GREEK),
    "greekUpper": _upper(repeated(_GREEK)),
    "hebrew2": repeated(_HEBREW),
    "arabicAlpha": repeated(_ARABIC),
    "aiueo": repeated(_AIUEO),
    "aiueoFullWidth": repeated(_AIUEO),
    "iroha": repeated(_IROHA),
    "irohaFullWidth": repeated(_IROHA),
    "ganada": repeated(_GANADA),
    "none": lambda number: "",  # noqa: ARG005  a numeral that shows nothing
}


def numeral(number: int, name: str) -> str:
    """`number` in the numerals called `name` in Word.

    >>> numeral(4, "upperRoman"), numeral(28, "lowerLetter"), numeral(4, "decimalZero"), numeral(4, "?")
    ('IV', 'bb', '04', '4')
    """
    return _NUMERALS.get(name, str)(number)

"""English number words and their values."""

from __future__ import annotations

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

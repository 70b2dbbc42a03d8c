"""Porter's stemmer for English, identical to that of SQLite's full-text index.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980, with the two later departures of his
own programs ("bli" to "ble", "logi" to "log"), in the form of FTS5's `porter` tokenizer: words of fewer than
three or more than 64 bytes pass unchanged. Words must be folded.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

LONGEST_WORD = 64  # bytes of UTF-8: FTS5_PORTER_MAX_TOKEN

# The suffixes of each step, grouped by their last letter but one (steps 2 and 4) or their last (step 3):
# within a group the longest comes first, and the first that fits is the only one tried.
STEP_2 = {
    "a": (("ational", "ate"), ("tional", "tion")),
    "c": (("enci", "ence"), ("anci", "ance")),
    "e": (("izer", "ize"),),
    "g": (("logi", "log"),),
    "l": (("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous")),
    "o": (("ization", "ize"), ("ation", "ate"), ("ator", "ate")),
    "s": (("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous")),
    "t": (("aliti", "al"), ("iviti", "ive"), ("biliti", "ble")),
}
STEP_3 = {
    "a": (("ical", "ic"),),
    "s": (("ness", ""),),
    "t": (("icate", "ic"), ("iciti", "ic")),
    "u": (("ful", ""),),
    "v": (("ative", ""),),
    "z": (("alize", "al"),),
}
STEP_4 = {
    "a": (("al", ""),),
    "c": (("ance", ""), ("ence", "")),
    "e": (("er", ""),),
    "i": (("ic", ""),),
    "l": (("able", ""), ("ible", "")),
    "n": (("ant", ""), ("ement", ""), ("ment", ""), ("ent", "")),
    "o": (("ion", ""), ("ou", "")),
    "s": (("ism", ""),),
    "t": (("ate", ""), ("iti", "")),
    "u": (("ous", ""),),
    "v": (("ive", ""),),
    "z": (("ize", ""),),
}
# Vowels and consonants by their code points; what y is depends on the letter before it.
_KINDS = defaultdict(lambda: "c", {**dict.fromkeys(map(ord, "aeiou"), "v"), ord("y"): "y"})


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The stem of one folded word: `stem("connections") == "connect"`."""
    if len(word) < 3 or len(word) > LONGEST_WORD or not word.isascii():
        size = len(word.encode("utf-8", "replace"))
        if size < 3 or size > LONGEST_WORD:
            return word
    if word.isdigit():
        return word
    word = _step_1(word)
    word = _replace_suffix(word, STEP_2, min_measure=1)
    word = _replace_suffix(word, STEP_3, min_measure=1)
    word = _replace_suffix(word, STEP_4, min_measure=2)
    return _step_5(word)


def _shape(word: str) -> str:
    """`word` as a string of "c" (consonant) and "v" (vowel); y is a vowel after a consonant."""
    shape = word.translate(_KINDS)
    while "y" in shape:
        at = shape.index("y")
        shape = f"{shape[:at]}{'v' if shape[at - 1 : at] == 'c' else 'c'}{shape[at + 1 :]}"
    return shape


def _measure(word: str) -> int:
    """Porter's m: how often a run of vowels is followed by a run of consonants."""
    return _shape(word).count("vc")


def _ends_short(word: str) -> bool:
    """Porter's *o: consonant, vowel, consonant at the end, the last not w, x or y."""
    return word[-1:] not in ("w", "x", "y") and _shape(word).endswith("cvc")


def _step_1(word: str) -> str:
    """Plurals, past tenses, and y after a vowel somewhere."""
    if word[-1] == "s":
        if word[-2] == "e":
            shorter = (len(word) > 4 and word[-4:-2] == "ss") or (len(word) > 3 and word[-3] == "i")
            word = word[:-2] if shorter else word[:-1]
        elif word[-2] != "s":
            word = word[:-1]
    if len(word) > 3 and word.endswith("eed"):
        if _measure(word[:-3]) > 0:
            word = word[:-1]
    else:
        for suffix in ("ed", "ing"):
            if word.endswith(suffix) and "v" in _shape(word[: -len(suffix)]):
                word = _restored_ending(word[: -len(suffix)])
                break
    if word[-1] == "y" and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    return word


def _restored_ending(word: str) -> str:
    """A stem that lost "ed" or "ing", given its e back or its doubled consonant halved."""
    if len(word) > 2 and word[-2:] in ("at", "bl", "iz"):
        return word + "e"
    if word[-1] not in "aeioulsz" and word[-1] == word[-2:-1]:
        return word[:-1]
    if _measure(word) == 1 and _ends_short(word):
        return word + "e"
    return word


def _replace_suffix(word: str, table: dict[str, tuple[tuple[str, str], ...]], *, min_measure: int) -> str:
    """`word` with its first suffix in `table` replaced, if the rest measures at least `min_measure`."""
    for suffix, other in table.get(word[-2:-1], ()):
        if word.endswith(suffix) and len(word) > len(suffix):
            rest = word[: -len(suffix)]
            if suffix == "ion" and rest[-1] not in "st":
                return word
            return rest + other if _measure(rest) >= min_measure else word
    return word


def _step_5(word: str) -> str:
    """A last e, and one of two last l's, off a long enough word."""
    if word[-1] == "e":
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    if word.endswith("ll") and _measure(word[:-1]) > 1:
        word = word[:-1]
    return word

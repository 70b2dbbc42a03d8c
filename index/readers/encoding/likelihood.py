"""Which codec of one byte a character makes words of the bytes of a text.

The words with bytes beyond ASCII are read in every codec, and each reading costs what is odd in it: a letter
or a sequence of letters that no language of that codec has, a capital inside a word, a sign between letters,
and every language that is needed to explain the words. A text in English with one French name is so read as
well as one in Russian; nothing is guessed where all readings are odd.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.readers.encoding.alphabets import CODECS, Codec, Language

_MOST_WORDS = 200  # different words that are enough to tell
_LONGEST = 60  # bytes of a word
_ODDEST = 0.5  # cost for each word, beyond which no reading is believed
_TOKEN = re.compile(rb"\S+")
_LETTER = r"[^\W\d_¹²³ªº¼½¾µ]"
_WORD = re.compile(rf"(?:{_LETTER}|[๐-๙\u0307\u05b0-\u05c2\u064b-\u0652\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])+")
_CONTROL = re.compile("[\x80-\x9f\ufffd]")
# Signs where no writer puts them.
_ODD_SIGNS = re.compile(
    rf"(?<={_LETTER})[£¥€¢¿¡¹²³ªº°¼½¾§©®™±×÷¶†‡•„‚“”«»¤¦¬¨¯´¸ˆ˜ˇ˘˙˛˝‰‹›](?={_LETTER})"  # between letters
    rf"|(?<![\w)])[£¥¢¹²³ªº¼½¾¶†‡¤¦¬¨¯´¸ˆ˜ˇ˘˙˛˝×÷®](?={_LETTER})"  # before a word
    r"|[¿¡„‚](?![\w¿¡«“”\"'’‘…(@#$-])"  # opening signs that open nothing
    rf"|(?<={_LETTER})[±§¿¡¤¦¬¨¯´¸ˆ˜ˇ˘˙˛˝‚„‹¼½¾]"  # after a word
    r"|(?<=\s)[”’](?=\s)"
    rf"|[¥£¢©¬\xad¤¦¨¯´¸®±×÷¶]{{2}}|[¡«](?=[¥©«¡])|\xad(?!{_LETTER})|(?<!{_LETTER})\xad"
    r"|(?<!\S)[–—](?=[а-яα-ω])|[΄΅](?=[A-Za-z])"
    r"|(?P<letter>[^\W\d_A-Za-z])(?P=letter){2}"  # the same letter three times
    r"|(?<=\w)[\u2500-\u25ff]|[\u2500-\u25ff](?=\w)"  # pieces of a drawing at words
)
_RARE_SIGNS = re.compile(r"[¤¦¬¨¯¸ˆ˜ˇ˘˙˛˝ƒ‡¶\u2200-\u23ff\ue000-\uf8ff]")


def likeliest_codec(data: bytes, sample: bytes) -> str | None:
    """The codec that explains the words of `sample` best and fits the whole of `data`, or None."""
    words = _words(sample)
    if not words:
        return None
    ranked = sorted((_cost(words, codec), at) for at, codec in enumerate(CODECS))
    for cost, at in ranked:
        if cost > _ODDEST * len(words) + 1:
            return None
        try:
            data.decode(CODECS[at].name)
        except UnicodeDecodeError:
            continue
        return CODECS[at].name
    return None


def _words(sample: bytes) -> list[bytes]:
    """The first different words with a byte beyond ASCII."""
    words: dict[bytes, None] = {}
    for match in _TOKEN.finditer(sample):
        if match[0].isascii():
            continue
        words[match[0][:_LONGEST]] = None
        if len(words) == _MOST_WORDS:
            break
    return list(words)


def _cost(words: Iterable[bytes], codec: Codec) -> float:
    """How odd the words are in a codec."""
    cost = codec.cost
    needed: list[Sequence[Language]] = []
    for raw in words:
        text = f" {raw.decode(codec.name, 'replace')} "
        cost += 3 * len(_CONTROL.findall(text)) + len(_ODD_SIGNS.findall(text))
        cost += min(0.5 * len(_RARE_SIGNS.findall(text)), 2)
        for match in _WORD.finditer(text):
            word = match[0]
            if word.isascii():
                continue
            odd, languages = _word_cost(word, codec)
            cost += odd
            if languages:
                needed.append(languages)
    unseen = 0.3 * (not needed and not codec.latin)
    return cost + unseen + _languages_cost(needed)


def _word_cost(word: str, codec: Codec) -> tuple[float, Sequence[Language]]:
    """What is odd in a word, and the languages that it may be of."""
    lower = word.lower()
    inside = any(
        before.islower() and sign.isupper() and not (before.isascii() and sign.isascii())
        for before, sign in pairwise(word)
    )
    letters = set(lower) if not codec.latin else {sign for sign in lower if not sign.isascii()}
    languages = [each for each in codec.languages if letters <= set(each.letters)]
    fitting = [each for each in languages if not each.odd.search(lower)]
    cost = 1.0 * inside + (0 if fitting else 1.0 if languages else 1.5)
    cost += 2 * (not codec.latin and any(map(str.isascii, word)))
    if not codec.latin and languages:
        cost += 1.5 * min(_rarity(lower, each) for each in languages)
        cost += 0.3 * (len(word) > 3 and word.isupper())
    return cost, fitting or languages


def _rarity(word: str, language: Language) -> float:
    """From 0, for a word of the commonest letters of a language, to 1, for one of the rarest."""
    ranks = sum(map(language.letters.index, word))
    return ranks / (len(word) * len(language.letters))


def _languages_cost(needed: Sequence[Sequence[Language]]) -> float:
    """The cost of the languages that explain all words, the one that explains most of them first."""
    cost = 0.0
    while needed:
        counts: dict[int, tuple[float, Language]] = {}
        for languages in needed:
            for each in languages:
                many, _ = counts.get(id(each), (0.0, each))
                counts[id(each)] = (many + 1, each)
        _, best = max(counts.values(), key=lambda pair: pair[0] / pair[1].cost)
        cost += best.cost
        needed = [languages for languages in needed if best not in languages]
    return cost

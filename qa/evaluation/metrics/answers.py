"""How close an answer's words are to reference answers: exact match, token F1, ROUGE-L.

Pure functions on strings. Their words are their sources': SQuAD's are what white space parts, ROUGE's are
runs of a-z and 0-9. A language written without spaces is one long word to the first and no word at all to
the second, so that for Chinese or Thai exact match is sound, token F1 nearly the same as it, and ROUGE-L is
not defined.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ROUGE_WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """The words that SQuAD compares: lower case, without ASCII punctuation and without a, an, the.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text" (EMNLP 2016); its
    official script, evaluate-v2.0.py. Punctuation goes before words are parted: "U.S." is "us", "twenty-one"
    "twentyone".
    """
    return _ARTICLE.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def exact_match(said: str, references: Sequence[str]) -> float:
    """1 if the answer has the same words in the same order as any of the references, else 0 (SQuAD)."""
    return float(any(words(said) == reference for reference in _telling(references)))


def token_f1(said: str, references: Sequence[str]) -> float:
    """The F1 of the answer's words against the reference that fits best (SQuAD).

    Over a set, only questions with references have it: of SQuAD 2.0's figures that is `HasAns_f1`, not `f1`.

    Words are counted with their repetitions. Where the answer or the reference has no words, 1 if neither
    has.
    """
    own = words(said)
    return max(_f1(own, reference) for reference in _telling(references))


def _telling(references: Sequence[str]) -> list[list[str]]:
    """The words of each reference that has any; one without words if none has, as SQuAD's script does it."""
    return [found for found in map(words, references) if found] or [[]]


def _f1(said: Sequence[str], reference: Sequence[str]) -> float:
    if not said or not reference:
        return float(said == reference)
    same = (Counter(said) & Counter(reference)).total()
    return 2 * same / (len(said) + len(reference))


def rouge_words(text: str) -> list[str]:
    """The words that ROUGE-L compares: runs of a-z and 0-9, not stemmed (as in the package rouge-score)."""
    return _ROUGE_WORD.findall(text.lower())


def rouge_l(said: str, references: Sequence[str]) -> float:
    """ROUGE-L, its F measure with equal weights, against the reference that fits best; 0 without words.

    Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004): the longest common subsequence of
    words over the lengths, as precision and recall.
    """
    own = rouge_words(said)
    return max(_rouge_l(own, rouge_words(reference)) for reference in references)


def _rouge_l(said: Sequence[str], reference: Sequence[str]) -> float:
    if not said or not reference:
        return 0.0
    return 2 * _common_subsequence(said, reference) / (len(said) + len(reference))


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """The length of the longest common subsequence, a row of the table at once as the bits of an integer.

    Hyyrö, "Bit-parallel LCS-length computation revisited" (AWOCA 2004).
    """
    places: dict[str, int] = {}
    for at, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << at
    full = (1 << len(one)) - 1
    row = full
    for word in other:
        match = row & places.get(word, 0)
        row = ((row + match) | (row - match)) & full
    return len(one) - row.bit_count()

"""Exact match, token F1 and ROUGE-L of an answer's words against reference answers.

Words are as the sources of each metric have them: SQuAD's are what white space parts, ROUGE's are runs of a-z
and 0-9. A language written without spaces is one long word to the first and no word at all to the second, so
that for Chinese or Thai exact match is sound, token F1 nearly the same as it, and ROUGE-L is not defined.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ROUGE_WORD = re.compile(r"[a-z0-9]+")


def squad_words(text: str) -> list[str]:
    """The words that SQuAD compares: lower case, without ASCII punctuation and without a, an, the.

    Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text" (EMNLP 2016); its
    official script, evaluate-v2.0.py. Punctuation goes before words are parted: "U.S." is "us", "twenty-one"
    "twentyone".
    """
    return _ARTICLE.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def exact_match(answer: str, references: Sequence[str]) -> float:
    """1 if the answer has the same words in the same order as any of the references, else 0 (SQuAD)."""
    words = squad_words(answer)
    return float(any(words == reference for reference in _reference_words(references)))


def token_f1(answer: str, references: Sequence[str]) -> float:
    """F1 = 2 x |common| / (|answer| + |reference|), in words, of the reference that fits best (SQuAD).

    Words are counted with their repetitions. Where the answer or the reference has no words, 1 if neither
    has. Over a set, only questions with references have it: of SQuAD 2.0's figures that is `HasAns_f1`, not
    `f1`.
    """
    words = squad_words(answer)
    return max(_f1(words, reference) for reference in _reference_words(references))


def _reference_words(references: Sequence[str]) -> list[list[str]]:
    """The words of each reference that has any; one without words if none has, as SQuAD's script does it."""
    return [words for words in map(squad_words, references) if words] or [[]]


def _f1(answer: Sequence[str], reference: Sequence[str]) -> float:
    if not answer or not reference:
        return float(answer == reference)
    common = (Counter(answer) & Counter(reference)).total()
    return 2 * common / (len(answer) + len(reference))


def rouge_words(text: str) -> list[str]:
    """The words that ROUGE-L compares: runs of a-z and 0-9, not stemmed (as in the package rouge-score)."""
    return _ROUGE_WORD.findall(text.lower())


def rouge_l(answer: str, references: Sequence[str]) -> float:
    """ROUGE-L = 2 x |LCS| / (|answer| + |reference|), in words, of the reference that fits best.

    LCS is the longest common subsequence; this is its F measure with equal weights. 0 where either has no
    words. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004).
    """
    words = rouge_words(answer)
    return max(_rouge_l(words, rouge_words(reference)) for reference in references)


def _rouge_l(answer: Sequence[str], reference: Sequence[str]) -> float:
    if not answer or not reference:
        return 0.0
    return 2 * _longest_common_subsequence(answer, reference) / (len(answer) + len(reference))


def _longest_common_subsequence(a: Sequence[str], b: Sequence[str]) -> int:
    """Its length; a row of the table at once, as the bits of an integer.

    Hyyrö, "Bit-parallel LCS-length computation revisited" (AWOCA 2004).
    """
    positions: dict[str, int] = {}
    for at, word in enumerate(a):
        positions[word] = positions.get(word, 0) | 1 << at
    full = (1 << len(a)) - 1
    row = full
    for word in b:
        match = row & positions.get(word, 0)
        row = ((row + match) | (row - match)) & full
    return len(a) - row.bit_count()

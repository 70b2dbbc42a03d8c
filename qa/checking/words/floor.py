"""The floor under a claim: how much of what it says is in the cited text at all, by its words.

A claim that is cited to another sentence of the right document has no number or name too many, perhaps, but
few of its words are there. Its words are stems without stop words, a longer word counting for more; those
that are neither in the question nor in the title are what the claim is cited for, and count by themselves
as well. Its numbers count as there, for they are compared by rules. A claim of which little is there is
doubted, and one of which more is not there than there, if another sentence has much more of it. The bounds
are those of `benchmarks/wrong_sentences.py`, low enough to leave a claim in other words alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.text.stemmer import stem
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import terms
from qa.checking.words.languages import comparable, language, script

# How far texts say what a claim says, in [-1, 1], by a model or another measure of meaning.
Similarity = Callable[[str, Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Bounds:
    """The support from which a claim is left alone.

    `named`: where all its names are in the cited text; `unnamed`: where one stands only beside it, so that
    there is a reason to look already; `alone`: where another sentence has `MORE` of its words.
    """

    named: float
    unnamed: float
    alone: float


BY_WORDS = Bounds(0.3, 0.4, 0.6)
JOINED = Bounds(0.5, 0.6, 0.7)  # with a `Similarity`: no two sentences are wholly unlike to a model
# In other languages than English, whose words have more forms than are known here.
ELSEWHERE = Bounds(0.2, 0.3, 0.0)
PLAINLY = 0.9  # support by words from which no model is asked
MORE = 0.3  # of a claim's words, that another sentence has and the cited text has not
_FIGURE = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w,]*\d)")
_FEWEST_FIGURES = 2
_FEWEST = 5  # content words of a claim of which a share means anything
_FEWEST_APART = 2  # of a shorter one with a name that stands only beside, and no word of the cited text
_BEGINNING = 5  # letters that two forms of a word share at least: "decision", "decisive"
_SAME = 4  # letters that a word and one without it begin with: "fear" and "fearless"
_ALIKE = 0.8  # what a word counts that only begins alike
_LONGEST = 8  # letters from which a word counts no more
_SHOWN = 4  # words that a reason tells
_LONGEST_SHOWN = 80  # characters of another sentence that a reason tells


def support(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    similarity: Similarity | None = None,
) -> float | None:
    """How much of `claim` is in `cited`, in [0, 1]; None where that cannot be told.

    It cannot where the claim is short or in another language. `question` and `known` (title, headings) say
    what is no news in a claim. A `similarity`, of a model that reads English, counts as much as the words do;
    it is not asked where the words are enough.
    """
    said = content(claim)
    if len(said) < _FEWEST or not comparable(claim, cited):
        return None
    there = _content_of_all(cited)
    whole = _share(said, there)
    news = said - content(question) - content(known)
    by_words = (whole + _share(news, there)) / 2 if news else whole
    if similarity is None or by_words >= PLAINLY or not _is_english(claim):
        return by_words
    return (by_words + max(0.0, similarity(claim, cited))) / 2


def missing_support(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    named: bool = True,
    others: Sequence[str] = (),
    similarity: Similarity | None = None,
) -> tuple[str, ...]:
    """A reason to doubt `claim` if next to nothing of it is in `cited`, in plain words.

    `named` is False where a name of the claim is only beside `cited`. `others` are sentences that might have
    been cited in its place. No reason is found against a claim that has two figures of thousands from `cited`
    and no others, whatever it says of them: "41,200 and 3,950 are not added here".
    """
    if _shares_figures(claim, cited):
        return ()
    value = support(claim, cited, question=question, known=known, similarity=similarity)
    bounds = (BY_WORDS if similarity is None else JOINED) if _is_english(claim) else ELSEWHERE
    if (
        not named
        and value is None
        and _is_apart(claim, cited, content(question) | content(known), similarity)
    ):
        return ("nothing of it is in the cited text",)
    if value is None or value >= max(bounds.alone, bounds.unnamed):
        return ()
    if value < (bounds.named if named else bounds.unnamed):
        missing = _missing_words(claim, cited, content(question) | content(known))
        shown = f": not {', '.join(missing[:_SHOWN])}" if missing else ""
        return (f"little of it is in the cited text{shown}",)
    better = _better(claim, cited, others) if value < bounds.alone else ""
    return (f"another sentence has more of it: “{_shortened(better)}”",) if better else ()


def _is_apart(
    claim: str, cited: Sequence[str], known: Collection[str], similarity: Similarity | None
) -> bool:
    """True for a claim, too short for a share to mean anything, of which nothing is in `cited` or known."""
    said, there = {word for word in content(claim) if not word.isdigit()}, _content_of_all(cited)
    if not _FEWEST_APART <= len(said) < _FEWEST or not comparable(claim, cited) or not _is_english(claim):
        return False
    beginnings = _beginnings(there)
    if any(word in known or _counts(word, there, beginnings) for word in said):
        return False
    return similarity is None or similarity(claim, cited) < JOINED.named


def _shares_figures(claim: str, cited: Sequence[str]) -> bool:
    """True if all figures of a claim, of thousands and at least two, are in `cited`: it is the right row."""
    said = set(_FIGURE.findall(claim))
    there = {figure for text in cited for figure in _FIGURE.findall(text)}
    return len(said) >= _FEWEST_FIGURES and said <= there


def _is_english(claim: str) -> bool:
    """True unless a claim is plainly in another language."""
    return language(claim) in ("en", "") and script(claim) == "LATIN"


def _missing_words(claim: str, cited: Sequence[str], known: set[str]) -> list[str]:
    """The words of a claim that the cited text has in no form, without those that are known."""
    there = _content_of_all(cited)
    beginnings = _beginnings(there)
    missing = dict.fromkeys(
        word
        for word in terms(_parted(claim))
        if _is_content(word) and stem(word) not in known and not _counts(stem(word), there, beginnings)
    )
    return list(missing)


def _better(claim: str, cited: Sequence[str], others: Sequence[str]) -> str:
    """The one of `others` that has most words of `claim`, if it has `MORE` than `cited`; else ""."""
    said = content(claim)
    least = _share(said, _content_of_all(cited)) + MORE
    shares = [(_share(said, _content(other)), other) for other in others if other not in cited]
    share, best = max(shares, default=(0.0, ""), key=lambda each: each[0])
    return best if share >= least else ""


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[:_LONGEST_SHOWN].rpartition(' ')[0]} …"


def _content_of_all(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _content(text)}


@lru_cache(maxsize=1 << 12)
def _content(text: str) -> frozenset[str]:
    return frozenset(content(text))


def content(text: str) -> set[str]:
    """The stems of what `text` says: its words but stop words and question words, and its numbers."""
    return {stem(word) for word in terms(_parted(text)) if _is_content(word)}


def _parted(text: str) -> str:
    """`text` with its compounds in parts only: "face-to-face" is not counted twice."""
    return text.replace("-", " ")


def _is_content(word: str) -> bool:
    return word not in STOP_WORDS and word not in QUESTION_WORDS and (len(word) > 1 or word.isdigit())


def _share(said: Iterable[str], there: Collection[str]) -> float:
    beginnings = _beginnings(there)
    counted = [(_weight(word), _counts(word, there, beginnings)) for word in said]
    whole = sum(weight for weight, _ in counted)
    return sum(weight * share for weight, share in counted) / whole if whole else 1.0


def _beginnings(words: Iterable[str]) -> set[str]:
    return {word[:_BEGINNING] for word in words if len(word) >= _BEGINNING}


def _counts(word: str, there: Collection[str], beginnings: set[str]) -> float:
    if word in there or word.isdigit():
        return 1.0
    return _ALIKE if len(word) >= _BEGINNING and word[:_BEGINNING] in beginnings else 0.0


def _weight(word: str) -> int:
    """Long words are rarer than short ones, and numbers are rare."""
    return _LONGEST if word.isdigit() else min(len(word), _LONGEST)


def begins_alike(word: str, there: Iterable[str]) -> bool:
    """True if a word begins like one that is there: "no fear", "fearless"."""
    return len(word) >= _SAME and any(other.startswith(word[:_SAME]) for other in there)

"""The floor under a claim: how much of what it says is in the cited text at all, by its words.

A claim that is cited to another sentence of the right document has no number or name too many, perhaps, but
few of its words are there. Its words are stems without stop words, a longer word counting for more; those
that are neither in the question nor in the title are what the claim is cited for, and count by themselves
as well. The least that must be there was chosen on sentences of people about `clapnq` and `squad2` with three
words in ten exchanged, so that a claim in other words is left alone; see `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from index.text.stemmer import stem
from index.text.stop_words import QUESTION_WORDS, STOP_WORDS
from index.text.terms import terms
from qa.checking.words.languages import comparable

# How far texts say what a claim says, in [0, 1], by a model or another measure of meaning.
Similarity = Callable[[str, Sequence[str]], float]

LEAST = 0.2  # of what a claim says, by the length of its words, that must be in the cited text
# The same where a name of the claim stands only beside the cited text: there is a reason to look already.
LEAST_OF_OTHERS = 0.3
_FEWEST = 5  # content words of a claim of which a share means anything
_BEGINNING = 5  # letters that two forms of a word share at least: "decision", "decisive"
_SAME = 4  # letters that a word and one without it begin with: "fear" and "fearless"
_ALIKE = 0.8  # what a word counts that only begins alike
_LONGEST = 8  # letters from which a word counts no more
_SHOWN = 4  # words that a reason tells


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
    what is no news in a claim. A `similarity` counts as much as the words do.
    """
    said = content(claim)
    if len(said) < _FEWEST or not comparable(claim, cited):
        return None
    there = content(" ".join(cited))
    whole = _share(said, there)
    news = said - content(question) - content(known)
    by_words = (whole + _share(news, there)) / 2 if news else whole
    return by_words if similarity is None else (by_words + similarity(claim, cited)) / 2


def missing_support(
    claim: str,
    cited: Sequence[str],
    *,
    question: str = "",
    known: str = "",
    least: float = LEAST,
    similarity: Similarity | None = None,
) -> tuple[str, ...]:
    """A reason to doubt `claim` if next to nothing of it is in `cited`, in plain words."""
    value = support(claim, cited, question=question, known=known, similarity=similarity)
    if value is None or value >= least:
        return ()
    there = content(" ".join(cited))
    beginnings = _beginnings(there)
    known_words = content(question) | content(known)
    missing = dict.fromkeys(
        word
        for word in terms(_parted(claim))
        if _is_content(word) and stem(word) not in known_words and not _counts(stem(word), there, beginnings)
    )
    shown = f": not {', '.join(list(missing)[:_SHOWN])}" if missing else ""
    return (f"little of it is in the cited text{shown}",)


def content(text: str) -> set[str]:
    """The stems of what `text` says: its words but stop words and question words, and its numbers."""
    return {stem(word) for word in terms(_parted(text)) if _is_content(word)}


def _parted(text: str) -> str:
    """`text` with its compounds in parts only: "face-to-face" is not counted twice."""
    return text.replace("-", " ")


def _is_content(word: str) -> bool:
    return word not in STOP_WORDS and word not in QUESTION_WORDS and (len(word) > 1 or word.isdigit())


def _share(said: Iterable[str], there: set[str]) -> float:
    beginnings = _beginnings(there)
    counted = [(_weight(word), _counts(word, there, beginnings)) for word in said]
    whole = sum(weight for weight, _ in counted)
    return sum(weight * share for weight, share in counted) / whole if whole else 1.0


def _beginnings(words: Iterable[str]) -> set[str]:
    return {word[:_BEGINNING] for word in words if len(word) >= _BEGINNING}


def _counts(word: str, there: set[str], beginnings: set[str]) -> float:
    if word in there:
        return 1.0
    return _ALIKE if len(word) >= _BEGINNING and word[:_BEGINNING] in beginnings else 0.0


def _weight(word: str) -> int:
    """Long words are rarer than short ones, and numbers are rare."""
    return _LONGEST if word.isdigit() else min(len(word), _LONGEST)


def begins_alike(word: str, there: Iterable[str]) -> bool:
    """True if a word begins like one that is there: "no fear", "fearless"."""
    return len(word) >= _SAME and any(other.startswith(word[:_SAME]) for other in there)

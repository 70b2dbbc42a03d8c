"""Sentences as terms: what is compared with a question, and does not depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from qa.answering.extractive.question import content_stems

SHARED_LETTERS = 5  # letters that two terms must share from the first on to be similar


@dataclass(frozen=True, slots=True)
class AnalysedSentence:
    """A sentence's text and stems: what does not depend on the question."""

    text: str
    stems: tuple[str, ...]
    bag: frozenset[str]
    beginnings: frozenset[str]

    def has_alike(self, term: str) -> bool:
        """True if a term here begins as `term` does: the same word inflected, or misspelt at its end."""
        return term[:SHARED_LETTERS] in self.beginnings


@lru_cache(maxsize=4096)
def analyse(text: str) -> AnalysedSentence:
    """`text` as terms. Cached, because the same sentences are candidates for many questions."""
    stems = tuple(content_stems(text))
    bag = frozenset(stems)
    return AnalysedSentence(
        text, stems, bag, frozenset(stem[:SHARED_LETTERS] for stem in bag if len(stem) >= SHARED_LETTERS)
    )

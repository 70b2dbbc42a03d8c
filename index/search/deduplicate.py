"""Near-identical passages merged into one with several sources, so that copies do not fill an answer.

Two passages are copies if they have the same stems, or nearly so and one only has more: then neither
contradicts the other. Where words were replaced by others both stay, up to `MOST_VARIANTS`; further variants
are ranked behind all other passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.text.negation_words import NEGATION_STEMS
from index.types import Chunk, Copy, Passage

SHINGLE = 3  # terms
OVERLAP = 0.9  # shingles that two near-identical passages share, of all they have (Jaccard)
MOST_VARIANTS = 3  # variants of one text that may stand before other passages


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with the stems of its text, in order, and as a set."""

    passage: Passage
    stems: tuple[str, ...]
    words: frozenset[str]

    @classmethod
    def of(cls, passage: Passage, sentences: Iterable[Sequence[str]]) -> Candidate:
        """A candidate from the stems of its sentences."""
        stems = text_stems(passage.chunk, sentences)
        return cls(passage, stems, frozenset(stems))


@dataclass(frozen=True, slots=True)
class Deduplicated:
    """The passages, ranked from 1, and how many of them are not surplus variants of others."""

    passages: tuple[Passage, ...]
    distinct: int


def text_stems(chunk: Chunk, sentences: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The stems of all sentences of a chunk, in order; without any, its text stands for them."""
    return tuple(chain.from_iterable(sentences)) or (chunk.text.strip(),)


def deduplicate(candidates: Sequence[Candidate], k: int) -> Deduplicated:
    """The first `k` passages that say different things; copies of them join them.

    `candidates` are in the order of their ranks. Copies are found among all of them.
    """
    distinct: list[Candidate] = []
    surplus: list[Candidate] = []
    copies: dict[int, list[Copy]] = {}
    for candidate in candidates:
        variants = [at for at, other in enumerate(distinct) if near(candidate, other)]
        original = next((at for at in variants if agree(candidate, distinct[at])), None)
        if original is not None:
            copies.setdefault(original, []).append(Copy(candidate.passage.chunk, candidate.passage.source))
        elif len(distinct) < k:
            (surplus if len(variants) >= MOST_VARIANTS else distinct).append(candidate)
    ranked = [*distinct, *surplus][:k]
    passages = tuple(
        replace(candidate.passage, rank=at + 1, copies=tuple(copies.get(at, ())))
        for at, candidate in enumerate(ranked)
    )
    return Deduplicated(passages, len(distinct))


def near(first: Candidate, second: Candidate) -> bool:
    """True if the texts share at least `OVERLAP` of their runs of `SHINGLE` terms."""
    if first.stems == second.stems:
        return True
    few, many = sorted((len(first.stems), len(second.stems)))
    # Cheap, and passes all that share so many runs but for texts that repeat a word or two all over.
    if few < 0.8 * many or len(first.words & second.words) < 0.8 * max(len(first.words), len(second.words)):
        return False
    here, there = _shingles(first.stems), _shingles(second.stems)
    return len(here & there) >= OVERLAP * len(here | there)


def agree(first: Candidate, second: Candidate) -> bool:
    """True if neither has a word in place of another's, nor a number or negation that the other lacks."""
    if first.stems == second.stems:
        return True
    here, there = Counter(first.stems), Counter(second.stems)
    more, less = here - there, there - here
    added = more or less
    return (
        bool(added)
        and not (more and less)
        and not any(
            word in NEGATION_STEMS or any(character.isdigit() for character in word) for word in added
        )
    )


def _shingles(stems: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    return frozenset(stems[at : at + SHINGLE] for at in range(max(1, len(stems) - SHINGLE + 1)))

"""Near-identical passages into one with several sources, so that copies do not fill an answer.

Knows passages and their stems, nothing of how they were ranked. Two passages are copies if they have the same
stems, or nearly so and one only has more: then what one of them says the other does not contradict. Where
words were replaced by others both stay, up to `FAMILY`; the rest of such a family waits behind the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from index.text.negation_words import NEGATION_STEMS
from index.types import Copy, Passage

SHINGLE = 3  # terms
OVERLAP = 0.9  # shingles that two near-identical passages share, of all they have (Jaccard)
FAMILY = 3  # variants of one text that may stand before other passages


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with the stems of its text, in order, and as a set."""

    passage: Passage
    stems: tuple[str, ...]
    words: frozenset[str]

    @classmethod
    def of(cls, passage: Passage, sentences: Iterable[Sequence[str]]) -> Candidate:
        """A candidate from the stems of its sentences; without any, its text stands for them."""
        stems = tuple(chain.from_iterable(sentences)) or (passage.chunk.text.strip(),)
        return cls(passage, stems, frozenset(stems))


@dataclass(frozen=True, slots=True)
class Folded:
    """The passages, ranked from 1, and how many of them are not the surplus of a family."""

    passages: tuple[Passage, ...]
    distinct: int


def fold_copies(candidates: Sequence[Candidate], k: int) -> Folded:
    """The first `k` passages that say different things; copies of them join them.

    `candidates` are in the order of their ranks. Copies are found among all of them.
    """
    kept: list[Candidate] = []
    waiting: list[Candidate] = []
    copies: dict[int, list[Copy]] = {}
    for candidate in candidates:
        family = [at for at, one in enumerate(kept) if near(candidate, one)]
        same = next((at for at in family if agree(candidate, kept[at])), None)
        if same is not None:
            copies.setdefault(same, []).append(Copy(candidate.passage.chunk, candidate.passage.source))
        elif len(kept) < k:
            (waiting if len(family) >= FAMILY else kept).append(candidate)
    ranked = [*kept, *waiting][:k]
    passages = tuple(
        replace(one.passage, rank=at + 1, copies=tuple(copies.get(at, ()))) for at, one in enumerate(ranked)
    )
    return Folded(passages, len(kept))


def near(one: Candidate, other: Candidate) -> bool:
    """True if the texts share at least `OVERLAP` of their runs of `SHINGLE` terms."""
    if one.stems == other.stems:
        return True
    few, many = sorted((len(one.stems), len(other.stems)))
    # Cheap, and passes all that share so many runs but for texts that repeat a word or two all over.
    if few < 0.8 * many or len(one.words & other.words) < 0.8 * max(len(one.words), len(other.words)):
        return False
    here, there = _shingles(one.stems), _shingles(other.stems)
    return len(here & there) >= OVERLAP * len(here | there)


def agree(one: Candidate, other: Candidate) -> bool:
    """True if neither has a word in place of another's, nor a number or negation that the other lacks."""
    if one.stems == other.stems:
        return True
    here, there = Counter(one.stems), Counter(other.stems)
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

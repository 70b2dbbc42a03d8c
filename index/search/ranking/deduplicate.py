"""Near-identical texts folded into one, so that copies do not fill an answer.

Two texts are copies if they have the same stems, or nearly so and one only has more: then neither
contradicts the other. Where words were replaced by others both stay, up to `MOST_VARIANTS`; further variants
are ranked behind all other texts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.text.negation_words import NEGATION_STEMS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 3  # terms
OVERLAP = 0.9  # shingles that two near-identical texts share, of all they have (Jaccard)
MOST_VARIANTS = 3  # variants of one text that may stand before other texts


@dataclass(frozen=True, slots=True)
class Folded:
    """What is left of ranked texts, by their ranks from 0.

    `kept` say different things, best first; `copies` has by those the texts that say the same. `distinct` is
    how many of them are not surplus variants of others.
    """

    kept: tuple[int, ...]
    copies: Mapping[int, Sequence[int]]
    distinct: int

    @property
    def places(self) -> list[int]:
        """All that are kept, and their copies."""
        return [place for at in self.kept for place in (at, *self.copies.get(at, ()))]


def fold_copies(texts: Sequence[NDArray[np.int32]], k: int, stems: Sequence[str]) -> Folded:
    """The first `k` of `texts` that say different things, and the copies of these among all of them.

    A text is given as its stems, by their numbers, which is where they stand in `stems`.
    """
    compared = ComparedTexts(texts, stems)
    distinct: list[int] = []
    surplus: list[int] = []
    copies: dict[int, list[int]] = {}
    for at in range(len(texts)):
        variants = [other for other in distinct if compared.near(at, other)]
        original = next((other for other in variants if compared.agree(at, other)), None)
        if original is not None:
            copies.setdefault(original, []).append(at)
        elif len(distinct) < k:
            (surplus if len(variants) >= MOST_VARIANTS else distinct).append(at)
    return Folded((*distinct, *surplus)[:k], copies, len(distinct))


class ComparedTexts:
    """Texts to be compared with each other, by their places."""

    def __init__(self, texts: Sequence[NDArray[np.int32]], stems: Sequence[str]) -> None:
        self._texts = texts
        self._stems = stems
        self._words = _word_sets(texts)
        self._lengths = list(map(len, texts))
        self._distinct = [words.bit_count() for words in self._words]

    def near(self, first: int, second: int) -> bool:
        """True if the texts share at least `OVERLAP` of their runs of `SHINGLE` terms."""
        # Cheap, and passes all that share so many runs but for texts that repeat a word or two all over.
        shared = (self._words[first] & self._words[second]).bit_count()
        if shared < 0.8 * self._distinct[first] or shared < 0.8 * self._distinct[second]:
            return False
        few, many = sorted((self._lengths[first], self._lengths[second]))
        if few < 0.8 * many:
            return False
        here, there = self._numbers_of(first), self._numbers_of(second)
        if here == there:
            return True
        runs, others = _shingles(here), _shingles(there)
        return len(runs & others) >= OVERLAP * len(runs | others)

    def agree(self, first: int, second: int) -> bool:
        """True if neither has a word in place of another's, nor a number or negation that the other lacks."""
        here, there = self._numbers_of(first), self._numbers_of(second)
        if here == there:
            return True
        more, less = Counter(here) - Counter(there), Counter(there) - Counter(here)
        added = [self._stems[number] for number in more or less]
        return (
            bool(added)
            and not (more and less)
            and not any(
                word in NEGATION_STEMS or any(character.isdigit() for character in word) for word in added
            )
        )

    def _numbers_of(self, at: int) -> tuple[int, ...]:
        return tuple(self._texts[at].tolist())


def _word_sets(texts: Sequence[NDArray[np.int32]]) -> list[int]:
    """The distinct stems of each text as the bits of one number: what two share is counted without a loop."""
    import numpy as np

    if not texts:
        return []
    numbers = np.concatenate(texts)
    column = np.zeros(1 + numbers.max(initial=0), np.int32)
    column[numbers] = 1
    column = column.cumsum(dtype=np.int32) - 1  # those that any text has, numbered anew from 0
    has = np.zeros((len(texts), 1 + column[-1]), np.bool_)
    has[np.repeat(np.arange(len(texts)), list(map(len, texts))), column[numbers]] = True
    return [int.from_bytes(row.tobytes(), "big") for row in np.packbits(has, axis=1)]


def _shingles(stems: tuple[int, ...]) -> frozenset[tuple[int, ...]]:
    return frozenset(stems[at : at + SHINGLE] for at in range(max(1, len(stems) - SHINGLE + 1)))

"""Stems as numbers: texts are compared as arrays of them, without a loop over their words."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.text.terms import stem, terms_between_blanks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

MOST_CHARACTERS = 1 << 20  # of what is remembered, some 100,000 words in 20 MB


class Stemmed(NamedTuple):
    """A text as the numbers of its stems (int32), in order, and how many of them each sentence has (int)."""

    stems: NDArray[np.int32]
    sentences: NDArray[np.intp]


class StemNumbers:
    """The stems of the texts that were read, numbered from 0 as they were met. For one thread.

    `stems` has them by their numbers.
    """

    def __init__(self) -> None:
        self.stems: list[str] = []
        self._numbers: dict[str, int] = {}
        self._runs = _Runs(self)

    def __len__(self) -> int:
        return len(self.stems)

    @property
    def full(self) -> bool:
        """True if so many are numbered that one should begin anew."""
        return self._runs.characters > MOST_CHARACTERS

    def number_of(self, stem: str) -> int | None:
        """The number of a stem; None if no text that was read has it."""
        return self._numbers.get(stem)

    def add(self, stem: str) -> int:
        """The number of a stem, a new one if it has none yet."""
        number = self._numbers.setdefault(stem, len(self.stems))
        if number == len(self.stems):
            self.stems.append(stem)
        return number

    def single(self, text: str) -> Stemmed:
        """A text that has no term, as if it were a stem of its own."""
        import numpy as np

        return Stemmed(np.array([self.add(text)], np.int32), np.ones(1, np.intp))

    def read(self, texts: Sequence[Sequence[str]]) -> list[Stemmed]:
        """The stems of each text, given as its sentences."""
        import numpy as np

        words = [sentence.split() for text in texts for sentence in text]
        sizes = np.fromiter(map(len, words), np.intp, len(words))
        total = int(sizes.sum())
        stems = np.fromiter(map(self._runs.__getitem__, chain.from_iterable(words)), np.int32, total)
        several = [self._runs.several[~code] for code in stems[stems < 0].tolist()]
        counts = np.ones(total, np.intp)
        counts[stems < 0] = list(map(len, several))
        stems = np.repeat(stems, counts)
        stems[stems < 0] = list(chain.from_iterable(several))
        # Where each sentence ends, in words and in stems, and where each text does, in sentences.
        ends = np.concatenate([[0], counts.cumsum()])[sizes.cumsum()]
        sentences = np.diff(ends, prepend=0)
        last = np.fromiter(map(len, texts), np.intp, len(texts)).cumsum()
        edges = np.concatenate([[0], ends])
        return [
            Stemmed(stems[edges[begin] : edges[end]], sentences[begin:end])
            for begin, end in pairwise([0, *last.tolist()])
        ]


class _Runs(dict[str, int]):
    """What stands between two blanks, by the number of its stem, or ~ the place of its stems in `several`."""

    def __init__(self, numbers: StemNumbers) -> None:
        super().__init__()
        self.several: list[tuple[int, ...]] = []
        self.characters = 0
        self._add = numbers.add

    def __missing__(self, run: str) -> int:
        terms = terms_between_blanks(run)
        if len(terms) == 1:
            code = self._add(stem(terms[0]))
        else:
            code = ~len(self.several)
            self.several.append(tuple([self._add(stem(term)) for term in terms]))
        self.characters += len(run)
        self[run] = code
        return code

"""How alike a question and sentences are in meaning, by the token vectors of the bundled embedder.

Static vectors know that "owner" is near "bought"; shared words do not. Where the bundled embedder is not
installed, every sentence is as alike as any other, and the features of shared words decide alone.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import SettingsError
from qa.answering.extractive.question import words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.wordllama import WordLlamaEmbedder

MOST_KEPT = 4_096  # sentences, some 2.5 KB each
_SHORTEST = 1e-9  # of the length that a vector is divided by
_ALONE = 1 << 18  # multiplications that OpenBLAS does in one thread
_LONGEST = 1_200  # characters of a sentence that are compared: a table can be one of many thousand


class Likeness(NamedTuple):
    """How alike a sentence is, as a whole and word by word: cosines or means of them, in [0, 1]."""

    whole: float
    words: float


def likeness(question: str, weights: Mapping[str, float], sentences: Sequence[str]) -> list[Likeness]:
    """For each sentence: the cosine of mean token vectors; that of each word with the nearest token here.

    Words count by the `weights` of their stems (ColBERT's MaxSim over static vectors, Khattab and Zaharia
    2020).
    """
    embedder = _embedder()
    if embedder is None or not sentences:
        return [Likeness(0.0, 0.0)] * len(sentences)
    import numpy as np

    kept = _kept(embedder)
    worth = {word: sum(weights.get(stem, 0.0) for stem in stems) for word, stems in words_of(question)}
    words = [word for word, weight in worth.items() if weight > 0]
    asked, *of_words = embedder.tokens([question, *words])
    read = kept.read([text[:_LONGEST] for text in sentences])
    shares = np.array([worth[word] for word, each in zip(words, of_words, strict=True) if len(each)])
    filled = [each for each in read if len(each.tokens)]
    if not len(asked) or not len(shares) or not filled:
        return [Likeness(0.0, 0.0)] * len(sentences)
    # All sentences at once: a call of numpy for each of eighty would cost more than what it does.
    means = _unit(np.stack([kept.vectors(each).mean(axis=0) for each in (asked, *filter(len, of_words))]))
    whole = np.stack([each.mean for each in filled]) @ means[0]
    tokens, places = _distinct(np.concatenate([each.tokens for each in filled]))
    cosines = _product(means[1:], kept.unit_vectors(tokens))[:, places]
    nearest = np.maximum.reduceat(cosines, _starts([len(each.tokens) for each in filled]), axis=1)
    scores = np.clip(np.stack([whole, shares @ nearest / shares.sum()], axis=1), 0.0, 1.0).tolist()
    found = iter(scores)
    return [Likeness(*next(found)) if len(each.tokens) else Likeness(0.0, 0.0) for each in read]


class _Read(NamedTuple):
    """A sentence as its tokens, and their mean vector, of unit length; without tokens, no vector."""

    tokens: NDArray[np.int32]
    mean: NDArray[np.float64]


class _Kept:
    """What was read before: sentences, for many are candidates for the next question too, and token vectors.

    For any thread.
    """

    def __init__(self, embedder: WordLlamaEmbedder) -> None:
        import numpy as np

        self._embedder = embedder
        self._read: dict[str, _Read] = {}
        self._row_of = np.full(embedder.size, -1)  # by token; -1: not met yet
        self._rows = np.empty((0, embedder.dimension), np.float32)
        self._lengths = np.empty(0, np.float32)  # of the rows, never 0
        self._met = 0
        self._meeting = threading.Lock()

    def read(self, texts: Sequence[str]) -> list[_Read]:
        """Each of `texts` as it was read, now or before."""
        kept = self._read
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        if len(kept) + len(new) > MOST_KEPT:
            kept = self._read = {text: kept[text] for text in texts if text in kept}
        kept.update(zip(new, self._new(new), strict=True))
        return [kept[text] for text in texts]

    def _new(self, texts: Sequence[str]) -> list[_Read]:
        import numpy as np

        tokens = self._embedder.tokens(texts)
        lengths = list(filter(None, map(len, tokens)))
        if not lengths:
            return [_Read(each, np.zeros(0)) for each in tokens]
        parts = np.split(self.vectors(np.concatenate(tokens)), np.cumsum(lengths)[:-1])
        sums = np.stack([np.add.reduce(part, axis=0) for part in parts])
        means = iter(_unit(sums / np.array(lengths)[:, None]))
        return [_Read(each, next(means) if len(each) else np.zeros(0)) for each in tokens]

    def vectors(self, tokens: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """As `WordLlamaEmbedder.vectors`, which takes longer than all that is done with them here."""
        if (self._row_of[tokens] < 0).any():
            self._meet(tokens)
        rows: NDArray[np.float32] = self._rows.take(self._row_of[tokens], axis=0)
        return rows

    def unit_vectors(self, tokens: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """The same, of unit length."""
        rows: NDArray[np.float32] = self.vectors(tokens)
        rows /= self._lengths[self._row_of[tokens], None]
        return rows

    def _meet(self, tokens: NDArray[np.integer[Any]]) -> None:
        import numpy as np

        with self._meeting:
            new = np.flatnonzero(np.bincount(tokens[self._row_of[tokens] < 0])).astype(np.int32)
            begin, end = self._met, self._met + len(new)
            if end > len(self._rows):
                self._lengths = np.concatenate((self._lengths, np.empty(end, np.float32)))
                self._rows = np.concatenate(
                    (self._rows, np.empty((end, self._embedder.dimension), np.float32))
                )
            self._rows[begin:end] = self._embedder.vectors(new)
            self._lengths[begin:end] = np.maximum(np.linalg.norm(self._rows[begin:end], axis=1), _SHORTEST)
            self._row_of[new] = np.arange(begin, end)  # last: other threads look meanwhile
            self._met = end


@cache
def _kept(embedder: WordLlamaEmbedder) -> _Kept:
    return _Kept(embedder)


def _distinct(tokens: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The tokens in order, each once, and the place of each given one there: `np.unique` without sorting."""
    import numpy as np

    distinct = np.flatnonzero(np.bincount(tokens))
    place = np.zeros(distinct[-1] + 1, np.intp)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[tokens]


def _product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """`left @ right.T` in parts so small that numpy starts no threads for them: they would take longer."""
    import numpy as np

    rows = max(1, _ALONE // left.size)
    return np.concatenate([left @ right[at : at + rows].T for at in range(0, len(right), rows)], axis=1)


def _starts(lengths: Sequence[int]) -> NDArray[np.intp]:
    """Where each of neighbouring runs of these lengths begins."""
    import numpy as np

    starts: NDArray[np.intp] = np.cumsum(lengths) - np.asarray(lengths)
    return starts


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, _SHORTEST)
    return unit


def _embedder() -> WordLlamaEmbedder | None:
    from index.embedding.wordllama import bundled_embedder

    try:
        return bundled_embedder()
    except SettingsError:
        return None

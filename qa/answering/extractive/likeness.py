"""How alike a question and sentences are in meaning, by the token vectors of the bundled embedder.

Static vectors know that "owner" is near "bought"; shared words do not. Where the bundled embedder is not
installed, every sentence is as alike as any other, and the features of shared words decide alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.errors import SettingsError
from qa.answering.extractive.question import words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.wordllama import WordLlamaEmbedder

MOST_KEPT = 4_096  # sentences, some 2.5 KB each
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

    worth = {word: sum(weights.get(stem, 0.0) for stem in stems) for word, stems in words_of(question)}
    words = [word for word, weight in worth.items() if weight > 0]
    asked, *others = _READ.texts(embedder, [question, *words, *(text[:_LONGEST] for text in sentences)])
    of_words, read = others[: len(words)], others[len(words) :]
    shares = np.array([worth[word] for word, each in zip(words, of_words, strict=True) if len(each.tokens)])
    filled = [each for each in read if len(each.tokens)]
    if not len(asked.tokens) or not len(shares) or not filled:
        return [Likeness(0.0, 0.0)] * len(sentences)
    # All sentences at once: a call of numpy for each of eighty would cost more than what it does.
    whole = np.stack([each.mean for each in filled]) @ _unit(_mean(embedder, asked)[None])[0]
    wanted = _unit(np.stack([_mean(embedder, each) for each in of_words if len(each.tokens)]))
    tokens, places = np.unique(np.concatenate([each.tokens for each in filled]), return_inverse=True)
    cosines = _product(wanted, _unit(embedder.vectors(tokens)))[:, places]
    nearest = np.maximum.reduceat(cosines, _starts([len(each.tokens) for each in filled]), axis=1)
    scores = np.clip(np.stack([whole, shares @ nearest / shares.sum()], axis=1), 0.0, 1.0).tolist()
    found = iter(scores)
    return [Likeness(*next(found)) if len(each.tokens) else Likeness(0.0, 0.0) for each in read]


class _Read(NamedTuple):
    """A sentence as its tokens, and their mean vector, of unit length; without tokens, no vector."""

    tokens: NDArray[np.int32]
    mean: NDArray[np.float64]


class _Kept:
    """Sentences that were read before, because the same ones are candidates for many questions."""

    def __init__(self) -> None:
        self._read: dict[str, _Read] = {}

    def texts(self, embedder: WordLlamaEmbedder, texts: Sequence[str]) -> list[_Read]:
        """Each of `texts` as it was read, now or before. For any thread."""
        kept = self._read
        new = [text for text in dict.fromkeys(texts) if text not in kept]
        if len(kept) + len(new) > MOST_KEPT:
            kept = self._read = {text: kept[text] for text in texts if text in kept}
        kept.update(zip(new, _read(embedder, new), strict=True))
        return [kept[text] for text in texts]


_READ = _Kept()


def _read(embedder: WordLlamaEmbedder, texts: Sequence[str]) -> list[_Read]:
    import numpy as np

    tokens = embedder.tokens(texts)
    filled = [each for each in tokens if len(each)]
    if not filled:
        return [_Read(each, np.zeros(0)) for each in tokens]
    sums = np.add.reduceat(embedder.vectors(np.concatenate(filled)), _starts(list(map(len, filled))), axis=0)
    means = iter(_unit(sums / np.array(list(map(len, filled)))[:, None]))
    return [_Read(each, next(means) if len(each) else np.zeros(0)) for each in tokens]


def _product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """`left @ right.T` in parts so small that numpy starts no threads for them: they would take longer."""
    import numpy as np

    rows = max(1, _ALONE // left.size)
    return np.concatenate([left @ right[at : at + rows].T for at in range(0, len(right), rows)], axis=1)


def _mean(embedder: WordLlamaEmbedder, read: _Read) -> NDArray[np.float32]:
    """The mean of a text's token vectors, in their own precision."""
    mean: NDArray[np.float32] = embedder.vectors(read.tokens).mean(axis=0)
    return mean


def _starts(lengths: Sequence[int]) -> NDArray[np.intp]:
    """Where each of neighbouring runs of these lengths begins."""
    import numpy as np

    starts: NDArray[np.intp] = np.cumsum(lengths) - np.asarray(lengths)
    return starts


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = rows / np.maximum(lengths, 1e-9)
    return unit


def _embedder() -> WordLlamaEmbedder | None:
    from index.embedding.wordllama import bundled_embedder

    try:
        return bundled_embedder()
    except SettingsError:
        return None

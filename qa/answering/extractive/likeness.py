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
    vectors = embedder.token_vectors([question, *words, *(text[:_LONGEST] for text in sentences)])
    asked, of_words, tokens = vectors[0], vectors[1 : 1 + len(words)], vectors[1 + len(words) :]
    shares = np.array([worth[word] for word, each in zip(words, of_words, strict=True) if len(each)])
    filled = [each for each in tokens if len(each)]
    if not len(asked) or not len(shares) or not filled:
        return [Likeness(0.0, 0.0)] * len(sentences)
    # All sentences at once: a call of numpy for each of eighty would cost more than what it does.
    flat = np.concatenate(filled)
    lengths = np.array([len(each) for each in filled])
    starts = np.cumsum(lengths) - lengths
    means = np.add.reduceat(flat, starts, axis=0) / lengths[:, None]
    whole = _unit(means) @ _unit(asked.mean(axis=0, keepdims=True))[0]
    wanted = _unit(np.stack([each.mean(axis=0) for each in of_words if len(each)]))
    nearest = np.maximum.reduceat(wanted @ _unit(flat).T, starts, axis=1)
    scores = np.clip(np.stack([whole, shares @ nearest / shares.sum()], axis=1), 0.0, 1.0).tolist()
    found = iter(scores)
    return [Likeness(*next(found)) if len(each) else Likeness(0.0, 0.0) for each in tokens]


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

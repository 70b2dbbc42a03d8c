"""Compares a question, or a claim, with sentences token by token, by the vectors of an encoder.

Two measures, both in [-1, 1]: the cosine of the mean vectors, and MaxSim as in ColBERT (Khattab and Zaharia
2020): of each token of the question the cosine with the nearest token of the sentence, averaged.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from qa.models.reader.closeness import Closeness, ClosenessOf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.types import Passage, Span

    Rows = NDArray[np.floating[Any]]  # tokens × dimension

MOST_KEPT = 256  # passages whose vectors are kept, some 0.2 MB each


class Encoder(Protocol):
    """A model that gives a vector for every token of a text."""

    name: str

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Of each text the vectors of its tokens, tokens × dimension: the texts of one passage, together."""


class SentenceReader:
    """Reads passages with an encoder, each once: what it was given is kept by chunk. For several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._kept: OrderedDict[str, tuple[Rows, ...]] = OrderedDict()
        self._reading = threading.Lock()

    def __reduce__(self) -> tuple[type[SentenceReader], tuple[Encoder]]:
        """What another process is given: it reads for itself."""
        return type(self), (self._encoder,)

    def closeness(self, question: str, passages: Sequence[Passage]) -> ClosenessOf:
        """How close each sentence of each passage is to `question`, by the chunk's id and its span."""
        with self._reading:
            asked = _unit_rows(self._encoder.encode([question])[0])
            result: dict[tuple[str, Span], Closeness] = {}
            for passage in passages:
                sentences = self._sentences(passage)
                whole = _matches(asked, _joined(sentences))
                for span, tokens in zip(passage.chunk.sentences, sentences, strict=True):
                    near = Closeness(_cosine(asked, tokens), _matches(asked, tokens), whole)
                    result[passage.chunk.id, span] = near
            return result

    def similarity(self, claim: str, sentences: Sequence[str]) -> float:
        """How much of `claim` the sentences have together, in [-1, 1]: MaxSim over all of their tokens."""
        with self._reading:
            claimed = _unit_rows(self._encoder.encode([claim])[0])
            read = [_unit_rows(tokens) for tokens in self._encoder.encode(sentences)]
        return _matches(claimed, _joined(read))

    def _sentences(self, passage: Passage) -> tuple[Rows, ...]:
        """The unit vectors of the tokens of each sentence, read now or kept from before."""
        chunk = passage.chunk
        kept = self._kept.get(chunk.id)
        if kept is None:
            start = chunk.span.start
            texts = [chunk.text[span.start - start : span.end - start] for span in chunk.sentences]
            kept = tuple(_unit_rows(tokens).astype("float16") for tokens in self._encoder.encode(texts))
            self._kept[chunk.id] = kept
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(chunk.id)
        return kept


def _unit_rows(tokens: Rows) -> Rows:
    """Rows of unit length; zeros stay zeros."""
    import numpy as np

    lengths = np.linalg.norm(tokens, axis=1, keepdims=True)
    unit: Rows = np.divide(tokens, lengths, out=np.zeros_like(tokens), where=lengths > 0)
    return unit


def _joined(sentences: Sequence[Rows]) -> Rows:
    import numpy as np

    return np.concatenate(sentences).astype(np.float32) if sentences else np.zeros((0, 0), np.float32)


def _cosine(asked: Rows, tokens: Rows) -> float:
    """The cosine of the mean vectors of two texts; 0 for one without tokens."""
    import numpy as np

    if not len(asked) or not len(tokens):
        return 0.0
    one, other = asked.mean(axis=0), tokens.astype(np.float32).mean(axis=0)
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0


def _matches(asked: Rows, tokens: Rows) -> float:
    """MaxSim: the mean, over the tokens asked for, of the cosine with the nearest one; 0 without tokens."""
    if not len(asked) or not len(tokens):
        return 0.0
    return float((asked @ tokens.T.astype("float32")).max(axis=1).mean())

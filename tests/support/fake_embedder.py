"""A deterministic embedder of letter trigrams, without a model or a network."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class LetterEmbedder:
    """An embedder of hashed letter trigrams: texts that share letters are near, equal texts are equal.

    Counts what it was asked, so that a test can say "nothing was embedded twice". A text without a letter
    or digit has no vector: its row is zero.
    """

    def __init__(self, dimension: int = 64, name: str = "letters/1") -> None:
        self.name = name
        self.dimension = dimension
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of unit length, len(texts) × dimension; a zero row for a text without letters or digits."""
        import numpy as np

        self.asked.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for at, text in enumerate(texts):
            letters = " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
            for start in range(len(letters)):
                trigram = letters[start : start + 3].encode("utf-8", "replace")
                rows[at, zlib.crc32(trigram) % self.dimension] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows

"""An encoder without weights: a vector of letter trigrams for every word, and for words said to be alike."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+")


class WordEncoder:
    """Words are tokens; those that `alike` maps to another word have that one's vector.

    Counts what it was asked, so that a test can say "nothing was read twice".
    """

    name = "words"
    dimension = 64

    def __init__(self, alike: Mapping[str, str] | None = None) -> None:
        self.alike = alike or {}
        self.asked: list[tuple[str, ...]] = []

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Words × 64 for each text."""
        import numpy as np

        self.asked.append(tuple(texts))
        result = []
        for text in texts:
            words = _WORD.findall(text.casefold())
            rows = np.zeros((len(words), self.dimension), dtype=np.float32)
            for row, word in zip(rows, words, strict=True):
                letters = f"^{self.alike.get(word, word)}$"
                for start in range(len(letters) - 2):
                    row[zlib.crc32(letters[start : start + 3].encode()) % self.dimension] += 1
            result.append(rows)
        return result

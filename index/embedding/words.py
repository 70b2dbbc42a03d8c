"""Token ids word by word: a word is tokenised when it is first met, and looked up when it comes again."""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING

from index.embedding.byte_pairs import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.byte_pairs import BytePairs

MOST_REMEMBERED = 1_000_000  # characters of words; then all are forgotten
_WORD = re.compile(f"[ {SPACE}]([ {SPACE}]*[^ {SPACE}]*)")  # with the spaces before it but the first


class WordTokenizer:
    """The token ids of texts by a `BytePairs` whose vocabulary has no space behind other characters.

    Threads may share one.
    """

    def __init__(self, pairs: BytePairs) -> None:
        self._pairs = pairs
        # Signs such as </s> are taken out of a text first, and what stands around them is a text each.
        self._signs = pairs.signs
        self._sign = re.compile(f"({'|'.join(map(re.escape, self._signs))})")
        self._always = {sign: _packed([number]) for sign, number in self._signs.items()}
        self._known = dict(self._always)
        self._size = 0

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """The ids of each text, in order."""
        import numpy as np

        words = [self._words(text) for text in texts]
        known = self._with_words(set().union(*words))
        return [np.frombuffer(b"".join(map(known.__getitem__, each)), np.int32) for each in words]

    def _words(self, text: str) -> list[str]:
        """The words of a text, each without one space before it; no sign stands in any but is one itself."""
        if not any(sign in text for sign in self._signs):
            if SPACE in text or "   " in text or text[:1] == " ":
                return _WORD.findall(f" {text}")
            return text.replace("  ", f" {SPACE}").split(" ") if text else []
        words: list[str] = []
        for part in filter(None, self._sign.split(text)):
            words += [part] if part in self._signs else _WORD.findall(f" {part}")
        return words

    def _with_words(self, wanted: set[str]) -> dict[str, bytes]:
        """The ids of words, these among them."""
        if self._size > MOST_REMEMBERED:
            self._known, self._size = dict(self._always), 0
        known = self._known
        new = list(wanted.difference(known))
        encoded = self._pairs.encode([SPACE + word.replace(" ", SPACE) for word in new])
        known.update(zip(new, map(_packed, encoded), strict=True))
        self._size += sum(map(len, new))
        return known


def _packed(ids: list[int]) -> bytes:
    return array("i", ids).tobytes()

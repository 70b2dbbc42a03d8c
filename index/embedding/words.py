"""Token ids word by word: a word is tokenised when it is first met, and looked up when it comes again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MOST_REMEMBERED = 1_000_000  # characters of words; then all are forgotten
_SPACE = "\u2581"  # how the tokenizer writes a space; it also writes one before a text
_WORD = re.compile(f"[ {_SPACE}]+[^ {_SPACE}]*")  # with the spaces before it


class WordTokenizer:
    """The ids that `tokenizer` gives, whose vocabulary has no token with a space behind other characters.

    Threads may share one.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        # Signs such as </s> are taken out of a text first, and what stands around them is a text each.
        self._signs = {sign.content: number for number, sign in tokenizer.get_added_tokens_decoder().items()}
        self._sign = re.compile(f"({'|'.join(map(re.escape, self._signs))})")
        space = tokenizer.token_to_id(_SPACE)  # of one at the end of a text
        self._always = {sign: _packed([number]) for sign, number in self._signs.items()}
        if space is not None:
            self._always |= {" ": _packed([space]), _SPACE: _packed([space])}
        self._known = dict(self._always)
        self._size = 0

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """The ids of each text, in order."""
        import numpy as np

        words = [self._words(text) for text in texts]
        known = self._with_words(set().union(*words))
        return [np.frombuffer(b"".join(map(known.__getitem__, each)), np.int32) for each in words]

    def _words(self, text: str) -> list[str]:
        if not any(sign in text for sign in self._signs):
            return _WORD.findall(f" {text}") if text else []
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
        encodings = self._tokenizer.encode_batch_fast([word[1:] for word in new], add_special_tokens=False)
        known.update(zip(new, (_packed(encoding.ids) for encoding in encodings), strict=True))
        self._size += sum(map(len, new))
        return known


def _packed(ids: list[int]) -> bytes:
    import numpy as np

    return np.array(ids, np.int32).tobytes()

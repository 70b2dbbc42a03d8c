"""Byte-pair encoding for the bundled model: of a few words here, of many by the `tokenizers` library.

Importing the library and giving it the file takes longer than all else that a single question needs to be
embedded. A vocabulary of this kind holds its own merges: two pieces are joined if it has them as one, the
piece with the lowest number first.
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

SPACE = "\u2581"  # how the vocabulary writes a space
# The file whose list of merges is what `merged` makes of its vocabulary, in the same order, as tests see to.
KNOWN = "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68"
SIGNS = {
    "<unk>": 0,
    "<s>": 1,
    "</s>": 2,
}  # of that file: names in angle brackets that are one token in a text
FIRST_BYTE = 3  # the number of the byte 0: what the vocabulary lacks is written in bytes
FEW = 8_000  # characters of words in all: five times as many take as long here as loading the library
NEVER = (math.inf, 0, 0)  # after every other rank
LONGEST = 200  # characters of a word, one millisecond: the work grows with the square of them


class BytePairs:
    """The tokenizer in the file at `path`, for words: spaces only before them.

    `signs` are what must be taken out of a text before, with their ids. Threads may share one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        data = path.read_bytes()
        self._numbers: dict[str, int] = {}
        self._left = 0  # characters that may still be encoded here
        self.signs: Mapping[str, int] = SIGNS
        if hashlib.sha256(data).hexdigest() == KNOWN:
            self._numbers, self._left = vocabulary(data), FEW
        else:
            added = self._library.get_added_tokens_decoder()
            self.signs = {sign.content: number for number, sign in added.items()}

    def encode(self, words: Sequence[str]) -> list[list[int]]:
        """The token ids of each word, its spaces written as `SPACE`."""
        self._left -= sum(map(len, words))
        if self._left >= 0 and all(len(word) <= LONGEST for word in words):
            return [_ids(word, self._numbers) for word in words]
        whole = self._numbers
        others = [word for word in words if word not in whole]
        encodings = iter(self._library.encode_batch_fast(others, add_special_tokens=False))
        return [[whole[word]] if word in whole else next(encodings).ids for word in words]

    @cached_property
    def _library(self) -> Tokenizer:
        from tokenizers import Tokenizer
        from tokenizers.normalizers import Sequence as Normalizers

        tokenizer = Tokenizer.from_file(str(self._path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.normalizer = Normalizers([])  # it would write a space before each word
        return tokenizer


def vocabulary(data: bytes) -> dict[str, int]:
    """The numbers of all pieces, from the file of a tokenizer; the rest of it is not parsed."""
    begin = data.index(b'"vocab": ') + len(b'"vocab": ')
    text = data[begin : data.index(b'"merges": ', begin)].decode()
    numbers: dict[str, int] = json.JSONDecoder().raw_decode(text)[0]
    return numbers


def merged(word: str, numbers: Mapping[str, int]) -> list[str]:
    """Its characters joined two by two: the least by `merge_rank` first, the leftmost of equal ones."""
    pieces = list(word)
    ranks = [merge_rank(left, right, numbers) for left, right in pairwise(pieces)]
    while (least := min(ranks, default=NEVER)) != NEVER:
        at = ranks.index(least)
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        del ranks[at]
        for place in range(max(at - 1, 0), min(at + 1, len(ranks))):
            ranks[place] = merge_rank(pieces[place], pieces[place + 1], numbers)
    return pieces


def merge_rank(left: str, right: str, numbers: Mapping[str, int]) -> tuple[float, int, int]:
    """What orders merges, the least first: runs of spaces are the last, and NEVER is what is no piece."""
    piece = left + right
    number = numbers.get(piece)
    if number is None:
        return NEVER
    return number + (0 if piece.strip(SPACE) else len(numbers)), numbers[left], numbers[right]


def _ids(word: str, numbers: Mapping[str, int]) -> list[int]:
    # Most words are a piece, and that is what the characters of a piece are joined to in the end.
    pieces = [word] if word in numbers else merged(word, numbers)
    ids: list[int] = []
    for piece in pieces:
        number = numbers.get(piece)
        ids += [FIRST_BYTE + byte for byte in piece.encode()] if number is None else [number]
    return ids

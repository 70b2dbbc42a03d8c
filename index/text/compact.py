"""Blocks and sentences of a text held as numbers, in a tenth of the memory that objects take.

A file of 100 MB has millions of them. Each is made when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, MutableSequence, Sequence
from typing import overload

from index.types import Block, BlockKind, Sentence, Span

_KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "item", "row", "code")
_NUMBERS = {kind: number for number, kind in enumerate(_KINDS)}
_LEVELS = 8  # a kind and a level are one number: eight times the level, and the kind's own


class Blocks(MutableSequence[Block]):
    """Blocks in order, as a list of them would be. Equal to any sequence of the same blocks."""

    __slots__ = ("_ends", "_kinds", "_starts")
    __hash__ = None  # type: ignore[assignment]  # as that of a list

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._kinds, self._starts, self._ends = array("q"), array("q"), array("q")
        self.extend(blocks)

    def __len__(self) -> int:
        return len(self._kinds)

    def __iter__(self) -> Iterator[Block]:
        for number, start, end in zip(self._kinds, self._starts, self._ends, strict=True):
            level, kind = divmod(number, _LEVELS)
            yield Block(_KINDS[kind], Span(start, end), level)

    @overload
    def __getitem__(self, at: int) -> Block: ...
    @overload
    def __getitem__(self, at: slice) -> Blocks: ...
    def __getitem__(self, at: int | slice) -> Block | Blocks:
        """A block, or blocks."""
        if isinstance(at, slice):
            part = Blocks()
            part._kinds, part._starts, part._ends = self._kinds[at], self._starts[at], self._ends[at]
            return part
        level, kind = divmod(self._kinds[at], _LEVELS)
        return Block(_KINDS[kind], Span(self._starts[at], self._ends[at]), level)

    @overload
    def __setitem__(self, at: int, value: Block) -> None: ...
    @overload
    def __setitem__(self, at: slice, value: Iterable[Block]) -> None: ...
    def __setitem__(self, at: int | slice, value: Block | Iterable[Block]) -> None:
        """Put a block, or blocks, in the place of others."""
        at = at if isinstance(at, slice) else slice(at, at + 1 or None)
        new = Blocks([value] if isinstance(value, Block) else value)
        self._kinds[at], self._starts[at], self._ends[at] = new._kinds, new._starts, new._ends

    def __delitem__(self, at: int | slice) -> None:
        del self._kinds[at], self._starts[at], self._ends[at]

    def insert(self, index: int, value: Block) -> None:
        """Put a block before the one at `index`."""
        self[index:index] = [value]

    def append(self, value: Block) -> None:
        """Put a block behind the last."""
        self._kinds.append(_LEVELS * value.level + _NUMBERS[value.kind])
        self._starts.append(value.span.start)
        self._ends.append(value.span.end)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Blocks):
            return (self._kinds, self._starts, self._ends) == (other._kinds, other._starts, other._ends)
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Block.__eq__, self, other))


class Sentences(Sequence[Sentence]):
    """Sentences in order: of each its start, its end, and the index of its block."""

    __slots__ = ("blocks", "ends", "starts")

    def __init__(self, ranges: Iterable[tuple[int, int, int]]) -> None:
        self.starts, self.ends, self.blocks = array("q"), array("q"), array("q")
        for start, end, block in ranges:
            self.starts.append(start)
            self.ends.append(end)
            self.blocks.append(block)

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Sentence]:
        for start, end, block in zip(self.starts, self.ends, self.blocks, strict=True):
            yield Sentence(Span(start, end), block)

    @overload
    def __getitem__(self, at: int) -> Sentence: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Sentence, ...]: ...
    def __getitem__(self, at: int | slice) -> Sentence | tuple[Sentence, ...]:
        """A sentence, or sentences."""
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        return Sentence(Span(self.starts[at], self.ends[at]), self.blocks[at])

"""Draws from many sources evenly: one of each, then a second of each, in an order that a seed decides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
S = TypeVar("S")


def lot(seed: int, name: str) -> int:
    """A number that depends on the seed and a name alone, on every machine the same."""
    return int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8], "big")


def drawn(items: Iterable[T], seed: int, name: Callable[[T], str]) -> list[T]:
    """`items` in the order of their lots."""
    return sorted(items, key=lambda item: lot(seed, name(item)))


def spread(sources: Sequence[S], of: Callable[[S], Iterable[T]]) -> Iterator[T]:
    """The first item of each source, then the second of each, and so on until none has any more.

    A source is asked for its items when its first turn comes, so that of many only some are read.
    """
    open_ones: list[Iterator[T]] = []
    for source in sources:
        items = iter(of(source))
        for item in items:
            yield item
            open_ones.append(items)
            break
    while open_ones:
        still: list[Iterator[T]] = []
        for items in open_ones:
            for item in items:
                yield item
                still.append(items)
                break
        open_ones = still


def interleaved(
    items: Iterable[T], seed: int, *, kind: Callable[[T], str], name: Callable[[T], str]
) -> list[T]:
    """`items` so that their kinds take turns: kinds and the items of each in the order of their lots."""
    by_kind: dict[str, list[T]] = {}
    for item in items:
        by_kind.setdefault(kind(item), []).append(item)
    groups = [drawn(by_kind[each], seed, name) for each in drawn(by_kind, seed, str)]
    return list(spread(groups, lambda group: group))

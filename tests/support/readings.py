"""Checks of what every reader must give, and reproducible damage to files."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from index.errors import ReadError
from index.types import HiddenBy, Reading


def texts(reading: Reading, kind: str | None = None) -> list[str]:
    """The text of every block, or of those of one kind."""
    return [block.span.of(reading.text) for block in reading.blocks if kind in {None, block.kind}]


def hidden(reading: Reading) -> list[tuple[str, HiddenBy]]:
    """The texts that were kept apart, and what hides them."""
    return [(text.text, text.by) for text in reading.left_out]


def check_reading(reading: Reading) -> None:
    """Blocks are trimmed, in order and apart; pages are in order and cover every block."""
    for block in reading.blocks:
        text = block.span.of(reading.text)
        assert text
        assert text == text.strip()
        assert (block.level > 0) == (block.kind == "heading")
        if reading.pages:
            assert any(page.span.overlaps(block.span) for page in reading.pages)
    assert all(before.span.end <= after.span.start for before, after in pairwise(reading.blocks))
    assert all(before.span.end <= after.span.start for before, after in pairwise(reading.pages))
    reading.text.encode("utf-8")


def mutations(whole: bytes, count: int, seed: int) -> Iterator[bytes]:
    """`count` copies of a file with some bytes changed, and half of them cut short."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        cut = chance.randint(len(data) // 2, len(data)) if chance.random() < 0.5 else len(data)
        yield bytes(data[:cut])


def attempt(read: Callable[[bytes, str], Reading], data: bytes) -> Reading | ReadError:
    """The reading, which keeps all it must, or the error that says why there is none."""
    try:
        reading = read(data, "a")
    except ReadError as error:
        return error
    check_reading(reading)
    return reading


def check_damaged(read: Callable[[bytes, str], Reading], files: Iterable[bytes]) -> None:
    """Every file gives a reading, or an error with a cause and a hint; some give each."""
    outcomes = [attempt(read, data) for data in files]
    errors = [each for each in outcomes if isinstance(each, ReadError)]
    assert errors
    assert len(errors) < len(outcomes)
    assert all(error.cause and error.hint for error in errors)

"""What the makers of giant files share: prose that never repeats, and files written piece by piece."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias

Maker: TypeAlias = Callable[[Path], None]

MB = 1_000_000
_NAMES = ("Abbot", "Bergen", "Corvo", "Drava", "Esk", "Faro", "Gera", "Halle", "Isar", "Jura", "Kemi", "Lahn")
_DEEDS = ("opened a bridge", "sold its ferry", "raised a levy of 3.5 per cent", "closed the mill", "flooded")


def sentences(first: int = 0) -> Iterator[str]:
    """Sentences without end, no two of which are equal: about 90 characters each."""
    at = first
    while True:
        name, deed = _NAMES[at % 12], _DEEDS[at % 5]
        yield f"In {1500 + at % 520}, {name} {deed}, as sheet {at:,} of the register of {at % 97} tells. "
        at += 1


def paragraphs(size: int, count: int = 6) -> Iterator[str]:
    """Paragraphs of `count` sentences, `size` characters of them."""
    more, made = sentences(), 0
    while made < size:
        paragraph = "".join(islice(more, count)).rstrip()
        made += len(paragraph) + 2
        yield paragraph


def write(path: Path, pieces: Iterable[str | bytes]) -> None:
    """Write a file of `pieces`, never all of them in memory."""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece.encode() if isinstance(piece, str) else piece)


def text(*pieces: str | bytes) -> Maker:
    """A maker of a file that is short enough to be in memory."""
    return lambda path: write(path, pieces)


def packed(path: Path, parts: Iterable[tuple[str, Iterable[str | bytes]]], *, stored: bool = False) -> None:
    """Write a zip archive of `parts`, each a name and its pieces."""
    how = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", how, compresslevel=None if stored else 1) as archive:
        for name, pieces in parts:
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece.encode() if isinstance(piece, str) else piece)


def times(piece: str | bytes, size: int) -> Iterator[str | bytes]:
    """`piece` again and again, until `size` bytes are written."""
    block = piece * max(1, 2**16 // len(piece))
    for _ in range(-(-size // len(block))):
        yield block

"""Gzip and deflate responses decompressed up to a size limit.

A server may use them even where it was told not to. A kilobyte can unpack to a megabyte, so the limit counts
what comes out.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

_PIECE = 65_536  # bytes unpacked at a time


class Overlong(Exception):
    """More bytes than were wanted."""


class UnknownEncoding(Exception):
    """Bytes packed in a way that was not asked for, or broken."""


def decoder(encoding: str, limit: int) -> Callable[[bytes], Iterator[bytes]]:
    """A function that unpacks one chunk after the other, for a `Content-Encoding`.

    It raises Overlong once more than `limit` bytes have come out, and UnknownEncoding for what it cannot
    unpack. Called by one thread at a time.
    """
    unpack = _unpacker(encoding.strip().lower())
    seen = 0

    def decode(chunk: bytes) -> Iterator[bytes]:
        nonlocal seen
        for piece in unpack(chunk):
            seen += len(piece)
            if seen > limit:
                raise Overlong
            yield piece

    return decode


def _unpacker(encoding: str) -> Callable[[bytes], Iterator[bytes]]:
    if encoding in ("", "identity"):
        return lambda chunk: iter((chunk,))
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return lambda _: _unknown(encoding)
    packed = zlib.decompressobj(zlib.MAX_WBITS | 32)  # the header says whether it is gzip or zlib

    def unpack(chunk: bytes) -> Iterator[bytes]:
        while chunk:
            try:
                piece = packed.decompress(chunk, _PIECE)
            except zlib.error as exc:
                message = "it cannot be unpacked"
                raise UnknownEncoding(message) from exc
            chunk = packed.unconsumed_tail
            yield piece

    return unpack


def _unknown(encoding: str) -> Iterator[bytes]:
    message = f"it is packed with {encoding[:20]!a}, which nobody asked for"
    raise UnknownEncoding(message)

"""Compound files (OLE), which Outlook's .msg files are: streams by their path, read safely.

Every chain of sectors is followed within the bounds of the file, so that no loop and no length in it can grow
without end ([MS-CFB]).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from index.errors import ReadError

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sector numbers from here on are none
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_HINT = "save it again from the program that made it"
_MOST_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The streams of a compound file by their path ("folder/name")."""

    def __init__(self, data: bytes) -> None:
        """Read the directory. Raises ReadError for what is no compound file, or a damaged one."""
        if not data.startswith(_MAGIC) or len(data) < 512:
            raise ReadError("not an Outlook message", _HINT)
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        first_directory, self._mini_cutoff, first_mini = struct.unpack_from("<I4xII", data, 48)
        if shift not in {9, 12} or mini_shift != 6:
            raise _damaged()
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        self._fat = self._read_fat()
        entries = self._entries(self._chain(first_directory))
        if not entries or entries[0].kind != _ROOT:
            raise _damaged()
        mini_fat = self._chain(first_mini)
        self._mini_fat = struct.unpack(f"<{len(mini_fat) // 4}I", mini_fat[: len(mini_fat) // 4 * 4])
        self._mini = self._chain(entries[0].start)
        self._streams = _paths(entries)
        self.names = tuple(self._streams)

    def get(self, name: str) -> bytes | None:
        """What a stream holds; None if there is no such stream."""
        entry = self._streams.get(name)
        if entry is None:
            return None
        if entry.size >= self._mini_cutoff:
            return self._chain(entry.start, entry.size)
        return self._mini_chain(entry.start, entry.size)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        return self._data[start : start + self._size]

    def _read_fat(self) -> tuple[int, ...]:
        """The table that names the sector after each sector."""
        header = struct.unpack_from("<109I", self._data, 76)
        tables = [number for number in header if number < _LAST]
        (more,) = struct.unpack_from("<I", self._data, 68)
        most = len(self._data) // self._size + 1
        seen = set[int]()
        while more < _LAST and more not in seen:
            seen.add(more)
            sector = self._sector(more)
            numbers = struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4])
            tables += [number for number in numbers[:-1] if number < _LAST]
            more = numbers[-1] if numbers else _LAST
        table = b"".join(self._sector(number) for number in tables[:most])
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _chain(self, number: int, size: int | None = None) -> bytes:
        """The sectors from `number` on, put together; cut to `size`."""
        parts: list[bytes] = []
        while number < len(self._fat) and len(parts) <= len(self._fat):
            parts.append(self._sector(number))
            number = self._fat[number]
        data = b"".join(parts) if len(parts) <= len(self._fat) else b""
        return data if size is None else data[:size]

    def _mini_chain(self, number: int, size: int) -> bytes:
        """A short stream, whose small sectors stand in the stream of the root."""
        parts: list[bytes] = []
        while number < len(self._mini_fat) and len(parts) * self._mini_size < size:
            start = number * self._mini_size
            parts.append(self._mini[start : start + self._mini_size])
            number = self._mini_fat[number]
        return b"".join(parts)[:size]

    @staticmethod
    def _entries(directory: bytes) -> list[_Entry]:
        entries = []
        for at in range(0, min(len(directory), _MOST_ENTRIES * 128) - 127, 128):
            length, kind = struct.unpack_from("<HB", directory, at + 64)
            left, right, child = struct.unpack_from("<III", directory, at + 68)
            start, size = struct.unpack_from("<II", directory, at + 116)
            name = directory[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            entries.append(_Entry(name, kind, left, right, child, start, size))
        return entries


def _paths(entries: list[_Entry]) -> dict[str, _Entry]:
    """Every stream by its path; each entry is visited once."""
    found: dict[str, _Entry] = {}
    waiting = [(entries[0].child, "")]
    seen = set[int]()
    while waiting:
        number, folder = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        waiting += [(entry.left, folder), (entry.right, folder)]
        if entry.kind == _STREAM:
            found[folder + entry.name] = entry
        elif entry.kind == _STORAGE and len(folder) < 1_000:
            waiting.append((entry.child, f"{folder}{entry.name}/"))
    return found


def _damaged() -> ReadError:
    return ReadError("a damaged Outlook message", _HINT)

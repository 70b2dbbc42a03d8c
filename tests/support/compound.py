"""Writes compound files, and Outlook messages in them, for the tests of their reader."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from itertools import pairwise

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR, _MINI = 512, 64


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A compound file with these streams by their path ("folder/name"); short ones in small sectors."""
    nodes = _nodes(streams)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini = b""
    mini_fat: list[int] = []

    def put(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        sectors.extend(data[at * _SECTOR : (at + 1) * _SECTOR].ljust(_SECTOR, b"\0") for at in range(count))
        fat.extend([*range(first + 1, first + count), _END])
        return first

    places = {}
    for path, data in streams.items():
        if len(data) >= 4096:
            places[path] = put(data)
        elif data:
            first, count = len(mini_fat), -(-len(data) // _MINI)
            mini_fat += [*range(first + 1, first + count), _END]
            mini += data.ljust(count * _MINI, b"\0")
            places[path] = first
    places[""] = put(mini)
    directory = b"".join(_entry(node, places, streams, len(mini)) for node in nodes)
    directory_start = put(directory)
    mini_fat_start = put(struct.pack(f"<{len(mini_fat)}I", *mini_fat))
    tables = 1
    while tables * 128 < len(sectors) + tables:
        tables += 1
    fat_sectors = list(range(len(sectors), len(sectors) + tables))
    fat += [_FAT] * tables
    table = struct.pack(f"<{tables * 128}I", *fat, *[_FREE] * (tables * 128 - len(fat)))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables)
    head += struct.pack("<III", directory_start, 0, 4096)
    head += struct.pack("<IIII", mini_fat_start, 1 if mini_fat else 0, _END, 0)
    head += struct.pack("<109I", *fat_sectors, *[_FREE] * (109 - tables))
    return head + b"".join(sectors) + table


def outlook_message(
    texts: Mapping[str, str | bytes],
    *,
    numbers: Mapping[int, int] | None = None,
    inner: Mapping[str, Mapping[str, bytes]] | None = None,
    header_size: int = 32,
) -> dict[str, bytes]:
    """The streams of a message: properties by number, in UTF-16 or as bytes, and the folders in it."""
    streams = {
        f"__substg1.0_{number}{'001F' if isinstance(value, str) else '0102'}": value.encode("utf-16-le")
        if isinstance(value, str)
        else value
        for number, value in texts.items()
    }
    entries = b"".join(
        struct.pack("<HHIQ", 0x40 if value > 0xFFFFFFFF else 3, number, 6, value)
        for number, value in (numbers or {}).items()
    )
    streams["__properties_version1.0"] = bytes(header_size) + entries
    for folder, its_streams in (inner or {}).items():
        streams |= {f"{folder}/{name}": data for name, data in its_streams.items()}
    return streams


def _nodes(streams: Mapping[str, bytes]) -> list[tuple[str, int, int]]:
    """(path, right neighbour, first child) of the root, every folder and every stream."""
    children: dict[str, list[str]] = {"": []}
    for path in streams:
        parts = path.split("/")
        for depth in range(len(parts)):
            folder, here = "/".join(parts[:depth]), "/".join(parts[: depth + 1])
            if here not in children.setdefault(folder, []):
                children[folder].append(here)
    order = [""]
    for path in order:
        order += children.get(path, [])
    number = {path: at for at, path in enumerate(order)}
    right = dict.fromkeys(order, _FREE)
    for siblings in children.values():
        for one, following in pairwise(siblings):
            right[one] = number[following]
    return [(path, right[path], number[children[path][0]] if children.get(path) else _FREE) for path in order]


def _entry(
    node: tuple[str, int, int], places: Mapping[str, int], streams: Mapping[str, bytes], mini_size: int
) -> bytes:
    path, right, child = node
    name = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le")
    kind = 2 if path in streams else 1 if path else 5
    size = mini_size if not path else len(streams.get(path, b""))
    head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1)
    links = struct.pack("<III", _FREE, right, child)
    return head + links + bytes(36) + struct.pack("<IQ", places.get(path, _END), size)

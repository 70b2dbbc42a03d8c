"""Names that tell files apart: a function of where they all stand; and spellings that are one name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def composed(name: str) -> str:
    """`name` in NFC, in which two names that read the same are equal.

    "é" may be one code point, or "e" and an accent. File systems and keyboards differ in it: what one writes
    in NFC comes back from another in NFD.
    """
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def distinct_names(files: Mapping[str, tuple[str, str]], taken: Collection[str]) -> dict[str, str]:
    """A name for each file that no other one has, and none of the names that are `taken`.

    `files` has, by location, the path of a folder with slashes between its parts, and the file's path below
    that, which is its name if nothing else is called so. All that would have one name get one more folder in
    front, until they differ: as many as tell them apart, and each of them equally.
    """
    names = {location: name for location, (_, name) in files.items()}
    above: dict[str, list[str]] = {}  # the folders that were not put in front yet, the nearest last
    while clashes := _clashes(names, taken):
        for clash in clashes:
            for location in clash:
                if location not in above:
                    above[location] = [part for part in files[location][0].split("/") if part]
            longer = [location for location in clash if above[location]]
            if not longer:
                # Whole paths are alike only where bytes that are no text look like others, or where a text
                # without a file is called so: slashes tell them apart.
                longer = clash if names[clash[0]] in taken else clash[1:]
            for location in longer:
                names[location] = f"{above[location].pop() if above[location] else ''}/{names[location]}"
    return names


def _clashes(names: Mapping[str, str], taken: Collection[str]) -> list[list[str]]:
    """The locations of each name that is not only theirs, in order."""
    first: dict[str, str] = {}
    alike: dict[str, list[str]] = {}
    for location, name in names.items():
        if first.setdefault(name, location) != location:
            alike.setdefault(name, [first[name]]).append(location)
    for name in taken:
        if name in first:
            alike.setdefault(name, [first[name]])
    return [sorted(locations) for locations in alike.values()]

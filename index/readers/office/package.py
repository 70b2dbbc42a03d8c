"""Shared by the Office readers: XML parts, relationships between them, title and date.

Parts are read with the standard library's XML parser, which fetches nothing; element names are compared
without their namespace, so that the strict and the transitional dialect are read alike.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import ReadError
from index.readers.builder import real_title
from index.readers.limits.archive import Archive, not_a, refuse_ole
from index.readers.metadata.dates import parse_date
from index.types import Dated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

# When the empty files that libraries start from were made; a document that still says so has no date.
_TEMPLATE_STAMPS = ("2013-12-23T23:15", "2013-01-27T09:1")


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: its kind ("slide", "styles") and the name of the other part."""

    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class Properties:
    """What an office file says about itself."""

    title: str | None
    date: Dated | None


def open_office(data: bytes, *, kind: str, suffix: str, also: tuple[str, ...] = ()) -> Archive:
    """The XML parts of an office file, and those whose names end in one of `also`.

    Raises ReadError for an encrypted, old binary, damaged or bomb-like file, and for one whose XML declares a
    document type.
    """
    refuse_ole(data, kind=kind, suffix=suffix)
    archive = Archive(data, kind=kind, suffixes=(".xml", ".rels", *also))
    archive.refuse_doctypes((".xml", ".rels"))
    return archive


def main_part(archive: Archive, *, kind: str) -> str:
    """The name of the part that everything else hangs on. Raises ReadError if there is none."""
    for relation in relations(archive, "").values():
        if relation.kind == "officeDocument" and archive.get(relation.part) is not None:
            return relation.part
    raise ReadError(
        f"{not_a(kind)}, or a damaged one", "open it in the program that made it, and save it again"
    )


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """The links of one part by their id; none where the part has no list of them, or a broken one."""
    folder, name = posixpath.split(part)
    root = archive.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
    links = {}
    for element in root if root is not None else ():
        target = unquote(element.get("Target", ""))
        if element.get("TargetMode") != "External":
            full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            links[element.get("Id", "")] = Relation(element.get("Type", "").rpartition("/")[2], full)
    return links


def properties(archive: Archive) -> Properties:
    """Title and date: when the document was made, else when it was last changed."""
    parts = [link.part for link in relations(archive, "").values() if link.kind == "core-properties"]
    root = archive.xml(parts[0] if parts else "docProps/core.xml")
    values = (
        {local(element): (element.text or "").strip() for element in root.iter()} if root is not None else {}
    )
    date = None
    for key in ("created", "modified"):
        stamp = values.get(key, "")
        date = date or (None if stamp.startswith(_TEMPLATE_STAMPS) else parse_date(stamp))
    return Properties(real_title(values.get("title")), Dated(date, "created") if date else None)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def child(element: Element, *path: str) -> Element | None:
    """The first child of that name, its first child of the next name, and so on; None if one is missing."""
    current: Element | None = element
    for name in path:
        current = (
            next((inner for inner in current if local(inner) == name), None) if current is not None else None
        )
    return current


def attribute(element: Element | None, name: str) -> str | None:
    """An attribute's value, whatever namespace its name is in."""
    for key, value in element.items() if element is not None else ():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def is_on(element: Element | None) -> bool:
    """True for a switch (`<w:vanish/>`, `<w:vanish w:val="1"/>`) that is there and not turned off."""
    return element is not None and (attribute(element, "val") or "1").lower() not in {
        "0",
        "false",
        "off",
        "none",
    }


def visible_elements(
    root: Element, *, leave_out: frozenset[str], stop_at: frozenset[str]
) -> Iterator[Element]:
    """All elements below `root` in order, without recursion.

    Nothing inside a `leave_out` element is given; a `stop_at` element is given, but nothing inside it. Of
    alternatives for newer and older programs the first is taken.
    """
    waiting = [iter(root)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
            continue
        name = local(element)
        if name in leave_out:
            continue
        if name == "AlternateContent":
            waiting.append(iter(list(element)[:1]))
            continue
        yield element
        if name not in stop_at:
            waiting.append(iter(element))

"""What stands on a sheet beside its cells: comments, text boxes, charts, printed headers and footers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.readers.office.package import Relation, attribute, child, local, relations
from index.readers.office.parts.charts import add_charts
from index.readers.office.parts.drawings import ShapeTexts
from index.readers.office.xlsx.view import place_of
from index.readers.office.xlsx.workbook import rich_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from index.readers.builder import TextBuilder
    from index.readers.limits.archive import Archive

# Place (&L &C &R) and look (&"font", &12, &K0000FF, &B) are no text; &P &N &D are filled in when printed.
_PLACES = re.compile(r"&[LCR]")
_LOOKS = re.compile(r"&\"[^\"]*\"|&K[0-9A-Fa-f]{6}|&K\d\d[+-]\d{3}|&\d{1,3}|&[BIUSXYEHO]")
_FILLED_IN = re.compile(r"&[PNDTFAGZ]")
_OBJECT = re.compile(rb"<(?:\w+:)?oleObject\s[^>]*>")
_SHAPE = re.compile(rb"\sshapeId\s*=\s*[\"'](\d+)[\"']")
_HEADER_OR_FOOTER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]+)<")


def add_notes(builder: TextBuilder, archive: Archive, part: str, texts: ShapeTexts) -> None:
    """Append the comments, text boxes and charts of one sheet."""
    links = list(relations(archive, part).values())
    for place, author, text in sorted(_comments(archive, links)):
        who = f" ({author})" if author.strip() else ""
        builder.add("paragraph", f"Comment on {place[2]}{who}: {text}")
    for link in links:
        root = archive.xml(link.part) if link.kind == "drawing" else None
        for anchor in sorted(root, key=_anchor) if root is not None else ():
            for shape in anchor.iter():
                if local(shape) == "sp" and not _is_hidden(shape):
                    for paragraph in texts.paragraphs(shape):
                        before = "• " if paragraph.bullet else ""
                        builder.add(
                            "paragraph", f"{paragraph.number} {paragraph.text}".strip(), before=before
                        )
            add_charts(builder, archive, link.part, anchor)


def embedded_objects(data: bytes) -> int:
    """How many files of other programs a sheet shows as pictures."""
    return len({shape[1] for tag in _OBJECT.findall(data) if (shape := _SHAPE.search(tag))})


def printed_lines(data: bytes) -> list[str]:
    """The headers and footers with which a sheet is printed, without page numbers, dates and file names."""
    lines = []
    for raw in _HEADER_OR_FOOTER.findall(data):
        text = raw.decode("utf-8", "replace")
        for sign, plain in (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            text = text.replace(sign, plain)
        for section in _PLACES.split(text):
            shown = _LOOKS.sub("", section.replace("&&", "\0"))
            words = _FILLED_IN.sub(" ", shown).replace("\0", "&").split()
            letters = [word for word in words if any(sign.isalpha() for sign in word)]
            if letters and not (_FILLED_IN.search(shown) and len(letters) <= 2):
                lines.append(" ".join(words))
    return list(dict.fromkeys(lines))


def _comments(archive: Archive, links: list[Relation]) -> Iterator[tuple[tuple[int, int, str], str, str]]:
    """Place, author and text of every comment: those in threads, and the older notes."""
    threads = [link for link in links if link.kind == "threadedComment"]
    people = _people(archive) if threads else {}
    for link in threads:
        root = archive.xml(link.part)
        for comment in root if root is not None else ():
            inner = child(comment, "text")
            ref = attribute(comment, "ref") or ""
            text = " ".join(((inner.text if inner is not None else "") or "").split())
            if text:
                author = people.get(attribute(comment, "personId") or "", "")
                yield (*place_of(ref), ref), author, text
    for link in links:
        root = archive.xml(link.part) if link.kind == "comments" else None
        if root is None:
            continue
        listed, named = child(root, "commentList"), child(root, "authors")
        authors = [author.text or "" for author in (named if named is not None else ())]
        for comment in listed if listed is not None else ():
            at = attribute(comment, "authorId") or ""
            author = authors[int(at)] if at.isdecimal() and int(at) < len(authors) else ""
            inner = child(comment, "text")
            text = " ".join(rich_text(inner)[0].split()) if inner is not None else ""
            if text and not author.startswith("tc="):  # the copy of a thread, for older programs
                ref = attribute(comment, "ref") or ""
                # Excel begins a note with its author's name.
                yield (*place_of(ref), ref), author, text.removeprefix(f"{author}:").strip() or text


def _people(archive: Archive) -> dict[str, str]:
    people = {}
    for name in archive.names:
        root = archive.xml(name) if "/persons/" in name and name.endswith(".xml") else None
        for person in root if root is not None else ():
            people[attribute(person, "id") or ""] = attribute(person, "displayName") or ""
    return people


def _anchor(anchor: Element) -> tuple[int, int]:
    """Row and column that a shape hangs on, from 0."""

    def number(name: str) -> int:
        value = child(anchor, "from", name)
        text = (value.text or "").strip() if value is not None else ""
        return int(text) if text.isdecimal() else 0

    return number("row"), number("col")


def _is_hidden(shape: Element) -> bool:
    return any(
        attribute(child(part, "cNvPr"), "hidden") in {"1", "true"}
        for part in shape
        if local(part).startswith("nv")
    )

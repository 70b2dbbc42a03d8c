"""Files taken apart into what they hold, and put together again so that only what was changed is wrong.

An archive has its members, a PDF file its objects, a compound file its streams; any other file is one part.
Checksums, lengths and tables of offsets are made anew.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping

from tests.support.compound import compound_file

WHOLE = ""
Parts = dict[str, bytes]
_OBJECT = re.compile(rb"(\d+) \d+ obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?>>)\s*stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_LENGTH = re.compile(rb"/Length\s+\d+(?! \d+ R)")
_LARGEST_MEMBER = 1_000_000  # bytes


def take_apart(data: bytes) -> Parts:
    """The parts of a file by their names; `WHOLE` alone where it has none, or is damaged."""
    try:
        if data.startswith(b"PK"):
            return _members(data) or {WHOLE: data}
        if data.startswith(b"%PDF"):
            return _objects(data) or {WHOLE: data}
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            return _streams(data) or {WHOLE: data}
    except Exception:  # noqa: BLE001 - the file was damaged before: whatever its parser says of that
        return {WHOLE: data}
    return {WHOLE: data}


def put_together(parts: Mapping[str, bytes], like: bytes) -> bytes:
    """A file of these parts, of the kind of the file that they came from."""
    if set(parts) == {WHOLE}:
        return parts[WHOLE]
    if like.startswith(b"PK"):
        return _archive(parts)
    return _pdf(parts, like) if like.startswith(b"%PDF") else compound_file(parts)


def _members(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {
            one.filename: archive.read(one) for one in archive.infolist() if one.file_size < _LARGEST_MEMBER
        }


def _archive(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of a name that stands twice
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _objects(data: bytes) -> Parts:
    """Objects by their numbers, streams inflated, and the trailer."""
    found = {number.decode(): _inflated(body) for number, body in _OBJECT.findall(data)}
    trailer = re.search(rb"trailer(.*?)startxref", data, re.DOTALL)
    return {**found, "trailer": trailer[1]} if found and trailer else {}


def _inflated(body: bytes) -> bytes:
    found = _STREAM.match(body)
    if not found or not re.search(rb"/Filter\s*/FlateDecode", found[1]):
        return body
    head = re.sub(rb"/Filter\s*/FlateDecode", b"", found[1])
    return head + b"stream\n" + zlib.decompress(found[2]) + b"\nendstream"


def _with_length(body: bytes) -> bytes:
    found = _STREAM.match(body)
    return _LENGTH.sub(b"/Length %d" % len(found[2]), body, count=1) if found else body


def _pdf(parts: Mapping[str, bytes], like: bytes) -> bytes:
    data, offsets = like[:8] + b"\n", {}
    for name, body in parts.items():
        if name != "trailer":
            offsets[int(name)] = len(data)
            data += b"%s 0 obj%s\nendobj\n" % (name.encode(), _with_length(body))
    count, start = max(offsets, default=0) + 1, len(data)
    lines = (b"%010d 00000 %s \n" % (offsets.get(n, 0), b"n" if n in offsets else b"f") for n in range(count))
    return (
        data
        + b"xref\n0 %d\n%s" % (count, b"".join(lines))
        + b"trailer%sstartxref\n%d\n%%%%EOF\n" % (parts.get("trailer", b"<<>>"), start)
    )


def _streams(data: bytes) -> Parts:
    from index.readers.markup.mail.compound import CompoundFile

    file = CompoundFile(data)
    return {name: file.get(name) or b"" for name in file.names}

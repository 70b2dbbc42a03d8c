"""Zip archives (docx, pptx, xlsx, epub) read safely: decompressed within limits.

Only parts that hold text are ever inflated; pictures, films, macros and whatever else is inside are not. No
XML in them may define entities. Nothing is written to disk: a part named `../../x` is a name like any other.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from index.errors import ReadError
from index.readers.limits.limits import how_to_raise, limits_now

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_PARTS = 20_000
MAX_RATIO = 300  # of inflated to packed, where it matters; real sheets of equal rows stay below 100
_RATIO_MATTERS = 16 * 2**20
_STEP = 2**18
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be")
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in _ENCODINGS)
_ENTITIES = tuple("<!ENTITY".encode(encoding) for encoding in _ENCODINGS)
_BROKEN = "open it in the program that made it, and save it again"


class Archive:
    """The text parts of a zip archive, inflated within limits. A part that is missing gives None."""

    def __init__(self, data: bytes, *, kind: str, suffixes: Collection[str]) -> None:
        """Read every part whose name ends in one of `suffixes`.

        `kind` names the format in messages ("Word file"). Raises ReadError for what is no zip archive, is
        encrypted, is damaged, or would become too large.
        """
        self._parts = _inflate(data, kind, tuple(suffixes))
        self.names = tuple(self._parts)

    def get(self, name: str) -> bytes | None:
        """The bytes of one part; None for a part that is missing or holds no text."""
        return self._parts.get(name)

    def xml(self, name: str) -> ET.Element | None:
        """One part as XML; None if it is missing or is no well-formed XML. No entity is ever expanded."""
        data = self._parts.get(name)
        if data is None:
            return None
        refuse(data, _ENTITIES)
        try:
            return ET.fromstring(data)  # noqa: S314  entities were refused above, and size is limited
        except (ET.ParseError, ValueError, LookupError):  # LookupError: an encoding nobody knows
            return None

    def refuse_doctypes(self, suffixes: tuple[str, ...]) -> None:
        """Raise ReadError if a part of these names declares a document type: office formats never do."""
        for name, data in self._parts.items():
            if name.lower().endswith(suffixes):
                refuse(data, _DOCTYPES)

    def packed(self, empty: Collection[str] = ()) -> io.BytesIO:
        """The archive again, without compression, all parts that hold no text being empty.

        This is what office parsers get: they cannot inflate more than was measured here.
        """
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w") as target:
            for name, data in self._parts.items():
                target.writestr(name, data)
            for name in empty:
                target.writestr(name, b"")
        copy.seek(0)
        return copy


def refuse(data: bytes, marks: tuple[bytes, ...]) -> None:
    """Raise ReadError if `data` holds one of `marks` (a declaration of entities or of a document type)."""
    if any(mark in data for mark in marks):
        raise ReadError("its XML declares entities, as attacks on readers do", _BROKEN)


def not_a(kind: str) -> str:
    """That a file is of another kind: "not a Word file", "not an Excel file"."""
    return f"not {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"


def refuse_ole(data: bytes, *, kind: str, suffix: str) -> None:
    """Raise ReadError if `data` is the container of encrypted and of old binary office files."""
    if not data.startswith(_OLE):
        return
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise ReadError("needs a password", "save a copy without a password and index that")
    raise ReadError(f"an old binary {kind}", f"save it as {suffix} and index that")


def _inflate(data: bytes, kind: str, suffixes: tuple[str, ...]) -> dict[str, bytes]:
    """Name to bytes of every text part, in the archive's order, within all limits."""
    _check_directory(data, kind)
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS:
                raise _too_large(f"{len(entries):,} parts")
            wanted = [entry for entry in entries if entry.filename.lower().endswith(suffixes)]
            _check_sizes(wanted)
            for entry in wanted:
                if entry.flag_bits & 0x1:
                    raise ReadError("needs a password", "save a copy without a password and index that")
                parts[entry.filename] = _part(archive, entry)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,  # a compression method Python lacks
        RuntimeError,  # what zipfile raises for encryption it was not told of
        OSError,  # an offset outside the archive
        ValueError,
        OverflowError,
    ) as exc:
        raise ReadError(f"a damaged {kind}: the archive cannot be unpacked", _BROKEN) from exc
    return parts


def _check_directory(data: bytes, kind: str) -> None:
    """Refuse what is no zip archive, and a directory so long that merely listing it would hurt."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 2**16 - 22))
    if end < 0 or end + 22 > len(data):
        what = "cut short or damaged" if data.startswith(b"PK") else not_a(kind)
        raise ReadError(what, _BROKEN)
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if size > MAX_PARTS * 400 and size != 0xFFFFFFFF:  # 46 bytes and the name of each part
        raise _too_large("too many parts")
    if int.from_bytes(data[end + 10 : end + 12], "little") == 0xFFFF or size == 0xFFFFFFFF:
        raise _too_large("more than 65,534 parts")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse by the sizes the directory declares; `_part` holds each part to its own."""
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if inflated > limits_now().unpacked:
        what = f"would unpack to {inflated / 1e6:,.0f} MB of text {how_to_raise('max_unpacked')}"
        raise ReadError(what, "split it into smaller files")
    if inflated > _RATIO_MATTERS and inflated > MAX_RATIO * max(packed, 1):
        raise _too_large(f"{inflated // max(packed, 1):,} times its packed size")


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One part, inflated in small steps, so that never more is in memory than the part declared."""
    steps = []
    with archive.open(entry) as stream:
        while step := stream.read(_STEP):
            steps.append(step)
    return b"".join(steps)


def _too_large(what: str) -> ReadError:
    return ReadError(f"would unpack to {what}, more than is safe", "split it into smaller files")

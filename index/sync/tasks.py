"""A file to read, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from index.readers.formats import DEFAULT_READING, ReadingOptions, uses_ocr
from index.readers.limits.limits import how_to_raise
from index.storage.records import FileRow, FileStat, Prepared
from index.sync.files import DEFAULT_MAX_FILE_SIZE

NO_RESULT = "its reader gave no usable result"
OCR_TIMES = 20  # as long a file may take where text may be recognised


@dataclass(frozen=True, slots=True)
class Before:
    """The indexed file that a new one may be: if the bytes are the same; `surely`: whatever they are."""

    row: FileRow
    surely: bool


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be prepared. `location` None: the bytes did not come from a file; they are `data`.

    `file` is the (inode, device) the walk saw; `given`: a person named this very file. `known` is the sha256
    of the bytes that are indexed already, by the reader and chunker of today: if they are the same, nothing
    is cut again. `updates` says that some version of the source is in the index; `before` is an indexed file
    that is gone and may be this one.
    """

    path: str
    location: str | None
    name: str
    source_id: str
    stat: FileStat
    file: tuple[int, int] | None = None
    links: int = 1
    given: bool = False
    known: str | None = None
    updates: bool = False
    before: Before | None = None
    limit: int = DEFAULT_MAX_FILE_SIZE
    reading: ReadingOptions = DEFAULT_READING
    data: bytes | None = None

    @property
    def seconds(self) -> float:
        """Seconds on a processor that preparing it may take."""
        seconds = self.reading.limits.seconds_for(self.stat.size)
        return seconds * (OCR_TIMES if uses_ocr(self.name, self.reading) else 1)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file's bytes are those that are indexed; only its stat may be another."""

    sha256: str
    stat: FileStat


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The file was not prepared. `empty`: nothing to index is in it; `gone`: it is not there any more."""

    reason: str
    empty: bool = False
    gone: bool = False


Result = Prepared | Unchanged | Unreadable


def too_large(limit: int) -> str:
    """The reason given for a file above the size limit of `limit` bytes."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
    return f"larger than {size} {how_to_raise('max_file_size')}"

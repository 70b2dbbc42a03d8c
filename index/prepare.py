"""One file -> what the catalog stores of it. What a child process does, and nothing that needs more.

Knows how reading, splitting and cutting follow one another, and when a file cannot be trusted to be whole.
Knows neither the catalog nor vectors. `prepare` is pure; `prepare_file` opens one file and reads it.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.errors import ReadError
from index.records import FileStat, Prepared
from index.types import Block, Dated, Reading, Source
from index.walk import DEFAULT_MAX_FILE_SIZE, open_regular, plain_reason

RACY_NS = 2_000_000_000  # the coarsest clock of a file system in use (FAT) ticks every 2 s
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\f\v"  # byte-order marks and white space, of UTF-16 too
UNKNOWN_TIME = -1  # stored for a file that may change within the same tick: it will be hashed next time


@dataclass(frozen=True, slots=True)
class Task:
    """A file to be prepared. `location` None: the bytes did not come from a file.

    `file` is the (inode, device) the walk saw; `known` the sha256 of the bytes that are indexed already, by
    the reader and chunker of today: if they are the same, nothing is cut again. `updates` says that some
    version of the source is in the index.
    """

    path: str
    location: str | None
    name: str
    source_id: str
    stat: FileStat
    file: tuple[int, int] | None = None
    links: int = 1
    known: str | None = None
    updates: bool = False
    limit: int = DEFAULT_MAX_FILE_SIZE


@dataclass(frozen=True, slots=True)
class Same:
    """The file's bytes are those that are indexed; only its stat may be another."""

    sha256: str
    stat: FileStat


@dataclass(frozen=True, slots=True)
class Refused:
    """The file was not prepared. `empty`: there is nothing in it; `gone`: it is not there any more."""

    reason: str
    empty: bool = False
    gone: bool = False


Result = Prepared | Same | Refused


def prepare_file(task: Task) -> Result:
    """Read, split and cut one file. Every failure that is the file's own comes back as `Refused`."""
    try:
        now = time.time_ns()
        data, stat = read_whole(task)
        sha256 = hashlib.sha256(data).hexdigest()
        settled = stat if is_settled(stat, now) else replace(stat, mtime_ns=UNKNOWN_TIME)
        if sha256 == task.known:
            return Same(sha256, settled)
        result = prepare(data, replace(task, stat=stat), sha256=sha256)
        return replace(result, stat=settled) if isinstance(result, Prepared) else result
    except FileNotFoundError as error:
        return Refused(plain_reason(error), gone=True)
    except OSError as error:
        return Refused(plain_reason(error))
    except ReadError as error:
        return Refused(error.cause)


def prepare(data: bytes, task: Task, *, sha256: str | None = None) -> Result:
    """Split and cut `data`. Raises ReadError if it cannot be read; `Refused` if there is no text in it."""
    from index.chunks import cut_chunks, embedding_text
    from index.readers import read, reader_name
    from index.sentences import split_sentences

    if not data.strip(BLANK):
        return Refused("no text in it" if data else "empty", empty=True)
    reading = read(data, task.name)
    title = reading.title or _first_heading(reading.text, reading.blocks)
    source = Source(
        id=task.source_id,
        name=task.name,
        location=task.location,
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
        reader=reader_name(task.name),
        length=len(reading.text),
        pages=reading.pages,
        title=title,
        date=reading.date or _modified(task),
        encoding=reading.encoding,
        notes=_notes(reading, task),
    )
    sentences = split_sentences(reading.text, reading.blocks)
    chunks = cut_chunks(reading.text, reading.blocks, sentences, source_id=source.id, title=title)
    keys = tuple(text_key(embedding_text(chunk, title)) for chunk in chunks)
    stat = None if task.location is None else task.stat
    return Prepared(source, reading.text, chunks, keys, stat)


def text_key(text: str) -> str:
    """The cache key of the vector of `text`: its sha256."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_settled(stat: FileStat, now: int) -> bool:
    """True if a change after `now` (nanoseconds) must show in the file's time of change."""
    return now - stat.mtime_ns > RACY_NS


def read_whole(task: Task) -> tuple[bytes, FileStat]:
    """The bytes of one moment of the file, and the stat they belong to.

    Raises ReadError if it grows or changes while it is read, twice; OSError as the system gives it.
    """
    for _ in range(2):
        with os.fdopen(open_regular(task.path, task.file), "rb") as file:
            before = os.fstat(file.fileno())
            data = file.read(task.limit + 1)
            whole = is_settled(_stat(before), time.time_ns())
            if not whole:  # the clock of the file system may be too coarse to show a write at this moment
                file.seek(0)
                whole = file.read(task.limit + 1) == data
            after = os.fstat(file.fileno())
        if len(data) > task.limit:
            raise ReadError(too_large(task.limit))
        if whole and _stat(before) == _stat(after) and len(data) == after.st_size:
            return data, _stat(after)
    raise ReadError("it changed while it was being read")


def _stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino)


def too_large(limit: int) -> str:
    """The reason given for a file above the size limit of `limit` bytes."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
    return f"larger than {size} (raise the limit with --max-file-size)"


def _first_heading(text: str, blocks: tuple[Block, ...]) -> str | None:
    heading = next((block for block in blocks if block.kind == "heading"), None)
    return " ".join(heading.span.of(text).split()) or None if heading else None


def _modified(task: Task) -> Dated | None:
    """The day the file was last changed, by the clock of this place."""
    if task.location is None:
        return None
    moment = datetime.fromtimestamp(task.stat.mtime_ns / 1e9, tz=UTC).astimezone()
    return Dated(moment.date().isoformat(), "modified")


def _notes(reading: Reading, task: Task) -> tuple[str, ...]:
    if task.links < 2:
        return reading.notes
    return (*reading.notes, f"a hard link: this file has {task.links} names on its disk")

"""One file read, split into sentences, cut into chunks and made ready to store."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from index.errors import NoText, ReadError
from index.readers.limits.limits import too_much_memory
from index.storage.records import FileStat, PackedChunks, Prepared, chunk_row
from index.sync.files import open_regular, plain_reason
from index.sync.own_output import is_own_output
from index.sync.tasks import Result, Task, Unchanged, Unreadable, too_large
from index.types import Dated, Reading, Source

RACY_NS = 2_000_000_000  # the coarsest clock of a file system in use (FAT) ticks every 2 s
BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\f\v"  # byte-order marks and white space, of UTF-16 too
OWN_OUTPUT = "written by qa, and no document; it is indexed if the file itself is named"
UNKNOWN_TIME = -1  # stored for a file that may change within the same tick: it will be hashed next time


def prepare_file(task: Task) -> Result:
    """Read, split and cut one file. Every failure that is the file's own comes back as `Unreadable`."""
    try:
        now = time.time_ns()
        data, stat = read_whole(task) if task.data is None else (task.data, task.stat)
        sha256 = hashlib.sha256(data).hexdigest()
        settled = stat if is_settled(stat, now) else stat._replace(mtime_ns=UNKNOWN_TIME)
        if sha256 == task.known:
            return Unchanged(sha256, settled)
        task = replace(task, stat=stat, data=None)
        reading = _read(data, task)
        del data  # of a large file, what is made of it needs the room
        if isinstance(reading, Unreadable):
            return reading
        result = _cut(reading, task, sha256)
        return result if task.location is None else replace(result, stat=settled)
    except FileNotFoundError as error:
        return Unreadable(plain_reason(error), gone=True)
    except OSError as error:
        return Unreadable(plain_reason(error))
    except ReadError as error:
        return Unreadable(error.cause, empty=isinstance(error, NoText))


def prepare(data: bytes, task: Task, *, sha256: str | None = None) -> Result:
    """Split and cut `data`. Raises ReadError if it cannot be read; `Unreadable` if there is no text in it."""
    reading = _read(data, task)
    if isinstance(reading, Unreadable):
        return reading
    return _cut(reading, task, sha256 or hashlib.sha256(data).hexdigest())


def _read(data: bytes, task: Task) -> Reading | Unreadable:
    from index.readers.formats import read
    from index.readers.limits.limits import within

    if not data.strip(BLANK):
        return Unreadable("no text in it" if data else "empty", empty=True)
    if is_own_output(data) and not task.given:
        return Unreadable(OWN_OUTPUT, empty=True)
    with within(task.reading.limits):
        return read(data, task.name, task.reading)


def _cut(reading: Reading, task: Task, sha256: str) -> Prepared:
    from index.readers.formats import reader_name
    from index.readers.metadata.dates import document_date
    from index.readers.metadata.titles import document_title
    from index.text.chunks import cut_chunks, embedding_text
    from index.text.sentences import split_sentences

    text, title = reading.text, document_title(reading, task.name)
    source = Source(
        id=task.source_id,
        name=task.name,
        location=task.location,
        sha256=sha256,
        reader=reader_name(task.name, task.reading),
        length=len(text),
        pages=reading.pages,
        title=title,
        date=document_date(reading, task.name) or _modified(task),
        encoding=reading.encoding,
        notes=_notes(reading, task),
        hidden=reading.hidden,
    )
    sentences = split_sentences(text, reading.blocks)
    rows, keys = [], []
    for chunk in cut_chunks(
        text, reading.blocks, sentences, source_id=source.id, title=title, tables=reading.tables
    ):
        rows.append(chunk_row(chunk))
        keys.append(text_key(embedding_text(chunk, title)))
    stat = None if task.location is None else task.stat
    return Prepared(source, text, PackedChunks(source.id, text, rows), tuple(keys), stat)


def relocated(prepared: Prepared, name: str, task: Task, stat: FileStat) -> Prepared:
    """What is indexed of a file, as that of the file of a task with the same bytes, called `name`."""
    from index.text.chunks import chunk_id

    source = replace(prepared.source, id=task.source_id, name=name, location=task.location)
    chunks = tuple(
        replace(chunk, id=chunk_id(source.id, chunk.span, chunk.text), source_id=source.id)
        for chunk in prepared.chunks
    )
    return replace(prepared, source=source, chunks=chunks, stat=stat)


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
            size = min(before.st_size, task.limit) + 1  # one more shows that it grew, or is too large
            data = file.read(size)
            whole = is_settled(_stat(before), time.time_ns())
            if not whole:  # the clock of the file system may be too coarse to show a write at this moment
                file.seek(0)
                whole = file.read(size) == data
            after = os.fstat(file.fileno())
        if len(data) > task.limit:
            raise ReadError(too_large(task.limit))
        if whole and _stat(before) == _stat(after) and len(data) == after.st_size:
            return data, _stat(after)
    raise ReadError("it changed while it was being read")


def _stat(status: os.stat_result) -> FileStat:
    return FileStat(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)


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


def run_reader(work: Callable[[Task], Result], task: Task) -> Result:
    """The result of one file; whatever a reader raises is that file's reason."""
    try:
        return work(task)
    except MemoryError:
        return Unreadable(too_much_memory(task.reading.limits.memory))
    except RecursionError:
        return Unreadable("it is nested too deeply")
    except Exception as error:  # noqa: BLE001 - the door to the readers: a parser may raise anything
        message = " ".join(str(error).split())[:200]
        return Unreadable(f"the reader failed: {type(error).__name__}{': ' + message if message else ''}")

"""Files read again as `qa index` reads them, in child processes, and nothing stored."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.storage.records import FileStat, Prepared
from index.sync.files import is_gone, plain_reason
from index.sync.tasks import Task, Unchanged, Unreadable
from index.sync.workers.pool import Workers
from index.text.lines import line_at
from index.text.rows import labelled
from index.types import Span
from qa.types import Citation

if TYPE_CHECKING:
    from index.readers.formats import ReadingOptions
    from index.types import Source, Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it is now: its text, the sentences of it in order, and the tables that it has."""

    source: Source
    text: str
    sentences: tuple[Span, ...]
    tables: tuple[Table, ...]

    def labelled(self, span: Span) -> str | None:
        """What stands in `span` with the names of its columns, as `Citation.labelled`."""
        inside = [sentence for sentence in self.sentences if span.contains(sentence)]
        plain = [sentence.of(self.text) for sentence in inside]
        worded = [
            labelled(self.text, sentence, self.tables) or said
            for sentence, said in zip(inside, plain, strict=True)
        ]
        return "\n".join(worded) if worded != plain else None

    def cite(self, number: int, span: Span) -> Citation:
        """What stands in `span`, as a citation of that number."""
        source = self.source
        return Citation(
            number,
            source.name,
            source.sha256,
            span,
            span.of(self.text),
            line_at(self.text, span.start),
            source.page_at(span.start),
            source.title,
            source.date.value if source.date else None,
            source.location,
            date_origin=source.date.origin if source.date else None,
            labelled=self.labelled(span),
            hidden=source.hides(span),
        )


def document_of(prepared: Prepared) -> Document:
    """What is compared of a file that was read."""
    sentences = sorted({sentence for chunk in prepared.chunks for sentence in chunk.sentences})
    tables = dict.fromkeys(table for chunk in prepared.chunks for table in chunk.tables)
    return Document(prepared.source, prepared.text, tuple(sentences), tuple(tables))


def read_again(
    paths: Sequence[str],
    reading: ReadingOptions,
    limit: int,
    on_done: Callable[[], object] = lambda: None,
) -> dict[str, Document | Unreadable]:
    """The files at these absolute paths by path; `on_done` is called after each.

    A file that is larger than `limit` bytes, or that cannot be read, is an `Unreadable`. Raises StorageError
    if no child process can be started.
    """
    found: dict[str, Document | Unreadable] = {}
    tasks = []
    for path in paths:
        task = task_for(path, reading, limit)
        if isinstance(task, Task):
            tasks.append(task)
        else:
            found[path] = task
    with Workers() as workers:
        for task, result in workers.results(tasks):
            assert task.location is not None
            assert not isinstance(result, Unchanged), "nothing is known of these files"
            found[task.location] = document_of(result) if isinstance(result, Prepared) else result
            on_done()
    return found


def task_for(path: str, reading: ReadingOptions, limit: int) -> Task | Unreadable:
    """How the file at an absolute path is to be read; `Unreadable` where there is none."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)  # noqa: PTH116 - the string that the system knows it by
    except OSError as error:
        gone = is_gone(path) or is_gone(real)
        return Unreadable("there is no such file" if gone else plain_reason(error), gone=gone)
    stat = FileStat(status.st_size, status.st_mtime_ns, status.st_ino, status.st_ctime_ns)
    return Task(real, path, Path(path).name, "", stat, limit=limit, reading=reading)

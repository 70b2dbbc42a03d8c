"""Asks the questions of a run without a model: in the thread of the index, or in several processes.

All that this takes is computing, and threads of one Python take turns at that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.concurrency.children import Children
from index.concurrency.processes import cores
from index.errors import ModelUnavailable, ProcessDied, QaError, StorageError, UnusableIndex
from qa.answering.index_reader import IndexReader
from qa.evaluation.running.attempt import (
    Again,
    AskOne,
    AskOptions,
    Attempt,
    IndexGuard,
    LocalReader,
    Recorded,
)
from qa.evaluation.types import Question, RecordId

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.embedder import Embedder
    from qa.answering.shared_reader import SharedIndexReader
    from qa.evaluation.runs.header import Fingerprint
    from qa.models.base import Completion

    IndexPlace = tuple[Path, Callable[[str], Embedder] | None, Path | None]  # what an `IndexReader` opens

FATAL = (ModelUnavailable, UnusableIndex, StorageError)  # errors that end a run
QUESTIONS_EACH = 100  # from so many on, another process saves more than its start takes


class Asker:
    """An index, and how it is asked: what a process has of its own."""

    def __init__(self, place: IndexPlace, made_with: Fingerprint, options: AskOptions) -> None:
        self._reader = IndexReader(*place)
        self._guard = IndexGuard(made_with)
        self._options = options

    def record(self, question: Question, record_id: RecordId, again: Again) -> Recorded:
        """As `record_one`."""
        return record_one(self._reader, self._guard, self._options, question, record_id, again)


def processes_for(questions: int, wanted: int | None) -> int:
    """How many processes ask so many questions: `wanted`, or as many as there are cores and it pays."""
    return max(1, min(questions, wanted) if wanted else min(cores(), questions // QUESTIONS_EACH))


@contextmanager
def asking_without_model(
    shared: SharedIndexReader, guard: IndexGuard, options: AskOptions, processes: int
) -> Iterator[AskOne]:
    """What asks one question, in one of so many `processes`, in the thread of `shared` if it is one.

    It raises the errors that end a run, and those with which a question comes again.
    """
    if processes == 1:

        def in_thread(question: Question, record_id: RecordId, again: Again) -> Recorded:
            return shared.run(lambda reader: record_one(reader, guard, options, question, record_id, again))

        yield in_thread
        return
    place = (shared.folder, shared.load, shared.directory)
    with Children(processes, Asker, place, guard.made_with, options) as children:

        def in_process(question: Question, record_id: RecordId, again: Again) -> Recorded:
            try:
                return children.run(Asker.record, question, record_id, again)
            except ProcessDied as error:
                attempt = Attempt(question, record_id, {}, _no_calls)
                shared.read(lambda catalog: attempt.find_gold(guard.check(catalog)))
                return Recorded(attempt.failure(error), error)

        yield in_process


def record_one(
    reader: IndexReader,
    guard: IndexGuard,
    options: AskOptions,
    question: Question,
    record_id: RecordId,
    again: Again,
) -> Recorded:
    """What came of a question. Raises the errors that end a run, and those with which it comes `again`."""
    attempt = Attempt(question, record_id, {}, _no_calls)
    try:
        return Recorded(attempt.record(LocalReader(reader), guard, options))
    except QaError as error:
        if isinstance(error, (*FATAL, *again)):
            raise
        return Recorded(attempt.failure(error), error)


def _no_calls(number: int, done: Completion) -> None:
    """There is no model to be called."""

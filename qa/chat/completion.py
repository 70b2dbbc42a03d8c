"""Tab completion at the prompt of a conversation: commands, sources, paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from index.errors import UnusableIndex
from qa.answering.index_reader import IndexReader
from qa.chat.commands import COMMANDS, SETTABLE
from qa.output.text import printable

_FEWEST = 2  # letters of a word before source names are offered for it


class QuestionCompleter(Completer):
    """Completes /commands, what they take, and source names."""

    def __init__(self, reader: IndexReader) -> None:
        self.reader = reader
        self._paths = PathCompleter(expanduser=True)
        self._names: tuple[str, ...] = ()
        self._generation = -1

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """What may follow the text before the cursor."""
        text = document.text_before_cursor
        word = text.split(" ")[-1]
        if not text.startswith("/"):
            if len(word) >= _FEWEST:
                yield from _fitting(word, self.names())
        elif " " not in text:
            yield from _fitting(word, [f"/{name}" for name in COMMANDS])
        elif text.startswith("/save "):
            rest = Document(text.removeprefix("/save "))
            yield from self._paths.get_completions(rest, complete_event)
        elif text.startswith("/set ") and text.count(" ") == 1:
            yield from _fitting(word, SETTABLE)
        elif text.startswith(("/set source ", "/sources ")):
            yield from _fitting(word, self.names())

    def names(self) -> tuple[str, ...]:
        """The names of all sources that can be typed and shown as they are; none from an index that broke."""
        with suppress(UnusableIndex):  # the next question tells
            generation = self.reader.catalog().generation()
            if generation != self._generation:
                names = (source.name for source in self.reader.sources())
                self._names = tuple(name for name in names if printable(name) == name)
                self._generation = generation
        return self._names


def _fitting(word: str, candidates: Iterable[str]) -> Iterator[Completion]:
    """The candidates that begin with `word`, or whose last part does."""
    wanted = word.casefold()
    for candidate in candidates:
        name = candidate.casefold()
        if name.startswith(wanted) or name.rpartition("/")[2].startswith(wanted or "/"):
            yield Completion(candidate, start_position=-len(word))

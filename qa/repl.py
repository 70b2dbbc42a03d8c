"""The conversation on a terminal: prompt, history, completion, ^C and ^D.

Knows the keyboard. What a /command does is in `qa.commands`, what an answer looks like in `qa.render`. The
prompt stands before the heavy packages are imported: a thread does that while the person types.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from index.errors import QaError, UnusableIndex
from qa import __version__
from qa.asking import Library, check_question
from qa.commands import COMMANDS, SETTABLE, LeaveConversation, parse_command, run_command
from qa.connect import embedder_loader, writer_for
from qa.conversation import Conversation
from qa.screen import one_line

if TYPE_CHECKING:
    from qa.config import Settings
    from qa.screen import Screen

PROMPT = "qa> "
_FEWEST = 2  # letters of a word before source names are offered for it


def converse(
    folder: Path,
    settings: Settings,
    screen: Screen,
    resume: str | None = None,
    *,
    gold: Path | None = None,
) -> int:
    """Ask and answer until the person leaves; the exit code. `resume` names a conversation to take up.

    `gold` is the question set that /gold writes.

    Raises UnusableIndex, and SettingsError or `ModelError` if a model is configured that cannot be had.
    """
    from qa.telling import waiting

    library = Library(folder, embedder_loader(settings, os.environ))
    conversation = Conversation(library, screen, k=settings.k.value, gold=gold)
    sources = library.catalog().counts()[0]
    if resume is not None:
        conversation.resume(resume)
    conversation.writer = writer_for(settings, os.environ, on_wait=partial(waiting, screen))
    screen.say(f"qa {__version__}: {sources:,} sources in {one_line(str(folder))}")
    _greet(conversation)
    warming = threading.Thread(target=_warm, args=(library,), name="qa-warm", daemon=True)
    session = _session(conversation)
    try:
        _loop(conversation, session, warming, settings)
    finally:
        if warming.is_alive():
            warming.join(timeout=2)  # a thread in the middle of an import must not meet the interpreter's end
        library.close()
    return 0


def _greet(conversation: Conversation) -> None:
    screen = conversation.screen
    if conversation.writer is not None:
        screen.say(f"Answers are written by {one_line(conversation.writer.llm.name)}.")
    if conversation.turns:
        last = one_line(conversation.turns[-1][0].question)
        screen.say(f"{len(conversation.turns):,} questions were asked before, the last one: {last}")
    screen.say("Ask a question; /help lists the commands, ^D leaves.")


def _warm(library: Library) -> None:
    with suppress(QaError):  # the first question meets the same error, and that one is shown
        library.warm()


def _loop(
    conversation: Conversation,
    session: PromptSession[str],
    warming: threading.Thread,
    settings: Settings,
) -> None:
    interrupted = False
    while True:
        try:
            line = session.prompt(PROMPT, pre_run=None if warming.ident else warming.start)
        except KeyboardInterrupt:
            if interrupted:
                conversation.screen.note("To leave: ^D or /quit.")
            interrupted = True
            continue
        except EOFError:
            return
        interrupted = False
        try:
            _turn(conversation, line, warming, settings)
        except LeaveConversation:
            return
        except KeyboardInterrupt:
            conversation.screen.note("stopped")
        except QaError as exc:
            conversation.screen.note(f"qa: {one_line(exc.cause)}")
            if exc.hint:
                conversation.screen.note(f"    {one_line(exc.hint)}")


def _turn(conversation: Conversation, line: str, warming: threading.Thread, settings: Settings) -> None:
    """Do what one line asks for. Raises QaError, LeaveConversation."""
    if not line.strip():
        return
    command = parse_command(line)
    if command is not None:
        run_command(conversation, *command)
        return
    from qa.telling import hint, tell

    typed = check_question(line)
    if warming.is_alive():
        conversation.screen.hint("loading ...")
        warming.join()
    first = conversation.last is None
    screen = conversation.screen
    asking = conversation.understood(typed)
    if asking.question != typed:
        screen.note(f"Asking: {one_line(asking.question)}", "dim")
    stream = conversation.writer is not None and settings.stream.value is not False
    answer = tell(partial(conversation.ask, asking), screen, stream=stream)
    screen.say("")
    connect = conversation.writer is None and not settings.offline.value
    if first and (text := hint(answer, connect=connect)):
        screen.hint(text + "\n")


def _session(conversation: Conversation) -> PromptSession[str]:
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return PromptSession(
        history=_history(conversation.screen),
        auto_suggest=AutoSuggestFromHistory(),
        completer=QuestionCompleter(conversation.library),
        complete_while_typing=False,  # while it looks for what may follow, Tab would be ignored
        key_bindings=bindings,
        enable_open_in_editor=True,
    )


def _history(screen: Screen) -> History:
    """What was asked before, in the user's state folder, readable by its owner only."""
    from platformdirs import user_state_path

    path = user_state_path("qa", appauthor=False) / "history"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as exc:
        screen.hint(f"questions will not be remembered: {path}: {exc.strerror}")
        return InMemoryHistory()
    return FileHistory(path)


class QuestionCompleter(Completer):
    """Completes /commands, what they take, and source names."""

    def __init__(self, library: Library) -> None:
        self.library = library
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
            generation = self.library.catalog().generation()
            if generation != self._generation:
                names = (source.name for source in self.library.sources())
                self._names = tuple(name for name in names if one_line(name) == name)
                self._generation = generation
        return self._names


def _fitting(word: str, candidates: Iterable[str]) -> Iterator[Completion]:
    """The candidates that begin with `word`, or whose last part does."""
    wanted = word.casefold()
    for candidate in candidates:
        name = candidate.casefold()
        if name.startswith(wanted) or name.rpartition("/")[2].startswith(wanted or "/"):
            yield Completion(candidate, start_position=-len(word))

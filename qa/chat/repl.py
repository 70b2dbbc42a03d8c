"""The interactive prompt of `qa chat`: input, history, completion, ^C and ^D.

The prompt stands before the heavy packages are imported: a thread does that while the person types.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from index.errors import QaError
from qa import __version__
from qa.answering.factory import configured_model, configured_reader, warm_up
from qa.answering.index_reader import IndexReader, check_question
from qa.chat.commands import LeaveConversation, parse_command, run_command, spelled
from qa.chat.completion import QuestionCompleter
from qa.chat.conversation import Conversation
from qa.errors import unforeseen
from qa.models.embedders import EmbedderLoader
from qa.output.consent import agreed
from qa.output.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.answering.generative.generate import AnswerModel
    from qa.output.console import Console
    from qa.settings.settings import Settings

PROMPT = "qa> "


class LinePrompt(Protocol):
    """What reads a line, after `pre_run`. Raises EOFError at the end."""

    def prompt(self, message: str, /, *, pre_run: Callable[[], None] | None = None) -> str:
        """The next line."""


class PlainPrompt:
    """Lines as the terminal itself lets them be edited: for one that nothing may be drawn on."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def prompt(self, message: str, /, *, pre_run: Callable[[], None] | None = None) -> str:
        """The next line, without its end."""
        if pre_run is not None:
            pre_run()
        self._console.out.write(message)
        self._console.out.flush()
        line = sys.stdin.readline()
        if not line:
            self._console.print("")
            raise EOFError
        return line.removesuffix("\n")


def converse(
    folder: Path,
    settings: Settings,
    console: Console,
    resume: str | None = None,
    *,
    gold: Path | None = None,
    directory: Path | None = None,
) -> int:
    """Ask and answer until the person leaves; the exit code. `resume` names a conversation to take up.

    `gold` is the question set that /gold writes. Paths that are typed begin in `directory`.

    Raises UnusableIndex, and SettingsError or `ModelError` if a model is configured that cannot be had.
    """
    from qa.output.answers.present import waiting

    settings = agreed(settings, os.environ, folder, console)
    reader = IndexReader(folder, EmbedderLoader(settings, os.environ), directory)
    conversation = Conversation(reader, k=settings.k, gold=gold)
    sources = reader.catalog().counts()[0]
    if resume is not None:
        conversation.resume(resume)
    conversation.model = configured_model(settings, os.environ, on_wait=partial(waiting, console))
    conversation.sentence_reader = configured_reader(settings)
    console.print(f"qa {__version__}: {sources:,} sources in {printable(str(folder))}")
    _greet(conversation, console)
    warming = threading.Thread(target=_warm, args=(reader, conversation.model), name="qa-warm", daemon=True)
    session = _session(conversation, console)
    try:
        _loop(conversation, console, session, warming, settings)
    finally:
        if warming.is_alive():
            warming.join(timeout=2)  # a thread in the middle of an import must not meet the interpreter's end
        reader.close()
    return 0


def _greet(conversation: Conversation, console: Console) -> None:
    if conversation.model is not None:
        console.print(f"Answers are written by {printable(conversation.model.llm.name)}.")
    if conversation.turns:
        last = printable(conversation.turns[-1][0].question)
        console.print(f"{len(conversation.turns):,} questions were asked before, the last one: {last}")
    console.print("Ask a question; /help lists the commands, ^D leaves.")


def _warm(reader: IndexReader, model: AnswerModel | None) -> None:
    with suppress(QaError):  # the first question meets the same error, and that one is shown
        reader.warm()
    if model is not None:
        warm_up(model)


def _loop(
    conversation: Conversation,
    console: Console,
    session: LinePrompt,
    warming: threading.Thread,
    settings: Settings,
) -> None:
    interrupted = False
    while True:
        try:
            line = session.prompt(PROMPT, pre_run=None if warming.ident else warming.start)
        except KeyboardInterrupt:
            if interrupted:
                console.log("To leave: ^D or /quit.")
            interrupted = True
            continue
        except EOFError:
            return
        interrupted = False
        try:
            _turn(conversation, console, line, warming, settings)
        except LeaveConversation:
            return
        except KeyboardInterrupt:
            console.log("stopped")
        except QaError as exc:
            _tell(console, *exc.spelled(spelled))
        except Exception as exc:  # noqa: BLE001 - a mistake of ours ends a question, not a conversation
            _tell(console, *unforeseen(exc))


def _tell(console: Console, cause: str, hint: str) -> None:
    """What went wrong, and what to do."""
    console.log(f"qa: {printable(cause)}")
    if hint:
        console.log(f"    {printable(hint)}")


def _turn(
    conversation: Conversation,
    console: Console,
    line: str,
    warming: threading.Thread,
    settings: Settings,
) -> None:
    """Do what one line asks for. Raises QaError, LeaveConversation."""
    if not line.strip():
        return
    command = parse_command(line)
    if command is not None:
        run_command(conversation, console, *command)
        return
    from qa.output.answers.present import hint, present
    from qa.output.answers.streaming import LiveText

    typed = check_question(line)
    if warming.is_alive():
        console.hint("loading ...")
        warming.join()
    first = conversation.last is None
    asking = conversation.understood(typed)
    if asking.question != typed:
        console.log(f"Asking: {printable(asking.question)}", "dim")
    with LiveText(console) as live:
        show = None if settings.stream is False else live
        answer = conversation.ask(asking, show=show, tell=console.status)
    present(answer, console, streamed=live.shown)
    console.print("")
    connect = conversation.model is None and not settings.offline
    if first and (text := hint(answer, connect=connect)):
        console.hint(text + "\n")


def _session(conversation: Conversation, console: Console) -> LinePrompt:
    if not console.draws:
        return PlainPrompt(console)
    bindings = KeyBindings()

    @bindings.add("escape", "enter")
    def _new_line(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    return PromptSession(
        history=_history(console),
        auto_suggest=AutoSuggestFromHistory(),
        completer=QuestionCompleter(conversation.reader),
        complete_while_typing=False,  # while it looks for what may follow, Tab would be ignored
        key_bindings=bindings,
        enable_open_in_editor=True,
    )


def _history(console: Console) -> History:
    """What was asked before, in the user's state folder, readable by its owner only."""
    from platformdirs import user_state_path

    path = user_state_path("qa", appauthor=False) / "history"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError as exc:
        console.hint(f"questions will not be remembered: {path}: {exc.strerror}")
        return InMemoryHistory()
    return FileHistory(path)

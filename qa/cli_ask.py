"""`qa ask` and `qa demo`: one question, one answer.

Knows how a question comes in and how its answer goes out; searching and answering are elsewhere.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import StorageError, UsageError
from qa.cli_options import (
    CheckOption,
    ColorOption,
    DebugOption,
    IndexOption,
    JsonOption,
    KOption,
    MaxCostOption,
    ModelOption,
    OfflineOption,
    SinceOption,
    SourceOption,
    StreamOption,
    UntilOption,
    open_desk,
)

if TYPE_CHECKING:
    from qa.cli_options import Desk
    from qa.screen import Screen
    from qa.types import Answer

DEMO_QUESTION = "Why was the Budapest summit cancelled?"
ABSTAINED = 3  # the exit code with --fail-on-abstain
INTERRUPTED = 130


def ask(  # noqa: PLR0913 - one parameter for each option
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", hidden=True)],
    *,
    as_json: JsonOption = False,
    k: KOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    offline: OfflineOption = False,
    stream: StreamOption = None,
    check: CheckOption = None,
    max_cost: MaxCostOption = None,
    fail_on_abstain: Annotated[
        bool, typer.Option("--fail-on-abstain", help="Exit with 3 if the documents do not answer.")
    ] = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Answer a question, with the sentences it rests on.

    QUESTION is one or more words, or - for a question on stdin. A model writes the answer if there is one:
    OPENAI_API_KEY is the key, OPENAI_BASE_URL the address of any server that speaks OpenAI's protocol.
    Without them, nothing is sent anywhere.
    """
    flags = {"k": k, "offline": offline or None, "model": model, "stream": stream, "check": check}
    desk = open_desk(color=color, debug=debug, index=index, max_cost=max_cost, **flags)
    text = _read_stdin() if question == ["-"] else " ".join(question)
    answer = _answered(desk, text, source or (), (since, until), as_json=as_json)
    if _was_stopped(answer):
        return INTERRUPTED
    return ABSTAINED if fail_on_abstain and answer.status == "abstained" else 0


def _answered(
    desk: Desk, question: str, sources: Sequence[str], dates: tuple[str | None, str | None], *, as_json: bool
) -> Answer:
    """Ask, and print the answer: all at once, or while it is written."""
    from index.home import find_index
    from qa.asking import Library, check_question, make_filters
    from qa.connect import embedder_loader, writer_for
    from qa.telling import tell, waiting

    text = check_question(question)
    filters = make_filters(sources, *dates)
    settings, screen = desk.settings, desk.screen
    folder = find_index(desk.directory, settings.index.value)
    library = Library(folder, embedder_loader(settings, os.environ))
    try:
        library.catalog()  # without an index, nobody is asked which models there are
        writer = writer_for(settings, os.environ, on_wait=partial(waiting, screen))
        ask = partial(library.ask, text, k=settings.k.value, filters=filters, writer=writer)
        if as_json:
            answer = ask()
            print_answer(answer, screen, as_json=True)
        else:
            wanted = screen.is_terminal if settings.stream.value is None else settings.stream.value
            answer = tell(ask, screen, stream=wanted and writer is not None)
            _hint(answer, screen, connect=writer is None and not settings.offline.value)
    finally:
        library.close()
    return answer


def _was_stopped(answer: Answer) -> bool:
    if answer.mode != "llm":
        return False
    from qa.compose import INTERRUPTED as STOPPED

    return STOPPED in answer.notes


def demo(as_json: JsonOption = False, color: ColorOption = None, debug: DebugOption = False) -> int:
    """Answer a question about the example documents.

    They are read into a temporary index, which is removed afterwards.
    """
    from tempfile import TemporaryDirectory

    from qa.asking import Library, make_filters
    from qa.cli_index import index_paths
    from qa.screen import one_line

    desk = open_desk(color=color, debug=debug)
    folder = examples_folder()
    with TemporaryDirectory(prefix="qa-demo-", ignore_cleanup_errors=True) as temporary:
        place = Path(temporary) / ".qa"
        desk.screen.note(f"Indexing {one_line(str(folder))} into a temporary index ...")
        index_paths([str(folder)], place, desk, chroma=False)  # nobody else will open this index
        desk.screen.note(f"Asking: {DEMO_QUESTION}\n")
        library = Library(place)
        try:
            answer = library.ask(DEMO_QUESTION, k=desk.settings.k.value, filters=make_filters((), None, None))
        finally:
            library.close()
        print_answer(answer, desk.screen, as_json=as_json)
    return 0


def examples_folder() -> Path:
    """Where the example documents lie: in the installed package, or in the root of a clone."""
    package = Path(__file__).resolve().parent
    for folder in (package / "examples", package.parent / "examples"):
        if (folder / "documents").is_dir():
            return folder / "documents"
    raise StorageError("the example documents are missing", "install qa again, or run it in its repository")


def print_answer(answer: Answer, screen: Screen, *, as_json: bool) -> None:
    """An answer as JSON, or as text for the screen at hand."""
    from qa.render import to_json, to_text

    if as_json:
        screen.data(to_json(answer))
        return
    screen.say(to_text(answer, screen.width, colour=screen.colour))
    _hint(answer, screen, connect=True)


def _hint(answer: Answer, screen: Screen, *, connect: bool) -> None:
    """What a person at a terminal should know of an answer without a model."""
    from qa.telling import hint

    if screen.is_terminal and (text := hint(answer, connect=connect)):
        screen.hint("\n" + text)


def _read_stdin() -> str:
    """The question on standard input, which must be UTF-8."""
    if sys.stdin.isatty():
        sys.stderr.write("Type the question; ^D ends it.\n")
    data = sys.stdin.buffer.read(1_000_000)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UsageError(
            f"the question on stdin is not UTF-8 (byte {exc.start})", "convert it to UTF-8"
        ) from exc

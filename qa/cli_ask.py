"""`qa ask` and `qa demo`: one question, one answer.

Knows how a question comes in and how its answer goes out; searching and answering are elsewhere.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import StorageError, UsageError
from qa.cli_options import (
    ColorOption,
    DebugOption,
    IndexOption,
    JsonOption,
    KOption,
    OfflineOption,
    SinceOption,
    SourceOption,
    UntilOption,
    open_desk,
)

if TYPE_CHECKING:
    from qa.screen import Screen
    from qa.types import Answer

DEMO_QUESTION = "Why was the Budapest summit cancelled?"
ABSTAINED = 3  # the exit code with --fail-on-abstain


def ask(  # noqa: PLR0913 - one parameter for each option
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", hidden=True)],
    *,
    as_json: JsonOption = False,
    k: KOption = None,
    source: SourceOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    offline: OfflineOption = False,
    fail_on_abstain: Annotated[
        bool, typer.Option("--fail-on-abstain", help="Exit with 3 if the documents do not answer.")
    ] = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Answer a question, with the sentences it rests on.

    QUESTION is one or more words, or - for a question on stdin.
    """
    from index.home import find_index
    from qa.asking import Library, check_question, make_filters

    desk = open_desk(color=color, debug=debug, index=index, k=k, offline=offline or None)
    text = check_question(_read_stdin() if question == ["-"] else " ".join(question))
    filters = make_filters(source or (), since, until)
    library = Library(find_index(desk.directory, desk.settings.index.value))
    try:
        answer = library.ask(text, k=desk.settings.k.value, filters=filters)
    finally:
        library.close()
    print_answer(answer, desk.screen, as_json=as_json)
    return ABSTAINED if fail_on_abstain and answer.status == "abstained" else 0


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
    from qa.render import EXTRACTIVE_NOTE, to_json, to_text

    if as_json:
        screen.data(to_json(answer))
        return
    screen.say(to_text(answer, screen.width, colour=screen.colour))
    if answer.mode == "extractive" and answer.status != "abstained" and screen.is_terminal:
        screen.hint("\n" + EXTRACTIVE_NOTE)


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

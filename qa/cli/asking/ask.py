"""`qa ask`: one question from the command line or standard input, one answer as text or JSON."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import UsageError
from qa.cli.context import found_index, load_context
from qa.cli.options import (
    CheckOption,
    ColorOption,
    DebugOption,
    IndexOption,
    JsonOption,
    KOption,
    MaxCostOption,
    ModelOption,
    OfflineOption,
    PlanOption,
    ReaderOption,
    SinceOption,
    SourceOption,
    StreamOption,
    TimeoutOption,
    UntilOption,
)

if TYPE_CHECKING:
    from qa.cli.context import CommandContext
    from qa.output.console import Console
    from qa.types import Answer

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
    offline: OfflineOption = None,
    timeout: TimeoutOption = None,
    stream: StreamOption = None,
    check: CheckOption = None,
    plan: PlanOption = None,
    reader: ReaderOption = None,
    max_cost: MaxCostOption = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="First bring what is indexed up to date, as qa index does.")
    ] = False,
    fail_on_abstain: Annotated[
        bool, typer.Option("--fail-on-abstain", help="Exit with 3 if the documents do not answer.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which query found each passage, and what was read of it.")
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
    flags = {
        "k": k,
        "offline": offline,
        "model": model,
        "timeout": timeout,
        "stream": stream,
        "check": check,
        "plan": plan,
        "reader": reader,
    }
    context = load_context(color=color, debug=debug, index=index, max_cost=max_cost, **flags)
    text = _read_stdin() if question == ["-"] else " ".join(question)
    if fresh:
        from qa.cli.documents.index import bring_up_to_date

        bring_up_to_date(context, ask=not as_json)
    answer = _answered(context, text, source or (), (since, until), as_json=as_json)
    if explain and not as_json:  # JSON has it all
        _explain(answer, context.console)
    if answer.stopped:
        return INTERRUPTED
    return ABSTAINED if fail_on_abstain and answer.status == "abstained" else 0


def _answered(
    context: CommandContext,
    question: str,
    sources: Sequence[str],
    dates: tuple[str | None, str | None],
    *,
    as_json: bool,
) -> Answer:
    """Ask, and print the answer: all at once, or while it is written."""
    from index.search.filters import make_filters
    from qa.answering.ask import ask as ask_index
    from qa.answering.factory import configured_model, configured_reader, warm_up
    from qa.answering.index_reader import IndexReader, check_question
    from qa.models.embedders import EmbedderLoader
    from qa.output.answers.present import present, waiting
    from qa.output.answers.streaming import LiveText
    from qa.output.consent import agreed

    text = check_question(question)
    filters = make_filters(sources, *dates)
    settings, console = context.settings, context.console
    folder = found_index(context)
    settings = agreed(settings, os.environ, folder, console, ask=not as_json)
    with closing(IndexReader(folder, EmbedderLoader(settings, os.environ), context.directory)) as index:
        model = configured_model(settings, os.environ, on_wait=partial(waiting, console))
        if model is not None:
            threading.Thread(target=warm_up, args=(model,), name="qa-warm", daemon=True).start()
        reader = configured_reader(settings)
        asked = partial(ask_index, text, index, k=settings.k, filters=filters, model=model, reader=reader)
        if as_json:
            result = asked().answer
            print_answer(result, console, as_json=True)
            return result
        wanted = console.is_terminal if settings.stream is None else settings.stream
        with LiveText(console) as live:
            result = asked(show=live if wanted else None, tell=console.status).answer
        present(result, console, streamed=live.shown)
        _hint(result, console, connect=model is None and not settings.offline)
    return result


def _explain(answer: Answer, console: Console) -> None:
    from qa.chat.explain import explanation

    console.print("\n" + explanation(answer, width=console.width, colour=console.colour))


def print_answer(answer: Answer, console: Console, *, as_json: bool) -> None:
    """An answer as JSON, or as text for the screen at hand."""
    from qa.output.answers.as_json import to_json
    from qa.output.answers.present import present

    if as_json:
        console.print_json(to_json(answer))
        return
    present(answer, console)
    _hint(answer, console, connect=True)


def _hint(answer: Answer, console: Console, *, connect: bool) -> None:
    """What a person at a terminal should know of an answer without a model."""
    from qa.output.answers.present import hint

    if console.is_terminal and (text := hint(answer, connect=connect)):
        console.hint("\n" + text)


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

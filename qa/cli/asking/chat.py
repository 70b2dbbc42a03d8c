"""`qa chat`, and `qa` alone on a terminal: starts the conversation, or says why it cannot."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from index.errors import UsageError
from qa.cli.context import found_index, load_context
from qa.cli.options import (
    CheckOption,
    ColorOption,
    DebugOption,
    IndexOption,
    KOption,
    MaxCostOption,
    ModelOption,
    OfflineOption,
    PlanOption,
    ReaderOption,
    StreamOption,
    TimeoutOption,
)


def chat(  # noqa: PLR0913 - one parameter for each option
    *,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume", metavar="NAME", help="Take up a conversation that was kept; last: the latest."
        ),
    ] = None,
    list_sessions: Annotated[
        bool, typer.Option("--sessions", help="List the conversations that were kept (/save).")
    ] = False,
    k: KOption = None,
    model: ModelOption = None,
    offline: OfflineOption = None,
    timeout: TimeoutOption = None,
    stream: StreamOption = None,
    check: CheckOption = None,
    plan: PlanOption = None,
    reader: ReaderOption = None,
    max_cost: MaxCostOption = None,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Ask questions one after another. Also: qa, alone."""
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
    if list_sessions:
        from qa.chat.sessions import print_sessions, sessions, sessions_folder

        print_sessions(sessions(sessions_folder()), context.console)
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "a conversation needs a terminal on stdin and stdout",
            "to ask one question from a script: qa ask QUESTION, or: qa ask - <question.txt; see qa --help",
        )
    from qa.chat.repl import converse

    folder = found_index(context)
    return converse(folder, context.settings, context.console, resume, directory=context.directory)

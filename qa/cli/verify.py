"""`qa verify`: compares the citations of saved answers with the files as they are now."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.context import load_context
from qa.cli.options import ColorOption, DebugOption, IndexOption, JsonOption
from qa.settings.settings import SETTINGS

if TYPE_CHECKING:
    from qa.checking.receipts.saved import Receipt
    from qa.cli.context import CommandContext

NOT_INTACT = 5  # the exit code if any citation is not


def verify(
    answers: Annotated[list[str], typer.Argument(metavar="ANSWER", hidden=True)],
    *,
    as_json: JsonOption = False,
    readers: Annotated[
        list[str] | None, typer.Option("--reader", metavar="SUFFIX=CLASS", help=SETTINGS["readers"].purpose)
    ] = None,
    ocr: Annotated[bool | None, typer.Option("--ocr/--no-ocr", help=SETTINGS["ocr"].purpose)] = None,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Compare the citations of saved answers with the files as they are now.

    ANSWER is what qa ask --json or /save wrote, a run folder, the name of a saved conversation, or - for
    stdin. No model and no network is used. The exit code is 5 unless every citation is intact.
    """
    context = load_context(color=color, debug=debug, index=index, readers=readers, ocr=ocr)
    from index.storage.location import nearest
    from qa.checking.receipts.listing import verification_json, verification_lines
    from qa.checking.receipts.verify import verify as verified
    from qa.output.progress import ProgressLine
    from qa.settings.reading import reading_options

    console, settings = context.console, context.settings
    receipts = [receipt for answer in answers for receipt in _receipts(answer, context)]
    progress = ProgressLine(console)
    try:
        verdicts = verified(
            receipts,
            settings.index or nearest(context.directory),
            reading=reading_options(settings),
            limit=settings.max_file_size,
            on_progress=lambda done, of: progress.show(lambda: f"{done:,} of {of:,} files read", done, of),
        )
    finally:
        progress.close()
    pairs = list(zip(receipts, verdicts, strict=True))
    if as_json:
        console.print_json(verification_json(pairs))
    else:
        console.print("\n".join(verification_lines(pairs, width=console.width, colour=console.colour)))
    intact = all(verdict.state == "intact" for found in verdicts for verdict in found)
    return 0 if intact else NOT_INTACT


def _receipts(answer: str, context: CommandContext) -> list[Receipt]:
    """The answers in what was named. Raises UsageError."""
    from qa.chat.sessions import sessions_folder
    from qa.checking.receipts.saved import read_receipts, receipts_in

    if answer == "-":
        return receipts_in(sys.stdin.buffer.read(), "stdin")
    path = context.directory / Path(answer).expanduser()
    saved = sessions_folder() / f"{answer}.jsonl"
    return read_receipts(saved if not path.exists() and saved.is_file() else path, answer)

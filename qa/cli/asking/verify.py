"""`qa verify`: compares the citations of saved answers with the files as they are now."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from index.storage.location import expanded
from qa.cli.context import found_index, load_context
from qa.cli.options import (
    ColorOption,
    DebugOption,
    IncludeHiddenOption,
    IndexOption,
    JsonOption,
    MaxCostOption,
    ModelOption,
    OcrOption,
    OfflineOption,
    ReadersOption,
)

if TYPE_CHECKING:
    from qa.checking.receipts.saved import Receipt
    from qa.checking.receipts.verify import CitationCheck
    from qa.cli.context import CommandContext
    from qa.types import Answer

NOT_INTACT = 5  # the exit code if any citation is not


def verify(  # noqa: PLR0913 - one parameter for each option
    answers: Annotated[list[str], typer.Argument(metavar="ANSWER", hidden=True)],
    *,
    as_json: JsonOption = False,
    readers: ReadersOption = None,
    refresh: Annotated[
        bool,
        typer.Option(
            "--refresh", help="Bring the index up to date, and ask again what cites something not intact."
        ),
    ] = False,
    ocr: OcrOption = None,
    include_hidden: IncludeHiddenOption = None,
    model: ModelOption = None,
    offline: OfflineOption = None,
    max_cost: MaxCostOption = None,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Compare the citations of saved answers with the files as they are now.

    ANSWER is what qa ask --json or /save wrote, a run folder, the name of a saved conversation, or - for
    stdin. No model and no network is used, but with --refresh, where the settings name a model. The exit code
    is 5 unless every citation is intact.
    """
    context = load_context(
        color=color,
        debug=debug,
        index=index,
        readers=readers,
        ocr=ocr,
        include_hidden=include_hidden,
        model=model,
        offline=offline,
        max_cost=max_cost,
    )
    from qa.checking.receipts.listing import verification_json, verification_lines

    console = context.console
    receipts = [receipt for answer in answers for receipt in _receipts(answer, context)]
    pairs = list(zip(receipts, _checked(receipts, context), strict=True))
    if not as_json:
        console.print("\n".join(verification_lines(pairs, width=console.width, colour=console.colour)))
    stale = [receipt for receipt, found in pairs if any(each.state != "intact" for each in found)]
    answers_now = _asked_again(stale, context, as_json=as_json) if refresh and stale else {}
    if as_json:
        console.print_json(verification_json(pairs, answers_now))
    return NOT_INTACT if stale else 0


def _checked(receipts: Sequence[Receipt], context: CommandContext) -> list[tuple[CitationCheck, ...]]:
    """What has become of the citations of each receipt, with progress while files are read."""
    from index.storage.location import nearest
    from qa.checking.receipts.verify import verify as verified
    from qa.output.progress import ProgressLine
    from qa.settings.reading import reading_options

    settings = context.settings
    reading = reading_options(settings)
    if any(citation.hidden for receipt in receipts for citation in receipt.citations):
        reading = replace(reading, hidden=True)  # else it would be gone from a file that nobody changed
    there_is_one = settings.index is not None or nearest(context.directory) is not None
    folder = found_index(context) if there_is_one else None
    with closing(ProgressLine(context.console)) as progress:
        return verified(
            receipts,
            folder,
            reading=reading,
            limit=settings.max_file_size,
            on_progress=lambda done, of: progress.show(lambda: f"{done:,} of {of:,} files read", done, of),
        )


def _asked_again(
    receipts: Sequence[Receipt], context: CommandContext, *, as_json: bool
) -> dict[Receipt, Answer]:
    """The answers of today to the questions of `receipts`, each asked once, and printed as they come."""
    from index.search.filters import ALL
    from index.storage.location import find_index
    from qa.answering.ask import ask
    from qa.answering.factory import configured_model, configured_reader
    from qa.answering.index_reader import IndexReader, check_question
    from qa.checking.receipts.listing import refreshed_lines
    from qa.cli.documents.index import bring_up_to_date
    from qa.models.embedders import EmbedderLoader
    from qa.output.consent import agreed

    bring_up_to_date(context, ask=not as_json)
    console, folder = context.console, find_index(context.directory, context.settings.index)
    settings = agreed(context.settings, os.environ, folder, console, ask=not as_json)
    model, reader = configured_model(settings, os.environ), configured_reader(settings)
    answers: dict[Receipt, Answer] = {}
    by_question: dict[str, Answer] = {}
    with closing(IndexReader(folder, EmbedderLoader(settings, os.environ), context.directory)) as index:
        for receipt in receipts:
            if receipt.question not in by_question:
                text = check_question(receipt.question)
                by_question[receipt.question] = ask(
                    text,
                    index,
                    k=settings.k,
                    filters=ALL,
                    model=model,
                    reader=reader,
                    tell=console.status,
                ).answer
            answers[receipt] = by_question[receipt.question]
            if not as_json:
                lines = refreshed_lines(receipt, answers[receipt], console.width, colour=console.colour)
                console.print("\n".join(["", *lines]))
    return answers


def _receipts(answer: str, context: CommandContext) -> list[Receipt]:
    """The answers in what was named. Raises UsageError."""
    from qa.chat.sessions import sessions_folder
    from qa.checking.receipts.saved import read_receipts, receipts_in

    if answer == "-":
        return receipts_in(sys.stdin.buffer.read(), "stdin")
    path = context.directory / expanded(answer)
    saved = sessions_folder() / f"{answer}.jsonl"
    return read_receipts(saved if not path.exists() and saved.is_file() else path, answer)

"""`qa index`: brings the index up to date, progress on stderr, report on stdout."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, Unpack

import typer

from index.errors import NoIndex, UsageError
from qa.cli.context import CommandContext, convert, found_index, limits_given, load_context
from qa.cli.options import (
    ColorOption,
    DebugOption,
    IncludeHiddenOption,
    IndexOption,
    JsonOption,
    OcrOption,
    OfflineOption,
    ReadersOption,
)
from qa.settings.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.sync.events import SyncReport
    from index.vectors.writer_process import ChromaStatus
    from qa.output.console import Console

STDIN_NAME = "stdin.txt"
_Patterns = list[str] | None
_OcrLanguages = Annotated[
    str | None, typer.Option("--ocr-languages", metavar="NAMES", help=SETTINGS["ocr_languages"].purpose)
]
_Chroma = Annotated[bool | None, typer.Option("--chroma/--no-chroma", help=SETTINGS["chroma"].purpose)]
_Size = Annotated[
    str | None, typer.Option("--max-file-size", metavar="SIZE", help=SETTINGS["max_file_size"].purpose)
]
_Force = Annotated[
    bool,
    typer.Option("--force", help="Read again what is unchanged, too; nothing is embedded twice."),
]
_Yes = Annotated[
    bool, typer.Option("--yes", help="Remove what is gone without asking, even where it is most of a folder.")
]
_Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="NAME=VALUE",
        help="What reading one file may take: read_memory=2GB, read_seconds=300. Repeatable.",
    ),
]
_Name = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What to call the text read from stdin.")
]
_Embedder = Annotated[
    str | None, typer.Option("--embedder", metavar="NAME", help=SETTINGS["embedder"].purpose)
]
_Wait = Annotated[bool, typer.Option("--wait", help="Wait until Chroma is up to date, too; 1 if it fails.")]


def index(  # noqa: PLR0913 - one parameter for each option
    path: Annotated[list[str] | None, typer.Argument(metavar="PATH", hidden=True)] = None,
    *,
    as_json: JsonOption = False,
    include: Annotated[
        _Patterns, typer.Option("--include", metavar="GLOB", help=SETTINGS["include"].purpose)
    ] = None,
    exclude: Annotated[
        _Patterns, typer.Option("--exclude", metavar="GLOB", help=SETTINGS["exclude"].purpose)
    ] = None,
    max_file_size: _Size = None,
    readers: ReadersOption = None,
    ocr: OcrOption = None,
    include_hidden: IncludeHiddenOption = None,
    ocr_languages: _OcrLanguages = None,
    limit: _Limits = None,
    name: _Name = None,
    embedder: _Embedder = None,
    chroma: _Chroma = None,
    wait: _Wait = False,
    force: _Force = False,
    yes: _Yes = False,
    offline: OfflineOption = None,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Put files and folders into the index, or update it.

    PATH is a file, a folder or - for a text on stdin; without one, all that was indexed is brought up to
    date. What is new is added, what changed is read again, what is gone is removed, and what is neither costs
    nothing. Where most of a folder is gone, its disk may not be there: nothing of it is removed unasked.
    """
    read: dict[str, object] = {
        "include": include,
        "exclude": exclude,
        "max_file_size": max_file_size,
        "readers": readers,
        **limits_given(limit),
    }
    read |= {"ocr": ocr, "ocr_languages": ocr_languages, "embedder": embedder, "chroma": chroma}
    read["include_hidden"] = include_hidden
    context = load_context(color=color, debug=debug, index=index, offline=offline, **read)
    how = Syncing(remove_gone=yes, force=force, unnamed=not path)
    paths = path or known_paths(context)
    _check_paths(paths, name)
    folder = _index_folder(paths, context)
    context = _agreed(folder, context, ask=not as_json and paths != ["-"])
    if paths == ["-"]:
        report = _index_stdin(name or STDIN_NAME, folder, context)
    else:
        report = _index_asking(paths, folder, context, how, ask=not as_json)
    if context.settings.chroma or wait:
        report = replace(report, chroma=_keep_chroma(report.chroma, folder, context, wait=wait))
    _print_report(report, folder, context, as_json=as_json)
    return 1 if report.failed or report.kept or (wait and report.chroma.is_behind) else 0


def _check_paths(path: Sequence[str], name: str | None) -> None:
    """Raise UsageError for paths that cannot be meant together, or with a name, and where there are none."""
    if not path:
        raise UsageError("no file or folder was indexed yet", "name one: qa index FOLDER")
    if "-" in path and len(path) > 1:
        raise UsageError("- is indexed by itself", "index the other paths with a command of their own")
    if not all(path):
        raise UsageError("the name of a path is empty", "the working directory is called .")
    if name is not None and path != ["-"]:
        raise UsageError("--name is for a text read from stdin", "give - as PATH, or leave out --name")


def known_paths(context: CommandContext) -> list[str]:
    """The folders and files that were indexed. Raises UnusableIndex."""
    from index.storage.catalog import Catalog
    from index.sync.scan.places import known_places

    with Catalog.open(found_index(context)) as catalog:
        return known_places(catalog)


def _index_folder(paths: Sequence[str], context: CommandContext) -> Path:
    """The index to write to, made if there is none. Raises UsageError if none of the paths exists."""
    from index.storage.location import as_spelled, find_or_create_index, nearest
    from qa.output.text import printable

    named = context.settings.index
    exists = named.is_dir() if named else nearest(context.directory) is not None
    if not exists and not any(path == "-" or os.path.lexists(as_spelled(path)) for path in paths):
        raise UsageError(f"there is no file or folder {paths[0]}", "check the path")
    folder = find_or_create_index(context.directory, named)
    if not exists:
        context.console.log(f"new index: {printable(str(folder))}")
    return folder


def _agreed(folder: Path, context: CommandContext, *, ask: bool) -> CommandContext:
    """The context, without connections where the person does not want the index's embedder to be asked."""
    from qa.output.consent import agreed, note_named_embedder

    note_named_embedder(context.settings, os.environ, folder, context.console)
    with suppress(NoIndex):  # there is none yet, or another process is just making it
        convert(folder, context.console)
        settings = agreed(context.settings, os.environ, folder, context.console, sent="documents", ask=ask)
        return replace(context, settings=settings)
    return context


class Syncing(TypedDict, total=False):
    """How files are synced, see `index.sync.sync.Options`."""

    remove_gone: bool
    force: bool
    unnamed: bool


def index_paths(
    paths: Sequence[str], folder: Path, context: CommandContext, **how: Unpack[Syncing]
) -> SyncReport:
    """Sync files and folders with the index in `folder`, showing progress. Raises QaError."""
    from index.sync.sync import sync
    from qa.models.embedders import index_embedder
    from qa.output.index_report import IndexProgress
    from qa.settings.reading import sync_options

    settings = context.settings
    options = replace(sync_options(settings), **how)
    with closing(IndexProgress(context.console)) as progress:
        try:
            embedder = index_embedder(folder, settings, os.environ)
            return sync(paths, folder=folder, embedder=embedder, options=options, on_event=progress)
        except KeyboardInterrupt:
            context.console.log("\nstopped; what was done so far stays: run the same command to go on")
            raise


def _index_asking(
    paths: Sequence[str], folder: Path, context: CommandContext, how: Syncing, *, ask: bool
) -> SyncReport:
    """As `index_paths`; whether most of a folder is to be removed, if it is gone, a person is asked."""
    from qa.output.consent import may_ask, says_yes
    from qa.output.text import printable

    console = context.console
    first = index_paths(paths, folder, context, **how)
    if not (first.kept and ask and may_ask(console)):
        return first
    for kept in first.kept:
        console.log(f"{kept.gone:,} of {kept.known:,} files are gone: {printable(kept.folder)}")
    if not says_yes("Remove them from the index? If only their disk is not there, keep them.", console):
        return first
    second = index_paths(paths, folder, context, remove_gone=True)  # the lock was not held meanwhile
    return replace(
        first,
        removed=first.removed + second.removed,
        kept=second.kept,
        seconds=first.seconds + second.seconds,
        generation=second.generation,
        chroma=second.chroma,
    )


def bring_up_to_date(context: CommandContext, *, ask: bool) -> None:
    """Index again what was indexed, for what is to be asked next; Chroma follows in the background.

    A line says what changed, others what could not be read. Raises QaError.
    """
    from qa.output.index_report import changes_line, failure_lines, kept_lines

    folder, paths = found_index(context), known_paths(context)
    if not paths:
        return
    context = _agreed(folder, context, ask=ask)
    report = index_paths(paths, folder, context, unnamed=True)
    if context.settings.chroma:
        _keep_chroma(report.chroma, folder, context, wait=False)
    context.console.hint(changes_line(report))
    for line in (*kept_lines(report), *failure_lines(report)):
        context.console.log(f"qa: {line}")


def _keep_chroma(now: ChromaStatus, folder: Path, context: CommandContext, *, wait: bool) -> ChromaStatus:
    """See that Chroma comes up to date, and with `wait` until it has; how it is then. Raises QaError."""
    from index.vectors.writer_process import catch_up, wait_for
    from qa.output.index_report import ChromaProgress

    if not wait:
        return catch_up(folder, now)
    with closing(ChromaProgress(context.console)) as progress:
        try:
            return wait_for(folder, progress)
        except KeyboardInterrupt:
            context.console.log("\nnot waited for any longer: Chroma is written in the background")
            raise


def _index_stdin(name: str, folder: Path, context: CommandContext) -> SyncReport:
    """Index the text on stdin as a source called `name`. Raises QaError."""
    from index.sync.files import clean_name
    from index.sync.sync import sync_text
    from qa.models.embedders import index_embedder
    from qa.settings.reading import sync_options

    options = sync_options(context.settings)
    limit = context.settings.max_file_size
    if sys.stdin.isatty():
        context.console.log("Type the text; ^D ends it.")
    data = sys.stdin.buffer.read(limit + 1)
    if len(data) > limit:
        raise UsageError(f"the text on stdin is larger than {limit:,} bytes", "raise --max-file-size")
    embedder = index_embedder(folder, context.settings, os.environ)
    return sync_text(data, clean_name(name), folder=folder, embedder=embedder, options=options)


def _print_report(report: SyncReport, folder: Path, context: CommandContext, *, as_json: bool) -> None:
    from qa.models.embedders import kept_embedder
    from qa.output.index_report import kept_lines, report_lines, report_object
    from qa.output.text import printable

    console = context.console
    if as_json:
        console.print_json(json.dumps(report_object(report, str(folder)), ensure_ascii=False))
    else:
        console.print("\n".join(report_lines(report, width=console.width, colour=console.colour)))
    if report.chroma.failure:
        console.log(f"qa: Chroma could not be written the last time: {printable(report.chroma.failure)}")
    if remark := kept_embedder(folder, context.settings):
        console.log(f"qa: {printable(remark)}")
    if not context.settings.ocr:
        _name_scans(report, console)
    for line in kept_lines(report):
        console.log(f"qa: {line}")
    if not (report.indexed or report.failed or report.removed or report.kept):
        console.log("qa: found no file to index")
        console.log("    what was left out is counted in the report; see also --include and --exclude")


def _name_scans(report: SyncReport, console: Console) -> None:
    """Say how images and scanned pages would be read, if there are any."""
    from index.readers.formats import IMAGES
    from index.readers.pdf.ocr.tesseract import SCANNED

    images = sum(count for suffix, count in report.ignored if suffix in IMAGES.suffixes)
    scans = len({name for name, reason in (*report.failed, *report.notes) if reason.startswith(SCANNED)})
    counts = [
        f"{count:,} {word}{'s' if count > 1 else ''}"
        for count, word in ((images, "image"), (scans, "scanned document"))
        if count
    ]
    if counts:
        console.log(f"qa: text in pictures was not read: {' and '.join(counts)}")
        console.log("    to read it, with the program tesseract: qa index --ocr")

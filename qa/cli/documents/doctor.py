"""`qa doctor`: says what is wrong with an index and what it depends on, and mends what can be mended."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import SettingsError, UnusableIndex
from qa.cli.context import CommandContext, convert, flag, load_context
from qa.cli.options import ColorOption, DebugOption, IndexOption, JsonOption, OfflineOption

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.health.files import Reads
    from index.health.findings import CheckFinding
    from index.health.repair.repair import Repair
    from qa.output.console import Console
    from qa.output.progress import ProgressLine

UNUSABLE = 6  # the exit code where there is no index, or it cannot be opened
_Repair = Annotated[
    bool, typer.Option("--repair", help="Mend it: made anew, read again, moved. Nothing is embedded twice.")
]
_AskModel = Annotated[
    bool, typer.Option("--ask-model", help="Ask the models a word, over the network if they are there.")
]


def doctor(
    *,
    repair: _Repair = False,
    ask_model: _AskModel = False,
    offline: OfflineOption = None,
    as_json: JsonOption = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Look for what is wrong with the index and what it depends on, and say what to do.

    Nothing is mended without --repair, and nobody is asked over the network without --ask-model. The exit
    code is 1 if something is wrong, and 6 if there is no index or it cannot be opened.
    """
    context, of_settings = _context(index, color, offline=offline, debug=debug, strict=repair)
    from qa.output.health import doctor_json, print_finding, print_repair, summary

    console, visit = context.console, _Visit(context, ask=not as_json)
    repairs: list[Repair] = []
    findings: list[CheckFinding] = []
    for done in visit.repaired() if repair else ():
        repairs.append(done)
        if not as_json:
            visit.progress.end()
            print_repair(done, console)
    for finding in chain(of_settings, visit.findings(ask_model=ask_model)):
        findings.append(finding)
        if not as_json:
            visit.progress.end()
            print_finding(finding, console)
    visit.progress.end()
    if as_json:
        console.print_json(
            doctor_json(None if visit.folder is None else str(visit.folder), findings, repairs)
        )
    else:
        console.hint(f"\n{summary(findings)}")
    return UNUSABLE if visit.unusable else int(any(found.state == "wrong" for found in findings))


def _context(
    index: str | None, color: str | None, *, offline: bool | None, debug: bool, strict: bool
) -> tuple[CommandContext, list[CheckFinding]]:
    """The context and what is to be said of the settings; where these are wrong, that of the defaults.

    Raises SettingsError if it is to be `strict`: nothing is mended by other rules than those that are meant.
    """
    from qa.settings.health import check_keys, check_settings, wrong_settings

    try:
        context = load_context(color=color, debug=debug, index=index, offline=offline)
    except SettingsError as error:
        if strict:
            raise
        from qa.output.console import Console
        from qa.settings.settings import Settings

        settings = Settings().with_options({"index": index, "color": color}, flag)
        console = Console.open(sys.stdout, sys.stderr, choice=settings.color, environ=os.environ)
        return CommandContext(settings, console, Path.cwd()), [wrong_settings(error)]
    return context, [check_settings(context.settings), check_keys(context.settings)]


class _Visit:
    """One visit to the index that the settings name: `folder` is None until one is found."""

    def __init__(self, context: CommandContext, *, ask: bool) -> None:
        self._context = context
        self._ask = ask
        self._started = False
        self.progress = _Progress(context.console)
        self.folder: Path | None = None
        self.unusable = False

    def repaired(self) -> Iterator[Repair]:
        """What a repair does; what stops it is said by the checks. Raises IndexLocked, StorageError."""
        from index.errors import IndexLocked
        from index.health.repair.repair import repair
        from index.storage.location import find_index
        from index.vectors.writer_process import catch_up, status

        context = self._context
        try:
            folder = find_index(context.directory, context.settings.index)
            yield from repair(
                folder, embedder=lambda: self._embedder(folder), reads=self._reads(), report=self.progress
            )
        except IndexLocked:
            raise
        except UnusableIndex:
            return
        if context.settings.chroma:
            from index.storage.catalog import Catalog

            with Catalog.open(folder) as catalog:
                now = status(catalog)
            self._started = catch_up(folder, now).is_written

    def findings(self, *, ask_model: bool) -> Iterator[CheckFinding]:
        """What there is to be said, check by check."""
        from index.health.checkup import check_content, check_folder, unusable
        from index.health.files import Reads
        from index.health.versions import check_versions
        from index.storage.catalog import Catalog
        from index.storage.location import find_index
        from qa import __version__
        from qa.settings.health import wrong_settings

        context = self._context
        schema: int | None = None
        try:
            self.folder = find_index(context.directory, context.settings.index)
            yield from check_folder(self.folder)
            convert(self.folder, context.console)
            with Catalog.open(self.folder) as catalog:
                schema = catalog.manifest.schema
            chroma = context.settings.chroma
            try:
                reads = self._reads()
            except SettingsError as error:
                yield wrong_settings(error)
                reads = Reads()
            yield from check_content(self.folder, reads, self.progress, chroma=chroma, started=self._started)
        except UnusableIndex as error:
            self.unusable = True
            yield unusable(error)
        yield check_versions(__version__, schema)
        if ask_model:
            from qa.cli.documents.connection import check_models

            yield from check_models(context.settings, os.environ, None if self.unusable else self.folder)

    def _reads(self) -> Reads:
        from index.health.files import Reads
        from qa.settings.reading import reading_options

        settings = self._context.settings
        return Reads(settings.include, settings.exclude, settings.max_file_size, reading_options(settings))

    def _embedder(self, folder: Path) -> Embedder:
        """The embedder of the index, if the person wants it to be asked."""
        from qa.models.embedders import index_embedder
        from qa.output.consent import agreed

        context = self._context
        settings = agreed(
            context.settings, os.environ, folder, context.console, sent="documents", ask=self._ask
        )
        return index_embedder(folder, settings, os.environ)()


class _Progress:
    """How far a check is, on a line of its own that is taken back before the next one is printed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._line: ProgressLine | None = None

    def __call__(self, what: str, done: int, total: int | None) -> None:
        """`done` of `total` are done of what is looked at; None: nobody knows how long it takes."""
        from qa.output.progress import ProgressLine

        if total is None:
            self.end()
            self._console.status(what)
            return
        self._line = self._line or ProgressLine(self._console)
        self._line.show(lambda: f"{what}: {done:,} of {total:,}", done, total)

    def end(self) -> None:
        """Take the line back."""
        self._console.clear_status()
        if self._line is not None:
            self._line.close()
            self._line = None

"""The settings, console and working directory that every command gets."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from index.remote.masking import Secrets
    from qa.output.console import Console
    from qa.settings.settings import Settings


LIMITS = ("read_memory", "read_seconds", "max_unpacked", "max_depth", "max_cells")  # settings of --limit
# Whether an error is reported with its traceback (--debug): noted by the command, read by who reports it.
debugging: ContextVar[bool] = ContextVar("debugging", default=False)
# What such a report must not show: noted as soon as the settings are read.
known: ContextVar[Secrets | None] = ContextVar("known", default=None)


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What a command works with: the effective settings, where to print, and the working directory."""

    settings: Settings
    console: Console
    directory: Path


def found_index(context: CommandContext) -> Path:
    """The folder of the index that a command asks, in the present format. Raises UnusableIndex."""
    from index.storage.location import find_index

    folder = find_index(context.directory, context.settings.index)
    convert(folder, context.console)
    return folder


def convert(folder: Path, console: Console) -> None:
    """Bring an index that an older version made to the present format; how far that is shows on stderr.

    Raises UnusableIndex.
    """
    from index.storage.catalog import Catalog
    from qa.output.progress import ProgressLine

    progress = ProgressLine(console)

    def show(share: float) -> None:
        line = f"converting the index to the present format, once: {share:.0%}"
        progress.show(lambda: line, round(100 * share), 100)

    with closing(progress):
        Catalog.open(folder, on_conversion=show).close()


def flag(option: str) -> str:
    """An option as the command line has it: `--max-cost` for `max_cost`."""
    if option in LIMITS:
        return f"--limit {option}"
    return "--" + {"sources": "source", "readers": "reader"}.get(option, option).replace("_", "-")


def limits_given(given: Sequence[str] | None) -> dict[str, str]:
    """Limits by name, as `--limit NAME=VALUE` gives them. Raises UsageError."""
    limits = {}
    for pair in given or ():
        name, _, value = pair.partition("=")
        if name.strip() not in LIMITS:
            raise UsageError(f"there is no limit called {name!r}", f"there are {', '.join(LIMITS)}")
        limits[name.strip()] = value.strip()
    return limits


def load_context(*, color: str | None, debug: bool = False, **flags: object) -> CommandContext:
    """Settings and console of one command, which calls this first. Raises SettingsError, UsageError.

    `flags` are settings by name, None where not given. With `debug`, errors from here on show a traceback.
    """
    debugging.set(debug)
    from qa.output.console import Console
    from qa.output.text import printable
    from qa.settings.secrets import known_secrets, readable_by_others
    from qa.settings.settings import load_settings

    try:
        directory = Path.cwd()
    except OSError as exc:
        raise UsageError("the working directory is gone", "change to one that exists") from exc
    options = {**flags, "color": color}
    settings = load_settings(options, environ=os.environ, directory=directory, spell=flag)
    known.set(known_secrets(os.environ, settings))
    console = Console.open(sys.stdout, sys.stderr, choice=settings.color, environ=os.environ)
    for path in readable_by_others(settings):
        name = printable(path)
        console.log(f"{name} holds a secret, and other users can read it: chmod 600 {name}")
    return CommandContext(settings, console, directory)

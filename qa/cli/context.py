"""What a command works with: settings, console, folder."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.errors import UsageError

if TYPE_CHECKING:
    from qa.output.console import Colour, Console
    from qa.settings.settings import Settings


# Whether an error is reported with its traceback (--debug): noted by the command, read by who reports it.
debugging: ContextVar[bool] = ContextVar("debugging", default=False)


@dataclass(frozen=True, slots=True)
class CommandContext:
    """What a command works with: the effective settings, where to print, and the working directory."""

    settings: Settings
    console: Console
    directory: Path


def load_context(*, color: str | None, debug: bool = False, **flags: object) -> CommandContext:
    """Settings and console of one command, which calls this first. Raises SettingsError, UsageError.

    `flags` are settings by name, None where not given. With `debug`, errors from here on show a traceback.
    """
    debugging.set(debug)
    from qa.output.console import Console
    from qa.settings.settings import load_settings

    try:
        directory = Path.cwd()
    except OSError as exc:
        raise UsageError("the working directory is gone", "change to one that exists") from exc
    settings = load_settings({**flags, "color": color}, environ=os.environ, directory=directory)
    choice = cast("Colour", settings.color.value)
    console = Console.open(sys.stdout, sys.stderr, choice=choice, environ=os.environ)
    return CommandContext(settings, console, directory)

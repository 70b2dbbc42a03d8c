"""The options that commands share, and what every command needs to begin: settings and a screen.

Knows how options are spelled and explained. Does nothing with them but to look up the effective settings.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from index.errors import UsageError

if TYPE_CHECKING:
    from qa.config import Settings
    from qa.screen import Colour, Screen

IndexOption = Annotated[
    str | None,
    typer.Option("--index", metavar="FOLDER", help="The index; by default the nearest .qa."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ColorOption = Annotated[
    str | None, typer.Option("--color", metavar="WHEN", help="Colour: auto, always or never.")
]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")]
KOption = Annotated[
    int | None,
    typer.Option("--k", min=1, max=1000, metavar="N", help="How many passages to look at, 10 by default."),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="GLOB", help="Only sources of such a name: 'notes/*.md'. Repeatable."),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only sources of that day or later: YYYY-MM-DD.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only sources of that day or earlier.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="NAME", help="The model that answers, or package.module:Class of a LlamaIndex LLM."
    ),
]
StreamOption = Annotated[
    bool | None,
    typer.Option("--stream/--no-stream", help="Show the answer while it is written; so on a terminal."),
]
CheckOption = Annotated[
    str | None,
    typer.Option("--check", metavar="HOW", help="Check claims: none, rules (default), llm (a judge too)."),
]
MaxCostOption = Annotated[
    str | None, typer.Option("--max-cost", metavar="USD", help="Ask a model only while it costs no more.")
]
OfflineOption = Annotated[bool, typer.Option("--offline", help="Never open a network connection.")]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command works with: the effective settings, where to print, and the working directory."""

    settings: Settings
    screen: Screen
    directory: Path


def open_desk(*, color: str | None, debug: bool = False, **flags: object) -> Desk:
    """Settings and screen for one command. `flags` are settings by name, None where not given.

    `debug` is acted upon by `main`, which sees the errors. Raises SettingsError, UsageError.
    """
    from qa.config import load_settings
    from qa.screen import Screen

    del debug
    try:
        directory = Path.cwd()
    except OSError as exc:
        raise UsageError("the working directory is gone", "change to one that exists") from exc
    settings = load_settings({**flags, "color": color}, environ=os.environ, directory=directory)
    choice = cast("Colour", settings.color.value)
    screen = Screen.open(sys.stdout, sys.stderr, choice=choice, environ=os.environ)
    return Desk(settings, screen, directory)

"""The options that commands share, and what every command needs to begin: settings and a screen.

Knows how options are spelled and explained. Does nothing with them but to look up the effective settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass

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

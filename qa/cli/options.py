"""The command-line options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.settings.settings import SETTINGS

IndexOption = Annotated[
    str | None,
    typer.Option("--index", metavar="FOLDER", help=SETTINGS["index"].purpose),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
ColorOption = Annotated[str | None, typer.Option("--color", metavar="WHEN", help=SETTINGS["color"].purpose)]
DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something goes wrong.")]
KOption = Annotated[
    int | None,
    typer.Option("--k", min=1, max=1000, metavar="N", help=SETTINGS["k"].purpose),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source", metavar="GLOB", help="Only sources of such a name or path: 'notes/*.md'. Repeatable."
    ),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Only sources of that day or later: YYYY-MM-DD.")
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only sources of that day or earlier.")
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help=SETTINGS["model"].purpose),
]
TimeoutOption = Annotated[
    int | None,
    typer.Option("--timeout", min=1, max=3600, metavar="SECONDS", help=SETTINGS["timeout"].purpose),
]
StreamOption = Annotated[
    bool | None,
    typer.Option("--stream/--no-stream", help=SETTINGS["stream"].purpose),
]
PlanOption = Annotated[
    bool | None,
    typer.Option("--plan/--no-plan", help=SETTINGS["plan"].purpose),
]
CheckOption = Annotated[
    str | None,
    typer.Option("--check", metavar="HOW", help=SETTINGS["check"].purpose),
]
ReaderOption = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help=SETTINGS["reader"].purpose),
]
ReadersOption = Annotated[
    list[str] | None,
    typer.Option("--reader", metavar="SUFFIX=CLASS", help=SETTINGS["readers"].purpose),
]
OcrOption = Annotated[bool | None, typer.Option("--ocr/--no-ocr", help=SETTINGS["ocr"].purpose)]
IncludeHiddenOption = Annotated[
    bool | None,
    typer.Option("--include-hidden/--no-include-hidden", help=SETTINGS["include_hidden"].purpose),
]
MaxCostOption = Annotated[
    str | None, typer.Option("--max-cost", metavar="USD", help=SETTINGS["max_cost"].purpose)
]
OfflineOption = Annotated[
    bool | None, typer.Option("--offline/--no-offline", help=SETTINGS["offline"].purpose)
]

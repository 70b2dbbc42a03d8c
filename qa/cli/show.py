"""`qa sources`, `qa show` and `qa config`: what is indexed, what a source says, what is set."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from qa.cli.context import open_desk
from qa.cli.options import ColorOption, DebugOption, IndexOption, JsonOption


def sources(
    *,
    as_json: JsonOption = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """List what is indexed."""
    from index.storage.catalog import Catalog
    from index.storage.location import find_index
    from qa.output.listing import print_sources, sources_json

    desk = open_desk(color=color, debug=debug, index=index)
    with Catalog.open(find_index(desk.directory, desk.settings.index.value)) as catalog:
        found = catalog.sources()
        _, chunks, _ = catalog.counts()
    if as_json:
        desk.screen.data(sources_json(found))
    elif found:
        print_sources(found, desk.screen)
        desk.screen.hint(f"\n{len(found):,} sources, {chunks:,} chunks")
    else:
        desk.screen.note("The index is empty. Put documents in: qa index FOLDER")
    return 0


def show(
    target: Annotated[str, typer.Argument(metavar="SOURCE[:START-END]", hidden=True)],
    *,
    as_json: JsonOption = False,
    context: Annotated[
        int, typer.Option("--context", min=0, max=10_000, metavar="LINES", help="Lines around a span.")
    ] = 3,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Show a source as it was read, or a span of it.

    SOURCE is a name that `qa sources` lists, or a path. What follows it is a range of characters, counted
    from 0, or a line as answers print it: notes.txt:12, report.pdf:3:120.
    """
    from index.storage.catalog import Catalog
    from index.storage.location import find_index
    from qa.output.excerpt import excerpt_json, excerpt_lines, find_target
    from qa.output.text import clean

    desk = open_desk(color=color, debug=debug, index=index)
    screen = desk.screen
    with Catalog.open(find_index(desk.directory, desk.settings.index.value)) as catalog:
        source, span, text = find_target(catalog, target, desk.directory)
    if as_json:
        screen.data(excerpt_json(source, span, text))
    elif span is None and not screen.is_terminal:
        screen.say(clean(text).removesuffix("\n"))
    else:
        screen.page("\n".join(excerpt_lines(source, span, text, context=context, colour=screen.colour)))
    return 0


def config(
    *,
    as_json: JsonOption = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Show the settings and where each comes from."""
    from index.storage.location import nearest
    from qa.output.listing import print_settings, settings_json
    from qa.output.text import one_line
    from qa.settings.settings import described, user_file

    desk = open_desk(color=color, debug=debug, index=index)
    rows = described(desk.settings)
    found = desk.settings.index.value or nearest(desk.directory)
    mine = str(user_file(os.environ))
    if as_json:
        desk.screen.data(settings_json(rows, index=str(found) if found else None, user_file=mine))
        return 0
    print_settings(rows, desk.screen)
    desk.screen.hint(f"\nindex here: {one_line(str(found)) if found else 'none yet'}")
    desk.screen.hint(f"your own settings file: {one_line(mine)}")
    return 0

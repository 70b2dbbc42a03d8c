"""`qa sources` and `qa show`: what is indexed, and the text of a source."""

from __future__ import annotations

from typing import Annotated

import typer

from qa.cli.context import found_index, load_context
from qa.cli.options import ColorOption, DebugOption, IndexOption, JsonOption


def sources(
    *,
    as_json: JsonOption = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """List what is indexed."""
    context = load_context(color=color, debug=debug, index=index)
    from index.storage.catalog import Catalog
    from index.vectors.writer_process import status
    from qa.output.index_report import chroma_line
    from qa.output.listing import print_sources, sources_json

    with Catalog.open(found_index(context)) as catalog:
        indexed = catalog.sources()
        _, chunks, _ = catalog.counts()
        behind = chroma_line(status(catalog)) if context.settings.chroma else ""
    if as_json:
        context.console.print_json(sources_json(indexed))
    elif indexed:
        print_sources(indexed, context.console)
        context.console.hint(f"\n{len(indexed):,} sources, {chunks:,} chunks")
        if behind:
            context.console.hint(behind)
    else:
        context.console.log("The index is empty. Put documents in: qa index FOLDER")
    return 0


def show(
    target: Annotated[str, typer.Argument(metavar="SOURCE[:START-END]", hidden=True)],
    *,
    as_json: JsonOption = False,
    lines: Annotated[
        int, typer.Option("--context", min=0, max=10_000, metavar="LINES", help="Lines around a span.")
    ] = 3,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Show a source as it was read, or a span of it.

    SOURCE is a name that `qa sources` lists, or a path. What follows it is a range of characters, counted
    from 0, or a line as answers print it: notes.txt:12, report.pdf:3:120. A whole source comes with the
    remarks on how it was read: above its text, or on stderr where stdout is no terminal.
    """
    context = load_context(color=color, debug=debug, index=index)
    console = context.console
    from index.storage.catalog import Catalog
    from qa.output.excerpt import excerpt_json, excerpt_lines, find_target, remark_lines
    from qa.output.text import pictured

    with Catalog.open(found_index(context)) as catalog:
        source, span, text = find_target(catalog, target, context.directory)
    if as_json:
        console.print_json(excerpt_json(source, span, text))
    elif span is None and not console.is_terminal:
        console.print(pictured(text).removesuffix("\n"))
        for line in remark_lines(source):
            console.log(line)
    else:
        console.page("\n".join(excerpt_lines(source, span, text, context=lines, colour=console.colour)))
    return 0

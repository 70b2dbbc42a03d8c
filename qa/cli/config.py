"""`qa config`: the settings, and where each comes from."""

from __future__ import annotations

import os

from qa.cli.context import load_context
from qa.cli.options import ColorOption, DebugOption, IndexOption, JsonOption


def config(
    *,
    as_json: JsonOption = False,
    index: IndexOption = None,
    color: ColorOption = None,
    debug: DebugOption = False,
) -> int:
    """Show the settings and where each comes from."""
    context = load_context(color=color, debug=debug, index=index)
    from index.storage.location import nearest
    from qa.output.listing import print_settings, settings_json
    from qa.output.text import printable
    from qa.settings.settings import described, user_file

    rows = described(context.settings)
    folder = context.settings.index or nearest(context.directory)
    own_file = str(user_file(os.environ))
    if as_json:
        index_name = str(folder) if folder else None
        context.console.print_json(settings_json(rows, index=index_name, user_file=own_file))
        return 0
    print_settings(rows, context.console)
    context.console.hint(f"\nindex here: {printable(str(folder)) if folder else 'none yet'}")
    context.console.hint(f"your own settings file: {printable(own_file)}")
    return 0

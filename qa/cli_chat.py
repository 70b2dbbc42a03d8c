"""`qa chat`, and `qa` alone on a terminal: starts the conversation, or says why it cannot."""

from __future__ import annotations

import sys

from index.errors import UsageError
from qa.cli_options import ColorOption, DebugOption, IndexOption, open_desk


def chat(index: IndexOption = None, color: ColorOption = None, debug: DebugOption = False) -> int:
    """Ask questions one after another. Also: qa, alone."""
    desk = open_desk(color=color, debug=debug, index=index)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "a conversation needs a terminal on stdin and stdout",
            "to ask one question from a script: qa ask QUESTION, or: qa ask - <question.txt; see qa --help",
        )
    from index.home import find_index
    from qa.repl import converse

    return converse(find_index(desk.directory, desk.settings.index.value), desk.settings, desk.screen)

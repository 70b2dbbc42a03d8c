"""Opens a file at a line, in the user's editor, pager or desktop program.

The path is an argument of its own and passes through no shell: nothing that a document says is run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from qa.output.text import shell_words

# Formats whose lines are not those of the extracted text, or that an editor would show as noise.
_NOT_TEXT = {".pdf", ".docx", ".pptx", ".xlsx", ".epub", ".html", ".htm", ".xhtml", ".eml"}
_GOTO = {"code", "codium", "code-insiders", "cursor"}  # editors that take --goto FILE:LINE
_COLON = {"subl", "zed", "hx", "helix"}  # editors that take FILE:LINE


def open_place(path: Path, line: int, environ: Mapping[str, str]) -> bool:
    """Open `path`, a text at `line`, and wait for an editor or pager to end. False if nothing can open it."""
    command = opening_command(path, line, environ)
    try:
        if command is None and sys.platform == "win32":
            os.startfile(path.absolute())  # noqa: S606 - no shell reads its name
            return True
        if command is None:
            return False
        return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - the user's own programs
    except OSError:  # it was there when we looked, or EDITOR names nothing: the path is printed instead
        return False


def opening_command(path: Path, line: int, environ: Mapping[str, str]) -> list[str] | None:
    """The command that opens `path`: editor or pager for text, else the desktop's opener, else None."""
    where = str(path.absolute())
    if path.suffix.lower() not in _NOT_TEXT:
        chosen = environ.get("VISUAL") or environ.get("EDITOR") or environ.get("PAGER") or "less"
        words = shell_words(chosen)
        if words and shutil.which(words[0], path=environ.get("PATH")):
            return words + _at_line(Path(words[0]).name, where, line)
    return _desktop_opener(where, environ)


def _at_line(program: str, where: str, line: int) -> list[str]:
    if program in _GOTO:
        return ["--goto", f"{where}:{line}"]
    if program in _COLON:
        return [f"{where}:{line}"]
    if program in {"more", "most", "bat", "cat"}:
        return [where]
    return [f"+{line}", where]


def _desktop_opener(where: str, environ: Mapping[str, str]) -> list[str] | None:
    if sys.platform == "darwin":
        return ["open", where]
    opener = shutil.which("xdg-open", path=environ.get("PATH"))
    seen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return [opener, where] if opener and seen else None

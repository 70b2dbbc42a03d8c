"""Runs `qa` in a shell with a clean environment, over a few documents."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from qa.cli.context import CommandContext
from qa.cli.documents.index import index_paths
from qa.output.console import Console
from qa.settings.settings import Settings
from tests.support.file_names import local_name
from tests.support.timeouts import PATIENCE

DOCUMENTS = {
    "cats.txt": "Mia and Leo\n\nMia is a grey cat. She was born in Riga in 2019.\nLeo is her brother.\n",
    "deep/boats.md": "# Boats\n\nThe Vasa was lost in 1628 because it carried too many cannons.\n",
    "evil.txt": "The \x1b[31mred\x1b[0m \u202ereversed summit [/bold] was held in Oslo.\n",
    "łódź.txt": "Łódź lies in Poland.\n",
}
PERSONAL = ("QA_", "OPENAI_", "AZURE_", "XDG_")
QUESTION = "Why was the Vasa lost?"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


def write_documents(folder: Path) -> None:
    """The documents, below `docs`."""
    for name, text in DOCUMENTS.items():
        path = folder / "docs" / local_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def update_index(folder: Path) -> None:
    """Bring the index in `folder` up to date with its documents."""
    console = Console(io.StringIO(), io.StringIO())
    context = CommandContext(Settings(), console, folder)
    report = index_paths([str(folder / "docs")], folder / ".qa", context)
    assert not report.failed


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing of the person who runs the tests is set, and no process is left."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(PERSONAL)}
    return {**variables, "HOME": str(home), "PYTHONUTF8": "1", "QA_CHROMA": "no", **more}


def shell(script: str, at: Path, **more: str) -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of a script in which `$QA` is the command."""
    env = environment(at, QA=f"{sys.executable} -m qa", **more)
    return subprocess.run(
        ["bash", "-c", script], cwd=at, capture_output=True, env=env, check=False, timeout=PATIENCE
    )

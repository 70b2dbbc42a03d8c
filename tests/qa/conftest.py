"""What the tests of the command line and of the conversation share."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from qa.cli.app import main
from tests.support.cli import PERSONAL, Done, Run, update_index, write_documents


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four documents and their index, which no test changes."""
    folder = tmp_path_factory.mktemp("library")
    write_documents(folder)
    update_index(folder)
    return folder


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs a command line in this process, in a folder, with a text on stdin."""
    for name in list(os.environ):
        if name.startswith(PERSONAL):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def runner(*arguments: str, at: Path, stdin: bytes = b"") -> Done:
        monkeypatch.chdir(at)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return runner

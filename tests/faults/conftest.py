"""What the fault tests share: a folder full of broken files, and the results of `qa index` on it."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock

from index.storage.catalog import Catalog
from qa.cli.app import main
from tests.support.folders import LIMIT, write_faulty_folder
from tests.support.processes import Done, assert_well_behaved, qa

QaHere = Callable[..., Done]


@dataclass(frozen=True)
class FaultyFolder:
    """A home with `docs` full of faults, what its first run said as JSON, and its second in plain lines."""

    home: Path
    index: Path  # as it was made: nobody opens it, so that it can be copied while others read
    first: Done
    second: Done
    temporary: Path

    def reason(self, name: str) -> tuple[str, str]:
        """(failed, skipped or note, and why) of one file."""
        for kind in ("failed", "skipped", "notes"):
            for one in self.first.shown[kind]:
                if one["name"] == name:
                    return kind, one["reason"]
        return "nothing", ""

    def text(self, name: str) -> str:
        """What the index holds of a file."""
        with Catalog.open(self.home / ".qa") as catalog:
            source = catalog.source(name)
            assert source is not None, name
            return catalog.text(source.id)


@pytest.fixture(scope="session")
def faulty_folder(tmp_path_factory: pytest.TempPathFactory) -> FaultyFolder:
    """The broken folder, indexed twice: once for all processes that test. Take `copied` to change it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    home, temporary, results = shared / "faulty", shared / "temporary", shared / "results.json"
    with FileLock(shared / "faulty.lock"):
        if not results.exists():
            home.mkdir()
            temporary.mkdir()
            write_faulty_folder(home / "docs")
            words = ("index", "docs", "--max-file-size", str(LIMIT))
            variables = {"TMPDIR": str(temporary)}
            runs = [
                qa(*words, *more, at=home, variables=variables)
                for more in (["--json", "--chroma", "--wait"], [])
            ]
            shutil.copytree(home / ".qa", shared / "index")
            results.write_text(json.dumps(runs), encoding="utf-8")
    first, second = (Done(*run) for run in json.loads(results.read_text(encoding="utf-8")))
    return FaultyFolder(home, shared / "index", first, second, temporary)


@pytest.fixture
def copied(faulty_folder: FaultyFolder, tmp_path: Path) -> Path:
    """A home with the index of the broken folder and its one good document, to do harm to."""
    home = tmp_path / "copied"
    (home / "docs").mkdir(parents=True)
    shutil.copytree(faulty_folder.index, home / ".qa")
    shutil.copy2(faulty_folder.home / "docs" / "good.txt", home / "docs")
    return home


@pytest.fixture
def qa_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> QaHere:
    """As `qa` of `tests.support.processes`, in this process: where what is printed is the point."""

    def run(*words: str, at: Path, stdin: bytes = b"") -> Done:
        with monkeypatch.context() as patch:
            patch.chdir(at)
            patch.setenv("HOME", str(at))
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            code = main(list(words))
        printed = capsys.readouterr()
        return assert_well_behaved(code, printed.out.encode(), printed.err.encode())

    return run

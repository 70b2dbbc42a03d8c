"""What is made of documents is for its owner only, and a file of keys that is not is named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cli import QUESTION, Run, write_documents
from tests.support.planted import KEY

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A person whose files everybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_files(folder: Path) -> list[str]:
    """The files that others may read, in whatever folder they are."""
    return [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mode & 0o077
    ]


@pytest.mark.usefixtures("open_mask")
@pytest.mark.parametrize("wide", [False, True])
def test_index_run_and_reports_are_for_their_owner(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide: bool
) -> None:
    """Also in folders that stood there before, and that others may enter."""
    monkeypatch.setenv("QA_CHROMA", "no")  # its folder is private as a whole
    write_documents(tmp_path)
    made = tmp_path / "made"
    made.mkdir()
    if wide:
        for name in (".qa", "run"):
            (made / name).mkdir(mode=0o777)
    (tmp_path / "set.jsonl").write_text(f'{{"question": "{QUESTION}"}}\n', encoding="utf-8")
    index = ("--index", str(made / ".qa"))
    assert run("index", "docs", *index, at=tmp_path).code == 0
    outputs = ("--junit", "made/junit.xml", "--csv", "made/t.csv", "--markdown", "made/t.md")
    assert run("eval", "set.jsonl", "--out", "made/run", *outputs, *index, at=tmp_path).code == 0
    assert run("report", "made/run", at=tmp_path).code == 0
    assert run("report", "made/run", "-o", "made/page.html", at=tmp_path).code == 0
    assert open_files(made) == []
    if not wide:
        assert {stat.S_IMODE((made / name).stat().st_mode) for name in (".qa", "run")} == {0o700}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (f'openai_api_key = "{KEY}"', True),
        (f'openai_base_url = "http://me:{KEY}@localhost/v1"', True),
        (f'[model.headers]\nX-Key = "{KEY}"', True),
        ('[model.headers]\nX-Key = "${GATEWAY}"', False),
        ('openai_base_url = "http://localhost/v1"', False),
        ("k = 3", False),
    ],
)
def test_a_file_of_keys_that_others_can_read_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str, named: bool
) -> None:
    """Once, on standard error, with what to do; not once that is done."""
    own = tmp_path / "own.toml"
    own.write_text(settings, encoding="utf-8")
    own.chmod(0o640)
    monkeypatch.setenv("QA_CONFIG", str(own))
    done = run("config", at=tmp_path)
    assert done.err.count(f"other users can read it: chmod 600 {own}") == named
    assert KEY not in done.out + done.err
    own.chmod(0o600)
    assert "chmod" not in run("config", at=tmp_path).err

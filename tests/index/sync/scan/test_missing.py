"""What is gone from the documents is removed, unless it is so much that a disk may be away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.storage.catalog import Catalog
from index.sync.events import Kept
from index.sync.scan.missing import FEW
from tests.support.workspaces import Workspace, figures


def documents(workspace: Workspace, folder: str, count: int) -> list[Path]:
    workspace.write(**{f"{folder}__{number}_txt": f"{folder} {number}." for number in range(count)})
    return sorted((workspace.docs / folder).iterdir())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.mark.parametrize(
    ("known", "gone", "kept"),
    [
        (2 * FEW, FEW, False),
        (2 * FEW, FEW + 1, True),
        (FEW, FEW, True),
        (FEW - 1, FEW - 1, False),
    ],
)
def test_more_than_half_of_many_files(workspace: Workspace, known: int, gone: int, kept: bool) -> None:
    """They are kept, said, and removed once that is asked for; what is fewer is removed."""
    paths = documents(workspace, "a", known)
    folder = workspace.docs / "a"
    workspace.index(folder)
    for path in paths[:gone]:
        path.unlink()
    for _ in range(2):
        report = workspace.index(folder)
        assert report.kept == ((Kept(str(folder), gone, known),) if kept else ())
        if not kept:
            break
        assert figures(report) == ({"unchanged": known - gone} if known > gone else {})
    assert len(workspace.names()) == (known if kept else known - gone)
    workspace.index(folder, remove_gone=True)
    assert len(workspace.names()) == known - gone


def test_an_indexed_folder_in_another_one_counts_by_itself(workspace: Workspace) -> None:
    """A disk mounted among documents that are there: nothing of it goes, what else is gone does."""
    documents(workspace, "a", FEW)
    paths = documents(workspace, "b", 5 * FEW)
    workspace.index()
    workspace.index(workspace.docs / "a")
    shutil.rmtree(workspace.docs / "a")
    (workspace.docs / "a").mkdir()
    paths[0].unlink()
    with Catalog.open(workspace.home / ".qa") as catalog:
        catalog.add_root(str(workspace.docs / "a"))
    report = workspace.index()
    assert figures(report) == {"unchanged": 5 * FEW - 1, "removed": 1}
    assert report.kept == (Kept(str(workspace.docs / "a"), FEW, FEW),)


def test_what_is_excluded_now_was_meant(workspace: Workspace) -> None:
    """The files are there: who leaves them out says so."""
    documents(workspace, "a", 2 * FEW)
    workspace.index()
    assert figures(workspace.index(exclude=("*.txt",))) == {"removed": 2 * FEW}


def test_what_is_new_comes_in_all_the_same(workspace: Workspace) -> None:
    """Only removing waits for an answer."""
    documents(workspace, "a", 2 * FEW)
    workspace.index()
    shutil.rmtree(workspace.docs / "a")
    documents(workspace, "b", 2)
    assert figures(workspace.index()) == {"added": 2}
    assert len(workspace.names()) == 2 * FEW + 2

"""Files and folders that moved are known again by what they hold; copies and disks that are away are not."""

from __future__ import annotations

import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from index.storage.catalog import Catalog
from index.sync.events import Kept, Moves
from index.sync.scan.missing import FEW
from tests.support.file_names import local_name, utf8_file_names
from tests.support.workspaces import Workspace, age, figures

MANY = 2 * FEW


@pytest.fixture
def filled(tmp_path: Path) -> Workspace:
    """A workspace of `MANY` documents in two folders, indexed."""
    workspace = Workspace(tmp_path)
    write_many(workspace.docs)
    assert figures(workspace.index()) == {"added": MANY}
    workspace.embedder.asked.clear()
    return workspace


def write_many(folder: Path, count: int = MANY, what: str = "Report") -> None:
    for number in range(count):
        path = folder / f"{number % 2}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{what} number {number} is about rain.", encoding="utf-8")
        age(path)


def roots(workspace: Workspace) -> tuple[str, ...]:
    with Catalog.open(workspace.home / ".qa") as catalog:
        return catalog.roots()


def at(workspace: Workspace, place: str) -> Workspace:
    """The same workspace with its index in another folder."""
    target = workspace.home / place
    target.mkdir(parents=True, exist_ok=True)
    shutil.move(workspace.home / ".qa", target / ".qa")
    return replace(workspace, home=target)


def nothing(_: Workspace) -> None:
    """Leave the index where it is."""


@pytest.mark.parametrize("home", [".", "deep/er", "papers", "docs"])
def test_a_renamed_folder_of_documents_and_a_moved_index(filled: Workspace, home: str) -> None:
    """Whichever moved, and wherever to: every document once, told as moved, nothing embedded again."""
    names = filled.names()
    docs = filled.docs
    if home != "docs":
        docs = docs.rename(filled.home / "papers")
    moved = filled if home == "." else at(filled, home)
    for _ in range(2):
        report = moved.index(docs)
        assert (report.moved + report.unchanged, report.added, report.failed) == (MANY, 0, ())
    assert moved.names() == names
    assert moved.embedder.asked == []
    assert roots(moved) == (str(docs),)
    with Catalog.open(moved.home / ".qa") as catalog:
        for source in catalog.sources():
            assert source.location == str(docs / source.name)
            assert catalog.text(source.id) == Path(source.location).read_text(encoding="utf-8")


def test_where_from_and_where_to_is_told(filled: Workspace) -> None:
    """Not file by file, but by the folder that went."""
    papers = filled.docs.rename(filled.home / "papers")
    assert filled.index(papers).moves == (Moves(str(filled.docs), str(papers), MANY),)
    index = at(filled, "elsewhere")
    moves = index.index(papers).moves
    assert moves == (Moves(str(index.home / "papers"), str(papers), MANY),)


def test_a_file_that_changed_on_the_way_is_the_same_source(filled: Workspace) -> None:
    """One is edited, one gone, one renamed in a folder that was moved: each is told."""
    papers = filled.docs.rename(filled.home / "papers")
    (papers / "0/0.txt").write_text("Nothing but snow was seen.", encoding="utf-8")
    (papers / "0/2.txt").unlink()
    (papers / "1/1.txt").rename(papers / "1/one.txt")
    report = filled.index(papers)
    assert figures(report) == {"updated": 1, "removed": 1, "moved": MANY - 2}
    assert filled.outcomes()["0/0.txt"] == "updated"
    assert (filled.content("0/0.txt"), len(filled.names())) == ("Nothing but snow was seen.", MANY - 1)
    assert filled.embedder.asked == ["Nothing but snow was seen."]


def test_a_part_of_the_new_place_says_nothing_of_the_rest(filled: Workspace) -> None:
    """What lies beside it is neither moved nor removed until it is looked at, too."""
    papers = filled.docs.rename(filled.home / "papers")
    (papers / "1/1.txt").rename(papers / "0/1.txt")
    assert figures(filled.index(papers / "0")) == {"moved": MANY // 2 + 1}
    assert len(filled.names()) == MANY
    assert figures(filled.index(papers)) == {"moved": MANY // 2 - 1, "unchanged": MANY // 2 + 1}


def test_a_folder_below_and_one_of_another_root(filled: Workspace) -> None:
    """Folders that move within what is indexed, or from one indexed folder to another, as single files do."""
    other = filled.home / "other"
    write_many(other, 2, "Letter")
    filled.index(other)
    filled.embedder.asked.clear()
    (filled.docs / "1").rename(filled.docs / "one")
    assert figures(filled.index()) == {"moved": MANY // 2, "unchanged": MANY // 2}
    (filled.docs / "one").rename(other / "one")
    assert figures(filled.index(other)) == {"moved": MANY // 2, "unchanged": 2}
    assert filled.index().kept == ()
    (filled.docs / "0/0.txt").rename(other / "zero.txt")
    assert figures(filled.index(other)) == {"moved": 1, "unchanged": MANY // 2 + 2}
    assert filled.embedder.asked == []


def test_a_folder_that_was_emptied_into_another_one_stays_if_it_is_named(filled: Workspace) -> None:
    """What comes into it later is found; one that nobody names is forgotten."""
    new = filled.home / "new"
    shutil.copytree(filled.docs, new)
    for path in filled.docs.iterdir():
        shutil.rmtree(path)
    assert figures(filled.index(new, filled.docs)) == {"moved": MANY}
    assert roots(filled) == (str(filled.docs), str(new))
    new.rename(filled.docs / "new")
    new.mkdir()
    assert figures(filled.index()) == {"moved": MANY}
    assert roots(filled) == (str(filled.docs),)


def test_a_copy_is_no_move_even_of_a_folder(filled: Workspace) -> None:
    """Both are there, and both answer."""
    shutil.copytree(filled.docs, filled.home / "copy")
    assert figures(filled.index(filled.home / "copy")) == {"added": MANY}
    assert len(filled.names()) == 2 * MANY


@pytest.mark.parametrize("emptied", [True, False])
def test_a_disk_that_is_away_has_not_moved_for_one_file(filled: Workspace, *, emptied: bool) -> None:
    """A file that is the same on another one is a copy, as far as anybody knows."""
    filled.docs.rename(filled.home.parent / f"{filled.home.name}-away")
    if emptied:
        filled.docs.mkdir()
    new = filled.home / "new"
    write_many(new, MANY, "Letter")
    shutil.copy2(filled.home.parent / f"{filled.home.name}-away/0/0.txt", new / "0/0.txt")
    assert figures(filled.index(new)) == {"added": MANY}
    assert len(filled.names()) == 2 * MANY


def test_its_contents_and_not_its_names_tell_a_folder(filled: Workspace) -> None:
    """Other documents of the same names and sizes are new ones; the old ones are kept."""
    filled.docs.rename(filled.home.parent / f"{filled.home.name}-away")
    write_many(filled.home / "new", MANY, "Letter")
    report = filled.index(filled.home / "new", filled.docs)
    assert figures(report) == {"added": MANY}
    assert report.kept == (Kept(str(filled.docs), MANY, MANY),)


def test_a_run_that_ends_in_the_middle_of_a_move_is_gone_on_with(filled: Workspace) -> None:
    """What moved has moved, the rest follows: no document is lost or held twice at any moment."""
    papers = filled.docs.rename(filled.home / "papers")
    hidden = [path.rename(path.with_name(f".{path.name}")) for path in sorted(papers.glob("0/*.txt"))[1:]]
    filled.index(papers)
    assert len(filled.names()) == MANY - len(hidden)
    for path in hidden:
        path.rename(path.with_name(path.name[1:]))
    filled.index(papers)
    assert len(filled.names()) == MANY


Form = Literal["NFC", "NFD"]


def spelled(form: Form, name: str) -> str:
    return local_name(unicodedata.normalize(form, name))


@utf8_file_names
@pytest.mark.parametrize("change", [None, "Another text."])
def test_a_file_whose_name_comes_back_in_another_spelling(tmp_path: Path, change: str | None) -> None:
    """From another file system: the same source, under the name that it has there."""
    workspace = Workspace(tmp_path)
    old, new = (workspace.docs / spelled(form, "Résumé/Käse.txt") for form in ("NFC", "NFD"))
    for path, text in ((old, "Rain."), (new, change or "Rain.")):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        age(path)
        if path == old:
            workspace.index()
            shutil.rmtree(old.parent)
    assert figures(workspace.index()) == ({"updated": 1} if change else {"unchanged": 1})
    assert workspace.names() == [new.relative_to(workspace.docs).as_posix()]
    assert len(workspace.embedder.asked) == 1 + bool(change)
    assert figures(workspace.index()) == {"unchanged": 1}


@utf8_file_names
def test_names_that_only_read_the_same_are_two_files(tmp_path: Path) -> None:
    """Where the file system tells them apart, both are there."""
    workspace = Workspace(tmp_path)
    workspace.docs.mkdir()
    for form in ("NFC", "NFD"):
        (workspace.docs / spelled(form, "Käse.txt")).write_text(f"Rain in {form}.", encoding="utf-8")
    if len(list(workspace.docs.iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    assert figures(workspace.index()) == {"added": 2}
    assert figures(workspace.index()) == {"unchanged": 2}


@utf8_file_names
@pytest.mark.parametrize(("typed", "stored"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_path_is_found_however_it_is_spelled(tmp_path: Path, typed: Form, stored: Form) -> None:
    """As a person's keyboard writes it."""
    workspace = Workspace(tmp_path)
    path = workspace.docs / spelled(stored, "Größe/Käse.txt")
    path.parent.mkdir(parents=True)
    path.write_text("Rain.", encoding="utf-8")
    assert figures(workspace.index(workspace.docs / spelled(typed, "Größe"))) == {"added": 1}
    file = workspace.docs / spelled(typed, "Größe/Käse.txt")
    assert figures(workspace.index(file)) == {"unchanged": 1}

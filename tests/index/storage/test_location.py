"""Where the index is found and made, and how the places of files are written in it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import NoIndex, StorageError
from index.storage.location import (
    absolute_location,
    expanded,
    find_index,
    find_or_create_index,
    source_id,
    stored_location,
)

PART = st.binary(min_size=1, max_size=12).filter(
    lambda b: b not in {b".", b".."} and not set(b) & set(b"/\0")
)


def test_the_nearest_index_upwards_is_found(tmp_path: Path) -> None:
    """As git does: from a folder deep below, and the inner of two."""
    outer, inner = tmp_path / ".qa", tmp_path / "docs/.qa"
    deep = tmp_path / "docs/a/b"
    deep.mkdir(parents=True)
    outer.mkdir()
    assert find_index(deep) == outer.resolve()
    inner.mkdir()
    assert find_index(deep) == inner.resolve()
    assert find_or_create_index(deep) == inner.resolve()
    assert find_index(deep, tmp_path) == outer.resolve()


def test_where_there_is_none_it_is_made_in_the_working_directory(tmp_path: Path) -> None:
    """Asking makes nothing; writing makes a folder that only its owner can enter."""
    with pytest.raises(NoIndex) as caught:
        find_index(tmp_path)
    assert caught.value.hint == "make one: qa index FOLDER"
    made = find_or_create_index(tmp_path)
    assert made == tmp_path.resolve() / ".qa"
    assert made.stat().st_mode & 0o077 == 0


def test_git_leaves_an_index_out(tmp_path: Path) -> None:
    """`git add -A` beside the documents adds no catalog; a folder that was there is left as it is."""
    folder = find_or_create_index(tmp_path)
    assert [path.name for path in folder.iterdir()] == [".gitignore"]
    assert (folder / ".gitignore").read_text(encoding="utf-8").splitlines()[-1] == "*"
    (folder / ".gitignore").unlink()
    find_or_create_index(tmp_path)
    assert not list(folder.iterdir())


def test_a_home_that_is_not_there_is_a_name_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of that name is looked for, and not found."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert expanded("~/docs") == tmp_path / "docs"
    assert expanded("~nobody-of-that-name/docs") == Path("~nobody-of-that-name/docs")
    with pytest.raises(NoIndex):
        find_index(tmp_path, Path("~nobody-of-that-name"))


def test_a_named_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    """`--index` needs no name `.qa`; it must exist to be asked."""
    named = tmp_path / "somewhere/else"
    with pytest.raises(NoIndex, match="somewhere"):
        find_index(tmp_path, named)
    assert find_or_create_index(tmp_path, named) == named.resolve()
    assert find_index(tmp_path, named) == named.resolve()


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    """An index folder that cannot be made is one line of cause and one of what to do."""
    (tmp_path / ".qa").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StorageError, match=r"cannot be made: .*\.qa") as caught:
        find_or_create_index(tmp_path)
    assert caught.value.hint


@given(parts=st.lists(PART, min_size=1, max_size=3), below=st.booleans())
def test_every_path_survives_being_stored(parts: list[bytes], *, below: bool) -> None:
    """Names that are no UTF-8 come back byte for byte, and what is stored is always UTF-8."""
    folder = Path("/home/someone/papers/.qa")
    path = os.fsdecode(b"/".join([b"/home/someone/papers" if below else b"/mnt", *parts]))
    stored = stored_location(folder, path)
    stored.encode("utf-8")
    assert stored.startswith("/") != below
    assert os.fsencode(absolute_location(str(folder.parent), stored)) == os.fsencode(path)
    assert len(source_id(folder, path)) == 16


def test_a_neighbour_with_the_same_beginning_is_not_below() -> None:
    """`papers2` is no part of `papers`, and the folder itself is written as a dot."""
    folder = Path("/home/someone/papers/.qa")
    assert stored_location(folder, "/home/someone/papers2/a") == "/home/someone/papers2/a"
    assert stored_location(folder, "/home/someone/papers/a") == "a"
    assert stored_location(folder, "/home/someone/papers") == "."
    assert absolute_location(str(folder.parent), ".") == "/home/someone/papers"


def test_an_index_at_the_root_of_the_disk() -> None:
    """Everything lies below it."""
    assert stored_location(Path("/.qa"), "/a/b") == "a/b"
    assert absolute_location("/", "a/b") == "/a/b"

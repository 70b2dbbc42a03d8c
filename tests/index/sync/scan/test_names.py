"""What indexed files are called: the same, in whatever order their folders were indexed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.errors import IndexDamaged
from index.storage.catalog import Catalog
from index.storage.names import distinct_names
from index.sync.events import SyncReport
from index.sync.sync import sync, sync_text
from qa.evaluation.sets.gold import Resolver
from tests.support.fake_embedder import LetterEmbedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CountingEmbedder(LetterEmbedder):
    """Counts the texts that it embeds."""

    texts = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """As LetterEmbedder."""
        type(self).texts += len(texts)
        return super().embed(texts)


def index(home: Path, *folders: str) -> SyncReport:
    """The folders of `home/docs` indexed in one go."""
    paths = [home / "docs" / folder for folder in folders]
    return sync(paths, folder=home / ".qa", embedder=LetterEmbedder)


def write(home: Path, *paths: str) -> None:
    """Files that say where they stand."""
    for path in paths:
        file = home / "docs" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"This stands in {path.replace('/', ' ')}.\n", encoding="utf-8")


def named(home: Path) -> dict[str, str]:
    """Where each source stands below `home`, by its name."""
    with Catalog.open(home / ".qa") as catalog:
        return {source.name: str(source.location).split("docs/")[-1] for source in catalog.sources()}


def searched(home: Path) -> dict[str, str]:
    """By the text of each chunk, what full-text search knows of its source's name."""
    with closing(sqlite3.connect(home / ".qa/catalog.sqlite3")) as file:
        return dict(file.execute("SELECT text, name FROM chunks_fts"))


def all_orders(folders: Sequence[str]) -> Iterable[list[tuple[str, ...]]]:
    """Every order of indexing `folders` one by one, and all of them in one go."""
    for order in permutations(folders):
        yield [(folder,) for folder in order]
        yield [order]


@pytest.mark.parametrize(
    ("files", "folders", "names"),
    [
        (
            ("a/README.md", "a/x.txt", "b/README.md", "b/y.txt"),
            ("a", "b"),
            {
                "a/README.md": "a/README.md",
                "b/README.md": "b/README.md",
                "x.txt": "a/x.txt",
                "y.txt": "b/y.txt",
            },
        ),
        (
            ("p/a/README.md", "q/a/README.md", "b/README.md"),
            ("p/a", "q/a", "b"),
            {
                "p/a/README.md": "p/a/README.md",
                "q/a/README.md": "q/a/README.md",
                "b/README.md": "b/README.md",
            },
        ),
        (
            ("a/README.md", "a/sub/README.md", "b/README.md"),
            ("a", "a/sub", "b"),
            {"a/README.md": "a/README.md", "sub/README.md": "a/sub/README.md", "b/README.md": "b/README.md"},
        ),
        (
            ("r/a/x.txt", "s/a/x.txt", "b/x.txt"),
            ("r", "s/a", "b"),
            {"r/a/x.txt": "r/a/x.txt", "s/a/x.txt": "s/a/x.txt", "b/x.txt": "b/x.txt"},
        ),
    ],
)
def test_names_do_not_depend_on_the_order_of_indexing(
    tmp_path: Path, files: tuple[str, ...], folders: tuple[str, ...], names: dict[str, str]
) -> None:
    """Folders that share names, of one folder's name, and in one another; full-text search knows the same."""
    known = []
    for number, order in enumerate(all_orders(folders)):
        home = tmp_path / str(number)
        write(home, *files)
        for together in order:
            index(home, *together)
        assert named(home) == names, order
        known.append(searched(home))
        report = index(home, *folders)
        assert (report.unchanged, report.changed, report.notes) == (len(files), 0, ())
    assert all(each == known[0] for each in known)


def test_a_renamed_source_is_neither_read_nor_embedded_again(tmp_path: Path) -> None:
    """Chroma is told of its chunks, and the report of its new name."""
    write(tmp_path, "a/README.md", "b/README.md")
    index(tmp_path, "a")
    CountingEmbedder.texts = 0
    report = sync(
        [tmp_path / "docs/b"],
        folder=tmp_path / ".qa",
        embedder=CountingEmbedder,
    )
    assert CountingEmbedder.texts == 1
    assert (report.added, report.updated) == (1, 0)
    assert [name for name, note in report.notes if note.startswith("renamed")] == ["a/README.md"]
    with Catalog.open(tmp_path / ".qa") as catalog:
        (batch,) = catalog.chroma.batches(10)
        assert {stored.source.name for stored in batch.vectors} == {"a/README.md", "b/README.md"}
        found = [Resolver(catalog).names(gold) for gold in ("docs/a/README.md", "b/README.md")]
        assert found == [("a/README.md",), ("b/README.md",)]


def test_a_file_that_is_removed_gives_its_name_back(tmp_path: Path) -> None:
    """The next sync of any folder renames the one that is left."""
    write(tmp_path, "a/README.md", "b/README.md")
    index(tmp_path, "a", "b")
    (tmp_path / "docs/b/README.md").unlink()
    assert index(tmp_path, "b").removed == 1
    assert named(tmp_path) == {"README.md": "a/README.md"}


def test_names_that_were_left_half_done_are_put_right_by_the_next_sync(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the files were renamed, no two sources have one name, and nothing is lost."""
    write(tmp_path, "a/README.md", "b/README.md")
    index(tmp_path, "a")
    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "rename", killed)
        with pytest.raises(KeyboardInterrupt):
            index(tmp_path, "b")
    assert named(tmp_path) == {"README.md": "a/README.md", "b/README.md": "b/README.md"}
    index(tmp_path, "b")
    assert named(tmp_path) == {"a/README.md": "a/README.md", "b/README.md": "b/README.md"}


def killed(*_: object) -> None:
    """As a process that ends here."""
    raise KeyboardInterrupt


def test_a_name_from_standard_input_is_kept(tmp_path: Path) -> None:
    """A file that would be called so gets its folder in front."""
    write(tmp_path, "a/x.txt")
    sync_text(b"Typed.\n", "x.txt", folder=tmp_path / ".qa", embedder=LetterEmbedder)
    index(tmp_path, "a")
    assert named(tmp_path) == {"a/x.txt": "a/x.txt", "x.txt": "None"}


def test_sources_exchange_names_in_one_piece(tmp_path: Path) -> None:
    """Or keep them, if one of the names is another source's."""
    write(tmp_path, "a/x.txt", "a/y.txt", "a/z.txt")
    index(tmp_path, "a")
    with Catalog.open(tmp_path / ".qa") as catalog:
        ids = {source.name: source.id for source in catalog.sources()}
        catalog.rename({ids["x.txt"]: "y.txt", ids["y.txt"]: "x.txt"})
        assert named(tmp_path) == {"y.txt": "a/x.txt", "x.txt": "a/y.txt", "z.txt": "a/z.txt"}
        with pytest.raises(IndexDamaged):
            catalog.rename({ids["x.txt"]: "new.txt", ids["y.txt"]: "z.txt"})
    assert set(named(tmp_path)) == {"x.txt", "y.txt", "z.txt"}
    index(tmp_path, "a")
    assert named(tmp_path) == {"x.txt": "a/x.txt", "y.txt": "a/y.txt", "z.txt": "a/z.txt"}


def test_whole_paths_that_are_taken_get_slashes() -> None:
    """Whatever is taken, every file has a name of its own."""
    files = {"/a/x": ("/a", "x"), "/b/x": ("/b", "x")}
    assert distinct_names(files, ()) == {"/a/x": "a/x", "/b/x": "b/x"}
    assert distinct_names(files, {"x"}) == {"/a/x": "a/x", "/b/x": "b/x"}
    assert distinct_names(files, {"a/x"}) == {"/a/x": "/a/x", "/b/x": "b/x"}
    alike = {"/\udcff/x": ("/\\xff", "x"), "/\\xff/x": ("/\\xff", "x")}
    assert sorted(distinct_names(alike, ()).values()) == ["/\\xff/x", "\\xff/x"]

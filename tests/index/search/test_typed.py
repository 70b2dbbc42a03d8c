"""What a person types for a source: what answers print, paths, names, patterns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UsageError
from index.search.filters import Filters
from index.search.typed import find_source, nearest_names, resolve_sources
from index.storage.catalog import Catalog
from index.sync.sync import sync
from tests.support.fake_embedder import LetterEmbedder

FILES = ("notes/may.txt", "notes/june.txt", "mail/a[1].txt", "mail/a1.txt", "notes.2/at 12:30.txt")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """Two folders, each indexed for itself, so that names are not paths from `tmp_path`."""
    for name in FILES:
        file = tmp_path / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"It says {name}.\n", encoding="utf-8")
    sync([tmp_path / "docs"], folder=tmp_path / ".qa", embedder=LetterEmbedder)
    with Catalog.open(tmp_path / ".qa") as opened:
        yield opened


def admitted(catalog: Catalog, directory: Path | None, *typed: str) -> list[str]:
    """The names that are admitted when this is typed in `directory`."""
    filters = resolve_sources(catalog, Filters(typed), directory)
    return [source.name for source in catalog.sources() if filters.admit(source)]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("docs/notes/may.txt", ["notes/may.txt"]),
        ("./docs/notes/may.txt", ["notes/may.txt"]),
        ("docs/notes/../notes/may.txt:49:1255", ["notes/may.txt"]),
        ("docs/notes/may.txt:12", ["notes/may.txt"]),
        ("docs/notes/may.txt:120-260", ["notes/may.txt"]),
        ("notes/may.txt:12", ["notes/may.txt"]),
        ("NOTES/May.txt:3:12", ["notes/may.txt"]),
        ("docs/notes", ["notes/june.txt", "notes/may.txt"]),
        ("docs/notes/", ["notes/june.txt", "notes/may.txt"]),
        (".", sorted(FILES)),
        ("notes/*", ["notes/june.txt", "notes/may.txt"]),
        ("notes", ["notes/june.txt", "notes/may.txt"]),
        ("mail/a[1].txt", ["mail/a1.txt", "mail/a[1].txt"]),
        ("docs/mail/a[1].txt", ["mail/a[1].txt"]),
        ("notes.2/at 12:30.txt", ["notes.2/at 12:30.txt"]),
        ("docs/notes.2/at 12:30.txt:1", ["notes.2/at 12:30.txt"]),
    ],
)
def test_what_is_typed_is_a_pattern_a_name_or_a_path(
    catalog: Catalog, tmp_path: Path, typed: str, names: list[str]
) -> None:
    """With or without a place; the patterns of names come first."""
    assert admitted(catalog, tmp_path, typed) == names


def test_whole_paths_need_no_directory(catalog: Catalog, tmp_path: Path) -> None:
    """A path from somewhere does."""
    assert admitted(catalog, None, f"{tmp_path}/docs/notes/may.txt:1", "mail/a1*") == [
        "mail/a1.txt",
        "notes/may.txt",
    ]
    assert admitted(catalog, tmp_path / "docs/mail", "../notes/may.txt") == ["notes/may.txt"]
    with pytest.raises(UsageError):
        resolve_sources(catalog, Filters(("docs/notes/may.txt",)), None)


def test_a_file_that_is_gone_is_still_known_by_its_path(catalog: Catalog, tmp_path: Path) -> None:
    """What was indexed of it answers until it is indexed again."""
    (tmp_path / "docs/notes/may.txt").unlink()
    source = find_source(catalog, "docs/notes/may.txt", tmp_path)
    assert source is not None
    assert source.name == "notes/may.txt"
    assert find_source(catalog, "docs/notes", tmp_path) is None


def test_what_admits_nothing_is_an_error_with_the_nearest_names(catalog: Catalog, tmp_path: Path) -> None:
    """Even beside a pattern that fits."""
    with pytest.raises(UsageError, match=r"no source fits 'elsewhere/may\.txt:3'") as raised:
        resolve_sources(catalog, Filters(("notes/*", "elsewhere/may.txt:3")), tmp_path)
    assert raised.value.hint == "did you mean notes/may.txt?"
    assert "qa sources" in nearest_names(catalog, "zzzzz")
    for typed in ("", "\0", ":12", "docs/nothing:1:2"):
        with pytest.raises(UsageError):
            resolve_sources(catalog, Filters((typed,)), tmp_path)

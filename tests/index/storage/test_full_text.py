"""The full-text index keeps no text, and yet forgets exactly what it was told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.storage.catalog import Catalog
from index.storage.content import full_text
from index.storage.content.full_text import words_of
from index.storage.records import Words
from index.types import Chunk
from tests.support.catalogs import open_catalog, prepared, store


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / ".qa") as opened:
        yield opened


def known(catalog: Catalog) -> dict[str, int]:
    """The words of the full-text index, and in how many chunks each is."""
    catalog._db.run(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, chunks_fts, row)"
    )
    return dict(catalog._db.rows("SELECT term, doc FROM temp.vocabulary"))


@pytest.fixture
def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, another version of the program: it sees one more word in every chunk."""

    def seen(chunk: Chunk, title: str, name: str) -> Words:
        words = words_of(chunk, title, name)
        return words._replace(text=f"{words.text} more")

    monkeypatch.setattr(full_text, "words_of", seen)


def test_words_go_with_their_chunks(catalog: Catalog) -> None:
    """Those of others stay, and so does how often they are counted."""
    kept, gone = (prepared(catalog.folder, f"{name}.txt", f"{name} words\n") for name in ("kept", "gone"))
    store(catalog, kept)
    before = known(catalog), catalog.match("words", limit=9)
    store(catalog, gone)
    assert known(catalog)["word"] == 2
    catalog.remove([gone.source.id])
    assert (known(catalog), catalog.match("words", limit=9)) == before


def test_pages_of_chunks_are_taken_out_one_after_the_other(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are."""
    monkeypatch.setattr(full_text, "AT_ONCE", 2)
    one = prepared(catalog.folder, "a.txt", "".join(f"line {number}\n" for number in range(5)))
    store(catalog, one)
    catalog.remove([one.source.id])
    assert known(catalog) == {}


@pytest.mark.usefixtures("other_words")
@pytest.mark.parametrize("change", ["replaced", "removed", "renamed"])
def test_what_another_version_entered_is_taken_out_as_well(catalog: Catalog, change: str) -> None:
    """Where it cannot be told what was entered, the index is written anew, as this version would have."""
    one, two = (prepared(catalog.folder, f"{word[0]}.txt", f"{word} words\n") for word in ("alpha", "beta"))
    store(catalog, one, two)  # entered as this test's own `words_of` has it, not as `full_text` now does
    assert "more" not in known(catalog)
    if change == "replaced":
        store(catalog, prepared(catalog.folder, "a.txt", "something else\n"))
    elif change == "removed":
        catalog.remove([one.source.id])
    else:
        catalog.rename({one.source.id: "other.txt"})
    assert ("alpha" in known(catalog)) == (change == "renamed")
    assert "beta" in known(catalog)
    assert known(catalog)["more"] == (2 if change == "renamed" else 1)
    catalog.remove([two.source.id])
    assert "beta" not in known(catalog)

"""Files and folders that are not as they should be: each is named with its reason, and the rest is indexed.

One folder, one run. What each reader makes of each format is tested in `tests/index/readers`.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import numpy as np
import pytest

from index.storage.catalog import Catalog
from index.vectors.chroma import ChromaVectors
from tests.faults.conftest import FaultyFolder
from tests.support.processes import (
    CANARY,
    FACT,
    assert_refused,
    assert_still_answers,
    qa,
    without_root_rights,
)

REASONS = {
    "F1 empty": ("empty.txt", "skipped", "empty"),
    "F2 blank": ("blank.txt", "skipped", "no text"),
    "F3 binary": ("noise-0.txt", "failed", "looks binary"),
    "F10 too large": ("huge.txt", "skipped", "max_file_size"),
    "F11 hard link": ("hard.txt", "notes", "hard link"),
    "F15 notebook": ("broken.ipynb", "notes", "not valid JSON"),
    "D1 pipe": ("pipe.txt", "skipped", "a pipe"),
    "D2 self link": ("self.txt", "skipped", "back to itself"),
    "D3 link out": ("out.txt", "skipped", "out of the folder"),
    "D4 folder link": ("outfolder", "skipped", "links to folders are not followed"),
    "D5 dangling": ("dangling.txt", "skipped", "a link to nothing"),
    "E3 no mark": ("utf16-bare.txt", "notes", "UTF-16"),
    "E4 Latin-1": ("latin1.txt", "notes", "cp1252"),
    "E4 Shift-JIS": ("shift-jis.txt", "notes", "cp932"),
    "E5 one bad byte": ("dented.txt", "notes", "1 byte"),
    "E9 hidden signs": ("hidden-signs.txt", "notes", "invisible or direction-changing"),
    "P1 truncated": ("cut.pdf", "failed", "damaged or incomplete"),
    "P1 garbage": ("garbage.pdf", "failed", "damaged or incomplete"),
    "P1 no PDF": ("letter.pdf", "failed", "not a PDF"),
    "P1 nothing": ("nothing.pdf", "skipped", "empty"),
    "P2 encrypted": ("locked.pdf", "failed", "needs a password"),
    "P4 page loop": ("loop.pdf", "failed", "damaged or incomplete"),
    "P4 nested": ("nested.pdf", "failed", "damaged or incomplete"),
    "P6 scan": ("scan.pdf", "failed", "scanned, no text"),
    "P7 white text": ("white.pdf", "notes", "hidden text"),
    "P14 bomb": ("bomb.docx", "failed", "more than is safe"),
    "P14 many parts": ("crowd.epub", "failed", "more than is safe"),
    "P15 entities": ("laughs.docx", "failed", "entities"),
    "P1 cut archive": ("cut.pptx", "failed", "cut short or damaged"),
}
TEXTS = {
    "F11 copies": ("twin-b.txt", "The twins were born"),
    "F15 nesting": ("deep.json", "[[[1]]]"),
    "F15 wide row": ("wide.csv", "cell,cell"),
    "D9 name of bytes": ("caf\\xe9.txt", "A file whose name"),
    "D10 long name": ("n" * 251 + ".txt", "called oddly"),
    "E1 mark": ("bom.txt", "Žluťoučký"),
    "E2 UTF-16": ("utf16.txt", "Zürich liegt an einem See.\n"),
    "E4 Shift-JIS": ("shift-jis.txt", "東京の図書館は朝九時に開きます。"),
    "E5 replaced": ("dented.txt", "It is \ufffd old."),
    "E6 controls": ("controls.txt", "bell\x07 rang\x1b[2J \x9b31m twice in Bergen\0 that"),
    "E7 line ends": ("ends.txt", "First line.\r\nSecond line.\rThird\u2028line.\nFourth line.\r\n"),
    "P7 visible": ("white.pdf", "The museum of Narvik opens at nine."),
    "P10 deep": ("deep.html", "At the bottom lies a pearl."),
    "P11 hidden": ("hidden.html", "The mill of Delft grinds mustard."),
    "P12 remote": ("remote.html", "The abbey of Melk has a yellow front."),
}


@pytest.mark.parametrize("row", REASONS)
def test_a_broken_file_is_named_with_its_reason(faulty_folder: FaultyFolder, row: str) -> None:
    """As JSON, and again in one line when the next run meets it, unless that finds it unchanged."""
    name, kind, words = REASONS[row]
    kind_shown, reason = faulty_folder.reason(name)
    assert kind_shown == kind
    assert words in reason
    if kind != "notes":
        assert f"  {name}: {reason}\n" in faulty_folder.second.out


@pytest.mark.parametrize("row", TEXTS)
def test_an_odd_file_is_read_all_the_same(faulty_folder: FaultyFolder, row: str) -> None:
    """What the index holds of it is its text, with nothing lost."""
    name, words = TEXTS[row]
    assert words in faulty_folder.text(name)


def test_one_run_over_all_of_it_fails_and_indexes_the_rest(faulty_folder: FaultyFolder) -> None:
    """Exit code 1 because files failed; every file in exactly one place; the others answer."""
    shown = faulty_folder.first.shown
    assert (faulty_folder.first.code, faulty_folder.second.code) == (1, 1)
    named = [one["name"] for kind in ("failed", "skipped") for one in shown[kind]]
    assert len(named) == len(set(named))
    met = [path for path in (faulty_folder.home / "docs").iterdir() if not path.name.startswith(".")]
    assert len(met) - 1 == len(named) + shown["added"] + sum(shown["ignored"].values())  # 1: the folder `sub`
    assert (shown["ignored"], shown["hidden"]) == ({".mp4": 1}, 5)  # F4, D12
    assert re.search(r"^failed +18 +\.", faulty_folder.second.out, re.MULTILINE)
    assert re.search(rf"^unchanged +{shown['added']}$", faulty_folder.second.out, re.MULTILINE)  # F12
    assert f"new index: {faulty_folder.home / '.qa'}" in faulty_folder.first.err
    assert_still_answers(faulty_folder.home)


def test_the_index_is_whole(faulty_folder: FaultyFolder) -> None:
    """INV: texts have their hashes, chunks are their slices, and each is found by its own vector."""
    with Catalog.open(faulty_folder.home / ".qa") as catalog:
        hashes: dict[str, str] = dict(catalog._db.rows("SELECT id, text_sha256 FROM sources"))
        for source in catalog.sources():
            stored = catalog.prepared(source.id)
            assert hashes[source.id] == hashlib.sha256(stored.text.encode()).hexdigest()
            for chunk in stored.chunks:
                assert stored.text[chunk.span.start : chunk.span.end] == chunk.text
        assert catalog._db.rows("PRAGMA integrity_check") == [("ok",)]
        assert catalog.counts().sources == faulty_folder.first.shown["added"]
        assert catalog.chroma.state()[::2] == ("clean", 0)
        chroma = ChromaVectors.open(faulty_folder.home / ".qa" / "chroma")
        assert chroma.count() == catalog.counts().vectors
        assert chroma.misses(np.asarray(catalog.vectors().matrix)) <= 2  # pages of one word look alike
        chroma.close()


def test_nothing_secret_or_hidden_is_in_the_index(faulty_folder: FaultyFolder) -> None:
    """D3, D4, D12, P11, P16: links out, hidden files and hidden text leave no trace in any file of it."""
    written = {path: path.read_bytes() for path in (faulty_folder.home / ".qa").rglob("*") if path.is_file()}
    assert any(FACT.encode() in data for data in written.values())  # so that the search can find something
    for path, data in written.items():
        assert CANARY.encode() not in data, path
        assert CANARY.encode("utf-16-le") not in data, path
    assert not Path("/tmp/climbed.xml").exists()  # P16
    assert not list(faulty_folder.home.glob("**/climbed*"))


def test_nothing_is_left_behind(faulty_folder: FaultyFolder) -> None:
    """R8: two runs over bombs and broken files leave no temporary file."""
    assert list(faulty_folder.temporary.iterdir()) == []


def test_odd_names_are_shown_as_escapes_and_understood(faulty_folder: FaultyFolder) -> None:
    """D8, D9, T1 to T3: a name can neither colour the screen nor break a line, and it can be asked for."""
    rows = qa("sources", at=faulty_folder.home).out.splitlines()
    names = {row.split("\t")[0] for row in rows}
    assert {r"esc\x1b[31m\x1b]0;title\x07.txt", r"txt.\u202efdp.txt", r"caf\xe9.txt"} <= names
    assert "[link=https:⁄⁄example.org]here[⁄link].txt" in names
    listed = {source["name"] for source in qa("sources", "--json", at=faulty_folder.home).shown["sources"]}
    assert {"esc\x1b[31m\x1b]0;title\x07.txt", "two\nlines.txt", "txt.\u202efdp.txt"} <= listed
    for word in ("two\nlines.txt", b"docs/caf\xe9.txt"):
        shown = qa("show", word, at=faulty_folder.home)
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith("A file ")


def test_what_cannot_be_read_is_named_and_stays(copied: Path) -> None:
    """F7, D7: a file or folder without permission fails with its name; what was indexed before answers on."""
    before = without_root_rights()
    good, sub = copied / "docs" / "good.txt", copied / "docs" / "sub"
    sub.mkdir()
    os.utime(good, (1, 1))
    good.chmod(0)
    sub.chmod(0)
    done = qa("index", "docs/good.txt", "docs/sub", "--json", at=copied, before=before)
    good.chmod(0o600)
    sub.chmod(0o700)
    assert done.code == 1
    failed = {one["name"]: one["reason"] for one in done.shown["failed"]}
    assert failed["good.txt"] == "permission denied; what was indexed of it before still answers"
    assert failed["sub"] == "folder not readable: permission denied"
    assert_still_answers(copied)


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    """D14: it is said, and the empty index says how it can be filled."""
    (tmp_path / "docs").mkdir()
    done = qa("index", "docs", at=tmp_path)
    assert done.code == 0
    assert "found no file to index" in done.err
    assert_refused(qa("ask", "Where is it?", at=tmp_path), 6, "is empty")

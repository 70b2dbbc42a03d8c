"""Chroma holds what the catalog says, can be opened by LlamaIndex, and is mended whatever happens to it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from index.errors import StorageError, VectorsFailed
from index.storage.catalog import Catalog
from index.storage.lock import writer_lock
from index.types import Chunk
from index.vectors.chroma import (
    GRAPH,
    ChromaVectors,
    blank_unused,
    chroma_version,
    node_metadata,
)
from index.vectors.mirror import (
    CHUNKS_AT_ONCE,
    discard,
    forget_removed,
    is_behind,
    is_sound,
    needs_rebuilding,
    update,
)
from index.vectors.reader import ChromaReader
from index.vectors.stamp import CHROMA, STAMP, read_stamp, stamp_of, write_stamp
from tests.support.catalogs import EMBEDDER, open_catalog, prepared, store, vectors_of
from tests.support.vectors import assert_whole, update_chroma

if TYPE_CHECKING:
    from chromadb.api.client import Client

    from index.storage.records import StoredVector

LINES = 300
WRITTEN_AFTER = 50  # chunks after which Chroma is made to write its vector files, instead of 1,000


def text_of(number: int, lines: int) -> str:
    """Lines that all differ, of words that differ."""
    return "".join(f"w{number}x{line} {line * 7919 % 1009} v{line * line % 997}\n" for line in range(lines))


@pytest.fixture(scope="module", autouse=True)
def _vector_files_of_few_chunks() -> Iterator[None]:
    """Chroma writes its vector files in small indexes too, so that they can be damaged."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(GRAPH, "sync_threshold", WRITTEN_AFTER)
        yield


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of three sources, written to Chroma in the usual way: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("built") / ".qa"
    with open_catalog(folder) as catalog:
        store(catalog, *(prepared(folder, f"{n}.txt", text_of(n, LINES // 3 + 1)) for n in range(3)))
        update_chroma(catalog)
        assert catalog.counts().chunks >= LINES
    return folder


@pytest.fixture
def catalog(built: Path, tmp_path: Path) -> Iterator[Catalog]:
    """A copy of the built index."""
    shutil.copytree(built, tmp_path / ".qa")
    with Catalog.open(tmp_path / ".qa") as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Catalog]:
    """An index of one source of three chunks, of which Chroma knows nothing yet."""
    with open_catalog(tmp_path / ".qa") as opened:
        store(opened, prepared(opened.folder, "a.txt", "the summit\nin Budapest\nwas cancelled\n"))
        yield opened


@pytest.fixture
def reader() -> Iterator[ChromaReader]:
    opened = ChromaReader()
    yield opened
    opened.close()


def test_nothing_is_opened_when_there_is_nothing_to_tell(catalog: Catalog) -> None:
    """A second update costs a look at the catalog."""
    before = catalog.chroma.state()
    assert before == ("clean", 1, 0)
    assert not is_behind(catalog)
    update_chroma(catalog)
    assert catalog.chroma.state() == before


def test_chroma_agrees_with_exact_search(catalog: Catalog, reader: ChromaReader) -> None:
    """For vectors that are there and some that are not, the nearest ten are those of NumPy, all but a few."""
    rows, matrix = catalog.vectors()
    ids = [catalog.chunks([row])[row][0].id for row in rows.tolist()]
    asked = np.vstack([matrix[::31], EMBEDDER.embed([f"w1x{n} v{n}" for n in range(10)])])
    found = 0
    for vector in asked:
        hits = reader.query(catalog, vector, 10)
        assert hits is not None
        cosines = matrix @ vector
        hit = cosines[[ids.index(name) for name in hits.ids]]
        assert list(hit) == pytest.approx(sorted(hit, reverse=True), abs=1e-5)
        found += int((hit >= np.sort(cosines)[-10] - 1e-5).sum())
    assert found >= 0.98 * 10 * len(asked)


def test_a_llama_index_application_can_open_the_collection(small: Catalog) -> None:
    """Its own ChromaVectorStore gives back our chunks as TextNodes, texts and exact offsets included."""
    import chromadb
    from chromadb.config import Settings
    from llama_index.core.schema import MetadataMode, TextNode
    from llama_index.core.vector_stores.types import VectorStoreQuery
    from llama_index.vector_stores.chroma import ChromaVectorStore

    update_chroma(small)
    client = chromadb.PersistentClient(
        str(small.folder / CHROMA),
        Settings(_env_file=None, anonymized_telemetry=False),  # type: ignore[call-arg]  # of pydantic
    )
    theirs = ChromaVectorStore(chroma_collection=client.get_collection("chunks", embedding_function=None))
    (chunk, source), *_ = small.chunks([2]).values()
    query = EMBEDDER.embed([chunk.text])[0].tolist()
    answer = theirs.query(VectorStoreQuery(query_embedding=query, similarity_top_k=1))
    (node,) = answer.nodes or ()
    assert isinstance(node, TextNode)
    assert (node.node_id, node.text, node.ref_doc_id) == (chunk.id, "in Budapest\n", source.id)
    assert small.text(source.id)[node.start_char_idx : node.end_char_idx] == node.text
    expected = {
        "source": "a.txt",
        "start": 11,
        "end": 23,
        "page": 1,
        "title": "On a.txt",
        "date": "2025-10-21",
    }
    assert node.metadata == expected
    assert node.get_content(MetadataMode.EMBED) == node.get_content(MetadataMode.LLM) == node.text
    assert [found.node_id for found in theirs.get_nodes([chunk.id])] == [chunk.id]
    theirs.delete(source.id)
    assert client.get_collection("chunks", embedding_function=None).count() == 0
    cast("Client", client).close()


@pytest.mark.parametrize("bare", [False, True])
def test_llama_index_reads_what_it_would_have_stored(small: Catalog, *, bare: bool) -> None:
    """The node that it makes of our few words is the one that it would make of all of its own."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode
    from llama_index.core.vector_stores.utils import metadata_dict_to_node, node_to_metadata_dict

    (stored, *_) = small.chroma.vectors_after(0, 1)
    if bare:
        stored = stored._replace(source=replace(stored.source, title=None, date=None, pages=()))
    ours = dict(node_metadata(stored))
    node = metadata_dict_to_node(ours)
    assert len(node.metadata) == (3 if bare else 6)
    theirs = TextNode(
        id_=stored.chunk.id,
        text=stored.chunk.text,
        metadata=node.metadata,
        excluded_embed_metadata_keys=list(node.metadata),
        excluded_llm_metadata_keys=list(node.metadata),
        start_char_idx=stored.chunk.span.start,
        end_char_idx=stored.chunk.span.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=stored.source.id)},
    )
    assert node == theirs
    full = node_to_metadata_dict(theirs, flat_metadata=True)
    assert {key: full[key] for key in ours if key != "_node_content"}.items() <= ours.items()


@pytest.mark.usefixtures("_large")
def test_a_replaced_source_leaves_nothing_behind(
    catalog: Catalog, reader: ChromaReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old chunks go, unchanged ones get their new title, and the reader sees it without being told."""
    monkeypatch.setattr("index.vectors.reader.REOPENED_FROM", 0)
    old = catalog.prepared(catalog.sources()[1].id)
    assert reader.query(catalog, EMBEDDER.embed(["w1x1"])[0], 1) is not None
    fresh = prepared(catalog.folder, "1.txt", old.text.replace("w1x1 ", "summit ", 1))
    fresh = replace(fresh, source=replace(fresh.source, title=None, pages=()))
    store(catalog, fresh)
    update_chroma(catalog)
    assert_whole(catalog)
    hits = reader.query(catalog, EMBEDDER.embed([fresh.chunks[1].text])[0], 1)
    assert hits is not None
    assert hits.ids == (fresh.chunks[1].id,)
    chroma = ChromaVectors.open(catalog.folder / CHROMA)
    got = chroma._collection.get(ids=[fresh.chunks[0].id], include=["metadatas"])["metadatas"]
    chroma.close()
    assert got is not None
    assert not {"title", "page"} & set(got[0])


def test_removed_sources_and_empty_texts_are_not_in_chroma(small: Catalog) -> None:
    """Chunks without a vector are not told; of an emptied index there is no collection."""
    store(small, prepared(small.folder, "b.txt", "words\n...\n"))
    update_chroma(small)
    assert small.counts() == (2, 5, 4)
    assert_whole(small)
    small.remove([source.id for source in small.sources()])
    update_chroma(small)
    assert small.counts() == (0, 0, 0)
    assert not is_behind(small)
    assert not (small.folder / CHROMA).exists()


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every collection is too large to be built anew for a change."""
    monkeypatch.setattr("index.vectors.mirror.BUILT_ANEW_UP_TO", 0)
    monkeypatch.setattr("index.vectors.mirror.STALE_ALLOWED", 2.0)  # every id changes with its place


@pytest.mark.usefixtures("_large")
def test_a_removal_is_purged_from_a_large_collection(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, without Chroma, its words are in no file; its vectors go when too many are stale."""
    graph = next((catalog.folder / CHROMA).glob("*/header.bin")).parent
    gone = catalog.prepared(catalog.sources()[0].id)
    few, rest = gone.chunks[:20], gone.chunks[20:]
    shorter = prepared(catalog.folder, gone.source.name, "".join(chunk.text for chunk in rest))
    vector = vectors_of(gone)[gone.keys[0]]
    store(catalog, shorter)
    forget_removed(catalog)
    for chunk in few:
        assert not files_with(catalog.folder / CHROMA, word_of(chunk))
    assert files_with(catalog.folder / CHROMA, text_of(1, 1).split()[0].encode() + b" ")
    update_chroma(catalog)
    assert graph.exists()
    assert_whole(catalog)
    assert files_with(catalog.folder / CHROMA, vector)
    monkeypatch.setattr("index.vectors.mirror.STALE_ALLOWED", 0.1)
    catalog.remove([shorter.source.id])
    forget_removed(catalog)
    assert not files_with(catalog.folder / CHROMA, word_of(rest[-1]))
    update_chroma(catalog)
    assert not graph.exists()
    assert_whole(catalog)
    assert not files_with(catalog.folder / CHROMA, vector)


@pytest.mark.usefixtures("_large")
def test_a_removal_is_purged_from_files_that_are_not_compact(catalog: Catalog) -> None:
    """What Chroma left in free pages and in its log goes too: they are made compact by whoever removes."""
    store(catalog, prepared(catalog.folder, "new.txt", text_of(9, 40)))
    assert not update(catalog, at_the_end(catalog))
    assert catalog.chroma.state()[::2] == ("clean", 0)
    stamp = read_stamp(catalog)
    assert stamp is not None
    assert not stamp.compact
    catalog.remove([source.id for source in catalog.sources() if source.name == "new.txt"])
    forget_removed(catalog)
    assert not files_with(catalog.folder / CHROMA, b"w9x")
    update_chroma(catalog)
    assert_whole(catalog)


@pytest.mark.parametrize("how", ["dirty", "tables of another version", "file gone", "in use"])
def test_files_from_which_nothing_can_be_taken_go(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """A removal is a removal: then Chroma is built anew, and nothing is embedded for it."""
    rows = catalog.folder / CHROMA / "chroma.sqlite3"
    catalog.remove([catalog.sources()[0].id])
    with closing(sqlite3.connect(rows)) as other:
        if how == "dirty":
            catalog.chroma.mark("dirty")
        elif how == "tables of another version":
            other.execute("ALTER TABLE embedding_metadata RENAME TO metadata")
            other.commit()
        elif how == "file gone":
            rows.unlink()
        else:
            monkeypatch.setattr("index.storage.opening.other_files.OTHERS_SECONDS", 0.0)
            other.execute("BEGIN EXCLUSIVE")
        forget_removed(catalog)
    assert not (catalog.folder / CHROMA).exists()
    assert catalog.chroma.state()[::2] == ("absent", catalog.counts().vectors)
    update_chroma(catalog)
    assert_whole(catalog)


def at_the_end(catalog: Catalog) -> Callable[[], bool]:
    """Wanted as soon as nothing is pending any more: between the last batch and what comes after it."""
    return lambda: not catalog.chroma.state().pending


class Wanted:
    """Wanted when it was asked that often."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self) -> bool:
        """Whether it is."""
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("there", [True, False], ids=["there", "absent"])
@pytest.mark.usefixtures("_large")
def test_an_update_that_gives_way_is_gone_on_with(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    """Each time it is told more and sealed; what was told is not told again, be it a change or a rebuild."""
    monkeypatch.setattr("index.vectors.mirror.CHUNKS_AT_ONCE", 50)
    if there:
        store(catalog, prepared(catalog.folder, "new.txt", text_of(9, LINES)))
    else:
        discard(catalog)
    left = []
    while not update(catalog, Wanted(1)):
        state = catalog.chroma.state()
        left.append(state.pending)
        assert state.mark == "clean"
    assert left[:2] == [left[0], left[0] - 100]
    assert_whole(catalog)


@pytest.mark.usefixtures("_large")
def test_the_generation_counts_up_when_files_are_whole_again(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody writes the mark is dirty; what was told is another generation, a rebuild is one more."""
    monkeypatch.setattr("index.vectors.mirror.CHUNKS_AT_ONCE", 50)
    fresh = prepared(catalog.folder, "new.txt", text_of(9, 100))
    store(catalog, fresh)
    before = catalog.chroma.state()
    seen = []

    def look() -> bool:
        state = catalog.chroma.state()
        seen.append((state.mark, state.generation - before.generation, state.pending))
        return True

    assert not update(catalog, look)
    assert seen == [("dirty", 0, 50)]
    assert catalog.chroma.state().generation == before.generation + 1
    discard(catalog)
    assert catalog.chroma.state().generation == before.generation + 2


def word_of(chunk: Chunk) -> bytes:
    """The word of `text_of` that begins this chunk and no other, with the space behind it."""
    return chunk.text.split()[0].encode() + b" "


def files_with(folder: Path, data: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and data in path.read_bytes()]


def test_what_a_process_had_in_memory_is_not_in_the_files(small: Catalog) -> None:
    """The unused ends of the graph's files are zeros, whatever Chroma left there."""
    update_chroma(small)
    (graph,) = (small.folder / CHROMA).glob("*/")
    for name in ("data_level0.bin", "length.bin"):
        path = graph / name
        assert path.stat().st_size > 0
        path.write_bytes(b"secret " * (path.stat().st_size // 7))
    blank_unused(small.folder / CHROMA)
    assert not files_with(small.folder / CHROMA, b"secret")


def test_readers_leave_alone_what_is_being_written(catalog: Catalog) -> None:
    """While somebody holds the writer lock the vector files are not opened: exact search answers."""
    vector = catalog.vectors().matrix[0]
    with closing(ChromaReader()) as reader:
        with writer_lock(catalog.folder):
            assert reader.query(catalog, vector, 3) is None
        assert reader.query(catalog, vector, 3) is not None
    catalog.chroma.mark("dirty")
    with closing(ChromaReader()) as reader:
        assert reader.query(catalog, vector, 3) is None


def test_a_reader_goes_on_with_the_graph_that_it_opened(catalog: Catalog, reader: ChromaReader) -> None:
    """While it is written, when a writer was killed, when its files are broken; not when they are deleted."""
    vector, last = catalog.vectors().matrix[0], catalog.last_chunk_row()
    before = reader.query(catalog, vector, 20)
    assert before is not None
    assert (before.last, len(before.beside)) == (last, 0)
    new = prepared(catalog.folder, "new.txt", "w1x1 v1\n")
    store(catalog, new)
    with writer_lock(catalog.folder):
        catalog.chroma.mark("dirty")
        during = reader.query(catalog, vector, 20)
    assert during is not None
    assert (during.ids, during.last) == (before.ids, last)
    assert list(catalog.chunk_rows_after(last)) == list(catalog.chunk_rows([new.chunks[0].id]).values())
    for path in (catalog.folder / CHROMA).glob("*/*"):
        path.write_bytes(bytes(path.stat().st_size))
    broken = reader.query(catalog, vector, 20)
    assert broken is not None
    assert broken.ids == before.ids
    discard(catalog)
    assert reader.query(catalog, vector, 20) is None


def test_what_was_pending_when_the_graph_was_opened_is_beside_it(catalog: Catalog) -> None:
    """It may be in the graph or not."""
    new = prepared(catalog.folder, "new.txt", "w1x1 v1\n")
    store(catalog, new)
    with closing(ChromaReader()) as reader:
        found = reader.query(catalog, catalog.vectors().matrix[0], 20)
    assert found is not None
    assert list(found.beside) == list(catalog.chunk_rows([new.chunks[0].id]).values())


@pytest.mark.usefixtures("_large")
def test_a_newer_graph_is_opened_when_much_has_changed(
    catalog: Catalog, reader: ChromaReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A little is compared beside the old one; too much is left to exact search."""
    vector, first = catalog.vectors().matrix[0], catalog.last_chunk_row()
    assert reader.query(catalog, vector, 3) is not None
    store(catalog, prepared(catalog.folder, "new.txt", "w1x1 v1\nw2x2 v2\n"))
    update_chroma(catalog)
    still = reader.query(catalog, vector, 3)
    assert still is not None
    assert still.last == first
    monkeypatch.setattr("index.vectors.reader.MOST_BESIDE", 1)
    assert reader.query(catalog, vector, 3) is None
    monkeypatch.setattr("index.vectors.reader.REOPENED_FROM", 1)
    renewed = reader.query(catalog, vector, 3)
    assert renewed is not None
    assert renewed.last == catalog.last_chunk_row()


class FailingVectors(ChromaVectors):
    """A collection whose disk is full."""

    def write(self, batch: Sequence[StoredVector]) -> None:
        message = f"no room for {len(batch)}"
        raise VectorsFailed(message)


def test_a_failure_leaves_the_mark_and_the_next_run_mends_it(
    small: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is indexed stays, and is told the next time."""
    monkeypatch.setattr("index.vectors.mirror.ChromaVectors", FailingVectors)
    with pytest.raises(StorageError, match="no room for 3"):
        update(small)
    assert small.chroma.state().mark == "dirty"
    monkeypatch.undo()
    assert needs_rebuilding(small)
    update_chroma(small)
    assert_whole(small)


def test_no_batch_is_larger_than_chroma_takes(catalog: Catalog) -> None:
    """It refuses more in one call than SQLite has variables for; and any number of batches is told."""
    store = ChromaVectors.open(catalog.folder / CHROMA)
    try:
        assert store._client.get_max_batch_size() >= CHUNKS_AT_ONCE
    finally:
        store.close()


def test_chroma_says_what_failed_in_one_line(tmp_path: Path) -> None:
    """Chroma's own errors never get out."""
    with pytest.raises(VectorsFailed, match="Chroma failed") as caught:
        ChromaVectors.open(tmp_path / "nothing")
    assert "\n" not in caught.value.cause


def test_a_writer_killed_at_any_stage_is_made_up_for(catalog: Catalog) -> None:
    """While it writes the mark is dirty; files that were to go, also of older versions, are in no way."""
    (catalog.folder / "chroma.new").mkdir()
    (catalog.folder / "chroma.new/chroma.sqlite3").write_bytes(b"half")
    catalog.chroma.mark("dirty")
    assert needs_rebuilding(catalog)
    update_chroma(catalog)
    assert_whole(catalog)
    assert not [path for path in catalog.folder.iterdir() if path.name.startswith("chroma.")]
    catalog.chroma.start_over()  # killed before the folder was gone
    update_chroma(catalog)
    assert_whole(catalog)


def test_a_hostile_environment_file_has_no_effect(
    small: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A documents folder that carries a `.env` and modules for Chroma to import is only documents."""
    away = tmp_path / "documents"
    (away / "index").mkdir(parents=True)
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w').close()\nraise SystemExit(3)\n"
    for name in ("evil.py", "chromadb.py", "index/vectors.py", "index/__init__.py"):
        (away / name).write_text(trap, encoding="utf-8")
    (away / ".env").write_text("CHROMA_API_IMPL=evil.Api\nCHROMA_SERVER_HOST=203.0.113.1\n", encoding="utf-8")
    monkeypatch.chdir(away)
    update_chroma(small)
    assert is_sound(small)
    assert not (tmp_path / "sprung").exists()


def halved(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    for at in range(0, len(whole), max(1, len(whole) // 64)):
        whole[at] ^= 0xFF
    path.write_bytes(whole)


def removed(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


DAMAGES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "folder gone": (".", removed),
    "another catalog's": (STAMP, emptied),
    "vectors halved": ("*/data_level0.bin", halved),
    "vectors flipped": ("*/data_level0.bin", flipped),
    "header flipped": ("*/header.bin", flipped),
    "links gone": ("*/link_lists.bin", removed),
    "vector files gone": ("*-*", removed),
    "rows cut": ("chroma.sqlite3", halved),
    "rows gone": ("chroma.sqlite3", removed),
}


def damage(catalog: Catalog, kind: str) -> None:
    pattern, break_it = DAMAGES[kind]
    home = catalog.folder / CHROMA
    found = [home] if pattern == "." else list(home.glob(pattern))
    assert found, sorted(home.rglob("*"))
    for path in found:
        break_it(path)


@pytest.mark.parametrize("kind", DAMAGES)
def test_damaged_files_are_found_before_they_do_harm(
    catalog: Catalog, reader: ChromaReader, kind: str
) -> None:
    """A reader falls back to exact search, the next writer builds anew, and nothing is embedded for it."""
    damage(catalog, kind)
    vector = catalog.vectors().matrix[5]
    assert reader.query(catalog, vector, 3) is None
    assert needs_rebuilding(catalog)
    EMBEDDER.asked.clear()
    update_chroma(catalog)
    assert not EMBEDDER.asked
    assert_whole(catalog)


def test_a_writer_does_not_write_on_into_damaged_files(catalog: Catalog) -> None:
    """Files that would kill the process that opens them are built anew before a new chunk is told."""
    damage(catalog, "header flipped")
    store(catalog, prepared(catalog.folder, "new.txt", "one more line\n"))
    update_chroma(catalog)
    assert_whole(catalog)


def test_whole_files_are_opened_in_a_child_first(
    catalog: Catalog, reader: ChromaReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stamp is forged as easily as files are: a reader opens nothing that has not been opened elsewhere."""
    folder = catalog.folder / CHROMA
    damage(catalog, "vectors flipped")
    stamp = read_stamp(catalog)
    assert stamp
    forged = stamp_of(folder, stamp.generation, stale=stamp.stale, compact=stamp.compact)
    write_stamp(folder, forged)
    monkeypatch.setattr("index.vectors.mirror.inspect", None)
    assert reader.query(catalog, catalog.vectors().matrix[5], 3) is None


@pytest.mark.usefixtures("_large")
def test_a_writer_marks_files_that_could_kill_it(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while it opens them, it leaves them to be built anew."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    store(catalog, prepared(catalog.folder, "new.txt", "one more line\n"))
    monkeypatch.setattr("index.vectors.mirror.inspect", die)
    with pytest.raises(KeyboardInterrupt):
        update_chroma(catalog)
    assert needs_rebuilding(catalog)
    monkeypatch.undo()
    update_chroma(catalog)
    assert_whole(catalog)


def test_files_of_another_chroma_are_looked_at_in_a_child_and_sealed_anew(catalog: Catalog) -> None:
    """What was sealed by another version is not trusted unseen, and not thrown away either."""
    stamp = catalog.folder / CHROMA / STAMP
    sealed = stamp.read_text(encoding="utf-8")
    stamp.write_text(sealed.replace(chroma_version(), "1.0.0"), encoding="utf-8")
    assert is_sound(catalog)
    assert stamp.read_text(encoding="utf-8") == sealed
    assert catalog.chroma.state() == ("clean", 1, 0)


def test_a_missing_chunk_is_noticed_when_the_writer_is_done(small: Catalog) -> None:
    """Rows that somebody else deleted come back."""
    update_chroma(small)
    chroma = ChromaVectors.open(small.folder / CHROMA)
    chroma.delete([small.chunks([1])[1][0].id])
    chroma.close()
    assert not is_sound(small)
    discard(small)
    update_chroma(small)
    assert_whole(small)


def test_chroma_in_a_folder_of_a_copy_is_not_trusted(catalog: Catalog, tmp_path: Path) -> None:
    """A catalog from a backup beside a newer Chroma is noticed by the stamp alone."""
    shutil.copytree(
        catalog.folder, tmp_path / "backup", ignore=shutil.ignore_patterns(CHROMA, "*-wal", "*-shm")
    )
    store(catalog, prepared(catalog.folder, "new.txt", "one more line\n"))
    update_chroma(catalog)
    shutil.copytree(catalog.folder / CHROMA, tmp_path / "backup" / CHROMA)
    with Catalog.open(tmp_path / "backup") as backup:
        assert needs_rebuilding(backup)

"""The Chroma collection: chunk vectors for nearest-neighbour search. The only importer of chromadb.

Chunks are written so that any LlamaIndex application can open the collection. Whether what is in it is
complete and whole is judged in `mirror.py`, against the catalog.

Chroma writes its vector files in place, and a killed writer can leave them broken without a sign. Opening
them can then kill the process: files that are not known to be whole are opened in a child first, by `probe`.
"""

from __future__ import annotations

import json
import os
import struct
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from index.errors import VectorsFailed
from index.storage.opening.other_files import create_file, erase_rows, vacuum_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from chromadb import Collection
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from numpy.typing import NDArray

    from index.storage.records import StoredVector

COLLECTION = "chunks"
ROWS = "chroma.sqlite3"
GRAPH_HEADER = struct.Struct("<IQQQQ")  # of hnswlib: format, offset, capacity, elements, bytes of each
GRAPH_FORMAT = 1
# Measured for 35,000 real chunks and the vectors of 500 questions, which lie apart from them: recall@10 .981,
# at two thirds of the time to build that 32 neighbours take for .976. A wider search is what it needs.
GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "ef_construction": 100,
    "ef_search": 1000,
    "max_neighbors": 16,
}
# The metadata of chunks, whose numbers are found by an index over segment and id, and what the log says.
FORGET = (
    """DELETE FROM embedding_metadata WHERE id IN (SELECT id FROM embeddings
    WHERE segment_id IN (SELECT id FROM segments) AND embedding_id IN (SELECT value FROM json_each(?)))""",
    "UPDATE embeddings_queue SET metadata = NULL WHERE id IN (SELECT value FROM json_each(?))",
)
SAME = 1e-3  # cosine distance up to which a vector counts as found by itself


class Hits(NamedTuple):
    """Chunk ids with their cosine distances in [0, 2], nearest first."""

    ids: tuple[str, ...]
    distances: tuple[float, ...]


class VectorStore(Protocol):
    """What we want of a vector store: small enough for a server to offer it too."""

    def write(self, batch: Sequence[StoredVector]) -> None:
        """Add chunks that are not there."""

    def delete(self, ids: Sequence[str]) -> int:
        """Remove chunks; how many of these were there."""

    def query(self, vector: NDArray[np.float32], k: int) -> Hits:
        """The `k` nearest chunks."""

    def count(self) -> int:
        """How many chunks are there."""

    def close(self) -> None:
        """Let go of it."""


class ChromaVectors:
    """The collection in one folder of this machine."""

    def __init__(self, client: Client, collection: Collection) -> None:
        self._client = client
        self._collection = collection

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> ChromaVectors:
        """Open the collection in `folder`; with `create`, make it. Raises VectorsFailed.

        Chroma is told to read no `.env` from the working directory, to send nothing, and to embed nothing.
        """
        import chromadb
        from chromadb.api.collection_configuration import CreateCollectionConfiguration
        from chromadb.config import Settings

        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]  # of pydantic
        with translated(folder), _forgotten_on_failure():
            if create:
                # With our page size: of Chroma's own, most nodes would take one and a half in each index.
                folder.mkdir(mode=0o700, exist_ok=True)
                create_file(folder / ROWS)
            client = cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))
            if create:
                configuration = CreateCollectionConfiguration(hnsw=GRAPH)
                collection = client.create_collection(
                    COLLECTION, configuration=configuration, embedding_function=None
                )
            else:
                collection = client.get_collection(COLLECTION, embedding_function=None)
        return cls(client, collection)

    def write(self, batch: Sequence[StoredVector]) -> None:
        """Add chunks that are not there; those that are would stay as they are.

        The text stands in the metadata, where LlamaIndex looks for it as well, and not in Chroma's documents,
        which would be indexed by their trigrams, at three times the cost. Raises VectorsFailed.
        """
        import numpy as np

        if not batch:
            return
        dimension = len(batch[0].vector) // 4
        matrix = np.frombuffer(b"".join([stored.vector for stored in batch]), dtype="<f4")
        with translated(COLLECTION):
            self._collection.add(
                ids=[stored.chunk.id for stored in batch],
                embeddings=matrix.reshape(len(batch), dimension),
                metadatas=[dict(node_metadata(stored)) for stored in batch],
            )

    def delete(self, ids: Sequence[str]) -> int:
        """Remove some thousand chunks at most; how many of these were there. Raises VectorsFailed."""
        with translated(COLLECTION):
            there = self._collection.get(ids=list(ids), include=[])["ids"]
            if there:
                self._collection.delete(ids=there)
        return len(there)

    def query(self, vector: NDArray[np.float32], k: int) -> Hits:
        """The `k` nearest chunks, fewer if there are fewer.

        Neighbours are approximate, and equal from run to run only for one and the same build of the graph.
        Raises VectorsFailed.
        """
        with translated(COLLECTION):
            hits = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=k, include=["distances"]
            )
        distances = hits["distances"]
        assert distances is not None
        return Hits(tuple(hits["ids"][0]), tuple(distances[0]))

    def misses(self, matrix: NDArray[np.float32]) -> int:
        """How many of these vectors, which should all be there, have nothing at their place."""
        if not len(matrix):
            return 0
        with translated(COLLECTION):
            hits = self._collection.query(query_embeddings=matrix, n_results=1, include=["distances"])
        distances = hits["distances"]
        assert distances is not None
        return sum(1 for nearest in distances if not nearest or nearest[0] > SAME)

    def count(self) -> int:
        """How many chunks are there. Raises VectorsFailed."""
        with translated(COLLECTION):
            return self._collection.count()

    def close(self) -> None:
        """Let go of the files."""
        self._client.close()


def node_metadata(stored: StoredVector) -> Mapping[str, str | int | float | bool]:
    """What LlamaIndex's own ChromaVectorStore makes a TextNode of, with the node's text inside.

    Only that: what a node has by default is left out, and of the metadata what a search can be narrowed by
    stands beside the node again, for SQLite holds each string twice. Nothing is to be embedded or shown to a
    model. A page is that of the chunk's first character; keys without a value are left out. Written here, in
    LlamaIndex's words: to import it takes longer than Chroma.
    """
    chunk, source = stored.chunk, stored.source
    filters: dict[str, str | int | None] = {
        "source": source.name,
        "page": source.page_at(chunk.span.start),
        "title": source.title,
        "date": source.date.value if source.date and source.date.of_document else None,
    }
    narrowing = {key: value for key, value in filters.items() if value is not None}
    metadata = {**narrowing, "start": chunk.span.start, "end": chunk.span.end}
    node = {
        # First, so that in an index by strings the chunks of a source lie together.
        "relationships": {"1": {"node_id": source.id}},
        "id_": chunk.id,
        "metadata": metadata,
        "excluded_embed_metadata_keys": list(metadata),
        "excluded_llm_metadata_keys": list(metadata),
        "start_char_idx": chunk.span.start,
        "end_char_idx": chunk.span.end,
        "text": chunk.text,
    }
    content = json.dumps(node, ensure_ascii=False, separators=(",", ":"))
    return {**narrowing, "document_id": source.id, "_node_content": content}


@contextmanager
def translated(what: Path | str) -> Iterator[None]:
    """Turn Chroma's errors into ours. It does not say when a disk is full, so the hint must."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, OSError) as exc:
        reason = " ".join(str(exc).split())[:200]
        hint = "check the free space; nothing is lost, and `qa index` builds the vector files again"
        raise VectorsFailed(f"Chroma failed ({what}): {type(exc).__name__}: {reason}", hint) from exc


@contextmanager
def _forgotten_on_failure() -> Iterator[None]:
    """Make Chroma forget what failed to open: it would hand out the same broken client for ever."""
    from chromadb.api.shared_system_client import SharedSystemClient

    try:
        yield
    except BaseException:
        SharedSystemClient.clear_system_cache()
        raise


def load_chroma() -> None:
    """Import Chroma, which takes seconds."""
    import chromadb  # noqa: F401


def chroma_version() -> str:
    """The version of Chroma that would open the files, without importing it."""
    from importlib.metadata import version

    return version("chromadb")


def forget(folder: Path, ids: Sequence[str]) -> None:
    """Overwrite what the rows of these chunks say with zeros, without Chroma, which takes seconds to import.

    Chroma itself is told later that they are gone; until then they are chunks without metadata. Nobody may be
    writing to it. Raises QaError, where the tables are other ones as well.
    """
    erase_rows(folder / ROWS, *FORGET, values=(json.dumps(ids),))


def vacuum(folder: Path, stop: Callable[[], bool] = lambda: False) -> bool:
    """Write the file with Chroma's texts anew, without what was deleted; False if it was told to `stop`.

    Nobody may have it open. Raises IndexDamaged, IndexLocked, StorageError.
    """
    return vacuum_file(folder / ROWS, stop)


def blank_unused(folder: Path) -> None:
    """Overwrite the unused ends of the files of Chroma's graph with zeros; nobody may have it open.

    Chroma creates these files for a hundred elements and fills them with whatever its process had in memory,
    texts of documents included; any process that opens it may. Of a graph of another format nothing is known,
    and nothing is overwritten. Raises VectorsFailed.
    """
    for header in folder.glob("*/header.bin"):
        try:
            format_, _, _, elements, element_size = GRAPH_HEADER.unpack_from(header.read_bytes())
        except struct.error as exc:
            raise VectorsFailed(f"the graph is damaged: {header}", "it is built anew") from exc
        if format_ != GRAPH_FORMAT:
            continue
        for name, size in (("data_level0.bin", element_size), ("length.bin", 4)):
            with header.with_name(name).open("r+b") as file:
                unused = file.seek(0, os.SEEK_END) - elements * size
                if unused > 0:
                    file.seek(elements * size)
                    file.write(bytes(unused))


def vector_files(folder: Path) -> list[Path]:
    """The files in Chroma's folder that reading does not change, and that can kill a process if broken."""
    return sorted(path for path in folder.glob("*/*") if path.is_file())

"""Small prepared sources and catalogs, for the tests of storage."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.storage.catalog import Catalog
from index.storage.location import source_id
from index.storage.records import FileStat, Prepared
from index.text.chunks import chunk_id
from index.types import Chunk, Dated, Page, Source, Span
from tests.support.fake_embedder import LetterEmbedder

EMBEDDER = LetterEmbedder(dimension=32)


def open_catalog(folder: Path) -> Catalog:
    """A catalog to write to, set up for `EMBEDDER`."""
    catalog = Catalog.open(folder, create=True)
    catalog.configure(chunker="lines/1", embedder=EMBEDDER.name, dimension=EMBEDDER.dimension)
    return catalog


def prepared(folder: Path, name: str, text: str) -> Prepared:
    """A source of that name beside the index in `folder`: one chunk of one sentence for every line."""
    location = str(folder.resolve().parent / name)
    identity = source_id(folder.resolve(), location)
    chunks = []
    end = 0
    for line in text.splitlines(keepends=True):
        span = Span(end, end + len(line))
        chunks.append(Chunk(chunk_id(identity, span, line), identity, span, line, (span,), ("Part", name)))
        end = span.end
    source = Source(
        id=identity,
        name=name,
        location=location,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader="text/1",
        length=len(text),
        pages=(Page(1, Span(0, len(text))),),
        title=f"On {name}",
        date=Dated("2025-10-21", "text"),
        encoding="utf-8",
        notes=("made for a test",),
    )
    keys = tuple(key_of(chunk.text) for chunk in chunks)
    return Prepared(source, text, tuple(chunks), keys, FileStat(len(text), 7, 8))


def key_of(text: str) -> str:
    """The cache key of a text's vector."""
    return hashlib.sha256(text.encode()).hexdigest()


def vectors_of(*sources: Prepared) -> dict[str, bytes]:
    """The vectors of all chunks, by key."""
    texts = [chunk.text for one in sources for chunk in one.chunks]
    keys = [key for one in sources for key in one.keys]
    return {key: row.tobytes() for key, row in zip(keys, EMBEDDER.embed(texts), strict=True)}


def store(catalog: Catalog, *sources: Prepared) -> None:
    """Put sources into the catalog in one transaction."""
    catalog.replace(sources, vectors_of(*sources))


def row_of(catalog: Catalog, name: str) -> int:
    """The row of the source of that name."""
    return next(source.row for source in catalog.source_rows() if source.name == name)

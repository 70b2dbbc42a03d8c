"""A small index of a few texts, for the tests of gold and audits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.storage.catalog import Catalog
from index.types import Chunk, Page, Span
from tests.support.catalogs import EMBEDDER, key_of, open_catalog, prepared, vectors_of


def catalog_of(
    folder: Path, texts: dict[str, str], cuts: Sequence[tuple[int, int]] | None = None, pages: int = 1
) -> Catalog:
    """An open catalog of these texts, chunks being lines or `cuts`; each text has that many equal pages."""
    (folder / ".qa").mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(folder / ".qa")
    for name, text in texts.items():
        stored = prepared(folder / ".qa", name, text)
        length = -(-len(text) // max(pages, 1))
        numbered = tuple(
            Page(page + 1, Span(min(page * length, len(text)), min((page + 1) * length, len(text))))
            for page in range(pages)
        )
        stored = replace(stored, source=replace(stored.source, pages=numbered))
        if cuts is not None:
            chunks = tuple(
                Chunk(f"{name}{start}-{end}", stored.source.id, Span(start, end), text[start:end], ())
                for start, end in cuts
            )
            stored = replace(stored, chunks=chunks, keys=tuple(key_of(chunk.text) for chunk in chunks))
        catalog.replace([stored], vectors_of(stored))
    assert catalog.manifest.embedder == EMBEDDER.name
    return catalog

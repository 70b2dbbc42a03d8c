"""Texts are stored once, in pieces, and any span of them is read as it was, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from index.errors import SourceReplaced
from index.storage.catalog import Catalog
from index.storage.content.texts import SourceText
from index.storage.records import Prepared, StoredText, cut_text
from index.text.chunks import chunk_id
from index.text.lines import line_at, lines_at
from index.types import Chunk, Span
from tests.support.catalogs import key_of, open_catalog, prepared, store, vectors_of

TEXT = st.text(st.sampled_from("ab é\n\r\0東\U0001f600"), max_size=40)
CUTS = st.lists(st.integers(0, 40), max_size=8)


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(tmp_path / ".qa") as opened:
        yield opened


def cut(catalog: Catalog, text: str, spans: list[Span], name: str = "a.txt") -> Prepared:
    """A source with these chunks."""
    whole = prepared(catalog.folder, name, text)
    identity = whole.source.id
    chunks = tuple(
        Chunk(chunk_id(identity, span, f"{at}"), identity, span, span.of(text), (span,))
        for at, span in enumerate(spans)
    )
    return replace(whole, chunks=chunks, keys=tuple(key_of(chunk.text) for chunk in chunks))


def spans_at(text: str, cuts: list[int]) -> list[Span]:
    """Chunks with and without text between them, by their starts."""
    edges = sorted({min(at, len(text)) for at in cuts})
    return [Span(start, end) for start, end in pairwise(edges)][::2]


@given(TEXT, CUTS)
def test_every_character_is_stored_once(text: str, cuts: list[int]) -> None:
    """The opening and the pieces are the text, each piece begins with its chunk, and knows its line."""
    spans = spans_at(text, cuts)
    opening, cut = cut_text(text, spans)
    pieces = list(cut)
    assert opening + "".join(piece.text for piece in pieces) == text
    assert [(piece.start, piece.line) for piece in pieces] == [
        (span.start, line_at(text, span.start)) for span in spans
    ]
    assert all(piece.text.startswith(span.of(text)) for piece, span in zip(pieces, spans, strict=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, cuts=CUTS, data=st.data())
def test_any_span_is_read_without_the_rest(
    catalog: Catalog, text: str, cuts: list[int], data: st.DataObject
) -> None:
    """In a chunk, between two, before the first or behind the last; and its line is that of the text."""
    one = cut(catalog, text, spans_at(text, cuts))
    store(catalog, one)
    assert catalog.prepared(one.source.id) == one
    found = catalog.texts(one.chunks[:1]).get(one.source.id)
    if found is None:
        return
    assert len(found) == len(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert Span(start, end).of(found) == text[start:end]
    assert found.line_at(start) == line_at(text, start)
    assert found[:] == text


@given(TEXT)
def test_lines_are_counted_on_from_one_offset_to_the_next(text: str) -> None:
    """As if each were looked for alone, a line end of two characters included."""
    offsets = range(len(text) + 1)
    assert list(lines_at(text, offsets)) == [1 + text[:at].count("\n") + _alone(text, at) for at in offsets]


def _alone(text: str, offset: int) -> int:
    """The line ends before `offset` that are a carriage return alone."""
    return sum(text[at] == "\r" and text[at : at + 2] != "\r\n" for at in range(offset))


def test_chunks_that_overlap_come_back_too(catalog: Catalog) -> None:
    """No chunker of ours makes such, and yet nothing depends on it."""
    one = cut(catalog, "abcdefghij", [Span(1, 6), Span(3, 5), Span(4, 9)])
    store(catalog, one)
    assert catalog.prepared(one.source.id) == one
    assert catalog.texts(one.chunks)[one.source.id][2:10] == "cdefghij"


def test_a_chunk_that_is_not_in_its_source_is_refused(catalog: Catalog) -> None:
    """Nothing of the source is stored then."""
    good = prepared(catalog.folder, "a.txt", "words\n")
    bad = replace(good, text="other\n")
    with pytest.raises(ValueError, match="is not what its source says there"):
        catalog.replace([bad], vectors_of(good))
    assert not catalog.sources()


def test_what_was_read_with_a_chunk_outlives_its_source(catalog: Catalog) -> None:
    """The rest is asked for in vain, and never taken from what is there now."""
    text = "".join(f"line {number}\n" for number in range(1000))
    old = prepared(catalog.folder, "a.txt", text)
    store(catalog, old)
    found = catalog.texts([old.chunks[50]])[old.source.id]
    assert found[4000:4009] == text[4000:4009]  # far away, and read now
    store(catalog, prepared(catalog.folder, "a.txt", text.replace("line", "word")))
    span = old.chunks[50].span
    assert (span.of(found), found.line_at(span.start)) == ("line 50\n", 51)
    with pytest.raises(SourceReplaced):
        found[-9:]
    with pytest.raises(KeyError):
        catalog.texts([replace(old.chunks[0], source_id="gone")])


def test_a_text_reads_each_piece_once() -> None:
    """What was read once is remembered; nothing is read for an empty span."""
    asked = []

    def read(start: int, end: int) -> StoredText:
        asked.append((start, end))
        return StoredText(0, 1, "one\ntwo\n")

    text = SourceText(8, [], read)
    assert (text[3:3], text[4:7], text[:], text.line_at(4), text.line_at(8)) == (
        *("", "two", "one\ntwo\n"),
        *(2, 3),
    )
    assert asked == [(4, 7)]

"""What every file that was read, split and cut must keep, whatever its bytes."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from index.storage.records import Prepared
from index.text.chunks import LIMIT, embedding_text
from index.types import Chunk, Reading
from tests.support.readings import check_reading

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


def check(reading: Reading, prepared: Prepared) -> None:
    """Raises AssertionError with what is wrong."""
    check_reading(reading)
    _check_tables(reading)
    _check_words(prepared)
    _check_chunks(reading, prepared)


def _check_tables(reading: Reading) -> None:
    for table in reading.tables:
        assert table.span.start <= table.body <= table.span.end, f"a body outside its table: {table}"
        assert table.span.end <= len(reading.text), f"a table outside the text: {table}"
    for before, after in pairwise(reading.tables):
        assert before.span.end <= after.span.start, f"tables overlap: {before.span}, {after.span}"
    assert all(page.span.end <= len(reading.text) for page in reading.pages), "a page outside the text"
    assert all(block.span.end <= len(reading.text) for block in reading.blocks), "a block outside the text"


def _check_words(prepared: Prepared) -> None:
    """Titles, names and remarks are one line each, without what steers a terminal."""
    source = prepared.source
    columns = [
        name
        for chunk in prepared.chunks
        for table in chunk.tables
        for name in (*table.columns, table.caption)
    ]
    for kind, words in (("title", [source.title or ""]), ("remark", source.notes), ("column", columns)):
        for one in words:
            assert not CONTROL.search(one), f"a control character in a {kind}: {one[:80]!r}"
    assert source.title is None or source.title == source.title.strip(), (
        f"a title with ends: {source.title!r}"
    )
    assert source.date is None or _DAY.fullmatch(source.date.value), f"no date: {source.date}"
    assert source.length == len(prepared.text), "a length that is not that of the text"


def _check_chunks(reading: Reading, prepared: Prepared) -> None:
    text = prepared.text
    starts = [block.span.start for block in reading.blocks]
    assert len({chunk.id for chunk in prepared.chunks}) == len(prepared.chunks), "two chunks of one name"
    for before, after in pairwise(prepared.chunks):
        assert before.span.end <= after.span.start, "chunks overlap"
    for chunk in prepared.chunks:
        assert chunk.text == chunk.span.of(text), "a chunk that is not its slice"
        assert chunk.sentences, "a chunk without sentences"
        assert chunk.sentences[0].start == chunk.span.start, "a chunk begins before its sentences"
        assert chunk.sentences[-1].end == chunk.span.end, "a chunk ends behind its sentences"
        assert len(chunk.sentences) < 2 or _said(chunk) <= 2 * LIMIT, "a long chunk of several sentences"
        for one, following in pairwise(chunk.sentences):
            assert one.end <= following.start, "sentences overlap"
        for sentence in chunk.sentences:
            said = sentence.of(text)
            assert said, "an empty sentence"
            assert said == said.strip(), f"a sentence with white ends: {said[:80]!r}"
            block = reading.blocks[bisect_right(starts, sentence.start) - 1]
            assert block.span.contains(sentence), f"a sentence over two blocks: {said[:80]!r}"
        embedding_text(chunk, prepared.source.title).encode("utf-8")


def _said(chunk: Chunk) -> int:
    """Characters of its sentences: what stands between them belongs to none, and may be long."""
    return sum(len(sentence) for sentence in chunk.sentences)

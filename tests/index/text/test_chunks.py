"""Sentences become chunks: whole, in order, under their headings."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from index.readers.builder import TextBuilder
from index.readers.formats import read
from index.text.chunks import (
    LIMIT,
    LONGEST_HEADING,
    SMALL,
    TAIL,
    chunk_id,
    cut_chunks,
    embedding_text,
    names_above,
)
from index.text.sentences import split_sentences
from index.types import Block, BlockKind, Chunk, Span

KINDS: tuple[BlockKind, ...] = ("heading", "paragraph", "item", "row", "code")


def source_of(*parts: tuple[BlockKind, int, str]) -> tuple[str, list[Block]]:
    """A text of blocks given by kind, level and text, blank lines between."""
    text = ""
    blocks = []
    for kind, level, body in parts:
        blocks.append(Block(kind, Span(len(text), len(text) + len(body)), level))
        text += body + "\n\n"
    return text, blocks


def chunks_of(
    *parts: tuple[BlockKind, int, str], title: str | None = None, limit: int = LIMIT
) -> tuple[Chunk, ...]:
    """The chunks of a source of such blocks."""
    text, blocks = source_of(*parts)
    sentences = split_sentences(text, blocks)
    return tuple(cut_chunks(text, blocks, sentences, source_id="a", title=title, limit=limit))


PROSE = "It rained all day in the town. " * 30  # 930 characters
BLOCKS = st.tuples(
    st.sampled_from(KINDS),
    st.integers(1, 3),
    st.one_of(
        st.sampled_from(["One. Two.", "Name | Age", "x", PROSE.strip(), "w" * 1500]),
        st.text(min_size=1, max_size=9),
    ),
)


@given(st.lists(BLOCKS, max_size=12), st.sampled_from([200, 700, LIMIT]))
def test_every_sentence_is_in_exactly_one_chunk(parts: list[tuple[BlockKind, int, str]], limit: int) -> None:
    """In order, as spans of the text, and no chunk of several sentences longer than it may be."""
    text, blocks = source_of(*parts)
    sentences = split_sentences(text, blocks)
    chunks = tuple(cut_chunks(text, blocks, sentences, source_id="a", limit=limit))
    assert [span for chunk in chunks for span in chunk.sentences] == [sentence.span for sentence in sentences]
    for chunk in chunks:
        assert chunk.text == chunk.span.of(text)
        assert (chunk.span.start, chunk.span.end) == (chunk.sentences[0].start, chunk.sentences[-1].end)
        body = [span for span in chunk.sentences if len(span) < TAIL]
        assert len(chunk.text) <= max(limit, SMALL) + 1000 + TAIL or len(body) < 2
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert all(left.span.end <= right.span.start for left, right in pairwise(chunks))


def test_a_heading_opens_a_chunk_and_names_the_later_ones() -> None:
    """The path holds what stands above a chunk, outermost first, and never what is in it."""
    chunks = chunks_of(
        ("heading", 1, "Report"),
        ("heading", 2, "Costs"),
        ("paragraph", 0, PROSE.strip()),
        ("paragraph", 0, PROSE.strip()),
        ("heading", 2, "Gains"),
        ("paragraph", 0, PROSE.strip()),
    )
    assert [chunk.text.split("\n")[0] for chunk in chunks] == ["Report", PROSE.strip(), "Gains"]
    assert [chunk.headings for chunk in chunks] == [(), ("Report", "Costs"), ("Report",)]


def test_the_title_is_not_a_heading() -> None:
    """It is kept and searched with the source."""
    parts: list[tuple[BlockKind, int, str]] = [("heading", 1, "Report"), ("paragraph", 0, PROSE.strip())] * 2
    assert {chunk.headings for chunk in chunks_of(*parts, title="Report", limit=500)} == {()}


def test_a_section_is_shared_out_evenly_at_block_ends() -> None:
    """1,860 characters become two equal chunks, not one of the limit and a rest."""
    chunks = chunks_of(("paragraph", 0, PROSE.strip()), ("paragraph", 0, PROSE.strip()))
    assert [len(chunk.text) for chunk in chunks] == [929, 929]


def test_small_neighbours_are_one_chunk() -> None:
    """Two-line sections together, until they are long enough to stand alone."""
    parts: list[tuple[BlockKind, int, str]] = [
        ("heading", 2, "Where?"),
        ("paragraph", 0, "In the harbour, by day."),
    ]
    chunks = chunks_of(*(parts * 30))
    assert all(SMALL / 2 < len(chunk.text) <= SMALL for chunk in chunks[:-1])
    assert all(chunk.text.startswith("Where?") for chunk in chunks)


def test_a_last_heading_is_indexed() -> None:
    """A heading with nothing below it is a chunk of its own after a long section."""
    long = (PROSE * 4)[:1200].rpartition(".")[0] + "."
    chunks = chunks_of(("paragraph", 0, long), ("heading", 1, "Appendix"))
    assert [chunk.text for chunk in chunks] == [long, "Appendix"]


def test_later_rows_are_searched_with_the_names_of_their_columns() -> None:
    """What names a table's columns is above every chunk that goes on with it, and in no other."""
    builder = TextBuilder()
    builder.add("heading", "Towns", 1)
    rows = [(f"town {n}", f"{n}00 people", "by the sea") for n in range(90)]
    builder.add_table([("name", "size", "place"), *rows])
    builder.add("heading", "Villages", 1)
    builder.add("paragraph", PROSE)
    builder.add_table([("name", "age"), ("hamlet", "9")])
    reading = builder.reading()
    sentences = split_sentences(reading.text, reading.blocks)
    first, *later, last = cut_chunks(
        reading.text, reading.blocks, sentences, source_id="a", tables=reading.tables
    )
    assert len(later) > 2
    assert {chunk.tables for chunk in (first, *later)} == {reading.tables[:1]}
    assert last.tables == reading.tables[1:]
    assert names_above(first) == names_above(last) == ()
    assert {names_above(chunk) for chunk in later} == {("Towns", "name size place")}
    assert embedding_text(later[0], "List").startswith("List > Towns > name size place\ntown ")


def test_a_chunk_is_named_by_what_it_is() -> None:
    """Source, place and text all count; the same gives the same."""
    name = chunk_id("a", Span(0, 3), "abc")
    others = {
        chunk_id("b", Span(0, 3), "abc"),
        chunk_id("a", Span(1, 4), "abc"),
        chunk_id("a", Span(0, 3), "abd"),
    }
    assert name == chunk_id("a", Span(0, 3), "abc")
    assert name not in others
    assert len(others) == 3
    assert len(name) == 32
    assert int(name, 16) >= 0


def test_what_is_embedded_has_title_and_headings_once() -> None:
    """On one line above the text, without what the text begins with."""
    chunk = Chunk("0", "a", Span(0, 4), "Body", (Span(0, 4),), ("Report", "Costs"))
    assert embedding_text(chunk, "Report") == "Report > Costs\nBody"
    assert embedding_text(chunk, "Body") == "Report > Costs\nBody"
    assert embedding_text(Chunk("0", "a", Span(0, 4), "Body", (Span(0, 4),)), None) == "Body"


def test_many_sections_rows_and_headings_are_cut_quickly() -> None:
    """Twenty thousand blocks of each kind take a moment: nothing is walked twice."""
    parts: list[tuple[BlockKind, int, str]] = []
    for kind in KINDS:
        parts += [(kind, 1 + n % 3, f"{kind} number {n}") for n in range(20_000)]
    assert sum(len(chunk.sentences) for chunk in chunks_of(*parts)) == 100_000


def test_what_each_chunk_bears_is_bounded() -> None:
    """A heading of a whole page and a table of 20,000 columns are not kept with each of their chunks."""
    words = " ".join(f"word{n}" for n in range(5_000))
    for chunk in chunks_of(("heading", 1, words), ("paragraph", 0, PROSE * 20), title=words):
        assert all(len(heading) <= LONGEST_HEADING for heading in chunk.headings)
        assert all(words.startswith(f"{heading} ") for heading in chunk.headings)
    rows = [[f"column {n}" for n in range(20_000)], *([str(n) for n in range(20_000)] for _ in range(2))]
    reading = read("\n".join(map(",".join, rows)).encode(), "wide.csv")
    assert reading.tables[0].columns
    sentences = split_sentences(reading.text, reading.blocks)
    chunks = tuple(cut_chunks(reading.text, reading.blocks, sentences, source_id="a", tables=reading.tables))
    assert {table.columns for chunk in chunks for table in chunk.tables} == {()}

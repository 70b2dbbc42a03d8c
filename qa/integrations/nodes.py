"""Passages and citations as LlamaIndex nodes, with exact offsets.

Of a node's metadata nothing is embedded, and a model is shown the source's name, title and date, and what
names the rows of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from index.text.chunks import chunk_id
from index.text.rows import names_line

if TYPE_CHECKING:
    from llama_index.core.schema import NodeWithScore

    from index.types import Passage, Source, Span
    from qa.types import Answer, Citation

_SHOWN = ("source", "title", "date", "table")  # to a model, as in our own prompt


def passage_node(passage: Passage, score: float | None = None) -> NodeWithScore:
    """`passage` as a node whose text is `source_text[start_char_idx:end_char_idx]`, its id the chunk's.

    `metadata` has the values of `_facts`, and `headings`, `sentences` (the [start, end) of each in the
    source's text) and `also`, the names of sources with a near-identical chunk. `table` says what the text
    lacks and what names its rows: caption and columns, a line for each table. `score` takes the place of the
    passage's own.
    """
    chunk = passage.chunk
    tables = "\n".join(filter(None, (names_line(table, chunk) for table in chunk.tables)))
    metadata = {
        **_facts(passage.source, chunk.span),
        **({"table": tables} if tables else {}),
        "headings": list(chunk.headings),
        "sentences": [[span.start, span.end] for span in chunk.sentences],
        "also": list(dict.fromkeys(copy.source.name for copy in passage.copies)),
    }
    return _node(
        chunk.id, chunk.text, chunk.span, passage.source, metadata, passage.score if score is None else score
    )


def citation_nodes(answer: Answer) -> list[NodeWithScore]:
    """One node for each citation, in their order: `metadata["citation"]` is the number in the text.

    The text is the cited span and no more. A node's score is that of the passage its citation begins in.
    """
    return [_citation_node(citation, answer.passages) for citation in answer.citations]


def _citation_node(citation: Citation, passages: Iterable[Passage]) -> NodeWithScore:
    passage = next(
        passage
        for passage in passages
        if passage.source.name == citation.source and passage.chunk.span.overlaps(citation.span)
    )
    source = passage.source
    metadata = {
        "citation": citation.number,
        **_facts(source, citation.span),
        **({"labelled": citation.labelled} if citation.labelled else {}),
        "line": citation.line,
        "also": list(citation.also),
    }
    name = chunk_id(source.id, citation.span, citation.text)
    return _node(name, citation.text, citation.span, source, metadata, passage.score)


def _facts(source: Source, span: Span) -> dict[str, object]:
    """Where a span stands, without what is not known: `page` is that of its first character.

    `location` is the path of the file on disk, `sha256` of its bytes; a `date` with the `date_origin`
    "modified" is the file's and not the document's.
    """
    facts: dict[str, object | None] = {
        "source": source.name,
        "start": span.start,
        "end": span.end,
        "page": source.page_at(span.start),
        "title": source.title,
        "date": source.date.value if source.date else None,
        "date_origin": source.date.origin if source.date else None,
        "location": source.location,
        "sha256": source.sha256,
        "hidden": source.hides(span) or None,
    }
    return {key: value for key, value in facts.items() if value is not None}


def _node(
    name: str, text: str, span: Span, source: Source, metadata: Mapping[str, object], score: float
) -> NodeWithScore:
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        ObjectType,
        RelatedNodeInfo,
        TextNode,
    )

    dated = source.date is not None and source.date.of_document
    shown = [key for key in _SHOWN if key != "date" or dated]
    document = RelatedNodeInfo(
        node_id=source.id,
        node_type=ObjectType.DOCUMENT,
        metadata={"source": source.name},
        hash=source.sha256,
    )
    node = TextNode(
        id_=name,
        text=text,
        metadata=dict(metadata),
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=[key for key in metadata if key not in shown],
        start_char_idx=span.start,
        end_char_idx=span.end,
        relationships={NodeRelationship.SOURCE: document},
    )
    return NodeWithScore(node=node, score=score)

"""Does search find the passages that answer? `python benchmarks/retrieval.py DATA_FOLDER [--set NAME …]`.

For each set in DATA_FOLDER: indexes its documents as `qa index` does into a temporary folder, asks every
question that has an answer, and prints how often a gold passage was found, for `qa` and, over the same index,
for its two searches alone and equally weighted; then for LlamaIndex's `VectorStoreIndex` as its starter
example builds it, with the same embedder. Markdown tables on stdout.

A passage answers if it holds at least half of a gold span, or lies on a gold page. Success@k: one that
answers is among the first k. R@5: the share of gold characters (or pages) in the first 5, of the annotator
served best. MRR@10: the mean of 1 / rank of the first that answers. Longer passages hold more; so "size" is
the mean number of characters in the first 5. "chosen on" and "held out" are the halves of the questions by
a hash of their ids: the weights in `index/search/fusion.py` were chosen on the first.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding.embedder import load_embedder
from index.search.searcher import Searcher
from index.storage.catalog import Catalog
from index.sync.sync import Options, sync
from index.text.terms import fts_query, query_terms
from index.types import Chunk, Source, Span

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from index.embedding.embedder import Embedder

DEPTH = 10  # passages taken from every system
STARTER_CHUNKS = ((1024, 20), (300, 20))  # tokens and overlap: LlamaIndex's default, and a smaller one


@dataclass(frozen=True, slots=True)
class Piece:
    """Something retrieved: a span of a source's text, and the pages it touches."""

    source: str
    span: Span
    pages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated piece of evidence: a span, or a page. `annotator` numbers a complete set of them."""

    source: str
    span: Span | None
    page: int | None
    annotator: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question that the documents answer, and where."""

    text: str
    gold: tuple[Gold, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What one ranking earned."""

    success1: float
    success5: float
    recall5: float
    reciprocal: float
    size: int


Found = tuple[Piece, ...]  # one passage: where it is, then where its copies are
Ask = Callable[[str], Sequence[Found]]


def read_questions(path: Path) -> list[Question]:
    """The answerable questions of a set that have evidence."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Question(
            row["question"],
            tuple(_gold(evidence) for evidence in row["evidence"]),
            bool(hashlib.sha256(row["id"].encode()).digest()[0] & 1),
        )
        for row in rows
        if row["answerable"] and row["evidence"]
    ]


def _gold(row: Mapping[str, str | int]) -> Gold:
    page = row.get("page")
    span = None if page else Span(int(row["start"]), int(row["end"]))
    return Gold(str(row["source"]), span, int(page) if page else None, int(row.get("set", 0)))


def answers(piece: Piece, gold: Gold) -> bool:
    """True if the piece holds at least half of the gold span, or touches the gold page."""
    if piece.source != gold.source:
        return False
    if gold.span is None:
        return gold.page in piece.pages
    return 2 * len(_shared(piece, gold.span)) >= len(gold.span)


def _places(gold: Gold) -> range:
    """Its characters, or its page."""
    return (
        range(gold.page or 0, (gold.page or 0) + 1)
        if gold.span is None
        else range(gold.span.start, gold.span.end)
    )


def _shared(piece: Piece, span: Span) -> range:
    return range(max(piece.span.start, span.start), min(piece.span.end, span.end))


def recall(pieces: Sequence[Piece], gold: Sequence[Gold]) -> float:
    """The share of gold characters or pages that the pieces hold, of the annotator they serve best."""
    best = 0.0
    for annotator in {one.annotator for one in gold}:
        wanted: set[tuple[str, int]] = set()
        held: set[tuple[str, int]] = set()
        for one in gold:
            if one.annotator != annotator:
                continue
            wanted.update((one.source, place) for place in _places(one))
            for piece in pieces:
                if piece.source != one.source:
                    continue
                inside = piece.pages if one.span is None else _shared(piece, one.span)
                held.update((one.source, place) for place in inside if place in _places(one))
        best = max(best, len(held) / len(wanted))
    return best


def score(found: Sequence[Found], gold: Sequence[Gold]) -> Score:
    """What a ranking earns. A passage that was folded with its copies answers wherever one of them lies."""
    hits = [any(answers(piece, one) for piece in places for one in gold) for places in found[:DEPTH]]
    first = hits.index(True) + 1 if any(hits) else 0
    held = recall([piece for places in found[:5] for piece in places], gold)
    size = sum(len(places[0].span) for places in found[:5])
    return Score(first == 1, 0 < first <= 5, held, 1 / first if first else 0.0, size)


def piece_of(chunk: Chunk, source: Source) -> Piece:
    """Where a chunk lies."""
    pages = frozenset(page.number for page in source.pages if page.span.overlaps(chunk.span))
    return Piece(source.name, chunk.span, pages)


# The systems that are compared


def systems_of(catalog: Catalog, embedder: Embedder) -> Iterator[tuple[str, Ask]]:
    """`qa`, its two searches alone, and the two with equal weights (max-normalised, and by ranks)."""
    import numpy as np

    rows, matrix = catalog.vectors()
    searcher = Searcher(catalog, embedder)

    def lexical(question: str) -> dict[int, float]:
        query = fts_query(query_terms(question))
        return dict(catalog.match(query, limit=100))

    def dense(question: str) -> dict[int, float]:
        cosines = matrix @ embedder.embed([question])[0]
        nearest = np.argsort(-cosines, kind="stable")[:100]
        return {int(rows[at]): float(cosines[at]) for at in nearest}

    def equal(question: str) -> dict[int, float]:
        both = [_by_largest(lexical(question)), _by_largest(dense(question))]
        return {row: sum(one.get(row, 0.0) for one in both) for row in both[0] | both[1]}

    def by_ranks(question: str) -> dict[int, float]:
        both = [_reciprocal_ranks(lexical(question)), _reciprocal_ranks(dense(question))]
        return {row: sum(one.get(row, 0.0) for one in both) for row in both[0] | both[1]}

    def ours(question: str) -> list[Found]:
        places = [
            [(one.chunk, one.source), *((copy.chunk, copy.source) for copy in one.copies)]
            for one in searcher.search(question, k=DEPTH)
        ]
        return [tuple(piece_of(*place) for place in one) for one in places]

    yield "qa", ours
    for name, scores in (("BM25", lexical), ("dense", dense), ("equal weights", equal), ("RRF", by_ranks)):
        yield name, _ranking(catalog, scores)


def _ranking(catalog: Catalog, scores: Callable[[str], dict[int, float]]) -> Ask:
    def ask(question: str) -> list[Found]:
        found = scores(question)
        first = sorted(found, key=lambda row: (-found[row], row))[:DEPTH]
        chunks = catalog.chunks(first)
        return [(piece_of(*chunks[row]),) for row in first]

    return ask


def _by_largest(scores: Mapping[int, float]) -> dict[int, float]:
    most = max(scores.values(), default=0.0) or 1.0
    return {row: value / most for row, value in scores.items()}


def _reciprocal_ranks(scores: Mapping[int, float]) -> dict[int, float]:
    """1 / (60 + rank): Cormack, Clarke and Büttcher, SIGIR 2009."""
    order = sorted(scores, key=lambda row: (-scores[row], row))
    return {row: 1 / (60 + rank) for rank, row in enumerate(order, 1)}


def starter(catalog: Catalog, embedder: Embedder, size: int, overlap: int) -> Ask:
    """LlamaIndex's starter: `SentenceSplitter`, `VectorStoreIndex`, the nearest `DEPTH`; PDF page by page.

    It is given the text our readers extracted, and its own offsets are believed.
    """
    from llama_index.core import Document, MockEmbedding, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter

    documents = []
    for source in catalog.sources():
        text = catalog.text(source.id)
        for number, span in [(page.number, page.span) for page in source.pages] or [(0, Span(0, len(text)))]:
            metadata = {"file_name": source.name, "page_label": str(number), "shift": span.start}
            hidden = list(metadata)
            documents.append(
                Document(text=span.of(text), metadata=metadata, excluded_embed_metadata_keys=hidden)
            )
    nodes = SentenceSplitter(chunk_size=size, chunk_overlap=overlap).get_nodes_from_documents(documents)
    for node, vector in zip(nodes, embedder.embed([node.get_content() for node in nodes]), strict=True):
        node.embedding = vector.tolist()
    index = VectorStoreIndex(nodes, embed_model=_model_of(embedder, MockEmbedding))
    retriever = index.as_retriever(similarity_top_k=DEPTH)

    def ask(question: str) -> list[Found]:
        pieces: list[Found] = []
        for hit in retriever.retrieve(question):
            shift, page = hit.metadata["shift"], int(hit.metadata["page_label"])
            start, end = (
                getattr(hit.node, "start_char_idx", 0) or 0,
                getattr(hit.node, "end_char_idx", 0) or 0,
            )
            place = Piece(hit.metadata["file_name"], Span(shift + start, shift + end), frozenset({page}))
            pieces.append((place,))
        return pieces

    return ask


def _model_of(embedder: Embedder, base: type[BaseEmbedding]) -> BaseEmbedding:
    """Our embedder as LlamaIndex wants it, for the questions; the chunks have their vectors by then."""

    class Ours(base):  # type: ignore[misc, valid-type]  # the base is only known where llama_index is imported
        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embedder.embed([query])[0].tolist()
            return vector

    return Ours(embed_dim=embedder.dimension)


# The run


def mean_line(scores: Sequence[Score]) -> str:
    """The four means, as cells of a table."""
    if not scores:
        return "– | – | – | –"
    columns = zip(*((one.success1, one.success5, one.recall5, one.reciprocal) for one in scores), strict=True)
    return " | ".join(f"{sum(column) / len(scores):.3f}" for column in columns)


def run_set(folder: Path, place: Path, *, peers: bool) -> None:
    """Index one set and print its table."""
    embedder = load_embedder()
    questions = read_questions(folder / "questions.jsonl")
    began = time.perf_counter()
    sync([folder / "docs"], folder=place, embedder=lambda: embedder, options=Options(chroma=False))
    took = time.perf_counter() - began
    with Catalog.open(place) as catalog:
        sources, chunks, _ = catalog.counts()
        print(f"\n### {folder.name}: {len(questions)} questions, {sources} sources, {chunks} chunks\n")
        print(f"Indexed in {took:.1f} s. Columns: Success@1, Success@5, R@5, MRR@10.\n")
        print("| system | all |||| chosen on |||| held out |||| size | ms |\n|---|" + "--:|" * 14)
        systems = list(systems_of(catalog, embedder))
        if peers:
            for size, overlap in STARTER_CHUNKS:
                name = f"LlamaIndex starter, {size}/{overlap}"
                systems.append((name, starter(catalog, embedder, size, overlap)))
        for name, ask in systems:
            _report(name, ask, questions)


def _report(name: str, ask: Ask, questions: Sequence[Question]) -> None:
    began = time.perf_counter()
    rankings = [ask(question.text) for question in questions]
    milliseconds = 1000 * (time.perf_counter() - began) / max(1, len(questions))
    scored = [(one.held_out, score(found, one.gold)) for one, found in zip(questions, rankings, strict=True)]
    cells = (
        mean_line([one for _, one in scored]),
        mean_line([one for held_out, one in scored if not held_out]),
        mean_line([one for held_out, one in scored if held_out]),
    )
    size = sum(one.size for _, one in scored) / max(1, len(scored))
    print(f"| {name} | {' | '.join(cells)} | {size:,.0f} | {milliseconds:.0f} |", flush=True)


def main() -> None:
    """Parse the arguments, run the sets, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--set", action="append", dest="sets", help="a set by its name; all without")
    parser.add_argument("--no-peers", action="store_true", help="without LlamaIndex")
    arguments = parser.parse_args()
    names = arguments.sets or sorted(path.parent.name for path in arguments.data.glob("*/questions.jsonl"))
    packages = ("numpy", "wordllama", "llama-index-core", "pypdfium2")
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()};", end=" ")
    print(", ".join(f"{package} {version(package)}" for package in packages))
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            run_set(arguments.data / name, Path(folder) / ".qa", peers=not arguments.no_peers)


if __name__ == "__main__":
    main()

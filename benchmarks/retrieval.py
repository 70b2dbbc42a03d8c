"""Retrieval metrics of `qa` and of LlamaIndex's starter example.

`python benchmarks/retrieval.py DATA_FOLDER [--set NAME …]`

For each set in DATA_FOLDER: indexes its documents as `qa index` does into a temporary folder, asks every
question that has an answer, and prints how often a gold passage was found, for `qa` and, over the same index,
for its two searches alone and equally weighted; then for LlamaIndex's `VectorStoreIndex` as its starter
example builds it, with the same embedder. Markdown tables on stdout.

The metrics are those of `qa eval`, over the first 10 passages: Success@k, R@5 and MRR, by pages
(`page_Success@k` …) where the gold is pages, and `qa` is asked as `qa eval` asks it, so that both print the
same figures; `qa/evaluation/metrics/retrieval.py` defines them, for the other systems too. Longer
passages hold more; so "size" is the mean number of characters in the first 5. "chosen on" and "held out" are
the halves of the questions by a hash of their ids: the weights in `index/search/ranking/fusion.py` were
chosen on the first.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.open_sets import DEPTH, GoldQuestion, OpenSet, figures_of, open_set, set_names
from index.embedding.embedder import load_embedder
from index.storage.catalog import Catalog
from index.text.terms import fts_query, query_terms
from index.types import Chunk, Source, Span
from qa.evaluation.running.attempt import pages_of, retrieved
from qa.evaluation.types import Retrieved, SourceSpan

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from index.embedding.embedder import Embedder

STARTER_CHUNKS = ((1024, 20), (300, 20))  # tokens and overlap: LlamaIndex's default, and a smaller one
COLUMNS = ("Success@1", "Success@5", "R@5", "MRR")

Ask = Callable[[str], Sequence[Retrieved]]  # a question to at most DEPTH passages, best first


@dataclass(frozen=True, slots=True)
class Score:
    """What one ranking measures: `COLUMNS`, and the characters of its first five passages."""

    metrics: tuple[float, ...]
    size: int
    held_out: bool


def score(ranking: Sequence[Retrieved], asked: GoldQuestion) -> Score:
    """The metrics of a ranking, and its half."""
    held_out = bool(hashlib.sha256(asked.question.id.encode()).digest()[0] & 1)
    size = sum(len(passage.place.span) for passage in ranking[:5])
    return Score(figures_of(ranking, asked.gold, COLUMNS), size, held_out)


# The systems that are compared


def systems_of(asked_set: OpenSet, catalog: Catalog, embedder: Embedder) -> Iterator[tuple[str, Ask]]:
    """`qa`, its two searches alone, and the two with equal weights (max-normalised, and by ranks)."""
    import numpy as np

    rows, matrix = catalog.vectors()

    def lexical(question: str) -> dict[int, float]:
        query = fts_query(query_terms(question))
        return dict(catalog.match(query, limit=100))

    def dense(question: str) -> dict[int, float]:
        cosines = matrix @ embedder.embed([question])[0]
        nearest = np.argsort(-cosines, kind="stable")[:100]
        return {int(rows[at]): float(cosines[at]) for at in nearest}

    def equal(question: str) -> dict[int, float]:
        both = [_by_largest(lexical(question)), _by_largest(dense(question))]
        return {row: sum(scores.get(row, 0.0) for scores in both) for row in both[0] | both[1]}

    def by_ranks(question: str) -> dict[int, float]:
        both = [_reciprocal_ranks(lexical(question)), _reciprocal_ranks(dense(question))]
        return {row: sum(scores.get(row, 0.0) for scores in both) for row in both[0] | both[1]}

    def ours(question: str) -> list[Retrieved]:
        return [retrieved(passage) for passage in asked_set.find(question).passages]  # as `qa eval` asks

    yield "qa", ours
    for name, scores in (("BM25", lexical), ("dense", dense), ("equal weights", equal), ("RRF", by_ranks)):
        yield name, _ranking(catalog, scores)


def _ranking(catalog: Catalog, scores: Callable[[str], dict[int, float]]) -> Ask:
    def ask(question: str) -> list[Retrieved]:
        by_row = scores(question)
        best = sorted(by_row, key=lambda row: (-by_row[row], row))[:DEPTH]
        chunks = catalog.chunks(best)
        return [Retrieved(rank, _place(*chunks[row])) for rank, row in enumerate(best, 1)]

    return ask


def _place(chunk: Chunk, source: Source) -> SourceSpan:
    return SourceSpan(source.name, chunk.span, pages_of(source, chunk.span))


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

    def ask(question: str) -> list[Retrieved]:
        ranking = []
        for rank, hit in enumerate(retriever.retrieve(question), 1):
            shift, page = hit.metadata["shift"], int(hit.metadata["page_label"])
            start, end = (
                getattr(hit.node, "start_char_idx", 0) or 0,
                getattr(hit.node, "end_char_idx", 0) or 0,
            )
            pages = (page,) if page else ()
            place = SourceSpan(hit.metadata["file_name"], Span(shift + start, shift + end), pages)
            ranking.append(Retrieved(rank, place))
        return ranking

    return ask


def _model_of(embedder: Embedder, base: type[BaseEmbedding]) -> BaseEmbedding:
    """Our embedder as LlamaIndex wants it, for the questions; the chunks have their vectors by then."""

    class Ours(base):  # type: ignore[misc, valid-type]  # the base is only known where llama_index is imported
        def _get_query_embedding(self, query: str) -> list[float]:
            vector: list[float] = embedder.embed([query])[0].tolist()
            return vector

    return Ours(embed_dim=embedder.dimension)


# The run


def mean_cells(scores: Sequence[Score]) -> str:
    """The mean of each column, as cells of a table."""
    if not scores:
        return " | ".join("–" for _ in COLUMNS)
    columns = zip(*(each.metrics for each in scores), strict=True)
    return " | ".join(f"{sum(column) / len(scores):.3f}" for column in columns)


def run_set(folder: Path, place: Path, *, peers: bool) -> None:
    """Index one set and print its table."""
    began = time.perf_counter()
    with open_set(folder, place) as asked_set:
        took = time.perf_counter() - began
        questions = [each for each in asked_set.questions if each.answerable and each.gold]
        catalog, embedder = asked_set.reader.catalog(), load_embedder()
        sources, chunks, _ = catalog.counts()
        print(f"\n### {folder.name}: {len(questions)} questions, {sources} sources, {chunks} chunks\n")
        print(f"Indexed in {took:.1f} s. Columns: {', '.join(COLUMNS)}.\n")
        print("| system | all |||| chosen on |||| held out |||| size | ms |\n|---|" + "--:|" * 14)
        systems = list(systems_of(asked_set, catalog, embedder))
        if peers:
            for size, overlap in STARTER_CHUNKS:
                name = f"LlamaIndex starter, {size}/{overlap}"
                systems.append((name, starter(catalog, embedder, size, overlap)))
        for name, ask in systems:
            _report(name, ask, questions)


def _report(name: str, ask: Ask, questions: Sequence[GoldQuestion]) -> None:
    began = time.perf_counter()
    rankings = [ask(each.question.text) for each in questions]
    milliseconds = 1000 * (time.perf_counter() - began) / max(1, len(questions))
    scores = [score(ranking, each) for ranking, each in zip(rankings, questions, strict=True)]
    cells = (
        mean_cells(scores),
        mean_cells([each for each in scores if not each.held_out]),
        mean_cells([each for each in scores if each.held_out]),
    )
    size = sum(each.size for each in scores) / max(1, len(scores))
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
    names = arguments.sets or set_names(arguments.data)
    packages = ("numpy", "wordllama", "llama-index-core", "pypdfium2")
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()};", end=" ")
    print(", ".join(f"{package} {version(package)}" for package in packages))
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            run_set(arguments.data / name, Path(folder) / ".qa", peers=not arguments.no_peers)


if __name__ == "__main__":
    main()

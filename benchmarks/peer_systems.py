"""The systems that `peers.py` compares: each indexes a corpus and finds spans for a question.

All are given the same texts and, where they embed, the same embedder, and are used as their manuals show for
a first program. `peers.py` runs this file, once to index and once to ask. It imports nothing before a system
is called, so that each pays for its own packages.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

REPOSITORY = Path(__file__).resolve().parent.parent
FIRST = 5  # questions that are asked before those that are timed
DEPTH = 10  # passages that a question is given
LONGEST = 1_200  # characters of a passage, for systems that do not cut texts themselves
COLLECTION = "peers"


@dataclass(frozen=True, slots=True)
class Corpus:
    """What a system indexes, and where it keeps its index.

    `originals` are the documents themselves, `texts` a folder with one text file for each of their pages,
    or the documents again where they are text files.
    """

    originals: Path
    texts: Path
    work: Path

    def files(self) -> Iterator[tuple[str, str]]:
        """Name and text of each file of `texts`."""
        for path in sorted(self.texts.iterdir()):
            yield path.name, path.read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found: `name` is a file of `texts`; ours names the document, with its pages."""

    name: str
    start: int
    end: int
    pages: tuple[int, ...] = ()
    copies: tuple[Hit, ...] = ()


Ask: TypeAlias = Callable[[str], Sequence[Hit]]  # a question to at most DEPTH passages, best first


@dataclass(frozen=True, slots=True)
class System:
    """A system by its name, the package whose version counts, and what it does."""

    name: str
    package: str
    index: Callable[[Corpus], object]
    open: Callable[[Corpus], Ask]


# Ours


def _qa_index(corpus: Corpus) -> None:
    import qa

    with qa.Index(corpus.work / ".qa", offline=True) as index:
        index.sync(corpus.originals)


def _qa_open(corpus: Corpus) -> Ask:
    import qa
    from qa.evaluation.running.attempt import retrieved
    from qa.evaluation.types import SourceSpan

    index = qa.Index(corpus.work / ".qa", offline=True, create=False)

    def hit(place: SourceSpan, copies: Sequence[SourceSpan] = ()) -> Hit:
        folded = tuple(hit(copy) for copy in copies)
        return Hit(place.source, place.span.start, place.span.end, place.pages, folded)

    def ask(question: str) -> list[Hit]:
        found = map(retrieved, index.search(question, k=DEPTH))
        return [hit(each.place, each.copies) for each in found]

    return ask


# LlamaIndex's starter, with its nodes in Chroma


def _starter(size: int, overlap: int) -> System:
    def index(corpus: Corpus) -> None:
        from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter

        documents = SimpleDirectoryReader(str(corpus.texts)).load_data()
        storage = StorageContext.from_defaults(vector_store=_chroma_store(corpus.work))
        VectorStoreIndex.from_documents(
            documents,
            storage_context=storage,
            transformations=[SentenceSplitter(chunk_size=size, chunk_overlap=overlap)],
            embed_model=_llama_embedding(),
        )

    def open_(corpus: Corpus) -> Ask:
        from llama_index.core import VectorStoreIndex

        stored = VectorStoreIndex.from_vector_store(
            _chroma_store(corpus.work), embed_model=_llama_embedding()
        )
        retriever = stored.as_retriever(similarity_top_k=DEPTH)

        def ask(question: str) -> list[Hit]:
            nodes: list[Any] = [found.node for found in retriever.retrieve(question)]
            return [
                Hit(node.metadata["file_name"], node.start_char_idx or 0, node.end_char_idx or 0)
                for node in nodes
            ]

        return ask

    return System(f"LlamaIndex starter, {size}/{overlap}", "llama-index-core", index, open_)


def _chroma_store(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings
    from llama_index.vector_stores.chroma import ChromaVectorStore

    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg] # pydantic-settings' own
    client = chromadb.PersistentClient(str(folder), settings)
    collection = client.get_or_create_collection(COLLECTION, embedding_function=None)
    return ChromaVectorStore(chroma_collection=collection)


def _llama_embedding() -> Any:
    from index.embedding.embedder import load_embedder
    from qa.integrations.llama_index import QaEmbedding

    return QaEmbedding(load_embedder())


# BM25 alone


def _bm25s_index(corpus: Corpus) -> None:
    import bm25s
    from Stemmer import Stemmer

    passages = list(cut(corpus))
    tokens = bm25s.tokenize(
        [text for _, text in passages], stopwords="en", stemmer=Stemmer("english"), show_progress=False
    )
    retriever = bm25s.BM25()
    retriever.index(tokens, show_progress=False)
    places = [{"name": hit.name, "start": hit.start, "end": hit.end} for hit, _ in passages]
    retriever.save(str(corpus.work / "bm25s"), corpus=places)


def _bm25s_open(corpus: Corpus) -> Ask:
    import bm25s
    from Stemmer import Stemmer

    retriever = bm25s.BM25.load(str(corpus.work / "bm25s"), load_corpus=True)
    stemmer = Stemmer("english")

    def ask(question: str) -> list[Hit]:
        tokens = bm25s.tokenize([question], stopwords="en", stemmer=stemmer, show_progress=False)
        found, _ = retriever.retrieve(tokens, k=min(DEPTH, len(retriever.corpus)), show_progress=False)
        return [Hit(each["name"], each["start"], each["end"]) for each in found[0]]

    return ask


# txtai, hybrid: its BM25 and dense vectors


def _txtai_index(corpus: Corpus) -> None:
    from txtai import Embeddings

    rows = [(f"{hit.name}\t{hit.start}\t{hit.end}", text, None) for hit, text in cut(corpus)]
    embed = _embedding_function()
    embeddings = Embeddings(method="external", transform=embed, backend="numpy", hybrid=True)
    embeddings.index(rows)
    # The function cannot be stored; it is given again when the index is opened.
    embeddings.config["transform"] = None
    embeddings.save(str(corpus.work / "txtai"))


def _txtai_open(corpus: Corpus) -> Ask:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(str(corpus.work / "txtai"), config={"transform": _embedding_function()})

    def ask(question: str) -> list[Hit]:
        found = [each[0].split("\t") for each in embeddings.search(question, DEPTH)]
        return [Hit(name, int(start), int(end)) for name, start, end in found]

    return ask


def _embedding_function() -> Callable[[list[str]], Any]:
    """Our embedder as txtai takes one: a plain function."""
    from index.embedding.embedder import load_embedder

    embedder = load_embedder()
    return lambda texts: embedder.embed(texts)  # noqa: PLW0108 - a method is no function to txtai


# Haystack, hybrid: BM25 and dense retrievers of its in-memory store, joined by ranks


def _haystack_index(corpus: Corpus) -> None:
    from dataclasses import replace

    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    from index.embedding.embedder import load_embedder

    documents = [Document(content=text, meta={"name": name}) for name, text in corpus.files()]
    pieces = DocumentSplitter(split_by="word", split_length=200).run(documents=documents)["documents"]
    rows = load_embedder().embed([piece.content for piece in pieces])
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [replace(piece, embedding=row.tolist()) for piece, row in zip(pieces, rows, strict=True)]
    )
    store.save_to_disk(str(corpus.work / "haystack.json"))


def _haystack_open(corpus: Corpus) -> Ask:
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    from index.embedding.embedder import load_embedder

    store = InMemoryDocumentStore.load_from_disk(str(corpus.work / "haystack.json"))
    lexical = InMemoryBM25Retriever(store, top_k=DEPTH)
    dense = InMemoryEmbeddingRetriever(store, top_k=DEPTH)
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)
    embedder = load_embedder()

    def ask(question: str) -> list[Hit]:
        vector = embedder.embed([question])[0].tolist()
        both = [lexical.run(query=question)["documents"], dense.run(query_embedding=vector)["documents"]]
        hits = []
        for piece in joiner.run(documents=both)["documents"]:
            start = piece.meta["split_idx_start"]
            hits.append(Hit(piece.meta["name"], start, start + len(piece.content)))
        return hits

    return ask


def cut(corpus: Corpus) -> Iterator[tuple[Hit, str]]:
    """Passages for systems that cut no texts: paragraphs up to LONGEST characters, longer ones in parts."""
    for name, text in corpus.files():
        for start, end in paragraphs(text):
            yield Hit(name, start, end), text[start:end]


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where the passages of a text start and end; all of it but blank ends is in one of them."""
    start = 0
    while start < len(text):
        end = min(start + LONGEST, len(text))
        if end < len(text):
            for separator in ("\n\n", "\n", " "):
                found = text.rfind(separator, start + 1, end)
                if found > start:
                    end = found
                    break
        if text[start:end].strip():
            yield start, end
        start = end


SYSTEMS = (
    System("qa", "cited-qa", _qa_index, _qa_open),
    _starter(1024, 20),  # LlamaIndex's default
    _starter(300, 20),
    System("bm25s", "bm25s", _bm25s_index, _bm25s_open),
    System("txtai, hybrid", "txtai-minimal", _txtai_index, _txtai_open),
    System("Haystack, hybrid", "haystack-ai", _haystack_index, _haystack_open),
)


def serve(system: System, corpus: Corpus, questions: Path | None) -> dict[str, Any]:
    """Index the corpus, or ask the questions in a file: what is printed as JSON."""
    if questions is None:
        system.index(corpus)
        return {}
    ask = system.open(corpus)
    asked = json.loads(questions.read_text(encoding="utf-8"))
    for question in asked[:FIRST]:
        ask(question)
    hits, spent = [], []
    for question in asked:
        start = time.process_time()
        found = ask(question)
        spent.append(1000 * (time.process_time() - start))
        hits.append([asdict(hit) for hit in found])
    return {"version": _version(system.package), "hits": hits, "question_ms": statistics.median(spent)}


def _version(package: str) -> str:
    if package != "cited-qa":
        return version(package)
    import qa  # what is measured is the repository's, whatever is installed

    return qa.__version__


def main(name: str, originals: str, texts: str, work: str, questions: str = "") -> None:
    """Run one system over one corpus, and print what it did."""
    sys.path.insert(0, str(REPOSITORY))
    system = next(each for each in SYSTEMS if each.name == name)
    corpus = Corpus(Path(originals), Path(texts), Path(work))
    print(json.dumps(serve(system, corpus, Path(questions) if questions else None)))


if __name__ == "__main__":
    main(*sys.argv[1:])

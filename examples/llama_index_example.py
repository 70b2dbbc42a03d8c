"""qa in a LlamaIndex application: our retriever, our cited answers, and our vectors in its own vector store.

Needs no key and no network. Indexes the documents beside this file into a temporary folder and asks them.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import chromadb
from chromadb.config import Settings
from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import TextNode
from llama_index.vector_stores.chroma import ChromaVectorStore

from index.embedding.embedder import load_embedder
from index.search.filters import Filters
from index.sync.sync import sync
from index.vectors.writer_process import wait_for
from qa.integrations.llama_index import CitedQueryEngine, QaEmbedding, SpanRetriever

DOCUMENTS = Path(__file__).resolve().parent / "documents"
QUESTION = "Why was the Budapest summit cancelled?"


def cited_answer(index: Path) -> None:
    """Every sentence of the answer with the exact span it rests on. With `llm=`, a model writes it."""
    with SpanRetriever(index, k=10) as retriever:
        response = CitedQueryEngine(retriever).query(QUESTION)
    print(response)
    for found in response.source_nodes:
        node = found.node
        assert isinstance(node, TextNode)
        where = f"{node.metadata['source']} {node.start_char_idx}-{node.end_char_idx}"
        print(f"  [{node.metadata['citation']}] {where}")


def passages_for_another_engine(index: Path) -> None:
    """The retriever in LlamaIndex's own query engine, narrowed down to some sources."""
    with SpanRetriever(index, k=2, filters=Filters(sources=("2025-10-2*.txt",))) as retriever:
        response = RetrieverQueryEngine.from_args(retriever, llm=MockLLM(max_tokens=3)).query(QUESTION)
    print(f"{response}:", ", ".join(found.node.metadata["source"] for found in response.source_nodes))


def collection(index: Path) -> None:
    """The Chroma collection of the index in LlamaIndex's own vector store: to be read, not to be changed."""
    client = chromadb.PersistentClient(
        str(index / "chroma"),
        Settings(_env_file=None, anonymized_telemetry=False),  # type: ignore[call-arg]  # of pydantic
    )
    chunks = client.get_collection("chunks", embedding_function=None)
    vectors = VectorStoreIndex.from_vector_store(
        ChromaVectorStore(chroma_collection=chunks), embed_model=QaEmbedding.of_index(index)
    )
    (nearest,) = vectors.as_retriever(similarity_top_k=1).retrieve(QUESTION)
    print(f"nearest by its vector: {nearest.node.metadata['source']} {nearest.score:.2f}")


def main() -> None:
    """All three, over one index."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        index = Path(folder) / ".qa"
        sync([DOCUMENTS], folder=index, embedder=load_embedder)
        wait_for(index)  # what `qa index --wait` does: the Chroma collection is written in the background
        cited_answer(index)
        passages_for_another_engine(index)
        collection(index)


if __name__ == "__main__":
    main()

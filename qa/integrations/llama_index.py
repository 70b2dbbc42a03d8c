"""For LlamaIndex applications: a retriever, a query engine with citations, an embedding model.

Importing this module imports LlamaIndex; nothing of ours imports it. The asynchronous methods run the same
code in a thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.callbacks import CallbackManager, CBEventType, EventPayload
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from index.embedding.embedder import Embedder, load_embedder
from index.errors import NoIndex, UsageError
from index.search.filters import ALL, Filters, make_filters
from index.storage.location import find_index
from qa.answering.ask import ask
from qa.answering.generative.generate import AnswerModel, answer_room, prompt_budget
from qa.answering.index_reader import check_question
from qa.answering.retrieval import Retrieval
from qa.answering.shared_reader import SharedIndexReader
from qa.integrations.nodes import citation_nodes, passage_node
from qa.models.llama_index import LlamaModel
from qa.output.answers.as_json import answer_object

if TYPE_CHECKING:
    from llama_index.core.llms import LLM as LlamaLLM  # noqa: N811  # its LLM is not our LLM
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from index.types import Passage
    from qa.checking.verify import Check
    from qa.types import Answer


class SpanRetriever(BaseRetriever):
    """Retrieves passages of an index made by `qa index`, with the exact span that each has in its source.

    `index` is the folder `.qa` or the one that holds it; None means the nearest upwards from the working
    directory. `embedder` is needed only for an index whose embedding model has to be imported by path; one
    made with `openai/…` asks that server, with the key in the environment.
    `rerank` may choose among the `k` passages, order and score them; what it does to their texts and
    metadata is not taken over. The index is seen as it is at each question, from any thread.
    Raises NoIndex, and UsageError for a `k` below 1 or filters that cannot be meant.
    """

    def __init__(
        self,
        index: str | Path | None = None,
        *,
        k: int = 10,
        filters: Filters = ALL,
        embedder: Embedder | None = None,
        rerank: Sequence[BaseNodePostprocessor] = (),
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager=callback_manager)
        if k < 1:
            raise UsageError(f"k is the number of passages, not {k}", "choose at least 1")
        self._k = k
        self._filters = make_filters(filters.sources, filters.since, filters.until)
        self._rerank = tuple(rerank)
        load = None if embedder is None else lambda _: embedder
        self._reader = SharedIndexReader(_folder(index), load, Path.cwd())

    def find(
        self, query: QueryBundle, queries: tuple[str, ...] = (), budget: int | None = None
    ) -> RetrievedNodes:
        """The passages for `query`, best first, with the texts of their sources and a node for each.

        What `queries` find, which say the same in other words, is fused with it; `budget` is of the prompt
        that they are for, in tokens. Only the words of the query are searched for, not an embedding that may
        come with it. Raises UsageError for a query without a word, for filters that no source fits, and for a
        postprocessor that adds passages of its own; UnusableIndex if the index cannot be used.
        """
        began = time.perf_counter()
        retrieval = self._reader.find(
            query.query_str, k=self._k, filters=self._filters, queries=queries, budget=budget
        )
        nodes = [passage_node(passage) for passage in retrieval.passages]
        if not self._rerank:
            return RetrievedNodes(retrieval, tuple(nodes))
        for postprocessor in self._rerank:
            nodes = postprocessor.postprocess_nodes(nodes, query_bundle=query)
        chosen = _chosen(retrieval.passages, nodes)
        fresh = tuple(passage_node(passage, score) for passage, score in chosen)
        passages = tuple(passage for passage, _ in chosen)
        seconds = time.perf_counter() - began
        return RetrievedNodes(replace(retrieval, passages=passages, whole=False, seconds=seconds), fresh)

    @property
    def k(self) -> int:
        """How many passages are looked for."""
        return self._k

    def close(self) -> None:
        """Close the index; the next query opens it again."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return list(self.find(query_bundle).nodes)

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


@dataclass(frozen=True, slots=True)
class RetrievedNodes:
    """What a search gave, and a node for each of its passages, in the same order."""

    retrieval: Retrieval
    nodes: tuple[NodeWithScore, ...]


def _chosen(
    passages: Sequence[Passage], nodes: Sequence[NodeWithScore]
) -> list[tuple[Passage, float | None]]:
    """The passages that postprocessors left, in their order, each with the score they gave it.

    A passage keeps its own score: that is what the evidence for an answer is judged by.
    """
    by_id = {passage.chunk.id: passage for passage in passages}
    scores = {node.node_id: node.score for node in nodes}
    if not scores.keys() <= by_id.keys():
        raise UsageError(
            "a postprocessor added passages that were not found", "use one that orders or leaves out"
        )
    return [
        (replace(by_id[chunk_id], rank=rank), score)
        for rank, (chunk_id, score) in enumerate(scores.items(), 1)
    ]


class CitedQueryEngine(BaseQueryEngine):
    """Answers whose every sentence points at exact spans, as LlamaIndex's `Response`.

    `response` has `[1]` markers. `source_nodes` are the citations, one node each: the cited text alone, its
    span, and its number as `metadata["citation"]`; there are none if the documents do not answer.
    `response.metadata` is what `qa ask --json` prints: `status`, `claims` with their `support`, `missing`.

    Without `llm` the answer is made of sentences of the sources, verbatim. A model only names sentences, and
    `check` is how its claims are checked: "rules", "llm" as well, or "none". With `plan` it is first asked
    for search queries, which find what the question's own words do not. Make it with `max_retries=0`: calls
    that fail are tried again here.
    """

    def __init__(
        self,
        retriever: SpanRetriever,
        *,
        llm: LlamaLLM | None = None,
        check: Check = "rules",
        plan: bool = True,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        super().__init__(callback_manager or retriever.callback_manager)
        self._retriever = retriever
        self._model = None if llm is None else _answer_model(llm, check, plan=plan)

    def retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """The passages that an answer would be made from."""
        return self._retriever.retrieve(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}  # ours is not one that an application may change: the markers depend on it

    def _query(self, query_bundle: QueryBundle) -> Response:
        asked = query_bundle.query_str
        with self.callback_manager.event(CBEventType.QUERY, {EventPayload.QUERY_STR: asked}) as event:
            result = self._answer(query_bundle)
            nodes, metadata = citation_nodes(result), answer_object(result)
            response = Response(result.text, source_nodes=nodes, metadata=metadata)
            event.on_end(payload={EventPayload.RESPONSE: response})
        return response

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _answer(self, query: QueryBundle) -> Answer:
        """Raises what `SpanRetriever.find` raises, and `ModelError` if the model gives no answer."""
        question = check_question(query.query_str)
        finder = _RetrieverFinder(self._retriever, query)
        return ask(question, finder, k=self._retriever.k, filters=ALL, model=self._model).answer


class _RetrieverFinder:
    """A retriever as what finds passages: with its own `k`, its own filters, and reranked."""

    def __init__(self, retriever: SpanRetriever, query: QueryBundle) -> None:
        self._retriever = retriever
        self._query = query

    def find(
        self,
        question: str,  # noqa: ARG002  # all of these are the retriever's own business
        *,
        k: int | None,  # noqa: ARG002
        filters: Filters,  # noqa: ARG002
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """As `SpanRetriever.find`, for the query that it was made with."""
        return self._retriever.find(self._query, queries, budget).retrieval


def _answer_model(llm: LlamaLLM, check: Check, *, plan: bool) -> AnswerModel:
    """`llm` as the model that writes, with a prompt that leaves room for its answer."""
    model = LlamaModel(llm)
    window = model.context_window
    return AnswerModel(
        model,
        prompt_tokens=prompt_budget(window),
        check=check,
        plan=plan,
        answer_tokens=answer_room(window),
    )


class QaEmbedding(BaseEmbedding):
    """An embedder of ours for LlamaIndex: what it embeds can be compared with the vectors in `.qa/chroma`."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, *, callback_manager: CallbackManager | None = None) -> None:
        super().__init__(model_name=embedder.name, callback_manager=callback_manager or CallbackManager([]))
        self._embedder = embedder

    @classmethod
    def of_index(cls, index: str | Path | None = None) -> Self:
        """With the embedding model that the index was made with. Raises UnusableIndex, SettingsError."""
        from index.storage.catalog import Catalog

        folder = _folder(index)
        with Catalog.open(folder) as catalog:
            name = catalog.manifest.embedder
        if not name:
            raise NoIndex(f"the index at {folder} is empty", "put documents in: qa index FOLDER")
        return cls(load_embedder(name))

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex writes when it stores a component."""
        return "QaEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.embed(texts).tolist()
        return rows


def _folder(index: str | Path | None) -> Path:
    return find_index(Path.cwd(), None if index is None else Path(index))

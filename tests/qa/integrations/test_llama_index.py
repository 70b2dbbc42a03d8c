"""LlamaIndex applications get our passages, citations and vectors, with the exact span of each."""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import re
import runpy
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.callbacks import CallbackManager, CBEventType, LlamaDebugHandler
from llama_index.core.llms import CustomLLM, MockLLM
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore, ObjectType, QueryBundle, TextNode
from pydantic import Field

from index.embedding.embedder import load_embedder
from index.errors import IndexDamaged, IndexMismatch, ModelError, NoIndex, UsageError
from index.readers.formats import read
from index.search.filters import Filters
from index.search.searcher import Searcher
from index.storage.catalog import Catalog
from index.sync.sync import sync
from index.types import Passage
from qa.answering.answer import answer
from qa.answering.index_reader import IndexReader
from qa.answering.retrieval import texts_of
from qa.integrations.llama_index import CitedQueryEngine, QaEmbedding, SpanRetriever
from qa.integrations.nodes import passage_node
from qa.output.answers.as_json import answer_object
from qa.types import Answer
from tests.support.fake_embedder import LetterEmbedder
from tests.support.tables import MONTHS, passages_of, table_reading

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
DOCUMENTS = EXAMPLES / "documents"
TEXTS = {path.name: read(path.read_bytes(), path.name).text for path in DOCUMENTS.iterdir()}
QUESTION = "Why was the Budapest summit cancelled?"
ALL = Filters()
UNANSWERABLE = "What is the boiling point of ethanol?"
WORDS = sorted({word for text in TEXTS.values() for word in re.findall(r"[A-Za-z]{4,}", text)})


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the example documents, which no test changes."""
    folder = tmp_path_factory.mktemp("examples") / ".qa"
    report = sync([DOCUMENTS], folder=folder, embedder=load_embedder)
    assert not report.failed
    return folder


@pytest.fixture(scope="module")
def retriever(index: Path) -> Iterator[SpanRetriever]:
    with SpanRetriever(index) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An index of two small documents that a test may change."""
    write(tmp_path, "a.txt", "The Vasa sank in 1628. It carried too many cannons.\n")
    write(tmp_path, "b.txt", "Mia is a grey cat. She was born in Riga.\n")
    return tmp_path / ".qa"


def write(folder: Path, name: str, text: str) -> None:
    """A document in `folder`, and the index in it brought up to date."""
    (folder / name).write_text(text, encoding="utf-8")
    sync([folder / name], folder=folder / ".qa", embedder=LetterEmbedder)


def text_node(scored: NodeWithScore) -> TextNode:
    assert isinstance(scored.node, TextNode)
    return scored.node


def asked(index: Path, question: str) -> Answer:
    """What `qa ask` would answer."""
    reader = IndexReader(index)
    try:
        return answer(question, reader.find(question, k=10, filters=ALL))
    finally:
        reader.close()


def searched(index: Path, question: str, k: int = 10, filters: Filters = ALL) -> tuple[Passage, ...]:
    with Catalog.open(index) as catalog:
        return Searcher(catalog, load_embedder()).search(question, k=k, filters=filters)


def assert_exact(scored: NodeWithScore) -> None:
    """A node's text is its span in the document as it is read today, and its facts are the document's."""
    node = text_node(scored)
    name = node.metadata["source"]
    assert node.text == TEXTS[name][node.start_char_idx : node.end_char_idx]
    assert (node.metadata["start"], node.metadata["end"]) == (node.start_char_idx, node.end_char_idx)
    assert Path(node.metadata["location"]) == DOCUMENTS / name
    assert node.metadata["sha256"] == hashlib.sha256((DOCUMENTS / name).read_bytes()).hexdigest()


class Scripted(CustomLLM):
    """A LlamaIndex LLM that writes the given answer, and keeps what it was asked."""

    words: str = ""
    window: int = 128_000
    asked: list[str] = Field(default_factory=list)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_chat_model=True, model_name="scripted-1", context_window=self.window)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise NotImplementedError

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> Any:
        raise NotImplementedError

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        self.asked.append("\n".join(message.content or "" for message in messages))
        if not self.words:
            raise ValueError("no words")
        return ChatResponse(message=ChatMessage(role="assistant", content=self.words))


class Backwards(BaseNodePostprocessor):
    """Turns the order round, scores by it, and writes into the nodes what is not in the documents."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        for scored in nodes:
            text_node(scored).set_content("rewritten")
        return [NodeWithScore(node=scored.node, score=at) for at, scored in enumerate(reversed(nodes))]


class Inventing(BaseNodePostprocessor):
    """Adds a node of its own."""

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        return [*nodes, NodeWithScore(node=TextNode(text="The moon is made of cheese."))]


def test_passages_become_nodes_with_their_exact_spans(index: Path, retriever: SpanRetriever) -> None:
    """The same passages as our own search, in its order, with their ids and scores."""
    passages = searched(index, QUESTION)
    scored = retriever.retrieve(QUESTION)
    assert len(scored) == 10
    for passage, one in zip(passages, scored, strict=True):
        assert_exact(one)
        node = text_node(one)
        assert (node.node_id, one.score) == (passage.chunk.id, passage.score)
        assert node.metadata["headings"] == list(passage.chunk.headings)
        sentences = [tuple(span) for span in node.metadata["sentences"]]
        assert sentences[0][0] == node.start_char_idx
        assert sentences[-1][1] == node.end_char_idx
        assert node.source_node is not None
        assert (node.source_node.node_id, node.source_node.node_type) == (
            passage.source.id,
            ObjectType.DOCUMENT,
        )
    json.dumps([one.node.metadata for one in scored])  # or no docstore could keep them


@settings(max_examples=25)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_every_node_is_its_span_whatever_is_asked(retriever: SpanRetriever, words: list[str]) -> None:
    """For any words of the documents."""
    for scored in retriever.retrieve(" ".join(words)):
        assert_exact(scored)


def test_a_page_is_told_where_there_are_pages(index: Path) -> None:
    """That of the passage's first character; documents without pages have none."""
    name = "2025-10-27-briefing-why-it-failed.pdf"
    pages = read((DOCUMENTS / name).read_bytes(), name).pages
    assert len(pages) > 1
    with SpanRetriever(index, filters=Filters(sources=(name, "*.txt"))) as some:
        nodes = [text_node(scored) for scored in some.retrieve(QUESTION)]
    page_at = {node.metadata["start"]: node.metadata["page"] for node in nodes if "page" in node.metadata}
    assert len(set(page_at.values())) > 1
    for start, number in page_at.items():
        assert pages[number - 1].span.start <= start < pages[number - 1].span.end
    assert {node.metadata["source"] for node in nodes if "page" in node.metadata} == {name}
    assert len(page_at) < len(nodes)


def test_a_model_is_shown_name_title_and_date_and_nothing_is_embedded(retriever: SpanRetriever) -> None:
    """No path of this machine is sent to anybody."""
    for scored in retriever.retrieve(QUESTION):
        node = text_node(scored)
        assert node.get_content(MetadataMode.EMBED) == node.text
        head, _, rest = node.get_content(MetadataMode.LLM).partition("\n\n")
        assert rest == node.text
        assert {line.partition(": ")[0] for line in head.splitlines()} <= {"source", "title", "date"}
        assert head.startswith(f"source: {node.metadata['source']}\n")


def test_what_names_the_rows_of_a_table_is_shown_to_a_model() -> None:
    """Where the text of a node goes on with a table and has only its values."""
    rows = [MONTHS[0], *((f"Place {n}", str(n), str(n)) for n in range(200))]
    first, *_, last = passages_of(table_reading(rows))
    assert "table" not in passage_node(first).node.metadata
    node = text_node(passage_node(last))
    assert node.metadata["table"] == "columns: Month | Guests | Nights"
    assert "table: columns: Month | Guests | Nights" in node.get_content(MetadataMode.LLM)
    assert node.get_content(MetadataMode.EMBED) == node.text


def test_the_date_of_a_file_is_not_shown_as_that_of_its_text(own: Path) -> None:
    """A document that says no date of its own has its file's, and the metadata say so."""
    with SpanRetriever(own, embedder=LetterEmbedder()) as some:
        (node, *_) = map(text_node, some.retrieve("Vasa"))
    assert node.metadata["date_origin"] == "modified"
    assert "date" not in node.get_content(MetadataMode.LLM).partition("\n\n")[0]


def test_llama_index_own_engine_takes_the_retriever(retriever: SpanRetriever) -> None:
    """Its prompt, which this model echoes, has our passages and neither folders nor hashes."""
    response = RetrieverQueryEngine.from_args(retriever, llm=MockLLM()).query(QUESTION)
    prompt = str(response)
    assert len(response.source_nodes) == 10
    for scored in response.source_nodes:
        assert_exact(scored)
    assert text_node(response.source_nodes[0]).text in prompt
    assert str(DOCUMENTS.parent) not in prompt
    assert response.source_nodes[0].node.metadata["sha256"] not in prompt


def test_filters_narrow_the_search_down(index: Path) -> None:
    """As with `qa ask --source --since`; what cannot be meant is refused."""
    filters = Filters(sources=("*.txt",), since="2025-10-20", until="2025-10-31")
    with SpanRetriever(index, k=5, filters=filters) as some:
        scored = some.retrieve(QUESTION)
    assert [one.node.node_id for one in scored] == [
        passage.chunk.id for passage in searched(index, QUESTION, 5, filters)
    ]
    assert {one.node.metadata["source"][-4:] for one in scored} == {".txt"}
    with SpanRetriever(index, filters=Filters(sources=("none/*",))) as some, pytest.raises(UsageError):
        some.retrieve(QUESTION)
    with pytest.raises(UsageError, match="yesterday"):
        SpanRetriever(index, filters=Filters(since="yesterday"))


def test_what_cannot_be_retrieved_is_said(index: Path, own: Path, tmp_path: Path) -> None:
    """No index, no passages asked for, no word in the query, an embedder that the index was not made with."""
    with pytest.raises(NoIndex):
        SpanRetriever(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="not 0"):
        SpanRetriever(index, k=0)
    with SpanRetriever(index) as some, pytest.raises(UsageError, match="no word"):
        some.retrieve("?!")
    with SpanRetriever(own, embedder=LetterEmbedder(name="others/1")) as some, pytest.raises(IndexMismatch):
        some.retrieve("Vasa")


def test_an_answer_has_one_node_for_each_citation(index: Path, retriever: SpanRetriever) -> None:
    """The text of `qa ask`, its markers, and the cited spans alone as source nodes."""
    expected = asked(index, QUESTION)
    response = CitedQueryEngine(retriever).query(QUESTION)
    assert str(response) == expected.text
    assert "[1]" in expected.text
    assert len(response.source_nodes) == len(expected.citations) > 0
    for citation, scored in zip(expected.citations, response.source_nodes, strict=True):
        assert_exact(scored)
        assert scored.node.metadata["citation"] == citation.number
        assert scored.node.metadata["line"] == citation.line
        assert text_node(scored).text == citation.text
    assert len({scored.node.node_id for scored in response.source_nodes}) == len(response.source_nodes)
    assert untimed(response.metadata) == untimed(answer_object(expected))


def untimed(metadata: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (metadata or {}).items() if key != "seconds"}


def test_an_abstention_has_no_source_nodes(retriever: SpanRetriever) -> None:
    """The nearest passages are told as such, in the metadata."""
    response = CitedQueryEngine(retriever).query(UNANSWERABLE)
    assert response.source_nodes == []
    assert response.metadata is not None
    assert response.metadata["status"] == "abstained"
    assert response.metadata["passages"]


def test_a_model_of_llama_index_answers_through_our_protocol(retriever: SpanRetriever) -> None:
    """It names sentences by key; a key that no sentence bears is told, and what it made up is doubted."""
    question = "Which get-together in Hungary fell through, and for what reason?"
    llm = Scripted(
        words="The summit was cancelled [s1]. 4,711 people were there [s1]. Others say so [s9999]."
    )
    response = CitedQueryEngine(retriever, llm=llm).query(question)
    (scored,) = response.source_nodes
    assert_exact(scored)
    assert "[1]" in str(response)
    assert "s1]" not in str(response)
    assert response.metadata is not None
    assert (response.metadata["mode"], response.metadata["model"]) == ("llm", "scripted-1")
    made_up, unknown = response.metadata["claims"][1:]
    assert made_up["support"] == "suspect"
    assert [one["key"] for one in unknown["rejected"]] == ["s9999"]
    assert len(llm.asked) == 2  # for search queries, and for the answer
    assert response.metadata["queries"]
    assert any(hit["query"] for passage in response.metadata["passages"] for hit in passage["hits"])
    unchecked = CitedQueryEngine(retriever, llm=llm, check="none", plan=False).query(question).metadata
    assert unchecked is not None
    assert unchecked["claims"][1]["support"] == "supported"
    assert (len(llm.asked), unchecked["queries"]) == (3, [])
    assert not any(str(DOCUMENTS.parent) in prompt for prompt in llm.asked)


def test_the_prompt_fits_the_window_that_the_model_tells(retriever: SpanRetriever) -> None:
    """Passages that have no room are left out, the last ones first."""
    small = Scripted(words="The summit was cancelled [s1].", window=4_500)
    large = Scripted(words="The summit was cancelled [s1].")
    for llm in (small, large):
        CitedQueryEngine(retriever, llm=llm, plan=False).query(QUESTION)
    assert len(small.asked[0]) < len(large.asked[0])


def test_a_model_that_fails_gives_no_answer(retriever: SpanRetriever) -> None:
    """Its error is ours, and nothing is answered in its place."""
    with pytest.raises(ModelError):
        CitedQueryEngine(retriever, llm=Scripted()).query(QUESTION)


def test_postprocessors_choose_order_and_score_and_change_no_text(index: Path) -> None:
    """What is retrieved stays a slice of its source, whatever they write into it."""
    expected = [passage.chunk.id for passage in searched(index, QUESTION)]
    rerank = (Backwards(), SimilarityPostprocessor(similarity_cutoff=5))
    with SpanRetriever(index, rerank=rerank) as some:
        scored = some.retrieve(QUESTION)
        response = CitedQueryEngine(some).query(QUESTION)
    assert [one.node.node_id for one in scored] == expected[4::-1]
    assert [one.score for one in scored] == [5, 6, 7, 8, 9]
    for one in (*scored, *response.source_nodes):
        assert_exact(one)
    assert response.metadata is not None
    assert [one["rank"] for one in response.metadata["passages"]] == [1, 2, 3, 4, 5]


def test_a_postprocessor_may_not_add_what_was_not_found(index: Path) -> None:
    """Nothing that is not in the index can become a source."""
    with SpanRetriever(index, rerank=(Inventing(),)) as some, pytest.raises(UsageError, match="not found"):
        some.retrieve(QUESTION)


def test_a_model_is_not_asked_about_nothing(index: Path) -> None:
    """Where a postprocessor leaves no passage, the documents do not answer."""
    llm = Scripted(words="I know it anyway.")
    with SpanRetriever(index, rerank=(SimilarityPostprocessor(similarity_cutoff=1e9),)) as none:
        response = CitedQueryEngine(none, llm=llm).query(QUESTION)
    assert llm.asked == []
    assert response.metadata is not None
    assert response.metadata["status"] == "abstained"


def test_asynchronous_and_other_threads_get_the_same(retriever: SpanRetriever) -> None:
    """One retriever may be shared by all of an application's threads and tasks."""
    cited = CitedQueryEngine(retriever)

    async def at_once() -> tuple[Any, Any, list[NodeWithScore]]:
        return await asyncio.gather(
            cited.aquery(QUESTION), cited.aquery(QUESTION), retriever.aretrieve(QUESTION)
        )

    one, other, nodes = asyncio.run(at_once())
    assert str(one) == str(other) == str(cited.query(QUESTION))
    expected = [scored.node_id for scored in cited.retrieve(QueryBundle(QUESTION))]
    assert [scored.node_id for scored in nodes] == expected
    with ThreadPoolExecutor(4) as threads:
        for scored in threads.map(retriever.retrieve, [QUESTION] * 8):
            assert [one.node_id for one in scored] == expected


def test_a_changed_index_is_seen_at_the_next_question(own: Path) -> None:
    """Without a restart; and a closed retriever opens again."""
    with SpanRetriever(own.parent, k=1, embedder=LetterEmbedder()) as some:
        assert text_node(some.retrieve("Where was Mia born?")[0]).metadata["source"] == "b.txt"
        write(own.parent, "c.txt", "Where was Mia born? Mia was born in Oslo.\n")
        assert text_node(some.retrieve("Where was Mia born?")[0]).metadata["source"] == "c.txt"
        some.close()
        some.close()
        assert text_node(some.retrieve("Where was Mia born?")[0]).metadata["source"] == "c.txt"


def test_nothing_is_quoted_from_a_text_that_does_not_fit(own: Path) -> None:
    """An index whose texts are not what its passages were cut from answers nothing."""
    connection = sqlite3.connect(own / "catalog.sqlite3")
    connection.execute("UPDATE chunks SET text = replace(text, '1628', '1629')")
    connection.commit()
    connection.close()
    with SpanRetriever(own, embedder=LetterEmbedder()) as some, pytest.raises(IndexDamaged):
        CitedQueryEngine(some).query("When did the Vasa sink?")


def test_texts_replaced_since_the_search_are_noticed(own: Path) -> None:
    """Passages are quoted from the text that they were found in, or searched for again."""
    with Catalog.open(own) as catalog:
        passages = Searcher(catalog, LetterEmbedder()).search("Vasa", k=1)
        (source,) = (passage.source for passage in passages)
        found = texts_of(passages, catalog)
        assert found is not None
        assert {one: text[:] for one, text in found.items()} == {source.id: catalog.text(source.id)}
        assert texts_of(passages, catalog, whole=True) == {source.id: catalog.text(source.id)}
        write(own.parent, "a.txt", "A ship that sank in 1628 was the Vasa.\n")
        assert texts_of(passages, catalog) is None
        catalog.remove([source.id])
        assert texts_of(passages, catalog) is None


def test_an_application_can_watch(index: Path) -> None:
    """Its callbacks hear of the query and its end."""
    handler = LlamaDebugHandler(print_trace_on_end=False)
    with SpanRetriever(index, callback_manager=CallbackManager([handler])) as some:
        CitedQueryEngine(some).query(QUESTION)
    ((start, end),) = handler.get_event_pairs(CBEventType.QUERY)
    assert start.payload is not None
    assert QUESTION in start.payload.values()
    assert end.payload is not None
    assert "[1]" in str(end.payload["response"])


def test_our_embedder_gives_llama_index_the_stored_vectors(index: Path, tmp_path: Path) -> None:
    """Whether it embeds one text, a batch or a query, at once or in a task."""
    embedding = QaEmbedding.of_index(index)
    row = load_embedder().embed([QUESTION])[0].tolist()
    assert embedding.get_query_embedding(QUESTION) == row
    assert embedding.get_text_embedding(QUESTION) == row
    assert embedding.get_text_embedding_batch([QUESTION, "Why?"])[0] == row
    assert asyncio.run(embedding.aget_query_embedding(QUESTION)) == row
    assert embedding.model_name == load_embedder().name
    Catalog.open(tmp_path / ".qa", create=True).close()
    with pytest.raises(NoIndex, match="empty"):
        QaEmbedding.of_index(tmp_path / ".qa")


def test_the_example_prints_what_our_own_functions_find(
    index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its answer is that of `qa ask`, its passages are those of our search, its nearest chunk the nearest."""
    runpy.run_path(str(EXAMPLES / "llama_index_example.py"), run_name="__main__")
    answer = asked(index, QUESTION)
    passages = searched(index, QUESTION, 2, Filters(sources=("2025-10-2*.txt",)))
    with Catalog.open(index) as catalog:
        rows, matrix = catalog.vectors()
        cosines = matrix @ load_embedder().embed([QUESTION])[0]
        best = int(cosines.argmax())
        ((_, source),) = catalog.chunks([int(rows[best])]).values()
    assert capsys.readouterr().out.splitlines() == [
        *answer.text.splitlines(),
        *(f"  [{one.number}] {one.source} {one.span.start}-{one.span.end}" for one in answer.citations),
        "text text text: " + ", ".join(passage.source.name for passage in passages),
        f"nearest by its vector: {source.name} {math.exp(cosines[best] - 1):.2f}",
    ]

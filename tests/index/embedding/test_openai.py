"""Embeddings from a server: each text gets its own vector, or there is an error and no vector at all."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from llama_index.core.base.embeddings.base import BaseEmbedding

from index.embedding.embedder import load_embedder
from index.embedding.llama_index import LlamaEmbedder
from index.embedding.openai import BATCH, OpenAIEmbedder
from index.errors import (
    InvalidAnswer,
    ModelError,
    RequestRefused,
    ServerBusy,
    SettingsError,
    TextRefused,
    TooSlow,
)
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from tests.support.fake_server import (
    CANARY,
    Exchange,
    FakeServer,
    Step,
    embeddings,
    error,
    silence,
    status,
    vector,
    with_vector,
)
from tests.support.timeouts import FOREVER, PATIENCE

Rows = list[dict[str, object]]


def embedder(server: FakeServer, seconds: float = PATIENCE) -> OpenAIEmbedder:
    made = OpenAIEmbedder(
        "tiny", Address(url=server.url, key=CANARY), RetryPolicy(seconds=seconds, pause=0.01)
    )
    made._client.prepare()
    return made


def unit(text: str, dimension: int = 3) -> Any:
    row = np.array(vector(text, dimension))
    return row / np.linalg.norm(row)


def test_each_text_has_its_vector() -> None:
    """Of unit length, in order, over several requests; equal texts are sent once, blank ones not at all."""
    texts = ["", *[chr(97 + n % 26) * (n % 40 + 1) for n in range(3 * BATCH)], "  \n", "a", "a"]
    with FakeServer() as server:
        rows = embedder(server).embed(texts)
        sent = [text for request in server.requests for text in request.texts]
        assert len(server.requests) == math.ceil(len(sent) / BATCH)
    assert sorted(sent) == sorted({text for text in texts if text.strip()})
    assert rows.shape == (len(texts), 3)
    assert rows.dtype == np.float32
    for text, row in zip(texts, rows, strict=True):
        np.testing.assert_allclose(row, unit(text) if text.strip() else np.zeros(3), atol=1e-6)


def test_no_text_makes_no_request_once_the_dimension_is_known() -> None:
    """Nothing in, a table without rows out."""
    with FakeServer() as server:
        made = embedder(server)
        assert (made.name, made.dimension, len(server.requests)) == ("openai/tiny", 3, 1)
        assert made.embed([]).shape == (0, 3)
        assert made.embed([" "]).shape == (1, 3)
        assert len(server.requests) == 1


def test_openai_s_own_models_are_known_without_asking() -> None:
    """Opening an index costs no request."""
    assert OpenAIEmbedder("text-embedding-3-small", Address(key="sk-a")).dimension == 1536


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    """It cannot be sent."""
    with FakeServer() as server:
        embedder(server).embed(["caf\udce9"])
        assert server.requests[0].texts == ["caf?"]


@pytest.mark.parametrize("change", [lambda rows: rows[::-1], lambda rows: rows[1:] + rows[:1]])
def test_vectors_in_another_order_go_to_the_right_texts(change: Callable[[Rows], Rows]) -> None:
    """The index counts, not the place."""
    texts = ["a", "bb", "ccc"]
    with FakeServer(embeddings(change)) as server:
        rows = embedder(server).embed(texts)
    np.testing.assert_allclose(rows, [unit(text) for text in texts], atol=1e-6)


def test_vectors_without_an_index_are_in_order() -> None:
    """Some servers leave it out."""
    with FakeServer(embeddings(lambda rows: [{"embedding": row["embedding"]} for row in rows])) as server:
        np.testing.assert_allclose(embedder(server).embed(["a", "bb"]), [unit("a"), unit("bb")], atol=1e-6)


def test_numbers_instead_of_base64_are_taken() -> None:
    """Many servers know nothing else; one that refuses to be asked for base64 is asked again without."""

    def plain(exchange: Exchange) -> None:
        if exchange.request_seen.body.get("encoding_format") == "base64":
            error(400, "encoding_format must be 'float'")(exchange)
        else:
            embeddings()(exchange)

    with FakeServer(plain, plain, plain) as server:
        made = embedder(server)
        np.testing.assert_allclose(made.embed(["a"]), [unit("a")], atol=1e-6)
        made.embed(["b"])
        assert len(server.requests) == 3


WRONG: dict[str, Callable[[Rows], Rows]] = {
    "fewer": lambda rows: rows[:-1],
    "more": lambda rows: [*rows, {**rows[-1], "index": len(rows)}],
    "none": lambda _: [],
    "one index twice": lambda rows: [rows[0], {**rows[1], "index": 0}, *rows[2:]],
    "index of another kind": lambda rows: [{**row, "index": str(row["index"])} for row in rows],
    "index that is a truth": lambda rows: [{**row, "index": bool(row["index"])} for row in rows],
    "index without an end": lambda rows: [{**row, "index": 10**30} for row in rows],
    "null": with_vector([1.0, None, 2.0]),
    "no vector": lambda rows: [{**rows[0], "embedding": None}, *rows[1:]],
    "a row that is none": lambda rows: [*rows[:-1], "x"],  # type: ignore[list-item]  # on purpose
    "NaN": with_vector([1.0, math.nan, 2.0]),
    "infinite": with_vector([1.0, math.inf, 2.0]),
    "zero": with_vector([0.0, 0.0, 0.0]),
    "shorter": with_vector([1.0, 2.0]),
    "empty": with_vector([]),
    "truths": with_vector([True, True, True]),
    "bad base64": with_vector("AAAA*"),
    "base64 of another length": with_vector("AAAAAAA="),
    "a number of 400 digits": with_vector([10**400, 1, 1]),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=list(WRONG))
def test_a_doubtful_answer_gives_no_vector(change: Callable[[Rows], Rows]) -> None:
    """It is asked for once more, then whether the model embeds anything, and then it is an error."""
    with FakeServer(always=embeddings(lambda rows: change(rows) if len(rows) > 1 else [])) as server:
        with pytest.raises(InvalidAnswer, match="invalid answer from"):
            embedder(server).embed(["a", "bb", "ccc"])
        assert [len(request.texts) for request in server.requests] == [3, 3, 1, 1]


@pytest.mark.parametrize("change", WRONG.values(), ids=list(WRONG))
def test_a_doubtful_answer_for_several_is_no_fault_of_each(change: Callable[[Rows], Rows]) -> None:
    """Each text is asked for alone in the end, and gets its own vector."""
    with FakeServer(always=embeddings(lambda rows: change(rows) if len(rows) > 1 else rows)) as server:
        rows = embedder(server).embed(["a", "bb", "ccc"])
    np.testing.assert_allclose(rows, [unit("a"), unit("bb"), unit("ccc")], atol=1e-6)


SPOILT: dict[str, Step] = {
    "NaN, which Ollama cannot write": error(500, "failed to encode response: json: unsupported value: NaN"),
    "a failure": status(500),
    "a refusal": error(400, "the input holds a token that is none"),
    "a refusal of another kind": status(422, {"detail": "unprocessable"}),
    "an error in place of vectors": status(200, {"error": "embedding failed"}),
    "no number": embeddings(lambda rows: [{**row, "embedding": [math.nan, 1.0, 1.0]} for row in rows]),
    "null": embeddings(lambda rows: [{**row, "embedding": None} for row in rows]),
    "zeros": embeddings(lambda rows: [{**row, "embedding": [0.0] * 3} for row in rows]),
    "another dimension": embeddings(lambda rows: [{**row, "embedding": [1.0] * 4} for row in rows]),
    "always too long": error(
        500, "input (700 tokens) is too large to process. increase the physical batch size"
    ),
}


def spoiling(step: Step) -> Step:
    """A server that answers with `step` whenever one of the texts holds POISON."""

    def answered(exchange: Exchange) -> None:
        spoilt = any("POISON" in text for text in exchange.request_seen.texts)
        (step if spoilt else embeddings())(exchange)

    return answered


@pytest.mark.parametrize("step", SPOILT.values(), ids=list(SPOILT))
def test_a_text_that_cannot_be_embedded_fails_alone(step: Step) -> None:
    """Whatever the server makes of it, the other texts get their vectors."""
    texts = [f"text number {n}" for n in range(9)] + ["a POISON text"] + ["another"]
    with FakeServer(always=spoiling(step)) as server:
        made = embedder(server)
        assert made.dimension == 3
        embedded = made.embed_each(texts)
    assert list(embedded.refused) == [9]
    assert "POISON" in embedded.refused[9].cause
    expected = [np.zeros(3) if "POISON" in text else unit(text) for text in texts]
    np.testing.assert_allclose(embedded.rows, expected, atol=1e-6)


def test_another_dimension_than_before_is_an_error() -> None:
    """A server whose model was exchanged meanwhile."""
    with FakeServer() as server:
        made = embedder(server)
        made.embed(["a"])
        server.dimension = 4
        with pytest.raises(InvalidAnswer, match="vectors of 4 numbers, not 3"):
            made.embed(["b"])


@settings(max_examples=6)
@given(st.sets(st.integers(0, 99), min_size=1, max_size=3))
def test_the_text_that_spoils_a_batch_is_named(places: set[int]) -> None:
    """Found by halves: the others are not blamed."""
    texts = [f"text {n}{' POISON' if n in places else ''}" for n in range(100)]
    with FakeServer(always=embeddings(poison="POISON")) as server:
        with pytest.raises(TextRefused) as caught:
            embedder(server).embed(texts)
        assert len(server.requests) < 40
    assert caught.value.text in {texts[place] for place in places}
    assert caught.value.text in caught.value.cause


def test_a_server_that_refuses_every_text_is_not_blamed_on_one() -> None:
    """It is the model that is no embedding model."""
    refused = pytest.raises(RequestRefused, match="chat models cannot embed")
    with FakeServer(always=error(400, "chat models cannot embed")) as server, refused as caught:
        embedder(server).embed(["a", "b"])
    assert not isinstance(caught.value, TextRefused)


def test_a_text_longer_than_the_model_reads_is_embedded_by_its_beginning() -> None:
    """As much of it as is taken."""

    def strict(exchange: Exchange) -> None:
        long = any(len(text) > 300 for text in exchange.request_seen.texts)
        (error(413, "input is too long: maximum input length is 300") if long else embeddings())(exchange)

    with FakeServer(always=strict) as server:
        rows = embedder(server).embed(["short", "x" * 1000])
        assert embedder(server).embed_each(["short", "x" * 1000]).cut == {1}
    np.testing.assert_allclose(rows, [unit("short"), unit("x" * 250)], atol=1e-6)


FAILING: list[tuple[Step, type[ModelError], int]] = [
    (status(429), ServerBusy, 3),
    (status(503), ServerBusy, 3),
    (silence(), TooSlow, 1),
]


@pytest.mark.parametrize(("step", "kind", "requests"), FAILING)
def test_a_call_that_fails_is_one_error(step: Step, kind: type[ModelError], requests: int) -> None:
    """As for any other call, and without the key."""
    with FakeServer(always=step) as server:
        with pytest.raises(kind) as caught:
            embedder(server, 0.8 if kind is TooSlow else PATIENCE).embed(["a"])
        assert len(server.requests) == requests
    assert CANARY not in caught.value.cause


def test_a_failure_among_many_requests_ends_them_all() -> None:
    """Those under way are not waited for."""
    with FakeServer(silence(), silence(), error(401, "no"), silence()) as server:
        began = time.monotonic()
        with pytest.raises(ModelError):
            embedder(server, FOREVER).embed([f"text {n}" for n in range(4 * BATCH)])
        assert time.monotonic() - began < PATIENCE


class Scripted(BaseEmbedding):
    """A LlamaIndex embedding model with these faults."""

    fault: str = ""

    def _get_text_embedding(self, text: str) -> list[float]:
        if self.fault == "raises":
            message = f"the key {CANARY} is wrong"
            raise ValueError(message)
        if self.fault == "one" and text == "bb":
            message = "unsupported value: NaN"
            raise ValueError(message)
        if self.fault == "slow":
            time.sleep(1)
        value = {"nan": math.nan, "zero": 0.0}.get(self.fault, float(len(text)))
        ones = 0.0 if self.fault == "zero" else 1.0
        return [value, *[ones] * (len(text) if self.fault == "lengths" else 3)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def test_any_llama_index_embedding_model_embeds() -> None:
    """Rows of unit length in order, zeros for a blank text."""
    made = LlamaEmbedder(Scripted(), "a.b:Scripted")
    rows = made.embed(["four", "", "seven12"])
    assert (made.name, made.dimension) == ("a.b:Scripted", 4)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 0, 1], atol=1e-6)
    assert rows[2, 0] > rows[0, 0]


@pytest.mark.parametrize("fault", ["raises", "nan", "zero", "lengths", "slow"])
def test_a_llama_index_model_that_fails_is_one_error(fault: str) -> None:
    """Whatever it raises, and whatever it gives that is no vector; without the key."""
    made = LlamaEmbedder(Scripted(fault=fault), "a.b:Scripted", RetryPolicy(seconds=0.3))
    with pytest.raises(ModelError) as caught:
        made.embed(["a", "bb", "ccc"])
    assert CANARY not in caught.value.cause


def test_a_text_of_which_a_llama_index_model_makes_nothing_fails_alone() -> None:
    """The others get their vectors; `embed` alone gives none."""
    made = LlamaEmbedder(Scripted(fault="one"), "a.b:Scripted")
    embedded = made.embed_each(["a", "bb", "ccc", ""])
    assert list(embedded.refused) == [1]
    np.testing.assert_allclose(np.linalg.norm(embedded.rows, axis=1), [1, 0, 1, 0], atol=1e-6)
    with pytest.raises(TextRefused, match="'bb'"):
        made.embed(["a", "bb"])


def test_a_name_says_where_its_vectors_come_from() -> None:
    """`openai/…` needs a key or a server; a class to import must have been asked for by the user."""
    made = load_embedder("openai/text-embedding-3-small", environ={"OPENAI_API_KEY": "sk-a"})
    assert made.name == "openai/text-embedding-3-small"
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        load_embedder("openai/text-embedding-3-small", environ={})
    path = "llama_index.core.embeddings:MockEmbedding"
    with pytest.raises(SettingsError, match="must be asked for"):
        load_embedder(path)
    with pytest.raises(SettingsError, match="MockEmbedding cannot be made"):  # it wants a dimension
        load_embedder(path, imports=True)

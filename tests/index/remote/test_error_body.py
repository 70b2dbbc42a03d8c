"""What errors say, whatever their shape: they are told by that, and never taken for an answer."""

from __future__ import annotations

import json
from contextlib import closing

import pytest
from hypothesis import given, strategies as st

from index.concurrency.deadline import Deadline
from index.errors import (
    ContextTooLong,
    InvalidAnswer,
    KeyRefused,
    ModelError,
    ModelUnavailable,
    QuotaSpent,
    ServerBusy,
    UnknownModel,
)
from index.remote.address import Address
from index.remote.decoding.event_json import objects
from index.remote.decoding.sse import begins_events, events as sent_events
from index.remote.error_body import is_failure, parse_error, parse_error_body
from index.remote.failures import Service, error_object, refusal
from index.remote.transport.client import Client
from tests.support.fake_server import Exchange, FakeServer, Step, chunk, completion, events, raw
from tests.support.timeouts import PATIENCE

SERVICE = Service("host", "wise-1", "OPENAI_API_KEY")
WORDS = "the engine is on fire"

SHAPES: dict[str, object] = {
    "OpenAI": {"error": {"message": WORDS, "type": "server_error", "code": None}},
    "text under error": {"error": WORDS},
    "an object that calls itself an error": {"object": "error", "message": WORDS, "code": 500},
    "Anthropic": {"type": "error", "error": {"type": "api_error", "message": WORDS}},
    "FastAPI": {"detail": WORDS},
    "FastAPI, an object": {"detail": {"error": {"message": WORDS}}},
    "a message": {"message": WORDS},
    "a kind and a message": {"error": "Bad Request", "message": WORDS, "statusCode": 500},
    "a kind and a description": {"error": "server_error", "error_description": WORDS},
    "several": {"errors": [{"message": WORDS}, {"message": "and more"}]},
    "several texts": {"errors": [WORDS]},
    "Cloudflare": {"success": False, "errors": [{"code": 7000, "message": WORDS}], "result": None},
    "a list": [{"error": {"code": 500, "message": WORDS, "status": "INTERNAL"}}],
    "OpenRouter": {
        "error": {"message": "Provider returned error", "metadata": {"raw": json.dumps({"error": WORDS})}}
    },
    "JSON within a message": {"error": {"message": json.dumps({"error": {"message": WORDS}})}},
    "MiniMax": {"base_resp": {"status_code": 1000, "status_msg": WORDS}},
    "Apigee": {"fault": {"faultstring": WORDS}},
    "msg": {"code": 10, "msg": WORDS},
    "problem details": {"title": "Oops", "status": 500, "detail": WORDS},
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_words_are_found_in_every_shape(name: str) -> None:
    """And nothing else is said in their place."""
    assert parse_error(SHAPES[name]).message == WORDS
    assert WORDS in refusal(SERVICE, 500, {}, json.dumps(SHAPES[name]).encode()).cause


def test_where_a_field_is_wrong_is_said() -> None:
    """As validation says it."""
    body = {"detail": [{"loc": ["body", "messages"], "msg": "field required", "type": "missing"}]}
    assert parse_error(body).message == "body.messages: field required"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"upstream connect error", "upstream connect error"),
        (b"<html><head><title>502 Bad\n Gateway</title></head></html>", "502 Bad Gateway"),
        (b"<html><h1>Sorry &amp; <b>goodbye</b></h1></html>", "Sorry & goodbye"),
        (b"<html></html>", ""),
        (b'\xef\xbb\xbf{"error": "marked"}', "marked"),
        (b'data: {"error": "an event"}', "an event"),
        (b"", ""),
    ],
)
def test_bodies_that_are_no_json_say_something_too(body: bytes, message: str) -> None:
    """Text is what it says, a web page its title or heading."""
    assert parse_error_body(body).message == message


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["error", "errors", "message", "detail", "code", "x"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_shape_is_a_mistake_of_ours(content: object) -> None:
    """Whatever a server makes up is one of our errors."""
    assert isinstance(refusal(SERVICE, 400, {}, json.dumps(content).encode()), ModelError)
    assert isinstance(error_object(SERVICE, content), ModelError)


@pytest.mark.parametrize("name", SHAPES)
def test_an_error_with_status_200_is_no_answer(name: str) -> None:
    """Whole, and as an event."""
    shape = SHAPES[name]
    with FakeServer(raw(json.dumps(shape).encode()), events(shape)) as server:
        for stream in (False, True):
            with pytest.raises(ModelError, match=WORDS):
                ask(server, stream=stream)


def test_answers_are_no_errors() -> None:
    """Nor is the usage at the end of a stream, a list of models, or a model that speaks of errors."""
    replies: list[dict[str, object]] = [
        completion("The message of the error was a detail."),
        chunk("error"),
        {"choices": [], "usage": {}, "error": None},
        {"object": "list", "data": []},
        {"choices": [{"delta": {}, "error": None}]},
        {"usage": {"prompt_tokens": 1}},
        {"id": "c"},
        {"choices": [], "message": "prompt filter results"},
        {"model": "m", "message": {"role": "assistant", "content": "Ollama's own protocol"}, "done": True},
    ]
    assert not any(map(is_failure, replies))


def test_a_choice_may_have_failed() -> None:
    """OpenRouter says so when the model behind it breaks off."""
    reply: dict[str, object] = {
        "choices": [{"index": 0, "finish_reason": "error", "error": {"code": 502, "message": WORDS}}]
    }
    assert is_failure(reply)
    assert WORDS in error_object(SERVICE, reply).cause


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"error": {"type": "authentication_error", "message": "no"}}, KeyRefused),
        ({"error": {"type": "overloaded_error", "message": "Overloaded"}}, ServerBusy),
        ({"error": {"type": "rate_limit_error", "message": "slow down"}}, ServerBusy),
        ({"error": {"code": "model_not_found", "message": "no"}}, UnknownModel),
        ({"error": "model 'x' not found, try pulling it first"}, UnknownModel),
        ({"error": "Unexpected endpoint or method. (POST /chat/completions)"}, ModelUnavailable),
        ({"error": {"code": "insufficient_quota", "message": "no"}}, QuotaSpent),
        ({"error": {"code": 402, "message": "no"}}, QuotaSpent),
        ({"error": {"code": "context_length_exceeded", "message": "no"}}, ContextTooLong),
        ({"error": "no"}, ServerBusy),
    ],
)
def test_an_error_without_a_status_is_told_by_its_codes_and_words(
    content: object, kind: type[ModelError]
) -> None:
    """What to do about it follows from what it is."""
    assert type(error_object(SERVICE, content)) is kind


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (400, "Invalid model name passed in model=x", UnknownModel),
        (400, "The model `x` does not exist", UnknownModel),
        (404, "No models loaded. Please load a model", UnknownModel),
        (404, "404 page not found", ModelUnavailable),
        (400, "Client sent an HTTP request to an HTTPS server.", ModelUnavailable),
        (400, "Your credit balance is too low to access the API.", QuotaSpent),
        (429, "You exceeded your current quota. Please retry in 3.5s.", ServerBusy),
    ],
)
def test_a_refusal_is_told_by_what_it_says(status: int, words: str, kind: type[ModelError]) -> None:
    """Statuses alone mislead."""
    error = refusal(SERVICE, status, {}, json.dumps({"error": {"message": words}}).encode())
    assert type(error) is kind


def lines(*parts: bytes) -> Step:
    """A stream of these bytes."""

    def step(exchange: Exchange) -> None:
        exchange.head(kind="text/event-stream")
        for part in parts:
            exchange.wfile.write(part)

    return step


@pytest.mark.parametrize(
    "stream",
    [
        b'error: {"code": 500, "message": "the engine is on fire", "type": "server_error"}\n\n',
        b"error: the engine is on fire\n\n",
        b"event: error\ndata: the engine is on fire\n\n",
        b'event: error\ndata: {"message": "the engine is on fire"}\n\n',
        b'event: error\ndata: {"error": {"message": "the engine is on fire"}}\n\n',
        b'data: {"error": "the engine is on fire"}\n\n',
        b": ping\n\nerror: the engine is on fire\n\ndata: [DONE]\n\n",
    ],
)
def test_an_error_in_a_stream_is_told(stream: bytes) -> None:
    """Also in a line of its own, which no standard knows."""
    with FakeServer(lines(stream)) as server, pytest.raises(ModelError, match=WORDS) as caught:
        ask(server, stream=True)
    assert "OPENAI_BASE_URL" not in caught.value.hint


def test_an_error_line_says_that_the_prompt_is_too_long() -> None:
    """So that it is asked again with less."""
    said = b'{"message": "too much", "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}'
    with FakeServer(lines(b"error: " + said + b"\n\n")) as server, pytest.raises(ContextTooLong) as caught:
        ask(server, stream=True)
    assert (caught.value.prompt, caught.value.limit) == (9, 4)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html><title>Sign in to Wi-Fi</title></html>", "a web page: Sign in to Wi-Fi"),
        (b"No healthy upstream", "it is not JSON: No healthy upstream"),
        (b"[1, 2]", "it is not an object"),
    ],
)
def test_what_is_neither_answer_nor_error_is_quoted(stream: bool, body: bytes, words: str) -> None:
    """A person recognises the page of a gateway by its title."""
    with FakeServer(raw(body, kind="text/html")) as server, pytest.raises(InvalidAnswer, match=words):
        ask(server, stream=stream)


def test_events_begin_with_a_field_or_a_comment() -> None:
    """However little of them has come."""
    begun = (
        b"",
        b"da",
        b"data: {",
        b": ping",
        b"event: a",
        b"\xef\xbb\xbfdata: x",
        b"\n\nid: 1",
        b"x: y\ndata: 1",
    )
    assert all(map(begins_events, begun))
    assert not any(map(begins_events, (b"{", b"<html>", b"[", b"Bad Gateway", b"502")))


def test_errors_by_their_place_are_objects() -> None:
    """One event each; what is data stays as it is."""
    stream = b'data: {"a": 1}\n\nerror: no\n\nevent: error\ndata: {\n\nevent: message\ndata: {"b": 2}\n\n'
    replies = [reply for event in sent_events([stream]) for reply in objects(event)]
    assert replies == [{"a": 1}, {"error": "no"}, {"error": "{"}, {"b": 2}]


def ask(server: FakeServer, *, stream: bool) -> None:
    """One request, read to its end."""
    client = Client(Address(url=server.url))
    body = {"model": "m", "messages": []}
    if not stream:
        client.post("chat", body, deadline=Deadline(PATIENCE), limit=1_000_000)
        return
    replies = client.events("chat", {**body, "stream": True}, deadline=Deadline(PATIENCE), limit=1_000_000)
    with closing(replies):
        for _ in replies:
            pass

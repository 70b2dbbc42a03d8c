"""A connection serves request after request, one at a time: counted where they arrive."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress

import pytest

from index.concurrency.deadline import Deadline
from index.errors import ModelError, ServerBusy, TooSlow
from index.remote.address import Address
from index.remote.transport.client import Client
from index.remote.transport.library import certificates
from tests.support.fake_server import (
    CERTIFICATE,
    Exchange,
    FakeServer,
    Step,
    answer,
    chunk,
    cut_body,
    error,
    events,
    flood,
    reset,
    silence,
    status,
)
from tests.support.timeouts import FOREVER, PATIENCE

LIMIT = 1_000_000
SHORT = 0.3  # seconds, for what would take for ever
BODY: dict[str, object] = {"model": "m", "messages": []}


def client(url: str) -> Client:
    made = Client(Address(url=url, key="sk-none"))
    made.prepare()
    return made


def whole(made: Client, seconds: float = PATIENCE) -> object:
    return made.post("chat", BODY, deadline=Deadline(seconds), limit=LIMIT)["choices"]


def streamed(made: Client) -> int:
    """How many events came."""
    body = {**BODY, "stream": True}
    with closing(made.events("chat", body, deadline=Deadline(PATIENCE), limit=LIMIT)) as replies:
        return len(list(replies))


@pytest.fixture
def own_certificate(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The certificate of a server with `tls` is trusted, here only."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    certificates.cache_clear()
    yield
    certificates.cache_clear()


@pytest.mark.usefixtures("own_certificate")
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_one_connection_serves_one_request_after_another(tls: bool) -> None:
    """Whole answers, streams, lists and vectors; one handshake for all."""
    with FakeServer(tls=tls) as server:
        made = client(server.url)
        for _ in range(3):
            assert whole(made)
            assert streamed(made)
            assert made.models(deadline=Deadline(PATIENCE))
            made.post("embeddings", {"model": "m", "input": ["a"]}, deadline=Deadline(PATIENCE), limit=LIMIT)
        assert len(server.requests) == 12
        assert len(server.connections) == 1


def test_those_who_ask_a_server_in_the_same_name_share_its_connections() -> None:
    """A judge and a planner have clients of their own; who has another key has other connections."""
    with FakeServer() as server:
        first, second = client(server.url), client(server.url)
        other = Client(Address(url=server.url, key="sk-other"))
        for made in (first, second, first):
            whole(made)
        assert len(server.connections) == 1
        whole(other)
        assert len(server.connections) == 2
        assert server.requests[-1].headers["authorization"] == "Bearer sk-other"


def test_as_many_connections_as_requests_at_once() -> None:
    """Eight threads have eight, however many requests they make."""
    together = threading.Barrier(8)

    def meets(exchange: Exchange) -> None:
        together.wait(PATIENCE)
        answer()(exchange)

    with FakeServer(*[meets] * 8) as server, ThreadPoolExecutor(8) as threads:
        made = client(server.url)
        assert all(threads.map(whole, [made] * 8))
        assert list(threads.map(streamed, [made] * 32))
        assert len(server.requests) == 40
        assert len(server.connections) == 8


@pytest.mark.parametrize(
    "refusal", [error(429, "slow down"), error(400, "no such field"), status(503)], ids=["429", "400", "503"]
)
def test_a_refusal_leaves_the_connection_open(refusal: Step) -> None:
    """A request that is made again, or otherwise, is made on the same."""
    with FakeServer(refusal) as server:
        made = client(server.url)
        with pytest.raises(ModelError):
            whole(made)
        assert whole(made)
        assert len(server.connections) == 1


def test_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection to the proxy is kept."""
    with FakeServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.host}")
        made = client("http://api.example.test/v1")
        assert whole(made)
        assert streamed(made)
        assert [each.path for each in proxy.requests] == ["http://api.example.test/v1/chat/completions"] * 2
        assert len(proxy.connections) == 1


def closing_behind(exchange: Exchange) -> None:
    """A whole answer, after which the server closes without having said so."""
    answer()(exchange)
    exchange.close_connection = True


@pytest.mark.parametrize("closes", [closing_behind, reset()], ids=["before it", "as it arrives"])
def test_a_kept_connection_that_the_server_closes(closes: Step) -> None:
    """The request that finds it closed is made once more, on a new one, and nobody is told of it."""
    with FakeServer(answer(), closes) as server:
        made = client(server.url)
        assert whole(made)
        assert whole(made)
        assert whole(made)
        assert len(server.connections) == 2


def test_a_new_connection_that_is_reset_is_a_failure() -> None:
    """Only a kept one may have been closed for having been idle."""
    with FakeServer(answer(), reset(), reset()) as server:
        made = client(server.url)
        assert whole(made)
        with pytest.raises(ModelError, match="broke off"):
            whole(made)
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    "left",
    [cut_body(), flood(2), events(chunk("The"), b"[DONE]", then=silence())],
    ids=["cut off", "too long", "open after its end"],
)
def test_an_answer_that_is_not_read_to_its_end_ends_its_connection(left: Step) -> None:
    """What is left of it is never taken for the answer to the next request."""
    with FakeServer(left) as server:
        made = client(server.url)
        with suppress(ModelError):
            streamed(made)
        assert whole(made)
        assert len(server.connections) == 2


def test_hanging_up_on_a_kept_connection() -> None:
    """The server sees it at once, though it has not begun to answer; a request beside it goes on."""
    arrived, going_on = threading.Event(), threading.Event()

    def slow(exchange: Exchange) -> None:
        arrived.set()
        going_on.wait(PATIENCE)
        answer()(exchange)

    both = threading.Barrier(2)

    def meets(exchange: Exchange) -> None:
        both.wait(PATIENCE)
        answer()(exchange)

    with FakeServer(meets, meets) as server, ThreadPoolExecutor(2) as threads:
        made = client(server.url)
        assert all(threads.map(whole, [made] * 2))
        server.steps = [slow]
        beside = threads.submit(whole, made)
        assert arrived.wait(PATIENCE)
        server.steps = [silence()]
        with pytest.raises(TooSlow):
            whole(made, SHORT)
        assert server.hung_up.wait(PATIENCE)
        going_on.set()
        assert beside.result(PATIENCE)
        assert len(server.connections) == 2


def test_a_stream_that_is_left_ends_its_connection() -> None:
    """One that was kept, too; the next request has one of its own."""
    body = {**BODY, "stream": True}
    with FakeServer(answer(), events(chunk("The"), then=silence())) as server:
        made = client(server.url)
        whole(made)
        with closing(made.events("chat", body, deadline=Deadline(FOREVER), limit=LIMIT)) as replies:
            next(replies)
        assert server.hung_up.wait(PATIENCE)
        assert whole(made)
        assert len(server.connections) == 2


def test_connections_end_with_those_who_used_them() -> None:
    """Nothing is left open when the last client is gone."""
    with FakeServer() as server:
        made = client(server.url)
        assert whole(made)
        del made
        assert whole(client(server.url))
        assert len(server.connections) == 2


def test_a_busy_server_is_asked_again_on_the_same_connection() -> None:
    """What is raised says nothing of connections."""
    with FakeServer(status(529)) as server:
        made = client(server.url)
        with pytest.raises(ServerBusy):
            streamed(made)
        assert streamed(made)
        assert len(server.connections) == 1

"""Connections to a server, kept for further requests: a handshake costs as much as a short answer.

Each serves one request at a time, so that hanging up is shutting its socket, and ends no other request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal, Protocol, cast
from weakref import WeakValueDictionary, finalize

from index.concurrency.interruptible import Connection
from index.remote.decoding.decompression import decoder
from index.remote.transport.library import certificates, http_library, no_certificates

if TYPE_CHECKING:
    import socket
    import ssl

    import httpx2
    import openai

    from index.remote.address import Address
    from index.remote.proxies import Proxy

Endpoint = Literal["chat", "embeddings", "models"]
_PATHS: dict[Endpoint, str] = {"chat": "/chat/completions", "embeddings": "/embeddings", "models": "/models"}
IDLE_SECONDS = 90.0  # that a connection is kept unused: longer, and a router on the way may have forgotten it


class Response(Protocol):
    """What the client gives for an answer, as far as it is used here."""

    def iter_bytes(self) -> Iterator[bytes]:
        """Its body, as it comes."""


class Pool:
    """The lines to one server. Threads may share it; nothing is imported until the first line is wanted."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._idle: list[Line] = []
        finalize(self, _close, self._idle)

    def prepare(self, proxy: Proxy | None) -> None:
        """Have a line at hand, which is not connected yet. Raises ModelUnavailable as `certificates` does."""
        with self.line(proxy):
            pass

    @contextmanager
    def line(self, proxy: Proxy | None) -> Iterator[Line]:
        """A line for one request, through that proxy if it is one: the idle one used last, or a new one."""
        line = self._taken(proxy)
        try:
            yield line
        finally:
            line.leave()
            with self._lock:
                self._idle.append(line)

    def _taken(self, proxy: Proxy | None) -> Line:
        encrypted = proxy is not None or self._address.url.startswith("https:")
        trust = certificates() if encrypted else no_certificates()
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return Line(self._address, proxy, trust)
            if (line.proxy, line.trust) == (proxy, trust):
                return line
            line.close()


_pools: WeakValueDictionary[Address, Pool] = WeakValueDictionary()
_pools_lock = threading.Lock()


def pool_for(address: Address) -> Pool:
    """The pool for that server: one for all who ask it in the same name, as long as one of them is there."""
    with _pools_lock:
        pool = _pools.get(address)
        if pool is None:
            pool = _pools[address] = Pool(address)
        return pool


def _close(lines: list[Line]) -> None:
    for line in lines:
        line.close()


class Line:
    """A client of one connection, which is made when it is needed and made again once it has ended."""

    def __init__(self, address: Address, proxy: Proxy | None, trust: ssl.SSLContext) -> None:
        import openai

        self.proxy = proxy
        self.trust = trust
        self._address = address
        self._request: Connection | None = None  # the one that is served now,
        self._limit = 0  # and how many bytes of its answer are read
        self._sockets: list[socket.socket] = []
        self._kept = False  # whether the request found its connection open
        self._http = openai.DefaultHttpxClient(
            follow_redirects=False,
            verify=trust,
            trust_env=False,  # which proxy is asked, we say ourselves
            proxy=None if proxy is None else proxy.url,
            limits=http_library().Limits(
                max_connections=1, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS
            ),
            event_hooks={"request": [self._sending], "response": [self._receiving]},
        )
        self._client = openai.OpenAI(
            api_key=address.key or "none",
            base_url=address.url,
            max_retries=0,
            http_client=self._http,
            default_headers={"Accept-Encoding": "identity"},
            default_query=dict(address.query),
        )

    @contextmanager
    def answer(
        self, endpoint: Endpoint, body: Mapping[str, object], seconds: float, request: Connection, limit: int
    ) -> Iterator[Response]:
        """Make a request, and give its answer, of whose body at most `limit` bytes can be read.

        A connection that was kept may have been closed by the server as we began to write: then the request
        is made once more, on one of its own. Raises what openai raises, also where nothing comes for
        `seconds`.
        """
        import openai

        self._request, self._limit = request, limit
        with ExitStack() as stack:
            try:
                answer = stack.enter_context(self._sent(endpoint, body, seconds))
            except openai.APITimeoutError:
                raise
            except openai.APIConnectionError:
                if not self._kept or request.closed:
                    raise
                answer = stack.enter_context(self._sent(endpoint, body, seconds))
            yield answer.response

    def _sent(self, endpoint: Endpoint, body: Mapping[str, object], seconds: float) -> openai.Stream[object]:
        """One request, whose answer is read by us.

        The client's own method for an endpoint would import its types, for checks that we make ourselves.
        """
        import openai

        options, kind = openai.RequestOptions(timeout=seconds), openai.Stream[object]
        if endpoint == "models":
            return self._client.get(
                _PATHS[endpoint], cast_to=object, options=options, stream=True, stream_cls=kind
            )
        return self._client.post(
            _PATHS[endpoint], cast_to=object, body=body, options=options, stream=True, stream_cls=kind
        )

    def leave(self) -> None:
        """The request is over: from now on it cannot shut this connection."""
        if self._request is not None:
            self._request.let_go()
            self._request = None

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _sending(self, request: httpx2.Request) -> None:
        """Give the request its login, and register the sockets of its connection."""
        # The client would take others from the environment, too: OPENAI_ADMIN_KEY.
        request.headers.pop("Authorization", None)
        if self._address.login is not None:
            request.headers["Authorization"] = self._address.login
        elif self._address.key is not None:
            request.headers["Authorization"] = f"Bearer {self._address.key}"
        request.headers.update(self._address.all_headers)
        assert self._request is not None
        connection, self._kept = self._request, True
        for sock in self._sockets:
            connection.hold(sock)

        def opened(event: str, facts: Mapping[str, object]) -> None:
            if event.endswith("connect_tcp.started"):
                self._kept = False
                self._sockets.clear()
            elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
                sock = cast("_Socketed", facts["return_value"]).get_extra_info("socket")
                self._sockets.append(sock)
                connection.hold(sock)

        request.extensions = {**request.extensions, "trace": opened}

    def _receiving(self, response: httpx2.Response) -> None:
        """Limit what is read of an answer, decoded, whoever reads it."""
        decode = decoder(response.headers.pop("content-encoding", ""), self._limit)
        response.stream = _limited(response.stream, decode)


class _Socketed(Protocol):
    """What a connection's stream offers, as far as it is used here."""

    def get_extra_info(self, info: str) -> socket.socket: ...


def _limited(stream: object, decode: Callable[[bytes], Iterator[bytes]]) -> httpx2.SyncByteStream:
    """`stream`, decoded; the class is made here because its base is of a library imported late."""
    base = http_library().SyncByteStream

    class Limited(base):  # type: ignore[misc, valid-type]  # the base is known at run time only
        def __iter__(self) -> Iterator[bytes]:
            for chunk in cast("Iterator[bytes]", stream):
                yield from decode(chunk)

        def close(self) -> None:
            cast("httpx2.SyncByteStream", stream).close()

    return cast("httpx2.SyncByteStream", Limited())

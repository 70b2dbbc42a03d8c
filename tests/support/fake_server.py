"""A local server with OpenAI's protocol, which answers or fails as a test's script says.

Real sockets, so that the real client is what is tested. Each request is answered by the next step of a
script; after the last step, by the server's ordinary answer.

    with FakeServer(status(429, headers={"Retry-After": "1"}), answer("Paris [s1].")) as server:
        ...  # server.url, server.requests
"""

from __future__ import annotations

import base64
import gzip
import json
import math
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.support.timeouts import FOREVER

if TYPE_CHECKING:
    from types import TracebackType

CERTIFICATE = Path(__file__).with_name("tls") / "server.pem"  # and its key, made up for these tests
CANARY = "sk-canary-0123456789abcdefghij"
USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
MODEL = "fake-1"
WORDS = ("The summit ", "was cancelled ", "[s1].")


@dataclass
class Request:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, object] = field(default_factory=dict)

    @property
    def texts(self) -> list[str]:
        """The texts to embed."""
        given = self.body.get("input", [])
        return [given] if isinstance(given, str) else list(given)  # type: ignore[call-overload]  # JSON is untyped


class Exchange(BaseHTTPRequestHandler):
    """One request and what is sent back; the steps of a script drive it."""

    protocol_version = "HTTP/1.1"
    server: _Listener

    def log_message(self, *args: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        """A list of models."""
        self._handle()

    def do_POST(self) -> None:
        """Chat completions and embeddings."""
        self._handle()

    def setup(self) -> None:
        """A connection has come."""
        super().setup()
        with self.server.fake.lock:
            self.server.fake.connections.append(self.connection)

    def _handle(self) -> None:
        self.close_connection = True  # unless what is sent says itself where it ends
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(raw) if raw else {}
        self.request_seen = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        fake = self.server.fake
        with fake.lock:
            fake.requests.append(self.request_seen)
            step = fake.steps.pop(0) if fake.steps else fake.always or fake.ordinary
        try:
            step(self)
        except (BrokenPipeError, ConnectionResetError):
            fake.hung_up.set()

    def head(
        self, status: int = 200, kind: str = "application/json", *, keep: bool = False, **headers: object
    ) -> None:
        """The status line and headers; `Content-Length` only where it is given.

        With `keep`, the connection serves another request after this one.
        """
        self.close_connection = not keep
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if not keep:
            self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def whole(
        self, body: bytes, status: int = 200, kind: str = "application/json", **headers: object
    ) -> None:
        """A whole answer with its length."""
        self.head(status, kind, keep=True, Content_Length=len(body), **headers)
        self.wfile.write(body)

    def event(self, content: object) -> None:
        """One event of a stream."""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        event = b"data: " + data + b"\n\n"
        self.wfile.write(event if self.close_connection else b"%x\r\n%b\r\n" % (len(event), event))
        self.wfile.flush()

    def end(self) -> None:
        """The end of a stream whose connection is kept."""
        self.wfile.write(b"0\r\n\r\n")

    def wait(self, seconds: float) -> bool:
        """Do nothing for a while; False once the client has hung up or the server is closing."""
        until = threading.Event()
        self.connection.settimeout(0.02)
        for _ in range(max(1, round(seconds / 0.02))):
            if self.server.fake.closing.is_set():
                return False
            try:
                gone = self.connection.recv(1) == b""
            except TimeoutError:
                gone = False
            except OSError:
                gone = True
            if gone:
                self.server.fake.hung_up.set()
                return False
        until.set()
        return True

    def reset(self) -> None:
        """Break the connection off, so that the other side sees a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile.flush()
        self.connection.close()


Step = Callable[[Exchange], None]


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = True
    request_queue_size = 64
    fake: FakeServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""

    def shutdown_request(self, request: object) -> None:
        """Close without an error where a step has closed it already."""
        with suppress(OSError):
            super().shutdown_request(request)  # type: ignore[arg-type]  # typeshed names one kind of socket


class FakeServer:
    """The server, running while its `with` block does.

    `steps` answer one request each, in order; `always` answers whatever comes after them. `connections` are
    all that were opened; a whole answer leaves its own open, as servers do. With `tls`, it
    speaks https, with a certificate of its own making for 127.0.0.1 and localhost, which is `CERTIFICATE`.
    With `after`, it listens where that one did, which has ended.
    """

    def __init__(
        self,
        *steps: Step,
        always: Step | None = None,
        dimension: int = 3,
        tls: bool = False,
        after: FakeServer | None = None,
    ) -> None:
        self.steps = list(steps)
        self.always = always
        self.dimension = dimension
        self.requests: list[Request] = []
        self.connections: list[socket.socket] = []
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.hung_up = threading.Event()
        self._listener = _Listener(("127.0.0.1", after.port if after else 0), Exchange)
        self._listener.fake = self
        self._scheme = "https" if tls else "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._listener.socket = context.wrap_socket(self._listener.socket, server_side=True)
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """The port where it listens."""
        return int(self._listener.server_address[1])

    @property
    def host(self) -> str:
        """Where it listens, as `127.0.0.1:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base address to give to a client."""
        return f"{self._scheme}://{self.host}/v1"

    def ordinary(self, exchange: Exchange) -> None:
        """What is answered when the script is at its end: no fault at all."""
        if exchange.path.endswith("/models"):
            exchange.whole(json.dumps({"object": "list", "data": [{"id": MODEL}]}).encode())
        elif exchange.path.endswith("/embeddings"):
            embeddings()(exchange)
        else:
            answer()(exchange)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._listener.shutdown()
        self._listener.server_close()
        for connection in self.connections:
            with suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()


def chunk(text: str | None = None, finish: str | None = None, **more: object) -> dict[str, object]:
    """One event of a streamed completion."""
    delta: dict[str, object] = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
        **more,
    }


def completion(text: str | None, finish: str | None = "stop", **message: object) -> dict[str, object]:
    """A whole completion."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, **message},
        "finish_reason": finish,
    }
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
        "usage": USAGE,
    }


def answer(*words: str, finish: str = "stop") -> Step:
    """A right answer, streamed if a stream was asked for; with usage if that was asked for."""
    words = words or WORDS

    def step(exchange: Exchange) -> None:
        body = exchange.request_seen.body
        if not body.get("stream"):
            exchange.whole(json.dumps(completion("".join(words), finish)).encode())
            return
        exchange.head(kind="text/event-stream", keep=True, Transfer_Encoding="chunked")
        exchange.event(chunk(""))
        for word in words:
            exchange.event(chunk(word))
        exchange.event(chunk(finish=finish))
        if body.get("stream_options"):
            exchange.event({**chunk(), "choices": [], "usage": USAGE})
        exchange.event(b"[DONE]")
        exchange.end()

    return step


def status(code: int, body: object = None, *, kind: str = "application/json", **headers: str) -> Step:
    """An answer with that status; `body` is sent as JSON, or as it is if it is bytes."""
    if body is None:
        body = {"error": {"message": "something is wrong", "type": "server_error", "code": None}}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda exchange: exchange.whole(data, code, kind, **headers)


def error(code: int, message: str, name: str | None = None, **more: object) -> Step:
    """An error as OpenAI words it: `name` is the code for programs."""
    return status(
        code, {"error": {"message": message, "type": "invalid_request_error", "code": name, **more}}
    )


def raw(body: bytes, kind: str = "application/json") -> Step:
    """A body of any bytes with status 200."""
    return lambda exchange: exchange.whole(body, kind=kind)


def events(*contents: object, then: Step | None = None) -> Step:
    """A stream of these events and nothing after them, or what `then` does."""

    def step(exchange: Exchange) -> None:
        exchange.head(kind="text/event-stream")
        for content in contents:
            exchange.event(content)
        if then is not None:
            then(exchange)

    return step


def silence(seconds: float = FOREVER) -> Step:
    """Send nothing for so many seconds."""

    def step(exchange: Exchange) -> None:
        exchange.wait(seconds)

    return step


def reset() -> Step:
    """Reset the connection."""
    return lambda exchange: exchange.reset()


def trickle(seconds: float = FOREVER, every: float = 0.05) -> Step:
    """A body that comes byte by byte, and never ends while anybody listens."""

    def step(exchange: Exchange) -> None:
        exchange.head(Content_Length=100_000)
        for _ in range(round(seconds / every)):
            exchange.wfile.write(b" ")
            if not exchange.wait(every):
                return

    return step


def slow_headers(seconds: float = FOREVER, every: float = 0.05) -> Step:
    """Headers that come byte by byte."""

    def step(exchange: Exchange) -> None:
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(round(seconds / every)):
            exchange.wfile.write(b"x")
            if not exchange.wait(every):
                return

    return step


def pings(seconds: float = FOREVER, every: float = 0.05, *first: object) -> Step:
    """A stream of comments without end, after the `first` events."""

    def step(exchange: Exchange) -> None:
        exchange.head(kind="text/event-stream")
        for content in first:
            exchange.event(content)
        for _ in range(round(seconds / every)):
            exchange.wfile.write(b": ping\n\n")
            if not exchange.wait(every):
                return

    return step


def cut_body() -> Step:
    """A body that ends before its length."""

    def step(exchange: Exchange) -> None:
        exchange.head(Content_Length=1000)
        exchange.wfile.write(b'{"choices": [')

    return step


def flood(megabytes: int, *, packed: bool = False, code: int = 200, kind: str = "application/json") -> Step:
    """That many megabytes of spaces, or their gzip."""

    def step(exchange: Exchange) -> None:
        if packed:
            exchange.whole(
                gzip.compress(b" " * (megabytes * 1_000_000), 9), code, kind, Content_Encoding="gzip"
            )
            return
        exchange.head(code, kind, Content_Length=megabytes * 1_000_000)
        for _ in range(megabytes):
            exchange.wfile.write(b" " * 1_000_000)

    return step


def redirect(url: str, code: int = 307) -> Step:
    """A redirect to `url`."""
    return status(code, b"", Location=url)


def vector(text: str, dimension: int) -> list[float]:
    """A vector that tells texts apart by length and first letter; not of unit length."""
    numbers = [float(len(text)), float(ord(text[0]) if text else 0)] + [1.0] * dimension
    return numbers[:dimension]


def embeddings(
    change: Callable[[list[dict[str, object]]], list[dict[str, object]]] | None = None, *, poison: str = "\0"
) -> Step:
    """Vectors as asked for (numbers or base64), after `change`; a text that holds `poison` is refused."""

    def step(exchange: Exchange) -> None:
        request = exchange.request_seen
        if any(poison in text for text in request.texts):
            error(400, "'input' holds a text that cannot be embedded")(exchange)
            return
        rows: list[dict[str, object]] = []
        for at, text in enumerate(request.texts):
            numbers = vector(text, exchange.server.fake.dimension)
            packed = base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
            value = packed if request.body.get("encoding_format") == "base64" else numbers
            rows.append({"object": "embedding", "index": at, "embedding": value})
        rows = change(rows) if change else rows
        reply = {
            "object": "list",
            "data": rows,
            "model": MODEL,
            "usage": {"prompt_tokens": 5, "total_tokens": 5},
        }
        exchange.whole(json.dumps(reply).encode())

    return step


def with_vector(
    numbers: Sequence[float | None] | str,
) -> Callable[[list[dict[str, object]]], list[dict[str, object]]]:
    """A change that gives the first text another vector."""
    return lambda rows: [{**rows[0], "embedding": numbers}, *rows[1:]]


NOT_A_NUMBER = math.nan


@contextmanager
def closed_port() -> Iterator[str]:
    """An address at which nothing listens, and nobody else begins to: the port is taken meanwhile."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/v1"

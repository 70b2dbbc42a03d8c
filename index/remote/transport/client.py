"""HTTP requests to OpenAI and compatible servers: responses whole or as event streams.

What the client does not do by itself is done here: a clock for the whole call, a limit on what is read, no
redirects, an error for an answer that is no answer, no key in any error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing

from index.concurrency.deadline import Deadline
from index.concurrency.interruptible import Connection, stream_in_thread
from index.errors import (
    AnswerTooLarge,
    ModelError,
    NoConnection,
    NoSuchHost,
    TooSlow,
    UntrustedServer,
)
from index.remote.address import Address
from index.remote.decoding import event_json, sse
from index.remote.decoding.decompression import Overlong, UnknownEncoding
from index.remote.error_body import is_failure, is_page, parse_error_body
from index.remote.failures import CHECK_ADDRESS, TRY_LATER, Service, error_object, invalid, refusal
from index.remote.masking import masked
from index.remote.proxies import Proxy, proxy_failure, proxy_for
from index.remote.retry import MORE_TIME, too_slow
from index.remote.transport.library import http_library
from index.remote.transport.pool import Endpoint, pool_for

Body = Mapping[str, object]
Reply = dict[str, object]
_MARKS = b" \t\r\n" + sse.BYTE_ORDER_MARK  # what may stand before the first word of an answer


class Client:
    """A server that speaks OpenAI's protocol. Threads may share one; nothing is sent until it is asked."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._pool = pool_for(address)

    def prepare(self) -> None:
        """Import what a request needs, up to a second the first time: before its clock starts."""
        self._pool.prepare(self._proxy())

    def post(self, endpoint: Endpoint, body: Body, *, deadline: Deadline, limit: int) -> Reply:
        """The whole answer to one request, at most `limit` bytes of JSON. Raises `ModelError` only."""
        service = self._service(body)
        with closing(self._call(endpoint, body, deadline, limit)) as chunks:
            reply = _parsed(b"".join(chunks), service)
        if is_failure(reply):
            raise error_object(service, reply)
        return reply

    def events(
        self, endpoint: Endpoint, body: Body, *, deadline: Deadline, limit: int
    ) -> Generator[Reply, None, bool]:
        """The events of one answer, as they come; True is returned if it said itself that it is whole.

        An answer in one piece, streamed or not, is one event, and whole; of a stream, `[DONE]` says so, and
        the end of the connection does not. Each byte is a sign of life for `deadline`; whoever reads the
        events renews it. Raises `ModelError` only. Closing the generator closes the connection.
        """
        service = self._service(body)
        with closing(self._call(endpoint, body, deadline, limit)) as chunks:
            first = _begun(chunks)
            if not sse.begins_events(first):
                reply = _parsed(b"".join([first, *chunks]), service)
                if is_failure(reply):
                    raise error_object(service, reply)
                yield reply
                return True
            try:
                for event in sse.events(_joined(first, chunks)):
                    for reply in event_json.objects(event):
                        if is_failure(reply):
                            raise error_object(service, reply)
                        yield reply
            except event_json.StreamDone:
                return True
            except event_json.BrokenEvent as broken:
                why = service.line(str(broken))
            else:
                return False
        raise invalid(service.host, why)

    def models(self, *, deadline: Deadline) -> tuple[str, ...]:
        """The names of the models that the server offers. Raises `ModelError` only."""
        reply = self.post("models", {}, deadline=deadline, limit=4_000_000)
        listed = reply.get("data")
        rows = listed if isinstance(listed, list) else []
        named = (str(row["id"]) for row in rows if isinstance(row, dict) and row.get("id"))
        return tuple(masked(name, self.address.secrets, known_only=True) for name in named)

    def _service(self, body: Body) -> Service:
        address = self.address
        model = str(body.get("model", ""))
        return Service(address.host, model, address.key_origin, address.secrets, self._proxy())

    def _proxy(self) -> Proxy | None:
        return proxy_for(self.address.url, os.environ)

    def _call(
        self, endpoint: Endpoint, body: Body, deadline: Deadline, limit: int
    ) -> Generator[bytes, None, None]:
        """The bytes of an answer, read in a thread of their own."""
        service = self._service(body)

        def work(connection: Connection) -> Generator[bytes, None, None]:
            return self._read(endpoint, body, service, (deadline.seconds + 1, connection, limit))

        begun = False
        try:
            with closing(stream_in_thread(work, deadline)) as chunks:
                for chunk in chunks:
                    begun = True
                    deadline.sign_of_life()
                    yield chunk
            return
        except TimeoutError:
            pass  # said below, where no foreign error hangs on to ours
        raise too_slow(service.host, deadline, begun=begun)

    def _read(
        self, endpoint: Endpoint, body: Body, service: Service, hold: tuple[float, Connection, int]
    ) -> Generator[bytes, None, None]:
        """Make one request and read its answer, in this thread. Raises `ModelError` only."""
        import openai

        library = http_library()
        foreign = (openai.OpenAIError, library.HTTPError, library.InvalidURL, library.StreamError, OSError)
        if endpoint == "chat":
            body = {**body, **self.address.extra}
        try:
            with self._pool.line(service.proxy) as line, line.answer(endpoint, body, *hold) as response:
                yield from response.iter_bytes()
            return
        except Overlong:
            error: ModelError = AnswerTooLarge(
                f"{service.host} sent more than {hold[2] // 1_000_000} MB; the rest was not read",
                CHECK_ADDRESS,
            )
        except UnknownEncoding as exc:
            error = invalid(service.host, str(exc))
        except foreign as exc:
            error = _translated(exc, service)
        raise error  # outside of `except`: the foreign error holds the request, and that the key


def _begun(chunks: Iterator[bytes]) -> bytes:
    """The first bytes of an answer, up to those that tell what it is; what keeps a connection open is white.

    All of it, where it is nothing but white space.
    """
    first = b""
    for chunk in chunks:
        first += chunk
        if first.lstrip(_MARKS):
            break
    return first


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _parsed(data: bytes, service: Service) -> Reply:
    """The JSON object in `data`. Raises InvalidAnswer for anything else."""
    try:
        reply = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        why = "it is not UTF-8"
    except (ValueError, RecursionError):
        what, said = parse_error_body(data), ""
        if data.strip():
            said = f": {line}" if (line := service.line(what.message)) else ""
        why = "a web page" if is_page(what.words) else "it is not JSON" if data.strip() else "it is empty"
        why += said
    else:
        if isinstance(reply, list) and reply and isinstance(reply[0], dict):  # some put an error into a list
            reply = reply[0]
        if isinstance(reply, dict):
            return reply
        why = "it is not an object"
    raise invalid(service.host, why)


def _translated(error: BaseException, service: Service) -> ModelError:
    """Our error for one of the client's, or of the libraries below it; most specific first."""
    import openai

    library = http_library()
    if isinstance(error, openai.APIStatusError):
        response = error.response
        return refusal(service, response.status_code, response.headers, response.content)
    if isinstance(error, openai.APITimeoutError | library.TimeoutException | TimeoutError):
        return TooSlow(f"{service.host} gave no answer in time", MORE_TIME, option="timeout")
    return _connection(error, service)


def _connection(error: BaseException, service: Service) -> ModelError:
    """Why there is no connection, as far as the chain of errors below tells."""
    import socket
    import ssl

    if service.proxy is not None and (failed := proxy_failure(service.proxy, _chain(error), service.host)):
        return failed
    for cause in _chain(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = service.line(cause.verify_message)
            return UntrustedServer(
                f"the certificate of {service.host} is not trusted: {why}",
                "check the address; name your own certificates in SSL_CERT_FILE",
            )
        if isinstance(cause, ssl.SSLError) and cause.reason in (
            "WRONG_VERSION_NUMBER",
            "RECORD_LAYER_FAILURE",
        ):
            return NoConnection(
                f"{service.host} does not speak https",
                "write http:// in OPENAI_BASE_URL if that is meant, or correct the address",
            )
        if isinstance(cause, socket.gaierror):
            return NoSuchHost(
                f"cannot find {service.host}: no such name, or no network",
                "check the network and OPENAI_BASE_URL, or answer without a model",
                option="offline",
            )
        if isinstance(cause, ConnectionRefusedError):
            return NoConnection(
                f"nothing answers at {service.host}", "start the server, or correct OPENAI_BASE_URL"
            )
    via = "" if service.proxy is None else f" through {service.proxy}"
    return NoConnection(f"the connection to {service.host}{via} broke off", TRY_LATER)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__

"""One request to a server that fails in some way is one clear error, in time, without the key in it."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.concurrency.deadline import Deadline
from index.errors import (
    AnswerTooLarge,
    ContextTooLong,
    InvalidAnswer,
    KeyRefused,
    ModelError,
    ModelUnavailable,
    NoConnection,
    QaError,
    QuotaSpent,
    Redirected,
    RequestRefused,
    ServerBusy,
    SettingsError,
    TooSlow,
    UnknownModel,
    UntrustedServer,
)
from index.remote.address import Address, address
from index.remote.decoding.decompression import Overlong, decoder
from index.remote.decoding.sse import events as sse_events
from index.remote.failures import Service, refusal, retry_after
from index.remote.masking import LONGEST, Secrets, mask_line, masked
from index.remote.transport.client import Client, Reply
from index.remote.transport.library import certificates, http_library
from tests.support.fake_server import (
    CANARY,
    CERTIFICATE,
    Exchange,
    FakeServer,
    Step,
    answer,
    chunk,
    closed_port,
    cut_body,
    error,
    events,
    flood,
    pings,
    raw,
    redirect,
    reset,
    silence,
    slow_headers,
    status,
    trickle,
)
from tests.support.timeouts import FOREVER, PATIENCE

LIMIT = 2_000_000
SHORT = 0.3  # seconds, for what would take for ever
DEEP = b"[" * 100_000
OPENAI_TOO_LONG = (
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens (8000 in the "
    "messages, 1000 in the completion)."
)


def client(url: str, key: str | None = CANARY) -> Client:
    made = Client(Address(url=url, key=key))
    made.prepare()
    return made


def ask(
    url: str, *, stream: bool = False, seconds: float = PATIENCE, key: str | None = CANARY
) -> list[Reply]:
    body: dict[str, object] = {"model": "wise-1", "messages": [{"role": "user", "content": "why?"}]}
    made = client(url, key)  # before the clock starts: it imports
    deadline = Deadline(seconds)
    if stream:
        return list(made.events("chat", {**body, "stream": True}, deadline=deadline, limit=LIMIT))
    return [made.post("chat", body, deadline=deadline, limit=LIMIT)]


WHOLE: dict[str, tuple[Step, type[ModelError], str]] = {
    "400": (error(400, "no such field"), RequestRefused, "refused the request (400): no such field"),
    "401": (error(401, f"Incorrect API key provided: {CANARY}"), KeyRefused, "the key from OPENAI_API_KEY"),
    "402": (status(402), QuotaSpent, "no quota left"),
    "403": (error(403, f"{CANARY} may not"), KeyRefused, "refuses access to wise-1 (403): *** may not"),
    "404 model": (error(404, "The model `wise-1` does not exist"), UnknownModel, "has no model wise-1"),
    "404 model, as Ollama says": (status(404, {"error": "model 'wise-1' not found"}), UnknownModel, "wise-1"),
    "404 address": (status(404, b"<h1>Not Found</h1>", kind="text/html"), ModelUnavailable, "that address"),
    "408": (status(408), ServerBusy, "(408)"),
    "429": (error(429, "slow down"), ServerBusy, "too many requests (429): slow down"),
    "429 quota": (error(429, "You exceeded", "insufficient_quota"), QuotaSpent, "no quota left (429)"),
    "500": (status(500), ServerBusy, "has failed (500)"),
    "502 with a web page": (status(502, b"<html>\x1b[31mbad gateway", kind="text/html"), ServerBusy, "(502)"),
    "503": (status(503, b"\x1b[2Jbusy\r\nnow"), ServerBusy, "has failed (503): [2Jbusy now"),
    "529": (status(529), ServerBusy, "overloaded (529)"),
    "context, OpenAI": (error(400, OPENAI_TOO_LONG, "context_length_exceeded"), ContextTooLong, "wise-1"),
    "context, llama.cpp": (
        error(400, "the request exceeds the available context size", None, n_ctx=4096),
        ContextTooLong,
        "longer than wise-1 can read",
    ),
    "context, vLLM": (
        status(400, {"object": "error", "message": OPENAI_TOO_LONG, "code": 400}), ContextTooLong, "longer"
    ),
    "no answer": (silence(), TooSlow, "gave no answer within 0.3 s (QA_TIMEOUT)"),
    "headers that trickle": (slow_headers(), TooSlow, "within 0.3 s"),
    "body that trickles": (trickle(), TooSlow, "within 0.3 s"),
    "reset": (reset(), NoConnection, "broke off"),
    "body cut off": (cut_body(), NoConnection, "broke off"),
    "bad JSON": (raw(b'{"choices": [}'), InvalidAnswer, "invalid answer from 127.0.0.1"),
    "deep JSON": (raw(DEEP), InvalidAnswer, "not JSON"),
    "long number": (raw(b"1" * 100_000), InvalidAnswer, "not JSON"),
    "JSON of another kind": (raw(b"[1]"), InvalidAnswer, "not an object"),
    "bad UTF-8": (raw(b'{"a": "\xff"}'), InvalidAnswer, "not UTF-8"),
    "a web page": (raw(b"<!doctype html><html>", "text/html"), InvalidAnswer, "a web page"),
    "nothing": (raw(b""), InvalidAnswer, "it is empty"),
    "50 MB": (flood(50), AnswerTooLarge, "more than 2 MB"),
    "50 MB with status 500": (flood(50, code=500), AnswerTooLarge, "more than 2 MB"),
    "gzip bomb": (flood(50, packed=True), AnswerTooLarge, "more than 2 MB"),
    "gzip bomb with status 400": (flood(50, packed=True, code=400), AnswerTooLarge, "more than 2 MB"),
    "broken gzip": (status(200, b"no gzip", Content_Encoding="gzip"), InvalidAnswer, "cannot be unpacked"),
    "unknown packing": (status(200, b"?", Content_Encoding="br"), InvalidAnswer, "packed with 'br'"),
    "error object with 200": (raw(b'{"error": {"message": "over", "code": 429}}'), ServerBusy, "(429): over"),
    "error text with 200": (raw(b'{"error": "gone wrong"}'), ServerBusy, "with an error: gone wrong"),
    "redirect": (redirect("http://127.0.0.1:9/elsewhere"), Redirected, "on to http://127.0.0.1 (307)"),
}  # fmt: skip

STREAMED: dict[str, tuple[Step, type[ModelError], str]] = {
    "429": (error(429, "slow down"), ServerBusy, "(429)"),
    "no answer": (silence(), TooSlow, "0.3 s"),
    "endless pings": (pings(), TooSlow, "0.3 s"),
    "pings after a word": (pings(30, 0.05, chunk("The")), TooSlow, "0.3 s"),
    "a word, then silence": (events(chunk("The"), then=silence()), TooSlow, "0.3 s"),
    "a word, then a reset": (events(chunk("The"), then=reset()), NoConnection, "broke off"),
    "bad JSON": (events(chunk("The"), b"{no"), InvalidAnswer, "not JSON"),
    "bad UTF-8": (events(b'{"a": "\xff"}'), InvalidAnswer, "not UTF-8"),
    "error event": (events(chunk("The"), {"error": {"message": "boom"}}), ServerBusy, "an error: boom"),
    "error instead of a stream": (raw(b'{"error": "no"}'), ServerBusy, "an error: no"),
    "a web page": (raw(b"<html>", "text/html"), InvalidAnswer, "a web page"),
    "50 MB": (flood(50, kind="text/event-stream"), AnswerTooLarge, "more than 2 MB"),
}
CASES = [(name, False, *case) for name, case in WHOLE.items()] + [
    (name, True, *case) for name, case in STREAMED.items()
]


def everything(failure: BaseException) -> str:
    """All that anybody could be shown of an error: its lines, its traceback and the errors it hangs on to."""
    shown = [str(failure), repr(failure), *traceback.format_exception(failure)]
    if isinstance(failure, QaError):
        shown += [failure.cause, failure.hint]
    chain: list[BaseException | None] = [failure.__cause__, failure.__context__]
    return "\n".join(shown + [everything(below) for below in chain if below is not None])


@pytest.mark.parametrize(("stream", "step", "kind", "words"), [case[1:] for case in CASES], ids=[
    f"{'stream' if case[1] else 'whole'}: {case[0]}" for case in CASES
])  # fmt: skip
def test_each_fault_is_one_error_in_time_without_the_key(
    stream: bool, step: Step, kind: type[ModelError], words: str
) -> None:
    """One request, the right error, two lines that say something, no key anywhere, and not after time."""
    with FakeServer(step) as server:
        began = time.monotonic()
        with pytest.raises(ModelError) as caught:
            ask(server.url, stream=stream, seconds=SHORT if kind is TooSlow else PATIENCE)
        assert time.monotonic() - began < PATIENCE
        assert len(server.requests) == 1
    failure = caught.value
    assert type(failure) is kind
    assert words in failure.cause
    assert failure.hint
    assert failure.exit_code == (4 if isinstance(failure, ModelUnavailable) else 1)
    for line in (failure.cause, failure.hint):
        assert line.isprintable()
        assert len(line) < 400
    assert CANARY not in everything(failure)


@pytest.mark.parametrize("stream", [False, True])
def test_a_right_answer_comes_through(stream: bool) -> None:
    """The text, and the usage that was asked for; the key is in the header and nowhere else."""
    with FakeServer() as server:
        replies = ask(server.url, stream=stream)
        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
        assert CANARY not in str(server.requests[0].body)
        assert CANARY not in repr(Client(Address(url=server.url, key=CANARY)).address)
    assert all(reply["model"] == "fake-1" for reply in replies)
    assert len(replies) == (5 if stream else 1)


def test_a_server_that_does_not_stream_gives_one_event() -> None:
    """The whole answer, although a stream was asked for."""
    with FakeServer(raw(b'{"model": "old", "choices": []}')) as server:
        assert ask(server.url, stream=True) == [{"model": "old", "choices": []}]


def test_without_a_key_none_is_sent() -> None:
    """A server of one's own is not sent an Authorization header at all."""
    with FakeServer() as server:
        ask(server.url, key=None)
        assert "authorization" not in server.requests[0].headers


def test_no_other_key_of_the_environment_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library reads some by itself; ours alone goes to the server."""
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-another")
    with FakeServer(answer("Hello.")) as server:
        ask(server.url)
        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
        assert "another" not in str(server.requests[0].headers)


def test_a_login_in_the_address_is_sent_as_a_header_and_never_shown() -> None:
    """`http://user:password@host` keeps its password out of the address that is spoken of."""
    with FakeServer(error(500, "x"), error(500, "dXNlcjpwYXNzd29yZA== user:password")) as server:
        where = address({"OPENAI_BASE_URL": server.url.replace("://", "://user:password@")})
        assert where is not None
        assert "password" not in repr(where) + where.url + where.host
        for _ in range(2):
            with pytest.raises(ServerBusy) as caught:
                Client(where).post(
                    "chat", {"model": "m", "messages": []}, deadline=Deadline(PATIENCE), limit=LIMIT
                )
            assert "dXNlcjpwYXNzd29yZA" not in everything(caught.value)
        assert server.requests[0].headers["authorization"] == "Basic dXNlcjpwYXNzd29yZA=="


def test_a_redirect_is_not_followed() -> None:
    """The other server hears nothing: neither key nor documents."""
    with FakeServer() as other, FakeServer(redirect(other.url + "/chat/completions")) as server:
        with pytest.raises(Redirected):
            ask(server.url)
        assert other.requests == []


def test_nobody_listening_is_said() -> None:
    """A server that was not started."""
    with (
        closed_port() as url,
        pytest.raises(NoConnection, match=r"nothing answers at 127\.0\.0\.1"),
    ):
        ask(url)


def test_the_reply_tells_how_long_the_context_is() -> None:
    """Whoever shortens the prompt wants to know how far."""
    with FakeServer(error(400, OPENAI_TOO_LONG)) as server, pytest.raises(ContextTooLong) as caught:
        ask(server.url)
    assert caught.value.limit == 8192


def test_leaving_a_stream_closes_its_connection() -> None:
    """The server sees that nobody listens any longer, at once."""
    body = {"model": "m", "messages": [], "stream": True}
    with FakeServer(events(chunk("The"), then=silence())) as server:
        with closing(
            client(server.url).events("chat", body, deadline=Deadline(FOREVER), limit=LIMIT)
        ) as stream:
            next(stream)
        assert server.hung_up.wait(PATIENCE)


def test_a_deadline_made_shorter_by_another_thread_ends_the_call() -> None:
    """What an interrupted program does to its calls."""
    deadline = Deadline(FOREVER)

    def cancelled(exchange: Exchange) -> None:
        deadline.shorten(0)
        exchange.wait(FOREVER)

    with FakeServer(cancelled) as server:
        began = time.monotonic()
        with pytest.raises(TooSlow):
            client(server.url).post("chat", {"model": "m", "messages": []}, deadline=deadline, limit=LIMIT)
        assert time.monotonic() - began < PATIENCE
        assert server.hung_up.wait(PATIENCE)


def test_threads_share_a_client() -> None:
    """Twenty calls of ten threads: each gets the answer to its own question."""

    def echo(exchange: Exchange) -> None:
        asked = json.dumps(exchange.request_seen.body["messages"])
        answer(re.findall(r"number \d+", asked)[0])(exchange)

    choices: dict[int, str] = {}
    with FakeServer(*[echo] * 20) as server:
        shared = client(server.url)

        def run(first: int) -> None:
            for number in (first, first + 10):
                body = {"model": "m", "messages": [{"role": "user", "content": f"number {number}"}]}
                choices[number] = str(
                    shared.post("chat", body, deadline=Deadline(PATIENCE), limit=LIMIT)["choices"]
                )

        threads = [threading.Thread(target=run, args=(n,)) for n in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all(f"'number {number}'" in choices[number] for number in range(20))


def test_every_status_is_one_of_our_errors() -> None:
    """Whatever a server or a proxy makes up, with a body or without."""
    service = Service("host", "model", "OPENAI_API_KEY")
    for code in range(300, 1000):
        for body in (b"", b'{"error": null}', b'{"detail": [{"loc": ["body"], "msg": "no"}]}', b"[]"):
            failure = refusal(service, code, {}, body)
            assert isinstance(failure, ModelError)
            assert str(code) in failure.cause


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, milliseconds, or a date; nonsense is nothing."""
    assert retry_after(headers) == seconds


def test_retry_after_as_a_date_to_come() -> None:
    """The seconds until then."""
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    seconds = retry_after({"retry-after": moment})
    assert seconds is not None
    assert 3600 - PATIENCE < seconds <= 3600


@pytest.mark.parametrize(
    "environ",
    [
        {"OPENAI_API_KEY": "sk-canary\nsecond"},
        {"OPENAI_API_KEY": "sk-canäry-0123456789"},
        {"OPENAI_API_KEY": "sk-canary 123"},
        {"OPENAI_BASE_URL": "localhost:8000/v1"},
        {"OPENAI_BASE_URL": "ftp://user:canary@host/"},
        {"OPENAI_BASE_URL": "http://[bad"},
        {"OPENAI_BASE_URL": "http://host:99999999/"},
        {"OPENAI_BASE_URL": "https://"},
    ],
)
def test_a_wrong_setting_is_exit_4_and_names_the_variable_only(environ: dict[str, str]) -> None:
    """A key that cannot be one, an address that is none: said before anything is sent, without the secret."""
    with pytest.raises((SettingsError, KeyRefused)) as caught:
        address(environ)
    assert caught.value.exit_code == 4
    assert next(iter(environ)) in caught.value.cause
    assert (
        "can" not in caught.value.cause.replace("cannot", "").replace("scan", "")
        or "***" in caught.value.cause
    )
    assert "canary" not in everything(caught.value)


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": " "}, {"OPENAI_BASE_URL": ""}])
def test_nothing_configured_is_no_address(environ: dict[str, str]) -> None:
    """Then there is nobody to send anything to."""
    assert address(environ) is None


@pytest.mark.parametrize(
    ("host", "official"),
    [
        ("api.openai.com", True),
        ("eu.api.openai.com", True),
        ("notopenai.com", False),
        ("openai.com.evil", False),
    ],
)
def test_only_openai_s_own_hosts_are_openai_s(host: str, official: bool) -> None:
    """Another host whose name ends alike has other prices."""
    assert Address(url=f"https://{host}/v1").is_openai is official


def test_the_address_is_openai_s_unless_another_is_named() -> None:
    """A key alone is OpenAI's; the white space that copying adds is no part of it."""
    openai = address({"OPENAI_API_KEY": " sk-abc\n"})
    assert openai is not None
    assert (openai.url, openai.key, openai.is_openai) == ("https://api.openai.com/v1", "sk-abc", True)


def test_importing_the_client_imports_no_library() -> None:
    """The library takes half a second; `qa --help` must not pay it."""
    code = (
        "import sys, index.remote.transport.client, qa.models.base, qa.models.selection;"
        "print([name for name in ('openai', 'httpx', 'httpx2', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[]\n"


def test_the_http_library_is_the_one_that_openai_rests_on() -> None:
    """Httpx below openai 2, httpx2 below openai 3; it has what we use of it."""
    import openai

    below = http_library()
    assert below.__name__ == ("httpx" if openai.__version__.startswith("2.") else "httpx2")
    assert issubclass(openai.DefaultHttpxClient, below.Client)
    assert all(hasattr(below, name) for name in ("create_ssl_context", "SyncByteStream", "TimeoutException"))


def test_certificates_are_verified() -> None:
    """Nothing in this project turns verification off."""
    assert certificates().verify_mode == ssl.CERT_REQUIRED
    assert certificates().check_hostname


@pytest.fixture
def _fresh_certificates() -> Iterator[None]:
    """Read again whom to trust, and once more for the tests that follow."""
    certificates.cache_clear()
    yield
    certificates.cache_clear()


@pytest.mark.usefixtures("_fresh_certificates")
def test_a_server_that_vouches_for_itself_is_trusted_only_if_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is sent to it before; the error says which variable names it, and that works."""
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    with FakeServer(tls=True) as server:
        with pytest.raises(UntrustedServer, match="not trusted: self-signed certificate") as caught:
            ask(server.url)
        assert server.requests == []
        assert "SSL_CERT_FILE" in caught.value.hint
        assert caught.value.exit_code == 4
        certificates.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert ask(server.url)[0]["choices"]


@pytest.mark.usefixtures("_fresh_certificates")
@pytest.mark.parametrize("text", [None, "no certificate\n"])
def test_certificates_that_cannot_be_read_are_a_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None
) -> None:
    """The variable and the file are named."""
    path = tmp_path / "own.pem"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with FakeServer(tls=True) as server, pytest.raises(ModelUnavailable, match=r"FILE, .*own\.pem: "):
        ask(server.url)


def test_a_server_that_does_not_speak_tls_is_no_connection() -> None:
    """`https` where the server has none: an error, and no way around it."""
    with FakeServer() as server, pytest.raises(NoConnection, match="does not speak https"):
        ask(server.url.replace("http:", "https:"))


@given(st.text(), st.text(min_size=4))
def test_a_secret_never_survives_masking(text: str, secret: str) -> None:
    """Wherever it stands."""
    assert secret not in masked(f"{text}{secret}{text}", Secrets([secret])).replace("***", "")


@given(st.text(max_size=2000))
def test_one_line_is_one_short_printable_line(text: str) -> None:
    """Whatever a server sends."""
    line = mask_line(text)
    assert line.isprintable()
    assert len(line) <= LONGEST


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcdefgh12345678.",
        "Authorization: Bearer abcdefgh12345678",
        "see https://user:abcdefgh12345678@proxy/",
        "gsk_abcdefgh12345678 is expired",
    ],
)
def test_what_looks_like_a_key_is_masked_though_it_is_not_ours(text: str) -> None:
    """A proxy may have a key of its own."""
    assert "abcdefgh12345678" not in masked(text)


@given(
    st.lists(
        st.sampled_from([b"data: ", b"data:", b"x", b"\n", b"\r", b"\r\n", b": ping", b"event: a", b"data"])
    ),
    st.lists(st.integers(0, 200)),
)
def test_events_are_the_same_however_their_bytes_are_cut(parts: list[bytes], cuts: list[int]) -> None:
    """The oracle is the whole stream in one piece."""
    whole = b"".join(parts)
    places = sorted({0, len(whole), *(cut % (len(whole) + 1) for cut in cuts)})
    pieces = [whole[start:end] for start, end in pairwise(places)]
    assert list(sse_events(pieces)) == list(sse_events([whole]))


def test_events_as_the_standard_reads_them() -> None:
    """A worked example: comments, several data lines, another line end, an event without its end."""
    stream = b": hi\n\ndata: a\ndata: b\n\nevent: x\r\ndata:c\r\n\r\ndata\n\ndata: last"
    came = list(sse_events([stream]))
    assert [event.data for event in came] == [b"a\nb", b"c", b"", b"last"]
    assert [event.ended for event in came] == [True, True, True, False]


@given(st.binary(max_size=500), st.lists(st.integers(1, 50), max_size=20), st.integers(0, 600))
def test_unpacking_gives_back_what_was_packed_up_to_the_limit(
    data: bytes, cuts: list[int], limit: int
) -> None:
    """However the packed bytes arrive; one byte more than the limit is an error."""
    import gzip

    def unpacked() -> Iterator[bytes]:
        decode, rest = decoder("gzip", limit), gzip.compress(data)
        for cut in [*cuts, len(rest)]:
            yield from decode(rest[:cut])
            rest = rest[cut:]

    if len(data) <= limit:
        assert b"".join(unpacked()) == data
    else:
        with pytest.raises(Overlong):
            list(unpacked())

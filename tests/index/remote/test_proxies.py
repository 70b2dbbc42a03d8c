"""Which proxy a server is reached through, and what is said where one fails."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec

import pytest

from index.concurrency.deadline import Deadline
from index.errors import ModelError, ModelUnavailable, NoConnection
from index.remote import proxies
from index.remote.address import Address
from index.remote.proxies import proxy_for
from index.remote.transport.client import Client
from tests.support.fake_server import FakeServer, closed_port
from tests.support.timeouts import PATIENCE

URL = "https://api.example.test/v1"
PROXY = "http://proxy.example.test:3128"


@pytest.mark.parametrize(
    ("environ", "url", "variable"),
    [
        ({}, None, None),
        ({"HTTPS_PROXY": PROXY}, PROXY, "HTTPS_PROXY"),
        ({"https_proxy": PROXY}, PROXY, "https_proxy"),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, PROXY, "https_proxy"),
        ({"HTTP_PROXY": PROXY}, None, None),
        ({"ALL_PROXY": PROXY}, PROXY, "ALL_PROXY"),
        ({"all_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, "http://other:1", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "proxy.example.test:3128"}, PROXY, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "HTTP://proxy.example.test:3128"}, PROXY, "HTTPS_PROXY"),
        ({"https_proxy": "", "HTTPS_PROXY": PROXY}, None, None),
        ({"HTTPS_PROXY": "  "}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.test"}, None, None),
        ({"HTTPS_PROXY": PROXY, "no_proxy": "other, .example.test"}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*.example.test"}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.test:443"}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "https://api.example.test"}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, None, None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example.test:8443"}, PROXY, "HTTPS_PROXY"),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "ample.test,[bad,10.0.0.0/8"}, PROXY, "HTTPS_PROXY"),
    ],
)
def test_the_proxy_is_what_the_variables_say(
    environ: dict[str, str], url: str | None, variable: str | None
) -> None:
    """By scheme, then for all; lower case first; a name, a domain, a port in NO_PROXY."""
    proxy = proxy_for(URL, environ)
    assert (proxy and proxy.url, proxy and proxy.variable) == (url, variable)


@pytest.mark.parametrize(
    ("url", "exempt"),
    [
        ("http://localhost:8000/v1", ""),
        ("http://127.0.0.1:8000/v1", ""),
        ("http://[::1]:8000/v1", ""),
        ("http://10.1.2.3:8000/v1", "localhost,10.0.0.0/8"),
        ("http://[fd00::1]:8000/v1", "fd00::/8"),
        ("http://[fd00::1]:8000/v1", "fd00::1"),
    ],
)
@pytest.mark.parametrize("proxy", [PROXY, "socks://127.0.0.1:7891/", "socks5h://x:1", "not a proxy"])
def test_a_server_that_needs_no_proxy_has_none(url: str, exempt: str, proxy: str) -> None:
    """Neither this machine nor what NO_PROXY names, whatever is set for others."""
    assert proxy_for(url, {"ALL_PROXY": proxy, "NO_PROXY": exempt}) is None


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("socks4://127.0.0.1:1080", "speaks SOCKS4, which is not supported"),
        ("ftp://proxy:1", "is not the address of a proxy"),
        ("http://proxy:port", "is not the address of a proxy"),
        ("http://", "is not the address of a proxy"),
        ("http//proxy:1", "is not the address of a proxy"),
        ("http://[::1", "is not the address of a proxy"),
        ("http://pro xy:1", "is not the address of a proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_a_wrong_setting(variable: str, value: str, words: str) -> None:
    """Two lines: which variable, and what to write."""
    with pytest.raises(ModelUnavailable, match=words) as caught:
        proxy_for(URL, {variable: value})
    assert variable in caught.value.cause
    assert "NO_PROXY=api.example.test" in caught.value.hint


def test_no_password_is_shown() -> None:
    """Neither of a proxy that is used nor of one that cannot be."""
    proxy = proxy_for(URL, {"HTTPS_PROXY": "http://user:canary-word@proxy:3128"})
    assert "canary" not in f"{proxy} {proxy!r}"
    for value in ("user:canary-word@proxy:port", "ftp://user:canary-word@proxy"):
        with pytest.raises(ModelUnavailable) as caught:
            proxy_for(URL, {"HTTPS_PROXY": value})
        assert "canary" not in f"{caught.value.cause} {caught.value.hint}"


@pytest.mark.parametrize("scheme", ["socks", "socks5", "socks5h", "SOCKS5"])
def test_socks_needs_a_package(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it, it is a proxy like others; without, one line says what to install."""
    environ = {"ALL_PROXY": f"{scheme}://127.0.0.1:1080/"}
    monkeypatch.setattr(proxies, "find_spec", lambda name: find_spec("json") if name == "socksio" else None)
    proxy = proxy_for(URL, environ)
    assert proxy is not None
    assert proxy.url.startswith("socks5h://" if scheme == "socks5h" else "socks5://")
    monkeypatch.setattr(proxies, "find_spec", lambda _: None)
    with pytest.raises(ModelUnavailable, match="speaks SOCKS, for which a package is missing") as caught:
        proxy_for(URL, environ)
    assert "pip install socksio" in caught.value.hint


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A proxy that answers every request so, and closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    with listener.accept()[0] as one:
                        one.recv(65536)
                        one.sendall(data)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(PATIENCE)


def failure(url: str) -> ModelError:
    """The error of one request."""
    with pytest.raises(ModelError) as caught:
        Client(Address(url=url)).post(
            "chat", {"model": "m", "messages": []}, deadline=Deadline(PATIENCE), limit=1000
        )
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (b"407 Proxy Authentication Required", ModelUnavailable, "wants a login (407)"),
        (b"403 Forbidden", ModelUnavailable, "does not let us reach api.example.test (403)"),
        (b"502 Bad Gateway", NoConnection, "cannot reach api.example.test (502)"),
    ],
)
def test_what_a_proxy_refuses_is_its_own(
    status: bytes, kind: type[ModelError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its variable is named, and no key of the server is doubted."""
    with answering(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:canary-word@{proxy}")
        error = failure(URL)
        assert type(error) is kind
        assert f"the proxy {proxy} (HTTPS_PROXY) {words}" in error.cause
        assert "canary" not in error.cause + error.hint
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy}")
        assert f"the proxy {proxy} (HTTP_PROXY)" in failure(URL.replace("https", "http")).cause


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the server, which nobody has asked."""
    with closed_port() as url:
        proxy = url.removeprefix("http://").removesuffix("/v1")
        monkeypatch.setenv("ALL_PROXY", proxy)
        error = failure(URL)
    assert f"the proxy {proxy} (ALL_PROXY) does not answer" in error.cause
    assert "NO_PROXY=api.example.test" in error.hint


def test_a_proxy_that_breaks_off_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Either of the two may be at fault."""
    with answering(b"") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        assert f"through the proxy {proxy} (HTTPS_PROXY) broke off" in failure(URL).cause


def test_a_server_on_this_machine_is_asked_without_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a desktop sets for all programs."""
    for variable in ("ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(variable, "socks://127.0.0.1:7891/")
    with FakeServer() as server:
        assert Client(Address(url=server.url)).models(deadline=Deadline(PATIENCE)) == ("fake-1",)

"""Azure's addresses, keys and versions, and the headers and the query that every request has."""

from __future__ import annotations

import pytest

from index.concurrency.deadline import Deadline
from index.errors import KeyRefused, ModelError, SettingsError
from index.remote.address import Address, address
from index.remote.transport.client import Client
from tests.support.fake_server import CANARY, FakeServer, error
from tests.support.timeouts import PATIENCE

AZURE = "https://a.openai.azure.com"
DATED = (("api-version", "2024-10-21"),)


@pytest.mark.parametrize(
    ("environ", "url", "query"),
    [
        ({"OPENAI_BASE_URL": AZURE}, f"{AZURE}/openai/v1", ()),
        ({"OPENAI_BASE_URL": f"{AZURE}/"}, f"{AZURE}/openai/v1", ()),
        ({"OPENAI_BASE_URL": f"{AZURE}/openai/"}, f"{AZURE}/openai/v1", ()),
        ({"OPENAI_BASE_URL": f"{AZURE}/openai/v1/"}, f"{AZURE}/openai/v1", ()),
        (
            {"OPENAI_BASE_URL": f"{AZURE}/openai/v1/?api-version=preview"},
            f"{AZURE}/openai/v1",
            (("api-version", "preview"),),
        ),
        (
            {"OPENAI_BASE_URL": f"{AZURE}/openai/deployments/d?api-version=2024-10-21"},
            f"{AZURE}/openai/deployments/d",
            DATED,
        ),
        (  # as the portal shows it
            {"OPENAI_BASE_URL": f"{AZURE}/openai/deployments/d/chat/completions?api-version=2024-10-21"},
            f"{AZURE}/openai/deployments/d",
            DATED,
        ),
        (
            {"OPENAI_BASE_URL": f"{AZURE}/openai/deployments/d", "OPENAI_API_VERSION": "2024-10-21"},
            f"{AZURE}/openai/deployments/d",
            DATED,
        ),
        ({"AZURE_OPENAI_ENDPOINT": AZURE, "AZURE_OPENAI_API_KEY": "k"}, f"{AZURE}/openai/v1", ()),
        (
            {
                "AZURE_OPENAI_ENDPOINT": f"{AZURE}/",
                "AZURE_OPENAI_API_KEY": "k",
                "OPENAI_API_VERSION": "2024-10-21",
            },
            f"{AZURE}/openai/deployments",
            DATED,
        ),
        (
            {"OPENAI_BASE_URL": "https://gate.example/v1/?code=1&b=", "OPENAI_API_VERSION": "2024-10-21"},
            "https://gate.example/v1/",
            (("code", "1"), ("b", "")),
        ),
        ({"OPENAI_BASE_URL": "http://h/v1/chat/completions"}, "http://h/v1", ()),
    ],
)
def test_an_address_is_completed_as_people_write_it(
    environ: dict[str, str], url: str, query: tuple[tuple[str, str], ...]
) -> None:
    """A bare host, the path of one request, a version from the variable; others stay as they are."""
    where = address(environ)
    assert where is not None
    assert (where.url, where.query) == (url, query)


def test_a_deployment_without_a_version_is_refused_with_both_forms() -> None:
    """Before anything is sent; the newer form needs none."""
    with pytest.raises(SettingsError) as caught:
        address({"OPENAI_BASE_URL": f"{AZURE}/openai/deployments/d", "OPENAI_API_KEY": "k"})
    assert "needs a version: a.openai.azure.com" in caught.value.cause
    assert "?api-version=" in caught.value.hint
    assert "/openai/v1/" in caught.value.hint


@pytest.mark.parametrize(
    ("environ", "key", "origin"),
    [
        ({"OPENAI_BASE_URL": AZURE, "OPENAI_API_KEY": "o"}, "o", "OPENAI_API_KEY"),
        ({"OPENAI_BASE_URL": AZURE, "AZURE_OPENAI_API_KEY": "a"}, "a", "AZURE_OPENAI_API_KEY"),
        (
            {"OPENAI_BASE_URL": AZURE, "OPENAI_API_KEY": "o", "AZURE_OPENAI_API_KEY": "a"},
            "a",
            "AZURE_OPENAI_API_KEY",
        ),
        (
            {"OPENAI_BASE_URL": "http://h/v1", "AZURE_OPENAI_API_KEY": "a"},
            None,
            "OPENAI_API_KEY",
        ),
        (
            {"OPENAI_API_KEY": "o", "AZURE_OPENAI_API_KEY": "a", "AZURE_OPENAI_ENDPOINT": AZURE},
            "o",
            "OPENAI_API_KEY",
        ),
    ],
)
def test_each_key_goes_where_it_belongs(environ: dict[str, str], key: str | None, origin: str) -> None:
    """Azure's to Azure only; OpenAI's own variables come first."""
    where = address(environ)
    assert where is not None
    assert (where.key, where.key_origin) == (key, origin)


def test_azure_s_variables_without_each_other_name_nobody() -> None:
    """An endpoint without a key may be for another way to log in; a key that cannot be one is named."""
    assert address({"AZURE_OPENAI_ENDPOINT": AZURE}) is None
    assert address({"AZURE_OPENAI_API_KEY": "a"}) is None
    with pytest.raises(KeyRefused, match="the key in AZURE_OPENAI_API_KEY"):
        address({"AZURE_OPENAI_API_KEY": "a b", "AZURE_OPENAI_ENDPOINT": AZURE})


@pytest.mark.parametrize(
    ("where", "sent"),
    [
        (Address(url=f"{AZURE}/openai/v1", key="k"), {"api-key": "k"}),
        (Address(url="http://h/openai/deployments/d", key="k", query=DATED), {"api-key": "k"}),
        (Address(url="https://gate.azure-api.net/x", key="k"), {"api-key": "k"}),
        (Address(url=f"{AZURE}/openai/v1", key="eyJhbGciOi.eyJhdWQiOi.c2ln"), {}),
        (Address(url=f"{AZURE}/openai/v1"), {}),
        (Address(key="k"), {}),
        (Address(url="https://azure.com.evil/v1", key="k"), {}),
        (
            Address(url=f"{AZURE}/openai/v1", key="k", headers=(("api-key", "own"),)),
            {"api-key": "own"},
        ),
    ],
)
def test_azure_takes_the_key_in_a_header_of_its_own(where: Address, sent: dict[str, str]) -> None:
    """Not a token, which is none; not elsewhere; a header of the settings wins."""
    assert where.all_headers == sent


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("http://localhost:1/v1", True),
        ("http://[::1]/v1", True),
        ("http://192.168.1.9:8000/v1", True),
        ("http://10.0.0.1/", True),
        ("http://gpu/v1", True),
        ("http://gpu.local/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://8.8.8.8/v1", False),
        ("https://localhost.example/v1", False),
        (AZURE, False),
    ],
)
def test_a_private_network_is_near(url: str, near: bool) -> None:
    """By number or by the form of the name; nothing is looked up."""
    assert Address(url=url).is_near is near


@pytest.mark.parametrize("secret", ["canary-header-1", "canary-query-1", "canary-hidden-1", CANARY])
def test_no_secret_of_a_request_is_repeated(secret: str) -> None:
    """Whatever a server says of headers, query, or what came from the environment."""
    with FakeServer(error(400, f"bad thing: {secret}")) as server:
        where = Address(
            url=server.url,
            key=CANARY,
            query=(("sig", "canary-query-1"),),
            headers=(("X-A", "Token canary-header-1"),),
            hidden=("canary-hidden-1",),
        )
        with pytest.raises(ModelError) as caught:
            Client(where).post(
                "chat", {"model": "m", "messages": []}, deadline=Deadline(PATIENCE), limit=9_999
            )
        assert "canary" not in repr(where)
    assert "bad thing: ***" in caught.value.cause

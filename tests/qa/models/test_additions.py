"""What requests to a model have besides: query, headers, fields of one's own, and a deployment of Azure's."""

from __future__ import annotations

import pytest

from index.embedding.embedder import load_embedder
from index.errors import ModelError, UnknownModel
from index.remote.address import address
from qa.models.base import Message
from qa.models.selection import open_model
from qa.settings.requests import Additions
from tests.support.fake_server import CANARY, FakeServer, answer, embeddings, error

AZURE = "https://a.openai.azure.com"


@pytest.mark.parametrize("stream", [False, True])
def test_query_headers_and_fields_go_with_every_request(stream: bool) -> None:
    """Whole or streamed; a field of one's own takes the place of ours."""
    additions = Additions(
        (("X-Gateway", "canary-gate"), ("Authorization", "Token t")),
        {"temperature": 1, "options": {"num_ctx": 9}},
    )
    with FakeServer(answer("Yes [s1]."), answer("Yes [s1].")) as server:
        environ = {"OPENAI_BASE_URL": f"{server.url}?code=canary-query", "OPENAI_API_KEY": CANARY}
        llm = open_model("m", environ=environ, additions=additions)
        assert llm is not None
        if stream:
            with llm.stream([Message("user", "Hi")], max_tokens=9) as written:
                list(written)
        else:
            llm.complete([Message("user", "Hi")], max_tokens=9)
        request = server.requests[-1]
    assert request.path.endswith("/chat/completions?code=canary-query")
    assert (request.headers["x-gateway"], request.headers["authorization"]) == ("canary-gate", "Token t")
    assert (request.body["temperature"], request.body["options"]) == (1, {"num_ctx": 9})
    assert "extra_body" not in request.body


def test_a_deployment_is_asked_at_its_own_path() -> None:
    """The chat's by its address, an embedder's by its name, whatever the address has."""
    with FakeServer(answer("Yes."), *[embeddings()] * 2) as server:
        base = server.url.removesuffix("/v1")
        environ = {"OPENAI_BASE_URL": f"{base}/openai/deployments/chat-d?api-version=2024-10-21"}
        environ["AZURE_OPENAI_API_KEY"] = CANARY
        llm = open_model(None, environ=environ)
        assert llm is not None
        assert llm.name == "chat-d"
        llm.complete([Message("user", "Hi")], max_tokens=9)
        load_embedder("openai/embed d", environ=environ).embed(["a"])
        chat, embed, *_ = server.requests
    assert chat.path == "/openai/deployments/chat-d/chat/completions?api-version=2024-10-21"
    assert chat.headers["api-key"] == CANARY
    assert chat.headers["authorization"] == f"Bearer {CANARY}"
    assert embed.path == "/openai/deployments/embed%20d/embeddings?api-version=2024-10-21"


def test_the_endpoint_takes_the_model_s_name_as_deployment() -> None:
    """Azure lists models, not deployments: one has to be named."""
    environ = {"AZURE_OPENAI_ENDPOINT": AZURE, "AZURE_OPENAI_API_KEY": "k"}
    with pytest.raises(UnknownModel, match="does not say which deployments it has"):
        open_model(None, environ=environ)
    where = address({**environ, "OPENAI_API_VERSION": "2024-10-21"})
    assert where is not None
    assert where.for_model("gpt 5/x").url == f"{AZURE}/openai/deployments/gpt%205%2Fx"


def test_a_refused_field_of_one_s_own_is_named_with_its_setting() -> None:
    """It was asked for, so it is not left out without a word."""
    refusal = error(400, "Unrecognized request argument supplied: wishful")
    with FakeServer(*[refusal] * 9) as server:
        environ = {"OPENAI_BASE_URL": server.url}
        llm = open_model("m", environ=environ, additions=Additions(extra={"wishful": 1}))
        assert llm is not None
        with pytest.raises(ModelError) as caught:
            llm.complete([Message("user", "Hi")], max_tokens=9)
    assert caught.value.hint == "leave it out of [model.extra] in your settings: wishful"


def test_a_missing_deployment_is_a_missing_model() -> None:
    """As Azure says it."""
    words = "The API deployment for this resource does not exist. If it is new, please wait a moment."
    with FakeServer(error(404, words)) as server:
        llm = open_model("nope", environ={"OPENAI_BASE_URL": server.url})
        assert llm is not None
        with pytest.raises(UnknownModel):
            llm.complete([Message("user", "Hi")], max_tokens=9)

"""Which model answers, from what was asked for and what is configured; any LlamaIndex LLM; what it costs."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from datetime import date
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM
from pydantic import Field

from index.embedding.plugins import import_path
from index.errors import (
    ContextTooLong,
    ModelDeclined,
    ModelError,
    NoConnection,
    OutOfTokens,
    ServerBusy,
    SettingsError,
    TooSlow,
    UnknownModel,
)
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from qa.models.base import LLM, Completion, Message, Tokens
from qa.models.llama_index import LlamaModel, _translated
from qa.models.openai import OpenAIModel
from qa.models.prices import cost, price_list, price_of
from qa.models.reasoning import final_text
from qa.models.selection import DEFAULT_MODEL, open_model
from tests.support.fake_server import MODEL, FakeServer, raw, status
from tests.support.timeouts import PATIENCE

MESSAGES = (Message("system", "Be brief."), Message("user", "Why?"))
QUICK = RetryPolicy(seconds=PATIENCE, pause=0.01)


class Scripted(CustomLLM):
    """A LlamaIndex LLM that gives these words, or fails, as providers' classes do."""

    words: tuple[str, ...] = ("The summit ", "was cancelled.")
    raw: dict[str, object] = Field(default_factory=dict)
    fails: list[int] = Field(default_factory=list)  # statuses to fail with, after a word
    slow: float = 0.0
    deltas: bool = True
    streams: bool = True
    model: str = "scripted-1"
    asked: list[Sequence[ChatMessage]] = Field(default_factory=list)
    max_retries: int = 7

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_chat_model=True, model_name=self.model)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> Any:
        raise NotImplementedError

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return ChatResponse(message=ChatMessage(role="assistant", content="".join(self.words)), raw=self.raw)

    def stream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> Generator[ChatResponse, None, None]:
        if not self.streams:
            raise NotImplementedError
        self.asked.append(messages)
        return self._streamed()

    def _streamed(self) -> Generator[ChatResponse, None, None]:
        time.sleep(self.slow)
        text = ""
        for at, word in enumerate(self.words):
            text += word
            last = at == len(self.words) - 1
            yield ChatResponse(
                message=ChatMessage(role="assistant", content=text),
                delta=word if self.deltas else None,
                raw=self.raw if last else {},
            )
            if self.fails:
                raise Refused(self.fails.pop(0))


def models() -> list[LLM]:
    """Both kinds, which mypy checks against the protocol."""
    return [OpenAIModel("m", Address(url="http://127.0.0.1:9/v1")), LlamaModel(Scripted(), "a.b:Scripted")]


def test_both_kinds_of_model_have_a_name_and_a_price_only_at_openai() -> None:
    """A model of the same name may cost another price elsewhere, or nothing."""
    assert [(model.name, model.official) for model in models()] == [("m", False), ("a.b:Scripted", False)]


class Refused(Exception):
    """A provider's error with a status."""

    def __init__(self, status_code: int) -> None:
        super().__init__("sk-canary-0123456789abcdefghij is over its limit")
        self.status_code = status_code


def ask(llm: Scripted, seconds: float = PATIENCE, stop: Sequence[str] = ()) -> Completion:
    model = LlamaModel(llm, "a.b:Scripted", RetryPolicy(seconds=seconds, pause=0.01))
    with model.stream(MESSAGES, max_tokens=9, stop=stop) as written:
        assert final_text(written) == written.completion.text
    return written.completion


@pytest.mark.parametrize("deltas", [True, False])
@pytest.mark.parametrize("streams", [True, False])
def test_any_llama_index_model_answers(deltas: bool, streams: bool) -> None:
    """Whether it streams, and whether it tells new words apart or only all of them so far."""
    llm = Scripted(deltas=deltas, streams=streams)
    assert ask(llm) == Completion("The summit was cancelled.", "stop", None, "a.b:Scripted")
    if streams:
        assert [(str(message.role.value), message.content) for message in llm.asked[0]] == [
            ("system", "Be brief."),
            ("user", "Why?"),
        ]


@pytest.mark.parametrize(
    ("raw", "finish", "usage"),
    [
        ({"choices": [{"finish_reason": "length"}]}, "length", None),
        (
            {"stop_reason": "max_tokens", "usage": {"input_tokens": 5, "output_tokens": 2}},
            "length",
            Tokens(5, 2),
        ),
        ({"stop_reason": "end_turn"}, "stop", None),
        ({"finish_reason": "FinishReason.SAFETY"}, "filtered", None),
        ({"done_reason": "stop", "prompt_eval_count": 5, "eval_count": 2}, "stop", Tokens(5, 2)),
        ({"usage_metadata": {"prompt_token_count": 5, "candidates_token_count": 2}}, "stop", Tokens(5, 2)),
    ],
)
def test_how_providers_say_that_an_answer_ended(
    raw: dict[str, object], finish: str, usage: Tokens | None
) -> None:
    """Each calls it by another name."""
    result = ask(Scripted(raw=raw))
    assert (result.finish, result.usage) == (finish, usage)


def test_a_stop_string_ends_it() -> None:
    """Providers take stop strings in many ways, so it is done here."""
    assert ask(Scripted(), stop=["was"]).text == "The summit "


@pytest.mark.parametrize(
    ("llm", "kind"),
    [
        (Scripted(slow=2.0), TooSlow),
        (Scripted(words=()), NoConnection),
        (Scripted(words=(" ", "\n")), ModelDeclined),
        (Scripted(words=("<think>", "Why")), ModelDeclined),
        (Scripted(words=("<think>",), raw={"done_reason": "length"}), OutOfTokens),
    ],
)
def test_a_llama_index_model_that_does_not_answer_is_one_error(llm: Scripted, kind: type[ModelError]) -> None:
    """In time."""
    with pytest.raises(kind):
        ask(llm, seconds=0.3 if kind is TooSlow else PATIENCE)


def test_the_thoughts_of_a_llama_index_model_are_no_part_of_its_answer() -> None:
    """Its class hands on what its server says."""
    assert ask(Scripted(words=("<thi", "nk>Why?", "</think>\n", "\nIt was."))).text == "It was."


def test_a_llama_index_model_that_breaks_off_keeps_its_text() -> None:
    """And the key that its error repeats is not shown."""
    result = ask(Scripted(words=("The", " summit"), fails=[503]))
    assert (result.text, result.finish) == ("The", "cut")
    assert isinstance(result.failure, ServerBusy)
    assert "canary" not in str(result.failure)
    with pytest.raises(ServerBusy):
        LlamaModel(Scripted(fails=[503]), "x").complete(MESSAGES, max_tokens=9)


PATH = "test_models_plugin.sub:Scripted"


@pytest.fixture
def plugin(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of the user's own, with one LLM, one class that is none, and one that cannot be made."""
    folder = tmp_path / "test_models_plugin"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "broken.py").write_text(
        "raise RuntimeError('sk-canary-0123456789abcdefghij')", encoding="utf-8"
    )
    (folder / "sub.py").write_text(
        "from llama_index.core.llms import MockLLM\n"
        "class Scripted(MockLLM):\n    model: str = 'a'\n    max_retries: int = 7\n"
        "    def __init__(self, model='a', **more):\n"
        "        super().__init__()\n        self.model, self.max_retries = model, more['max_retries']\n"
        "class Other: ...\n"
        "class Keyless(MockLLM):\n    def __init__(self, **more):\n"
        "        raise ValueError('no key sk-canary-0123456789abcdefghij')\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))


@pytest.mark.usefixtures("plugin")
def test_a_class_is_found_by_its_path() -> None:
    """Made with the name of its model and without retries of its own."""
    model = open_model(PATH + ":big:7b", environ={})
    assert isinstance(model, LlamaModel)
    assert model.name == PATH + ":big:7b"
    assert model.complete(MESSAGES, max_tokens=9).text
    made: Any = model._llm
    assert (made.model, made.max_retries) == ("big:7b", 0)


@pytest.mark.usefixtures("plugin")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("no_such.module:Class", "no module no_such"),
        ("llama_index.llms.nobody:Class", "llama_index.llms.nobody"),
        ("test_models_plugin.sub:Missing", "is no LLM"),
        ("test_models_plugin.sub:Other", "is no LLM"),
        ("test_models_plugin.sub:Keyless", "cannot be made"),
        ("test_models_plugin.broken:Class", "cannot be imported"),
    ],
)
def test_a_path_that_leads_nowhere_is_a_settings_error(path: str, words: str) -> None:
    """Exit 4, and no key that an error repeats."""
    with pytest.raises(SettingsError) as caught:
        open_model(path, environ={})
    assert words in caught.value.cause
    assert "canary" not in caught.value.cause
    assert caught.value.hint


@pytest.mark.parametrize(
    "name",
    ["gpt-4.1", "llama3:8b", "qwen2.5:7B", "ft:gpt-4o:org::id", "org/model:Q4", "Model:Big", "phi", "a.b:c"],
)
def test_a_plain_name_is_no_path(name: str) -> None:
    """Names of models hold colons and dots too."""
    assert import_path(name) is None


def test_nothing_configured_is_no_model() -> None:
    """Then answers are extractive, and nothing is sent anywhere."""
    assert open_model(None, environ={}) is None


def test_a_name_without_key_or_server_is_a_settings_error() -> None:
    """Exit 4, and the variables to set."""
    with pytest.raises(SettingsError) as caught:
        open_model("gpt-4.1", environ={})
    assert "OPENAI_API_KEY" in caught.value.cause + caught.value.hint
    assert "OPENAI_BASE_URL" in caught.value.hint


def test_with_a_key_alone_the_default_model_answers() -> None:
    """Made without asking anybody; its name is kept in one place, and its price is known."""
    model = open_model(None, environ={"OPENAI_API_KEY": "sk-abc"})
    assert isinstance(model, OpenAIModel)
    assert (model.name, model.official) == (DEFAULT_MODEL, True)
    assert price_of(DEFAULT_MODEL) is not None


def test_a_server_of_ones_own_needs_neither_key_nor_name() -> None:
    """The only model it serves is the one."""
    with FakeServer() as server:
        model = open_model(None, environ={"OPENAI_BASE_URL": server.url}, policy=QUICK)
        assert model is not None
        assert (model.name, model.official) == (MODEL, False)
        assert model.complete(MESSAGES, max_tokens=9).whole
        assert all("authorization" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (
            raw(json.dumps({"data": [{"id": f"m{n}"} for n in range(20)]}).encode()),
            "offers 20 models: m0, m1",
        ),
        (raw(b'{"data": []}'), "offers no model"),
        (raw(b'{"data": [{"id": "a-embed"}, {"id": "b"}, {"id": "c"}]}'), "offers 2 models: b, c"),
        (raw(b'{"data": [{"id": "a-embed"}, {"id": "bge-m3"}]}'), "offers no model that chats"),
        (status(404, b"not here"), "does not say which models"),
    ],
)
def test_a_server_of_several_models_wants_a_name(step: Any, words: str) -> None:
    """It is never guessed which."""
    with FakeServer(step) as server, pytest.raises(UnknownModel) as caught:
        open_model(None, environ={"OPENAI_BASE_URL": server.url}, policy=QUICK)
    assert words in caught.value.cause
    assert caught.value.options == ("model",)


@pytest.mark.parametrize(
    "other",
    [
        *(
            "text-embedding-nomic-embed-text-v1.5",
            "nomic-embed-text:latest",
            "BAAI/bge-m3",
            "mxbai-embed-large",
        ),
        *("jina-reranker-v2", "intfloat/e5-large", "gte-large", "all-minilm:l6-v2", "whisper-1", "tts-1"),
    ],
)
def test_a_model_that_only_embeds_or_ranks_is_no_second_one(other: str) -> None:
    """The one that chats is taken, wherever it stands in the list."""
    listed = raw(json.dumps({"data": [{"id": other}, {"id": "Llama-3.1-8B-Instruct"}]}).encode())
    with FakeServer(listed) as server:
        model = open_model(None, environ={"OPENAI_BASE_URL": server.url}, policy=QUICK)
    assert model is not None
    assert model.name == "Llama-3.1-8B-Instruct"


def test_a_name_that_only_looks_like_one_of_an_embedder_chats() -> None:
    """Parts of names are no names."""
    names = ("bigger-than-life", "e50-chat", "remember-7b", "phi-3-mini", "megatexts", "clippy-8b")
    for name in names:
        with FakeServer(raw(json.dumps({"data": [{"id": name}]}).encode())) as server:
            model = open_model(None, environ={"OPENAI_BASE_URL": server.url}, policy=QUICK)
        assert model is not None
        assert model.name == name


def test_a_llama_index_model_that_finds_a_prompt_too_long_says_so() -> None:
    """In its provider's words, whose limit is read; tokens per minute are something else."""
    words = "Error code: 400 - prompt is too long: 5000 tokens > 4096 maximum"
    error = _translated(ValueError(words), "a.b:Scripted")
    assert isinstance(error, ContextTooLong)
    assert (error.limit, error.prompt) == (4096, 5000)
    assert not isinstance(_translated(ValueError("too many tokens per minute"), "m"), ContextTooLong)


def test_a_named_model_at_a_server_is_asked_for_without_a_look_around() -> None:
    """No request is made before the question."""
    with FakeServer() as server:
        model = open_model("llama3:8b", environ={"OPENAI_BASE_URL": server.url}, policy=QUICK)
        assert model is not None
        assert (model.name, server.requests) == ("llama3:8b", [])


def test_the_price_list_has_its_date_and_source() -> None:
    """A price without a date is a rumour."""
    assert price_list().date >= date(2026, 11, 1)
    assert price_list().source.startswith("https://")
    assert all(0 <= price.cached <= price.prompt for price in price_list().prices.values())


@pytest.mark.parametrize(
    ("model", "tokens", "dollars"),
    [
        ("gpt-4.1", Tokens(1_000_000, 0), 2.00),
        ("gpt-4.1", Tokens(0, 1_000_000), 8.00),
        ("gpt-4.1", Tokens(1_000_000, 0, cached=1_000_000), 0.50),
        ("gpt-4.1-2025-04-14", Tokens(1_000, 100), 0.0028),
        ("gpt-6.1-terra", Tokens(272_000, 1_000), 0.277),
        ("gpt-6.1-terra", Tokens(400_000, 100_000), 0.80 + 0.75),
        ("text-embedding-3-small", Tokens(1_000_000, 0), 0.02),
    ],
)
def test_what_a_call_costs(model: str, tokens: Tokens, dollars: float) -> None:
    """Worked examples from the list: per million, cached, a dated name, and a long prompt."""
    assert cost(model, tokens) == pytest.approx(dollars)


def test_an_unknown_cost_is_unknown() -> None:
    """No price, no count, or another server's price: None, not zero."""
    assert cost("llama3:8b", Tokens(1, 1)) is None
    assert cost("gpt-4.1-turbo", Tokens(1, 1)) is None
    assert cost("gpt-4.1", None) is None
    assert cost("gpt-4.1", Tokens(1, 1), official=False) is None


def test_choosing_a_model_imports_no_library() -> None:
    """The client is imported by the first question, LlamaIndex only for a model of its own."""
    code = (
        "import sys; from qa.models.selection import open_model;"
        "open_model('m', environ={'OPENAI_API_KEY': 'sk-a'});"
        "print([name for name in ('openai', 'httpx', 'httpx2', 'llama_index') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[]\n"

"""Selects the answering model: by name, by class path, or the default.

A server of one's own is asked which models it has, where no name is given; nobody else is asked anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.embedding.plugins import import_path
from index.errors import ModelError, ModelUnavailable, SettingsError, UnknownModel, UsageError
from index.remote.address import KEY, URL, address
from index.remote.azure import deployment
from index.remote.masking import secrets_in
from index.remote.retry import DEFAULT_POLICY, RetryPolicy
from qa.models.base import LLM
from qa.models.prices import NO_PRICES, Prices
from qa.settings.requests import NOTHING, Additions

if TYPE_CHECKING:
    from index.remote.transport.client import Client

DEFAULT_MODEL = "gpt-6.2-sol"
MOST_NAMED = 8  # models of a server that an error lists

# Names of models that embed, rank, transcribe, speak or draw. LM Studio always lists one that embeds.
_OTHER_KIND = re.compile(
    r"embed|rerank|(?:^|[/_-])(?:bge|e5|gte|minilm|mxbai|colbert|splade)(?:[-_:]|$)|all-minilm|paraphrase-"
    r"|whisper|stable-diffusion"
    r"|(?:^|[/_-])(?:tts|asr|stt|clip|siglip|moderation|dall-e|flux|sdxl)(?:[-_:.0-9]|$)",
    re.IGNORECASE,
)


def open_model(
    name: str | None,
    *,
    environ: Mapping[str, str],
    policy: RetryPolicy = DEFAULT_POLICY,
    streams: bool = True,
    additions: Additions = NOTHING,
    own_prices: Prices = NO_PRICES,
) -> LLM | None:
    """The model to ask, or None where none is configured: no name, no key and no server.

    `name` is a plain name (`gpt-4.1-mini`, `llama3:8b`), asked for at OpenAI or at `OPENAI_BASE_URL`, or the
    import path of a LlamaIndex LLM, `package.module:Class` or `package.module:Class:model`. Without one, it
    is `DEFAULT_MODEL` at OpenAI, and the only model that chats at any other server; `additions` are what its
    requests have besides. With `streams` False no answer is asked for as a stream unless it is shown as one.
    Raises SettingsError or `ModelError`.
    """
    path = import_path(name) if name else None
    if path is not None:
        from qa.models.llama_index import load

        return load(path, policy, own_prices=own_prices, secrets=secrets_in(environ))
    where = address(environ)
    if where is None:
        if not name:
            return None
        raise SettingsError(
            f"no key for {name}: neither {KEY} nor {URL} is set",
            f"set {KEY}, or {URL} for a server of your own",
        )
    from index.remote.transport.client import Client
    from qa.models.openai import OpenAIModel

    where = replace(
        where, headers=additions.headers, extra=additions.extra, hidden=(*where.hidden, *additions.hidden)
    )
    client = Client(where)  # as long as it is there, the model that is made shares its connection
    name = name or _only_model(client, policy)
    return OpenAIModel(name, where.for_model(name), policy, streams=streams, own_prices=own_prices)


def as_llm(model: object, policy: RetryPolicy = DEFAULT_POLICY) -> LLM:
    """`model` if it is an `LLM`; a LlamaIndex LLM as one. Raises UsageError for anything else."""
    if isinstance(model, LLM):
        return model
    from llama_index.core.llms import LLM as LlamaLLM  # noqa: N811  # its LLM is not our LLM

    if not isinstance(model, LlamaLLM):
        raise UsageError(
            f"model takes a name, the path of a class or a language model, not {type(model).__name__}",
            "a language model is a LlamaIndex LLM, or has the methods of qa.models.base.LLM",
            option="model",
        )
    from qa.models.llama_index import LlamaModel

    return LlamaModel(model, policy=policy)


def _only_model(client: Client, policy: RetryPolicy) -> str:
    """The default at OpenAI; elsewhere the model that is served, if it is one."""
    where = client.address
    if where.is_openai:
        return DEFAULT_MODEL
    if where.is_azure:
        if named := deployment(where.url):
            return named
        cause = f"{where.host} does not say which deployments it has"
        raise UnknownModel(cause, "name yours", option="model")
    client.prepare()
    try:
        names = client.models(deadline=Deadline(policy.seconds))
    except ModelError as error:
        if type(error) in (UnknownModel, ModelUnavailable):  # it lists nothing, which the protocol allows
            raise UnknownModel(
                f"{where.host} does not say which models it has", "name one", option="model"
            ) from error
        raise
    chatting = [name for name in names if not _OTHER_KIND.search(name)]
    if len(chatting) == 1:
        return chatting[0]
    listed = ", ".join((chatting or names)[:MOST_NAMED]) + (" …" if len(chatting) > MOST_NAMED else "")
    if chatting:
        raise UnknownModel(
            f"{where.host} offers {len(chatting)} models: {listed}", "choose one", option="model"
        )
    only = f"{where.host} offers no model that chats, as far as their names tell: {listed}"
    raise UnknownModel(
        only if names else f"{where.host} offers no model", "load one there, or name one", option="model"
    )

"""Builds the answering model from the settings, or from a model that a caller passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import ModelError, SettingsError, UsageError
from index.remote.address import KEY, address
from qa.models.embedders import server_settings
from qa.settings.instructions import own_instructions
from qa.settings.requests import fields_sha256, model_additions

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel
    from qa.models.base import LLM
    from qa.models.reader.sentence_reader import SentenceReader
    from qa.settings.settings import Settings

OnWait = Callable[[ModelError, float], None]


def configured_model(
    settings: Settings, environ: Mapping[str, str], *, on_wait: OnWait | None = None
) -> AnswerModel | None:
    """The model that the settings name, ready to be asked; None where none is configured, or offline.

    `on_wait` is told of each wait before a request is made again. Raises UsageError for options that exclude
    each other, SettingsError or `ModelError` if the model cannot be had.
    """
    if settings.offline:
        if "model" in settings.given:
            raise needs_connection(settings)
        return _without(settings)
    own = server_settings(settings, environ)
    if settings.model is None and address(own) is None:
        return _without(settings)
    from index.remote.retry import RetryPolicy
    from qa.answering.generative.prompt import BUDGET
    from qa.models.prices import own_prices
    from qa.models.selection import open_model

    policy = RetryPolicy(seconds=settings.timeout, on_wait=on_wait)
    llm = open_model(
        settings.model,
        environ=own,
        policy=policy,
        streams=settings.stream is not False,
        additions=model_additions(settings, environ),
        own_prices=own_prices(settings.prices),
    )
    return _without(settings) if llm is None else _answer_model(llm, settings, BUDGET)


def answer_model(model: object, settings: Settings) -> AnswerModel:
    """A model that a caller made, a LlamaIndex LLM or an `LLM`, ready to answer.

    A prompt leaves room for the answer where the model says what it can take. Raises UsageError if it is no
    model, or the settings forbid connections.
    """
    if settings.offline:
        raise needs_connection(settings)
    from index.remote.retry import RetryPolicy
    from qa.answering.generative.generate import answer_room, prompt_budget
    from qa.answering.generative.prompt import BUDGET
    from qa.models.llama_index import LlamaModel
    from qa.models.selection import as_llm

    llm = as_llm(model, RetryPolicy(seconds=settings.timeout))
    if not isinstance(llm, LlamaModel):
        return _answer_model(llm, settings, BUDGET)
    made = _answer_model(llm, settings, prompt_budget(llm.context_window))
    return replace(made, answer_tokens=answer_room(llm.context_window))


def configured_reader(settings: Settings) -> SentenceReader | None:
    """The small reader that the settings name, None without one.

    Raises SettingsError if it is not installed.
    """
    if settings.reader == "none":
        return None
    from qa.models.reader.minilm import MiniLM
    from qa.models.reader.sentence_reader import SentenceReader

    return SentenceReader(MiniLM())


def warm_up(model: AnswerModel) -> None:
    """Import what `model` needs to be asked, and then compile what its words are read with as they come.

    For a thread of a program of our own: see `qa.models.openai.warm_up`.
    """
    from qa.answering.generative.abstention import may_abstain
    from qa.models.openai import warm_up as import_client

    import_client(model.llm)
    may_abstain("It is not known.")


def needs_connection(settings: Settings) -> UsageError:
    """The error for a model that is asked for where connections are forbidden."""
    why = f"a model needs a connection, which {settings.origin('offline')} forbids"
    return UsageError(why, "leave the model out, or allow connections", option=("model", "offline"))


def _answer_model(llm: LLM, settings: Settings, prompt_tokens: int) -> AnswerModel:
    from qa.answering.generative.generate import AnswerModel
    from qa.models.metering import Budget
    from qa.models.openai import OpenAIModel

    limit = settings.max_cost
    return AnswerModel(
        llm,
        prompt_tokens=settings.prompt_tokens or prompt_tokens,
        check=settings.check,
        budget=None if limit is None else Budget(limit),
        plan=settings.plan,
        instructions=own_instructions(settings),
        extra_sha256=fields_sha256(settings) if isinstance(llm, OpenAIModel) else None,
    )


def _without(settings: Settings) -> AnswerModel | None:
    """No model; that is wrong where an option asks for something that only a model can do."""
    if settings.check == "llm" and "check" in settings.given:
        cause = "there is no model to check claims with"
        raise SettingsError(cause, f"set {KEY}, or let rules check them", option="check")
    return None

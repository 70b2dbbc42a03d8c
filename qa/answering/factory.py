"""Settings -> the models that answer and embed; without a model, answers are sentences of the documents.

Knows which settings name a model, and what forbids one. Opens no connection, but that a server of one's own
may be asked which models it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from index.errors import ModelError, SettingsError, UsageError
from index.remote.address import KEY, URL
from qa.models.embedders import server_settings

if TYPE_CHECKING:
    from qa.answering.generative.generate import AnswerModel
    from qa.settings.settings import Settings

OnWait = Callable[[ModelError, float], None]


def writer_for(
    settings: Settings, environ: Mapping[str, str], *, on_wait: OnWait | None = None
) -> AnswerModel | None:
    """The model that the settings name, ready to be asked; None where none is configured, or offline.

    `on_wait` is told of each wait before a request is made again. Raises UsageError for options that exclude
    each other, SettingsError or `ModelError` if the model cannot be had.
    """
    if settings.offline:
        if "model" in settings.given:
            why = f"a model needs a connection, which {settings.origin('offline')} forbids"
            raise UsageError(why, "leave the model out, or allow connections", option=("model", "offline"))
        return _without(settings)
    own = server_settings(settings, environ)
    if settings.model is None and not (own.get(KEY) or own.get(URL)):
        return _without(settings)
    from index.remote.retry import RetryPolicy
    from qa.answering.generative.generate import AnswerModel
    from qa.answering.generative.prompt import BUDGET
    from qa.models.metering import Budget
    from qa.models.selection import open_model

    patience = RetryPolicy(seconds=settings.timeout, on_wait=on_wait)
    llm = open_model(settings.model, environ=own, patience=patience)
    if llm is None:
        return _without(settings)
    limit = settings.max_cost
    return AnswerModel(
        llm,
        budget=settings.prompt_tokens or BUDGET,
        check=settings.check,
        purse=None if limit is None else Budget(limit),
    )


def _without(settings: Settings) -> AnswerModel | None:
    """No model; that is wrong where an option asks for something that only a model can do."""
    if settings.check == "llm" and "check" in settings.given:
        cause = "there is no model to check claims with"
        raise SettingsError(cause, f"set {KEY}, or let rules check them", option="check")
    return None

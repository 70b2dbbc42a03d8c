"""Whether the models that the settings and the index name answer: each is asked a word."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import ModelDeclined, QaError
from index.health.findings import CheckFinding

if TYPE_CHECKING:
    from qa.settings.settings import Settings

_WORD = "Reply with the one word: ready"
_TOKENS = 50  # of the reply


def check_models(
    settings: Settings, environ: Mapping[str, str], folder: Path | None
) -> Iterator[CheckFinding]:
    """Ask the model that answers, and the one that embedded the index in `folder`."""
    yield _answering(settings, environ)
    if folder is not None:
        yield _embedding(settings, environ, folder)


def _answering(settings: Settings, environ: Mapping[str, str]) -> CheckFinding:
    from qa.answering.factory import configured_model
    from qa.models.base import Message

    check = "model"
    if settings.offline:
        return CheckFinding(check, "note", f"not asked: {settings.origin('offline')} forbids connections")
    began = time.perf_counter()
    try:
        model = configured_model(settings, environ)
        if model is None:
            return CheckFinding(check, "ok", "none: answers are sentences of the documents")
        reply = model.llm.complete([Message("user", _WORD)], max_tokens=_TOKENS + model.llm.thinking_tokens)
    except ModelDeclined as error:
        return CheckFinding(check, "note", f"it was reached, and did not answer: {error.cause}", error.hint)
    except QaError as error:
        return CheckFinding(check, "wrong", error.cause, error.hint)
    return CheckFinding(check, "ok", f"{reply.model} answers, in {time.perf_counter() - began:.1f} s")


def _embedding(settings: Settings, environ: Mapping[str, str], folder: Path) -> CheckFinding:
    from index.storage.catalog import Catalog
    from qa.models.embedders import index_embedder

    check = "embedder"
    began = time.perf_counter()
    try:
        with Catalog.open(folder) as catalog:
            dimension = catalog.manifest.dimension
        embedder = index_embedder(folder, settings, environ)()
        made = embedder.embed(["ready"]).shape[1]
    except QaError as error:
        return CheckFinding(check, "wrong", error.cause, error.hint)
    if dimension and made != dimension:
        text = f"{embedder.name} makes {made} numbers, and the index has {dimension}"
        return CheckFinding(check, "wrong", text, "name the embedding model that the index was made with")
    return CheckFinding(check, "ok", f"{embedder.name} answers, in {time.perf_counter() - began:.1f} s")

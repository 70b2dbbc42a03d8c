"""Settings -> the models that answer and embed; without a model, answers are sentences of the documents.

Knows which settings name a model, and what forbids one. Opens no connection, but that a server of one's own
may be asked which models it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from index.address import KEY, URL
from index.errors import SettingsError, UsageError
from index.model_errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from index.embed import Embedder
    from qa.compose import Writer
    from qa.config import Settings
    from qa.support import Check

OnWait = Callable[[ModelError, float], None]


def writer_for(
    settings: Settings, environ: Mapping[str, str], *, on_wait: OnWait | None = None
) -> Writer | None:
    """The model that the settings name, ready to be asked; None where none is configured, or offline.

    `on_wait` is told of each wait before a request is made again. Raises UsageError for flags that exclude
    each other, SettingsError or `ModelError` if the model cannot be had.
    """
    if settings.offline.value:
        if settings.model.origin == "--model":
            why = f"--model needs a connection, which {settings.offline.origin} forbids"
            raise UsageError(why, "leave one of them out")
        return _without(settings)
    own = server_settings(settings, environ)
    if settings.model.value is None and not (own.get(KEY) or own.get(URL)):
        return _without(settings)
    from index.retry import Patience
    from qa.compose import Writer
    from qa.models import open_model
    from qa.numbered import BUDGET
    from qa.spending import Purse

    patience = Patience(seconds=settings.timeout.value, on_wait=on_wait)
    llm = open_model(settings.model.value, environ=own, patience=patience)
    if llm is None:
        return _without(settings)
    limit = settings.max_cost.value
    return Writer(
        llm,
        budget=settings.prompt_tokens.value or BUDGET,
        check=cast("Check", settings.check.value),
        purse=None if limit is None else Purse(limit),
    )


def server_settings(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the key and the address that the settings have, from wherever they are."""
    found = {KEY: settings.openai_api_key.value, URL: settings.openai_base_url.value}
    return {**environ, **{name: value for name, value in found.items() if value}}


def embedder_loader(settings: Settings, environ: Mapping[str, str]) -> Callable[[str], Embedder]:
    """What gives the embedder of a name, as far as the settings allow: see `load_embedder`.

    It raises SettingsError for a model that needs a connection, offline, and for a class to import that the
    settings do not name: an index may come from somebody else.
    """
    from index.embed import DEFAULT_EMBEDDER, load_embedder

    def load(name: str) -> Embedder:
        if settings.offline.value and name != DEFAULT_EMBEDDER:
            raise SettingsError(
                f"the embedding model {name} needs a connection, which {settings.offline.origin} forbids",
                "allow connections, or use an index made with the bundled model",
            )
        imports = settings.embedder.value == name
        return load_embedder(name, environ=server_settings(settings, environ), imports=imports)

    return load


def index_embedder(folder: Path, settings: Settings, environ: Mapping[str, str]) -> Callable[[], Embedder]:
    """What gives the embedder for new texts of the index in `folder`: the one that it was made with.

    For a new index it is the one of the settings; one that a flag names is taken always. The index refuses
    what does not fit, as it does if its own is none that is known here.
    """
    from index.by_path import import_path
    from index.catalog import Catalog
    from index.embed import DEFAULT_EMBEDDER

    def load() -> Embedder:
        name = settings.embedder.value or DEFAULT_EMBEDDER
        if settings.embedder.origin != "--embedder":
            with Catalog.open(folder) as catalog:
                own = catalog.manifest.embedder
            if own == DEFAULT_EMBEDDER or own.startswith("openai/") or import_path(own):
                name = own
        return embedder_loader(settings, environ)(name)

    return load


def _without(settings: Settings) -> Writer | None:
    """No model; that is wrong where a flag asks for something that only a model can do."""
    if settings.check.value == "llm" and settings.check.origin == "--check":
        raise SettingsError("--check llm asks a model, and there is none", f"set {KEY}, or use --check rules")
    return None

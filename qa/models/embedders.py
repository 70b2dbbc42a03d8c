"""The embedder from the settings, or one that a caller passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from index.errors import NoIndex, SettingsError, UsageError
from index.remote.address import KEY, URL
from qa.settings.requests import embedder_additions

if TYPE_CHECKING:
    from pathlib import Path

    from index.embedding.embedder import Embedder
    from qa.settings.settings import Settings


def server_settings(settings: Settings, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment with the key and the address that the settings have, from wherever they are."""
    known = {KEY: settings.openai_api_key, URL: settings.openai_base_url}
    return {**environ, **{name: value for name, value in known.items() if value}}


@dataclass(frozen=True, slots=True, repr=False)
class EmbedderLoader:
    """Gives the embedder of a name, as far as the settings allow: see `load_embedder`. It can be pickled.

    Raises SettingsError for a model that needs a connection, offline, and for a class to import that the
    settings do not name: an index may come from somebody else.
    """

    settings: Settings
    environ: Mapping[str, str]

    def __call__(self, name: str) -> Embedder:
        """Load it."""
        from index.embedding.embedder import load_embedder
        from index.embedding.wordllama import DEFAULT_EMBEDDER
        from index.remote.retry import RetryPolicy

        settings = self.settings
        if settings.offline and name != DEFAULT_EMBEDDER:
            raise SettingsError(
                f"the embedding model {name} needs a connection, which {settings.origin('offline')} forbids",
                "allow connections, or use an index made with the bundled model",
            )
        imports = settings.embedder == name
        policy = RetryPolicy(seconds=settings.timeout)
        own = server_settings(settings, self.environ)
        headers = embedder_additions(settings, self.environ).headers
        return load_embedder(name, environ=own, imports=imports, policy=policy, headers=headers)


def index_embedder(folder: Path, settings: Settings, environ: Mapping[str, str]) -> Callable[[], Embedder]:
    """What gives the embedder for new texts of the index in `folder`: the one that it was made with.

    For a new index it is the one of the settings. One that an option names is taken always: raises
    IndexMismatch if the index was made with another. An index also refuses what does not fit if its own is
    none that is known here.
    """
    from index.embedding.plugins import import_path
    from index.embedding.wordllama import DEFAULT_EMBEDDER
    from index.storage.catalog import Catalog

    if "embedder" in settings.given:
        check_embedder(folder, settings.embedder or DEFAULT_EMBEDDER)

    def load() -> Embedder:
        name = settings.embedder or DEFAULT_EMBEDDER
        if "embedder" not in settings.given:
            with Catalog.open(folder) as catalog:
                own = catalog.manifest.embedder
            if own == DEFAULT_EMBEDDER or own.startswith("openai/") or import_path(own):
                name = own
        return EmbedderLoader(settings, environ)(name)

    return load


def kept_embedder(folder: Path, settings: Settings) -> str | None:
    """A remark where a setting names another embedder than the index in `folder` was made with, and keeps."""
    from index.storage.catalog import Catalog

    if settings.embedder is None or "embedder" in settings.given:
        return None
    with Catalog.open(folder) as catalog:
        own = catalog.manifest.embedder
    if own in ("", settings.embedder):
        return None
    origin = settings.origin("embedder")
    return (
        f"the index keeps its embedding model, {own}; {settings.embedder} ({origin}) is for new indexes:"
        " index into another folder to use it"
    )


def check_embedder(folder: Path, name: str) -> None:
    """Raise IndexMismatch if there is an index in `folder` that was made with another embedder than `name`.

    The index itself asks for its embedder only when there is something to embed.
    """
    from index.storage.catalog import Catalog

    with suppress(NoIndex), Catalog.open(folder) as catalog:
        catalog.check_embedder(name)


def as_embedder(embedder: object) -> Embedder:
    """`embedder` if it is an `Embedder`; a LlamaIndex embedding model as one, named by its class and model.

    Raises UsageError for anything else.
    """
    if callable(getattr(embedder, "embed", None)) and hasattr(embedder, "name"):
        return cast("Embedder", embedder)
    from llama_index.core.base.embeddings.base import BaseEmbedding

    if not isinstance(embedder, BaseEmbedding):
        raise UsageError(
            f"embedder takes a name, the path of a class or an embedder, not {type(embedder).__name__}",
            "an embedder is a LlamaIndex embedding, or has the methods of index.embedding.embedder.Embedder",
            option="embedder",
        )
    from index.embedding.llama_index import LlamaEmbedder
    from index.embedding.plugins import ImportPath

    kind = type(embedder)
    return LlamaEmbedder(embedder, str(ImportPath(kind.__module__, kind.__qualname__, embedder.model_name)))

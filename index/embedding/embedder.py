"""The `Embedder` protocol, and the embedder that a name stands for."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from index.embedding.isolate import Embedded
from index.embedding.wordllama import DEFAULT_EMBEDDER, bundled_embedder
from index.errors import SettingsError
from index.remote.retry import DEFAULT_POLICY, RetryPolicy

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors. `name` says which model; vectors of two names are never compared."""

    @property
    def name(self) -> str:
        """Model and variant, as stored in an index's manifest."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of unit length, len(texts) × dimension, in the order of `texts`.

        A text that has no vector (an empty one) gets a row of zeros: its cosine with anything is 0. There
        is never a NaN.
        """


def embed_each(embedder: Embedder, texts: Sequence[str]) -> Embedded:
    """The vectors of `texts`, as far as they have any: by the embedder's own `embed_each`, if it has one.

    Raises what `embed` raises where no text in particular is to blame.
    """
    own: Callable[[Sequence[str]], Embedded] | None = getattr(embedder, "embed_each", None)
    return Embedded(embedder.embed(texts)) if own is None else own(texts)


def load_embedder(
    name: str = DEFAULT_EMBEDDER,
    *,
    environ: Mapping[str, str] = os.environ,
    imports: bool = False,
    policy: RetryPolicy = DEFAULT_POLICY,
    headers: tuple[tuple[str, str], ...] = (),
) -> Embedder:
    """The embedder of that name, ready to use; `policy` and `headers` are for one that asks a server.

    `openai/MODEL` is asked for at OpenAI, or at `OPENAI_BASE_URL`, with the key in `environ`. With `imports`,
    a name may also be the import path of a LlamaIndex embedding model, `package.module:Class[:model]`: only
    for a name that the user gave, never for one read from an index, since importing a module runs it.
    Raises SettingsError if there is none of that name, or what it needs is not there.
    """
    if name == DEFAULT_EMBEDDER:
        return bundled_embedder()
    if name.startswith("openai/") and name != "openai/":
        from index.embedding.openai import OpenAIEmbedder
        from index.remote.address import KEY, URL, address

        where = address(environ)
        if where is None:
            cause = f"no key for {name}: neither {KEY} nor {URL} is set"
            raise SettingsError(cause, f"set {KEY}, or {URL} for a server of your own")
        model = name.removeprefix("openai/")
        where = replace(where.for_model(model, embeds=True), headers=headers)
        return OpenAIEmbedder(model, where, policy)
    from index.embedding.plugins import import_path

    path = import_path(name)
    if path is not None and imports:
        from index.embedding.llama_index import load

        return load(path, policy)
    if path is not None:
        raise SettingsError(
            f"the embedding model {name} is a class to import, which must be asked for", f"name it: {name}"
        )
    raise SettingsError(
        f"no embedding model is called {name!r}", f"use {DEFAULT_EMBEDDER!r}, which is bundled, or 'openai/…'"
    )

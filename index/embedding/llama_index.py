"""Any LlamaIndex embedding model as an `Embedder`.

Providers batch and retry in their own way; what they give is checked.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.concurrency.interruptible import Connection, stream_in_thread
from index.embedding.isolate import Embedded, blamed, each_apart
from index.embedding.plugins import ImportPath, instantiate
from index.embedding.unit_rows import unit_rows
from index.errors import ModelError, RequestRefused, TooSlow
from index.remote.failures import invalid
from index.remote.masking import mask_line, secrets_in
from index.remote.retry import DEFAULT_POLICY, MORE_TIME, RetryPolicy

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from numpy.typing import NDArray


def load(path: ImportPath, policy: RetryPolicy = DEFAULT_POLICY) -> LlamaEmbedder:
    """The LlamaIndex embedding model at `path`. Raises SettingsError if it cannot be made."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    made = instantiate(path, BaseEmbedding, timeout=policy.seconds)
    assert isinstance(made, BaseEmbedding)
    return LlamaEmbedder(made, str(path), policy)


class LlamaEmbedder:
    """A LlamaIndex embedding model; `name` is its import path, so that two of them are never mixed."""

    def __init__(self, model: BaseEmbedding, name: str, policy: RetryPolicy = DEFAULT_POLICY) -> None:
        self.name = name
        self._model = model
        self._policy = policy
        self._dimension = 0

    @property
    def dimension(self) -> int:
        """Length of every vector. Embeds one word the first time. Raises `ModelError`."""
        if not self._dimension:
            self._rows(["dimension"])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of unit length, len(texts) × dimension, zeros for a blank text, which is not embedded.

        Raises `ModelError` for whatever the model raises, and for vectors that are not right.
        """
        embedded = self.embed_each(texts)
        for error in embedded.refused.values():
            raise error
        return embedded.rows

    def embed_each(self, texts: Sequence[str]) -> Embedded:
        """The same, with a row of zeros for a text of which the model makes no vector; see `isolate.py`."""
        import numpy as np

        wanted = [at for at, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        refused: dict[int, ModelError] = {}
        # A lone surrogate cannot be encoded; a question mark takes its place.
        sent = [texts[at].encode("utf-8", "replace").decode() for at in wanted]
        for at, row in zip(wanted, each_apart(sent, self._rows, self._works) if sent else [], strict=True):
            if isinstance(row, ModelError):
                refused[at] = blamed(self.name, texts[at], row)
            else:
                rows[at] = row
        return Embedded(rows, refused)

    def _works(self) -> bool:
        try:
            self._rows(["dimension"])
        except ModelError:
            return False
        return True

    def _rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        given = self._asked(list(texts))
        if len(given) != len(texts):
            raise invalid(self.name, f"{len(given)} vectors for {len(texts)} texts")
        rows = unit_rows(given, origin=self.name, dimension=self._dimension)
        self._dimension = rows.shape[1]
        return rows

    def _asked(self, texts: list[str]) -> list[list[float]]:
        def work(_: Connection) -> Generator[list[list[float]]]:
            yield self._model.get_text_embedding_batch(texts)

        try:
            return next(stream_in_thread(work, Deadline(self._policy.seconds)))
        except TimeoutError:
            error: ModelError = TooSlow(
                f"{self.name} gave no vectors within {self._policy.seconds:g} s", MORE_TIME
            )
        except Exception as exc:  # noqa: BLE001  # a door: each provider has errors of its own
            words = mask_line(f"{type(exc).__name__}: {exc}", secrets_in(os.environ))
            error = RequestRefused(f"{self.name} failed: {words}", "see the documentation of that provider")
        raise error

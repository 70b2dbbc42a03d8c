"""Any LlamaIndex embedding model as an `Embedder`: every provider of that ecosystem, installed by the user.

Knows LlamaIndex's interface, and checks what comes through it. Providers batch and retry in their own way.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.concurrency.interruptible import Connection, stream_in_thread
from index.errors import ModelError, TooSlow
from index.plugins import ImportPath, make
from index.remote.failures import MORE_TIME, invalid
from index.remote.masking import mask_line
from index.remote.retry import DEFAULT_PATIENCE, RetryPolicy

if TYPE_CHECKING:
    import numpy as np
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from numpy.typing import NDArray


def load(path: ImportPath, patience: RetryPolicy = DEFAULT_PATIENCE) -> LlamaEmbedder:
    """The LlamaIndex embedding model at `path`. Raises SettingsError if it cannot be made."""
    from llama_index.core.base.embeddings.base import BaseEmbedding

    made = make(path, BaseEmbedding, timeout=patience.seconds)
    assert isinstance(made, BaseEmbedding)
    return LlamaEmbedder(made, str(path), patience)


class LlamaEmbedder:
    """A LlamaIndex embedding model; `name` is its import path, so that two of them are never mixed."""

    def __init__(self, model: BaseEmbedding, name: str, patience: RetryPolicy = DEFAULT_PATIENCE) -> None:
        self.name = name
        self._model = model
        self._patience = patience
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
        import numpy as np

        wanted = [at for at, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if wanted:
            # A lone surrogate cannot be encoded; a question mark takes its place.
            rows[wanted] = self._rows([texts[at].encode("utf-8", "replace").decode() for at in wanted])
        return rows

    def _rows(self, texts: list[str]) -> NDArray[np.float32]:
        import numpy as np

        given = self._asked(texts)
        try:
            table = np.array(given, dtype=np.float64)
        except (ValueError, TypeError, OverflowError):
            raise invalid(self.name, "vectors that are none, or of different length") from None
        if table.ndim != 2 or len(table) != len(texts) or not table.shape[1]:
            raise invalid(self.name, f"{len(given)} vectors for {len(texts)} texts")
        lengths = np.linalg.norm(table, axis=1, keepdims=True)
        if not (np.isfinite(lengths).all() and (lengths > 0).all()):
            raise invalid(self.name, "vectors that are not finite, or zero")
        self._dimension = self._dimension or table.shape[1]
        if table.shape[1] != self._dimension:
            raise invalid(self.name, f"vectors of {table.shape[1]} numbers, not {self._dimension}")
        unit: NDArray[np.float32] = (table / lengths).astype(np.float32)
        return unit

    def _asked(self, texts: list[str]) -> list[list[float]]:
        def work(_: Connection) -> Generator[list[list[float]]]:
            yield self._model.get_text_embedding_batch(texts)

        try:
            return next(stream_in_thread(work, Deadline(self._patience.seconds)))
        except TimeoutError:
            error: ModelError = TooSlow(
                f"{self.name} gave no vectors within {self._patience.seconds:g} s", MORE_TIME
            )
        except Exception as exc:  # noqa: BLE001  # a door: each provider has errors of its own
            words = mask_line(f"{type(exc).__name__}: {exc}")
            error = ModelError(f"{self.name} failed: {words}", "see the documentation of that provider")
        raise error

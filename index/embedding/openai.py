"""Embeddings from OpenAI or a compatible server.

A right answer has as many vectors as texts, each under its index, finite, of one dimension. Anything else is
an error, so that no text ever gets another's; the texts are then asked for in halves.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.concurrency.parallel import each
from index.embedding.isolate import Embedded, blamed, each_apart, may_be_the_text
from index.embedding.unit_rows import unit_rows
from index.errors import (
    ContextTooLong,
    InvalidAnswer,
    ModelError,
    OptionRefused,
    RequestRefused,
    ServerBusy,
)
from index.remote.failures import invalid
from index.remote.retry import DEFAULT_POLICY, RetryPolicy, call_with_retries
from index.remote.transport.client import Client, Reply

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.remote.address import Address

PREFIX = "openai/"
BATCH = 32  # texts a request: the most that some servers take, and several at a time make up for it
BATCH_CHARACTERS = 100_000  # fewer than OpenAI's 300,000 tokens a request, in any script
WIDTH = 4  # requests at a time
LARGEST = 16_000_000  # bytes of an answer; 32 vectors of 4,096 numbers are 3 million, written out
SHORTEST = 200  # characters; a text is not cut below that to make it fit

# Known without asking. https://platform.openai.com/docs/guides/embeddings
_DIMENSIONS = {
    "text-embedding-3-small": 1536,
    "text-embedding-3-large": 3072,
    "text-embedding-ada-002": 1536,
}


# Words of a failure that comes again however often it is asked for: JSON has no word for what is no number.
_NO_NUMBER = re.compile(r"\bnan\b|\binf\b|unsupported value", re.IGNORECASE)


class OpenAIEmbedder:
    """The embedding model `model` at an `Address`, named "openai/…". Threads may share one.

    A text longer than the model reads is embedded by its beginning, as much of it as is taken.
    """

    def __init__(
        self, model: str, address: Address, policy: RetryPolicy = DEFAULT_POLICY, *, width: int = WIDTH
    ) -> None:
        self.name = PREFIX + model
        self._model = model
        self._client = Client(address)
        self._host = address.host
        self._policy = policy
        self._width = width
        self._lock = threading.Lock()
        self._dimension = _DIMENSIONS.get(model, 0)
        self._packed = True  # whether vectors are asked for in base64, a quarter of the size

    @property
    def dimension(self) -> int:
        """Length of every vector. Asks the server once for a model that is not known. Raises `ModelError`."""
        if not self._dimension:
            self._probe()
        return self._dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of unit length, len(texts) × dimension, zeros for a blank text, which is not sent.

        Equal texts are sent once. Raises `ModelError`, and then gives none of the vectors; a text that the
        server does not take is named by `TextRefused`.
        """
        embedded = self.embed_each(texts)
        for error in embedded.refused.values():
            raise error
        return embedded.rows

    def embed_each(self, texts: Sequence[str]) -> Embedded:
        """The same, with a row of zeros for a text that the server does not take; see `embedding/isolate.py`.

        Raises `ModelError` if it takes none.
        """
        import numpy as np

        # A lone surrogate cannot be encoded; a question mark takes its place.
        sent = [text.encode("utf-8", "replace").decode() for text in texts]
        unique = list(dict.fromkeys(text for text in sent if text.strip()))
        self._client.prepare()
        tables = each(list(_batches(unique)), self._embedded, width=self._width, seconds=self._policy.seconds)
        row_of = dict(zip(unique, (row for table in tables for row in table), strict=True))
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        refused: dict[int, ModelError] = {}
        cut: set[int] = set()
        for at, text in enumerate(sent):
            row = row_of.get(text)
            if isinstance(row, ModelError):
                refused[at] = row
            elif row is not None:
                rows[at] = row.numbers
                cut |= {at} if row.cut else set()
        return Embedded(rows, refused, frozenset(cut))

    def _embedded(self, texts: Sequence[str], deadline: Deadline) -> list[_Row | ModelError]:
        """One batch; in halves if the server does not take it as it is, down to the text it does not take."""
        rows: list[_Row | ModelError] = []
        ask = self._patient(deadline, len(texts))
        for text, row in zip(texts, each_apart(texts, ask, self._works), strict=True):
            if isinstance(row, ContextTooLong):
                rows.append(self._beginning(text, row, ask))
            else:
                rows.append(blamed(self._model, text, row) if isinstance(row, ModelError) else _Row(row))
        return rows

    def _patient(self, deadline: Deadline, size: int) -> Callable[[Sequence[str]], NDArray[np.float32]]:
        """Asks for texts with the usual retries; for a part of `size` texts that failed, without."""

        def ask(texts: Sequence[str]) -> NDArray[np.float32]:
            part = 1 < len(texts) < size

            def attempt() -> NDArray[np.float32]:
                try:
                    return self._asked(texts, deadline)
                except (ServerBusy, InvalidAnswer) as error:
                    if (part or _NO_NUMBER.search(error.cause)) and may_be_the_text(error):
                        raise RequestRefused(error.cause, error.hint, option=error.options) from None
                    raise

            return call_with_retries(attempt, deadline, self._policy)

        return ask

    def _beginning(
        self, text: str, failure: ContextTooLong, ask: Callable[[Sequence[str]], NDArray[np.float32]]
    ) -> _Row | ModelError:
        """The vector of as much of a text that is too long as the model reads."""
        size = len(text)
        while size > SHORTEST:
            size = max(SHORTEST, size // 2)
            try:
                return _Row(ask([text[:size]])[0], cut=True)
            except ContextTooLong:
                continue
            except ModelError as error:
                if not may_be_the_text(error):
                    raise
                return blamed(self._model, text, error)
        return blamed(self._model, text, failure)

    def _works(self) -> bool:
        """Whether the server embeds a word that nothing is wrong with."""
        try:
            self._probe()
        except ModelError:
            return False
        return True

    def _probe(self) -> None:
        self._client.prepare()
        deadline = Deadline(self._policy.seconds)
        call_with_retries(lambda: self._asked(["dimension"], deadline), deadline, self._policy)

    def _asked(self, texts: Sequence[str], deadline: Deadline) -> NDArray[np.float32]:
        """One request: rows of unit length for `texts`."""
        format_ = "base64" if self._packed else "float"
        body = {"model": self._model, "input": list(texts), "encoding_format": format_}
        try:
            reply = self._client.post("embeddings", body, deadline=deadline, limit=LARGEST)
        except RequestRefused as error:
            if self._packed and "encoding_format" in error.mentioned:
                self._packed = False
                raise OptionRefused(error.cause, error.hint, option=error.options) from None
            raise
        rows = unit_rows(self._vectors(reply, len(texts)), origin=self._host, dimension=self._dimension)
        with self._lock:
            self._dimension = self._dimension or rows.shape[1]
        return rows

    def _vectors(self, reply: Reply, count: int) -> list[NDArray[np.float64]]:
        """The vectors of an answer in the order of the texts. Raises InvalidAnswer if it is not sure."""
        given = reply.get("data")
        if not isinstance(given, list) or len(given) != count:
            number = len(given) if isinstance(given, list) else "no"
            raise invalid(self._host, f"{number} vectors for {count} texts")
        rows = [row if isinstance(row, dict) else {} for row in given]
        by_index: dict[int, NDArray[np.float64]] = {}
        for at, row in enumerate(rows):
            index = row.get("index", at)  # some servers leave it out, and keep the order
            vector = _vector(row.get("embedding"))
            if vector is None:
                raise invalid(self._host, "vectors that are none, or of different length")
            if type(index) is not int or not 0 <= index < count or index in by_index:
                raise invalid(self._host, "vectors that cannot be told apart")
            by_index[index] = vector
        return [by_index[index] for index in range(count)]


@dataclass(frozen=True, slots=True)
class _Row:
    """A text's vector; `cut` if it is that of the text's beginning."""

    numbers: NDArray[np.float32]
    cut: bool = False


def _vector(value: object) -> NDArray[np.float64] | None:
    """A list of numbers, or their base64 (little-endian, four bytes each); None for anything else."""
    import numpy as np

    if isinstance(value, str):
        try:
            data = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            return None
        return np.frombuffer(data, dtype="<f4").astype(np.float64) if data and len(data) % 4 == 0 else None
    if not isinstance(value, list) or not value:
        return None
    if not all(isinstance(number, int | float) and not isinstance(number, bool) for number in value):
        return None
    try:
        return np.array(value, dtype=np.float64)
    except OverflowError:  # a whole number of 400 digits
        return None


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Runs of texts that fit one request."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == BATCH or size + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch

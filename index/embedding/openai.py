"""Embeddings from OpenAI or a compatible server.

A right answer has as many vectors as texts, each under its index, finite, of one dimension. Anything else is
an error and gives no vector, so that no text ever gets another's.
"""

from __future__ import annotations

import base64
import binascii
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.concurrency.deadline import Deadline
from index.concurrency.parallel import each
from index.embedding.unit_rows import unit_rows
from index.errors import ContextTooLong, ModelError, OptionRefused, RequestRefused, TextRefused
from index.remote.client import Client, Reply
from index.remote.failures import invalid
from index.remote.retry import DEFAULT_POLICY, RetryPolicy, call_with_retries

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
        self._worked = False  # whether any text was ever embedded
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
        import numpy as np

        # A lone surrogate cannot be encoded; a question mark takes its place.
        sent = [text.encode("utf-8", "replace").decode() for text in texts]
        unique = list(dict.fromkeys(text for text in sent if text.strip()))
        self._client.prepare()
        tables = each(list(_batches(unique)), self._embedded, width=self._width, seconds=self._policy.seconds)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        row_of = dict(zip(unique, (row for table in tables for row in table), strict=True))
        for at, text in enumerate(sent):
            if text in row_of:
                rows[at] = row_of[text]
        return rows

    def _embedded(self, texts: Sequence[str], deadline: Deadline) -> NDArray[np.float32]:
        """One batch; in halves if the server does not take it as it is, down to the text it does not take."""
        import numpy as np

        try:
            return call_with_retries(lambda: self._asked(texts, deadline), deadline, self._policy)
        except RequestRefused as error:
            refused = error
        half = len(texts) // 2
        if half:
            return np.concatenate(
                [self._embedded(part, deadline) for part in (texts[:half], texts[half:])], axis=0
            )
        if isinstance(refused, ContextTooLong) and len(texts[0]) > SHORTEST:
            return self._embedded([texts[0][: max(SHORTEST, len(texts[0]) // 2)]], deadline)
        raise self._blamed(texts[0], refused)

    def _blamed(self, text: str, refused: RequestRefused) -> ModelError:
        """The error for a lone text that was refused: the text's fault, unless any text is refused."""
        if not self._worked:
            try:
                self._probe()
            except ModelError as error:
                return error
        shown = " ".join(text[:60].split())
        blame = TextRefused(
            f"{self._model} does not take the text {shown!r} …: {refused.cause}",
            refused.hint,
            option=refused.options,
        )
        blame.text = text
        return blame

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
            self._worked = True
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

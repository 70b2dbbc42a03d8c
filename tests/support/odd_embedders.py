"""Loaders of embedders that other processes may be given, whose questions end or hold up a process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.embedding.embedder import load_embedder
from tests.support.timeouts import FOREVER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.embedding.embedder import Embedder


@dataclass(frozen=True, slots=True)
class OddLoader:
    """Loads the embedder of a name. A text with `deadly` in it kills the process, one with `slow` hangs."""

    deadly: str = ""
    slow: str = ""

    def __call__(self, name: str) -> Embedder:
        return _Odd(load_embedder(name), self)


class _Odd:
    """The embedder `own`, but for some texts."""

    def __init__(self, own: Embedder, loader: OddLoader) -> None:
        self._own = own
        self._loader = loader
        self.name, self.dimension = own.name, own.dimension

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self._loader.deadly and self._loader.deadly in texts[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        if self._loader.slow and self._loader.slow in texts[0]:
            time.sleep(FOREVER)
        return self._own.embed(texts)

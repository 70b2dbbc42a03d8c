"""A plugin of pytest that keeps every file which the tests of the readers read: seeds of what is fuzzed.

`python -m pytest tests/index/readers -p benchmarks.soak.harvest`, with the folder in `QA_SOAK_SEEDS`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path

from index.readers.formats import FORMATS
from index.types import Reading

LARGEST = 40_000  # bytes of a seed: larger ones are slow, and hold nothing that small ones do not
VARIABLE = "QA_SOAK_SEEDS"


def pytest_configure() -> None:
    """Put every reader's function behind one that keeps what it is given."""
    for row in FORMATS:
        module = import_module(f"index.readers.{row.module}")
        folder = Path(os.environ[VARIABLE]) / row.name
        folder.mkdir(parents=True, exist_ok=True)
        setattr(module, row.function, _keeping(getattr(module, row.function), folder))


def _keeping(read: Callable[..., Reading], folder: Path) -> Callable[..., Reading]:
    @wraps(read)
    def reading(data: bytes, *more: object, **options: object) -> Reading:
        if 0 < len(data) <= LARGEST:
            (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
        return read(data, *more, **options)

    return reading

"""What the tests of evaluation share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.answering.shared_reader import SharedIndexReader


@pytest.fixture
def shared(library: Path) -> Iterator[SharedIndexReader]:
    """The index of the four documents, for any thread."""
    opened = SharedIndexReader(library / ".qa")
    yield opened
    opened.close()

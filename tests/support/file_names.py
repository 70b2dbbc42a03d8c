"""File names beyond ASCII in any locale: their bytes are UTF-8, however Python reads them here."""

from __future__ import annotations

import os
import sys

import pytest

utf8_file_names = pytest.mark.skipif(
    sys.getfilesystemencoding() != "utf-8", reason="in this locale Python does not read file names as UTF-8"
)


def local_name(name: str) -> str:
    """The file name whose bytes are `name` in UTF-8, as Python reads it in this locale."""
    return os.fsdecode(name.encode())

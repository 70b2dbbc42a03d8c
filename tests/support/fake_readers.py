"""LlamaIndex readers of made-up formats, to be named in settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from llama_index.core.readers.base import BaseReader
from llama_index.core.schema import Document

PATH = "tests.support.fake_readers"


class SlidesReader(BaseReader):
    """A document for each part between lines of "%%", which says its page."""

    def load_data(self, file: Path, extra_info: dict[str, Any] | None = None) -> list[Document]:
        """The documents of a file."""
        assert file.suffix == ".slides"
        assert extra_info is None
        parts = file.read_bytes().decode().split("%%\n")
        return [
            Document(text=part, metadata={"page_label": str(at), "title": "All slides"})
            for at, part in enumerate(parts, 1)
        ]


class PathReader(BaseReader):
    """One document without metadata, which tells where the file was."""

    def load_data(self, file: Path) -> list[Document]:
        """The path, and the number of bytes."""
        return [Document(text=f"Read from {file} with mode {file.parent.stat().st_mode & 0o777:o}.")]


class LabelsReader(BaseReader):
    """A document for each line "label:text" of a file, with that label for its page."""

    def load_data(self, file: Path) -> list[Document]:
        """The documents of a file."""
        pairs = (line.partition(":") for line in file.read_text(encoding="utf-8").splitlines())
        return [Document(text=text, metadata={"page_label": label}) for label, _, text in pairs]


class FailingReader(BaseReader):
    """Raises what a careless reader may raise, with a key in it."""

    def load_data(self, file: Path) -> list[Document]:
        """Nothing: it fails."""
        raise FileNotFoundError(f"{file}: no model at https://me:secret@example.org")


class TextsReader(BaseReader):
    """Gives texts where documents are wanted."""

    def load_data(self, file: Path) -> list[Document]:
        """No documents."""
        return [file.name]  # type: ignore[list-item]


class NoReader:
    """Is no kind of reader."""

"""LlamaIndex readers that the user names for a suffix: the documents that one loads, as a `Reading`.

A reader of LlamaIndex takes a path. It is given a private copy that holds the very bytes whose hash is in the
index, and is removed afterwards.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from index.embedding.plugins import ImportPath, instantiate, load_class
from index.errors import QaError, ReadError
from index.remote.masking import mask_line, secrets_in
from index.types import Page, Reading, Span

if TYPE_CHECKING:
    from llama_index.core.readers.base import BaseReader

_PAGE_KEYS = ("page_label", "page_number", "page")  # of a document's metadata, as readers write them

_Part = tuple[str, Mapping[str, object]]  # a document's text and metadata


@dataclass(frozen=True, slots=True)
class LlamaReader:
    """A reader class for files of one suffix, and the version of what it gives."""

    suffix: str
    path: ImportPath
    version: str

    @property
    def name(self) -> str:
        """As it stands in the index: "llama_index.readers.file:PagesReader/0.5.4"."""
        return f"{self.path}/{self.version}"

    def read(self, data: bytes) -> Reading:
        """The text of all documents that the class loads, with blocks as in plain text.

        Pages are those that every document's metadata names, if they do. Raises ReadError for whatever goes
        wrong in the class.
        """
        from index.readers.builder import SEPARATOR, real_title
        from index.readers.plain.text import text_blocks, text_title

        parts = self._load(data)
        texts, numbers = [], []
        for number, group in groupby(parts, key=_page_number):
            text = SEPARATOR.join(filter(None, (text for text, _ in group)))
            if text:
                texts.append(text)
                numbers.append(number)
        whole = SEPARATOR.join(texts)
        blocks = tuple(text_blocks(whole))
        title = real_title(_title(parts)) or text_title(whole, blocks)
        return Reading(whole, blocks, tuple(_pages(texts, numbers, len(SEPARATOR))), title)

    def _load(self, data: bytes) -> list[_Part]:
        with TemporaryDirectory(prefix="qa-", ignore_cleanup_errors=True) as folder:
            file = Path(folder) / f"document{self.suffix}"
            file.write_bytes(data)
            try:
                documents = _instance(self.path).load_data(file)
                return [(_clean(document.get_content()), document.metadata) for document in documents]
            except (MemoryError, RecursionError):
                raise
            except QaError as exc:
                raise ReadError(exc.cause, exc.hint) from exc
            except Exception as exc:  # a door: anybody's class, which may raise anything
                why = mask_line(
                    f"{type(exc).__name__}: {exc}".replace(str(file), "the file"), secrets_in(os.environ)
                )
                raise ReadError(f"{self.path} failed: {why}", "see the documentation of that reader") from exc


def find_reader(suffix: str, path: ImportPath) -> LlamaReader:
    """The reader class at `path`, for files of `suffix`. Raises SettingsError if there is no such class."""
    from llama_index.core.readers.base import BaseReader

    load_class(path, BaseReader)
    return LlamaReader(suffix, path, _version(path.module))


@cache
def _instance(path: ImportPath) -> BaseReader:
    """The reader at `path`, made once in a process."""
    from llama_index.core.readers.base import BaseReader

    return cast("BaseReader", instantiate(path, BaseReader))


def _version(module: str) -> str:
    """Version of the installed distribution that holds a module; of any other a hash of its source."""
    from importlib.metadata import PackageNotFoundError, distribution

    file = Path(getattr(sys.modules[module], "__file__", None) or module)
    parts = module.split(".")
    for end in range(len(parts), 0, -1):  # llama_index.readers.file is of llama-index-readers-file
        with suppress(PackageNotFoundError):
            found = distribution("-".join(parts[:end]))
            if file.is_relative_to(str(found.locate_file(""))):
                return found.version
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "0"


def _clean(text: str) -> str:
    """`text` as it goes into the index; nothing where it is blank."""
    from index.readers.builder import SEPARATOR, clean

    text = clean(text.replace("\f", SEPARATOR)).strip("\n")
    return text if text.strip() else ""


def _title(parts: Sequence[_Part]) -> str | None:
    title = parts[0][1].get("title") if parts else None
    return title if isinstance(title, str) else None


def _page_number(part: _Part) -> int | None:
    """The page that a document says it is, if it is a number from 1."""
    for key in _PAGE_KEYS:
        label = str(part[1].get(key, ""))
        if label.isdecimal() and int(label) > 0:
            return int(label)
    return None


def _pages(texts: Sequence[str], numbers: Sequence[int | None], gap: int) -> Iterator[Page]:
    """The pages, `gap` characters apart, if every text has a number larger than the one before."""
    known = [number for number in numbers if number is not None]
    if len(known) < len(texts) or any(a >= b for a, b in pairwise(known)):
        return
    start = 0
    for number, text in zip(known, texts, strict=True):
        yield Page(number, Span(start, start + len(text)))
        start += len(text) + gap

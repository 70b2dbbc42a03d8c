"""How files are read, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    from index.readers.formats import ReadingOptions
    from index.readers.limits.limits import Limits
    from index.sync.sync import Options
    from qa.settings.settings import Settings


def reading_options(settings: Settings) -> ReadingOptions:
    """The readers that the settings name, and Tesseract if it is wanted, each of which was found.

    Raises SettingsError for what cannot be had, and for any class if connections are forbidden: it is other
    people's code, which may open some.
    """
    from index.embedding.plugins import import_path
    from index.readers.formats import ReadingOptions
    from index.readers.llama_index import LlamaReader, find_reader
    from index.readers.pdf.ocr.tesseract import find_tesseract

    found: list[LlamaReader] = []
    for named in settings.readers:
        suffix, _, text = named.partition("=")
        path = import_path(text)
        assert path is not None, "its parser has seen it"
        if settings.offline:
            raise SettingsError(
                f"the reader {path} may need a connection, which {settings.origin('offline')} forbids",
                "allow connections, or leave the reader out",
            )
        found.append(find_reader(suffix, path))
    tesseract = find_tesseract(settings.ocr_languages) if settings.ocr else None
    return ReadingOptions(tuple(found), tesseract, reading_limits(settings), hidden=settings.include_hidden)


def reading_limits(settings: Settings) -> Limits:
    """What reading one file may take."""
    from index.readers.limits.limits import Limits

    return Limits(
        settings.read_memory,
        settings.read_seconds,
        settings.max_unpacked,
        settings.max_depth,
        settings.max_cells,
    )


def sync_options(settings: Settings) -> Options:
    """What a sync takes in and how it reads. Raises as `reading_options` does."""
    from index.sync.sync import Options

    return Options(
        settings.include, settings.exclude, settings.max_file_size, reading=reading_options(settings)
    )

"""How files are read, from the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import SettingsError

if TYPE_CHECKING:
    from index.readers.formats import ReadingOptions
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
    return ReadingOptions(tuple(found), find_tesseract(settings.ocr_languages) if settings.ocr else None)

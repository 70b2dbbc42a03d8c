"""Files that this program wrote itself, known by what they hold: they are no documents.

They quote documents, and hold what models made up: read as documents, they would bear themselves out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from index.storage.catalog import FILE_NAME
from index.storage.opening.refusals import is_catalog
from index.text.patterns import lazy_compile

_BEGINNING = 2_000  # bytes, by which it is known who wrote a file
_WRITTEN = lazy_compile(
    r"""\s*\{\s*"schema"\s*:\s*"qa\.[a-z]+/\d+\""""  # every JSON format of docs/formats.md
    r"|run,id,repeat,question,status,failing,answer,|run,tag,figure,value,low,high,n"  # `qa report --csv`
    r"""|\{"pid": \d+, "since": "[^"]*", "command": """  # who writes, or wrote, to an index or a run
    r"|<!-- qa\.[a-z]+/\d+ -->"  # `/save` and tables as Markdown
    r"""|<\?xml[^>]*\?>\s*<testsuites\s+name=.qa eval\b"""  # `qa eval --junit`
    r'|<!doctype html>\s*<html[^>]*>\s*<head>\s*<meta name="generator" content="qa">',  # `qa report`
    re.IGNORECASE,
)
_OF_AN_INDEX = lazy_compile(
    r"catalog(\.format-\d+)?\.sqlite3(-\w+)?|chroma([.-]\w+)?|writer\.\w+|vectors\.(lock|json)"
)


def is_own_output(data: bytes) -> bool:
    """True for what this program wrote: saved answers and conversations, runs, reports, tables."""
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # as a shell of Windows redirects it
    beginning = data[:_BEGINNING].decode("utf-16" if wide else "latin-1", "replace")
    return _WRITTEN.match(beginning.removeprefix("\xef\xbb\xbf")) is not None


def without_index(folder: str, names: Sequence[str]) -> list[str]:
    """Of the `names` in a folder, those that are not of an index that lies in it; all where there is none."""
    if FILE_NAME not in names or not is_catalog(Path(folder, FILE_NAME)):
        return list(names)
    return [name for name in names if not _OF_AN_INDEX.fullmatch(name)]

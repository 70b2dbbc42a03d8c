"""Where something stands in a source, and of when that is, as it is shown and can be typed back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qa.output.text import printable

if TYPE_CHECKING:
    from index.types import DateOrigin, Passage
    from qa.types import Citation


HIDDEN = "hidden in the document"  # a person who opens the file does not see what is cited


def passage_ref(passage: Passage) -> str:
    """Where a passage lies: `path:start-end`, the path as that of a citation."""
    path = printable(path_from_here(passage.source.location) or passage.source.name)
    return f"{path}:{passage.chunk.span.start}-{passage.chunk.span.end}"


def citation_ref(citation: Citation) -> str:
    """`path:line`, or `path:page:line` for paged formats; the path as a terminal can open it from here."""
    path = printable(path_from_here(citation.location) or citation.source)
    return f"{path}:{citation.page}:{citation.line}" if citation.page else f"{path}:{citation.line}"


def hidden_aside(citation: Citation) -> str:
    """What follows a place where a person who opens the file finds nothing; "" for any other."""
    return f" ({HIDDEN})" if citation.hidden else ""


def date_text(date: str, origin: DateOrigin | None) -> str:
    """A source's date as it is shown: one that only the file has is said to be the file's."""
    said = {"created": "created ", "modified": "file modified "}.get(origin or "", "")
    return said + printable(date)


def path_from_here(location: str | None) -> str | None:
    """`location` relative to the working directory if it lies below it, None if no such file exists."""
    if location is None:
        return None
    path = Path(location)
    try:
        if not path.is_file():
            return None
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
    except (OSError, ValueError):  # no permission, a NUL in the name, or no working directory any more
        return None

"""Ignore files and patterns, in git's syntax."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import UsageError
from index.storage.names import composed

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


IGNORE_FILES = (".gitignore", ".qaignore")


@dataclass(frozen=True)
class FolderPatterns:
    """The ignore patterns of one folder: `depth` is how many characters of a path lie above that folder."""

    depth: int
    spec: GitIgnoreSpec


def compile_patterns(lines: Sequence[str], *, given: bool = False) -> GitIgnoreSpec:
    """Patterns in git's syntax. What is none matches nothing, as in git; `given` by hand, it is refused.

    They match paths that are composed (NFC), in whatever spelling they are written themselves.
    pathspec takes 40 ms to import and is needed only where there are any patterns.
    """
    from pathspec import GitIgnoreSpec

    specs: list[GitIgnoreSpec] = []
    for line in lines:
        try:
            specs.append(GitIgnoreSpec.from_lines([composed(line)]))
        except (ValueError, re.error, RecursionError) as exc:
            if given:
                raise UsageError(
                    f"{line!r} is no pattern", "write it as in .gitignore: '*.log', 'drafts/'"
                ) from exc
    patterns = [pattern for spec in specs for pattern in spec.patterns]
    for pattern in patterns:
        if pattern.regex is not None:
            expression = _RUN_OF_STARS.sub("[^/]*", pattern.regex.pattern)
            pattern.regex = re.compile(_STARS.sub(r"(?>[^/]*?\1)", expression))
    return GitIgnoreSpec(patterns)


_RUN_OF_STARS = re.compile(r"(?:\[\^/\]\*){2,}")  # which are one: `********b` would take years, too

# A star, and what stands between it and the next one of the same name. The first place where that fits is as
# good as any later one, so it need not be tried again: `*a*a*a*b` would otherwise take years over "aaaa…".
_STARS = re.compile(r"\[\^/\]\*((?:\\.|\[\^/\](?!\*)|\[(?!\^/\])[^\]]*\]|[^\\/()\[\]|^$*])+?)(?=\[\^/\]\*)")

"""Regular expressions that are compiled when they are first used.

A program that compiled all of its own as it starts would spend a fifth of a second on those that the question
at hand has no use for.
"""

from __future__ import annotations

import re
from typing import cast


def lazy_compile(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, in all that is asked of a pattern; mistakes in it show at its first use."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))


class _LazyPattern:
    """The text of a pattern, which takes the attributes of the compiled one as soon as one is asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._given = flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # what copies and inspects objects looks for
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._given)
        vars(self).update((each, getattr(compiled, each)) for each in dir(compiled) if each[0] != "_")
        return getattr(compiled, name)

"""Questions over your own documents, answered with the exact spans of the files they rest on.

import qa

with qa.Index("~/papers/.qa") as index:
    index.sync("~/papers")
    answer = index.ask("Why was the Budapest summit cancelled?")
print(answer.text)
for citation in answer.citations:
    print(f"[{citation.number}] {citation.source}:{citation.line}  {citation.text}")

Importing it imports nothing heavy: each name is imported when it is first used.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

TYPE_CHECKING = False  # known to type checkers; `typing` itself may not be Python's own yet, see __main__.py

__version__ = "0.1.0"

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.types import Passage, Source
    from qa import errors
    from qa.api import Index
    from qa.types import Answer, Citation, Claim, RejectedCitation

__all__ = [
    "Answer",
    "Citation",
    "Claim",
    "Filters",
    "Index",
    "Passage",
    "RejectedCitation",
    "Source",
    "errors",
]

_MODULES = {
    "Answer": "qa.types",
    "Citation": "qa.types",
    "Claim": "qa.types",
    "Filters": "index.search.filters",
    "Index": "qa.api",
    "Passage": "index.types",
    "RejectedCitation": "qa.types",
    "Source": "index.types",
}

if not TYPE_CHECKING:  # for whom every name would be one of ours

    def __getattr__(name: str) -> object:
        if name == "errors":
            return import_module("qa.errors")
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _check_packages() -> None:
    """Raises ImportError if another module stands where one of our packages is looked for."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is slow
    for name in ("index", "prompts"):
        ours = os.path.join(root, name, "__init__.py")  # noqa: PTH118
        spec = find_spec(name)
        other = spec.origin if spec else None
        if other and os.path.exists(other) and os.path.realpath(other) != os.path.realpath(ours):  # noqa: PTH110
            raise ImportError(
                f"qa finds {other} where its own package {name!r} should be\n"
                "    rename that file, or run Python where it is not on the path of modules (sys.path)"
            )


if sys.argv[:1] != ["-m"]:  # what `python -m qa` begins with: __main__.py sees to it
    _check_packages()

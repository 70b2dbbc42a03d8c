"""Style sheets that come in the same file as a page, put where the page links to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LINK = re.compile(r"<link\b[^<>]*>", re.IGNORECASE)
_SHEET = re.compile(r"\brel\s*=\s*[\"']?\s*stylesheet", re.IGNORECASE)
_ADDRESS = re.compile(r"\bhref\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_LONGEST = 1_000_000  # characters of one sheet


def with_sheets(markup: str, sheet_at: Callable[[str], str | None]) -> str:
    """`markup` with the text of each linked sheet in place of its link; `sheet_at` gives it by its address.

    A sheet that is not there leaves its link as it is.
    """

    def replaced(link: re.Match[str]) -> str:
        address = _ADDRESS.search(link[0]) if _SHEET.search(link[0]) else None
        css = sheet_at(next(filter(None, address.groups()), "")) if address else None
        return link[0] if css is None else f"<style>{css[:_LONGEST].replace('</', '< /')}</style>"

    return _LINK.sub(replaced, markup)

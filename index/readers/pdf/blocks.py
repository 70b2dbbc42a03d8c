"""A block of a page before it has a place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.readers.pdf.page import PdfLine
    from index.types import BlockKind


@dataclass(slots=True)
class PdfBlock:
    """Its lines, and what kind it is."""

    kind: BlockKind
    lines: list[PdfLine]
    level: int = 0

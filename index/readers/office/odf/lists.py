"""The numbers of list items and headings in OpenDocument files, counted as they are met."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.readers.office.odf.styles import OdfListLevel
from index.readers.office.parts.numerals import numeral
from index.readers.office.parts.symbols import in_font

_LEVELS = 10
_TELLING = frozenset("☐☑☒✓✔✗✘")


@dataclass(slots=True)
class ListCounter:
    """How far one list, or the headings, have counted on each level."""

    levels: tuple[OdfListLevel, ...]
    _counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)

    def restart(self, level: int) -> None:
        """Begin again at `level`, counted from 0, and below."""
        for at in range(level, _LEVELS):
            self._counts[at] = None

    def next(self, level: int, start: int | None = None) -> str:
        """Count one item at `level` and give its number; "" where it has none."""
        if not 0 <= level < min(_LEVELS, len(self.levels)):
            return ""
        how = self.levels[level]
        before = self._counts[level]
        if start is not None:
            self._counts[level] = start
        else:
            self._counts[level] = how.start if before is None else before + 1
        self.restart(level + 1)
        if how.numerals in {"", "none"}:
            return how.prefix.strip() + how.suffix.strip() if how.numerals else ""
        first = max(level + 1 - how.shown_levels, 0)
        shown = [
            self._shown(at) for at in range(first, level + 1) if self.levels[at].numerals not in {"", "none"}
        ]
        return f"{how.prefix}{'.'.join(shown)}{how.suffix}".strip()

    def bullet(self, level: int) -> str:
        """The bullet of an item at `level`; "" for a level with numbers."""
        how = self.levels[level] if 0 <= level < len(self.levels) else OdfListLevel(bullet="•")
        if how.numerals:
            return ""
        sign = in_font(how.bullet, "Wingdings") if "\uf000" <= how.bullet[:1] <= "\uf0ff" else how.bullet
        return sign if sign in _TELLING else "•"

    def _shown(self, level: int) -> str:
        how = self.levels[level]
        count = self._counts[level]
        return numeral(how.start if count is None else count, how.numerals)

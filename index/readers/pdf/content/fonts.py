"""The fonts of a PDF page: which are bold, and which do not say what letters their characters are."""

from __future__ import annotations

import ctypes
import re
from itertools import repeat
from typing import TYPE_CHECKING

from index.readers.pdf.content.characters import drawn_by
from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    from index.readers.pdf.content.characters import Characters, Indices

_BOLD = 600  # of a font's weight, where 400 is regular; many files state none, hence the name first
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_NAME = 128  # bytes of a font's name that are looked at
_PRIVATE = 0xE000
# Characters for private use that are known: bullets and ticks of Symbol and Wingdings.
_KNOWN = (0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0FC, 0xF0FE, 0xF06F, 0xF0FB, 0xF0FD)


class Fonts:
    """Asks pdfium about each font of a page once."""

    def __init__(self, text_page: object) -> None:
        self._text_page = text_page
        self._handle = handle_of(text_page)
        self._bold: dict[int, bool] = {}
        self._name = ctypes.create_string_buffer(_NAME)
        self._has_unmapped = False

    def bold(self, indices: Indices) -> list[bool]:
        """True for each of the characters that is bold; pdfium knows them by `indices`."""
        drawn = drawn_by(self._handle, indices).tolist()
        fonts = [native().font(each) if each else None for each in drawn]
        known = self._bold
        for font, index in zip(fonts, indices.tolist(), strict=True):
            if font is not None and font not in known:
                known[font] = self._ask(index)
        return [font is not None and known[font] for font in fonts]

    def unmapped(self, characters: Characters) -> int:
        """How many characters have no letter, as far as fonts were asked about."""
        import numpy as np

        codes = characters.codes
        if codes.max(initial=0) < _PRIVATE and not self._has_unmapped:
            return 0
        private = codes[(codes >= _PRIVATE) & (codes <= 0xF8FF)]
        nameless = codes == 0xFFFD
        if self._has_unmapped:
            indices = characters.index.tolist()
            errors = list(map(native().unmapped, repeat(self._handle), indices))
            nameless |= (np.array(errors) == 1) & ~characters.space
        return int(nameless.sum()) + int((~np.isin(private, _KNOWN)).sum())

    def _ask(self, index: int) -> bool:
        import pypdfium2.raw as pdfium

        self._has_unmapped |= native().unmapped(self._handle, index) == 1
        self._name.value = b""  # a name that is too long is not written
        pdfium.FPDFText_GetFontInfo(self._text_page, index, self._name, _NAME, None)
        if _BOLD_NAME.search(self._name.value):
            return True
        weight: int = pdfium.FPDFText_GetFontWeight(self._text_page, index)
        return weight >= _BOLD

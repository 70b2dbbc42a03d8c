"""The fonts of a PDF page: which are bold, and which do not say what letters their characters are."""

from __future__ import annotations

import ctypes
import re
from itertools import repeat
from typing import TYPE_CHECKING

from index.readers.pdf.content.native import handle_of, native

if TYPE_CHECKING:
    from index.readers.pdf.content.characters import Characters

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
        self._has_unmapped = False

    def is_bold(self, index: int) -> bool:
        """True if the character that pdfium knows by `index` is bold."""
        functions = native()
        drawn = functions.text_object(self._handle, index)
        font = functions.font(drawn) if drawn else None
        if font is None:
            return False
        bold = self._bold.get(font)
        if bold is None:
            bold = self._bold[font] = self._ask(index)
        return bold

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
        name = ctypes.create_string_buffer(_NAME)
        pdfium.FPDFText_GetFontInfo(self._text_page, index, name, _NAME, ctypes.c_int())
        if _BOLD_NAME.search(name.value):
            return True
        weight: int = pdfium.FPDFText_GetFontWeight(self._text_page, index)
        return weight >= _BOLD

"""Rich Text Format cut into tokens: groups, control words with their numbers, runs of bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# A control word with its number, \'hh, a control symbol, a brace, text; line ends of the file are nothing.
_TOKEN = re.compile(
    r"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# The encodings of fonts, by the number that a font's entry gives.
CHARSETS = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp437",
}

TokenKind = Literal["word", "byte", "symbol", "open", "close", "text"]


@dataclass(frozen=True, slots=True)
class Token:
    """One token: a word with its number (None without one), a byte, a symbol, a brace, a run of text."""

    kind: TokenKind
    text: str
    number: int | None = None


def tokens_of(source: str) -> Iterator[Token]:
    """The tokens of a file whose bytes were decoded one by one (Latin-1); binary data is passed over."""
    at = 0
    while match := _TOKEN.search(source, at):
        at = match.end()
        word, number, byte, symbol, brace, text = match.groups()
        if word:
            if word == "bin":
                at += max(int(number or 0), 0)
            else:
                yield Token("word", word, None if number is None else int(number))
        elif byte:
            yield Token("byte", chr(int(byte, 16)))
        elif symbol:
            yield Token("symbol", symbol)
        elif brace:
            yield Token("open" if brace == "{" else "close", brace)
        elif text:
            yield Token("text", text)

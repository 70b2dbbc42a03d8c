"""What the encodings that pages and mails name mean in practice.

Browsers and mail programs take ISO-8859-1 and US-ASCII for Windows-1252, which has the euro sign, dashes and
curved quotes where the standards have control characters that nobody writes (WHATWG Encoding Standard).
"""

from __future__ import annotations

import codecs
import re

from index.readers.encoding.seven_bits import decode_japanese

_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
# What other names of one byte a character mean where a text under them has control characters.
_WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-5": "cp1251",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
_CONTROL = re.compile("[\x80-\x9f]")
# The codecs of texts; Python has others under the same roof ("unicode_escape", "zip").
_TEXT_CODECS = (
    *("utf-8", "utf-16", "utf-32", "cp125", "cp437", "cp85", "cp866", "cp874", "cp932", "cp949", "iso8859"),
    *("iso2022", "koi8", "euc", "gb18030", "hz", "big5", "mac"),
)


def web_codec(label: str) -> str | None:
    """The codec for a label in a page; None for one that no page is written in.

    A page that says UTF-16 in ASCII letters is UTF-8.
    """
    codec = text_codec(label)
    if codec is None or codec.startswith(("utf-32", "cp437", "cp85", "hz")):
        return None
    return "utf-8" if codec.startswith("utf-16") else codec


def text_codec(label: str) -> str | None:
    """The codec for a label; None for one that is unknown, or not of a text."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if name.startswith(_TEXT_CODECS) else None


def decode_mail(data: bytes, label: str) -> str | None:
    """`data` as a mail program reads it under this label; None if it is not in that encoding.

    Under a label of one byte a character, bytes that are UTF-8 beyond doubt are UTF-8: programs that do not
    look at what they send write such labels.
    """
    codec = text_codec(label)
    if codec is None:
        return None
    if codec == "cp1252":
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if codec.startswith("iso2022_jp"):
        return decode_japanese(data)
    try:
        text = data.decode(codec)
        return data.decode(_WINDOWS[codec]) if codec in _WINDOWS and _CONTROL.search(text) else text
    except UnicodeDecodeError:
        return None

"""Random delimiters around quoted text, which nothing in that text can close."""

from __future__ import annotations

import secrets
from collections.abc import Callable

Draw = Callable[[], str]  # a new random mark with each call


def random_mark() -> str:
    """Eight random hexadecimal digits."""
    return secrets.token_hex(4)


def unused_mark(text: str, draw: Draw = random_mark) -> str:
    """The first mark drawn that occurs nowhere in `text`."""
    mark = draw()
    while mark in text:
        mark = draw()
    return mark


def enclosed(name: str, mark: str, text: str) -> str:
    r"""`text` between its delimiters: `enclosed("pair", "7f", "a")` is `"<pair 7f>\na\n</pair 7f>"`."""
    return f"<{name} {mark}>\n{text}\n</{name} {mark}>"

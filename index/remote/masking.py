"""API keys masked in whatever is shown: error messages, a server's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"
LONGEST = 200  # characters of a server's own words that a person is shown

_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf|key|api)[-_][A-Za-z0-9_\-*.]{8,}", re.ASCII)
_BEARER = re.compile(r"\b(bearer|basic|api[-_ ]?key\s*[:=])\s+[^\s\"',;]{4,}", re.IGNORECASE)
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")


def masked(text: str, secrets: Iterable[str | None] = ()) -> str:
    """`text` without `secrets`, and without whatever else looks like a key or a login in a URL."""
    for secret in secrets:
        if secret and len(secret) >= 4:  # masking "x" would mask every x
            text = text.replace(secret, MASK)
    text = _LOGIN.sub(f"{MASK}@", text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return _KEY_LIKE.sub(MASK, text)


def mask_line(text: str, secrets: Iterable[str | None] = ()) -> str:
    """`text` masked, on one line of at most `LONGEST` characters, without control characters."""
    text = masked(text[: 20 * LONGEST], secrets)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"

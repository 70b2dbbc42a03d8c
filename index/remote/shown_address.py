"""Addresses as they may be shown, and what of them may not: logins, queries, keys in paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit, urlunsplit

from index.remote.masking import MASK, looks_secret, masked
from index.text.patterns import lazy_compile

_HARMLESS = "api-version"  # the one field of a query that Azure wants, and no secret
_SECRET_NAME = lazy_compile(
    r"key|token|secret|password|passwd|auth|credential|sig|cookie|session|login", re.IGNORECASE
)
# Whatever stands before the last @ may be a login, wherever else an address goes wrong.
_MALFORMED = lazy_compile(
    r"(?P<scheme>[A-Za-z][\w+.-]*:/{1,3}|//)?(?:(?P<login>.*)@)?(?P<rest>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<end>.*))?",
    re.DOTALL,
)


def shown_address(text: str) -> str:
    """An address for people: no login, no query but a version of Azure's, no path that looks secret."""
    parts = _split(text)
    if parts is not None:
        login = f"{MASK}@" if "@" in parts.netloc else ""
        netloc = login + parts.netloc.rpartition("@")[2]
        harmless = re.fullmatch(rf"{_HARMLESS}=[\w-]*", parts.query)
        query = parts.query if harmless else MASK if parts.query else ""
        fragment = MASK if parts.fragment else ""
        return urlunsplit(
            parts._replace(netloc=netloc, path=_shown_path(parts.path), query=query, fragment=fragment)
        )
    found = _MALFORMED.fullmatch(text)
    assert found is not None
    login = f"{MASK}@" if found["login"] is not None else ""
    end = (f"?{MASK}" if found["query"] else "") + (f"#{MASK}" if found["end"] else "")
    return masked(f"{found['scheme'] or ''}{login}{_shown_path(found['rest'])}{end}")


def address_secrets(text: str) -> Iterator[str]:
    """What of an address must never be shown, each as it is written and as it is meant."""
    parts = _split(text)
    if parts is not None:
        login = parts.netloc.rpartition("@")[0]
        path, query, fragment = parts.path, parts.query, parts.fragment
    else:
        found = _MALFORMED.fullmatch(text)
        assert found is not None
        login, path, query, fragment = (found[name] or "" for name in ("login", "rest", "query", "end"))
    user, _, password = login.partition(":")
    for secret in (login, password, user if not password or looks_secret(user) else "", fragment):
        yield from {secret, unquote(secret)}
    for segment in filter(_is_secret, path.split("/")):
        yield from {segment, unquote(segment)}
    yield from query_secrets(tuple(parse_qsl(query)))


def query_secrets(query: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """The values of a query that are secrets, by their names or by their looks."""
    return (value for name, value in query if name != _HARMLESS and names_secret(name, value))


def names_secret(name: str, value: str) -> bool:
    """Whether what is called `name` is a secret: by that, or by its looks."""
    return bool(_SECRET_NAME.search(name)) or looks_secret(value)


def _split(text: str) -> SplitResult | None:
    """The parts of an address that is one."""
    try:
        parts = urlsplit(text)
        valid = bool(parts.scheme and parts.hostname) and parts.port != 0 and text.isprintable()
    except ValueError:
        return None
    return parts if valid and " " not in text and not _is_secret(parts.hostname or "") else None


def _shown_path(path: str) -> str:
    return "/".join(MASK if _is_secret(part) else part for part in path.split("/"))


def _is_secret(segment: str) -> bool:
    return "@" in segment or looks_secret(unquote(segment)) or masked(segment) != segment

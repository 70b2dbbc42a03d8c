"""A model server's address, key and login, read from the environment."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from index.errors import KeyRefused, SettingsError
from index.remote.masking import masked

KEY = "OPENAI_API_KEY"
URL = "OPENAI_BASE_URL"
OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """A server and what opens it. `key` and `login` (an Authorization header) are never shown.

    A server of one's own needs no key; a login comes from `https://user:password@host`, and goes first.
    """

    url: str = OPENAI
    key: str | None = field(default=None, repr=False)
    login: str | None = field(default=None, repr=False)
    key_origin: str = KEY

    @property
    def host(self) -> str:
        """The server's name, and its port if it is written: how it is spoken of."""
        return urlsplit(self.url).netloc

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown, in every form that a server might repeat."""
        forms = [self.key] if self.key else []
        if self.login is not None:
            packed = self.login.removeprefix("Basic ")
            pair = b64decode(packed).decode()
            forms += [self.login, packed, packed.rstrip("="), pair, pair.partition(":")[2]]
        return tuple(forms)

    @property
    def is_openai(self) -> bool:
        """True for OpenAI itself."""
        return f".{urlsplit(self.url).hostname}".endswith(".openai.com")


def address(environ: Mapping[str, str]) -> Address | None:
    """What the environment says, or None where it names neither a key nor a server: then nothing is sent.

    Raises KeyRefused for a key that cannot be one and SettingsError for an address that is none.
    """
    key = _key(environ.get(KEY, ""))
    given = environ.get(URL, "").strip()
    if not given:
        return Address(key=key) if key else None
    url, login = _url(given)
    return Address(url=url, key=key, login=login)


def _key(text: str) -> str | None:
    key = text.strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyRefused(
            f"the key in {KEY} holds a line break, a space or a letter that no key has", "copy it once more"
        )
    return key or None


def _url(text: str) -> tuple[str, str | None]:
    """The address without its login, and the login as a header (RFC 7617)."""
    shown = masked(text)
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        valid = valid and text.isprintable() and " " not in text
    except ValueError:
        valid = False
    if not valid:
        raise SettingsError(
            f"{URL} is not an address: {shown!r}", "write http://host:port/v1 or https://host/v1"
        )
    login = None
    if "@" in parts.netloc:
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        login = "Basic " + b64encode(pair.encode()).decode()
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    return urlunsplit(bare), login

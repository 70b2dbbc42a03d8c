"""A model server's address, key, login, query and headers, read from the environment."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from index.errors import KeyRefused, SettingsError
from index.remote import azure
from index.remote.masking import Secrets
from index.remote.shown_address import address_secrets, names_secret, query_secrets, shown_address

KEY = "OPENAI_API_KEY"
URL = "OPENAI_BASE_URL"
OPENAI = "https://api.openai.com/v1"
_ENDPOINTS = ("/chat/completions", "/completions", "/embeddings", "/responses", "/models")


@dataclass(frozen=True, slots=True)
class Address:
    """A server and what opens it. `key` and `login` (an Authorization header) are never shown.

    A server of one's own needs no key; a login comes from `https://user:password@host`, and goes first.
    `query` goes with every request, and so do `headers`, which are never shown and win over all others;
    `extra` are fields that chat requests have besides ours. `hidden` is what else must not be shown.
    """

    url: str = OPENAI
    key: str | None = field(default=None, repr=False)
    login: str | None = field(default=None, repr=False)
    key_origin: str = KEY
    query: azure.Query = field(default=(), repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    extra: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def host(self) -> str:
        """The server's name, and its port if it is written: how it is spoken of."""
        return urlsplit(self.url).netloc

    @property
    def shown(self) -> str:
        """The address as it may be shown and kept."""
        return shown_address(self.url)

    @property
    def secrets(self) -> Secrets:
        """What must never be shown, in every form that a server might repeat."""
        forms = [self.key, *address_secrets(self.url), *query_secrets(self.query), *self.hidden]
        if self.login is not None:
            packed = self.login.removeprefix("Basic ")
            pair = b64decode(packed).decode()
            forms += [self.login, packed, packed.rstrip("="), pair, pair.partition(":")[2]]
        doubtful = [value for name, value in self.query if name != azure.VERSION_FIELD]
        for name, value in self.headers:
            parts = [value, *(part for part in value.split() if len(part) >= 8)]
            doubtful += parts
            forms += [part for part in parts if names_secret(name, part)]
        return Secrets(forms, doubtful)

    @property
    def is_openai(self) -> bool:
        """True for OpenAI itself."""
        return f".{urlsplit(self.url).hostname}".endswith(".openai.com")

    @property
    def is_azure(self) -> bool:
        """True for Azure, and for a server with addresses of its form."""
        return azure.is_azure(self.url, self.query)

    @property
    def is_near(self) -> bool:
        """True for this machine and for a private network, as far as the name tells."""
        return _is_near(urlsplit(self.url).hostname or "")

    @property
    def all_headers(self) -> dict[str, str]:
        """The headers that every request has besides those of the protocol."""
        own = azure.key_header(self.key) if self.is_azure and self.key and self.login is None else ()
        return {**dict(own), **dict(self.headers)}

    def for_model(self, name: str, *, embeds: bool = False) -> Address:
        """The address at which the model of that name is asked: Azure's older form has it in its path.

        The deployment that the path names already answers; for one that `embeds` it is another.
        """
        if azure.deployment(self.url) and not embeds:
            return self
        return replace(self, url=azure.of_deployment(self.url, name))


def address(environ: Mapping[str, str]) -> Address | None:
    """What the environment says, or None where it names neither a key nor a server: then nothing is sent.

    Without OPENAI_API_KEY and OPENAI_BASE_URL, what Azure's own libraries read counts. Raises KeyRefused for
    a key that cannot be one and SettingsError for an address that is none.
    """
    key = _key(environ, KEY)
    given, variable = environ.get(URL, "").strip(), URL
    if not given and key is None and environ.get(azure.AZURE_KEY, "").strip():
        given, variable = environ.get(azure.ENDPOINT, "").strip(), azure.ENDPOINT
    if not given:
        return Address(key=key) if key else None
    url, login, query = _url(given, variable)
    origin = KEY
    if azure.is_azure(url, query) or variable == azure.ENDPOINT:
        url, query = azure.completed(url, query, environ)
        if key is None or azure.is_azure_host(url):  # one for OpenAI is not for Azure to see
            own = _key(environ, azure.AZURE_KEY)
            key, origin = (own, azure.AZURE_KEY) if own else (key, KEY)
    return Address(url=url, key=key, login=login, key_origin=origin, query=query)


def _key(environ: Mapping[str, str], variable: str) -> str | None:
    key = environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise KeyRefused(
            f"the key in {variable} holds a line break, a space or a letter that no key has",
            "copy it once more",
        )
    return key or None


def _is_near(host: str) -> bool:
    """Whether a host is of this machine or a private network: by its number, or by the form of its name."""
    try:
        return (number := ip_address(host)).is_loopback or number.is_private or number.is_link_local
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".lan", ".internal", ".home.arpa"))


def _url(text: str, variable: str) -> tuple[str, str | None, azure.Query]:
    """The address without its login, the login as a header (RFC 7617), and the query.

    The path of one request at its end, which people copy with the rest, is left out.
    """
    try:
        parts = urlsplit(text)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        valid = valid and text.isprintable() and " " not in text
    except ValueError:
        valid = False
    if not valid:
        raise SettingsError(
            f"{variable} is not an address: {shown_address(text)!r}",
            "write http://host:port/v1 or https://host/v1",
        )
    login = None
    if "@" in parts.netloc:
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        login = "Basic " + b64encode(pair.encode()).decode()
    path = parts.path.rstrip("/")
    path = next((path.removesuffix(end) for end in _ENDPOINTS if path.endswith(end)), parts.path)
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], path=path, query="", fragment="")
    return urlunsplit(bare), login, tuple(parse_qsl(parts.query, keep_blank_values=True))

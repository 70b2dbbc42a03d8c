"""The proxy that a server is reached through, as the usual variables say, and how it fails.

HTTPS_PROXY or HTTP_PROXY by the server's scheme, else ALL_PROXY, in lower case before upper case; NO_PROXY
names servers that need none. A server on this machine needs none either.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from index.errors import ModelError, ModelUnavailable, NoConnection
from index.remote.masking import MASK, Secrets, mask_line
from index.remote.shown_address import address_secrets, shown_address

_SPOKEN = ("http", "https", "socks5", "socks5h")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: its address, which may hold a password, the variable that names it, and how it is shown."""

    url: str = field(repr=False)
    variable: str
    shown: str

    def __str__(self) -> str:
        return f"the proxy {self.shown} ({self.variable})"


def proxy_for(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy through which the server at `url` is reached, None for a server that needs none.

    Raises ModelUnavailable for an address that is none, or of a proxy whose protocol is not spoken here.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    variables = (f"{parts.scheme}_proxy", "all_proxy")
    named = next(filter(None, (_named(environ, name) for name in variables)), None)
    if _is_here(host) or _exempt(host, port, (_named(environ, "no_proxy") or ("", ""))[1]):
        return None
    if named is None:
        named = _of_the_system(parts.scheme, host) if not _any_named(environ) else None
    return None if named is None else _proxy(*named, host)


def proxy_refusal(proxy: Proxy, status: int, host: str) -> ModelError:
    """The error for a proxy that answered `status` itself, in place of the server `host`."""
    if status == 407:
        return ModelUnavailable(
            f"{proxy} wants a login (407)", f"set {proxy.variable}=http://user:password@host:port"
        )
    if status < 500:
        return ModelUnavailable(
            f"{proxy} does not let us reach {host} ({status})",
            f"ask who runs it, correct {proxy.variable}, or exempt the server: NO_PROXY={bare(host)}",
        )
    return NoConnection(
        f"{proxy} cannot reach {host} ({status})", f"check OPENAI_BASE_URL and {proxy.variable}, or try again"
    )


def proxy_failure(proxy: Proxy, causes: Iterable[BaseException], host: str) -> ModelError | None:
    """Our error if one of `causes` says why `proxy` gives no connection to the server `host`."""
    import socket

    for cause in causes:
        if type(cause).__name__ == "ProxyError":  # of either HTTP library, or the one below it
            words = mask_line(str(cause), Secrets(address_secrets(proxy.url)))
            if told := re.match(r"[1-5][0-9]{2}\b", words):
                return proxy_refusal(proxy, int(told[0]), host)
            why = f"gave no connection to {host}: {words}"
        elif isinstance(cause, socket.gaierror):
            why = "cannot be found: no such name, or no network"
        elif isinstance(cause, ConnectionRefusedError):
            why = "does not answer"
        else:
            continue
        return NoConnection(
            f"{proxy} {why}",
            f"start it, correct or unset {proxy.variable}, or exempt the server: NO_PROXY={bare(host)}",
        )
    return None


def bare(host: str) -> str:
    """A host without its port."""
    return urlsplit(f"//{host}").hostname or host


def _named(environ: Mapping[str, str], name: str) -> tuple[str, str] | None:
    """The variable of that name and its value, in lower case before upper case; an empty one unsets both."""
    for spelling in (name, name.upper()):
        if spelling in environ:
            value = environ[spelling].strip()
            return (spelling, value) if value else None
    return None


def _any_named(environ: Mapping[str, str]) -> bool:
    return any(name.lower() in ("http_proxy", "https_proxy", "all_proxy") for name in environ)


def _of_the_system(scheme: str, host: str) -> tuple[str, str] | None:
    """The proxy in the settings of macOS or Windows."""
    if sys.platform not in ("darwin", "win32"):
        return None
    from urllib.request import getproxies, proxy_bypass

    url = getproxies().get(scheme)
    return None if not url or proxy_bypass(host) else ("the system's settings", url)


def _proxy(variable: str, given: str, host: str) -> Proxy:
    shown = mask_line(shown_address(given).removeprefix(f"{MASK}@").replace(f"//{MASK}@", "//"))
    text = given if "://" in given else f"http://{given}"
    scheme, _, rest = text.partition("://")
    scheme = {"socks": "socks5"}.get(scheme.lower(), scheme.lower())
    instead = f"write {variable}=http://host:port, or exempt the server: NO_PROXY={bare(host)}"
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        valid = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
        valid = valid and text.isprintable() and " " not in text
    except ValueError:
        valid = False
    if not valid:
        raise ModelUnavailable(f"{variable} is not the address of a proxy: {shown!r}", instead)
    if scheme.startswith("socks") and scheme not in _SPOKEN:
        raise ModelUnavailable(
            f"the proxy in {variable} speaks {scheme.upper()}, which is not supported: {shown}",
            "write socks5:// if it speaks that too, name an HTTP proxy, or exempt the server: "
            f"NO_PROXY={bare(host)}",
        )
    if scheme not in _SPOKEN:
        raise ModelUnavailable(f"{variable} is not the address of a proxy: {shown!r}", instead)
    if scheme.startswith("socks") and find_spec("socksio") is None:
        raise ModelUnavailable(
            f"the proxy in {variable} speaks SOCKS, for which a package is missing: {shown}",
            "install it: pip install socksio; or name an HTTP proxy, or exempt the server: "
            f"NO_PROXY={bare(host)}",
        )
    return Proxy(f"{scheme}://{rest}", variable, shown.rpartition("://")[2].rstrip("/"))


def _is_here(host: str) -> bool:
    """True for this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _exempt(host: str, port: int, listed: str) -> bool:
    """True if one of the names in NO_PROXY is `host`, a domain that it is in, or a network that it is in."""
    return any(_covers(entry, host, port) for entry in listed.replace(",", " ").split())


def _covers(entry: str, host: str, port: int) -> bool:
    entry = entry.rpartition("://")[2].lower()
    if entry == "*":
        return True
    if "/" in entry:
        try:
            return ip_address(host) in ip_network(entry, strict=False)
        except ValueError:
            entry = entry.partition("/")[0]
    if entry.count(":") <= 1 or entry.startswith("["):
        try:
            parts = urlsplit(f"//{entry}")
            if parts.port not in (None, port):
                return False
            entry = parts.hostname or ""
        except ValueError:
            return False
    name = entry.removeprefix("*").removeprefix(".").rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))

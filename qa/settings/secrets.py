"""The secrets that a process knows of, by its environment and settings, to mask in what it shows."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from index.remote.azure import AZURE_KEY, ENDPOINT
from index.remote.masking import Secrets, looks_secret, secrets_in
from index.remote.shown_address import address_secrets, names_secret
from qa.settings.request_values import REFERENCE
from qa.settings.settings import SETTINGS, Settings

_KEYS = ("OPENAI_API_KEY", AZURE_KEY)
_ADDRESSES = ("OPENAI_BASE_URL", ENDPOINT, "http_proxy", "https_proxy", "all_proxy")


def known_secrets(environ: Mapping[str, str], settings: Settings | None = None) -> Secrets:
    """All of them: keys, what addresses of servers and proxies hold, values of headers and fields.

    `settings` is None where they could not be read.
    """
    values = [*_of_environment(environ), *(_of_settings(settings, environ) if settings else ())]
    return secrets_in(environ) | Secrets(values)


def readable_by_others(settings: Settings) -> tuple[str, ...]:
    """The files that hold a secret of the settings and can be read by other users; none on Windows.

    One that only names variables of the environment holds none.
    """
    if os.name == "nt":
        return ()
    holding = {
        settings.origin(name)
        for name, declared in SETTINGS.items()
        if declared.secret and _is_in_plain(getattr(settings, name))
    }
    return tuple(sorted(path for path in holding if os.path.isfile(path) and os.stat(path).st_mode & 0o077))  # noqa: PTH113, PTH116 - an origin may be no path


def _is_in_plain(value: object) -> bool:
    """Whether the value of a secret setting holds a secret itself."""
    if isinstance(value, tuple):
        return any(not REFERENCE.search(text) and names_secret(name, text) for name, text in value)
    if not isinstance(value, str):
        return False
    return "://" not in value or any(address_secrets(value))


def _of_environment(environ: Mapping[str, str]) -> Iterator[str]:
    for name in _KEYS:
        yield environ.get(name, "").strip()
    for name in _ADDRESSES:
        for spelling in {name, name.upper()}:
            yield from address_secrets(environ.get(spelling, "").strip())


def _of_settings(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    yield settings.openai_api_key or ""
    yield from address_secrets(settings.openai_base_url or "")
    for name, text in (*settings.model_headers, *settings.embedder_headers, *settings.model_extra):
        for reference in REFERENCE.findall(text):
            yield environ.get(reference, "").strip()
        yield from (part for part in (text, *text.split()) if names_secret(name, part) or looks_secret(part))

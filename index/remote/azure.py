"""Addresses of Azure OpenAI: its two forms, and the variables that its own libraries read.

`https://NAME.openai.azure.com/openai/v1` speaks OpenAI's protocol as it is. The older form has the model in
its path, `…/openai/deployments/NAME?api-version=2024-10-21`. Either takes the key in a header of its own.
https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote, urlsplit

from index.errors import SettingsError
from index.text.patterns import lazy_compile

ENDPOINT = "AZURE_OPENAI_ENDPOINT"
AZURE_KEY = "AZURE_OPENAI_API_KEY"
VERSION = "OPENAI_API_VERSION"
VERSION_FIELD = "api-version"
HEADER = "api-key"

_HOSTS = lazy_compile(r"\.(?:azure\.(?:com|us|cn)|azure-api\.(?:net|us|cn))\Z", re.IGNORECASE)
_DEPLOYMENTS = lazy_compile(r"/openai/deployments(?:/|\Z)")
_DATED = lazy_compile(r"\d{4}-\d{2}-\d{2}(?:-preview)?")
_TOKEN = lazy_compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)  # of Entra ID: a JSON Web Token, no key

Query = tuple[tuple[str, str], ...]


def is_azure_host(url: str) -> bool:
    """True for a host of Azure, or of a gateway there."""
    return bool(_HOSTS.search(urlsplit(url).hostname or ""))


def is_azure(url: str, query: Query) -> bool:
    """True for an address of Azure's, or of a server that has its form."""
    return is_azure_host(url) or bool(_DEPLOYMENTS.search(url)) or VERSION_FIELD in dict(query)


def key_header(key: str) -> tuple[tuple[str, str], ...]:
    """The header that takes a key besides the usual one; none for a token."""
    return () if _TOKEN.fullmatch(key) else ((HEADER, key),)


def completed(url: str, query: Query, environ: Mapping[str, str]) -> tuple[str, Query]:
    """An address of Azure's with what people leave out: its path, and the version that the older form needs.

    The version is that of the address, else of OPENAI_API_VERSION; without one, a bare host means the newer
    form. Raises SettingsError for the older form without a version.
    """
    version = dict(query).get(VERSION_FIELD) or environ.get(VERSION, "").strip()
    path = urlsplit(url).path.rstrip("/")
    url = url.rstrip("/")
    bare = is_azure_host(url) and path in ("", "/openai")
    if bare and not _DATED.fullmatch(version):
        return url.removesuffix("/openai") + "/openai/v1", query
    if bare:
        url = url.removesuffix("/openai") + "/openai/deployments"
    if not _DEPLOYMENTS.search(url) or VERSION_FIELD in dict(query):
        return url, query
    if not version:
        raise SettingsError(
            f"the address of a deployment at Azure needs a version: {urlsplit(url).netloc}",
            f"write …/deployments/NAME?{VERSION_FIELD}=2024-10-21, set {VERSION}, or use …/openai/v1/",
        )
    return url, (*query, (VERSION_FIELD, version))


def deployment(url: str) -> str | None:
    """The deployment in an address of the older form, "" if it has yet to be named; None for any other."""
    found = _DEPLOYMENTS.search(url)
    return url[found.end() :].partition("/")[0] if found else None


def of_deployment(url: str, name: str) -> str:
    """An address of the older form, with that deployment in it; any other as it is."""
    found = _DEPLOYMENTS.search(url)
    return f"{url[: found.start()]}/openai/deployments/{quote(name, safe='')}" if found else url

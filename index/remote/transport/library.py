"""The openai package and the HTTP library that it rests on, imported when the first request is near."""

from __future__ import annotations

import os
import sys
import threading
from functools import cache
from typing import TYPE_CHECKING

from index.errors import ModelUnavailable
from index.remote.masking import mask_line

if TYPE_CHECKING:
    import ssl
    from types import ModuleType


class _NoAiohttp:
    """Finds no aiohttp for the thread that made it; other threads, and other modules, are found as ever."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(self, name: str, *_: object) -> None:
        if name == "aiohttp" and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(name)


def import_without_aiohttp() -> None:
    """Import openai as if aiohttp were not installed, which saves a fifth of the time that it takes.

    Only an asynchronous client may use aiohttp: `openai.DefaultAioHttpClient` cannot be had afterwards.
    """
    finder = _NoAiohttp()
    sys.meta_path.insert(0, finder)
    try:
        import openai  # noqa: F401 - that it is imported is what is wanted
    finally:
        sys.meta_path.remove(finder)


def http_library() -> ModuleType:
    """The HTTP library that openai rests on: httpx for its second major version, httpx2 for its third."""
    import openai

    for name in ("httpx2", "httpx"):  # both may be installed; openai has imported its own
        library = sys.modules.get(name)
        if library is not None and issubclass(openai.DefaultHttpxClient, library.Client):
            return library
    message = f"openai {openai.__version__} rests on neither httpx nor httpx2"
    raise ImportError(message)


@cache
def certificates() -> ssl.SSLContext:
    """Whom to trust, read once: the library's own choice, or what SSL_CERT_FILE names.

    Raises ModelUnavailable if that cannot be read.
    """
    try:
        context: ssl.SSLContext = http_library().create_ssl_context()
    except OSError as error:  # that of ssl included
        why = mask_line(error.strerror or str(error))
        path = os.environ.get("SSL_CERT_FILE", "")
        raise ModelUnavailable(
            f"cannot read the certificates in SSL_CERT_FILE, {mask_line(path)}: {why}",
            "name a file of PEM certificates there, or unset it",
        ) from None
    return context

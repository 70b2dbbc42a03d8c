"""The openai package and the HTTP library that it rests on, imported when the first request is near."""

from __future__ import annotations

import os
import sys
import threading
from functools import cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, cast

from index.errors import ModelUnavailable
from index.remote.masking import mask_line

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class _SparingFinder:
    """For the thread that made it, finds no aiohttp, and packages of openai's types that are run when used.

    Other threads, and other modules, are found as ever.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()

    def find_spec(  # what the import system asks each finder
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if threading.get_ident() != self._thread:
            return None
        if name == "aiohttp":
            raise ModuleNotFoundError(name)
        if not f"{name}.".startswith("openai.types."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None and spec.submodule_search_locations is not None:
            spec.loader = cast("Loader", _LateLoader(spec.loader))  # of a package; a module is run at once
        return spec


class _LateLoader:
    """Loads a package whose code `loader` runs when a name is first looked for in vain.

    Its modules can be imported before: what openai's packages of types do is import all of theirs.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._lock = threading.RLock()
        self._begun = False

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """As `loader` has it."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Leave its code for later."""

        def found_late(name: str) -> object:
            with self._lock:
                if not self._begun:
                    self._begun = True
                    self._loader.exec_module(module)
                    if vars(module)["__getattr__"] is found_late:
                        del vars(module)["__getattr__"]
                if vars(module).get("__getattr__") is not found_late:
                    return getattr(module, name)
            # It looks into itself while it is run.
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")

        vars(module)["__getattr__"] = found_late


def import_sparingly() -> None:
    """Import openai without what no request of ours needs, which saves two thirds of the time that it takes.

    Only an asynchronous client may use aiohttp: `openai.DefaultAioHttpClient` cannot be had afterwards. Its
    hundreds of types for what is asked and answered are there as ever, but run when the first one is used.
    """
    finder = _SparingFinder()
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
    """Whom to trust, read once (50 ms): the library's own choice, or what SSL_CERT_FILE names.

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


@cache
def no_certificates() -> ssl.SSLContext:
    """Trusts nobody: for connections that are not encrypted."""
    import ssl

    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

"""What requests to a model's server have besides the program's own: headers and fields, filled in.

A value may name a variable of the environment, `"${GATEWAY_KEY}"`, so that no file holds the secret itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.errors import SettingsError
from qa.settings.request_values import REFERENCE, Pairs, sendable
from qa.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Additions:
    """Headers and fields with their references filled in; `hidden` is what came from the environment."""

    headers: Pairs = field(default=(), repr=False)
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
    hidden: tuple[str, ...] = field(default=(), repr=False)


NOTHING = Additions()


def model_additions(settings: Settings, environ: Mapping[str, str]) -> Additions:
    """What requests to the model have besides. Raises SettingsError for a variable that is not set."""
    filler = _Filler(environ, settings.origin("model_headers"))
    sent = tuple((name, filler.header(name, text)) for name, text in settings.model_headers)
    filler.origin = settings.origin("model_extra")
    extra = {name: filler.filled(name, json.loads(text)) for name, text in settings.model_extra}
    return Additions(sent, extra, tuple(filler.used))


def embedder_additions(settings: Settings, environ: Mapping[str, str]) -> Additions:
    """What requests to the embedder have besides. Raises SettingsError for a variable that is not set."""
    filler = _Filler(environ, settings.origin("embedder_headers"))
    return Additions(tuple((name, filler.header(name, text)) for name, text in settings.embedder_headers))


def fields_sha256(settings: Settings) -> str | None:
    """The hash of the fields as their file has them, variables by name; None if there are none."""
    if not settings.model_extra:
        return None
    return hashlib.sha256(json.dumps(sorted(settings.model_extra)).encode()).hexdigest()


class _Filler:
    """Fills in references to variables, and knows what it filled in."""

    def __init__(self, environ: Mapping[str, str], origin: str) -> None:
        self._environ = environ
        self.origin = origin
        self.used: list[str] = []

    def header(self, name: str, text: str) -> str:
        value = self._text(name, text)
        if not sendable(value):
            raise SettingsError(
                f"{self.origin}: the header {name} would have a line break or a letter that no header has",
                "correct the variable that it names",
            )
        return value

    def filled(self, name: str, value: object) -> object:
        if isinstance(value, dict):
            return {key: self.filled(name, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(name, each) for each in value]
        return self._text(name, value) if isinstance(value, str) else value

    def _text(self, name: str, text: str) -> str:
        def value(reference: re.Match[str]) -> str:
            found = self._environ.get(reference[1], "").strip()
            if not found:
                raise SettingsError(
                    f"{self.origin}: {name} names the variable {reference[1]}, which is not set",
                    f"set it: export {reference[1]}=…",
                )
            self.used.append(found)
            return found

        return REFERENCE.sub(value, text)

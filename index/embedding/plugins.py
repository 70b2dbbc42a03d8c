"""Classes loaded by import path: `package.module:Class` or `package.module:Class:model-name`.

Importing a module runs it: a path must come from the user's own settings, never from a file that came with
documents.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib import import_module
from inspect import Parameter, signature

from index.errors import SettingsError
from index.remote.masking import mask_line, secrets_in

_PATH = re.compile(
    r"(?P<module>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):(?P<name>[A-Z]\w*)(?::(?P<model>.+))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ImportPath:
    """Where a class is, and the model that it is asked for, if one is named."""

    module: str
    name: str
    model: str | None = None

    def __str__(self) -> str:
        return ":".join(part for part in (self.module, self.name, self.model) if part)


def import_path(text: str) -> ImportPath | None:
    """`text` as a path with a dot before its first colon, or None for a plain name such as `llama3:8b`."""
    match = _PATH.fullmatch(text.strip())
    if match is None or "." not in match["module"]:
        return None
    return ImportPath(match["module"], match["name"], match["model"])


def instantiate(path: ImportPath, base: type, **options: object) -> object:
    """An object of the class at `path`, which must be a kind of `base`.

    It is given the model's name, and those of `options` that it has a field for. Raises SettingsError for
    whatever goes wrong, without a key.
    """
    kind = load_class(path, base)
    fields = getattr(kind, "model_fields", {})
    taken = signature(kind.__init__).parameters  # type: ignore[misc]  # of the class itself, no kind of it
    every = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in taken.values())
    given = {name: value for name, value in options.items() if name in fields and (every or name in taken)}
    if path.model is not None:
        given["model" if "model" in fields or "model_name" not in fields else "model_name"] = path.model
    try:
        return kind(**given)
    except Exception as exc:  # noqa: BLE001  # a door: anybody's class, which may raise anything
        why = mask_line(f"{type(exc).__name__}: {exc}", secrets_in(os.environ))
    raise SettingsError(f"{path} cannot be made: {why}", "see its own documentation for the key it needs")


def load_class(path: ImportPath, base: type) -> type:
    """The class at `path`, which must be a kind of `base`. Raises SettingsError for whatever goes wrong."""
    kind = _load(path)
    if not (isinstance(kind, type) and issubclass(kind, base)):
        raise SettingsError(f"{path.module}:{path.name} is no {base.__name__}", "check the name")
    return kind


def _load(path: ImportPath) -> object:
    try:
        return getattr(import_module(path.module), path.name, None)
    except ModuleNotFoundError as exc:
        package = path.module.replace("_", "-").replace(".", "-")
        own = f"{path.module}.".startswith(f"{exc.name}.")  # else it is something that it needs
        cause = f"there is no module {path.module if own else exc.name}"
        hint = f"install it: pip install {package}" if package.startswith("llama-index") else "check the name"
    except Exception as exc:  # noqa: BLE001  # a door: anybody's module, which may raise anything
        cause = mask_line(f"{path.module} cannot be imported: {exc}", secrets_in(os.environ))
        hint = "see its own documentation"
    raise SettingsError(cause, hint)

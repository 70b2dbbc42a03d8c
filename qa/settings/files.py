"""Reads a settings file: TOML, each value by its setting's own parser, everything else refused by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from qa.settings.values import Setting, WrongValueError

Layer = dict[str, tuple[Any, str]]  # values that came through their own parsers, each with its origin

_LARGEST_FILE = 1_000_000  # bytes; a settings file beyond that is something else
_PRIVATE = re.compile(r"key|token|secret|password|url|server|address|base|host", re.IGNORECASE)


def read_file(path: Path, settings: Mapping[str, Setting], *, project: bool) -> Layer:
    """What the file at `path` says of `settings`, which are there by name.

    Raises SettingsError for a name or a value that is wrong, or not for a `project` to set, and for a file
    that is no TOML or cannot be read.
    """
    text = _read(path)
    by_key = {declared.form.key or name: (name, declared) for name, declared in settings.items()}
    layer: Layer = {}
    for key, value in _keys(_content(path, text), by_key):
        where = f"{path}{_line_of(key, text)}"
        name, declared = _declared(key, where, by_key, project=project)
        form = declared.form
        parse = form.in_project_as if project and form.in_project_as else declared.parse
        try:
            layer[name] = parse(value), str(path)
        except WrongValueError as exc:
            cause = f"{where}: {key} takes {exc}"
            cause += "" if form.show else f", not {declared.masked(value)}"
            raise SettingsError(cause, "correct the file") from exc
        if name == "instructions_file":
            layer[name] = _beside(layer[name][0], path, project=project), str(path)
    return layer


def _content(path: Path, text: str) -> dict[str, object]:
    import tomllib

    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        hint = "correct the file, or move it away"
        if table := re.search(r"^\s*\[(model|embedder)\.", text, re.MULTILINE):
            hint = f'{hint}; beside such a table the name stands in one as well: [{table[1]}], name = "..."'
        raise SettingsError(f"{path} is not valid TOML: {exc}", hint) from exc


def _keys(content: Mapping[str, object], known: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The settings of a file with their values; the table [model] holds several, `name` among them."""
    for name, value in content.items():
        if isinstance(value, dict) and any(key.startswith(f"{name}.") for key in known):
            for part, inner in value.items():
                yield (name if part == "name" else f"{name}.{part}"), inner
        else:
            yield name, value


def _declared(
    key: str, where: str, by_key: Mapping[str, tuple[str, Setting]], *, project: bool
) -> tuple[str, Setting]:
    """The setting that files call `key`, with its name, if a file of this sort may set it."""
    found = by_key.get(key)
    if project and (_PRIVATE.search(key) if found is None else not found[1].in_project):
        elsewhere = "" if found and found[1].variable is None else "as an option, in the environment or "
        raise SettingsError(
            f"{where}: a project's file may not set {key}",
            f"give it {elsewhere}in your own settings file (`qa config` names it)",
        )
    if key == "embedder.extra":
        raise SettingsError(
            f"{where}: requests to an embedder take no fields of one's own",
            "they would make vectors that compare with no others; headers are possible: [embedder.headers]",
        )
    if found is None:
        from difflib import get_close_matches

        near = get_close_matches(key, by_key, n=1)
        known = ", ".join(by_key)
        raise SettingsError(
            f"{where}: unknown setting {key!r}",
            f"did you mean {near[0]!r}?" if near else f"known settings: {known}",
        )
    return found


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise SettingsError(f"{path} is too large for a settings file", "move it away, or set QA_CONFIG")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as exc:
        reason = exc.strerror or str(exc)
        raise SettingsError(
            f"cannot read {path}: {reason}", "make the file readable, or move it away"
        ) from exc
    except UnicodeDecodeError as exc:
        raise SettingsError(f"{path} is not UTF-8 (byte {exc.start})", "save the file as UTF-8") from exc


def _line_of(name: str, text: str) -> str:
    """`:12` for the line that names the top-level key or table, or nothing where it cannot be told."""
    key = re.compile(rf"""^\s*\[*\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
    lines = (number for number, line in enumerate(text.splitlines(), start=1) if key.match(line))
    return next((f":{number}" for number in lines), "")


def _beside(path: str, settings_file: Path, *, project: bool) -> str:
    """A path as a settings file has it: from its folder on; a project's may not lead out of that.

    Raises SettingsError: what is read goes to a model's server.
    """
    base = settings_file.resolve().parent
    whole = (base / path).resolve()
    if project and not whole.is_relative_to(base):
        raise SettingsError(
            f"{settings_file}: instructions_file lies outside the project",
            "name a file below the folder of qa.toml",
        )
    if project and any(part.startswith(".") for part in whole.relative_to(base).parts):  # .env, .git/config
        raise SettingsError(
            f"{settings_file}: instructions_file is hidden",
            "name a file that is not, or not in such a folder",
        )
    return str(whole)

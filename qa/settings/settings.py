"""Settings and where each comes from: flag, environment, `qa.toml` beside the index, user file, default.

Knows the names, the kinds of value and the precedence of settings. Does not know what they are used for. A
project's file may come with somebody else's documents, so it can set neither keys nor a server's address,
nor where the index is.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, TypeVar

from index.errors import SettingsError, UsageError
from index.remote.address import KEY, URL
from index.remote.masking import MASK, masked
from index.storage.location import FOLDER, nearest
from index.sync.files import DEFAULT_MAX_FILE_SIZE
from qa.settings.values import (
    WrongValueError,
    dollars,
    folder,
    one_of,
    parse_size,
    patterns,
    whole_number,
    words,
    yes_or_no,
)

T = TypeVar("T")
PROJECT_FILE = "qa.toml"
_LARGEST_FILE = 1_000_000  # bytes; a settings file beyond that is something else
_PRIVATE = re.compile(r"key|token|secret|password|url|server|address|base|host", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and where it comes from: "--k", "QA_K", the path of a file, or "default"."""

    value: T
    origin: str = "default"


@dataclass(frozen=True, slots=True)
class Settings:
    """The effective settings. `index` is None where none was named: then the nearest one upwards counts."""

    index: Setting[Path | None] = Setting(None)
    k: Setting[int] = Setting(10)
    offline: Setting[bool] = Setting(False)
    color: Setting[str] = Setting("auto")
    model: Setting[str | None] = Setting(None)
    embedder: Setting[str | None] = Setting(None)
    timeout: Setting[int] = Setting(120)
    check: Setting[str] = Setting("rules")
    stream: Setting[bool | None] = Setting(None)
    max_cost: Setting[float | None] = Setting(None)
    prompt_tokens: Setting[int | None] = Setting(None)
    openai_api_key: Setting[str | None] = Setting(None)
    openai_base_url: Setting[str | None] = Setting(None)
    include: Setting[tuple[str, ...]] = Setting(())
    exclude: Setting[tuple[str, ...]] = Setting(())
    max_file_size: Setting[int] = Setting(DEFAULT_MAX_FILE_SIZE)


@dataclass(frozen=True, slots=True)
class _Field:
    """How a setting is read. `variable` is its environment variable; a project's file may not set all."""

    parse: Callable[[object], object]
    variable: str | None
    in_project: bool = True
    secret: bool = False

    def shown(self, value: object) -> str:
        """A value as an error may show it."""
        return MASK if self.secret else repr(value)


_FIELDS: dict[str, _Field] = {
    "index": _Field(folder, "QA_INDEX", in_project=False),
    "k": _Field(whole_number(1, 1000), "QA_K"),
    "offline": _Field(yes_or_no, "QA_OFFLINE", in_project=False),
    "color": _Field(one_of("auto", "always", "never"), "QA_COLOR"),
    # A model may cost money, and one that is named by import path is code: documents do not choose it.
    "model": _Field(words, "QA_MODEL", in_project=False),
    "embedder": _Field(words, "QA_EMBEDDER", in_project=False),
    "timeout": _Field(whole_number(1, 3600), "QA_TIMEOUT"),
    "check": _Field(one_of("none", "rules", "llm"), "QA_CHECK", in_project=False),
    "stream": _Field(yes_or_no, "QA_STREAM"),
    "max_cost": _Field(dollars, "QA_MAX_COST", in_project=False),
    "prompt_tokens": _Field(whole_number(500, 10_000_000), "QA_PROMPT_TOKENS", in_project=False),
    "openai_api_key": _Field(words, KEY, in_project=False, secret=True),
    "openai_base_url": _Field(words, URL, in_project=False, secret=True),
    "include": _Field(patterns, None),
    "exclude": _Field(patterns, None),
    "max_file_size": _Field(parse_size, "QA_MAX_FILE_SIZE"),
}


def load_settings(
    flags: Mapping[str, object], *, environ: Mapping[str, str], directory: Path, user_file: Path | None = None
) -> Settings:
    """The settings in force in `directory`. A flag that is None, and an empty list of them, was not given.

    Raises `UsageError` for a flag and `SettingsError` for anything else that is wrong: unknown name, wrong
    kind of value, a file that is no TOML or cannot be read.
    """
    settings: dict[str, Setting[object]] = {}
    for path in _user_files(environ, user_file):
        settings.update(_from_file(path, project=False))
    outer = {**settings, **_from_environment(environ), **_from_flags(flags)}
    named = outer.get("index")
    folder = named.value if named is not None and isinstance(named.value, Path) else None
    beside = folder.absolute().parent if folder else (nearest(directory) or directory / FOLDER).parent
    project = beside / PROJECT_FILE
    if project.is_file():
        settings.update(_from_file(project, project=True))
    settings.update(_from_environment(environ))
    settings.update(_from_flags(flags))
    return Settings(**settings)  # type: ignore[arg-type]  # each value came through its own field's parser


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own settings file: what `QA_CONFIG` names, else where the platform keeps such files."""
    if environ.get("QA_CONFIG"):
        return Path(environ["QA_CONFIG"]).expanduser()
    from platformdirs import user_config_path

    return user_config_path("qa", appauthor=False) / "config.toml"


def _user_files(environ: Mapping[str, str], named: Path | None) -> list[Path]:
    path = named or user_file(environ)
    if path.is_file():
        return [path]
    if environ.get("QA_CONFIG"):
        raise SettingsError(f"QA_CONFIG names {path}, which is no file", "correct it, or unset QA_CONFIG")
    return []


def _from_flags(flags: Mapping[str, object]) -> dict[str, Setting[object]]:
    found: dict[str, Setting[object]] = {}
    for name, value in flags.items():
        if value is None or value in ([], ()):
            continue
        flag = "--" + name.replace("_", "-")
        try:
            found[name] = Setting(_FIELDS[name].parse(value), flag)
        except WrongValueError as exc:
            raise UsageError(f"{flag} takes {exc}, not {value!r}", "see --help") from exc
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, Setting[object]]:
    found: dict[str, Setting[object]] = {}
    for name, field in _FIELDS.items():
        if field.variable is None or not environ.get(field.variable):
            continue
        try:
            found[name] = Setting(field.parse(environ[field.variable]), field.variable)
        except WrongValueError as exc:
            raise SettingsError(
                f"{field.variable} takes {exc}, not {field.shown(environ[field.variable])}",
                f"correct the environment variable, or unset it: unset {field.variable}",
            ) from exc
    return found


def _from_file(path: Path, *, project: bool) -> dict[str, Setting[object]]:
    text = _read(path)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise SettingsError(f"{path} is not valid TOML: {exc}", "correct the file, or move it away") from exc
    found: dict[str, Setting[object]] = {}
    for name, value in content.items():
        where = f"{path}{_line_of(name, text)}"
        field = _known(name, where, project=project)
        try:
            found[name] = Setting(field.parse(value), str(path))
        except WrongValueError as exc:
            shown = field.shown(value)
            raise SettingsError(f"{where}: {name} takes {exc}, not {shown}", "correct the file") from exc
    return found


def _known(name: str, where: str, *, project: bool) -> _Field:
    """The field called `name`, if a file of this sort may set it."""
    field = _FIELDS.get(name)
    if project and (_PRIVATE.search(name) if field is None else not field.in_project):
        raise SettingsError(
            f"{where}: a project's file may not set {name}",
            "set it by flag, in the environment or in your own settings file (`qa config` names it)",
        )
    if field is None:
        near = get_close_matches(name, _FIELDS, n=1)
        known = ", ".join(_FIELDS)
        raise SettingsError(
            f"{where}: unknown setting {name!r}",
            f"did you mean {near[0]!r}?" if near else f"known settings: {known}",
        )
    return field


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


def described(settings: Settings) -> list[tuple[str, object, str]]:
    """Each setting as (name, plain value, origin), in their order: what `qa config` shows, without keys."""
    rows: list[tuple[str, object, str]] = []
    for name in _FIELDS:
        setting: Setting[object] = getattr(settings, name)
        rows.append((name, _hidden(name, _plain(setting.value)), setting.origin))
    return rows


def _hidden(name: str, value: object) -> object:
    """A key as nothing but the fact that there is one; an address without its login."""
    if value is None or not _FIELDS[name].secret:
        return value
    return masked(str(value)) if name == "openai_base_url" else MASK


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return os.fspath(value)
    return list(value) if isinstance(value, tuple) else value

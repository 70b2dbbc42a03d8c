"""All settings, each declared once, and where its value comes from.

An option wins over the environment, that over `qa.toml` beside the index, that over the user's own file, and
that over the default. A project's file may come with somebody else's documents, so it can set neither keys
nor a server's address, nor where the index is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from index.errors import SettingsError, UsageError
from index.remote.address import KEY, URL
from index.remote.masking import MASK, masked
from index.storage.location import index_folder
from index.sync.files import DEFAULT_MAX_FILE_SIZE
from qa.settings.values import (
    Setting,
    WrongValueError,
    dollars,
    folder,
    languages,
    one_of,
    parse_size,
    patterns,
    reader_classes,
    setting,
    whole_number,
    words,
    yes_or_no,
)

PROJECT_FILE = "qa.toml"
_LARGEST_FILE = 1_000_000  # bytes; a settings file beyond that is something else
_PRIVATE = re.compile(r"key|token|secret|password|url|server|address|base|host", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, as plain values. `origins` says of each that is not a default where it is from.

    `index` is None where none was named: then the nearest one upwards counts. `given` are the names of the
    options that a caller gave, which may ask for more than a file may.
    """

    index: Path | None = setting(  # noqa: RUF009 - a field of a dataclass, as those below
        None, folder, "QA_INDEX", "The index; by default the nearest .qa.", in_project=False
    )
    k: int | None = setting(
        None, whole_number(1, 1000), "QA_K", "At most so many passages: 10, or what fits a model's prompt."
    )
    offline: bool = setting(
        False, yes_or_no, "QA_OFFLINE", "Never open a network connection.", in_project=False
    )
    color: Literal["auto", "always", "never"] = setting(
        "auto", one_of("auto", "always", "never"), "QA_COLOR", "Colour: auto, always or never."
    )
    # A model may cost money, and one that is named by import path is code: documents do not choose it.
    model: str | None = setting(
        None,
        words,
        "QA_MODEL",
        "The model that answers, or package.module:Class of a LlamaIndex LLM.",
        in_project=False,
    )
    embedder: str | None = setting(
        None,
        words,
        "QA_EMBEDDER",
        "For a new index: openai/MODEL, or package.module:Class of a LlamaIndex embedding.",
        in_project=False,
    )
    timeout: int = setting(
        120,
        whole_number(1, 3600),
        "QA_TIMEOUT",
        "Seconds of silence of a model's server: 120.",
    )
    check: Literal["none", "rules", "llm"] = setting(
        "rules",
        one_of("none", "rules", "llm"),
        "QA_CHECK",
        "Check claims: none, rules (default), llm (a judge too).",
        in_project=False,
    )
    stream: bool | None = setting(
        None, yes_or_no, "QA_STREAM", "Show the answer while it is written; so on a terminal."
    )
    plan: bool = setting(
        True, yes_or_no, "QA_PLAN", "Have the model write search queries first; so by default."
    )
    reader: Literal["none", "minilm"] = setting(
        "none",
        one_of("none", "minilm"),
        "QA_READER",
        "Read passages with a small model: none (default), minilm.",
        in_project=False,
    )
    max_cost: float | None = setting(
        None, dollars, "QA_MAX_COST", "Ask a model only while it costs no more.", in_project=False
    )
    prompt_tokens: int | None = setting(
        None,
        whole_number(500, 10_000_000),
        "QA_PROMPT_TOKENS",
        "Tokens that a prompt may take, passages included.",
        in_project=False,
    )
    openai_api_key: str | None = setting(
        None, words, KEY, "The key of the model's server.", in_project=False, secret=True
    )
    openai_base_url: str | None = setting(
        None,
        words,
        URL,
        "The address of any server that speaks OpenAI's protocol.",
        in_project=False,
        secret=True,
    )
    include: tuple[str, ...] = setting((), patterns, None, "Only files that match. Repeatable.")
    exclude: tuple[str, ...] = setting((), patterns, None, "No files that match. Repeatable.")
    max_file_size: int = setting(
        DEFAULT_MAX_FILE_SIZE, parse_size, "QA_MAX_FILE_SIZE", "Skip larger files: 500KB, 20MB."
    )
    readers: tuple[str, ...] = setting(
        (),
        reader_classes,
        "QA_READERS",
        "Read .SUFFIX by package.module:Class, a LlamaIndex reader: SUFFIX=CLASS. Repeatable.",
        in_project=False,
    )
    # Tesseract is one more program that takes hostile pictures apart: documents do not turn it on.
    ocr: bool = setting(
        False, yes_or_no, "QA_OCR", "Read scanned pages and images with Tesseract.", in_project=False
    )
    ocr_languages: str = setting(
        "eng", languages, "QA_OCR_LANGUAGES", "The languages of scanned pages and images: eng+deu."
    )
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    given: frozenset[str] = field(default=frozenset(), compare=False)

    def origin(self, name: str) -> str:
        """Where a value comes from: an option as it is written, "QA_K", the path of a file, or "default"."""
        return self.origins.get(name, "default")

    def with_options(self, options: Mapping[str, object], spell: Callable[[str], str] = str) -> Settings:
        """These settings with `options` over them, each read by its setting's parser.

        One that is None, or an empty list, was not given. `spell` says how a person writes an option. Raises
        UsageError.
        """
        layer = _from_options(options, spell)
        return replace(_over(self, layer), given=self.given | layer.keys())


_Layer = dict[str, tuple[Any, str]]  # values that came through their own parsers, each with its origin

SETTINGS: dict[str, Setting] = {
    declared.name: declared.metadata["setting"]
    for declared in fields(Settings)
    if "setting" in declared.metadata
}


def _over(settings: Settings, layer: _Layer) -> Settings:
    """`settings` with those of `layer` in their place."""
    values = {name: value for name, (value, _) in layer.items()}
    origins = {name: origin for name, (_, origin) in layer.items()}
    return replace(settings, **values, origins={**settings.origins, **origins})


def load_settings(
    options: Mapping[str, object],
    *,
    environ: Mapping[str, str],
    directory: Path,
    user_file: Path | None = None,
    spell: Callable[[str], str] = str,
) -> Settings:
    """The settings in force in `directory`; for `options` and `spell` see `Settings.with_options`.

    Raises `UsageError` for an option and `SettingsError` for anything else that is wrong: unknown name, wrong
    kind of value, a file that is no TOML or cannot be read.
    """
    settings = Settings()
    for path in _user_files(environ, user_file):
        settings = _over(settings, _from_file(path, project=False))
    environment = _from_environment(environ)
    named = _over(settings, environment).with_options(options, spell).index
    if (project := index_folder(directory, named).parent / PROJECT_FILE).is_file():
        settings = _over(settings, _from_file(project, project=True))
    return _over(settings, environment).with_options(options, spell)


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own settings file: what `QA_CONFIG` names, else where the platform keeps such files."""
    if environ.get("QA_CONFIG"):
        return Path(environ["QA_CONFIG"]).expanduser()
    from platformdirs import user_config_path

    return user_config_path("qa", appauthor=False) / "config.toml"


def described(settings: Settings) -> list[tuple[str, object, str]]:
    """Each setting as (name, plain value, origin), in their order: what `qa config` shows, without keys."""
    rows: list[tuple[str, object, str]] = []
    for name, declared in SETTINGS.items():
        value: object = getattr(settings, name)
        if declared.secret and value is not None:  # an address is shown without its login
            value = masked(str(value)) if name == "openai_base_url" else MASK
        rows.append((name, _plain(value), settings.origin(name)))
    return rows


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return os.fspath(value)
    return list(value) if isinstance(value, tuple) else value


def _user_files(environ: Mapping[str, str], named: Path | None) -> list[Path]:
    path = named or user_file(environ)
    if path.is_file():
        return [path]
    if environ.get("QA_CONFIG"):
        raise SettingsError(f"QA_CONFIG names {path}, which is no file", "correct it, or unset QA_CONFIG")
    return []


def _from_options(options: Mapping[str, object], spell: Callable[[str], str]) -> _Layer:
    layer: _Layer = {}
    for name, value in options.items():
        if value is None or value in ([], ()):
            continue
        try:
            layer[name] = SETTINGS[name].parse(value), spell(name)
        except WrongValueError as exc:
            raise UsageError(f"{name} takes {exc}, not {value!r}", option=name) from exc
    return layer


def _from_environment(environ: Mapping[str, str]) -> _Layer:
    layer: _Layer = {}
    for name, declared in SETTINGS.items():
        variable = declared.variable
        if variable is None or not environ.get(variable):
            continue
        try:
            layer[name] = declared.parse(environ[variable]), variable
        except WrongValueError as exc:
            raise SettingsError(
                f"{variable} takes {exc}, not {declared.masked(environ[variable])}",
                f"correct the environment variable, or unset it: unset {variable}",
            ) from exc
    return layer


def _from_file(path: Path, *, project: bool) -> _Layer:
    import tomllib

    text = _read(path)
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise SettingsError(f"{path} is not valid TOML: {exc}", "correct the file, or move it away") from exc
    layer: _Layer = {}
    for name, value in content.items():
        where = f"{path}{_line_of(name, text)}"
        declared = _declared(name, where, project=project)
        try:
            layer[name] = declared.parse(value), str(path)
        except WrongValueError as exc:
            cause = f"{where}: {name} takes {exc}, not {declared.masked(value)}"
            raise SettingsError(cause, "correct the file") from exc
    return layer


def _declared(name: str, where: str, *, project: bool) -> Setting:
    """The setting called `name`, if a file of this sort may set it."""
    declared = SETTINGS.get(name)
    if project and (_PRIVATE.search(name) if declared is None else not declared.in_project):
        raise SettingsError(
            f"{where}: a project's file may not set {name}",
            "give it as an option, in the environment or in your own settings file (`qa config` names it)",
        )
    if declared is None:
        from difflib import get_close_matches

        near = get_close_matches(name, SETTINGS, n=1)
        known = ", ".join(SETTINGS)
        raise SettingsError(
            f"{where}: unknown setting {name!r}",
            f"did you mean {near[0]!r}?" if near else f"known settings: {known}",
        )
    return declared


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

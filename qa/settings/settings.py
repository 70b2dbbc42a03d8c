"""All settings, each declared once, and where its value comes from.

An option wins over the environment, that over `qa.toml` beside the index, that over the user's own file, and
that over the default. A project's file may come with somebody else's documents, so it can set neither keys
nor a server's address, nor where the index is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal

from index.errors import SettingsError, UsageError
from index.readers.limits.limits import DEFAULT_LIMITS
from index.remote.address import KEY, URL
from index.remote.masking import MASK
from index.remote.shown_address import shown_address
from index.storage.location import expanded, index_folder
from index.sync.files import DEFAULT_MAX_FILE_SIZE
from qa.settings import request_values as requests
from qa.settings.files import Layer, read_file
from qa.settings.values import (
    Form,
    Setting,
    WrongValueError,
    dollars,
    folder,
    instructions_path,
    instructions_text,
    languages,
    limit,
    one_of,
    only_yes,
    parse_size,
    patterns,
    price_rows,
    reader_classes,
    setting,
    shown_prices,
    size_from,
    whole_number,
    words,
    yes_or_no,
)

PROJECT_FILE = "qa.toml"
LEAST_MEMORY = 100_000_000  # bytes: below, no reader can work


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
        None,
        whole_number(1, 1000),
        "QA_K",
        "At most so many passages: 10, or what fits a model's prompt.",
        in_project=True,
    )
    offline: bool = setting(
        False,
        yes_or_no,
        "QA_OFFLINE",
        "Never open a network connection.",
        form=Form(in_project_as=only_yes),
        in_project=True,
    )
    color: Literal["auto", "always", "never"] = setting(
        "auto",
        one_of("auto", "always", "never"),
        "QA_COLOR",
        "Colour: auto, always or never.",
        in_project=True,
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
        in_project=True,
    )
    check: Literal["none", "rules", "llm"] = setting(
        "rules",
        one_of("none", "rules", "llm"),
        "QA_CHECK",
        "Check claims: none, rules (default), llm (a judge too).",
        in_project=False,
    )
    stream: bool | None = setting(
        None,
        yes_or_no,
        "QA_STREAM",
        "Show the answer while it is written; so on a terminal.",
        in_project=True,
    )
    plan: bool = setting(
        True,
        yes_or_no,
        "QA_PLAN",
        "Have the model write search queries first; so by default.",
        in_project=True,
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
    model_headers: tuple[tuple[str, str], ...] = setting(
        (),
        requests.headers,
        None,
        "Headers that requests to the model have besides.",
        in_project=False,
        secret=True,
        form=Form("model.headers", show=requests.shown_headers),
    )
    model_extra: tuple[tuple[str, str], ...] = setting(
        (),
        requests.fields,
        None,
        "Fields that requests to the model have besides.",
        secret=True,
        form=Form("model.extra", requests.harmless_fields, requests.shown_fields),
        in_project=True,
    )
    embedder_headers: tuple[tuple[str, str], ...] = setting(
        (),
        requests.headers,
        None,
        "Headers that requests to the embedder have besides.",
        in_project=False,
        secret=True,
        form=Form("embedder.headers", show=requests.shown_headers),
    )
    # A price of nothing would take a limit of costs away: documents do not name any.
    prices: tuple[tuple[str, float, float, float], ...] = setting(
        (),
        price_rows,
        None,
        "Prices of models, in US dollars per million tokens.",
        in_project=False,
        form=Form(show=shown_prices),
    )
    instructions: str | None = setting(
        None,
        instructions_text,
        None,
        "How answers are to be worded; the rules of qa stay above it.",
        in_project=True,
    )
    instructions_file: str | None = setting(
        None, instructions_path, None, "A file with such instructions.", in_project=True
    )
    include: tuple[str, ...] = setting(
        (), patterns, None, "Only files that match. Repeatable.", in_project=True
    )
    exclude: tuple[str, ...] = setting(
        (), patterns, None, "No files that match. Repeatable.", in_project=True
    )
    # Limits: a project's file may set lower ones, and none higher than these or than the user's own.
    max_file_size: int = limit(
        DEFAULT_MAX_FILE_SIZE, parse_size, "QA_MAX_FILE_SIZE", "Skip larger files: 500KB, 20MB."
    )
    read_memory: int = limit(
        DEFAULT_LIMITS.memory, size_from(LEAST_MEMORY), "QA_READ_MEMORY", "Memory to read a file with: 1GB."
    )
    read_seconds: int = limit(
        DEFAULT_LIMITS.seconds,
        whole_number(1, 86_400),
        "QA_READ_SECONDS",
        "Seconds that reading one file may take, and one more for each MB: 60.",
    )
    max_unpacked: int = limit(
        DEFAULT_LIMITS.unpacked,
        parse_size,
        "QA_MAX_UNPACKED",
        "Text that a file may unpack to: 200MB.",
    )
    max_depth: int = limit(
        DEFAULT_LIMITS.depth, whole_number(10, 10_000_000), "QA_MAX_DEPTH", "How deep a page may be nested."
    )
    max_cells: int = limit(
        DEFAULT_LIMITS.cells, whole_number(100, 999_999_999), "QA_MAX_CELLS", "Cells that a file may have."
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
        "eng",
        languages,
        "QA_OCR_LANGUAGES",
        "The languages of scanned pages and images: eng+deu.",
        in_project=True,
    )
    # Hidden text is what others wrote for nobody to see: documents do not turn it on.
    include_hidden: bool = setting(
        False,
        yes_or_no,
        "QA_INCLUDE_HIDDEN",
        "Read text that is hidden in a file too, and mark it where it is cited.",
        in_project=False,
    )
    chroma: bool = setting(
        True,
        yes_or_no,
        "QA_CHROMA",
        "Keep a Chroma collection, in the background; so by default.",
        in_project=True,
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


SETTINGS: dict[str, Setting] = {
    declared.name: declared.metadata["setting"]
    for declared in fields(Settings)
    if "setting" in declared.metadata
}


def _over(settings: Settings, layer: Layer) -> Settings:
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
        settings = _over(settings, read_file(path, SETTINGS, project=False))
    environment = _from_environment(environ)
    named = _over(settings, environment).with_options(options, spell).index
    if (project := index_folder(directory, named).parent / PROJECT_FILE).is_file():
        layer = read_file(project, SETTINGS, project=True)
        settings = _over(settings, _within_limits(layer, settings))
        if "offline" in layer:  # only a person at the command line takes that back
            environment.pop("offline", None)
    return _over(settings, environment).with_options(options, spell)


def _within_limits(layer: Layer, settings: Settings) -> Layer:
    """What a project's file says, without limits above those that were in force: it may come from anybody."""
    return {
        name: said
        for name, said in layer.items()
        if not SETTINGS[name].form.limit or said[0] <= getattr(settings, name)
    }


def user_file(environ: Mapping[str, str]) -> Path:
    """The user's own settings file: what `QA_CONFIG` names, else where the platform keeps such files."""
    if environ.get("QA_CONFIG"):
        return expanded(environ["QA_CONFIG"])
    from platformdirs import user_config_path

    return user_config_path("qa", appauthor=False) / "config.toml"


def described(settings: Settings) -> list[tuple[str, object, str]]:
    """Each setting as (name, plain value, origin), in their order: what `qa config` shows, without keys."""
    rows: list[tuple[str, object, str]] = []
    for name, declared in SETTINGS.items():
        value: object = getattr(settings, name)
        if (show := declared.form.show) and value:
            value = show(value)
        elif declared.secret and value not in (None, ()):  # an address is shown without its secrets
            value = shown_address(str(value)) if name == "openai_base_url" else MASK
        rows.append((declared.form.key or name, _plain(value), settings.origin(name)))
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


def _from_options(options: Mapping[str, object], spell: Callable[[str], str]) -> Layer:
    layer: Layer = {}
    for name, value in options.items():
        if value is None or value in ([], ()):
            continue
        try:
            layer[name] = SETTINGS[name].parse(value), spell(name)
        except WrongValueError as exc:
            raise UsageError(f"{name} takes {exc}, not {value!r}", option=name) from exc
    return layer


def _from_environment(environ: Mapping[str, str]) -> Layer:
    layer: Layer = {}
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

"""Setting declarations, and the parsers of their values, from text or TOML.

A parser raises WrongValueError, which says what it takes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from index.embedding.plugins import import_path
from index.remote.masking import MASK
from index.storage.location import expanded

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

_UNITS = {"": 1, "b": 1, "k": 1024, "kb": 1024, "m": 1024**2, "mb": 1024**2, "g": 1024**3, "gb": 1024**3}
LONGEST_INSTRUCTIONS = 2_000  # characters: the passages need the rest of a small model's prompt
_PRICE_PARTS = ("input", "output", "cached_input")
_PRICED = set(_PRICE_PARTS)


class WrongValueError(Exception):
    """A value is not of the kind its setting asks for; says which kind that is."""


@dataclass(frozen=True, slots=True)
class Form:
    """What is particular about a setting in files: what they call it, and what a project's may say of it.

    `show` gives what may be seen of its value. A project's may lower a `limit`, and not raise it.
    """

    key: str | None = None
    in_project_as: Callable[[object], Any] | None = None
    show: Callable[[Any], object] | None = None
    limit: bool = False


_PLAIN = Form()


@dataclass(frozen=True, slots=True)
class Setting:
    """How a setting is read and explained.

    `variable` is its environment variable, if it has one. Each says whether it is `in_project`: what runs
    code, opens programs, sends anything or costs is not, nor is one that says nothing. Then the file beside
    documents may not set it. The value of one that is `secret` is never shown.
    """

    parse: Callable[[object], object]
    variable: str | None
    purpose: str
    in_project: bool | None = None
    secret: bool = False
    form: Form = _PLAIN

    def masked(self, value: object) -> str:
        """A value as an error may show it."""
        return MASK if self.secret else repr(value)


def setting(
    default: T,
    parse: Callable[[object], T],
    variable: str | None,
    purpose: str,
    *,
    in_project: bool | None = None,
    secret: bool = False,
    form: Form = _PLAIN,
) -> T:
    """A field of a dataclass that is a setting; `parse` gives values of its type. See `Setting`."""
    declared = Setting(parse, variable, purpose, in_project, secret, form)
    return field(default=default, repr=not secret, metadata={"setting": declared})


def limit(default: int, parse: Callable[[object], int], variable: str, purpose: str) -> int:
    """A setting that protects the user: a project's file takes it no higher than the default."""

    def parse_in_project(value: object) -> int:
        number = parse(value)
        if number > default:
            message = f"at most {default:,} in a project's file"
            raise WrongValueError(message)
        return number

    form = Form(in_project_as=parse_in_project, limit=True)
    return setting(default, parse, variable, purpose, in_project=True, form=form)


def whole_number(low: int, high: int) -> Callable[[object], int]:
    """A whole number between the two, both included."""

    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            message = f"a whole number from {low} to {high}"
            raise WrongValueError(message)
        return value

    return parse


def yes_or_no(value: object) -> bool:
    """True or false, also in words and as 1 or 0."""
    if isinstance(value, str):
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            value.lower()
        )
    if not isinstance(value, bool):
        message = "true or false"
        raise WrongValueError(message)
    return value


def only_yes(value: object) -> bool:
    """True, and nothing else."""
    if not yes_or_no(value):
        message = "true, if anything, in a project's file"
        raise WrongValueError(message)
    return True


def one_of(*choices: Word) -> Callable[[object], Word]:
    """One of a few words."""

    def parse(value: object) -> Word:
        for choice in choices:
            if value == choice:
                return choice
        raise WrongValueError("one of " + ", ".join(choices))

    return parse


def patterns(value: object) -> tuple[str, ...]:
    """A list of texts, or one alone."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, (list, tuple)) or not all(isinstance(part, str) and part for part in value):
        message = 'a list of patterns such as ["*.md", "notes/"]'
        raise WrongValueError(message)
    return tuple(value)


def reader_classes(value: object) -> tuple[str, ...]:
    """SUFFIX=package.module:Class, each a text: from a table, a list of such texts, or one with commas."""
    if isinstance(value, dict):
        value = [f"{suffix}={path}" for suffix, path in value.items()]
    if isinstance(value, str):
        value = value.split(",")
    pairs = [str(part).partition("=") for part in value] if isinstance(value, (list, tuple)) else []
    named = {suffix.strip().lower(): path.strip() for suffix, _, path in pairs}
    for suffix, path in named.items():
        found = import_path(path)
        if not re.fullmatch(r"\.[^\s./\\]+", suffix) or found is None or found.model is not None:
            named = {}
            break
    if not named:
        message = 'readers by suffix, such as ".pages=package.module:Class"'
        raise WrongValueError(message)
    return tuple(f"{suffix}={path}" for suffix, path in named.items())


def languages(value: object) -> str:
    """Names of Tesseract's language data, with a plus between."""
    text = value.replace(" ", "") if isinstance(value, str) else ""
    if not re.fullmatch(r"\w+(?:[/-]\w+)*(?:\+\w+(?:[/-]\w+)*)*", text, re.ASCII):
        message = "languages as Tesseract names them, such as eng+deu"
        raise WrongValueError(message)
    return text


def parse_size(value: object) -> int:
    """Bytes: a whole number, or one with a unit (`"50MB"`, powers of 1024)."""
    match = re.fullmatch(r"\s*([0-9]{1,12})\s*([a-zA-Z]{0,2})\s*", str(value))
    if isinstance(value, bool) or match is None or match[2].lower() not in _UNITS or int(match[1]) == 0:
        message = 'a size such as 500000 or "50MB"'
        raise WrongValueError(message)
    return int(match[1]) * _UNITS[match[2].lower()]


def size_from(least: int) -> Callable[[object], int]:
    """Bytes, at least so many; see `parse_size`."""

    def parse(value: object) -> int:
        size = parse_size(value)
        if size < least:
            message = f"a size of at least {least:,} bytes"
            raise WrongValueError(message)
        return size

    return parse


def words(value: object) -> str:
    """Any text but an empty one."""
    if not isinstance(value, str) or not value.strip():
        message = "a text"
        raise WrongValueError(message)
    return value.strip()


def dollars(value: object) -> float:
    """An amount of money, not negative."""
    try:
        number = math.nan if isinstance(value, bool) else float(str(value).strip().removeprefix("$"))
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        message = "an amount in US dollars such as 0.5"
        raise WrongValueError(message)
    return number


def price_rows(value: object) -> tuple[tuple[str, float, float, float], ...]:
    """Prices by model in US dollars per million tokens: name, input, output, cached input."""
    rows: list[tuple[str, float, float, float]] = []
    for name, row in value.items() if isinstance(value, dict) else ():
        if not isinstance(row, dict) or not {"input", "output"} <= row.keys() <= _PRICED:
            rows = []
            break
        paid, written, cached = (dollars(row.get(part, row["input"])) for part in _PRICE_PARTS)
        rows.append((name, paid, written, cached))
    if not rows:
        message = 'prices by model: [prices."NAME"] with input, output, and cached_input if that differs'
        raise WrongValueError(message)
    return tuple(rows)


def shown_prices(rows: tuple[tuple[str, float, float, float], ...]) -> object:
    """Prices as a file has them."""
    return {name: dict(zip(_PRICE_PARTS, row, strict=True)) for name, *row in rows}


def folder(value: object) -> Path:
    """A path; `~` is the user's home."""
    if not isinstance(value, (str, Path)) or not str(value).strip() or "\0" in str(value):
        message = "a folder's path"
        raise WrongValueError(message)
    return expanded(value)


def instructions_text(value: object) -> str:
    """A text that is not too long."""
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST_INSTRUCTIONS:
        message = f"a text of at most {LONGEST_INSTRUCTIONS:,} characters"
        raise WrongValueError(message)
    return text


def instructions_path(value: object) -> str:
    """The path of a file."""
    try:
        return str(folder(value))
    except WrongValueError as exc:
        message = "a file's path"
        raise WrongValueError(message) from exc

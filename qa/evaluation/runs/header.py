"""`run.json`: everything that could change a run's answers, and how two runs differ in it."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from prompts import load
from qa import __version__
from qa.answering.generative.prompt import INSTRUCTIONS, PROMPT
from qa.answering.planning import PROMPT as QUERIES
from qa.answering.retrieval import PASSAGES
from qa.evaluation.runs.codec import pack, unpack
from qa.evaluation.runs.serialization import check_schema
from qa.evaluation.types import RecordId

if TYPE_CHECKING:
    from index.search.filters import Filters
    from index.storage.catalog import Catalog
    from qa.answering.generative.generate import AnswerModel
    from qa.models.base import LLM

RUN = "qa.run/1"
_PACKAGES = ("openai", "llama-index-core", "chromadb", "numpy")


@dataclass(frozen=True, slots=True)
class QuestionSelection:
    """Which questions a run is of. What of it changes between two commands changes no answer.

    `questions` is the file's name as it was given, `sha256` of its bytes. `keys` are the questions that were
    chosen from it, in order: what is scored is these, each `repeat` times.
    """

    questions: str
    sha256: str
    keys: tuple[str, ...]
    tags: tuple[str, ...] = ()
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    repeat: int = 1

    @property
    def record_ids(self) -> tuple[RecordId, ...]:
        """The records that a whole run has, every question once before any a second time."""
        return tuple((key, repeat) for repeat in range(1, self.repeat + 1) for key in self.keys)


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """The settings that change answers.

    `k` is None where a model was given as many passages as its prompt has room for. `model` is None without
    one, and then so are `check`, `prompt_tokens`, the budget of a prompt, and `plan`, whether it was asked
    for search queries. `sources`, `since` and `until` are the filters of the whole run;
    `reader` is the small reader, if one. `server` is the address where the model is asked, without login and
    query; None without one, where a class of its own asks it, and in runs of earlier versions.
    `instructions` and `extra` are the SHA-256 of a person's own instructions and of the fields that their
    settings add to requests, None without.
    """

    k: int | None
    model: str | None = None
    check: str | None = None
    prompt_tokens: int | None = None
    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    plan: bool | None = None
    reader: str | None = None
    server: str | None = None
    instructions: str | None = None
    extra: str | None = None


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an index holds, whenever and in however many steps it was made.

    `sha256` is over name, hash and reader of every source, in the order of their names.
    """

    embedder: str
    chunker: str
    sources: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Named:
    """Something by name: a package's version, a prompt's SHA-256."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Header:
    """All that is known of a run before its first question. `created` is in UTC, ISO 8601."""

    asked: QuestionSelection
    made: AnswerSettings
    index: Fingerprint
    prompts: tuple[Named, ...] = ()
    versions: tuple[Named, ...] = ()
    offline: bool = False
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


def answer_settings(
    k: int | None, filters: Filters, model: AnswerModel | None, reader: str | None = None
) -> AnswerSettings:
    """The settings of a run, as far as they change answers."""
    return AnswerSettings(
        PASSAGES if k is None and model is None else k,
        None if model is None else model.llm.name,
        None if model is None else model.check,
        None if model is None else model.prompt_tokens,
        filters.sources,
        filters.since,
        filters.until,
        None if model is None else model.plan,
        reader,
        None if model is None else server_of(model.llm),
        hashlib.sha256(model.instructions.encode()).hexdigest() if model and model.instructions else None,
        None if model is None else model.extra_sha256,
    )


def server_of(llm: LLM) -> str | None:
    """The address where a model is asked, without what could be secret or differ in writing alone.

    None where the model does not say.
    """
    url = getattr(llm, "server", None)
    if not isinstance(url, str):
        return None
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}{parts.path.rstrip('/')}"


def fingerprint(catalog: Catalog) -> Fingerprint:
    """What the index holds; to be called in the thread of the catalog. Raises UnusableIndex."""
    with catalog.snapshot():
        manifest = catalog.manifest
        rows = [(source.name, source.sha256, source.reader) for source in catalog.sources()]
    digest = hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()
    return Fingerprint(manifest.embedder, manifest.chunker, len(rows), digest)


def prompts_of(made: AnswerSettings) -> tuple[Named, ...]:
    """The prompts that such a run sends, with the hashes of their texts; none without a model."""
    if made.model is None:
        return ()
    optional = {INSTRUCTIONS: made.instructions, QUERIES: made.plan, "judge_support": made.check == "llm"}
    names = (PROMPT, *(name for name, sent in optional.items() if sent))
    return tuple(Named(name, load(name).sha256) for name in names)


def versions() -> tuple[Named, ...]:
    """The version of this program, of Python, and those of the packages that take part."""
    ours = [Named("qa", __version__), Named("python", ".".join(map(str, sys.version_info[:3])))]
    return (*ours, *(Named(name, version(name)) for name in _PACKAGES))


def header_object(header: Header) -> dict[str, object]:
    """A header as an object of JSON."""
    packed = pack(header)
    for name in ("prompts", "versions"):
        packed[name] = {named["name"]: named["value"] for named in packed[name]}
    return {"schema": RUN, **packed}


def header_of(row: Mapping[str, object]) -> Header:
    """The header that `header_object` made an object of. Raises TooNew, and ValueError if it is none."""
    check_schema(row, RUN)
    data = dict(row)
    for name in ("prompts", "versions"):
        values = data.get(name, {})
        if not isinstance(values, Mapping):
            raise ValueError(f"{name} is no object")
        data[name] = [{"name": key, "value": value} for key, value in values.items()]
    return unpack(Header, data)


def differences(old: Header, new: Header) -> tuple[str, ...]:
    """What an answer of one run could differ by from one of the other, each as `name (old, now new)`."""
    pairs: list[tuple[str, object, object]] = [
        (name, getattr(old.made, name), getattr(new.made, name))
        for name in AnswerSettings.__dataclass_fields__
        if name not in ("plan", "server")
    ]
    pairs.append(("plan", bool(old.made.plan), bool(new.made.plan)))  # no earlier version planned
    if old.made.server is not None and new.made.server is not None:  # earlier versions did not note it
        pairs.append(("the server's address", old.made.server, new.made.server))
    pairs += [
        ("embedder", old.index.embedder, new.index.embedder),
        ("chunker", old.index.chunker, new.index.chunker),
        ("qa's version", _value(old.versions, "qa"), _value(new.versions, "qa")),
    ]
    changes = [
        f"{name} ({_value_text(was)}, now {_value_text(now)})" for name, was, now in pairs if was != now
    ]
    if old.index.sha256 != new.index.sha256:
        changes.append(f"the index ({_sources(old.index)}, now {_sources(new.index)} that are not the same)")
    were = {prompt.name: prompt.value for prompt in old.prompts}
    changes += [f"the prompt {now.name}" for now in new.prompts if were.get(now.name, now.value) != now.value]
    return tuple(changes)


def _value(named: Sequence[Named], name: str) -> str | None:
    return next((entry.value for entry in named if entry.name == name), None)


def _sources(index: Fingerprint) -> str:
    return f"{index.sources:,} source{'' if index.sources == 1 else 's'}"


def _value_text(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value):  # a hash
        return value[:12]
    return "none" if value is None else str(value)

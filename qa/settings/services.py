"""Hosted services that only a key in the environment leads to, and what a person decided about them.

A key is often there for other programs. Whoever names a model, an address or an embedder, or keeps the key
in their own settings file, means it; else a person is asked once for each index. Decisions are kept in the
user's state folder, not in the index, which may come from somebody else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from index.embedding.plugins import import_path
from index.errors import StorageError
from index.remote.address import KEY, address
from index.storage.atomic import replace_file
from qa.settings.settings import Settings

Sent = Literal["questions", "documents"]  # a question with its passages; the text of all documents

SCHEMA = "qa.services/1"
_ANSWER = "your answer for this index"


@dataclass(frozen=True, slots=True)
class HostedService:
    """A service that would be asked: its `host`, and the `variable` that holds the key."""

    host: str
    variable: str


def service_of_key(settings: Settings, environ: Mapping[str, str]) -> HostedService | None:
    """The hosted service that is asked because of a key in the environment alone; None if there is none.

    None also where connections are forbidden, or were allowed outright, where an address is set, the key is
    in a file, or the server is of this machine or a private network. Raises what `address` raises.
    """
    if settings.offline or "offline" in settings.given or settings.openai_base_url:
        return None
    if settings.openai_api_key and settings.origin("openai_api_key") != KEY:
        return None
    where = address(environ)
    return None if where is None or where.is_near else HostedService(where.host, where.key_origin)


def answering_service(settings: Settings, environ: Mapping[str, str], embedder: str) -> HostedService | None:
    """The service that would answer, where nobody named a model; see `service_of_key`.

    A class of LlamaIndex answers elsewhere; then it is the one that embeds questions, if the index has such
    an `embedder`.
    """
    if settings.model is None:
        return service_of_key(settings, environ)
    return embedding_service(settings, environ, embedder) if import_path(settings.model) else None


def embedding_service(settings: Settings, environ: Mapping[str, str], embedder: str) -> HostedService | None:
    """The service that would embed the documents of an index with that `embedder`, where nobody named it."""
    named = settings.embedder == embedder or "embedder" in settings.given
    return service_of_key(settings, environ) if embedder.startswith("openai/") and not named else None


def declined(settings: Settings) -> Settings:
    """The settings where a person does not want anything sent."""
    return replace(settings, offline=True, origins={**settings.origins, "offline": _ANSWER})


def decisions_file() -> Path:
    """Where decisions are kept."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / "services.json"


def decided(path: Path, index: Path, service: HostedService, sent: Sent) -> bool | None:
    """What was decided for the index in that folder, as the file at `path` has it; None if nothing was.

    Raises StorageError for a file that cannot be read.
    """
    found = _decisions(path).get(str(index.resolve()), {}).get(service.host, {}).get(sent)
    return found if isinstance(found, bool) else None


def remember(path: Path, index: Path, service: HostedService, sent: Sent, *, allowed: bool) -> None:
    """Keep a decision. Raises StorageError if it cannot be."""
    indexes = _decisions(path)
    indexes.setdefault(str(index.resolve()), {}).setdefault(service.host, {})[sent] = allowed
    text = json.dumps({"schema": SCHEMA, "indexes": indexes}, ensure_ascii=True, indent=1) + "\n"
    hint = "make room, or the folder"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", hint) from exc
    replace_file(path, text.encode("ascii"), hint=hint)


def _decisions(path: Path) -> dict[str, dict[str, dict[str, object]]]:
    """All decisions, by index and by host."""
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, PermissionError):  # then nobody could decide either
        return {}
    except (OSError, ValueError, RecursionError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else "it is not JSON"
        raise StorageError(f"cannot read {path}: {why}", "remove it: you are then asked again") from exc
    indexes = content.get("indexes") if isinstance(content, dict) else None
    return {
        index: {host: dict(sent) for host, sent in hosts.items() if isinstance(sent, dict)}
        for index, hosts in (indexes if isinstance(indexes, dict) else {}).items()
        if isinstance(hosts, dict)
    }

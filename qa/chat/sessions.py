"""Saved conversations: JSON Lines files that only their owner can read.

A file is replaced as a whole, so that a kill leaves the old one or the new one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StorageError, UsageError
from index.storage.atomic import replace_file
from qa.chat.followup import Turn
from qa.output.listing import print_table
from qa.output.text import json_text, printable

if TYPE_CHECKING:
    from qa.output.console import Console

SCHEMA = "qa.session/1"
LATEST = "last"
_SUFFIX = ".jsonl"
_NAME = re.compile(r"\w[\w -]{0,79}")
_LARGEST = 50_000_000  # bytes; no conversation is longer


@dataclass(frozen=True, slots=True)
class Session:
    """A saved conversation, as it is listed. `saved` is a time in UTC, as ISO 8601."""

    name: str
    saved: str
    turns: int
    first: str


def sessions_folder() -> Path:
    """Where sessions are kept: the user's state folder."""
    from platformdirs import user_state_path

    return user_state_path("qa", appauthor=False) / "sessions"


def name_for(question: str, taken: Sequence[str]) -> str:
    """A name from the words of a first question, that no other session has."""
    words = re.findall(r"\w+", question.casefold())[:6]
    base = "-".join(words)[:50] or "session"
    base = f"{base}-1" if base == LATEST else base
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def save(folder: Path, name: str, turns: Sequence[tuple[Turn, Mapping[str, object]]]) -> Path:
    """Write a session, each turn with its answer as an object; one of that name is replaced.

    Raises UsageError for a name that is none, StorageError if it cannot be written.
    """
    path = _path(folder, name)
    head = {"schema": SCHEMA, "name": name, "saved": datetime.now(UTC).isoformat(timespec="seconds")}
    rows = [{"typed": turn.typed, "question": turn.question, "answer": answer} for turn, answer in turns]
    text = "".join(json_text(json.dumps(row, ensure_ascii=False)) + "\n" for row in (head, *rows))
    hint = "make room, or save the answer"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise StorageError(f"cannot write {path}: {exc.strerror or exc}", hint) from exc
    replace_file(path, text.encode("utf-8", "backslashreplace"), hint=hint)
    return path


def load(folder: Path, name: str) -> tuple[str, tuple[tuple[Turn, Mapping[str, object]], ...]]:
    """The name and the turns of a session; `last` is the one saved last. Raises UsageError, StorageError."""
    if name == LATEST:
        listed = sessions(folder)
        if not listed:
            raise UsageError("no session was saved yet", "save one in a conversation: /save")
        name = listed[0].name
    path = _path(folder, name)
    if not path.is_file():
        raise UsageError(f"there is no session {name!r}", "the saved ones are listed by: qa chat --sessions")
    _, *rows = _rows(path)
    return name, tuple(_turn(row, path, number) for number, row in enumerate(rows, 2))


def sessions(folder: Path) -> tuple[Session, ...]:
    """The saved sessions that can be read, the latest first."""
    listed: list[Session] = []
    for path in folder.glob(f"*{_SUFFIX}"):
        with suppress(StorageError):  # `load` says what is wrong with it
            head, *rows = _rows(path)
            saved, first = head.get("saved"), rows[0].get("typed") if rows else ""
            listed.append(Session(path.name.removesuffix(_SUFFIX), str(saved), len(rows), str(first)))
    return tuple(sorted(listed, key=lambda session: (session.saved, session.name), reverse=True))


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a session's name", "use letters, digits, spaces, - and _")
    return folder / f"{name}{_SUFFIX}"


def _rows(path: Path) -> list[dict[str, object]]:
    """The objects of a session's file, the head first. Raises StorageError if it is no such file."""
    try:
        if path.stat().st_size > _LARGEST:
            raise StorageError(f"{path} is too large for a session", "move it away")
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except OSError as exc:
        raise StorageError(f"cannot read {path}: {exc.strerror or exc}", "make the file readable") from exc
    except (ValueError, RecursionError) as exc:
        raise StorageError(f"{path} is damaged: {exc}", "move it away") from exc
    if not (rows and all(isinstance(row, dict) for row in rows) and rows[0].get("schema") == SCHEMA):
        raise StorageError(f"{path} is no session of this version", "move it away")
    return rows


def _turn(row: Mapping[str, object], path: Path, number: int) -> tuple[Turn, Mapping[str, object]]:
    typed, question, answer = row.get("typed"), row.get("question"), row.get("answer")
    if isinstance(typed, str) and isinstance(question, str) and isinstance(answer, dict):
        text = answer.get("text")
        if isinstance(text, str):
            return Turn(typed, question, text), answer
    raise StorageError(f"{path} is damaged: line {number} is no turn", "move it away")


def print_sessions(sessions: Sequence[Session], console: Console) -> None:
    """The conversations that were kept: name, when, how many questions, and the first of them."""
    if not sessions:
        console.log("No conversation was kept yet. In one: /save")
        return
    rows = [
        (printable(each.name), printable(each.saved), str(each.turns), printable(each.first))
        for each in sessions
    ]
    print_table([("name", "saved", "questions", "first question"), *rows], console, right={2}, loose={3})

"""Question sets as JSON Lines that are changed one row at a time, all others to the byte as they were."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from index.errors import StorageError, UsageError
from index.storage.atomic import replace_file
from qa.evaluation.sets.dataset import CSV_SUFFIXES, JSON_SUFFIXES, question_key, read_set
from qa.evaluation.types import Question
from qa.output.text import json_text

_ID = 8  # hexadecimal digits of the hash of a question's text


def check_writable(path: Path, writer: str) -> None:
    """Raise UsageError for a file that cannot be written in the end, before anything is asked.

    `writer` is what writes it, for the message: "/gold".
    """
    if path.suffix.lower() in CSV_SUFFIXES:
        raise UsageError(
            f"{path} is CSV, and {writer} writes JSON Lines", "name a file that ends with .jsonl"
        )
    if path.suffix.lower() not in JSON_SUFFIXES:
        raise UsageError(f"cannot tell the format of {path}", "name a file that ends with .jsonl")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", "make it first, or name another file")
    if not os.access(path.parent, os.W_OK):
        raise UsageError(f"the folder {path.parent} cannot be written", "name a file elsewhere")


def questions_in(path: Path, writer: str) -> tuple[Question, ...]:
    """The questions and drafts of a set that may not be there yet. Raises SetError, UsageError."""
    with suppress(OSError):  # `read_set` tells
        if not path.exists() or (path.is_file() and not path.read_bytes().strip()):
            return ()
    held = read_set(path)
    questions = (*held.questions, *held.drafts)
    if held.form is not None or held.foreign or not _is_lines(path.read_bytes(), len(questions)):
        raise UsageError(
            f"{path} is no set as {writer} writes one: an object a line, with our names of fields",
            "name another file",
        )
    return questions


def change_lines(path: Path, change: Callable[[list[bytes]], Sequence[bytes]]) -> None:
    """Put what `change` makes of the lines of a file in its place, as a whole; its mode stays.

    The last line is what stands behind the last newline. Raises StorageError, and what `change` raises.
    """
    try:
        target = path.resolve()
        there = target.exists()
        lines = (target.read_bytes() if there else b"").split(b"\n")
    except OSError as exc:
        raise StorageError(f"cannot read {path}: {exc.strerror or exc}", "make the file readable") from exc
    replace_file(target, b"\n".join(change(lines)))


def with_rows(lines: list[bytes], rows: Sequence[Mapping[str, object]]) -> list[bytes]:
    """The lines of a file, with rows more at its end."""
    kept = lines if lines[-1].strip() else lines[:-1]
    return [*kept, *map(line_of, rows), b""]


def row_in(line: bytes) -> dict[str, object]:
    """The row that a line of a set holds."""
    row = json.loads(line.decode("utf-8-sig"))
    assert isinstance(row, dict)
    return row


def line_of(row: Mapping[str, object]) -> bytes:
    """A row as a line of a set."""
    return json_text(json.dumps(row, ensure_ascii=False)).encode()


def free_id(question: Question, taken: Collection[str]) -> str:
    """An id made of the question's text alone, so that it stays when more is said of the question."""
    base = question_key(Question("", question.text))[:_ID]
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _is_lines(data: bytes, questions: int) -> bool:
    """Whether a set is JSON Lines, so that one question can be changed and the others left alone."""
    lines = [line for line in data.split(b"\n") if line.strip()]
    try:
        first = json.loads(lines[0].decode("utf-8-sig"))
    except ValueError:
        return False
    return len(lines) == questions and isinstance(first, dict) and "question" in first

"""Reads receipts: saved answers, conversations and run folders, with every citation in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import UsageError
from index.types import Span
from qa.types import Citation

RECORDS = "records.jsonl"  # of a run folder
HOW = "what can be verified are answers saved as JSON, saved conversations, and run folders"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A saved answer: the file it was read from, its question and text, and what it cites.

    What the sides of its disagreements cite is among its citations.
    """

    file: str
    question: str
    text: str
    citations: tuple[Citation, ...]


def read_receipts(path: Path, name: str) -> list[Receipt]:
    """The answers in a file or run folder, `name` being what a person calls it.

    Raises UsageError if there are none, or it cannot be read.
    """
    file = path / RECORDS if path.is_dir() else path
    try:
        data = file.read_bytes()
    except OSError as error:
        why = "it is no run folder" if path.is_dir() else error.strerror or str(error)
        raise UsageError(f"cannot read {name}: {why}", HOW) from error
    return receipts_in(data, name)


def receipts_in(data: bytes, name: str) -> list[Receipt]:
    """The answers in JSON, or in JSON Lines. Raises UsageError if there are none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is no saved answer: it is not UTF-8", HOW) from error
    values = _parsed(text, name)
    receipts = [_receipt(answer, name) for value in values for answer in _answers(value)]
    if not receipts:
        raise UsageError(f"{name} holds no answer of qa", HOW)
    return receipts


def _parsed(text: str, name: str) -> list[object]:
    """One value, or one a line; a last line that was not written to its end, by a killed run, is left out."""
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    except RecursionError as error:
        raise UsageError(f"{name} is no saved answer: it is nested too deeply", HOW) from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    values: list[object] = []
    for number, line in lines:
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if number == lines[-1][0] and values and not text.endswith("\n"):
                break
            raise UsageError(f"{name}, line {number}, is no JSON", HOW) from error
    return values


def _answers(value: object) -> Iterator[Mapping[str, Any]]:
    """The answers in a value, wherever they stand in it."""
    if isinstance(value, dict):
        if isinstance(value.get("citations"), list) and isinstance(value.get("text"), str):
            yield value
        else:
            for part in value.values():
                yield from _answers(part)
    elif isinstance(value, list):
        for part in value:
            yield from _answers(part)


def _receipt(answer: Mapping[str, Any], name: str) -> Receipt:
    try:
        cited = [_citation(row) for row in (*answer["citations"], *_sides(answer))]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{name} has a citation that is not as qa writes it", HOW) from error
    by_number = {citation.number: citation for citation in reversed(cited)}
    question = answer.get("question")
    return Receipt(
        name,
        question if isinstance(question, str) else "",
        answer["text"],
        tuple(by_number[number] for number in sorted(by_number)),
    )


def _sides(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What the sides of its disagreements cite."""
    for found in answer.get("disagreements") or ():
        for side in found["sides"]:
            yield from side["citations"]


def _citation(row: Mapping[str, Any]) -> Citation:
    """A citation as it was saved. Raises KeyError, TypeError or ValueError if it is none."""
    span = Span(int(row["start"]), int(row["end"]))
    texts = [row["source"], row["sha256"], row["text"]]
    optional = [row.get("title"), row.get("date"), row.get("location"), row.get("labelled")]
    if not all(isinstance(text, str) for text in texts) or not row["text"].strip():
        raise ValueError("a citation without a source or a text")
    if not all(text is None or isinstance(text, str) for text in optional):
        raise TypeError("a field that is no text")
    page = row.get("page")
    return Citation(
        number=int(row["number"]),
        source=row["source"],
        sha256=row["sha256"],
        span=span,
        text=row["text"],
        line=int(row["line"]),
        page=None if page is None else int(page),
        title=row.get("title"),
        date=row.get("date"),
        location=row.get("location"),
        labelled=row.get("labelled"),
        hidden=row.get("hidden") is True,
    )

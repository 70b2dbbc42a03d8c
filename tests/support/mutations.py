"""Changes of a written file, and what has become of each of its sentences by each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tests.support.written_files import Written

ADDED = "Nothing of this was known at the time of the first report, which is 44 pages long."


def insert_before(written: Written, chance: random.Random) -> Written:
    at = chance.randrange(len(written.paragraphs))
    paragraphs = (*written.paragraphs[:at], ADDED, *written.paragraphs[at:])
    row = ("Added", "1", "2")
    return Written(paragraphs, (written.rows[0], row, *written.rows[1:]))


def delete(written: Written, chance: random.Random) -> Written:
    at, row = chance.randrange(len(written.paragraphs)), chance.randrange(1, len(written.rows))
    return Written(
        (*written.paragraphs[:at], *written.paragraphs[at + 1 :]),
        (*written.rows[:row], *written.rows[row + 1 :]),
    )


def reorder(written: Written, chance: random.Random) -> Written:
    rows = chance.sample(written.rows[1:], len(written.rows) - 1)
    return Written(
        tuple(chance.sample(written.paragraphs, len(written.paragraphs))), (written.rows[0], *rows)
    )


def edit_numbers(written: Written, chance: random.Random) -> Written:
    """One number of every second paragraph, and of every second row."""

    def edited(text: str) -> str:
        return re.sub(r"\d+", lambda found: str(int(found[0]) + chance.randint(1, 9)), text, count=1)

    rows = tuple((row[0], edited(row[1]), *row[2:]) if at % 2 else row for at, row in enumerate(written.rows))
    return Written(
        tuple(edited(each) if at % 2 else each for at, each in enumerate(written.paragraphs)), rows
    )


def wrap_sentences(written: Written, _chance: random.Random) -> Written:
    """Every first sentence of a paragraph word for word within another one, which denies it."""
    denied = (re.sub(r"\A(.*?)\.", r"It is not true that \1.", each) for each in written.paragraphs)
    return replace(written, paragraphs=tuple(denied))


def extend_sentences(written: Written, _chance: random.Random) -> Written:
    """Every last sentence of a paragraph goes on."""
    return replace(
        written, paragraphs=tuple(f"{each[:-1]}, or so it was said." for each in written.paragraphs)
    )


def swap_columns(written: Written, _chance: random.Random) -> Written:
    """The names of two columns, their values left where they are."""
    first, second, third = written.rows[0]
    return replace(written, rows=((first, third, second), *written.rows[1:]))


def keep(written: Written, _chance: random.Random) -> Written:
    return written


MUTATIONS: Mapping[str, Callable[[Written, random.Random], Written]] = {
    "keep": keep,
    "insert": insert_before,
    "delete": delete,
    "reorder": reorder,
    "edit": edit_numbers,
    "deny": wrap_sentences,
    "extend": extend_sentences,
    "columns": swap_columns,
}


def is_kept(cited: str, labelled: str | None, now: Written) -> bool:
    """True if a sentence, or a row with the names of its columns, is still there as a whole."""
    if labelled is None:
        return " ".join(cited.split()) in sentences_of(now)
    return set(labelled.split(" | ")) in [set(_named(row, now.rows[0])) for row in now.rows[1:]]


def sentences_of(written: Written) -> set[str]:
    """All sentences; a full stop ends one and stands nowhere else."""
    found = (sentence for each in written.paragraphs for sentence in re.findall(r"[^.]+\.", each))
    return {sentence.strip() for sentence in found}


def _named(row: tuple[str, ...], names: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{name}: {cell}" for name, cell in zip(names, row, strict=True))

"""What every format of question sets is read into: rows by column, each with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qa.evaluation.sets.rows import Row

# Whether a line of cells names the columns of a question set: one of them is the question.
IsHead: TypeAlias = Callable[[Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class SetRow:
    """A row, or why there is none, and where it stands: "set.csv:7"."""

    place: str
    values: Row


@dataclass(frozen=True, slots=True)
class SetRows:
    """The rows of a file.

    `texts` says that cells are texts whatever they mean, as in CSV; else they are values of JSON. `columns`
    are those of a table, empty where every row names its own. `beside` is what stands beside the rows in the
    object that holds them. `remarks` are what of the file was not read, or read in a way that may surprise,
    as (place, what).
    """

    rows: tuple[SetRow, ...]
    texts: bool = False
    columns: tuple[str, ...] = ()
    beside: Mapping[str, object] = field(default_factory=dict)
    remarks: tuple[tuple[str, str], ...] = ()

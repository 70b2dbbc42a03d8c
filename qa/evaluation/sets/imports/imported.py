"""A set of another tool as rows of ours, with a count of what could not be carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.evaluation.sets.files.rows import SetRows


@dataclass(frozen=True, slots=True)
class Imported:
    """The rows, and how often what was in the other set is not in them, in words.

    `documents` are texts by the name that the set has for them, where it has its own names for documents.
    `notes` are what was chosen, where there was a choice.
    """

    rows: SetRows
    lost: Mapping[str, int] = field(default_factory=Counter)
    documents: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def lost_words(lost: Mapping[str, int]) -> str:
    """What was not carried over, the most frequent first: "3 javascript, 1 llm-rubric"; empty for nothing."""
    ordered = sorted(lost.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {what}" for what, count in ordered if count)

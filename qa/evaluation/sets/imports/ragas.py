"""Sets in the form of ragas: `user_input`, `reference`, `reference_contexts`, and its older names.

A reference context is a quotation without a source, sought in the whole index. What an evaluated system
gave, `response` and `retrieved_contexts`, is no gold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from qa.evaluation.sets.columns.lists import listed
from qa.evaluation.sets.files.rows import SetRow, SetRows
from qa.evaluation.sets.imports.imported import Imported
from qa.evaluation.sets.rows import RowError

_KINDS = ("synthesizer_name", "evolution_type")  # become tags
_HOP = re.compile(r"\A<\d+-hop>\s*")  # what its generator writes before each of several contexts
_CONTEXTS = ("reference_contexts", "ground_truth_contexts", "contexts")
_NOT_READ = (
    *(
        "response",
        "retrieved_contexts",
        "retrieved_context_ids",
        "reference_context_ids",
        "rubrics",
        "rubric",
    ),
    *("multi_responses", "reference_tool_calls", "metadata", "persona_name", "query_style", "query_length"),
)


def is_ragas(file: SetRows) -> bool:
    """Whether the rows have the fields of ragas."""
    first = next((row.values for row in file.rows if isinstance(row.values, Mapping)), {})
    beside = {"reference", "reference_contexts", "retrieved_contexts", "response"}
    older = {"ground_truth", "contexts", "evolution_type"}
    return ("user_input" in first and not beside.isdisjoint(first)) or older <= set(first)


def import_ragas(file: SetRows) -> Imported:
    """The same rows, with kinds of questions as tags and contexts as the documents have them."""
    lost: Counter[str] = Counter()
    return Imported(replace(file, rows=tuple(_row(row, lost) for row in file.rows)), lost)


def _row(row: SetRow, lost: Counter[str]) -> SetRow:
    if isinstance(row.values, RowError):
        return row
    values = dict(row.values)
    for name in _NOT_READ:
        if values.pop(name, None) not in (None, "", [], {}):
            lost[name] += 1
    if isinstance(values.get("user_input"), list):
        return SetRow(row.place, RowError("a conversation of several turns cannot be asked as one question"))
    tags = [values.pop(name, None) for name in _KINDS]
    if any(tags):
        values["tags"] = [tag for tag in tags if isinstance(tag, str) and tag]
    for name in _CONTEXTS:
        if values.get(name):
            try:
                values[name] = _contexts(values[name])
            except RowError as exc:
                return SetRow(row.place, RowError(f"column {name!r}: {exc}"))
    return SetRow(row.place, values)


def _contexts(value: object) -> object:
    items = listed(value.strip()) if isinstance(value, str) else value
    if not isinstance(items, list):
        return value
    return [_HOP.sub("", item) if isinstance(item, str) else item for item in items]

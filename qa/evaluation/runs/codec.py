"""Converts dataclasses to JSON objects and back, validated on the way back.

A span is written as `start` and `end` beside the other fields of what has it, as everywhere in our formats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic_core import SchemaValidator
    from pydantic_core.core_schema import CoreSchema

T = TypeVar("T")

_EXACT = ("str", "int", "float", "bool")  # schemas of values that are taken as they are, or not at all
_EXPECTED = {"tuple_type": "list", "dataclass_type": "object"} | {
    "string_type": "str",
    "int_type": "int",
    "float_type": "float",
    "bool_type": "bool",
}


def pack(value: DataclassInstance) -> dict[str, Any]:
    """`value` as dictionaries, sequences and plain values, its fields in order."""
    return asdict(value, dict_factory=_flat)


def unpack(kind: type[T], data: Mapping[str, object]) -> T:
    """The `kind` that `pack` made `data` of; fields that it lacks have their defaults, others are ignored.

    A field may hold its value ready-made. Raises ValueError that says which field is not what it should be.
    """
    from pydantic_core import ValidationError

    try:
        return cast("T", _validator(cast("Any", kind)).validate_python(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    path = " ".join(part for part in first["loc"] if isinstance(part, str))
    raise ValueError(f"{path} {_problem(first)}".strip())


def _flat(fields: Sequence[tuple[str, object]]) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, value in fields:
        if name == "span":
            row |= {"start": None, "end": None} if value is None else cast("dict[str, object]", value)
        else:
            row[name] = value
    return row


def _with_span(row: object) -> object:
    """An object whose `start` and `end` are its span's too."""
    if not isinstance(row, Mapping):
        return row
    return {**row, "span": None if row.get("start") is None else row}


@cache
def _validator(kind: Any) -> SchemaValidator:
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    return SchemaValidator(_ours(TypeAdapter(kind).core_schema))


def _ours(schema: Any) -> Any:
    """Pydantic's schema of a type, made to read our files: nothing is converted, and spans are found.

    Its own strict mode would do the first, but in it a list is no tuple and an object no dataclass.
    """
    if isinstance(schema, list):
        return [_ours(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _ours(part) for name, part in schema.items()}
    if made.get("type") in _EXACT:
        made["strict"] = True
    if made.get("type") == "dataclass" and "span" in made["fields"]:
        from pydantic_core.core_schema import no_info_before_validator_function

        ref = made.pop("ref", None)  # others know it by its name, which is now the outer one's
        return no_info_before_validator_function(_with_span, cast("CoreSchema", made), ref=ref)
    return made


def _problem(error: Mapping[str, Any]) -> str:
    """What is wrong with a field, after its name."""
    kind, given = error["type"], repr(error["input"])[:40]
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        values = error["ctx"]["expected"].replace(" or ", ", ").replace("'", "")
        return f"is none of {values}, but {given}"
    if kind in _EXPECTED:
        return f"is no {_EXPECTED[kind]}, but {given}"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return f"is not what it should be: {error['msg']}"

"""Frozen dataclasses of plain values to JSON objects and back, checked on the way back.

Knows types, and no particular one but `Span`: a span is written as `start` and `end` beside the other fields
of what has it, as everywhere in our formats. Knows no files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from index.types import Span

T = TypeVar("T")

_Read = Callable[[object], Any]
_SPANS = (Span, Span | None)


def pack(value: object) -> object:
    """`value` as lists, dictionaries and plain values, its fields in order."""
    if isinstance(value, tuple):
        return [pack(one) for one in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    found: dict[str, object] = {}
    for name, is_span in _layout(type(value)):
        own = getattr(value, name)
        if is_span:
            found["start"], found["end"] = (None, None) if own is None else (own.start, own.end)
        else:
            found[name] = pack(own)
    return found


def unpack(kind: type[T], data: object) -> T:
    """The `kind` that `pack` made `data` of; fields that it lacks have their defaults, others are ignored.

    Raises ValueError that says which field is not what it should be.
    """
    return cast("T", _reader(cast("Any", kind))(data))


@cache
def _layout(kind: type[Any]) -> tuple[tuple[str, bool], ...]:
    """The names of the fields, and whether each is the span."""
    hints = get_type_hints(kind)
    return tuple((one.name, hints[one.name] in _SPANS) for one in fields(kind))


@cache
def _reader(kind: Any) -> _Read:
    """What makes a value of the type `kind` of its JSON."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _optional(_reader(next(one for one in arguments if one is not NoneType)))
    if origin is tuple:
        return _several(_reader(arguments[0]))
    if origin is Literal:
        return _one_of(arguments)
    if is_dataclass(kind):
        return _object(cast("type", kind))
    return _plain(kind)


def _optional(read: _Read) -> _Read:
    return lambda data: None if data is None else read(data)


def _several(read: _Read) -> _Read:
    def made(data: object) -> tuple[object, ...]:
        if not isinstance(data, list):
            raise ValueError(f"is no list, but {_shown(data)}")
        return tuple(map(read, data))

    return made


def _one_of(values: tuple[object, ...]) -> _Read:
    def made(data: object) -> object:
        if data not in values:
            raise ValueError(f"is none of {', '.join(map(str, values))}, but {_shown(data)}")
        return data

    return made


def _plain(kind: type) -> _Read:
    def made(data: object) -> object:
        if kind is float and type(data) is int:
            return float(data)
        if type(data) is not kind:
            raise ValueError(f"is no {kind.__name__}, but {_shown(data)}")
        return data

    return made


def _object(kind: type) -> _Read:
    hints = get_type_hints(kind)
    # A dataclass that has itself as a field would not end here; there is none.
    readers = [(one, hints[one.name] in _SPANS, _reader(hints[one.name])) for one in fields(kind)]

    def made(data: object) -> object:
        if not isinstance(data, dict):
            raise ValueError(f"is no object, but {_shown(data)}")
        return kind(**{one.name: _field(one, data, read, is_span=is_span) for one, is_span, read in readers})

    return made


def _field(one: Field[Any], data: Mapping[str, object], read: _Read, *, is_span: bool) -> object:
    try:
        if is_span:
            return read(None if data.get("start") is None else data)
        if one.name in data:
            return read(data[one.name])
    except ValueError as error:
        raise ValueError(f"{one.name} {error}") from None
    if one.default is not MISSING:
        return one.default
    if one.default_factory is not MISSING:
        return one.default_factory()
    raise ValueError(f"{one.name} is missing")


def _shown(data: object) -> str:
    return repr(data)[:40]

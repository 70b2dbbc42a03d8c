"""Strips the reasoning that open models put before their answer (`<think>…</think>`).

It stands between marks such as `<think>` and `</think>`; the same marks later on are text like any other.
However a stream is cut into pieces, the text that remains is the same.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from itertools import chain

from qa.types import Retract, StreamEvent, TextDelta

_MARKS = {
    **{f"<{name}>": f"</{name}>" for name in ("think", "thinking", "thought", "reasoning")},
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
    "<|start|>assistant<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
    "<|channel|>final<|message|>": "",
}
_ENDS = tuple(end for end in _MARKS.values() if "/" in end)
_END_LINE = re.compile(rf"[ \t]*(?:{'|'.join(map(re.escape, _ENDS))})[ \t\r]*\n?")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def without_reasoning(pieces: Iterable[str]) -> Generator[StreamEvent, None, bool]:
    """The text of `pieces` without the reasoning, and then the white space, that it begins with.

    Where only the end of the reasoning is marked, it comes as text, and then a `Retract`: templates that
    write the opening mark themselves leave it out of what the server sees. Returns True if the text ends
    within reasoning.
    """
    source = iter(pieces)
    first, thinking = _beyond_reasoning(source)
    parts = _parts(chain([first], source))
    text: list[str] = []
    for part in parts:
        if _END_LINE.fullmatch(part):
            if any(mark in "".join(text) for mark in _MARKS):  # it ends what is an example
                yield from map(TextDelta, chain([part], parts))
                return False
            yield Retract()
            first, thinking = _beyond_reasoning(parts)
            yield from map(TextDelta, filter(None, chain([first], parts)))
            return thinking
        text.append(part)
        yield TextDelta(part)
    return thinking


def final_text(events: Iterable[StreamEvent]) -> str:
    """The text that the events of a stream come to: what follows the last `Retract`."""
    text: list[str] = []
    for event in events:
        if isinstance(event, TextDelta):
            text.append(event.text)
        elif isinstance(event, Retract):
            text.clear()
    return "".join(text)


def _beyond_reasoning(source: Iterator[str]) -> tuple[str, bool]:
    """The first text of `source` that is no reasoning; and whether `source` ended within some."""
    held, end = "", None
    for piece in source:
        held += piece
        while True:
            if end is None:
                held = held.lstrip()
                begin = next((mark for mark in _MARKS if held.startswith(mark)), None)
                if begin is None:
                    break
                held, end = held.removeprefix(begin), _MARKS[begin]
            before, mark, after = held.partition(end) if end else ("", "-", held)
            if not mark:
                held = before[-len(end) :]
                break
            held, end = after, None
        if end is None and held and not any(mark.startswith(held) for mark in _MARKS):
            return held, False
    return ("", True) if end is not None else (held, False)


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """The same text, no piece empty; a line that is nothing but an end mark is a piece by itself."""
    held, line_start = "", True
    for piece in pieces:
        for part in _LINES.findall(piece):
            held = held + part if line_start else part
            if line_start and not part.endswith("\n") and _may_end(held):
                continue
            yield held
            held, line_start = "", part.endswith("\n")
    if held:
        yield held


def _may_end(line: str) -> bool:
    """True while a line that has begun so may come to be an end mark."""
    begun = line.strip(" \t\r")
    return any(end.startswith(begun) for end in _ENDS)

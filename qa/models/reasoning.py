"""What a model thinks aloud before it answers, as servers of open models leave it in the text: taken out.

Knows the marks around it, and that it stands at the beginning: the same marks later on are text like any
other. Does not know servers; a server that tells thoughts apart from the answer has none of these marks.
Every way of cutting a stream gives the same text.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain

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


class Retraction(str):
    """A piece of a stream which says that all before it was a thought: only the mark of its end has come.

    Templates that write the opening mark themselves leave it out of what the model is heard to say.
    """

    __slots__ = ()


def without_reasoning(pieces: Iterable[str]) -> Generator[str, None, bool]:
    """The text of `pieces` without the thoughts, and then the white space, that it begins with.

    Gives no empty piece. Returns True if the text ends within a thought.
    """
    source = iter(pieces)
    first, thinking = _beyond_thoughts(source)
    parts = _parts(chain([first], source))
    told: list[str] = []
    for part in parts:
        if _END_LINE.fullmatch(part):
            if any(mark in "".join(told) for mark in _MARKS):  # it ends what is an example
                yield from chain([part], parts)
                return False
            yield Retraction("\n</think>\n\n")
            first, thinking = _beyond_thoughts(parts)
            yield from filter(None, chain([first], parts))
            return thinking
        told.append(part)
        yield part
    return thinking


def final_text(pieces: Sequence[str]) -> str:
    """The text that the pieces of a stream come to: what follows the last retraction."""
    begin = max((at for at, piece in enumerate(pieces, 1) if isinstance(piece, Retraction)), default=0)
    return "".join(pieces[begin:])


def _beyond_thoughts(source: Iterator[str]) -> tuple[str, bool]:
    """The first text of `source` that is no thought; and whether `source` ended within one."""
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
            before, found, after = held.partition(end) if end else ("", "-", held)
            if not found:
                held = before[-len(end) :]
                break
            held, end = after, None
        if end is None and held and not any(mark.startswith(held) for mark in _MARKS):
            return held, False
    return ("", True) if end is not None else (held, False)


def _parts(pieces: Iterable[str]) -> Iterator[str]:
    """The same text, no piece empty; a line that is nothing but the end of a thought is a piece by itself."""
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
    """True while a line that has begun so may come to be one that ends a thought."""
    begun = line.strip(" \t\r")
    return any(end.startswith(begun) for end in _ENDS)

"""Trims a model's text that was cut off: a half key, the keys of an unfinished claim.

A key that was cut in two names nothing, and the keys within a claim that was cut in two would vouch for a
claim that nobody has read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.generative.abstention import may_refuse, refusal, without_sentinels
from qa.answering.generative.claims import assertions, owners
from qa.answering.generative.key_forms import HALF_KEY
from qa.answering.generative.markers import Marker, MarkerParser, Segment, parse

# A sentence's end, with whatever closes after it: quotes, brackets, emphasis, a table's bar.
_ENDED = re.compile(r"[.!?。！？…][\s\"'”’»)\]*_`|]*\Z")


@dataclass(frozen=True, slots=True)
class WholePart:
    """What is left of a text that was cut off; `unfinished` if its last claim was cut in two."""

    text: str
    unfinished: bool


def whole_part(written: str) -> WholePart:
    """`written` without half a key at its end, and without the keys of its last claim if that is unfinished.

    Nothing is left of what may have been the beginning of the sentinel.
    """
    text = without_half_key(written)
    line = text.strip()
    if may_refuse(line) and not refusal(line):
        return WholePart("", unfinished=False)
    segments = parse(text)
    bare = "".join(_without_marker(segment) for segment in segments)
    ended = bool(_ENDED.search(bare)) or isinstance(_last(segments), Marker)
    if ended or without_sentinels(text).body != line:  # a line of what is missing is no claim
        return WholePart(text, unfinished=False)
    return WholePart(_without_last_keys(segments, bare), unfinished=True)


def without_half_key(written: str) -> str:
    """`written` without the beginning of a key, `[s1`, that it ends with."""
    parser = MarkerParser()
    certain = "".join(segment.raw for segment in parser.feed(written))
    held = parser.close(cut_off=True)
    whole = held[0].raw if held and isinstance(held[0], Marker) else ""
    rest = "".join(segment.raw for segment in held).removeprefix(whole)
    return certain + whole if HALF_KEY.fullmatch(rest) else written


def _without_marker(segment: Segment) -> str:
    return "" if isinstance(segment, Marker) else segment.raw


def _last(segments: tuple[Segment, ...]) -> Segment | None:
    """The last segment that is more than white space."""
    return next((segment for segment in reversed(segments) if segment.raw.strip()), None)


def _without_last_keys(segments: tuple[Segment, ...], bare: str) -> str:
    """The text again, without the markers that belong to its last claim."""
    marks: list[int] = []
    at = 0
    for segment in segments:
        if isinstance(segment, Marker):
            marks.append(at)
        at += len(_without_marker(segment))
    claims = assertions(bare, marks)
    last = len(claims) - 1
    owned = iter(owners(claims, marks))
    parts: list[str] = []
    for segment in segments:
        if isinstance(segment, Marker) and next(owned) >= last:
            parts = [*parts[:-1], parts[-1].rstrip(" \t")] if parts else parts
        else:
            parts.append(segment.raw)
    return "".join(parts)

"""Parses sentence keys in a model's text (`[s12]`, `[s12, s15]`, `[s12-s14]`), whole or streamed.

What models write instead of these is read too. Text is held back only while it may turn out to be a marker or
code, at most `BOUND` characters, and however a stream is cut, its segments are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

BOUND = 160  # characters: no marker and no code within a line is longer, and no more text is held back


@dataclass(frozen=True, slots=True)
class Text:
    """Text that holds no marker; code, too, with whatever brackets it has."""

    raw: str


@dataclass(frozen=True, slots=True)
class KeyRange:
    """Keys from `first` to `last`, as the model wrote them: `s12`, or `s12-s14`. Nothing is checked."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"s{self.first}" if self.first == self.last else f"s{self.first}-s{self.last}"


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker, or several with nothing but spaces between them."""

    raw: str
    keys: tuple[KeyRange, ...]


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A number in square brackets, which a reader would take for one of our citations: the model's own."""

    raw: str


Segment = Text | Marker | Lookalike  # `raw` of each is what the model wrote, to the character

# A list of keys in any brackets: [s12], (s12; s15), 【s12–s14】, [^s12], [s12 and 15]. The first key has its
# "s", so that [12] and (2019) are none; spaces are possessive, so that none is looked at twice.
_SPACE = r"[ \t\u00a0]*+"
_DASH = r"[-‐‑‒–—−~]"
_SIGN = r"[,;、，；&+/]"
_TO = rf"(?:{_SPACE}{_DASH}{_SPACE}[sS]?[0-9]{{1,9}})?"  # the "-s14" or "-14" of a range
# Further keys: ", s15", ", 15", "; and s15", " und s15", or with nothing but a space " s15".
_THEN = rf"(?:{_SPACE}(?:{_SIGN}{_SPACE}(?:and\b|&)?|and\b|und\b|et\b){_SPACE}[sS]?[0-9]{{1,9}}{_TO}"
_THEN += rf"|[ \t\u00a0]++[sS][0-9]{{1,9}}{_TO})*"
_LIST = rf"{_SPACE}[sS][0-9]{{1,9}}{_TO}{_THEN}{_SPACE}"  # "s12", "s12-s14, s16 and 17"
_SQUARE = rf"[\[［【〔]\^?{_LIST}[\]］】〕]"  # "[s12]", "[^s12]", "【s12】"
_ROUND = rf"[(（](?!{_SPACE}S){_LIST}[)）]"  # "(s12)"; (S12) is more likely a bus, a phone or a postcode
_MARKER = re.compile(rf"(?:{_SQUARE}|{_ROUND})(?:[ \t]{{0,2}}(?:{_SQUARE}|{_ROUND}))*")  # "[s12] [s15]"
_KEYS = re.compile(rf"[sS]?([0-9]{{1,9}})(?:{_SPACE}{_DASH}{_SPACE}[sS]?([0-9]{{1,9}}))?")  # one key or range
_NUMBER = re.compile(r"\[[0-9]{1,3}\]")  # "[12]": looks like a citation of ours

# What may still become a marker or a number, at the end of what has come: "[", "[s1", "[s12, ", "[12". Wider
# than the grammar: that only holds text back a moment longer.
_INSIDE = r"[0-9sSandute,;、，；&+/\-‐‑‒–—−~ \t\u00a0]*+"  # signs, digits, and the letters of and, und, et
_OPENING = rf"(?:[\[［【〔]\^?|[(（]){_SPACE}(?:[sS](?:[0-9]{_INSIDE})?)?|\[[0-9]{{1,3}}"
_MAY_BEGIN = re.compile(_OPENING)
_MAY_GO_ON = re.compile(rf"[ \t]{{0,2}}(?:{_OPENING})?")  # after a marker: another may follow and join it

_SPECIAL = re.compile(r"[`\[［【〔(（]")  # where plain text ends: code, or a bracket
_TICKS = re.compile(r"`+")
# A line that opens a fenced block ("```python"), and one that closes it; and what may still become either.
_FENCE = re.compile(r"[ \t]*+(?:(`{3,})[^`]*|(~{3,}).*)", re.DOTALL)
_FENCE_END = re.compile(r"[ \t]*+(`{3,}|~{3,})[ \t\r]*")
_MAY_BE_FENCE = re.compile(r"[ \t]*+(?:~*|`{0,2}|`{3,}[^`]*)")
_MAY_BE_FENCE_END = re.compile(r"[ \t]*+(?:~*|`*)[ \t\r]*")


def parse(text: str) -> tuple[Segment, ...]:
    """The segments of a whole text; their `raw`s joined are `text`. No two `Text`s in a row."""
    parser = MarkerParser()
    return joined((*parser.feed(text), *parser.close()))


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same segments with neighbouring `Text`s as one."""
    result: list[Segment] = []
    for segment in segments:
        last = result[-1] if result else None
        if isinstance(segment, Text) and isinstance(last, Text):
            result[-1] = Text(last.raw + segment.raw)
        else:
            result.append(segment)
    return tuple(result)


class MarkerParser:
    """A parser that is fed a stream piece by piece. What it gives for all of them is what `parse` gives.

    Code is what Markdown calls code: a fenced block, and a run of backticks up to an equally long one on the
    same line, within `BOUND` characters.
    """

    def __init__(self) -> None:
        self._held = ""
        self._line_start = True
        self._fence: str | None = None

    def feed(self, piece: str) -> tuple[Segment, ...]:
        """What became certain with the next piece of the stream."""
        self._held += piece
        return self._read(final=False)

    def close(self) -> tuple[Segment, ...]:
        """The rest, now that nothing more comes. The parser is as new."""
        rest = self._read(final=True)
        self._line_start, self._fence = True, None
        return rest

    def _read(self, *, final: bool) -> tuple[Segment, ...]:
        segments: list[Segment] = []
        at = 0
        while at < len(self._held) and (segment := self._next(at, final=final)):
            segments.append(segment)
            at += len(segment.raw)
        self._held = self._held[at:]
        return joined(segments)

    def _next(self, at: int, *, final: bool) -> Segment | None:
        """The segment that begins at `at`, or None if that depends on what comes.

        Only the rest of the line counts, up to `BOUND` characters: either all of that is here (`whole`), or
        nothing that can follow makes a difference.
        """
        line, newline, _ = self._held[at : at + BOUND].partition("\n")
        whole = final or bool(newline) or len(line) == BOUND
        if self._line_start:
            may_be = _MAY_BE_FENCE_END if self._fence else _MAY_BE_FENCE
            if not whole and may_be.fullmatch(line):
                return None
            self._line_start = False
            if self._fences(line):
                return Text(line)
        if not line:
            self._line_start = True
            return Text(newline)
        if self._fence:
            return Text(line)
        special = _SPECIAL.search(line)
        if not special or special.start() > 0:
            return Text(line[: special.start()] if special else line)
        return _code(line, whole=whole) if line[0] == "`" else _bracket(line, whole=whole)

    def _fences(self, line: str) -> bool:
        """True if this line opens a fenced block, or closes the one it stands in."""
        if self._fence is None:
            opening = _FENCE.fullmatch(line)
            self._fence = (opening[1] or opening[2]) if opening else None
            return opening is not None
        closing = _FENCE_END.fullmatch(line)
        if closing is None or not closing[1].startswith(self._fence):
            return False
        self._fence = None
        return True


def _code(line: str, *, whole: bool) -> Segment | None:
    """Code within a line, or the backticks alone if nothing closes them."""
    runs = [run for run in _TICKS.finditer(line) if whole or run.end() < len(line)]
    if runs:
        opening = runs[0][0]
        for run in runs[1:]:
            if run[0] == opening:
                return Text(line[: run.end()])
        if whole:
            return Text(opening)
    return None


def _bracket(line: str, *, whole: bool) -> Segment | None:
    """A marker, a number that looks like a citation, or a bracket like any other."""
    marker = _MARKER.match(line)
    if marker:
        if not whole and _MAY_GO_ON.fullmatch(line, marker.end()):
            return None
        return Marker(marker[0], tuple(_key_range(match) for match in _KEYS.finditer(marker[0])))
    if not whole and _MAY_BEGIN.fullmatch(line):
        return None
    number = _NUMBER.match(line)
    return Lookalike(number[0]) if number else Text(line[0])


def _key_range(match: re.Match[str]) -> KeyRange:
    return KeyRange(int(match[1]), int(match[2] or match[1]))

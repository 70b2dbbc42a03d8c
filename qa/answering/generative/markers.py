"""Parses sentence keys in a model's text (`[s12]`, `[s12, s15]`, `[s12-s14]`), whole or streamed.

What models write instead of these is read too, see `key_forms.py`. Text is held back only while it may turn
out to be a marker or code, at most `BOUND` characters, and however a stream is cut, it comes to the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.patterns import lazy_compile
from qa.answering.generative.key_forms import (
    NUMBER,
    RAISED,
    RAISED_TAG,
    KeyForm,
    bare_keys_at,
    is_note,
    keys_at,
    keys_in_code,
    may_be_bare,
    may_be_keys,
    may_go_on,
)

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
    """One marker, or several with nothing but spaces, a comma or "and" between them.

    `bare` if it has no brackets: then it is a marker only if there are such keys.
    """

    raw: str
    keys: tuple[KeyRange, ...]
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Lookalike:
    """Numbers of the model in brackets, or raised, which a reader would take for citations of ours."""

    raw: str


Segment = Text | Marker | Lookalike  # `raw` of each is what the model wrote, to the character

# Where plain text ends: code, a bracket, a raised number, or an "s" that may be a bare key.
_SPECIAL = lazy_compile(r"[`\[［【〔⟦〖「⁅❲﹝⦗(（\\^<{$⁰¹²³⁴-⁹]|(?<![\w/.@:-])s(?=[0-9]|\Z)")
_JOINED = lazy_compile(r"[\w/.@:-]\Z")
_BEFORE = 40  # characters before a bare key or a raised number that are looked at
_TICKS = lazy_compile(r"`+")
# A line that opens a fenced block ("```python"), and one that closes it; and what may still become either.
_FENCE = lazy_compile(r"[ \t]*+(?:(`{3,})[^`]*|(~{3,}).*)", re.DOTALL)
_FENCE_END = lazy_compile(r"[ \t]*+(`{3,}|~{3,})[ \t\r]*")
_MAY_BE_FENCE = lazy_compile(r"[ \t]*+(?:~*|`{0,2}|`{3,}[^`]*)")
_MAY_BE_FENCE_END = lazy_compile(r"[ \t]*+(?:~*|`*)[ \t\r]*")


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
        self._before = ""
        self._line_start = True
        self._fence: str | None = None

    def feed(self, piece: str) -> tuple[Segment, ...]:
        """What became certain with the next piece of the stream."""
        self._held += piece
        return self._read(final=False)

    def close(self, *, cut_off: bool = False) -> tuple[Segment, ...]:
        """The rest, now that nothing more comes. The parser is as new.

        A bracket that is open at the end is read as if it were closed, unless the text was `cut_off` there.
        """
        rest = self._read(final=True, cut_off=cut_off)
        self._line_start, self._fence, self._before = True, None, ""
        return rest

    def _read(self, *, final: bool, cut_off: bool = False) -> tuple[Segment, ...]:
        segments: list[Segment] = []
        at = 0
        while at < len(self._held) and (segment := self._next(at, final=final, cut_off=cut_off)):
            segments.append(segment)
            at += len(segment.raw)
        self._before = (self._before + self._held[max(at - _BEFORE, 0) : at])[-_BEFORE:]
        self._held = self._held[at:]
        return joined(segments)

    def _next(self, at: int, *, final: bool, cut_off: bool) -> Segment | None:
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
        before = (self._before + self._held[max(at - _BEFORE, 0) : at])[-_BEFORE:]
        ended = len(line) < BOUND and (bool(newline) or (final and not cut_off))
        return _special(line, before, whole=whole, ended=ended)

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


def _special(line: str, before: str, *, whole: bool, ended: bool) -> Segment | None:
    """The segment that begins with a special character."""
    if line[0] == "`":
        return _code(line, whole=whole)
    if line[0] == "s":
        return _bare(line, before, whole=whole)
    if raised := RAISED.match(line) or RAISED_TAG.match(line):
        return _raised(line, raised, before, whole=whole)
    return _bracket(line, whole=whole, ended=ended)


def _code(line: str, *, whole: bool) -> Segment | None:
    """Code within a line, or the backticks alone if nothing closes them."""
    runs = [run for run in _TICKS.finditer(line) if whole or run.end() < len(line)]
    if runs:
        opening = runs[0][0]
        for run in runs[1:]:
            if run[0] == opening:
                code = line[: run.end()]
                keys = keys_in_code(code)
                return _marker(code, keys) if keys else Text(code)
        if whole:
            return Text(opening)
    return None


def _bare(line: str, before: str, *, whole: bool) -> Segment | None:
    """A bare key at the end of a sentence, or an "s" like any other."""
    if _JOINED.search(before):
        return Text(line[0])
    if not whole and may_be_bare(line):
        return None
    form = bare_keys_at(line, before)
    return _marker(line, form, bare=True) if form else Text(line[0])


def _raised(line: str, raised: re.Match[str], before: str, *, whole: bool) -> Segment | None:
    """The number of a note, or a power."""
    if not whole and len(line) - raised.end() < 2:
        return None
    return Lookalike(raised[0]) if is_note(before) else Text(raised[0])


def _bracket(line: str, *, whole: bool, ended: bool) -> Segment | None:
    """A marker, a number that looks like a citation, or a bracket like any other."""
    form = keys_at(line, ended=ended)
    if form:
        return None if not whole and may_go_on(line, form.length) else _marker(line, form)
    if not whole and may_be_keys(line):
        return None
    number = NUMBER.match(line)
    if number and not whole and number.end() == len(line):
        return None
    return Lookalike(number[0]) if number else Text(line[0])


def _marker(line: str, form: KeyForm, *, bare: bool = False) -> Marker:
    return Marker(line[: form.length], tuple(KeyRange(first, last) for first, last in form.keys), bare)

"""Subtitles (.srt, .vtt, .sbv) to text: what is said, by sentence, behind the time of its beginning.

A cue ends where the line is full, not the sentence: cues are joined until a sentence ends, another one speaks
or there is silence. The time stands before each piece and is cited with it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.encoding import decode
from index.readers.paragraphs import ends_sentence
from index.types import Reading

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"[ \t]*{_CLOCK}[ \t]*(?:-->|,)[ \t]*{_CLOCK}(?:[ \t].*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")  # WebVTT's "<v Anna>"
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")  # "<i>", "<00:00:01.000>", "{\an8}"
_SPEAKER = re.compile(r"[-–—][ \t]*\S|[^\W\d_][\w .'-]{0,30}:[ \t]|\[|\(|>>|♪")
_SILENCE = 3.0  # seconds without words, after which nothing goes on
_AT_ONCE = 0.1  # seconds between two cues of captions that roll
_LONGEST = 600  # characters that are joined where no sentence ends


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown from one time to another, in seconds, on one line or more."""

    start: float
    end: float
    lines: tuple[str, ...]


def read_subtitles(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The reading of a file of subtitles. Raises `ReadError` as `decode` does, and if it has no cue."""
    decoded = decode(data)
    builder = TextBuilder(list(decoded.notes))
    first = decoded.text.partition("\n")[0].strip()
    title = first.removeprefix("WEBVTT").strip(" -\t") if first.startswith("WEBVTT") else ""
    for start, words in _sentences(_without_repetitions(cues(decoded.text))):
        builder.add("paragraph", f"[{_clock(start)}] {words}")
    if not builder.length:
        raise ReadError("no subtitles: no line says from when to when it is shown", "give it the suffix .txt")
    return builder.reading(title=title or None, encoding=decoded.encoding)


def cues(text: str) -> Iterator[Cue]:
    """The cues of a file of subtitles, in order: each a line of times, and the lines below it."""
    times: re.Match[str] | None = None
    lines: list[str] = []
    for line in [*re.split(r"\r\n|[\r\n]", text), ""]:
        found = _TIMES.fullmatch(line)
        if times is not None and (found is not None or not line.strip()):
            yield _cue(times, lines)
            times, lines = None, []
        if found is not None:
            times, lines = found, []
        elif times is not None:
            lines.append(line)


def _cue(times: re.Match[str], lines: Iterable[str]) -> Cue:
    numbers = times.groups()
    said = (" ".join(html.unescape(_TAG.sub("", _VOICE.sub(r"\1: ", line))).split()) for line in lines)
    return Cue(_seconds(numbers[:4]), _seconds(numbers[4:]), tuple(filter(None, said)))


def _seconds(clock: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, parts = (part or "0" for part in clock)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{parts}")


def _without_repetitions(shown: Iterable[Cue]) -> Iterator[Cue]:
    """The cues without lines that only stay on the screen: captions that roll show each line twice."""
    before = Cue(0, 0, ())
    for cue in shown:
        lines = cue.lines
        for kept in range(min(len(before.lines), len(lines)), 0, -1):
            if before.lines[-kept:] == lines[:kept] and cue.start - before.end < _AT_ONCE:
                lines = lines[kept:]
                break
        before = cue
        if lines:
            yield Cue(cue.start, cue.end, lines)


def _sentences(shown: Iterable[Cue]) -> Iterator[tuple[float, str]]:
    """When each sentence begins, and the sentence; one that others of the same cue belong to has them too."""
    start = end = 0.0
    words = ""
    for cue in shown:
        for number, line in enumerate(cue.lines):
            silent = not number and cue.start - end > _SILENCE
            if words and (silent or _SPEAKER.match(line) or _is_complete(words)):
                yield start, words
                words = ""
            start = start if words else cue.start
            words = f"{words} {line}" if words else line
        end = cue.end
    if words:
        yield start, words


def _is_complete(words: str) -> bool:
    return len(words) > _LONGEST or (
        ends_sentence(words, 0, len(words)) and not words.endswith((":", ";", "…", "..."))
    )


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"

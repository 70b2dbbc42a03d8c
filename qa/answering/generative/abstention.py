"""Parses the lines `NO ANSWER:` and `MISSING:` of a model's text, and removes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.lines import collapse
from qa.answering.generative.markers import BOUND, Marker, parse
from qa.types import Status

# Emphasis, quotation marks, a heading's or a list's sign. Every `*+` is possessive: a model that repeats a
# sign a million times is read once, and not from each of its signs anew.
_TRIM = r"[\s*_\"'“”„«»`>#-]*+"
# "NO ANSWER: what is missing", "No answer." alone, or, in capitals only, "NO ANSWER - what is missing": in
# small letters a dash may go on with a sentence.
_NO_ANSWER = re.compile(
    rf"{_TRIM}no[ _]answer{_TRIM}(?:[:：][\s*_]*+(?P<missing>.*)|[.!]*+{_TRIM})"
    rf"|{_TRIM}(?-i:NO[ _]ANSWER)[\s*_]*[–—-](?P<rest>.*)",
    re.IGNORECASE,
)
_MISSING = re.compile(rf"{_TRIM}missing{_TRIM}[:：][\s*_]*+(?P<missing>.*)", re.IGNORECASE)
# What models write where nothing is missing.
_NOTHING = re.compile(r"none|nothing|n/?a|no", re.IGNORECASE)
# Any beginning of a line that may yet become the sentinel: signs, then "n", "no", "no a" …
_OPENING = re.compile(
    r"(?:[^\w\n]|_)*+(?:n(?:o(?:[ _](?:a(?:n(?:s(?:w(?:e(?:r\W*)?)?)?)?)?)?)?)?)?", re.IGNORECASE
)
_QUOTES = ('"', "“”", "«»", "`")


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A model's text without its sentinel lines, and what these say."""

    body: str
    status: Status
    missing: str | None


def without_sentinels(written: str) -> AnswerText:
    """What is left of a model's text. What is missing may go on in the lines below its sentinel."""
    lines = written.rstrip().split("\n")
    body_lines: list[str] = []
    missing: list[str] = []
    refused = goes_on = False  # whether there was a refusal; whether the line before said what is missing
    for number, line in enumerate(lines, 1):
        if no := refusal(line):
            refused, goes_on = True, False
            missing.append(_plain(no["missing"] or no["rest"] or ""))
        elif lack := _lacks(line, last=number == len(lines)):
            goes_on = True
            missing.append(_plain(lack["missing"]))
        elif goes_on and line.strip() and not _points(line):
            missing.append(_plain(line))
        else:
            goes_on = False
            body_lines.append(line)
    lacks = "; ".join(part for part in missing if part and not _NOTHING.fullmatch(part)) or None
    body = "\n".join(body_lines).strip()
    if not any(map(str.isalnum, body)):
        return AnswerText("", "abstained", lacks)
    return AnswerText(body, "partial" if refused or lacks else "answered", lacks)


def refusal(line: str) -> re.Match[str] | None:
    """The sentinel, in whatever dress; in small letters only where nothing is cited."""
    match = _NO_ANSWER.fullmatch(line)
    return match if match and ("NO ANSWER" in line or not _points(line)) else None


def _lacks(line: str, *, last: bool) -> re.Match[str] | None:
    """The line of what is missing; in small letters only where it is the last one and cites nothing."""
    match = _MISSING.fullmatch(line)
    return match if match and ("MISSING" in line or (last and not _points(line))) else None


def may_refuse(line: str) -> bool:
    """True while the line may still come to begin with the sentinel, or does."""
    return (len(line) < BOUND and bool(_OPENING.fullmatch(line))) or bool(_NO_ANSWER.fullmatch(line))


def _points(line: str) -> bool:
    return any(isinstance(segment, Marker) for segment in parse(line))


def _plain(text: str) -> str:
    """What a sentinel says, on one line, without markers, emphasis, full stop or a quote left alone."""
    words = "".join(segment.raw for segment in parse(text) if not isinstance(segment, Marker))
    words = collapse(words).strip(" *_-.")
    for quotes in _QUOTES:
        if sum(map(words.count, quotes)) % 2:
            words = words.strip(quotes).strip(" *_-.")
    return words

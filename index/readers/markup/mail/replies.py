"""Plain text of a mail in parts: what was written, what it quotes, and the signature.

A quotation is known by its marks (">"), by the line that introduces it ("On … wrote:", in any language), or
by the heading that mail programs put above a message they repeat ("-----Original Message-----", "From: …",
"Sent: …"). No sentence runs from one part into another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_QUOTED = re.compile(r"[ \t]{0,3}((?:>[ \t]?)+)")
_SIGNATURE = re.compile(r"--[ \t]?")
# Words between dashes: "-----Original Message-----", "---------- Weitergeleitete Nachricht ---------".
_REPEATS = re.compile(r"\s*[-_*]{3,}\s*[^\W\d_][^-_*]{3,60}?[:：]?\s*[-_*]{3,}\s*|_{20,}\s*")
_FORWARDS = re.compile(
    r"(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message réexpédié"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado)\s?[:：]",
    re.IGNORECASE,
)
_SENDER = re.compile(
    r"[*_]{0,2}(?:from|von|de|da|van|fra|från|od|от|від|lähettäjä|feladó|gönderen|expéditeur|remitente|mittente"
    r"|发件人|寄件者|差出人|보낸 사람)[ \xa0]?[:：][*_]{0,2}\s*\S.*",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[*_]{0,2}[^\W\d_][^\W\d_ '’.-]*(?:[ -][^\W\d_]+){0,2}[ \xa0]?[:：][*_]{0,2}\s*\S?.*")
_LETTER = re.compile(r"[^\W\d_]")
_INTRODUCES = re.compile(r".*[:：]\s*")
# How a line that introduces a quotation begins, where the lines before it belong to the answer.
_BEGINS = re.compile(
    r"(?:on|am|le|el|il|em|op|den|dne|dnia|w dniu|in data|på|pe|в)\b|\d{4}|.{0,40}<\S+@",
    re.IGNORECASE,
)
_MOST_LINES = 3  # of an introduction

PartKind = Literal["own", "introduction", "quoted", "header", "signature"]


@dataclass(frozen=True, slots=True)
class MailPart:
    """Lines of a mail that belong together. `depth` counts the marks before a quotation."""

    kind: PartKind
    text: str
    depth: int = 0


def mail_parts(text: str) -> Iterator[MailPart]:
    """The parts of a message in order; line ends are newlines."""
    lines = text.split("\n")
    kind: PartKind = "own"
    run: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        marks = _QUOTED.match(line)
        if marks:
            yield from _before_quotation(kind, run)
            depth, quoted, at = _quotation(lines, at)
            yield MailPart("quoted", quoted, depth)
            kind, run = "own", []
            continue
        header = _header_end(lines, at)
        if header > at:
            yield from _part(kind, run)
            yield from (MailPart("header", one.strip()) for one in lines[at:header] if _LETTER.search(one))
            kind, run, at = "quoted", [], header
            continue
        if _SIGNATURE.fullmatch(line) and kind != "signature" and run:
            yield from _part(kind, run)
            kind, run = "signature", []
        else:
            run.append(line)
        at += 1
    yield from _part(kind, run)


def joined_lines(text: str, *, drop_space: bool) -> str:
    """Text in the form `format=flowed` (RFC 3676): lines that end in a space go on in the next one."""
    lines: list[str] = []
    flowing, level = False, 0
    for line in text.split("\n"):
        match = _QUOTED.match(line) if line.startswith(">") else None
        depth = match[1].count(">") if match else 0
        body = line[match.end() :] if match else line.removeprefix(" ")
        if flowing and depth == level:
            lines[-1] += body
        else:
            lines.append("> " * depth + body)
        flowing, level = body.endswith(" ") and body != "-- ", depth
        if flowing and drop_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _part(kind: PartKind, run: Sequence[str], depth: int = 0) -> Iterator[MailPart]:
    text = "\n".join(run).strip("\n")
    if text.strip():
        yield MailPart(kind, text, depth)


def _quotation(lines: Sequence[str], at: int) -> tuple[int, str, int]:
    """The depth of a quotation, its text without marks, and the line after it."""
    depth = 0
    quoted: list[str] = []
    while at < len(lines):
        match = _QUOTED.match(lines[at])
        here = match[1].count(">") if match else 0
        if match is None or (quoted and here != depth):
            break
        depth = here
        quoted.append(lines[at][match.end() :])
        at += 1
    return depth, "\n".join(quoted), at


def _before_quotation(kind: PartKind, run: list[str]) -> Iterator[MailPart]:
    """What stands before a quotation: the line or lines that introduce it are a part of their own."""
    last = len(run)
    while last and not run[last - 1].strip():
        last -= 1
    first = last
    if last and _INTRODUCES.fullmatch(run[last - 1]):
        first = last - 1
        begins = [at for at in range(max(last - _MOST_LINES, 0), last) if _BEGINS.match(run[at].strip())]
        blank = [at for at in range(max(last - _MOST_LINES, 0), last) if not run[at].strip()]
        first = begins[0] if begins else first
        first = max([first, *(at + 1 for at in blank)])
    yield from _part(kind, run[:first])
    yield from _part("introduction", run[first:last])


def _header_end(lines: Sequence[str], at: int) -> int:
    """The line after the heading of a repeated message that begins at `at`; `at` if none does."""
    end = at
    if _REPEATS.fullmatch(lines[at]) or _FORWARDS.match(lines[at].strip()):
        end = at + 1
        while end < len(lines) and not lines[end].strip() and end - at < 3:
            end += 1
    first = end
    if end < len(lines) and _SENDER.fullmatch(lines[end].strip()):
        while end < len(lines) and lines[end].strip() and end - first < 12:
            if not _HEADER.fullmatch(lines[end].strip()) and not lines[end].startswith((" ", "\t")):
                break
            end += 1
        if end - first >= (3 if first == at else 2):
            return end
    return at

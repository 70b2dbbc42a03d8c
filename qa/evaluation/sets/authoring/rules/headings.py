"""Questions made of headings and titles by rules: those that stand there, "how to", a document's date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from index.types import Source, Span
from qa.checking.dates import dates
from qa.evaluation.sets.authoring.rules.proposal import Proposal

_BEFORE: Final = re.compile(
    r"(?:^|\n)[ \t]*(?:[#>*-]+[ \t]*|(?:Q|Question)?[ \t]*\d*[.):][ \t]*|\*\*)*\Z", re.IGNORECASE
)
_ASKS: Final = re.compile(
    r"(?:what|who|when|where|why|how|which|can|do|does|is|are|should|may|must|will)\b.{8,180}\?",
    re.IGNORECASE,
)
_HOW_TO: Final = re.compile(r"(?:\d+(?:\.\d+)*\.? )?How to ([a-z].{4,80}[^\s.:;,?!])")
_NEXT = 2  # sentences behind a heading that are its answer
_FIRST = 6  # sentences among which a document's own date is looked for
_DATE_LINE = 70  # characters of a line that holds little but its date


def of_headings(text: str, sentences: Sequence[Span]) -> Iterator[Proposal]:
    """The questions that stand as lines of their own, with the sentences that follow as their gold."""
    for at, span in enumerate(sentences[:-1]):
        line = " ".join(span.of(text).split())
        if not _is_line(text, span):
            continue
        if _ASKS.fullmatch(line):
            asked = line[0].upper() + line[1:]
        elif (how := _HOW_TO.fullmatch(line)) is not None:
            asked = f"How do you {how[1]}?"
        else:
            continue
        answer = sentences[at + 1 : at + 1 + _NEXT]
        following = [each for each in answer if not _heads(text, each)]
        if following and following[0] == answer[0]:
            yield Proposal(asked, "", Span(following[0].start, following[-1].end), "heading")


def _is_line(text: str, span: Span) -> bool:
    """Whether a sentence has a line to itself, a list's sign or a heading's before it."""
    behind = text[span.end : span.end + 3]
    start = max(0, span.start - 20)
    before = text[start : span.start]
    return (_BEFORE.search(before if start else f"\n{before}") is not None) and (
        not behind or behind.lstrip(" *#\t\r")[:1] in ("\n", "")
    )


def _heads(text: str, span: Span) -> bool:
    """Whether a sentence is itself a heading, or a question."""
    said = span.of(text).strip()
    return said.endswith("?") or (_is_line(text, span) and len(said.split()) <= 8 and said[-1].isalnum())


def of_title(source: Source, text: str, sentences: Sequence[Span]) -> Iterator[Proposal]:
    """The question when a document is from, where its title has several words and it says its date."""
    dated, title = source.date, (source.title or "").strip()
    if (
        dated is None
        or not dated.of_document
        or len(dated.value) < 10
        or len(title.split()) < 4
        or '"' in title
    ):
        return
    for span in sentences[:_FIRST]:
        line = span.of(text)
        if len(line) <= _DATE_LINE and line.strip() != title:
            found = {
                f"{day.year:04}-{day.month:02}-{day.day:02}"
                for readings in dates(line).readings
                for day in readings
                if day.year and day.month and day.day
            }
            if dated.value in found:
                yield Proposal(f"What is the date of “{title}”?", dated.value, span, "title")
                return

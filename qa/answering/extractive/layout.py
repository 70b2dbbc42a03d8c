"""Classifies lines by their form: boilerplate, lead-ins, list items.

Boilerplate answers nothing: datelines, bylines, front matter, mail headers, column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.months import ENGLISH_SHORT, MONTHS_AS_WRITTEN, WEEKDAYS, any_of
from index.text.number_words import LIST_SIZES
from index.text.rows import body_table, is_heading_row
from index.types import Passage
from qa.answering.extractive.question import ParsedQuestion, content_stems

_HEAD = 800  # characters of a source in which datelines, bylines and front matter stand
_SHORT_MONTH = any_of(name.capitalize() for name in ENGLISH_SHORT if name != "may")
_MONTH = rf"(?:{_SHORT_MONTH})\.|{any_of(MONTHS_AS_WRITTEN)}"
_DAY = any_of(map(str.capitalize, WEEKDAYS))
_DATE = (
    rf"(?:{_DAY},? )?(?:\d{{1,2}}(?:st|nd|rd|th|\.)? (?:{_MONTH}),?(?: \d{{4}})?"
    rf"|(?:{_MONTH}) \d{{1,2}}(?:, \d{{4}})?"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
# One to four capitalised words: a name, a place.
_CAPITALS = r"[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,3}"
# A line that only says where and when: "BUDAPEST, 21 October 2025 —", "2025-10-21", "Published on: Tuesday,
# 21. Oktober 2025, 10:15 CET".
_DATELINE = re.compile(
    rf"\W*(?:(?:Published|Updated|Posted)(?: on)?:? )?(?:{_CAPITALS}(?:, {_CAPITALS})?(?:,| [–—-]) ?)?"
    rf"(?:{_DATE})(?:,? \d{{1,2}}[:.]\d\d.{{0,8}})?\W*"
)
# "By Anna Kovac and Jan Novak, Reuters"
_BYLINE = re.compile(
    rf"\W*(?:[Bb]y|BY|Von|Par|Por) {_CAPITALS}(?:,? (?:and|und|et|y) {_CAPITALS})?(?:, .{{0,40}})?[*_]*"
)
# A line of front matter or of a mail's head: "author: Anna Kovac", "To: all".
_LABEL = re.compile(
    r"(?P<label>title|date|author|authors|tags|categories|category|slug|layout|draft|description|keywords|lang|"
    r"from|to|cc|bcc|subject|sent|reply-to)\s*[:=].*",
    re.IGNORECASE,
)
# What stands between two sentences where the second is an item: a line end, then "- ", "> * ", "(3) ", "b. ".
_BULLET = re.compile(r"(?:^|[\r\n])[ \t>]*(?:[-*+•‣◦–]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+$")
_CELLS = re.compile(r" \| |\t|[,;](?=\S)")  # between the cells of a row: "a | b", a tab, "a,b"
_LONGEST_LINE = 120  # characters of a line of boilerplate


def is_boilerplate(question: ParsedQuestion, passage: Passage, at: int) -> bool:
    """True if the passage's sentence `at` says only how its source came about, or what its columns are.

    Where, when and by whom it was written: datelines, bylines, front matter, mail headers. None of them is
    boilerplate to a question that asks for it by its label ("Who is the author?").
    """
    span = passage.chunk.sentences[at]
    if is_heading_row(passage.chunk.tables, span):
        return True
    if len(span) > _LONGEST_LINE:
        return False
    text = sentence_text(passage, at)
    if span.start < _HEAD and (_DATELINE.fullmatch(text) or _BYLINE.fullmatch(text)):
        return True
    label = _LABEL.fullmatch(text)
    if label and (span.start < _HEAD or is_lead_in(text)):
        return not set(content_stems(label["label"])) & set(question.terms)
    return _column_names(passage, at, text)


def dateline(passage: Passage) -> int | None:
    """Which of the passage's sentences is a dateline at the head of its source, if one is."""
    for at, span in enumerate(passage.chunk.sentences[:6]):
        if (
            span.start < _HEAD
            and len(span) <= _LONGEST_LINE
            and _DATELINE.fullmatch(sentence_text(passage, at))
        ):
            return at
    return None


def _column_names(passage: Passage, at: int, text: str) -> bool:
    """True if `text` opens a table: cells without a digit, no such row before it and a like one after.

    Not where a reader has found the table, which then knows its headings, nor where the first cell is a label
    ("Name of applicant: | Anna Kovac").
    """
    cells = _CELLS.findall(text)
    if not cells or any(map(str.isdigit, text)) or text.endswith((".", "!", "?")):
        return False
    if body_table(passage.chunk.tables, passage.chunk.sentences[at]) or is_lead_in(_CELLS.split(text, 1)[0]):
        return False
    after = sentence_text(passage, at + 1) if at + 1 < len(passage.chunk.sentences) else ""
    before = sentence_text(passage, at - 1) if at else ""
    return (
        _CELLS.findall(after)[: len(cells)] == cells
        and any(map(str.isdigit, after))
        and cells[0] not in before
    )


def is_lead_in(text: str) -> bool:
    """True if `text` announces what follows it: it ends with a colon."""
    return text.rstrip("*_ ").endswith((":", "："))


def announced_by(passage: Passage, at: int, most: int) -> Iterator[int]:
    """The sentences that the lead-in `at` announces: the items of the list after it, else what is said next.

    At most `most`. Without bullets, as many lines as the lead-in says ("three aims:"), else one.
    """
    count = len(passage.chunk.sentences)
    if at + 1 >= count:
        return
    listed = is_item(passage, at + 1)
    words = sentence_text(passage, at).casefold().split()
    named = next((LIST_SIZES[word] for word in words if word in LIST_SIZES), 1)
    number = most if listed else min(most, named if _own_line(passage, at + 1) else 1)
    for following in range(at + 1, min(count, at + 1 + number)):
        if listed and not is_item(passage, following) and _own_line(passage, following):
            return
        yield following


def lead_in_of(passage: Passage, at: int) -> int | None:
    """The lead-in of the list that the sentence `at` is an item of, if it is one."""
    before = at
    while before and is_item(passage, before):
        before -= 1
    return before if before != at and is_lead_in(sentence_text(passage, before)) else None


def is_item(passage: Passage, at: int) -> bool:
    """True if a bullet or a number stands before the passage's sentence `at`, which is not its first."""
    return at > 0 and _BULLET.search(_gap(passage, at)) is not None


def sentence_text(passage: Passage, at: int) -> str:
    """The passage's sentence `at`."""
    chunk = passage.chunk
    span = chunk.sentences[at]
    return chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]


def with_bullet(passage: Passage, at: int) -> str:
    """The passage's sentence `at` with what stands before it on its line: a number, as of a list item."""
    before = _gap(passage, at) if at else ""
    return before[1 + max(map(before.rfind, "\n\r")) :].lstrip(" \t#>*_") + sentence_text(passage, at)


def begins_line(passage: Passage, at: int) -> bool:
    """True if the passage's sentence `at` is the first of its line."""
    return at == 0 or _own_line(passage, at)


def _own_line(passage: Passage, at: int) -> bool:
    gap = _gap(passage, at)
    return "\n" in gap or "\r" in gap


def _gap(passage: Passage, at: int) -> str:
    """What stands between the sentence before and the sentence `at`."""
    chunk = passage.chunk
    left, right = chunk.sentences[at - 1], chunk.sentences[at]
    return chunk.text[left.end - chunk.span.start : right.start - chunk.span.start]

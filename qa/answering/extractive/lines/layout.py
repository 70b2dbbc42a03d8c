"""Classifies lines by their form: boilerplate, lead-ins, list items.

Boilerplate answers nothing: datelines, bylines, front matter, mail headers, column names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.months import ENGLISH_SHORT, MONTHS_AS_WRITTEN, WEEKDAYS, any_of
from index.text.patterns import lazy_compile
from index.text.rows import body_table, is_heading_row
from index.types import Passage
from qa.answering.extractive.question import ParsedQuestion, content_stems
from qa.checking.words.number_words import LIST_SIZES

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
_DATELINE = lazy_compile(
    rf"\W*(?:(?:Published|Updated|Posted)(?: on)?:? )?(?:{_CAPITALS}(?:, {_CAPITALS})?(?:,| [–—-]) ?)?"
    rf"(?:{_DATE})(?:,? \d{{1,2}}[:.]\d\d.{{0,8}})?\W*"
)
# "By Anna Kovac and Jan Novak, Reuters"
_BYLINE = lazy_compile(
    rf"\W*(?:[Bb]y|BY|Von|Par|Por) {_CAPITALS}(?:,? (?:and|und|et|y) {_CAPITALS})?(?:, .{{0,40}})?[*_]*"
)
# A line of front matter or of a mail's head: "author: Anna Kovac", "To: all".
_LABEL = lazy_compile(
    r"(?P<label>title|date|author|authors|tags|categories|category|slug|layout|draft|description|keywords|lang|"
    r"from|to|cc|bcc|subject|sent|reply-to)\s*[:=].*",
    re.IGNORECASE,
)
# What stands between two sentences where the second is an item: a line end, then "- ", "> * ", "(3) ", "b. ".
_BULLET = lazy_compile(r"(?:^|[\r\n])[ \t>]*(?:[-*+•‣◦–]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+$")
_BLANK_LINE = lazy_compile(r"\n[ \t]*\r?\n|\r[ \t]*\r")
_CELLS = lazy_compile(r" \| |\t|[,;](?=\S)")  # between the cells of a row: "a | b", a tab, "a,b"
_LONGEST_LINE = 120  # characters of a line of boilerplate
_CODE = lazy_compile(  # what a program needs before it does anything
    r"\s*(?:from\s+[\w.]+\s+import\b|import\s+[\w.{*]+[\w.\s,{}*'\"/-]*;?$|#include\b|using\s+[\w.:]+;"
    r"|(?:const|let|var)\s.*\brequire\(|package\s+[\w.]+;)"
)
# A line that opens a letter, and one that closes it: "Dear Ms Lind,", "Mit freundlichen Grüßen".
_SALUTATION = lazy_compile(
    r"(?:dear|hello|hi|hey|good (?:morning|afternoon|evening)|to whom it may concern|sehr geehrte[rsn]?"
    r"|liebe[rs]?|guten tag|hallo|chère?s?|bonjour|madame|monsieur|estimad[oa]s?"
    r"|querid[oa]s?)\b[^.?!:;]{0,60}[,!:]",
    re.IGNORECASE,
)
_CLOSING = lazy_compile(
    r"(?:yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|(?:with )?(?:(?:best|kind|warm)(?:est)? )?"
    r"regards|(?:with )?(?:best|kind) wishes|mit (?:freundlichen|besten|herzlichen) grüßen"
    r"|(?:viele|beste|liebe|herzliche) grüße|hochachtungsvoll|(?:bien )?cordialement|atentamente"
    r"|un saludo)\W*",
    re.IGNORECASE,
)
_ASKS_FOR_ADDRESSEE = frozenset(content_stems("address addressed addressee recipient receive greet"))
_ASKS = lazy_compile(
    r"\W*(?:who|whom|whose|what|when|where|why|which|how|is|are|was|were|do|does|did|has|have|can|could|will|identify|name"
    r"|list|describe|explain|give)\b"
    r"(?:\W+\w+){3}",
    re.IGNORECASE,
)
_LEAST_SAID = 5  # words that a line must have beside the question that it repeats, to say something of it
_LONGEST_RESTATED = 80  # characters of a line that may be no more than the words of the question
_WROTE = ("write", "written", "author")  # what "author: Anna Kovac" says of her
_LABELS_SAY = {"author": _WROTE, "authors": _WROTE, "from": ("write", "send", "sender")}
_ASKS_FOR_TITLES = frozenset(content_stems("title heading headline chapter section called titled"))
_LONGEST_HEADING = 60  # characters of a line that is taken for a heading, if no mark says so
_MOST_LINES = 4  # above one, that are read with it


def is_boilerplate(question: ParsedQuestion, passage: Passage, at: int) -> bool:
    """True if the passage's sentence `at` says only how its source came about, or what its columns are.

    Where, when and by whom it was written: datelines, bylines, front matter, mail headers. None of them is
    boilerplate to a question that asks for it by its label ("Who is the author?").
    """
    span = passage.chunk.sentences[at]
    heading = is_heading_line(passage, at) and not _ASKS_FOR_TITLES.intersection(question.terms)
    if heading or is_heading_row(passage.chunk.tables, span):
        return True
    if len(span) > _LONGEST_LINE:
        return False
    text = sentence_text(passage, at)
    if _is_salutation(question, text) or _only_restates(question, passage, at):
        return True
    said = {*label_stems(passage, at)}
    if span.start < _HEAD and (_DATELINE.fullmatch(text) or _BYLINE.fullmatch(text)):
        return not said & set(question.terms)
    label = _LABEL.fullmatch(text)
    if label and (span.start < _HEAD or is_lead_in(text)):
        return not (said | set(content_stems(label["label"]))) & set(question.terms)
    return _CODE.match(text) is not None or _column_names(passage, at, text)


def _is_salutation(question: ParsedQuestion, text: str) -> bool:
    """True for "Dear Ms Lind," and "Yours sincerely", unless it is asked whom the letter is for."""
    if _CLOSING.fullmatch(text):
        return True
    for_whom = _ASKS_FOR_ADDRESSEE.intersection(question.terms) or "whom" in question.text.casefold()
    return not for_whom and _SALUTATION.fullmatch(text) is not None


def _only_restates(question: ParsedQuestion, passage: Passage, at: int) -> bool:
    """True for a line with no word but the question's, such as a bare "Practice manager".

    Words alone: a line with a digit says something, one with a colon announces something, and a whole
    sentence may be what a question for yes or no asks for.
    """
    text = sentence_text(passage, at)
    if len(text) > _LONGEST_RESTATED or body_table(passage.chunk.tables, passage.chunk.sentences[at]):
        return False
    if not text[-1:].isalpha() or ":" in text or any(map(str.isdigit, text)):
        return False
    alone = begins_line(passage, at) and (
        at + 1 == len(passage.chunk.sentences) or begins_line(passage, at + 1)
    )
    stems = frozenset(content_stems(text))
    return alone and bool(stems) and stems.issubset(question.terms)


def only_asks(question: ParsedQuestion, passage: Passage, at: int) -> bool:
    """True for a line that repeats the question word for word, and says nothing else.

    Where it has its mark, it announces what follows it.
    """
    asked, text = question.text.rstrip(" ?!.").casefold(), sentence_text(passage, at)
    if asked not in text.casefold() or not _ASKS.match(asked):
        return False
    after = sentence_text(passage, at + 1) if at + 1 < len(passage.chunk.sentences) else asked
    if is_lead_in(text) and asked not in after.casefold():
        return False
    if body_table(passage.chunk.tables, passage.chunk.sentences[at]):
        return False
    before, _, behind = text.casefold().partition(asked)
    said = [part for part in (before, behind) if not is_lead_in(part)]
    return sum(len(content_stems(part)) for part in said) < _LEAST_SAID


def label_stems(passage: Passage, at: int) -> tuple[str, ...]:
    """The stems of what the label of a line of front matter, or a byline, says of the name after it."""
    span = passage.chunk.sentences[at]
    if span.start >= _HEAD or len(span) > _LONGEST_LINE:
        return ()
    text = sentence_text(passage, at)
    label = _LABEL.fullmatch(text)
    words = _LABELS_SAY.get(label["label"].casefold(), ()) if label else ()
    if not words and _BYLINE.fullmatch(text):
        words = _WROTE
    return tuple(content_stems(" ".join(words)))


def is_heading_line(passage: Passage, at: int) -> bool:
    """True if the passage's sentence `at` is a heading: marked as one, or a few words between blank lines.

    Without a mark, only words: a line with a digit, a stop or a colon may say something.
    """
    text = sentence_text(passage, at)
    before = _gap(passage, at) if at else ""
    if at and before[1 + max(map(before.rfind, "\n\r")) :].lstrip().startswith("#"):
        return True
    if text.lstrip().startswith("#") and text.lstrip("# ") != text and at == 0:
        return True
    count = len(passage.chunk.sentences)
    if at + 1 >= count or len(text) > _LONGEST_HEADING or not _BLANK_LINE.search(_gap(passage, at + 1)):
        return False
    if is_item(passage, at) or body_table(passage.chunk.tables, passage.chunk.sentences[at]):
        return False
    plain = text[:1].isupper() and not any(map(str.isdigit, text)) and text[-1:].isalnum() and ":" not in text
    return plain and (not at or bool(_BLANK_LINE.search(before)))


def lines_from(passage: Passage, at: int) -> int:
    """The first sentence that is read with the sentence `at`: the one before it, or the lines of a block.

    "Signed on 28 May 2024 / Marta Quill, for the borrower / Henrik Dahl, for the lender": what the first of
    such lines says holds for all of them.
    """
    first = max(0, at - 1)
    while first and at - first < _MOST_LINES and _is_short_line(passage, first):
        if not _own_line(passage, at) or _BLANK_LINE.search(_gap(passage, first + 1)):
            break
        if _BLANK_LINE.search(_gap(passage, first)):
            break
        first -= 1
    return first


def _is_short_line(passage: Passage, at: int) -> bool:
    text = sentence_text(passage, at)
    return _own_line(passage, at) and len(text) <= _LONGEST_LINE and text[-1:].isalnum()


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
    """True if `text` announces what follows it: it ends with a colon, or asks."""
    return text.rstrip("*_ ").endswith((":", "：", "?", "？"))


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

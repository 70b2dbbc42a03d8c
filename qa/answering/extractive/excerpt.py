"""Very long sentences shortened around what answers: rows of fifty cells, pages without a full stop."""

from __future__ import annotations

import re

from qa.answering.extractive.question import ParsedQuestion, content_stems, find_expected

LONGEST = 400  # characters of a sentence that is given whole
_ROOM = 300  # characters that are left of a longer one
_CELL = " | "
_WORD = re.compile(r"\w[\w.,'’-]*")


def excerpt(text: str, question: ParsedQuestion) -> str:
    """`text`, if it is longer than `LONGEST` only the stretch with most of the question's terms.

    With "…" where something is left out. Of a row, its first cell is kept, and no other cell is cut.
    """
    if len(text) <= LONGEST:
        return text
    row = _CELL in text
    kept = text.find(_CELL) + len(_CELL) if row and text.find(_CELL) <= _ROOM else 0
    start, end = _stretch(text, kept, question)
    spare = max(0, _ROOM - (end - start))
    start, end = max(kept, start - spare // 2), min(len(text), end + spare - spare // 2)
    start, end = _whole(text, start, end, _CELL if row else " ")
    left_out = ("… | " if row else "… ") if start > kept else ""
    tail = "" if end == len(text) else " | …" if row else " …"
    return f"{text[:kept]}{left_out}{text[start:end].strip()}{tail}"


def _stretch(text: str, after: int, question: ParsedQuestion) -> tuple[int, int]:
    """The shortest stretch of at most `_ROOM` characters that has the most of the question's terms.

    It begins at `after` or later. What is of the asked kind (a date, a number, a name) counts as one more.
    """
    asked = frozenset(question.terms)
    marks = [
        (match.start(), match.end(), stem)
        for match in _WORD.finditer(text, after)
        for stem in asked.intersection(content_stems(match[0]))
    ]
    expected = find_expected(question, text)
    if expected is not None and expected[0] >= after:
        marks = sorted([*marks, (*expected, "")])
    best, span = (0, 0), (after, after)
    for at, (start, _, _) in enumerate(marks):
        held: set[str] = set()
        for _, end, stem in marks[at:]:
            if end - start > _ROOM:
                break
            held.add(stem)
            if (len(held), start - end) > best:
                best, span = (len(held), start - end), (start, end)
    return span


def _whole(text: str, start: int, end: int, between: str) -> tuple[int, int]:
    """`start` and `end` moved outwards to where a word, or a cell of a row, begins and ends."""
    before = text.rfind(between, 0, start + 1)
    after = text.find(between, end)
    return (before + len(between) if before >= 0 else 0), (after if after >= 0 else len(text))

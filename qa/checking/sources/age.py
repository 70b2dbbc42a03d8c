"""How old the sources of an answer are, and whether that is worth a word.

Only dates of documents count; that of a file's last change says nothing. A note is given in two cases:
something that was found is on the subject and more than a year newer than the newest source cited, or the
question is about the present and the newest source cited is more than a year old. Neither where the question
names a year or a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from index.text.terms import query_terms, stem, stems
from index.types import Passage
from qa.checking.sources.statements import names_of, read
from qa.types import Citation, Claim

OLD = 366  # days between an old source and a new one
_ON_SUBJECT = 0.75  # of the words of a question that a passage has
_PRESENT = re.compile(
    r"\b(?:who is|who's|who are|what is the current|what are the current|current|currently|now|nowadays|today"
    r"|latest|at present|at the moment|these days|still"
    r"|wer ist|aktuell\w*|derzeit|heute|jetzt|zurzeit|noch"
    r"|qui est|actuel\w*|aujourd'hui|maintenant|quién es|actual\w*|hoy|ahora)\b",
    re.IGNORECASE,
)


def as_of(claim: Claim, citations: Sequence[Citation]) -> str | None:
    """The newest date of the documents that a claim cites, as they give it; None if none has one."""
    cited = [citation for citation in citations if citation.number in claim.citations]
    return newest(citation.date for citation in cited if citation.date_origin != "modified")


def newest(dates: Iterable[str | None]) -> str | None:
    """The newest of some dates; of two that may be the same day the one that says more."""
    return max((value for value in dates if value), key=lambda value: (value, len(value)), default=None)


def age_note(
    question: str, citations: Sequence[Citation], passages: Sequence[Passage], today: date
) -> str | None:
    """What is to be said of the age of the sources that an answer rests on; None if nothing is."""
    cited = newest(citation.date for citation in citations)
    if cited is None or any(each.date is None or each.date_origin == "modified" for each in citations):
        return None
    newer = [
        (passage.source.date.value, passage)
        for passage in passages
        if passage.source.date and passage.source.date.of_document
        if _days(passage.source.date.value, cited) > OLD
    ]
    old_now = _PRESENT.search(question) is not None and (today - _last_day(cited)).days > OLD
    if (not newer and not old_now) or _names_a_time(question):
        return None
    found = newest(value for value, passage in newer if _on_subject(question, passage))
    if found is not None:
        return f"the newest source cited is of {cited}; one of {found} was found too"
    return f"the newest source cited is of {cited}" if old_now else None


def _names_a_time(question: str) -> bool:
    asked = read(question)
    return bool(asked.days or asked.years)


def _days(newer: str, older: str) -> int:
    """Days from the end of one date to the beginning of another, which may be months or years."""
    return (_first_day(newer) - _last_day(older)).days


def _first_day(value: str) -> date:
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    return date(year, month, day)


def _last_day(value: str) -> date:
    """The last day of a date, or nearly: of a month the 28th."""
    year, month, day = (*map(int, value.split("-")), *((12, 28) if len(value) == 4 else (28,)))[:3]
    return date(year, month, day)


def _on_subject(question: str, passage: Passage) -> bool:
    """True if a passage has the names and most of the other words of a question."""
    wanted = {stem(term) for term in query_terms(question)}
    text = " ".join((passage.source.title or "", *passage.chunk.headings, passage.chunk.text))
    there = frozenset(stems(text))
    names = {stem(name) for name in names_of(question)}
    return bool(wanted) and names <= there and len(wanted & there) >= _ON_SUBJECT * len(wanted)

"""What has become of saved citations, as text and as JSON (`qa.verify/1`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from qa.output.answers.as_json import answer_object
from qa.output.answers.terminal import to_text
from qa.output.places import path_from_here
from qa.output.text import paint, printable, wrap

if TYPE_CHECKING:
    from qa.checking.receipts.saved import Receipt
    from qa.checking.receipts.verify import CitationCheck, Place
    from qa.types import Answer

SCHEMA = "qa.verify/1"
LISTED = 20  # citations; of more, only those that are not intact are listed
_COLOURS = {"intact": "cyan", "moved": "cyan", "changed": "yellow", "gone": "red", "unreadable": "red"}
_WIDEST = max(map(len, _COLOURS))

Verified = Sequence[tuple["Receipt", Sequence["CitationCheck"]]]


def verification_lines(verified: Verified, *, width: int, colour: bool) -> list[str]:
    """A block for each receipt, its citations line by line, what changed in them; then the counts."""
    few = sum(len(verdicts) for _, verdicts in verified) <= LISTED
    lines: list[str] = []
    for receipt, verdicts in verified:
        shown = [verdict for verdict in verdicts if few or verdict.state != "intact"]
        if shown or few:
            head = f"{receipt.file}: {receipt.question}" if receipt.question else receipt.file
            lines += [paint(line, "bold", colour=colour) for line in wrap(printable(head), width)]
        for verdict in shown:
            lines += _verdict_lines(verdict, width, colour=colour)
        if few and not verdicts:
            lines.append("  cites nothing")
        lines += [""] if shown or few else []
    return [*lines, counts_line(verified)]


def counts_line(verified: Verified) -> str:
    """`4 citations: 2 intact, 1 moved, 1 gone`."""
    counts = _counts(verified)
    total = sum(counts.values())
    said = ", ".join(f"{count:,} {state}" for state, count in counts.items() if count)
    return f"{total:,} citation{'' if total == 1 else 's'}{': ' if said else ''}{said}"


def _counts(verified: Verified) -> dict[str, int]:
    counted: Counter[str] = Counter(verdict.state for _, verdicts in verified for verdict in verdicts)
    return {state: counted[state] for state in _COLOURS}


def refreshed_lines(receipt: Receipt, answer: Answer, width: int, *, colour: bool) -> list[str]:
    """What the answer was, and what it is now; one line where it says the same."""
    head = [paint(line, "bold", colour=colour) for line in wrap(printable(receipt.question), width)]
    if printable(receipt.text) == printable(answer.text):
        return [
            *head,
            *wrap("the answer is the same", width, "  "),
            "",
            to_text(answer, width, colour=colour),
        ]
    was = wrap(f"was: {printable(receipt.text)}", width, "  ")
    return [
        *head,
        *(paint(line, "dim", colour=colour) for line in was),
        "",
        to_text(answer, width, colour=colour),
    ]


def _verdict_lines(verdict: CitationCheck, width: int, *, colour: bool) -> Iterator[str]:
    citation, now = verdict.citation, verdict.now
    state = paint(f"{verdict.state:<{_WIDEST}}", _COLOURS[verdict.state], colour=colour)
    place = _ref(citation.location, citation.source, citation.page, citation.line)
    if verdict.state == "moved" and now is not None:
        there = _ref(now.location, now.source, now.page, now.line)
        place += f" -> {there}, characters {now.span.start}-{now.span.end}"
    elif verdict.reason:
        place += f": {printable(verdict.reason)}"
    yield f"  [{citation.number}] {state} {place}"
    indent = " " * 6
    if verdict.state == "changed" and now is not None:
        same = printable(citation.text) == printable(now.text)  # then it is its columns that changed
        was, is_now = (citation.labelled, now.labelled) if same else (citation.text, now.text)
        yield from wrap(word_diff(was or "", is_now or ""), width, indent)
    elif verdict.state == "gone":
        yield from wrap(f"[-{printable(citation.text)}-]", width, indent)


def word_diff(was: str, now: str) -> str:
    """Both texts in one, as `git diff --word-diff` writes them.

    >>> word_diff("It was cancelled on Monday.", "It was not held on Monday.")
    'It was [-cancelled-]{+not held+} on Monday.'
    """
    old, new = printable(was).split(" "), printable(now).split(" ")
    parts: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = " ".join(old[a:b]), " ".join(new[c:d])
        if tag == "equal":
            parts.append(removed)
        else:
            parts.append((f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else ""))
    return " ".join(parts)


def _ref(location: str | None, source: str, page: int | None, line: int) -> str:
    """`path:line` or `path:page:line`, as answers print it."""
    path = printable(path_from_here(location) or source)
    return f"{path}:{page}:{line}" if page else f"{path}:{line}"


def verification_json(verified: Verified, answers: Mapping[Receipt, Answer]) -> str:
    """What `qa verify --json` prints; `answers` are those that were asked for again."""
    receipts = [
        {
            "file": receipt.file,
            "question": receipt.question,
            "citations": [_verdict_object(verdict) for verdict in verdicts],
            "answer": answer_object(answers[receipt]) if receipt in answers else None,
        }
        for receipt, verdicts in verified
    ]
    return json.dumps(
        {"schema": SCHEMA, "receipts": receipts, "counts": _counts(verified)}, ensure_ascii=False
    )


def _verdict_object(verdict: CitationCheck) -> dict[str, object]:
    citation, now = verdict.citation, verdict.now
    return {
        "number": citation.number,
        "state": verdict.state,
        "reason": verdict.reason or None,
        "was": {
            "source": citation.source,
            "location": citation.location,
            "sha256": citation.sha256,
            "start": citation.span.start,
            "end": citation.span.end,
            "text": citation.text,
            "page": citation.page,
            "line": citation.line,
        },
        "now": None if now is None else _place_object(now),
    }


def _place_object(place: Place) -> dict[str, object]:
    return {
        "source": place.source,
        "location": place.location,
        "sha256": place.sha256,
        "start": place.span.start,
        "end": place.span.end,
        "text": place.text,
        "page": place.page,
        "line": place.line,
    }

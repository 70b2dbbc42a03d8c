"""What has become of saved citations, as text and as JSON (`qa.verify/1`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from qa.checking.receipts.verify import STATES
from qa.output.answers.as_json import answer_object, citation_object
from qa.output.answers.terminal import to_text
from qa.output.places import citation_ref
from qa.output.text import paint, printable, wrap

if TYPE_CHECKING:
    from qa.checking.receipts.saved import Receipt
    from qa.checking.receipts.verify import CitationCheck
    from qa.types import Answer

SCHEMA = "qa.verify/1"
LISTED = 20  # citations; of more, only those that are not intact are listed
_COLOURS = {"intact": "cyan", "moved": "cyan", "changed": "yellow", "gone": "red", "unreadable": "red"}
_WIDEST = max(map(len, STATES))

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
    return {state: counted[state] for state in STATES}


def refreshed_lines(receipt: Receipt, answer: Answer, width: int, *, colour: bool) -> list[str]:
    """What the answer was, and what it is now; one line where it says the same."""
    same = printable(receipt.text) == printable(answer.text)
    was = "the answer is the same" if same else f"was: {printable(receipt.text)}"
    return [
        *(paint(line, "bold", colour=colour) for line in wrap(printable(receipt.question), width)),
        *(paint(line, "dim", colour=colour) for line in wrap(was, width, "  ")),
        "",
        to_text(answer, width, colour=colour),
    ]


def _verdict_lines(verdict: CitationCheck, width: int, *, colour: bool) -> Iterator[str]:
    citation, now = verdict.citation, verdict.now
    state = paint(f"{verdict.state:<{_WIDEST}}", _COLOURS[verdict.state], colour=colour)
    place = citation_ref(citation)
    if verdict.state == "moved" and now is not None:
        place += f" -> {citation_ref(now)}, characters {now.span.start}-{now.span.end}"
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
    return {
        "number": verdict.citation.number,
        "state": verdict.state,
        "reason": verdict.reason or None,
        "was": citation_object(verdict.citation),
        "now": None if verdict.now is None else citation_object(verdict.now),
    }

"""How many sources say a claim, and where they disagree, as text for a terminal and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.output.places import citation_ref
from qa.output.text import paint, printable, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.types import Answer, Citation, Claim, Side

DISAGREE = "Sources disagree"


def source_counts(answer: Answer) -> Iterator[str]:
    """A line for each claim that more than one source says: `[1][2] 3 sources, 2 independent`."""
    lines = (_count(claim) for claim in answer.claims if claim.sources > 1 and claim.citations)
    yield from dict.fromkeys(lines)


def _count(claim: Claim) -> str:
    markers = "".join(f"[{number}]" for number in claim.citations)
    return f"{markers} {claim.sources} sources, {claim.independent} independent"


def disagreement_lines(answer: Answer, width: int, *, colour: bool) -> list[str]:
    """The block "Sources disagree": of each disagreement what it is about, and its sides, newest first.

    Empty without any. A side is its value, unless that is the sentence itself, where it stands, the date of
    its document and the sentence.
    """
    if not answer.disagreements:
        return []
    lines = ["", paint(f"≠ {DISAGREE}", "yellow", colour=colour)]
    for found in answer.disagreements:
        if found.kind != "denial":
            lines += wrap(printable(found.about), width, "  ")
        for side in found.sides:
            for at, citation in enumerate(side.citations):
                said = side_value(side, found.kind) if at == 0 else ""
                lines += wrap(f"- {said}{_where(citation)}", width, "    ")
            if side.citations:
                quote = wrap(f'    "{printable(side.citations[0].text)}"', width, "    ")
                lines += [paint(line, "dim", colour=colour) for line in quote]
    return lines


def disagreement_facts(answer: Answer) -> Iterator[tuple[str, list[tuple[str, list[Citation]]]]]:
    """Of each disagreement what it is about, and of each side its value and citations."""
    for found in answer.disagreements:
        sides = [(side_value(side, found.kind), list(side.citations)) for side in found.sides]
        yield ("" if found.kind == "denial" else found.about), sides


def side_value(side: Side, kind: str) -> str:
    """The value of a side with a colon; "" where it is the sentence itself."""
    return "" if kind == "denial" else f"{printable(side.value)}: "


def _where(citation: Citation) -> str:
    known = citation.date if citation.date_origin != "modified" else None
    return f"[{citation.number}] {citation_ref(citation)} ({printable(known) if known else 'no date'})"

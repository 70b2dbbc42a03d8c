"""An answer as text for a terminal.

Every word that is not ours came from a document, a user or a model: it passes `printable` first.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from qa.output.sources_text import disagreement_lines, source_counts
from qa.output.text import paint, printable, shorten, wrap
from qa.output.usage import note_lines, usage_line

if TYPE_CHECKING:
    from index.types import DateOrigin, Passage
    from qa.types import Answer, Citation, Claim

EXTRACTIVE_NOTE = "These are sentences of your documents, word for word; no model took part."
_EXCERPT = 240  # characters of a nearest passage that an abstention shows
MARKER = re.compile(r"\[([0-9]{1,3})\]")


def to_text(answer: Answer, width: int = 80, *, colour: bool = False, streamed: bool = False) -> str:
    """`answer` for a person: prose and the sentences it rests on, or the nearest passages found.

    Without what `streamed` has shown already. The last line says who answered, if a model did.
    """
    if answer.status == "abstained":
        lines = _abstention(answer, width, colour=colour)
    else:
        lines = _answer_lines(answer, width, colour=colour, streamed=streamed)
    if notes := note_lines(answer, width, colour=colour):
        lines += ["", *notes]
    if line := usage_line(answer):
        lines += ["", *(paint(part, "dim", colour=colour) for part in wrap(line, width))]
    return "\n".join(lines)


def _answer_lines(answer: Answer, width: int, *, colour: bool, streamed: bool) -> list[str]:
    lines = [] if streamed else _prose(answer, width, colour=colour)
    if answer.missing:
        lines += ["", *wrap(f"Missing: {printable(answer.missing)}", width)]
    if answer.citations:
        lines += ["", paint("Sources", "bold", colour=colour)]
        for citation in answer.citations:
            lines += _citation_lines(citation, width, colour=colour, quoted=answer.mode == "llm")
        lines += [paint(line, "dim", colour=colour) for line in source_counts(answer)]
    lines += disagreement_lines(answer, width, colour=colour)
    for heading, claims in _in_question(answer):
        lines += ["", paint(heading, "bold", colour=colour)]
        for claim in claims:
            lines += _doubt_lines(claim, width, colour=colour)
    return lines


def _in_question(answer: Answer) -> list[tuple[str, list[Claim]]]:
    """The claims that are not simply supported, under what is the matter with them."""
    doubtful = [claim for claim in answer.claims if claim.support == "suspect"]
    without = [claim for claim in answer.claims if claim.support == "uncited" and not claim.rejected]
    others = [
        claim
        for claim in answer.claims
        if claim.support == "rejected" or (claim.rejected and claim.support != "suspect")
    ]
    blocks = (
        ("Doubtful: compare with what is cited", doubtful),
        ("Without a source", without),
        ("Citing what was not shown", others),
    )
    return [(heading, claims) for heading, claims in blocks if claims]


def _prose(answer: Answer, width: int, *, colour: bool) -> list[str]:
    numbers = {citation.number for citation in answer.citations}

    def mark(match: re.Match[str]) -> str:
        return paint(match[0], "cyan", colour=colour) if int(match[1]) in numbers else match[0]

    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", answer.text.strip()):
        # A model's lines may be a list; sentences of documents run on.
        for line in paragraph.split("\n") if answer.mode == "llm" else [paragraph]:
            lines += wrap(printable(line), width)
        lines.append("")
    return [MARKER.sub(mark, line) for line in lines[:-1]]


def _citation_lines(citation: Citation, width: int, *, colour: bool, quoted: bool) -> list[str]:
    """Where it is and, `quoted`, what stands there: a quotation that is the answer is not shown twice."""
    marker = f"[{citation.number}]"
    indent = " " * (len(marker) + 1)
    head = f"{paint(marker, 'cyan', colour=colour)} {paint(citation_ref(citation), 'bold', colour=colour)}"
    facts = [f"characters {citation.span.start}-{citation.span.end}"]
    facts += [date_text(citation.date, citation.date_origin)] if citation.date else []
    head += paint("".join(f"  {fact}" for fact in facts), "dim", colour=colour)
    quote = [
        paint(line, "dim", colour=colour) for line in wrap(f'"{printable(citation.text)}"', width, indent)
    ]
    if citation.labelled:
        quote += wrap(f"({printable(citation.labelled)})", width, indent)
    also = ", ".join(printable(name) for name in citation.also)
    return [head, *(quote if quoted else ()), *(wrap(f"also in {also}", width, indent) if also else [])]


def _doubt_lines(claim: Claim, width: int, *, colour: bool) -> list[str]:
    why = f" ({printable(reasons(claim))})" if reasons(claim) else ""
    lines = wrap(f"- {printable(claim.text)}{why}", width, "  ")
    return [paint(line, "yellow", colour=colour) for line in lines]


def reasons(claim: Claim) -> str:
    """Why a claim is not borne out, and the citations of it that were rejected."""
    return "; ".join([*claim.reasons, *(f"{rejected.key}: {rejected.reason}" for rejected in claim.rejected)])


def _abstention(answer: Answer, width: int, *, colour: bool) -> list[str]:
    sentence = printable(answer.text) or "The documents do not answer this question."
    lines = [paint(line, "bold", colour=colour) for line in wrap(sentence, width)]
    missing = printable(answer.missing or "")
    if missing and missing not in sentence:
        lines += wrap(f"Missing: {missing}", width)
    if answer.nearest is not None:
        lines += ["", *wrap(f"Nearest: {printable(answer.nearest.text)}", width)]
        for citation in answer.nearest.citations:
            lines += _citation_lines(citation, width, colour=colour, quoted=True)
    if answer.passages:
        lines += ["", "Nearest passages (not sources)"]
        for passage in answer.passages[:3]:
            lines += _passage_lines(passage, width, colour=colour)
    return lines


def _passage_lines(passage: Passage, width: int, *, colour: bool) -> list[str]:
    head = f"  {passage_ref(passage)}"
    if passage.source.date:
        head += f"  {date_text(passage.source.date.value, passage.source.date.origin)}"
    excerpt = shorten(printable(passage.chunk.text[: 2 * _EXCERPT]), _EXCERPT)
    return [head, *(paint(line, "dim", colour=colour) for line in wrap(excerpt, width, "      "))]


def passage_ref(passage: Passage) -> str:
    """Where a passage lies, as `qa show` takes it: `name:start-end`."""
    return f"{printable(passage.source.name)}:{passage.chunk.span.start}-{passage.chunk.span.end}"


def citation_ref(citation: Citation) -> str:
    """`path:line`, or `path:page:line` for paged formats; the path as a terminal can open it from here."""
    path = printable(path_from_here(citation.location) or citation.source)
    return f"{path}:{citation.page}:{citation.line}" if citation.page else f"{path}:{citation.line}"


def date_text(date: str, origin: DateOrigin | None) -> str:
    """A source's date as it is shown: one that only the file has is said to be the file's."""
    said = {"created": "created ", "modified": "file modified "}.get(origin or "", "")
    return said + printable(date)


def path_from_here(location: str | None) -> str | None:
    """`location` relative to the working directory if it lies below it, None if no such file exists."""
    if location is None:
        return None
    path = Path(location)
    try:
        if not path.is_file():
            return None
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
    except (OSError, ValueError):  # no permission, a NUL in the name, or no working directory any more
        return None

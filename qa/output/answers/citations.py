"""The sources of an answer on a terminal: by file, each citation with its place and what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.output.places import HIDDEN, citation_ref, date_text
from qa.output.text import cells, paint, printable, wrap

if TYPE_CHECKING:
    from qa.types import Citation


def source_lines(
    citations: Sequence[Citation], width: int, *, colour: bool, quoted: bool = True
) -> list[str]:
    """The citations by source, in the order of their first numbers.

    Above those of a source stand its title and date, if it has a title. `quoted`, what is cited is shown,
    with the names of columns; a span that lies within another is not quoted again.
    """
    lines: list[str] = []
    for source in dict.fromkeys(citation.source for citation in citations):
        same = [citation for citation in citations if citation.source == source]
        lines += _head(same[0], width, colour=colour)
        for citation in same:
            around = next((other for other in same if _within(citation, other)), None)
            lines += _citation(citation, around, width, colour=colour, quoted=quoted)
    return lines


def _within(citation: Citation, other: Citation) -> bool:
    """True if `other` is longer and has all of `citation`, or is the same under an earlier number."""
    if not other.span.contains(citation.span):
        return False
    return len(other.span) > len(citation.span) or other.number < citation.number


def _head(citation: Citation, width: int, *, colour: bool) -> list[str]:
    """The title and the date of a source, nothing where it has no title."""
    if not citation.title or not citation.title.strip():
        return []
    date = f" ({date_text(citation.date, citation.date_origin)})" if citation.date else ""
    return [paint(line, "bold", colour=colour) for line in wrap(f"{printable(citation.title)}{date}", width)]


def _citation(
    citation: Citation, around: Citation | None, width: int, *, colour: bool, quoted: bool
) -> list[str]:
    """Where it is, and `quoted`, what stands there."""
    marker = f"[{citation.number}]"
    indent = " " * (len(marker) + 1)
    place = citation_ref(citation)
    facts = [f"characters {citation.span.start}-{citation.span.end}"]
    if around is not None:
        facts.append(f"within [{around.number}]")
    if citation.date and not citation.title:
        facts.append(date_text(citation.date, citation.date_origin))
    if citation.hidden:
        facts.append(HIDDEN)
    aside = "  ".join(facts)
    shown = place if citation.title else paint(place, "bold", colour=colour)  # below a title, that is bold
    lines = [f"{paint(marker, 'cyan', colour=colour)} {shown}"]
    if len(indent) + cells(place) + 2 + cells(aside) <= width:
        lines[0] += paint(f"  {aside}", "dim", colour=colour)
    else:  # a path is never broken: it would be no path any more
        lines += [paint(line, "dim", colour=colour) for line in wrap(aside, width, indent)]
    if quoted and around is None:
        quote = wrap(f'"{printable(citation.text)}"', width, indent)
        lines += [paint(line, "dim", colour=colour) for line in quote]
        if citation.labelled:
            lines += wrap(f"({printable(citation.labelled)})", width, indent)
    also = ", ".join(printable(name) for name in citation.also)
    return [*lines, *(wrap(f"also in {also}", width, indent) if also else [])]

"""An answer as text for a terminal.

Every word that is not ours came from a document, a user or a model: it passes `printable` first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.text.lines import collapse
from index.text.terms import query_terms, stem, stems
from qa.output.answers.citations import source_lines
from qa.output.answers.comparison import disagreement_lines, source_counts
from qa.output.answers.prose import prose_lines
from qa.output.answers.usage import note_lines, usage_line
from qa.output.places import date_text, passage_ref
from qa.output.text import paint, printable, shorten, wrap

if TYPE_CHECKING:
    from index.types import Passage, Span
    from qa.types import Answer, Citation, Claim

EXTRACTIVE_NOTE = "These are sentences of your documents, word for word; no model took part."
_EXCERPT = 240  # characters of a nearest passage that an abstention shows


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
        # Without a model, what is cited is the answer, and stands above.
        lines += source_lines(answer.citations, width, colour=colour, quoted=answer.mode == "llm")
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
    """A model's text, which may have lists; sentences of documents run on, but for rows of tables."""
    by_number = {citation.number: citation for citation in answer.citations}
    if answer.mode == "llm":
        return prose_lines(answer.text, width, colour=colour, numbers=by_number)
    parts: list[str] = []
    for line, claim in zip(answer.text.split("\n"), answer.claims, strict=False):
        row = next((_row(claim, by_number[at]) for at in claim.citations if at in by_number), None)
        body, _, marker = line.rpartition(" ")
        parts.append(f"\n{row} ({body}) {marker}\n" if row else line)
    parts += answer.text.split("\n")[len(answer.claims) :]
    return prose_lines(" ".join(parts), width, colour=colour, numbers=by_number)


def _row(claim: Claim, citation: Citation) -> str | None:
    """The row of a table as it stands in the file, of a claim that has the names of its columns."""
    named = (citation.labelled or "").split("\n")
    written = [line for line in citation.text.splitlines() if line.strip()]
    if citation.labelled is None or claim.text not in named or len(named) != len(written):
        return None
    row = collapse(written[named.index(claim.text)])
    return re.sub(r"\[(\d+)\]", r"[ \1 ]", row) if row != collapse(claim.text) else None  # no marker of ours


def _doubt_lines(claim: Claim, width: int, *, colour: bool) -> list[str]:
    why = f" ({printable(reasons(claim))})" if reasons(claim) else ""
    said = claim.text.replace("**", "")  # where it stands above, it is in bold
    lines = wrap(f"- {printable(said)}{why}", width, "  ")
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
        lines += source_lines(answer.nearest.citations, width, colour=colour)
    if answer.passages:
        lines += ["", "Nearest passages (not sources)"]
        for passage in answer.passages[:3]:
            lines += _passage_lines(passage, answer.question, width, colour=colour)
    return lines


def _passage_lines(passage: Passage, question: str, width: int, *, colour: bool) -> list[str]:
    """Where a passage is, and of its sentences the one that is nearest to the question, with what follows."""
    facts = [passage_ref(passage)]
    best = _nearest_sentence(passage, question)
    if (page := passage.source.page_at(best)) is not None:
        facts.append(f"page {page}")
    if passage.source.date:
        facts.append(date_text(passage.source.date.value, passage.source.date.origin))
    begins = best - passage.chunk.span.start
    text = printable(passage.chunk.text[begins : begins + 2 * _EXCERPT])
    excerpt = shorten(f"... {text}" if begins else text, _EXCERPT)
    head = wrap(", ".join(facts), width, "  ")
    return [*head, *(paint(line, "dim", colour=colour) for line in wrap(excerpt, width, "      "))]


def _nearest_sentence(passage: Passage, question: str) -> int:
    """Where the sentence begins that has most of the words of the question; the first of equal ones."""
    wanted = {stem(term) for term in query_terms(question)}
    chunk = passage.chunk

    def shared(span: Span) -> int:
        start = chunk.span.start
        return len(wanted.intersection(stems(chunk.text[span.start - start : span.end - start])))

    return max(chunk.sentences, key=shared, default=chunk.span).start

"""An answer with its sources held against each other: how many, how independent, how old.

What is found is in `qa/checking/sources`; here it becomes part of the answer, with citations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from index.types import Passage, Sliceable, Span
from qa.answering.citations import quotation
from qa.answering.retrieval import Retrieval
from qa.checking.sources.age import age_note, as_of, newest
from qa.checking.sources.compare import Dispute, SourceComparison, Voice
from qa.checking.sources.statements import Statement
from qa.types import Answer, Citation, Disagreement, Side


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a passage, to be cited."""

    passage: Passage
    span: Span


def compared(answer: Answer, retrieval: Retrieval, *, today: date | None = None) -> Answer:
    """`answer` with the sources of each claim counted and dated, its disagreements, a note on old sources.

    An abstention is given back as it is. `today` is for tests. Raises IndexDamaged as `quotation` does.
    """
    if answer.status == "abstained" or not answer.citations:
        return answer
    comparison = SourceComparison(retrieval.passages, retrieval.texts)
    by_number = {citation.number: citation for citation in answer.citations}
    claims = []
    for claim in answer.claims:
        sources, independent = comparison.sources_of(claim, by_number)
        claims.append(
            replace(claim, sources=sources, independent=independent, as_of=as_of(claim, answer.citations))
        )
    numbers = _Numbers(answer.citations, retrieval.texts)
    disagreements = tuple(
        _disagreement(dispute, numbers) for dispute in comparison.disputes(answer.citations)
    )
    note = age_note(answer.question, answer.citations, retrieval.passages, today or datetime.now(UTC).date())
    notes = (*answer.notes, note) if note else answer.notes
    return replace(answer, claims=tuple(claims), disagreements=disagreements, notes=notes)


class _Numbers:
    """Citations of statements: those of the answer where they hold one, else new ones, numbered on."""

    def __init__(self, citations: Sequence[Citation], texts: Mapping[str, Sliceable]) -> None:
        self._citations = list(citations)
        self._texts = texts

    def of(self, voice: Voice) -> Iterator[Citation]:
        """A citation of each statement of a voice whose source's text is at hand, each once."""
        given: set[int] = set()
        for statement in voice.statements:
            if statement.copied:
                continue
            citation = self._of(statement)
            if citation.number not in given:
                given.add(citation.number)
                yield citation

    def _of(self, statement: Statement) -> Citation:
        for citation in self._citations:
            if citation.source == statement.source.name and citation.span.contains(statement.span):
                return citation
        sentence = _Sentence(statement.passage, statement.span)
        self._citations.append(quotation(len(self._citations) + 1, [sentence], self._texts))
        return self._citations[-1]


def _disagreement(dispute: Dispute, numbers: _Numbers) -> Disagreement:
    """The sides of a dispute, newest first; those of the same age, and without one, in the order found."""
    sides = [Side(voice.value, tuple(numbers.of(voice))) for voice in dispute.voices]
    return Disagreement(dispute.about, dispute.kind, tuple(sorted(sides, key=_age, reverse=True)))


def _age(side: Side) -> str:
    dates = (citation.date for citation in side.citations if citation.date_origin != "modified")
    return newest(dates) or ""

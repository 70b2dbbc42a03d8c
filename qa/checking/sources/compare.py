"""The sentences that an answer rests on, held against all that were retrieved with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.types import Passage, Sliceable
from qa.checking.sources.agreement import LEAST_SHARED, covered, says
from qa.checking.sources.cells import table_of
from qa.checking.sources.disagreement import contrast
from qa.checking.sources.independence import independent
from qa.checking.sources.replacements import Contrast
from qa.checking.sources.statements import LONGEST, Read, Statement, asserts, read, statements
from qa.checking.sources.tables import TableComparison
from qa.types import Citation, Claim, Difference

MOST_COMPARED = 60  # sentences with the most words of a statement that are looked at closely
LEAST_SHARE = 0.3  # of the words of a statement that they must have
MOST_FOUND = 5  # disagreements of one answer

_BEGINNING = re.compile(r"(?<![^\W_])[^\W\d_]{4,5}|(?<![^\W_])[^\W\d_]{3}(?![^\W_])|\d+")


@dataclass(frozen=True, slots=True)
class Voice:
    """What one or more statements say where others say something else."""

    value: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """That voices differ in one value; `about` is a cited sentence with "…" in its place."""

    about: str
    kind: Difference
    voices: tuple[Voice, ...]


class SourceComparison:
    """The sentences of some passages, to be asked which of them say what a claim says, or something else."""

    def __init__(self, passages: Sequence[Passage], texts: Mapping[str, Sliceable]) -> None:
        self._texts = texts
        self._all = [each for each in statements(passages) if len(each.text) <= LONGEST]
        # Equal sentences are looked at once; what sentences have in common is told by the beginnings of their
        # words, for to read all of them would take longer than all else.
        self._worded: dict[str, list[Statement]] = defaultdict(list)
        for statement in self._all:
            self._worded[statement.text].append(statement)
        self._beginnings = [(_beginnings(wording), said) for wording, said in self._worded.items()]
        self._tables = TableComparison(self._all)
        self._found: dict[str, list[Statement]] = {}

    def sources_of(self, claim: Claim, citations: Mapping[int, Citation]) -> tuple[int, int]:
        """How many sources say what a claim says, and how many of them are independent; (0, 0) if uncited."""
        cited = [citations[number] for number in claim.citations if number in citations]
        if not cited:
            return 0, 0
        wanted = read(claim.text)
        by_number = {citation.number: self.cited(citation) for citation in cited}
        saying = [each for said in by_number.values() for each in said if _bears(each, wanted)]
        bearers = {each.source.id for each in saying}
        if not saying:  # each says a part, if that
            saying = by_number[cited[0].number]
        others = [
            each
            for each in self._near(claim.text)
            if each.source.id not in bearers and says(each.read, each.chunk.text, wanted)
        ]
        every = [*saying, *others]
        sources = max(1, len({each.source.id for each in every}))
        return sources, independent(every, self._texts) if sources > 1 else 1

    def disputes(self, citations: Iterable[Citation]) -> tuple[Dispute, ...]:
        """In what the cited sentences and others that are parallel disagree, each once."""
        found: list[Dispute] = []
        seen: set[tuple[str, str, str]] = set()
        for citation in citations:
            for mine in self.cited(citation):
                for dispute in self._disputes_of(mine):
                    values = sorted(voice.value.casefold() for voice in dispute.voices)
                    key = (dispute.kind, values[0], values[-1])
                    if key not in seen:
                        seen.add(key)
                        found.append(dispute)
        return tuple(found[:MOST_FOUND])

    def cited(self, citation: Citation) -> list[Statement]:
        """The sentences of a citation."""
        return [
            each
            for each in self._all
            if not each.copied and each.source.name == citation.source and citation.span.contains(each.span)
        ]

    def _disputes_of(self, mine: Statement) -> list[Dispute]:
        if table_of(mine) is not None:
            return list(self._of_cells(mine))
        if not asserts(mine):
            return []
        near = [
            each
            for each in self._near(mine.text)
            if each.source.id != mine.source.id
            and not each.copied
            and asserts(each)
            and table_of(each) is None
        ]
        contrasts = [(other, found) for other in near if (found := contrast(mine, other))]
        grouped: dict[tuple[Difference, int, int], list[tuple[Statement, Contrast]]] = defaultdict(list)
        for other, found in contrasts:
            grouped[found.kind, found.start, found.end].append((other, found))
        return [*(self._dispute(mine, near, group) for group in grouped.values()), *self._with_cells(mine)]

    def _of_cells(self, mine: Statement) -> Iterator[Dispute]:
        """In what a row of a table disagrees with rows of others and with sentences."""
        for cell in self._tables.rows(mine):
            value, against, agreeing = self._tables.beside(cell)
            if against:
                yield _dispute_about(cell.name, (value, [mine, *agreeing]), against)

    def _with_cells(self, mine: Statement) -> Iterator[Dispute]:
        """In what a sentence disagrees with tables."""
        for said, against, agreeing in self._tables.said_by(mine):
            others: dict[str, list[Statement]] = {}
            for cell in against:
                others.setdefault(cell.text, []).append(cell.statement)
            about = mine.read.plain
            about = f"{about[: said.start]}…{about[said.end :]}"
            yield _dispute_about(about, (said.text, [mine, *(cell.statement for cell in agreeing)]), others)

    def _dispute(
        self, mine: Statement, near: Sequence[Statement], group: Sequence[tuple[Statement, Contrast]]
    ) -> Dispute:
        first = group[0][1]
        against = {other.source.id for other, _ in group}
        agreeing = [
            each
            for each in near
            if each.source.id not in against and says(each.read, each.chunk.text, mine.read)
        ]
        sides: dict[str, list[Statement]] = {}
        for other, found in group:
            sides.setdefault(found.its, []).append(other)
        about = mine.read.plain
        if first.end > first.start:
            about = f"{about[: first.start]}…{about[first.end :]}"
        voices = [Voice(first.mine, tuple(_one_a_source((mine, *agreeing))))]
        voices += [Voice(value, tuple(_one_a_source(said))) for value, said in sides.items()]
        return Dispute(about, first.kind, tuple(voices))

    def _near(self, text: str) -> list[Statement]:
        """The sentences that share most words with a text, at most `MOST_COMPARED` wordings, best first.

        Remembered: most claims are word for word what they cite.
        """
        if text not in self._found:
            wanted = _beginnings(text)
            least = max(LEAST_SHARED, LEAST_SHARE * len(wanted))
            shared = [(len(wanted & beginnings), said) for beginnings, said in self._beginnings]
            ranked = sorted((each for each in shared if each[0] >= least), key=lambda each: -each[0])
            self._found[text] = [each for _, said in ranked[:MOST_COMPARED] for each in said]
        return self._found[text]


@lru_cache(maxsize=1 << 12)
def _beginnings(text: str) -> frozenset[str]:
    """The first letters of the longer words of a text."""
    return frozenset(_BEGINNING.findall(text.lower()))


def _bears(statement: Statement, wanted: Read) -> bool:
    """True if a cited sentence says enough of a claim to count as a source of it."""
    return statement.read.words == wanted.words or covered(wanted, statement.read) >= 0.4


def _dispute_about(
    about: str, mine: tuple[str, Sequence[Statement]], others: Mapping[str, Sequence[Statement]]
) -> Dispute:
    value, said = mine
    voices = [Voice(value, tuple(_one_a_source(said)))]
    voices += [Voice(other, tuple(_one_a_source(its))) for other, its in others.items()]
    return Dispute(about, "number", tuple(voices))


def _one_a_source(said: Iterable[Statement]) -> list[Statement]:
    return list({each.source.id: each for each in reversed(list(said))}.values())[::-1]

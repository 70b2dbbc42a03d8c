"""The gold of a set found in an index before anything is asked: what is lost, what is only near."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from qa.errors import SetError
from qa.evaluation.sets.gold import Resolver
from qa.evaluation.types import Gold, Question

_WHOLE = 0.5  # share of a source's characters from which a document of the set is that source


@dataclass(frozen=True, slots=True)
class PlacedGold:
    """The questions as they can be measured, and what is to be said of their gold, as (place, what).

    `lost` are quotations that are not in the index, `near` those that are not there word for word. `flaws`
    counts pieces of other gold that are not where the set says.
    """

    questions: tuple[Question, ...]
    lost: tuple[tuple[str, str], ...] = ()
    near: tuple[tuple[str, str], ...] = ()
    flaws: int = 0


def place_gold(
    questions: Sequence[Question], resolver: Resolver, documents: Mapping[str, str] | None = None
) -> PlacedGold:
    """Find the gold of every question; `documents` are texts by the names that the set has for them.

    A document that the index has under another name is named as there; one that is part of an indexed file,
    a line of its corpus, is that span of it. Raises what the catalog raises.
    """
    placed = linked_questions(questions, resolver, documents or {})
    lost: list[tuple[str, str]] = []
    near: list[tuple[str, str]] = []
    flaws = 0
    for question in placed:
        resolved = resolver.resolve(question)
        for flaw in resolved.flaws:
            if question.evidence[flaw.at].is_quotation:
                lost.append((question.place, flaw.what))
            else:
                flaws += 1
        near += [(question.place, note.what) for note in resolved.notes]
    return PlacedGold(placed, tuple(lost), tuple(near), flaws)


def linked_questions(
    questions: Sequence[Question], resolver: Resolver, documents: Mapping[str, str]
) -> tuple[Question, ...]:
    """The questions with gold that the index knows, where the set calls `documents` otherwise."""
    links = _Links(resolver, documents)
    return tuple(links.linked(question) for question in questions)


def require_found(placed: PlacedGold, path: str) -> None:
    """Raise SetError that names every quotation that is not in the index, if there is any."""
    if not placed.lost:
        return
    hint = "quote the text as qa show prints it, or index the document; nothing was run"
    place, what = placed.lost[0]
    count = f"{len(placed.lost):,} quotations of {path} are not in the index"
    raise SetError(f"{place}: {what}" if len(placed.lost) == 1 else count, hint, placed.lost)


class _Links:
    """Documents that a set calls otherwise than the index does."""

    def __init__(self, resolver: Resolver, documents: Mapping[str, str]) -> None:
        self._resolver = resolver
        self._documents = documents
        self._known: dict[str, Gold] = {}

    def linked(self, question: Question) -> Question:
        """The question with gold that the index knows."""
        if not self._documents:
            return question
        evidence = tuple(dict.fromkeys(self._gold(gold) for gold in question.evidence))
        return replace(question, evidence=evidence)

    def _gold(self, gold: Gold) -> Gold:
        text = self._documents.get(gold.source)
        if not gold.is_document or not text or self._resolver.indexed(gold.source) is not None:
            return gold
        if gold.source not in self._known:
            self._known[gold.source] = next(self._found(text), gold)
        return self._known[gold.source]

    def _found(self, text: str) -> Iterator[Gold]:
        quoted = self._resolver.resolve(Question("", "", evidence=(Gold("", text=text),)))
        for place in quoted.gold:
            indexed = self._resolver.indexed(place.source) if place.span else None
            if indexed is not None and place.span is not None:
                whole = len(place.span) >= _WHOLE * len(indexed.text.strip())
                yield Gold(place.source, None if whole else place.span)

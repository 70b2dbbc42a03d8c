"""Drafts without a model: what the rules make of the documents, chosen evenly, with near misses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.types import Source, Span
from qa.checking.words.languages import language
from qa.evaluation.sets.authoring.rules.headings import of_headings, of_title
from qa.evaluation.sets.authoring.rules.near_misses import near_misses
from qa.evaluation.sets.authoring.rules.proposal import Proposal
from qa.evaluation.sets.authoring.rules.prose import names_within, of_sentence
from qa.evaluation.sets.authoring.rules.tables import of_record, of_tables
from qa.evaluation.sets.authoring.sampling import drawn, interleaved, lot, spread
from qa.evaluation.sets.authoring.wording import Wordings, gives_away, unclear
from qa.evaluation.types import Gold, Question

if TYPE_CHECKING:
    from index.storage.queries import CatalogReader

NEAR_SHARE = 5  # of so many drafts one is a near miss
_TITLES = 8  # of so many drafts at most one asks for a date of a document
_FORM = 3  # words that begin a near miss, by which alike ones are known
_MOST_SENTENCES = 4_000  # of a source that are looked at


@dataclass(slots=True)
class Drafted:
    """Drafts that are found so far, and how many were rejected, by reason."""

    questions: list[Question] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Found:
    """A proposal, and the source and the words that it is gold of."""

    proposal: Proposal
    source: str
    quoted: str


def near_count(wanted: int) -> int:
    """How many of so many drafts are to be near misses.

    >>> near_count(20), near_count(2)
    (4, 0)
    """
    return wanted // NEAR_SHARE


def draft_offline(
    catalog: CatalogReader,
    wanted: int,
    *,
    seed: int,
    known: Sequence[Question] = (),
    admit: Callable[[Source], bool] | None = None,
) -> Drafted:
    """At most `wanted` drafts from the documents of an index; fewer where the rules find no more.

    `known` are questions that the set has already: nothing is asked twice. Only sources that `admit` lets
    pass are asked about; what stands nowhere stands in none of the others either. The same seed and the same
    documents give the same drafts. Raises what the catalog raises.
    """
    drafts = Drafted()
    asked = Wordings(question.text for question in known)
    sources = drawn(
        [source for source in catalog.sources() if admit is None or admit(source)],
        seed,
        lambda source: source.name,
    )
    titles = 0
    misses: list[tuple[Question, Proposal]] = []
    for found in spread(sources, lambda source: _passing(_of_source(catalog, source, seed), drafts, asked)):
        if len(drafts.questions) >= wanted - near_count(wanted):
            break
        proposal = found.proposal
        if proposal.kind != "title" or titles < max(1, wanted // _TITLES):
            titles += proposal.kind == "title"
            asked.add(proposal.text)
            drafts.questions.append(_question(found))
            misses.append((drafts.questions[-1], proposal))
    _add_near_misses(catalog, drafts, misses, wanted, seed, asked)
    return drafts


def _passing(proposed: Iterator[_Found], drafts: Drafted, asked: Wordings) -> Iterator[_Found]:
    """Those that can be drafts when their turn comes, so that a source does not lose its turn by another."""
    for found in proposed:
        if reason := _rejection(found.proposal, asked):
            drafts.rejected[reason] += 1
        else:
            yield found


def _rejection(proposal: Proposal, asked: Wordings) -> str:
    """Why a proposal is no draft; "" if it is one."""
    if reason := unclear(proposal.text):
        return reason
    if proposal.answer and gives_away(proposal.text, proposal.answer):
        return "it gives its answer away"
    return "it was asked before" if asked.has(proposal.text) else ""


def _of_source(catalog: CatalogReader, source: Source, seed: int) -> Iterator[_Found]:
    """The proposals from a source, its kinds in turn."""
    prepared = catalog.prepared(source.id)
    text = prepared.text
    sentences = tuple(dict.fromkeys(span for chunk in prepared.chunks for span in chunk.sentences))
    sentences = sentences[:_MOST_SENTENCES]
    proposals = [
        *of_headings(text, sentences),
        *of_tables(text, prepared.chunks, (source.title or "").strip()),
    ]
    rows = {
        span
        for chunk in prepared.chunks
        for table in chunk.tables
        for span in chunk.sentences
        if table.span.contains(span)
    }
    names = names_within(text)
    for span in sentences:
        if span not in rows:
            said = span.of(text)
            proposals += of_record(said, span)
            if language(said) in ("en", ""):
                proposals += of_sentence(said, span, names)
    chosen = interleaved(
        _once_a_sentence(proposals, seed),
        seed,
        kind=lambda each: f"{source.name} {each.kind}",
        name=lambda each: f"{source.name} {each.text}",
    )
    for proposal in (*chosen, *of_title(source, text, sentences)):
        yield _Found(proposal, source.name, proposal.span.of(text))


def _once_a_sentence(proposals: Sequence[Proposal], seed: int) -> list[Proposal]:
    """Of what several rules make of one sentence, one; of the cells of a row, too."""
    by_span: dict[Span, list[Proposal]] = {}
    for proposal in proposals:
        if not unclear(proposal.text):
            by_span.setdefault(proposal.span, []).append(proposal)
    return [min(same, key=lambda each: lot(seed, each.text)) for same in by_span.values()]


def _question(found: _Found) -> Question:
    proposal = found.proposal
    gold = Gold(found.source, proposal.span, text=found.quoted)
    answers = (proposal.answer,) if proposal.answer else ()
    return Question("", proposal.text, answers, True, (gold,), _tags(proposal))


def _tags(proposal: Proposal) -> tuple[str, ...]:
    """How a question asks, and whether it is about a table or a title."""
    words = proposal.text.casefold().split()
    asks = "how-many" if words[:2] == ["how", "many"] else words[0]
    return (asks, proposal.kind) if proposal.kind in ("table", "title", "heading") else (asks,)


def _add_near_misses(
    catalog: CatalogReader,
    drafts: Drafted,
    made: Sequence[tuple[Question, Proposal]],
    wanted: int,
    seed: int,
    asked: Wordings,
) -> None:
    used: set[str] = set()

    def unknown(words: str) -> bool:
        parts = words.split()
        return words not in used and all(
            not catalog.match(f'"{part}"', limit=1) for part in (parts[-1], words)
        )

    forms: Counter[str] = Counter()
    pairs = drawn(made, seed, lambda pair: f"near {pair[0].text}")
    missing = min(near_count(wanted), len(made) // (NEAR_SHARE - 1))
    # At first no form of question more often than others, then whatever there is.
    for most in (max(1, missing // 3), missing):
        for question, proposal in pairs:
            if missing == 0:
                return
            form = " ".join(proposal.text.split()[:_FORM])
            if forms[form] >= most:
                continue
            for miss in near_misses(proposal, lot=lot(seed, proposal.text), unknown=unknown):
                if unclear(miss.text) or asked.has(miss.text):
                    continue
                forms[form] += 1
                used.add(miss.strange)
                asked.add(miss.text)
                drafts.questions.append(
                    Question(
                        *("", miss.text),
                        answerable=False,
                        tags=("near", *question.tags),
                        group=question.evidence[0].source,
                    )
                )
                missing -= 1
                break

"""The values of an evaluation: questions with their gold, records of what came of them, verdicts, estimates.

Frozen and made of tuples. Knows neither files nor models; how a record looks on disk is the business of
`runs/records.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.types import Span
from qa.types import Answer, Usage

Correctness = Literal["correct", "partly", "wrong"]


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands, as the question set says: a span of a source, or a page of it; never both.

    `source` is the name in the set, `text` the span's characters if the set has them, `page` counts physical
    pages from 1. `set` numbers one annotator's complete evidence; gold without a number belongs to every one.
    """

    source: str
    span: Span | None = None
    page: int | None = None
    text: str | None = None
    set: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a question set. Only `text` is always there.

    `answers` are reference answers, any of which is right. `answerable` is None where the set does not say
    and nothing tells: a row with answers or evidence is answerable. `within` names the source asked about.
    `place` is where the row stands, "questions.jsonl:12", for messages; it is no part of what is compared.
    `group` names what it shares with other questions, which go wrong together: intervals alone mind it.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    evidence: tuple[Gold, ...] = ()
    tags: tuple[str, ...] = ()
    within: str | None = None
    place: str = ""
    group: str | None = None


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A span of a source under the name the index has for it, and the pages it lies on, if there are any."""

    source: str
    span: Span
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """A `Gold` as the index has it.

    `source` is the name in the index (the set's own where the index has no such source, then `indexed` is
    False). `text` is the span's text, `before` and `after` what stands around it. `chunks` are the starts of
    the chunks of `source` that are relevant, see `sets/resolve.py`; nDCG's ideal ranking needs them.
    """

    source: str
    span: Span | None = None
    page: int | None = None
    set: int | None = None
    indexed: bool = True
    text: str = ""
    before: str = ""
    after: str = ""
    chunks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage as search found it, `rank` from 1; `copies` are the same text elsewhere, folded into it."""

    rank: int
    place: SourceSpan
    score: float = 0.0
    copies: tuple[SourceSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What stands before and after a citation in its source, and the pages the citation lies on."""

    number: int
    before: str = ""
    after: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question has no answer: the name of the error's class, its cause and its hint."""

    kind: str
    cause: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What came of one question, once. Either `answer` or `failure` is None.

    `key` is a hash of the question's row and `repeat` (from 1), under which the run folder knows it. The
    answer's own `passages` are empty: what was retrieved is in `passages`. `contexts` has one entry for each
    citation. `completions` are the model's raw texts in the order they came, for whoever scores again.
    `spent` is what counts against a limit of costs, in US dollars: of a call that failed, or that nobody
    priced, what it may have cost at most. None where there was no limit.
    """

    key: str
    question: Question
    repeat: int
    gold: tuple[GoldPlace, ...] = ()
    answer: Answer | None = None
    passages: tuple[Retrieved, ...] = ()
    contexts: tuple[Context, ...] = ()
    completions: tuple[str, ...] = ()
    failure: Failure | None = None
    spent: float | None = None


@dataclass(frozen=True, slots=True)
class ClaimVerdict:
    """A judge's view of one claim that cites something; None where its verdict could not be read.

    `supported`: all cited texts together bear the claim out. `alone[i]`: the i-th citation's text does so by
    itself. `without[i]`: the others do so without it. Both are empty for a claim with one citation, whose
    verdict is `supported`.
    """

    supported: bool | None
    alone: tuple[bool | None, ...] = ()
    without: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge found of one record's answer.

    `correctness` is None if it was not asked for, or could not be read (`unreadable`). `claims` has one entry
    for each claim of the answer, None for a claim that cites nothing; it is None if claims were not judged.
    """

    key: str
    judge: str
    correctness: Correctness | None = None
    unreadable: bool = False
    reason: str = ""
    claims: tuple[ClaimVerdict | None, ...] | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions with its interval, [low, high]."""

    mean: float
    low: float
    high: float
    n: int

"""The values of an evaluation: questions and their gold, records of their answers, verdicts, scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from index.types import Span
from qa.types import Answer, Usage

Correctness = Literal["correct", "partly", "wrong"]
RecordId: TypeAlias = tuple[str, int]  # a record's key and its repeat, from 1


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands, as the question set says, in one of four ways.

    A span of a source, whose characters are `text` if the set has them; a page of it, counted from 1; a
    quotation, which is `text` alone and is sought in the source, or everywhere where `source` is empty; or
    the source as a whole, which has nothing else. `source` is the name in the set. `set` numbers one
    annotator's complete evidence; gold without a number belongs to every one.
    """

    source: str
    span: Span | None = None
    page: int | None = None
    text: str | None = None
    set: int | None = None

    @property
    def is_quotation(self) -> bool:
        """Whether only the text is known, and not where it stands."""
        return self.span is None and self.page is None and self.text is not None

    @property
    def is_document(self) -> bool:
        """Whether the source as a whole is the gold."""
        return self.span is None and self.page is None and self.text is None


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a question set. Only `text` is always there.

    `answers` are reference answers, any of which is right. `answerable` is None where the set does not say
    and nothing tells: a row with answers or evidence is answerable. `within` names the source asked about.
    `place` is where the row stands, "questions.jsonl:12", for messages; questions are equal whatever it is.
    `group` names what it shares with other questions, which go wrong together: only intervals depend on it.
    `disagreement` is whether the sources contradict each other in what is asked, None where nobody says so.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    evidence: tuple[Gold, ...] = ()
    tags: tuple[str, ...] = ()
    within: str | None = None
    place: str = field(default="", compare=False)
    group: str | None = None
    disagreement: bool | None = None


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A span of a source under the name the index has for it, and the pages it lies on, if there are any."""

    source: str
    span: Span
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldPlace:
    """Gold resolved against the index.

    `source` is the name in the index (the set's own where the index has no such source, then `indexed` is
    False). `text` is the span's text, `before` and `after` what stands around it. `chunks` are the starts of
    the chunks of `source` that are relevant, see `is_relevant`; nDCG's ideal ranking needs them. A source as
    a whole has no span, page or text; a quotation that was not found has its text and no span.
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

    @property
    def is_document(self) -> bool:
        """Whether the source as a whole is the gold."""
        return self.span is None and self.page is None and not self.text


@dataclass(frozen=True, slots=True)
class Retrieved:
    """A passage that search gave, `rank` from 1; `copies` are the same text elsewhere, folded into it."""

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
    """The outcome of asking one question once. Either `answer` or `failure` is None.

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
    """A judge's verdict on one claim that cites something; None where its verdict could not be read.

    `supported`: all cited texts together support the claim. `alone[i]`: the i-th citation's text does so by
    itself. `without[i]`: the others do so without it. Both are empty for a claim with one citation, whose
    verdict is `supported`.
    """

    supported: bool | None
    alone: tuple[bool | None, ...] = ()
    without: tuple[bool | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judge's verdict on one record's answer.

    `correctness` is None if it was not asked for, or could not be read (`unreadable`). `claims` has one entry
    for each claim of the answer, None for a claim that cites nothing; it is None if claims were not judged.
    `unread` is what the judge wrote of claims where it could not be read, a line for each request.
    """

    key: str
    judge: str
    correctness: Correctness | None = None
    unreadable: bool = False
    reason: str = ""
    claims: tuple[ClaimVerdict | None, ...] | None = None
    usage: Usage = field(default_factory=Usage)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions with its 95 % interval, [low, high]."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class RunCounts:
    """How many questions and records there are, and how many records had which outcome.

    `records` counts repeats; `answered`, `abstained` and `errors` are records, `judged` and `unreadable`
    verdicts, `unanswerable` questions. `stale` are the records that cite a file which had changed since it
    was indexed, or was gone, when they were asked.
    """

    questions: int
    records: int
    answered: int
    abstained: int
    errors: int
    unanswerable: int
    judged: int
    unreadable: int
    stale: int = 0


@dataclass(frozen=True, slots=True)
class TagScores:
    """The metrics over the `n` questions that bear a tag."""

    n: int
    metrics: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True)
class Curves:
    """`risk_coverage`: (coverage, risk) by rising coverage, see `metrics/abstention.py`."""

    risk_coverage: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class IntervalMethod:
    """How the intervals were made: the method's name, its level, and over how many clusters."""

    method: str
    level: float
    clusters: int


@dataclass(frozen=True, slots=True)
class RepeatSpread:
    """How often questions were asked at most, and the standard deviation of each mean between repeats."""

    n: int
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Median, 95th percentile and mean of `n` values, None where there are none."""

    p50: float | None
    p95: float | None
    mean: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Wall seconds of everything that was answered or declined: searching, answering, and both."""

    search_seconds: Percentiles
    answer_seconds: Percentiles
    seconds: Percentiles


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens and US dollars, as far as they are known; `unpriced` counts the calls whose price is not.

    `cost_usd` is None if nothing is known of what was paid.
    """

    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class RunCost(Cost):
    """What the answers of a run cost; apart from it, what the judge did."""

    judge: Cost


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of a run. Fields, and their order, are those of `scores.json`; floats have 6 digits.

    `metrics` are over all questions, `by_tag` over those of each tag; both are in the order of `METRICS`.
    `judge` names whose verdicts the judged metrics rest on, None where nothing was judged.
    """

    counts: RunCounts
    judge: str | None
    metrics: Mapping[str, Estimate]
    by_tag: Mapping[str, TagScores]
    curves: Curves
    intervals: IntervalMethod
    repeats: RepeatSpread
    timing: Timing
    cost: RunCost

"""A judge's verdict on one record: is the answer correct, do the citations support its claims.

Correctness is judged where an answerable question has reference answers; where it has none, or the documents
have no answer, nothing says what would be right. Claims are judged as ALCE scores them (Gao et al., "Enabling
large language models to generate text with citations", EMNLP 2023): all cited texts of a claim together;
where these bear it out and are several, each alone; and where one alone does not, the others without it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from index.errors import QaError
from prompts import load
from prompts.delimiters import Draw, random_mark
from prompts.sanitize import sanitize
from qa.checking.judge import PROMPT as SUPPORT_PROMPT, Pair, Quoted, judge, quoted
from qa.evaluation.judging.correctness import (
    PROMPT as CORRECTNESS_PROMPT,
    Case,
    Finding,
    UnreadVerdict,
    judge_case,
)
from qa.evaluation.types import ClaimVerdict, Failure, Question, Record, Verdict
from qa.models.base import LLM
from qa.models.metering import MeteredLLM
from qa.types import Answer, Claim, Usage, prose

_NO_ANSWER = Finding("wrong", "no answer was given")


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A record that could not be judged: the key of the verdict it lacks, why, and what was spent on it."""

    key: str
    failure: Failure
    usage: Usage


def judgement_key(record: Record, judge_name: str) -> str:
    """16 hexadecimal digits under which the verdict of `judge_name` on a record's answer is kept.

    Another question, answer, cited text, judge or prompt gives another key. Raises ValueError for a record
    without an answer.
    """
    answer = _answer(record)
    what = [
        record.key,
        record.repeat,
        answer.status,
        answer.text,
        [
            [claim.text, [[text.text, text.origin] for text in _cited(answer, claim)]]
            for claim in answer.claims
        ],
        judge_name,
        [load(name).sha256 for name in (CORRECTNESS_PROMPT, SUPPORT_PROMPT)],
    ]
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def judges_correctness(question: Question) -> bool:
    """True if something says what a right answer is: reference answers, to a question that has an answer."""
    return question.answerable is not False and bool(question.answers)


def unjudged(records: Sequence[Record], judged: Collection[str], judge_name: str) -> tuple[Record, ...]:
    """The records that have an answer, and no verdict of `judge_name` among the keys `judged`."""
    answered = {judgement_key(record, judge_name): record for record in records if record.answer}
    return tuple(record for key, record in answered.items() if key not in judged)


def judge_record(record: Record, llm: MeteredLLM, *, draw: Draw = random_mark) -> Verdict:
    """The verdict of `llm` on a record's answer; its `usage` is what the model's calls took.

    An abstention makes no claims, and is wrong where the question has an answer: nobody is asked. A claim
    that is word for word what it cites is borne out: nobody is asked about it. Raises ModelError, CostLimit,
    SettingsError (a limit that cannot be kept), and ValueError for a record without an answer.
    """
    answer = _answer(record)
    verdict = Verdict(judgement_key(record, llm.name), llm.name)
    if judges_correctness(record.question):
        finding: Finding | UnreadVerdict = _NO_ANSWER
        if answer.status != "abstained":
            case = Case(record.question.text, record.question.answers, prose(answer))
            finding = judge_case(case, llm, draw=draw)
        verdict = (
            replace(verdict, unreadable=True, reason=finding.said)
            if isinstance(finding, UnreadVerdict)
            else replace(verdict, correctness=finding.correctness, reason=finding.reason)
        )
    support = _Support(llm, draw)
    claims = _claims(answer, support)
    return replace(verdict, claims=claims, usage=llm.usage, unread=tuple(support.unread))


def failure_of(error: QaError) -> Failure:
    """An error as records keep it."""
    return Failure(type(error).__name__, error.cause, error.hint)


class _Support:
    """Judgements of pairs, each asked for once."""

    def __init__(self, llm: LLM, draw: Draw) -> None:
        self._llm = llm
        self._draw = draw
        self._judged: dict[Pair, bool | None] = {}
        self.unread: list[str] = []  # what the judge wrote where it could not be read

    def ask(self, pairs: Sequence[Pair]) -> None:
        """Judge the pairs that are new."""
        self._judged |= {
            pair: True
            for pair in pairs
            if sanitize(pair.claim) in [sanitize(text.text) for text in pair.cited]
        }
        asked = [pair for pair in dict.fromkeys(pairs) if pair not in self._judged]
        judgements = judge(asked, self._llm, draw=self._draw, unread=self.unread.append)
        for pair, judgement in zip(asked, judgements, strict=True):
            self._judged[pair] = judgement.supported if judgement else None

    def __getitem__(self, pair: Pair) -> bool | None:
        """The judgement of a pair that was asked about, None if it could not be read."""
        return self._judged[pair]


def _claims(answer: Answer, support: _Support) -> tuple[ClaimVerdict | None, ...]:
    """A view of each claim that cites something, asked for in three rounds: jointly, alone, without."""
    joint = [Pair(claim.text, _cited(answer, claim)) for claim in answer.claims]
    support.ask([pair for pair in joint if pair.cited])
    several = [pair for pair in joint if len(pair.cited) > 1 and support[pair]]
    support.ask([alone for pair in several for alone in _alone(pair)])
    support.ask([other for pair in several for other in _needed(pair, support) if other])
    return tuple(_claim_verdict(pair, support) if pair.cited else None for pair in joint)


def _claim_verdict(pair: Pair, support: _Support) -> ClaimVerdict:
    supported = support[pair]
    if len(pair.cited) < 2 or not supported:
        return ClaimVerdict(supported)
    return ClaimVerdict(
        supported,
        tuple(support[alone] for alone in _alone(pair)),
        tuple(support[other] if other else None for other in _needed(pair, support)),
    )


def _alone(pair: Pair) -> list[Pair]:
    return [Pair(pair.claim, (text,)) for text in pair.cited]


def _needed(pair: Pair, support: _Support) -> list[Pair | None]:
    """For each cited text that does not bear the claim out alone, the pair without it; None for others."""
    return [
        Pair(pair.claim, pair.cited[:at] + pair.cited[at + 1 :]) if support[alone] is False else None
        for at, alone in enumerate(_alone(pair))
    ]


def _cited(answer: Answer, claim: Claim) -> tuple[Quoted, ...]:
    citations = {citation.number: quoted(citation) for citation in answer.citations}
    return tuple(citations[number] for number in claim.citations)


def _answer(record: Record) -> Answer:
    if record.answer is None:
        msg = f"record {record.key} has no answer to judge"
        raise ValueError(msg)
    return record.answer

"""A record is judged once, as its metrics want it, and no request is made that decides nothing."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from index.concurrency.parallel import concurrently
from qa.errors import CostLimit, KeyRefused, ModelError, QaError, ServerBusy
from qa.evaluation.judging.judge_records import Unjudged, judge_record, judge_records, judgement_key
from qa.evaluation.types import ClaimVerdict, Question, Record, Verdict
from qa.models.base import Completion, Message, Stream, Tokens
from qa.models.metering import Budget
from qa.types import Citation, Usage
from tests.support.records import abstained, answered, citation, claim, failed, question, record
from tests.support.timeouts import PATIENCE

T = TypeVar("T")
YES, NO = "yes", "no"


class Judge:
    """A model that knows what bears a claim out, and what to say of an answer; it keeps what it was asked.

    `knows` has YES or NO for the cited texts of a claim, joined; anything else it answers unreadably.
    """

    thinking_tokens = 8_000

    def __init__(
        self,
        knows: Mapping[str, str] | None = None,
        correctness: str = "reason: so\nverdict: CORRECT",
        *,
        errors: Mapping[str, ModelError] | None = None,
        name: str = "judge-m",
        official: bool = False,
        tokens: Tokens = Tokens(100, 10),  # noqa: B008 - frozen
        seconds: float = 0.0,
    ) -> None:
        self.name = name
        self.official = official
        self._tokens = tokens
        self._seconds = seconds
        self.pairs: list[list[str]] = []
        self.cases: list[str] = []
        self._knows = knows or {}
        self._correctness = correctness
        self._errors = errors or {}
        self._lock = threading.Lock()

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        del max_tokens, stop
        (message,) = messages
        for word, error in self._errors.items():
            if word in message.text:
                raise error
        time.sleep(self._seconds)
        with self._lock:
            return Completion(self._said(message.text), "stop", self._tokens, self.name)

    def _said(self, prompt: str) -> str:
        if "# The case to judge" in prompt:
            self.cases.append(prompt.partition("# The case to judge")[2])
            return self._correctness
        pairs = re.findall(
            r"number: (\d+)\nclaim: (.*)\n((?:cited: .*\n)+)", prompt.partition("# The pairs\n\n<")[2]
        )
        texts = ["+".join(re.findall("cited: (.*)", cited)) for _, _, cited in pairs]
        self.pairs.append(texts)
        return "\n".join(f"{number}: {self._knows.get(text, '?')}" for number, text in enumerate(texts, 1))

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        raise NotImplementedError


def cited(number: int, text: str) -> Citation:
    """A citation that says `text`."""
    return replace(citation(0, 1, number=number), text=text)


def citing(
    *texts: str, claims: Sequence[Sequence[int]] | None = None, asked: Question | None = None
) -> Record:
    """A record whose answer cites these texts, by one claim that cites all of them unless said otherwise."""
    numbers = claims if claims is not None else [range(1, len(texts) + 1)]
    citations = [cited(number, text) for number, text in enumerate(texts, 1)]
    made = [claim(*some, text=f"Claim {at}.") for at, some in enumerate(numbers, 1)]
    return record(answer=answered(*citations, claims=made), question=asked or question())


ASKED = question(answers=("in 1628",), text="When?")


def test_correctness_is_asked_of_question_references_and_prose() -> None:
    """Markers are no part of an answer; the verdict and its reason are the record's."""
    llm = Judge()
    verdict = judge_record(
        record(question=ASKED, answer=answered(cited(1, "a"), text="In 1628 [1].", claims=[])), llm
    )
    assert (verdict.correctness, verdict.reason, verdict.unreadable) == ("correct", "so", False)
    assert "question: When?\nreference: in 1628\nanswer: In 1628.\n" in llm.cases[0]


def test_an_unreadable_verdict_is_no_wrong_answer() -> None:
    """It is marked, and has no value."""
    verdict = judge_record(record(question=ASKED), Judge(correctness="well"))
    assert (verdict.correctness, verdict.unreadable, verdict.usage) == (None, True, Usage(100, 10, None))


@pytest.mark.parametrize(
    "asked", [question(), question(answers=("x",), answerable=False), question(answerable=False)]
)
def test_without_something_to_judge_by_correctness_is_not_judged(asked: object) -> None:
    """A question without references, or without an answer in the documents."""
    llm = Judge()
    verdict = judge_record(record(question=asked), llm)
    assert (verdict.correctness, verdict.unreadable, llm.cases) == (None, False, [])


def test_an_abstention_is_wrong_without_asking() -> None:
    """Where references exist; it makes no claims."""
    llm = Judge()
    verdict = judge_record(record(question=ASKED, answer=abstained()), llm)
    assert (verdict.correctness, verdict.claims, verdict.usage) == ("wrong", (), Usage())
    assert not llm.cases


@pytest.mark.parametrize(
    ("knows", "expected", "requests"),
    [
        ({"a+b": NO}, ClaimVerdict(False), [["a+b"]]),
        ({}, ClaimVerdict(None), [["a+b"]]),
        (
            {"a+b": YES, "a": YES, "b": YES},
            ClaimVerdict(True, (True, True), (None, None)),
            [["a+b"], ["a", "b"]],
        ),
        (
            {"a+b": YES, "a": YES, "b": NO},
            ClaimVerdict(True, (True, False), (None, True)),
            [["a+b"], ["a", "b"]],
        ),
        ({"a+b": YES, "a": YES}, ClaimVerdict(True, (True, None), (None, None)), [["a+b"], ["a", "b"]]),
    ],
)
def test_two_citations_are_judged_together_then_alone(
    knows: Mapping[str, str], expected: ClaimVerdict, requests: list[list[str]]
) -> None:
    """Alone only if they bear the claim out together; the other of two was judged alone already."""
    llm = Judge(knows)
    assert judge_record(citing("a", "b"), llm).claims == (expected,)
    assert llm.pairs == requests


def test_three_citations_are_judged_without_one_where_that_decides() -> None:
    """Only for those that do not bear the claim out alone."""
    llm = Judge({"a+b+c": YES, "a": NO, "b": NO, "c": YES, "b+c": YES, "a+c": NO})
    verdict = judge_record(citing("a", "b", "c"), llm)
    assert verdict.claims == (ClaimVerdict(True, (False, False, True), (True, False, None)),)
    assert llm.pairs == [["a+b+c"], ["a", "b", "c"], ["b+c", "a+c"]]


def test_claims_share_requests_and_the_uncited_have_no_view() -> None:
    """One request for what is asked at the same time; one citation has no alone."""
    llm = Judge({"a": YES, "b": NO})
    verdict = judge_record(citing("a", "b", claims=[[1], [], [2], [2]]), llm)
    assert verdict.claims == (ClaimVerdict(True), None, ClaimVerdict(False), ClaimVerdict(False))
    assert llm.pairs == [["a", "b", "b"]]
    assert verdict.usage == Usage(100, 10, None)


def test_a_claim_that_is_its_citation_needs_no_judge() -> None:
    """Word for word, but for white space."""
    llm = Judge()
    assert judge_record(citing("Claim  1."), llm).claims == (ClaimVerdict(True),)
    assert llm.pairs == []


def test_a_record_without_an_answer_is_a_mistake() -> None:
    """Nothing of it can be judged."""
    with pytest.raises(ValueError, match="no answer"):
        judge_record(failed(), Judge())


def test_a_key_is_of_everything_that_a_verdict_depends_on() -> None:
    """Question, repeat, answer, cited texts and judge; not seconds, usage or evidence."""
    one = citing("a")
    assert one.answer
    same = replace(one, answer=replace(one.answer, usage=Usage(1, 1), evidence=0.1), passages=())
    assert judgement_key(same, "m") == judgement_key(one, "m")
    others = [
        citing("b"),
        citing("a", claims=[[]]),
        replace(one, key="other"),
        replace(one, repeat=2),
        replace(one, answer=replace(one.answer, text="Otherwise. [1]")),
    ]
    keys = {judgement_key(other, "m") for other in (one, *others)} | {judgement_key(one, "n")}
    assert len(keys) == len(others) + 2


def test_only_what_is_not_known_is_judged() -> None:
    """A run that goes on asks for the rest, and for nothing that failed."""
    records = [record(number, question=ASKED) for number in range(1, 6)]
    known = {one.key: one for one in map(judge_once, records[:3])}
    llm = Judge()
    found = list(judge_records([*records, failed(9)], known, llm, at_once=2))
    assert {one.key for one in found} == {judgement_key(one, "judge-m") for one in records[3:]}
    assert len(llm.cases) == 2


def drained(items: Iterator[T]) -> tuple[list[T], Exception | None]:
    """What came, and the error that ended it."""
    found = []
    try:
        for item in items:
            found.append(item)  # noqa: PERF402 - to have them when it fails
    except (QaError, ValueError) as error:
        return found, error
    return found, None


def judge_once(one: Record) -> Verdict:
    """The verdict of a judge that says CORRECT."""
    return judge_record(one, Judge())


def test_what_fails_for_one_record_is_its_own() -> None:
    """It is told with what was spent on it, and is no verdict."""
    records = [citing("a", asked=replace(ASKED, text=f"Question {number}?")) for number in (1, 2)]
    records = [replace(one, key=f"k{at}") for at, one in enumerate(records)]
    bad = replace(records[1], answer=replace(citing("b").answer or answered(), text="Bad."))
    llm = Judge({"a": YES}, errors={"cited: b": ServerBusy("busy", "later")})
    found = {one.key: one for one in judge_records([records[0], bad], {}, llm)}
    assert isinstance(found[judgement_key(records[0], llm.name)], Verdict)
    unjudged = found[judgement_key(bad, llm.name)]
    assert isinstance(unjudged, Unjudged)
    assert (unjudged.failure.kind, unjudged.failure.cause, unjudged.failure.hint) == (
        "ServerBusy",
        "busy",
        "later",
    )
    assert unjudged.usage == Usage(100, 10, None)  # of the request about correctness


def test_a_refused_key_stops_everything() -> None:
    """The next record would fail the same way."""
    llm = Judge(errors={"When?": KeyRefused("refused")})
    with pytest.raises(KeyRefused):
        list(judge_records([record(number, question=ASKED) for number in range(1, 50)], {}, llm))


def test_the_limit_ends_judging_and_what_was_judged_stays() -> None:
    """No more is spent than may be."""
    records = [record(number, question=ASKED) for number in range(1, 50)]
    purse = Budget(0.05)
    llm = Judge(name="gpt-5-mini", official=True, tokens=Tokens(1000, 4000))
    found, error = drained(judge_records(records, {}, llm, purse=purse))
    assert isinstance(error, CostLimit)
    assert 0 < len(found) < 49
    assert sum(one.usage.cost_usd or 0 for one in found) == pytest.approx(purse.spent)
    assert purse.spent <= 0.05
    assert purse.put_aside == pytest.approx(0)


def test_what_others_put_aside_does_not_end_judging() -> None:
    """A call may cost $0.017 and costs $0.008: two at once do not fit into $0.026, one after the other do."""
    records = [record(number, question=ASKED) for number in range(1, 9)]
    llm = Judge(name="gpt-5-mini", official=True, tokens=Tokens(1000, 4000), seconds=0.05)
    found, error = drained(judge_records(records, {}, llm, purse=Budget(0.026), at_once=2))
    assert isinstance(error, CostLimit)
    assert len(found) == 2


def test_work_goes_on_at_once_and_comes_as_it_is_done() -> None:
    """As many at a time as may be, and never more."""
    barrier = threading.Barrier(3, timeout=PATIENCE)
    busy: list[int] = []
    most: list[int] = []

    def work(item: int) -> int:
        busy.append(item)
        most.append(len(busy))
        barrier.wait()
        busy.remove(item)
        return item * 2

    assert sorted(concurrently(work, range(9), 3)) == [item * 2 for item in range(9)]
    assert max(most) <= 3


def test_after_an_error_nothing_new_begins() -> None:
    """What is under way is given first; then the error comes."""
    begun: list[int] = []
    failing = threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item == 0:
            failing.set()
            raise ValueError("no")
        assert failing.wait(PATIENCE)
        return item

    found, error = drained(concurrently(work, range(10_000), 2))
    assert isinstance(error, ValueError)
    assert {0, *found} == set(begun)
    assert 1 in found
    assert len(begun) < 10_000

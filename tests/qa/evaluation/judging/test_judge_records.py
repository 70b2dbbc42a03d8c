"""A record is judged once, as its metrics want it, and no request is made that decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from qa.evaluation.judging.judge_records import judge_record, judgement_key, unjudged
from qa.evaluation.types import ClaimVerdict, Record, Verdict
from qa.models.metering import MeteredLLM
from qa.types import Usage
from tests.support.fake_judge import NO, YES, FakeJudge
from tests.support.records import (
    abstained,
    answered,
    citation_of_text,
    failed,
    question,
    record,
    record_citing,
)

ASKED = question(answers=("in 1628",), text="When?")


def judged(record: Record, llm: FakeJudge) -> Verdict:
    """The verdict of a fake judge."""
    return judge_record(record, MeteredLLM(llm))


def test_correctness_is_asked_of_question_references_and_prose() -> None:
    """Markers are no part of an answer; the verdict and its reason are the record's."""
    llm = FakeJudge()
    verdict = judged(
        record(question=ASKED, answer=answered(citation_of_text(1, "a"), text="In 1628 [1].", claims=[])), llm
    )
    assert (verdict.correctness, verdict.reason, verdict.unreadable) == ("correct", "so", False)
    assert "question: When?\nreference: in 1628\nanswer: In 1628.\n" in llm.cases[0]


def test_an_unreadable_verdict_is_no_wrong_answer() -> None:
    """It is marked, and has no value."""
    verdict = judged(record(question=ASKED), FakeJudge(correctness="well"))
    assert (verdict.correctness, verdict.unreadable, verdict.usage) == (None, True, Usage(100, 10, None))


@pytest.mark.parametrize(
    "asked", [question(), question(answers=("x",), answerable=False), question(answerable=False)]
)
def test_without_something_to_judge_by_correctness_is_not_judged(asked: object) -> None:
    """A question without references, or without an answer in the documents."""
    llm = FakeJudge()
    verdict = judged(record(question=asked), llm)
    assert (verdict.correctness, verdict.unreadable, llm.cases) == (None, False, [])


def test_what_could_not_be_read_of_claims_is_kept() -> None:
    """To be shown: whoever chose the judge sees what it wrote."""
    assert len(judged(record_citing("a", "b"), FakeJudge({})).unread) == 1
    assert judged(record_citing("a", "b"), FakeJudge({"a+b": NO})).unread == ()


def test_an_abstention_is_wrong_without_asking() -> None:
    """Where references exist; it makes no claims."""
    llm = FakeJudge()
    verdict = judged(record(question=ASKED, answer=abstained()), llm)
    assert (verdict.correctness, verdict.claims, verdict.usage) == ("wrong", (), Usage())
    assert not llm.cases


@pytest.mark.parametrize(
    ("verdicts", "expected", "requests"),
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
    verdicts: Mapping[str, str], expected: ClaimVerdict, requests: list[list[str]]
) -> None:
    """Alone only if they bear the claim out together; the other of two was judged alone already."""
    llm = FakeJudge(verdicts)
    assert judged(record_citing("a", "b"), llm).claims == (expected,)
    assert llm.pairs == requests


def test_three_citations_are_judged_without_one_where_that_decides() -> None:
    """Only for those that do not bear the claim out alone."""
    llm = FakeJudge({"a+b+c": YES, "a": NO, "b": NO, "c": YES, "b+c": YES, "a+c": NO})
    verdict = judged(record_citing("a", "b", "c"), llm)
    assert verdict.claims == (ClaimVerdict(True, (False, False, True), (True, False, None)),)
    assert llm.pairs == [["a+b+c"], ["a", "b", "c"], ["b+c", "a+c"]]


def test_claims_share_requests_and_the_uncited_have_no_view() -> None:
    """One request for what is asked at the same time; one citation has no alone."""
    llm = FakeJudge({"a": YES, "b": NO})
    verdict = judged(record_citing("a", "b", claims=[[1], [], [2], [2]]), llm)
    assert verdict.claims == (ClaimVerdict(True), None, ClaimVerdict(False), ClaimVerdict(False))
    assert llm.pairs == [["a", "b", "b"]]
    assert verdict.usage == Usage(100, 10, None)


def test_a_claim_that_is_its_citation_needs_no_judge() -> None:
    """Word for word, but for white space."""
    llm = FakeJudge()
    assert judged(record_citing("Claim  1."), llm).claims == (ClaimVerdict(True),)
    assert llm.pairs == []


def test_a_record_without_an_answer_is_a_mistake() -> None:
    """Nothing of it can be judged."""
    with pytest.raises(ValueError, match="no answer"):
        judged(failed(), FakeJudge())


def test_a_key_is_of_everything_that_a_verdict_depends_on() -> None:
    """Question, repeat, answer, cited texts and judge; not seconds, usage or evidence."""
    plain = record_citing("a")
    assert plain.answer
    same = replace(plain, answer=replace(plain.answer, usage=Usage(1, 1), evidence=0.1), passages=())
    assert judgement_key(same, "m") == judgement_key(plain, "m")
    others = [
        record_citing("b"),
        record_citing("a", claims=[[]]),
        replace(plain, key="other"),
        replace(plain, repeat=2),
        replace(plain, answer=replace(plain.answer, text="Otherwise. [1]")),
    ]
    keys = {judgement_key(other, "m") for other in (plain, *others)} | {judgement_key(plain, "n")}
    assert len(keys) == len(others) + 2


def test_only_what_has_no_verdict_is_left_to_judge() -> None:
    """A run that goes on asks for the rest, and for nothing that failed; the same answer once."""
    records = [record(number, question=ASKED) for number in range(1, 6)]
    keys = {judgement_key(one, "judge-m") for one in records[:3]}
    left = unjudged([*records, failed(9), records[4]], keys, "judge-m")
    assert left == tuple(records[3:])
    assert unjudged(records, keys, "judge-n") == tuple(records)

"""Which sentences are reasons."""

from __future__ import annotations

import pytest

from qa.answering.extractive.causes import needs_previous, only_restates, reason_score
from qa.answering.extractive.question import parse_question
from qa.answering.extractive.sentence_features import CandidateSentence, score_sentences
from tests.support.sentences import passage_of

ASK = parse_question("Why was the spring fair in Brodno cancelled?")


def read(text: str, title: str | None = None) -> list[CandidateSentence]:
    """The sentences of a passage as candidates for `ASK`."""
    return list(score_sentences(ASK, [passage_of(text, title=title)]).candidates)


@pytest.mark.parametrize(
    "text",
    [
        "The spring fair in Brodno was cancelled because of the flood.",
        "The spring fair in Brodno was cancelled after the river had flooded the square.",
        "The spring fair in Brodno was cancelled; the mayor refused to pay.",
    ],
)
def test_a_cause_or_a_quarrel_beside_the_event_is_a_reason(text: str) -> None:
    """Told outright, or by what someone would not do."""
    assert reason_score(read(text)[0]) > 0.75
    assert not only_restates(ASK, read(text)[0])


def test_a_reason_may_follow_the_event_or_stand_under_a_heading() -> None:
    """The sentence after the event, and a section that says what it is about, need not name it again."""
    after = read("The spring fair in Brodno was cancelled. The mayor did not want a crowd.")[1]
    below = read("The square was lost due to the flood.", title="Why Brodno has no spring fair")[0]
    assert reason_score(after) > 0.75
    assert reason_score(below) > 0.75
    assert reason_score(read("The square was lost due to the flood.")[0]) == 0


def test_an_announcement_is_no_reason() -> None:
    """It says that it happened, when and by whom, and not why."""
    candidates = read("The spring fair in Brodno was cancelled on 2 May by Jan Novak.")[0]
    assert reason_score(candidates) == 0
    assert only_restates(ASK, candidates)


def test_a_denied_reason_is_no_reason() -> None:
    """What was not the reason does not answer why."""
    text = "The flood was not the reason that the spring fair in Brodno was cancelled, because it came later."
    assert reason_score(read(text)[0]) == 0


def test_a_sentence_that_leans_on_the_one_before() -> None:
    """What begins with a pronoun or a "therefore" is understood with what it points back to."""
    candidates = read("The spring fair in Brodno was cancelled. It did not pay. The mayor left.")
    assert [needs_previous(candidate) for candidate in candidates] == [False, True, False]

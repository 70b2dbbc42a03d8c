"""A word that denies does so in every place that asks."""

from __future__ import annotations

import pytest

from index.search.ranking.deduplicate import ComparedTexts
from index.search.ranking.stem_numbers import StemNumbers
from index.text.negation_words import NEGATION_STEMS, NEGATIONS, PLAIN_NEGATIONS
from index.text.terms import stems
from index.types import Chunk, Passage, Source, Span
from qa.answering.extractive.extract import extract
from qa.checking.negation import contradictions

WORDS = sorted(PLAIN_NEGATIONS - {"no", "none", "nobody", "noone", "nothing", "nowhere", "nor", "without"})


def passage(text: str) -> Passage:
    source = Source("source", "a.txt", None, "", "text/1", len(text))
    return Passage(
        1, Chunk("chunk", "source", Span(0, len(text)), text, (Span(0, len(text)),)), source, 1.0, 1, 1
    )


def agree(*texts: str) -> bool:
    """True if the two texts may be copies of each other."""
    numbers = StemNumbers()
    read = numbers.read([[text] for text in texts])
    return ComparedTexts([one.stems for one in read], numbers.stems).agree(0, 1)


def test_the_sets_lie_in_each_other() -> None:
    """What denies by grammar is a negation, and every negation has a stem among the stems."""
    assert PLAIN_NEGATIONS < NEGATIONS
    assert {stem for word in NEGATIONS for stem in stems(word)} <= NEGATION_STEMS


@pytest.mark.parametrize("word", WORDS)
def test_a_negation_that_a_claim_adds_is_doubted(word: str) -> None:
    """That the mill burns does not bear out that it hardly burns."""
    assert contradictions(f"The mill at Brodno {word} burns.", ["The mill at Brodno burns."])


@pytest.mark.parametrize("word", ["not", "neither", "hardly", "never", "rarely", "didnt", "refused"])
def test_copies_that_differ_by_a_negation_are_two(word: str) -> None:
    """The text that says so and the text that denies it both stay in the results."""
    text = "the mayor of Brodno said on Monday that the council wanted a new mill beside the river"
    assert not agree(text, f"{text} {word}")
    assert agree(text, f"{text} again")


def test_a_parted_contraction_is_a_negation() -> None:
    """Tokenised text writes "did n't"."""
    assert not agree("they did want a mill", "they did n't want a mill")


@pytest.mark.parametrize("word", ["not", "hardly", "neither", "rarely"])
def test_a_question_that_denies_wants_an_answer_that_denies(word: str) -> None:
    """An affirmation speaks less for an answer than a denial does."""
    question = f"What does {word} burn in the mill at Brodno?"
    affirmed = extract(question, [passage("Flour dust burns in the mill at Brodno.")])
    denied = extract(question, [passage("Wet grain never burns in the mill at Brodno.")])
    assert affirmed.evidence < denied.evidence

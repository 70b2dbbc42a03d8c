"""English number words count right, wherever they are read."""

from __future__ import annotations

import pytest

from qa.answering.extractive.question import find_expected, parse_question
from qa.checking.quantities import quantities
from qa.checking.words.number_words import CARDINALS, LIST_SIZES, ORDINALS


def test_cardinals_and_ordinals_match() -> None:
    """Worked examples of every kind of word."""
    assert (CARDINALS["zero"], CARDINALS["twelve"], CARDINALS["ninety"]) == (0, 12, 90)
    assert (ORDINALS["first"], ORDINALS["twelfth"], ORDINALS["ninetieth"]) == (1, 12, 90)
    assert "one" not in LIST_SIZES


@pytest.mark.parametrize("word", [word for word, value in CARDINALS.items() if value > 1])
def test_a_number_word_is_known_wherever_one_is_read(word: str) -> None:
    """The check of a claim and the search for an answer to "how many" know the same words."""
    (quantity,) = quantities(f"There were {word} ships.")
    assert quantity.values == {CARDINALS[word]}
    assert find_expected(parse_question("How many ships were there?"), f"There were {word}.") is not None


@pytest.mark.parametrize(("word", "size"), LIST_SIZES.items())
def test_a_question_for_a_list_says_how_long(word: str, size: int) -> None:
    """From "two reasons" to "twelve reasons"."""
    assert parse_question(f"What {word} reasons are given?").several == size
    assert parse_question(f"Give {word} examples of it").several == size

"""What a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from qa.answering.extractive.question import Kind, content_stems, find_expected, parse_question, words_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who met Lavrov in Geneva?", "who"),
        ("The term was coined by whom?", "who"),
        ("Which president signed the treaty?", "who"),
        ("When was the summit called off?", "when"),
        ("In what year did the plant open?", "when"),
        ("Where was the meeting held?", "where"),
        ("Which city hosts the fair?", "where"),
        ("How many points does the plan have?", "amount"),
        ("How much did the bridge cost?", "amount"),
        ("What is the population of Riga?", "amount"),
        ("What percentage of voters stayed away?", "amount"),
        ("Why was the Budapest summit cancelled?", "why"),
        ("What caused the delay?", "why"),
        ("How does a lock gate work?", "how"),
        ("Did the talks end with an agreement?", "yesno"),
        ("Isn't the report public?", "yesno"),
        ("What is a packet switch?", "definition"),
        ("What does NATO stand for?", "definition"),
        ("What did the spokesman say about tensions?", "other"),
        ("Warum wurde der Gipfel abgesagt?", "other"),
        ("首脳会談はなぜ中止された", "other"),
    ],
)
def test_the_kind_is_told_by_its_cue(question: str, kind: Kind) -> None:
    """The narrowest cue names the kind; a question without one is of kind "other"."""
    assert parse_question(question).kind == kind


def test_terms_are_stems_without_question_words_each_once() -> None:
    """The many of "how many" is no term; a compound is searched by its parts."""
    ask = parse_question("How many peace-plan points do the peace plans have?")
    assert ask.terms == ("peac", "plan", "point")


def test_names_are_capitalised_words_and_numbers_after_the_first_word() -> None:
    """The first word of a question has a capital letter whatever it is."""
    assert parse_question("Did Rubio resign in 2025?").names == {"rubio", "2025"}
    assert parse_question("Warsaw lies on which river?").names == set()


def test_a_question_all_in_capitals_has_no_names_to_tell_apart() -> None:
    """Capital letters that are everywhere say nothing."""
    assert parse_question("WHO OPENED THE NEW BRIDGE").names == set()
    assert parse_question("Who Opened The New Bridge").names == set()


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("What two issues did the source raise?", 2),
        ("Name the three rivers of the city.", 3),
        ("What are the main exports?", 3),
        ("Who opened the bridge?", 1),
    ],
)
def test_list_questions_hope_for_several_sentences(question: str, several: int) -> None:
    """A number word says how many; "what are the" hopes for three."""
    assert parse_question(question).several == several


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("Who met Rubio?", "He was met by Sergei Lavrov.", "It was Rubio."),
        ("When did it open?", "It opened on 4 May.", "It opened late."),
        ("How many opened in 2001?", "In 2001, forty opened.", "In 2001 some opened."),
        ("Where is the fair?", "The fair is in Leipzig.", "The fair is large."),
        ("Why did it fail?", "It failed because of frost.", "It failed again."),
    ],
)
def test_an_answer_holds_what_was_asked_and_not_what_the_question_says(
    question: str, yes: str, no: str
) -> None:
    """A name or number of the question itself is no answer to it."""
    ask = parse_question(question)
    assert find_expected(ask, yes) is not None
    assert find_expected(ask, no) is None


def test_words_are_given_as_they_were_typed() -> None:
    """What is missing is told in the user's own words."""
    assert [word for word, _ in words_of("How many Zebras does the ZOO keep?")] == ["Zebras", "ZOO", "keep"]


@given(st.text(max_size=200))
def test_any_text_is_a_question(text: str) -> None:
    """Nothing that can be typed is an error, and no term is named twice."""
    ask = parse_question(text)
    assert len(set(ask.terms)) == len(ask.terms)
    assert 1 <= ask.several <= 7
    spot = find_expected(ask, text)
    assert spot is None or 0 <= spot[0] < spot[1] <= len(text)


def test_may_is_a_month_with_its_capital_letter() -> None:
    """In a sentence and in a question; the verb is a word like any other that is not searched."""
    assert "mai" in content_stems("May | 68 | 24")
    assert "mai" not in content_stems("Guests may swim.")
    assert [word for word, _ in words_of("May guests swim in May?")] == ["May", "guests", "swim"]
    assert [word for word, _ in words_of("May guests swim?")] == ["guests", "swim"]


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Wer hat die Halle gebaut?", {"hall", "gebaut"}),
        ("Wie hoch war die Miete?", {"miet"}),
        ("Que dit l'article 3 ?", {"articl", "3"}),
        ("Why did the high war die down?", {"high", "war", "die"}),
    ],
)
def test_words_that_only_build_a_question_are_not_searched(question: str, terms: set[str]) -> None:
    """In German and French; the same letters mean something in English."""
    assert set(parse_question(question).terms) == terms


def test_who_does_something_is_named_by_it() -> None:
    """A question has the verb, a table or a contract the noun."""
    for verb, noun in (("owns", "Owner"), ("supplies", "supplier"), ("drives", "driver"), ("lent", "lender")):
        assert content_stems(verb) == content_stems(noun)

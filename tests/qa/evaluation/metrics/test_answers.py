"""Answers are compared with references as SQuAD's script and the rouge-score package compare them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, strategies as st

from qa.evaluation.metrics.answers import exact_match, rouge_l, rouge_words, squad_words, token_f1
from qa.evaluation.metrics.per_question import question_metrics
from qa.types import Answer, Claim, RejectedCitation, prose
from tests.support.records import abstained, answered, citation, question, record

# What SQuAD's evaluate-v2.0.py gave for these: exact match and F1, the best of the references.
SQUAD: list[tuple[str, tuple[str, ...], int, float]] = [
    ("The Seine, France!", ("seine france",), 1, 1.0),
    ("Denver Broncos", ("Denver Broncos", "The Broncos"), 1, 1.0),
    ("in the U.S. in 1066", ("US", "1066"), 0, 0.4),
    ("a b b c", ("b b b d",), 0, 0.5714285714285715),
    ("twenty-one pilots", ("twenty one pilots", "pilots"), 0, 0.6666666666666666),
    ("", ("the",), 1, 1),
    ("a", ("...",), 1, 1),
    ("An.", ("cat",), 0, 0),
    ("cat", ("the", "cat"), 1, 1.0),
    ("the", ("the", "cat"), 0, 0),
    ("$5.50", ("$5,50",), 1, 1.0),
    ("the–end", ("end", "–end"), 1, 1.0),
    ("theatre", ("the atre",), 0, 0),
    ("一只猫", ("一只 猫", "狗"), 0, 0),
    ("İstanbul", ("i̇stanbul",), 1, 1.0),
    ("Straße", ("STRASSE",), 0, 0),
    ("naïve a\u0301 plan", ("naive plan", "naïve plan"), 0, 0.8),
    ("“Quoted” words", ("Quoted words",), 0, 0.5),
    ("New\u00a0York", ("new york",), 1, 1.0),
    ("a_b", ("ab",), 1, 1.0),
]
texts = st.lists(st.sampled_from(["the", "a", "cat", "Cat!", "猫", "...", "U.S.", "2"]), max_size=6).map(
    " ".join
)
references = st.lists(texts, min_size=1, max_size=3)


@pytest.mark.parametrize(("answer", "right", "exact", "f1"), SQUAD)
def test_squad_s_script_gave_the_same(answer: str, right: tuple[str, ...], exact: int, f1: float) -> None:
    """Worked examples, with what the official script gave for them."""
    assert exact_match(answer, right) == exact
    assert token_f1(answer, right) == pytest.approx(f1, abs=1e-12)


@given(texts, references)
def test_what_matches_exactly_has_the_best_f1(answer: str, right: list[str]) -> None:
    """All in [0, 1], and an exact match has every word right."""
    assert 0 <= exact_match(answer, right) <= token_f1(answer, right) <= 1
    assert 0 <= rouge_l(answer, right) <= 1


@given(texts, texts)
def test_f1_is_symmetric(one: str, other: str) -> None:
    """Precision and recall change places, and their mean is the same."""
    assert token_f1(one, [other]) == pytest.approx(token_f1(other, [one]))
    assert rouge_l(one, [other]) == pytest.approx(rouge_l(other, [one]))


@given(texts, references, texts)
def test_another_reference_never_lowers_a_score(answer: str, right: list[str], more: str) -> None:
    """The best one counts; but one without words counts only among such, as in SQuAD's script."""
    assert rouge_l(answer, [*right, more]) >= rouge_l(answer, right)
    if squad_words(more) and any(map(squad_words, right)):
        assert token_f1(answer, [*right, more]) >= token_f1(answer, right)
        assert exact_match(answer, [*right, more]) >= exact_match(answer, right)


@given(texts, references)
def test_f1_ignores_the_order_of_words(answer: str, right: list[str]) -> None:
    """F1 is over multisets of words."""
    assert token_f1(" ".join(reversed(answer.split())), right) == pytest.approx(token_f1(answer, right))


def test_rouge_l_is_that_of_the_package() -> None:
    """1,000 random sequences of words, in several scripts, with up to three references each."""
    from rouge_score.rouge_scorer import RougeScorer

    draw = random.Random(20)
    vocabulary = [
        "the",
        "The",
        "cat",
        "Katze",
        "sat",
        "on",
        "mat",
        "2.5",
        "it's",
        "naïve",
        "猫が",
        "—",
        "İ",
        "x_y",
        "\n",
    ]
    scorer = RougeScorer(["rougeL"], use_stemmer=False)
    above = 0
    for _ in range(1_000):
        answer, *right = (
            " ".join(draw.choices(vocabulary, k=draw.randrange(40))) for _ in range(draw.randrange(2, 5))
        )
        theirs = max(scorer.score(reference, answer)["rougeL"].fmeasure for reference in right)
        assert rouge_l(answer, right) == pytest.approx(theirs, abs=1e-12), (answer, right)
        above += theirs > 0
    assert above > 700


def test_rouge_l_of_long_texts_is_that_of_the_package() -> None:
    """More words than a machine word has bits."""
    from rouge_score.rouge_scorer import RougeScorer

    draw = random.Random(21)
    answer, right = (" ".join(draw.choices("abcdefg", k=length)) for length in (500, 700))
    theirs = RougeScorer(["rougeL"], use_stemmer=False).score(right, answer)["rougeL"].fmeasure
    assert rouge_l(answer, [right]) == pytest.approx(theirs)


def test_rouge_has_no_words_for_chinese() -> None:
    """Who scores such an answer can know that there is nothing to compare."""
    assert rouge_words("一只猫。") == []
    assert rouge_l("一只猫。", ["一只猫。"]) == 0


@pytest.mark.parametrize("answer", [answered(text="猫"), abstained()])
def test_rouge_has_no_value_where_no_reference_has_words(answer: Answer) -> None:
    """Whatever was answered; where one reference has some, an answer without any scores 0."""

    def measured(*references: str) -> dict[str, float]:
        return question_metrics(record(question=question(answers=references), answer=answer), None)

    assert "rouge_l" not in measured("猫")
    assert measured("猫", "cat")["rouge_l"] == 0


def test_an_abstention_matches_no_reference() -> None:
    """Not even a reference without words."""
    one = record(question=question(answers=("the",)), answer=abstained())
    values = question_metrics(one, None)
    assert values["exact_match"] == values["token_f1"] == 0


def test_markers_are_no_part_of_the_prose() -> None:
    """Those of citations and of rejected keys go, with the space before them; other brackets stay."""
    rejected = Claim("It is.", (), "rejected", (), (RejectedCitation("s9-s12", "no such sentence"),))
    text = "It was 5 [1][2], not 6. [2] It is[s9-s12?]. See [3] and [ 1 ]."
    answer = answered(citation(0, 5), citation(5, 9, number=2), text=text, claims=(rejected,))
    assert prose(answer) == "It was 5, not 6. It is. See [3] and [ 1 ]."

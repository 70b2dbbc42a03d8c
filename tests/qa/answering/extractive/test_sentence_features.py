"""Features of sentences: what is counted in sets of terms is what `FEATURES` says of each."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from qa.answering.extractive.question import find_expected, parse_question
from qa.answering.extractive.sentence_features import FEATURES, score_sentences
from qa.answering.extractive.sentences import read_passage
from tests.support.sentences import passage_of

WORDS = ("mill", "miller", "Brodno", "geese", "bought", "buy", "burned", "burning", "1902", "villages", "it")
said = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
SHARES = ("overlap", "before", "after", "heading", "passage", "similar")


@given(question=said, text=st.lists(said, min_size=1, max_size=5).map(". ".join))
def test_shares_are_those_of_the_bags(question: str, text: str) -> None:
    """Of every set of terms, in and around every sentence."""
    ask, passage = parse_question(question), passage_of(f"{text}.")
    found = score_sentences(ask, [passage])
    for candidate, around in zip(found.candidates, read_passage(passage).around, strict=True):
        sentence, values = candidate.sentence, dict(zip(FEATURES, candidate.features, strict=True))
        missing = [term for term in ask.terms if term not in sentence.bag]
        sets = {name: [term for term in missing if term in getattr(around, name)] for name in SHARES[1:5]}
        sets["overlap"] = [term for term in ask.terms if term in sentence.bag]
        sets["similar"] = [term for term in missing if sentence.has_alike(term)]
        assert {name: values[name] for name in SHARES} == {
            name: pytest.approx(found.weights.share(terms)) for name, terms in sets.items()
        }


@pytest.mark.parametrize(
    ("text", "in_order", "together"),
    [
        ("Anna bought the old mill.", 1.0, 3 / 4),
        ("Anna bought the old stone mill.", 0.5, 3 / 5),
        ("The mill that Anna Kovac and her two sisters bought.", 0.0, 3 / 6),
        ("Anna saw it.", 0.0, 0.0),
    ],
    ids=["one between", "two between", "the other way round", "one alone"],
)
def test_terms_that_stand_together(text: str, in_order: float, together: float) -> None:
    """Neighbours of the question with at most one stem between; the shortest stretch that has all."""
    candidate = score_sentences(
        parse_question("When was it that Anna bought mill?"), [passage_of(text)]
    ).candidates[0]
    values = dict(zip(FEATURES, candidate.features, strict=True))
    assert values["order"] == pytest.approx(in_order)
    assert values["together"] == pytest.approx(values["overlap"] * together)


def test_what_the_question_names_is_passed_over() -> None:
    """As often as it stands there: the first that is new is found behind it, or none."""
    ask = parse_question("When after 1902, in 1902 or 1903, did it burn?")
    text = "In 1902, in 1903 and 1902 nothing burned, but in 1911."
    found = find_expected(ask, text)
    assert found is not None
    assert text[slice(*found)] == "1911"
    assert find_expected(ask, text.removesuffix(", but in 1911.")) is None

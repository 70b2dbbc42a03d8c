"""How closely texts follow a question."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings, strategies as st

from index.search.ranking.proximity import NEAR_TERMS, Proximity, QuestionTerms, closeness
from index.search.ranking.stem_numbers import StemNumbers
from index.text.terms import stems

WORDS = st.lists(
    st.sampled_from(["the", "tax", "taxes", "was", "cut", "well-known", "-", "2021", "summit"]), max_size=25
).map(" ".join)


def close(question: str, *texts: Sequence[str]) -> list[Proximity]:
    """Of texts given as their sentences."""
    numbers = StemNumbers()
    return closeness(QuestionTerms.of(question), numbers.read(texts), numbers)


def by_hand(wanted: QuestionTerms, text: Sequence[str]) -> Proximity:
    """What the measures are, pair by pair and place by place."""
    places: dict[str, list[int]] = {}
    at, most = 0, 0
    for sentence in map(stems, text):
        most = max(most, len(wanted.stems.intersection(sentence)))
        for word in sentence:
            places.setdefault(word, []).append(at)
            at += 1
    ordered = near = 0
    for first, second, distance in wanted.pairs:
        gaps = [there - here for here in places.get(first, ()) for there in places.get(second, ())]
        ordered += any(0 < gap <= distance for gap in gaps)
        near += any(abs(gap) <= NEAR_TERMS for gap in gaps)
    pairs = len(wanted.pairs) or 1
    return Proximity(ordered / pairs, near / pairs, most / (len(wanted.stems) or 1))


def test_closeness_counts_pairs_in_order_near_and_in_one_sentence() -> None:
    """Worked by hand: three terms make two pairs, of which one is in order and both are near."""
    question = "Who cancelled the Budapest summit?"  # cancelled (1) Budapest (3) summit (4)
    assert [distance for _, _, distance in QuestionTerms.of(question).pairs] == [2, 1]
    found = close(
        question, ["The Budapest summit ended.", "It was cancelled."], ["Nothing of it."], [question]
    )
    assert found == [
        Proximity(ordered=1 / 2, near=1.0, sentence=2 / 3),
        Proximity(0.0, 0.0, 0.0),
        Proximity(1.0, 1.0, 1.0),
    ]
    assert close(question) == []


@settings(max_examples=200, deadline=None)
@given(question=WORDS, texts=st.lists(st.lists(WORDS, max_size=4), max_size=4))
def test_all_texts_at_once_are_as_close_as_each_by_hand(question: str, texts: list[list[str]]) -> None:
    """What stands at the end of one text is not near to the beginning of the next."""
    assert close(question, *texts) == [by_hand(QuestionTerms.of(question), text) for text in texts]

"""Copies are folded, what contradicts is not, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from index.search.ranking.deduplicate import ComparedTexts, Folded, fold_copies
from index.search.ranking.stem_numbers import StemNumbers

WORDS = st.lists(
    st.sampled_from(["the", "tax", "was", "cut", "not", "raised", "in", "2021", "2022", "summit"]),
    max_size=12,
)
REST = " ".join(f"word{n}" for n in range(60))


def compared(*texts: str) -> ComparedTexts:
    numbers = StemNumbers()
    return ComparedTexts([one.stems for one in numbers.read([[text] for text in texts])], numbers.stems)


def folded(*texts: str, k: int = 10) -> Folded:
    numbers = StemNumbers()
    read = numbers.read([[text] for text in texts])
    return fold_copies([one.stems for one in read], k, numbers.stems)


@pytest.mark.parametrize("other", ["innocent in 2021", "guilty in 2022", "not guilty in 2021"])
def test_contradicting_near_copies_both_stay(other: str) -> None:
    """A replaced word or number is another statement; both are shown."""
    base = f"The court found the company guilty in 2021 {REST}"
    against = f"The court found the company {other} {REST}"
    assert compared(base, against).near(0, 1)
    assert not compared(base, against).agree(0, 1)
    assert folded(base, against).kept == (0, 1)


def test_a_copy_with_a_line_more_is_a_copy() -> None:
    """A dateline in front does not make another statement."""
    found = folded(f"The court ruled {REST}", f"Reuters: The court ruled {REST}")
    assert found == Folded((0,), {0: [1]}, 1)
    assert found.places == [0, 1]


def test_copies_are_told_by_stems_not_by_how_they_are_written() -> None:
    """Capital letters, signs and endings make no other text, however short it is."""
    assert folded("Annual reports", "ANNUAL REPORT:").copies == {0: [1]}
    assert folded("March;22;301", "March | 22 | 301").copies == {0: [1]}


def test_texts_that_share_words_but_not_their_order_are_two() -> None:
    """They pass the comparison of words, and not that of runs of words."""
    words = [f"word{n}" for n in range(40)]
    assert not compared(" ".join(words), " ".join(reversed(words))).near(0, 1)


def test_no_texts_are_no_copies() -> None:
    """A search may find nothing."""
    assert folded() == Folded((), {}, 0)


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(WORDS.filter(bool).map(" ".join), max_size=12), k=st.integers(1, 8))
def test_folding_loses_nothing_that_is_not_a_copy(texts: list[str], k: int) -> None:
    """Nothing appears twice, and every text is kept, a copy or beyond k."""
    found = folded(*texts, k=k)
    assert len(set(found.places)) == len(found.places)
    assert len(found.kept) <= k
    assert list(found.kept[: found.distinct]) == sorted(found.kept[: found.distinct])
    if len(found.kept) < k:
        assert set(found.places) == set(range(len(texts)))

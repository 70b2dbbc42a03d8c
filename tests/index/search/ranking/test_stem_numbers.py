"""Texts as numbers of stems."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.search.ranking import stem_numbers as module
from index.search.ranking.stem_numbers import Stemmed, StemNumbers
from index.text.terms import stems

SENTENCES = st.lists(
    st.one_of(
        st.sampled_from(
            ["The U.S. paid $1,577.", "well-known (and not) \u2014", "東京都 is big", "-", "", " \u00a0x\n"]
        ),
        st.text(alphabet="ab-'., \t1é東", max_size=12),
    ),
    max_size=5,
)


def spelt(numbers: StemNumbers, read: Stemmed) -> list[list[str]]:
    """The stems of each sentence."""
    words = iter([numbers.stems[number] for number in read.stems.tolist()])
    return [[next(words) for _ in range(size)] for size in read.sentences.tolist()]


@given(st.lists(SENTENCES, max_size=5), st.lists(SENTENCES, max_size=5))
def test_numbers_say_what_the_stems_of_each_sentence_are(
    texts: list[list[str]], later: list[list[str]]
) -> None:
    """Also those that were numbered for texts that were read before."""
    numbers = StemNumbers()
    for some in (texts, later):
        read = numbers.read(some)
        assert [spelt(numbers, one) for one in read] == [[stems(each) for each in text] for text in some]
        assert all(len(one.stems) == one.sentences.sum() for one in read)
    assert len(set(numbers.stems)) == len(numbers)
    assert all(numbers.number_of(stem) == at for at, stem in enumerate(numbers.stems))
    assert numbers.number_of("never met") is None


def test_a_text_without_a_term_is_like_itself_only() -> None:
    """Stars are no dashes."""
    numbers = StemNumbers()
    stars, dashes, again = (numbers.single(text).stems.tolist() for text in ("***", "---", "***"))
    assert stars == again != dashes


def test_it_is_full_when_it_has_grown_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is new adds to it."""
    monkeypatch.setattr(module, "MOST_CHARACTERS", 10)
    numbers = StemNumbers()
    numbers.read([["one two"] * 5])
    assert not numbers.full
    numbers.read([["three four"]])
    assert numbers.full

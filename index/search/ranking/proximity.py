"""How closely the words of candidates follow the question's: their order, distance and sentence.

The measures are shares in [0, 1], unweighted: weighting terms by rarity was measured to gain nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.text.terms import query_terms, stem, terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.search.ranking.stem_numbers import Stemmed, StemNumbers

NEAR_TERMS = 8  # terms: within a line or so; as in Metzler and Croft's unordered window, SIGIR 2005


@dataclass(frozen=True, slots=True)
class QuestionTerms:
    """A question's stems, and its neighbouring pairs with their distance."""

    stems: frozenset[str]
    pairs: tuple[tuple[str, str, int], ...]

    @classmethod
    def of(cls, question: str) -> QuestionTerms:
        """The terms of `question` that are worth searching, and how they stand in it."""
        content = frozenset(stem(term) for term in query_terms(question))
        places = [(at, word) for at, word in enumerate(map(stem, terms(question))) if word in content]
        pairs = tuple(
            (first, second, there - here)
            for (here, first), (there, second) in pairwise(places)
            if first != second
        )
        return cls(content, pairs)


@dataclass(frozen=True, slots=True)
class Proximity:
    """How a text follows a question, as three shares.

    `ordered`, `near`: of the question's pairs of terms, those that stand in that order and no further apart,
    and those within `NEAR_TERMS` of each other in any order. `sentence`: the largest share of its terms that
    stand in one sentence.
    """

    ordered: float
    near: float
    sentence: float


def closeness(wanted: QuestionTerms, texts: Sequence[Stemmed], numbers: StemNumbers) -> list[Proximity]:
    """How closely each of `texts` follows the question. 0 for a share of nothing."""
    import numpy as np

    if not texts:
        return []
    terms = {word: at for at, word in enumerate(sorted(wanted.stems), 1)}
    found = _find(terms, texts, numbers, max((NEAR_TERMS, *(pair[2] for pair in wanted.pairs))))
    places = {word: np.flatnonzero(found.term == at) for word, at in terms.items()}
    ordered, near = np.zeros((2, len(texts)), np.intp)
    for first, second, distance in wanted.pairs:
        here = places[first]
        before, after = _gaps(found.place[here], found.place[places[second]])
        ordered[found.text[here[after <= distance]]] += 1
        near[found.text[here[np.minimum(before, after) <= NEAR_TERMS]]] += 1
    most = _most_in_a_sentence(found, texts, len(terms) + 1)
    pairs, words = len(wanted.pairs) or 1, len(wanted.stems) or 1
    counts = zip(ordered.tolist(), near.tolist(), most.tolist(), strict=True)
    return [Proximity(one / pairs, two / pairs, three / words) for one, two, three in counts]


class _Found(NamedTuple):
    """For each stem of any text that is a term of the question, in order: which term it is, in which text.

    `at` is its number among the stems of all texts, `place` the same with so much between two texts that
    nothing of one is near anything of another.
    """

    term: NDArray[np.intp]
    text: NDArray[np.intp]
    at: NDArray[np.intp]
    place: NDArray[np.intp]


def _find(terms: Mapping[str, int], texts: Sequence[Stemmed], numbers: StemNumbers, apart: int) -> _Found:
    """Where these terms stand, numbered from 1; between two texts there are more than `apart` places."""
    import numpy as np

    term_of = np.zeros(len(numbers), np.intp)
    for word, at in terms.items():
        if (number := numbers.number_of(word)) is not None:
            term_of[number] = at
    term = term_of[np.concatenate([text.stems for text in texts])]
    found = np.flatnonzero(term)
    text = np.searchsorted(np.cumsum([len(text.stems) for text in texts]), found, side="right")
    return _Found(term[found], text, found, found + text * (apart + 1))


def _gaps(here: NDArray[np.intp], there: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """From each place `here` to the nearest place `there` before it, and after it; all in ascending order."""
    import numpy as np

    far = np.iinfo(np.intp).max // 4
    edged = np.concatenate([[-far], there, [far]])
    after = np.searchsorted(there, here) + 1
    return here - edged[after - 1], edged[after] - here


def _most_in_a_sentence(found: _Found, texts: Sequence[Stemmed], base: int) -> NDArray[np.intp]:
    """For each text, how many terms, numbered below `base`, that sentence has that has most of them."""
    import numpy as np

    ends = np.concatenate([text.sentences for text in texts]).cumsum()
    sentence = np.searchsorted(ends, found.at, side="right")
    each = np.sort(sentence * base + found.term)
    first = np.diff(each, prepend=-1) > 0  # np.unique would import numpy.ma, a fifth of numpy
    terms = np.bincount(each[first] // base)
    sentences = np.flatnonzero(terms)
    most = np.zeros(len(texts), np.intp)
    text = np.searchsorted(np.cumsum([len(text.sentences) for text in texts]), sentences, side="right")
    np.maximum.at(most, text, terms[sentences])
    return most

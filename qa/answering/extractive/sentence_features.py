"""Features that score a sentence as an answer: its overlap with the question, what it adds.

They are counted in terms, so they serve every language that `index.text.terms` does; what a kind of question
expects (`question.find_expected`) is a bonus on top. `extract.py` has the weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import NamedTuple

from index.types import Passage, Span
from qa.answering.extractive.likeness import likeness
from qa.answering.extractive.numbered import asked_part, named_text, with_numbers
from qa.answering.extractive.question import (
    KINDS_WITH_NUMBERS,
    ParsedQuestion,
    content_stems,
    find_expected,
)
from qa.answering.extractive.sentences import (
    SHARED_LETTERS,
    AnalysedSentence,
    Around,
    PassageSentences,
    read_passage,
    set_out,
)

# What each feature is. "Share" is of the question's terms, by weight. All but `density` lie in
# [0, 1].
FEATURES = (
    "overlap",  # share in the sentence
    "density",  # the same, less for long sentences
    "order",  # share (by count) of neighbours in the question that follow each other here
    "before",  # share that is not here but in the sentence before
    "after",  # share that is not here but in the sentence after
    "heading",  # share that is not here but in the title, the headings above or the names of a row's columns
    "passage",  # share that is not here but somewhere in the passage
    "similar",  # share that is not here, but a term that begins alike
    "score",  # the passage's search score, the best being 1
    "figure",  # asked when or how many: has a date or number that the question does not name
    "name",  # asked who or where: has a name that the question does not name
    "cue",  # asked why, how or what something is: has a word that such an answer has
    "kind_near",  # share (by count) of question terms within 60 characters of such a thing
    "bare",  # adds hardly a term to the question: a heading, the question repeated
    "titled",  # is the title or a heading, nothing else
    "asks",  # is a question itself
    "together",  # question terms here, for each stem of the shortest stretch that has them all
    "meaning",  # cosine of the mean token vectors, see `likeness`
    "nearest",  # share-weighted cosine of each question word with the nearest token here
)
_WINDOW = 30  # stems
_NEAR = 60  # characters


class CandidateSentence(NamedTuple):
    """One sentence of one passage, what is around it, and its features in the order of `FEATURES`.

    `at` counts the passage's sentences from 0.
    """

    passage: Passage
    at: int
    span: Span
    sentence: AnalysedSentence
    around: Around
    features: tuple[float, ...]


class ScoredSentence(NamedTuple):
    """A candidate with its likelihood among all candidates of the question."""

    candidate: CandidateSentence
    likelihood: float


class _TermSets:
    """Sets of a question's terms as numbers, one bit for each term, so that they are counted and told apart.

    What a bag has of the terms is looked up once, however many sentences it is in or beside.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._bits = {term: 1 << at for at, term in enumerate(terms)}
        self._beginnings: dict[str, int] = {}
        for term, bit in self._bits.items():
            beginning = term[:SHARED_LETTERS]
            self._beginnings[beginning] = self._beginnings.get(beginning, 0) | bit
        self._held: dict[int, int] = {}  # by the identity of a bag, which its passage keeps alive

    def held(self, bag: frozenset[str]) -> int:
        """The terms in `bag`."""
        found = self._held.get(id(bag))
        if found is None:
            found = self._held[id(bag)] = sum([bit for term, bit in self._bits.items() if term in bag])
        return found

    def alike(self, sentence: AnalysedSentence) -> int:
        """The terms that have one alike in `sentence`."""
        beginnings = sentence.beginnings
        if beginnings.isdisjoint(self._beginnings):
            return 0
        return sum([bits for beginning, bits in self._beginnings.items() if beginning in beginnings])


class _Shares(dict[int, float]):
    """What share of the question's weight a set of terms carries, in [0, 1]."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = tuple(enumerate(weights.of.values()))
        self._total = weights.total

    def __missing__(self, held: int) -> float:
        share = self[held] = sum([weight for at, weight in self._weights if held >> at & 1]) / self._total
        return share


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term of the question tells, and which of them occur in the passages at all."""

    of: dict[str, float]
    total: float
    seen: frozenset[str]

    def share(self, held: Iterable[str]) -> float:
        """The share of the question's weight that the distinct terms `held` carry, in [0, 1]."""
        of = self.of
        return sum([of[term] for term in held]) / self.total


class Candidates(NamedTuple):
    """All candidates for a question, in order of passage and then of place, and the terms' weights."""

    candidates: tuple[CandidateSentence, ...]
    weights: Weights


def _term_weights(question: ParsedQuestion, read: Sequence[PassageSentences], sets: _TermSets) -> Weights:
    """Weights as in BM25, log(1 + (N - n + 1/2) / (n + 1/2)), N sentences, n of them with the term.

    A row of a table has the terms of its names too. A term that no sentence has weighs most: it is what the
    passages cannot answer.
    """
    have = Counter(
        [
            sets.held(sentence.bag) | sets.held(names)
            for each in read
            for sentence, names in zip(each.sentences, each.names, strict=True)
        ]
    )
    size = have.total()
    above = reduce(or_, (sets.held(each.heading) for each in read), 0)
    of, seen = {}, []
    for at, term in enumerate(question.terms):
        count = sum([times for held, times in have.items() if held >> at & 1])
        of[term] = math.log1p((size - count + 0.5) / (count + 0.5))
        if count or above >> at & 1:
            seen.append(term)
    return Weights(of, sum(of.values()) or 1.0, frozenset(seen))


def tightest(question: ParsedQuestion, weights: Weights, stems: Sequence[str]) -> frozenset[str]:
    """The question's terms within the `_WINDOW` neighbouring stems that hold most of their weight.

    A table without full stops can be one sentence of hundreds of words, where anything is found somewhere.
    """
    places = [at for at, stem in enumerate(stems) if stem in weights.of]
    windows = [frozenset(stems[at : at + _WINDOW]).intersection(question.terms) for at in places]
    return max(windows, key=weights.share, default=frozenset())


def score_sentences(question: ParsedQuestion, passages: Sequence[Passage]) -> Candidates:
    """Every sentence of `passages` with its features."""
    read = [read_passage(passage) for passage in passages]
    part = asked_part(question.text)
    if part is not None:
        numbered = with_numbers(part, passages, [each.sentences for each in read])
        read = list(map(set_out, passages, map(tuple, numbered)))
    sets = _TermSets(question.terms)
    weights = _term_weights(question, read, sets)
    shares = _Shares(weights)
    top = max((passage.score for passage in passages), default=0.0)
    sentences = [sentence for each in read for sentence in each.sentences]
    texts = [named_text(part, each) if part else each.text for each in sentences]
    alike = iter(likeness(question.text, weights.of, texts))
    candidates: list[CandidateSentence] = []
    for passage, each in zip(passages, read, strict=True):
        score = passage.score / top if top > 0 else 0.0
        rows = zip(passage.chunk.sentences, each.sentences, each.around, strict=True)
        for at, (span, sentence, around) in enumerate(rows):
            features = _features(question, sets, shares, sentence, around, score) + next(alike)
            candidates.append(CandidateSentence(passage, at, span, sentence, around, features))
    return Candidates(tuple(candidates), weights)


def _features(
    question: ParsedQuestion,
    sets: _TermSets,
    shares: _Shares,
    sentence: AnalysedSentence,
    around: Around,
    score: float,
) -> tuple[float, ...]:
    here = sets.held(sentence.bag)
    overlap, several = shares[here], here & (here - 1) != 0
    expected = find_expected(question, sentence.text)
    places = _places(question, sentence.stems) if several else []
    return (
        overlap,
        overlap / math.sqrt(1 + len(sentence.stems) / 8),
        _in_order(question.terms, places) if several else 0.0,
        shares[sets.held(around.before) & ~here],
        shares[sets.held(around.after) & ~here],
        shares[sets.held(around.heading) & ~here],
        shares[sets.held(around.passage) & ~here],
        shares[sets.alike(sentence) & ~here],
        score,
        float(expected is not None and question.kind in KINDS_WITH_NUMBERS),
        float(expected is not None and question.kind in ("who", "where")),
        float(expected is not None and question.kind in ("why", "how", "definition")),
        _near(question, sentence.text, expected) if expected and overlap else 0.0,
        float(len(sentence.bag) - here.bit_count() < 2),
        float(around.titled),
        float(sentence.text.endswith(("?", "？", "؟"))),
        overlap * _together(places, len(sentence.stems)) if several else 0.0,
    )


def _places(question: ParsedQuestion, stems: Sequence[str]) -> list[tuple[int, str]]:
    """The question's terms among `stems`, and where they stand."""
    asked = frozenset(question.terms)
    return [(at, stem) for at, stem in enumerate(stems) if stem in asked]


def _together(places: Sequence[tuple[int, str]], size: int) -> float:
    """How many terms are at `places` of `size` stems, divided by the stems from the first to the last one.

    In the shortest stretch that has each of them; 0 where fewer than two are here.
    """
    wanted = len({stem for _, stem in places})
    if wanted < 2:
        return 0.0
    last: dict[str, int] = {}
    shortest = size
    for at, stem in places:
        last.pop(stem, None)
        last[stem] = at  # in order of place: the first key is where the stretch begins
        if len(last) == wanted:
            shortest = min(shortest, at - next(iter(last.values())) + 1)
    return wanted / shortest


def _in_order(question: Sequence[str], places: Sequence[tuple[int, str]]) -> float:
    """The share of neighbours in `question` that follow each other here, with at most one stem between."""
    if len(question) < 2:
        return 0.0
    near = (*pairwise(places), *zip(places, places[2:], strict=False))
    here = {(one, other) for (at, one), (then, other) in near if then - at <= 2}
    return sum(pair in here for pair in pairwise(question)) / (len(question) - 1)


def _near(question: ParsedQuestion, text: str, expected: tuple[int, int]) -> float:
    """The share of question terms within `_NEAR` characters of what was asked for."""
    stems = content_stems(text[max(0, expected[0] - _NEAR) : expected[1] + _NEAR])
    return len(set(stems).intersection(question.terms)) / len(question.terms)

"""Features that score a sentence as an answer: its overlap with the question, what it adds.

They are counted in terms, so they serve every language that `index.text.terms` does; what a kind of question
expects (`question.find_expected`) is a bonus on top. `extract.py` has the weights.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from index.types import Passage, Span
from qa.answering.extractive.likeness import likeness
from qa.answering.extractive.numbered import asked_part, named_text, with_numbers
from qa.answering.extractive.question import ParsedQuestion, content_stems, find_expected
from qa.answering.extractive.sentences import (
    SHARED_LETTERS,
    AnalysedSentence,
    Around,
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
    """One sentence of one passage, and its features in the order of `FEATURES`.

    `at` counts the passage's sentences from 0; `around` are the terms of the sentences before and after, and
    of the headings above, which for a row of a table are the names of its columns as well.
    """

    passage: Passage
    at: int
    span: Span
    sentence: AnalysedSentence
    around: tuple[frozenset[str], ...]
    features: tuple[float, ...]


class ScoredSentence(NamedTuple):
    """A candidate with its likelihood among all candidates of the question."""

    candidate: CandidateSentence
    likelihood: float


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term of the question tells, and which of them occur in the passages at all."""

    of: dict[str, float]
    total: float
    seen: frozenset[str]
    beginnings: frozenset[str]

    def has_alike(self, term: str) -> bool:
        """True if a term of the passages begins as `term` does."""
        return term[:SHARED_LETTERS] in self.beginnings

    def share(self, held: Iterable[str]) -> float:
        """The share of the question's weight that the distinct terms `held` carry, in [0, 1]."""
        of = self.of
        return sum([of[term] for term in held]) / self.total


class Candidates(NamedTuple):
    """All candidates for a question, in order of passage and then of place, and the terms' weights."""

    candidates: tuple[CandidateSentence, ...]
    weights: Weights


def term_weights(
    question: ParsedQuestion,
    sentences: Sequence[AnalysedSentence],
    names: Sequence[frozenset[str]],
    headings: frozenset[str],
) -> Weights:
    """Weights as in BM25, log(1 + (N - n + 1/2) / (n + 1/2)), N sentences, n of them with the term.

    A row of a table has the terms of its `names` too. A term that no sentence has weighs most: it is what the
    passages cannot answer.
    """
    pairs = zip(sentences, names, strict=True)
    bags = [sentence.bag | more if more else sentence.bag for sentence, more in pairs]
    count = Counter([term for bag in bags for term in question.terms if term in bag])
    size = len(sentences)
    of = {term: math.log1p((size - count[term] + 0.5) / (count[term] + 0.5)) for term in question.terms}
    beginnings = frozenset(
        term[:SHARED_LETTERS]
        for term in question.terms
        if any(sentence.has_alike(term) for sentence in sentences)
    )
    return Weights(
        of, sum(of.values()) or 1.0, frozenset(count) | headings.intersection(question.terms), beginnings
    )


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
    sentences = [sentence for each in read for sentence in each.sentences]
    names = [bag for each in read for bag in each.names]
    weights = term_weights(question, sentences, names, frozenset().union(*(each.heading for each in read)))
    top = max((passage.score for passage in passages), default=0.0)
    texts = [named_text(part, each) if part else each.text for each in sentences]
    alike = iter(likeness(question.text, weights.of, texts))
    candidates: list[CandidateSentence] = []
    for passage, each in zip(passages, read, strict=True):
        score = passage.score / top if top > 0 else 0.0
        rows = zip(passage.chunk.sentences, each.sentences, each.around, strict=True)
        for at, (span, sentence, around) in enumerate(rows):
            features = _features(question, weights, sentence, around, score) + next(alike)
            candidates.append(CandidateSentence(passage, at, span, sentence, around[:3], features))
    return Candidates(tuple(candidates), weights)


def _features(
    question: ParsedQuestion, weights: Weights, sentence: AnalysedSentence, around: Around, score: float
) -> tuple[float, ...]:
    bag, share = sentence.bag, weights.share
    held = [term for term in question.terms if term in bag]
    missing = [term for term in question.terms if term not in bag]
    overlap = share(held)
    expected = find_expected(question, sentence.text)
    return (
        overlap,
        overlap / math.sqrt(1 + len(sentence.stems) / 8),
        _in_order(question.terms, sentence.stems) if len(held) > 1 else 0.0,
        share([term for term in missing if term in around.before]),
        share([term for term in missing if term in around.after]),
        share([term for term in missing if term in around.heading]),
        share([term for term in missing if term in around.passage]),
        share([term for term in missing if sentence.has_alike(term)]),
        score,
        float(expected is not None and question.kind in ("when", "amount")),
        float(expected is not None and question.kind in ("who", "where")),
        float(expected is not None and question.kind in ("why", "how", "definition")),
        _near(question, sentence.text, expected) if expected and overlap else 0.0,
        float(len(bag) - len(held) < 2),
        float(around.titled),
        float(sentence.text.endswith(("?", "？", "؟"))),
        overlap * _together(question, sentence.stems) if len(held) > 1 else 0.0,
    )


def _together(question: ParsedQuestion, stems: Sequence[str]) -> float:
    """How many of the question's terms are here, divided by the stems from the first to the last of them.

    In the shortest stretch that has each of them; 0 where fewer than two are here.
    """
    asked = frozenset(question.terms)
    places = [(at, stem) for at, stem in enumerate(stems) if stem in asked]
    wanted = len({stem for _, stem in places})
    if wanted < 2:
        return 0.0
    last: dict[str, int] = {}
    shortest = len(stems)
    for at, stem in places:
        last.pop(stem, None)
        last[stem] = at  # in order of place: the first key is where the stretch begins
        if len(last) == wanted:
            shortest = min(shortest, at - next(iter(last.values())) + 1)
    return wanted / shortest


def _in_order(question: Sequence[str], stems: Sequence[str]) -> float:
    """The share of neighbours in `question` that follow each other here, with at most one stem between."""
    if len(question) < 2:
        return 0.0
    here = set(pairwise(stems)) | set(zip(stems, stems[2:], strict=False))
    return sum(pair in here for pair in pairwise(question)) / (len(question) - 1)


def _near(question: ParsedQuestion, text: str, expected: tuple[int, int]) -> float:
    """The share of question terms within `_NEAR` characters of what was asked for."""
    stems = content_stems(text[max(0, expected[0] - _NEAR) : expected[1] + _NEAR])
    return len(set(stems).intersection(question.terms)) / len(question.terms)

"""Features that score a sentence as an answer: its overlap with the question, what it adds.

They are counted in terms, so they serve every language that `index.text.terms` does; what a kind of question
expects (`question.find_expected`) is a bonus on top. `extract.py` has the weights.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import NamedTuple

from index.text.rows import body_table, searched_sentences
from index.types import Passage, Span
from qa.answering.extractive.layout import is_heading_line, label_stems, lines_from
from qa.answering.extractive.likeness import likeness
from qa.answering.extractive.numbered import asked_part, named_text, with_numbers
from qa.answering.extractive.question import ParsedQuestion, content_stems, find_expected
from qa.answering.extractive.sentences import SHARED_LETTERS, AnalysedSentence, analyse

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
_NAME_PARTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z0-9])|(?<=\d)(?=[A-Za-z]{2})")
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
        return sum([self.of[term] for term in held]) / self.total


class Candidates(NamedTuple):
    """All candidates for a question, in order of passage and then of place, and the terms' weights."""

    candidates: tuple[CandidateSentence, ...]
    weights: Weights


class _Around(NamedTuple):
    """What stands around a sentence."""

    before: frozenset[str]
    after: frozenset[str]
    heading: frozenset[str]
    passage: frozenset[str]
    titles: tuple[str, ...]
    score: float


def heading_bag(passage: Passage) -> frozenset[str]:
    """The terms of a passage's headings, of its source's title and of its name ("3M_2018_10K.pdf")."""
    name = _NAME_PARTS.sub(" ", passage.source.name)
    return analyse(" \n".join((*passage.chunk.headings, passage.source.title or "", name))).bag


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
    sentences_of = [_sentences(passage) for passage in passages]
    part = asked_part(question.text)
    if part is not None:
        sentences_of = with_numbers(part, passages, sentences_of)
    headings = [heading_bag(passage) for passage in passages]
    names_of = [_row_names(*pair) for pair in zip(passages, sentences_of, strict=True)]
    weights = term_weights(
        question, list(chain(*sentences_of)), list(chain(*names_of)), frozenset().union(*headings)
    )
    top = max((passage.score for passage in passages), default=0.0)
    texts = [named_text(part, each) if part else each.text for each in chain(*sentences_of)]
    alike = iter(likeness(question.text, weights.of, texts))
    candidates: list[CandidateSentence] = []
    for passage, sentences, names, heading in zip(passages, sentences_of, names_of, headings, strict=True):
        score = passage.score / top if top > 0 else 0.0
        titles = (*passage.chunk.headings, passage.source.title or "")
        whole = frozenset().union(*(sentence.bag for sentence in sentences))
        section = frozenset[str]()
        for at, (span, sentence) in enumerate(zip(passage.chunk.sentences, sentences, strict=True)):
            # The rows before and after are about other things, and the names of columns stand for them all.
            alone = bool(names[at])
            above = range(lines_from(passage, at), at) if not alone else range(0)
            before = frozenset[str]().union(*(sentences[line].bag for line in above))
            after = sentences[at + 1].bag if at + 1 < len(sentences) and not alone else frozenset()
            around = _Around(before, after, heading | names[at] | section, whole, titles, score)
            features = _features(question, weights, sentence, around) + next(alike)
            candidates.append(CandidateSentence(passage, at, span, sentence, around[:3], features))
            section = sentence.bag if is_heading_line(passage, at) else section
    return Candidates(tuple(candidates), weights)


def _sentences(passage: Passage) -> list[AnalysedSentence]:
    """The sentences of `passage` as terms, a line "author: Anna Kovac" as one that says who wrote it."""
    sentences = [analyse(text) for text in searched_sentences(passage.chunk)]
    for at, sentence in enumerate(sentences):
        said = label_stems(passage, at)
        if said:
            stems = (*sentence.stems, *said)
            sentences[at] = replace(sentence, stems=stems, bag=frozenset(stems))
    return sentences


def _row_names(passage: Passage, sentences: Sequence[AnalysedSentence]) -> list[frozenset[str]]:
    """For each sentence, the terms of what names it if it is a row under named columns; else none.

    That is the table's caption, its columns, and the last row of one cell above: the name of a group of rows.
    """
    if not passage.chunk.tables:
        return [frozenset()] * len(sentences)
    names: list[frozenset[str]] = []
    above, group = None, frozenset[str]()
    for span, sentence in zip(passage.chunk.sentences, sentences, strict=True):
        table = body_table(passage.chunk.tables, span)
        if table is None or not table.columns:
            names.append(frozenset())
            continue
        if table is not above or table.delimiter not in sentence.text:
            group = frozenset()
        columns = analyse(" \n".join((table.caption, *table.columns))).bag
        names.append(columns | group)
        if table.delimiter not in sentence.text:
            group = sentence.bag
        above = table
    return names


def _features(
    question: ParsedQuestion, weights: Weights, sentence: AnalysedSentence, around: _Around
) -> tuple[float, ...]:
    missing = [term for term in question.terms if term not in sentence.bag]
    overlap = weights.share(term for term in question.terms if term in sentence.bag)
    expected = find_expected(question, sentence.text)
    return (
        overlap,
        overlap / math.sqrt(1 + len(sentence.stems) / 8),
        _in_order(question.terms, sentence.stems) if overlap else 0.0,
        weights.share(term for term in missing if term in around.before),
        weights.share(term for term in missing if term in around.after),
        weights.share(term for term in missing if term in around.heading),
        weights.share(term for term in missing if term in around.passage),
        weights.share(term for term in missing if sentence.has_alike(term)),
        around.score,
        float(expected is not None and question.kind in ("when", "amount")),
        float(expected is not None and question.kind in ("who", "where")),
        float(expected is not None and question.kind in ("why", "how", "definition")),
        _near(question, sentence.text, expected) if expected and overlap else 0.0,
        float(len(sentence.bag.difference(question.terms)) < 2),
        float(sentence.text in around.titles),
        float(sentence.text.endswith(("?", "？", "؟"))),
        overlap * _together(question, sentence.stems),
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

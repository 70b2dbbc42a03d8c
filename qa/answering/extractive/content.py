"""Which sentences may be chosen at all: no boilerplate, no orders, no mere questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answering.extractive.lines.layout import is_boilerplate, is_lead_in, only_asks, sentence_text
from qa.answering.extractive.lines.orders import is_order
from qa.answering.extractive.question import ParsedQuestion
from qa.answering.extractive.sentence_features import FEATURES, CandidateSentence, ScoredSentence

Test = Callable[[ScoredSentence], bool]
_OVERLAP = FEATURES.index("overlap")


def is_content(question: ParsedQuestion, ranked: Sequence[ScoredSentence]) -> Test:
    """What tells if one of `ranked` is more than boilerplate of its source, and says something.

    Boilerplate is content where nothing else is; an order to whoever answers never is, nor the mere question.
    """

    def says_something(scored: ScoredSentence) -> bool:
        candidate = scored.candidate
        return not (only_asks(question, candidate.passage, candidate.at) or serves_order(question, candidate))

    def content(scored: ScoredSentence) -> bool:
        passage, at = scored.candidate.passage, scored.candidate.at
        return not is_boilerplate(question, passage, at) and says_something(scored)

    return content if any(map(content, ranked)) else says_something


def serves_order(question: ParsedQuestion, candidate: CandidateSentence) -> bool:
    """True for an order to whoever answers, for what announces one, and for what says nothing beside one.

    That is a sentence without a word of the question right before or after it.
    """
    if is_order(question, candidate.sentence.text):
        return True
    passage, at = candidate.passage, candidate.at
    announces = is_lead_in(candidate.sentence.text)
    silent = not candidate.features[_OVERLAP]
    beside = ((at - 1, silent), (at + 1, silent or announces))
    return any(
        counts
        and 0 <= place < len(passage.chunk.sentences)
        and is_order(question, sentence_text(passage, place))
        for place, counts in beside
    )

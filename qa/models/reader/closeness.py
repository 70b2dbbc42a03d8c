"""How close sentences are to a question, as a small model sees it, and what that weighs.

The features of `sentence_features.py` and `answerability.py` are summed up in one number each, as without a
model; these here are added to it, so that the two can be fitted and changed apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from index.types import Span


class Closeness(NamedTuple):
    """How close a sentence, and the passage that it stands in, are to the question; each in [-1, 1].

    cosine: of the mean vectors of question and sentence. matched: how near the tokens of the question have
    something here, on average (MaxSim). passage: the same for the whole passage.
    """

    cosine: float
    matched: float
    passage: float


ClosenessOf: TypeAlias = Mapping[
    tuple[str, Span], Closeness
]  # by the id of the chunk and the sentence's span

# Fitted by benchmarks/reader.py. "words" weighs the score or the log odds that there are without a model.
CLOSENESS_WEIGHTS: Mapping[str, float] = {"words": 0.76, "cosine": 5.42, "matched": 4.61, "passage": 5.0}
CLOSE_EVIDENCE_WEIGHTS: Mapping[str, float] = {
    "bias": -4.96,
    "words": 0.47,
    "cosine": 5.81,
    "matched": 1.77,
    "passage": 1.98,
}
CLOSE_EVIDENCE_THRESHOLD = 0.369  # refuses 7 % of the answerable questions fitted to


def close_score(words: float, near: Closeness) -> float:
    """The score of a sentence that its words give `words`."""
    features: dict[str, float] = {"words": words, **near._asdict()}
    return sum(weight * features[name] for name, weight in CLOSENESS_WEIGHTS.items())


def close_evidence(likelihood: float, chosen: Sequence[Closeness]) -> float:
    """How likely the chosen sentences answer, in [0, 1], where their words alone would say `likelihood`."""
    features = close_evidence_features(likelihood, chosen)
    odds = sum(weight * features[name] for name, weight in CLOSE_EVIDENCE_WEIGHTS.items())
    return 1.0 / (1.0 + math.exp(-odds))


def close_evidence_features(likelihood: float, chosen: Sequence[Closeness]) -> dict[str, float]:
    """What speaks for an answer: its log odds by the words alone, and how close its sentences are at most."""
    held = min(max(likelihood, 1e-6), 1 - 1e-6)
    return {
        "bias": 1.0,
        "words": math.log(held / (1 - held)),
        "cosine": max(each.cosine for each in chosen),
        "matched": max(each.matched for each in chosen),
        "passage": max(each.passage for each in chosen),
    }

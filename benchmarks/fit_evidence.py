"""Fits the two weight tables of the extractive answerer.

`python benchmarks/fit_evidence.py DATA --work FOLDER`

First `SENTENCE_WEIGHTS` (extract.py): the likelihood of the gold sentences under a softmax over all
sentences of a question's passages, L2-regularised, by Adam. Then `EVIDENCE_WEIGHTS` and `EVIDENCE_THRESHOLD`
(answerability.py): a logistic regression by Newton's method that tells right answers from near misses,
questions about other sets' documents. Fitted on `squad2` without its core and every other question of
`clapnq` and `chunk_eval`; the figures printed are of the rest. Prints both tables, to be put into the code.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.answers import overlaps
from benchmarks.open_sets import GoldQuestion, OpenSet, open_set
from index.types import Passage
from qa.answering.extractive import extract
from qa.answering.extractive.answerability import evidence_features
from qa.answering.extractive.question import ParsedQuestion, parse_question
from qa.answering.extractive.sentence_features import (
    FEATURES,
    Candidates,
    CandidateSentence,
    ScoredSentence,
    score_sentences,
)

Floats = NDArray[np.float64]
Label = Literal["right", "wrong", "near", "far"]
SETS = ("squad2", "clapnq", "chunk_eval")
FAR_OF_EACH = 400  # questions that each set is asked about the other sets' documents
SHARES: Mapping[Label, float] = {"right": 0.50, "far": 0.35, "near": 0.15}
REFUSED = 0.045  # of the right answers: where the threshold is put


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages that one set has for it, and whether it is among those fitted to."""

    set: str
    question: GoldQuestion
    ask: ParsedQuestion
    field: Candidates
    far: bool
    fitted: bool

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Which candidates overlap a gold span."""
        return np.array([_is_gold(candidate, self.question) for candidate in self.field.candidates])

    @property
    def matrix(self) -> Floats:
        """Candidates × features."""
        return np.array([candidate.features for candidate in self.field.candidates], dtype=float)


def _is_gold(candidate: CandidateSentence, question: GoldQuestion) -> bool:
    return overlaps(candidate.passage.source.name, candidate.span, question.gold)


def cases(sets: Sequence[OpenSet], every: int) -> list[Case]:
    """Every question of every set (every n-th of those outside the core), and far-off ones."""
    made = []
    for each in sets:
        for at, question in enumerate(each.questions):
            fitted = not question.core if each.name == "squad2" else at % 2 == 0
            if question.core or each.name != "squad2" or at % every == 0:
                passages = each.find(question.question.text).passages
                made.append(_case(each.name, question, passages, far=False, fitted=fitted))
    draw = random.Random(0)
    for each in sets:
        others = [q for other in sets if other is not each for q in other.questions if q.answerable]
        for at, question in enumerate(draw.sample(others, FAR_OF_EACH)):
            passages = each.find(question.question.text).passages
            made.append(_case(each.name, question, passages, far=True, fitted=at % 2 == 0))
    return [case for case in made if case.field.candidates and case.field.weights.seen]


def _case(
    name: str, question: GoldQuestion, passages: tuple[Passage, ...], *, far: bool, fitted: bool
) -> Case:
    parsed = parse_question(question.question.text)
    return Case(name, question, parsed, score_sentences(parsed, passages), far, fitted)


def fit_sentences(fitted: Sequence[Case], *, penalty: float = 1e-3, steps: int = 400) -> dict[str, float]:
    """Weights that maximise the mean log-likelihood of a question's gold sentences together."""
    chosen = [case for case in fitted if not case.far and case.question.answerable]
    pairs = [(case.matrix, case.gold) for case in chosen]
    pairs = [(matrix, gold) for matrix, gold in pairs if gold.any() and not gold.all()]
    rows = np.vstack([matrix for matrix, _ in pairs])
    gold = np.concatenate([gold for _, gold in pairs])
    sizes = np.array([len(matrix) for matrix, _ in pairs])
    starts, owner = np.concatenate(([0], sizes.cumsum()[:-1])), np.repeat(np.arange(len(pairs)), sizes)
    spread = rows.std(axis=0) + 1e-9
    rows = (rows - rows.mean(axis=0)) / spread
    weights, first, second = (np.zeros(rows.shape[1]) for _ in range(3))
    for step in range(1, steps + 1):
        scores = rows @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        among_all = raised / np.add.reduceat(raised, starts)[owner]
        among_gold = raised * gold / np.add.reduceat(raised * gold, starts)[owner]
        slope = rows.T @ (among_all - among_gold) / len(pairs) + penalty * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return {name: round(float(weight), 2) for name, weight in zip(FEATURES, weights / spread, strict=True)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for a case, as evidence sees it, and what it is worth."""

    case: Case
    label: Label
    features: dict[str, float]
    first: bool
    sentences: int


def choose_all(all_cases: Iterable[Case], weights: Mapping[str, float]) -> list[Chosen]:
    """Let the answerer choose with `weights`, which replace those in the code for this run."""
    extract.SENTENCE_WEIGHTS = weights
    every = []
    for case in all_cases:
        ranked = extract.without_boilerplate(case.ask, extract.rank(case.field))
        picks: list[ScoredSentence] = extract.choose(case.ask, ranked)
        hits = [_is_gold(pick.candidate, case.question) for pick in picks]
        label: Label = "far" if case.far else "near"
        if not case.far and case.question.answerable:
            label = "right" if any(hits) else "wrong"
        features = evidence_features(case.ask, case.field, picks)
        every.append(Chosen(case, label, features, hits[0], len(picks)))
    return every


def fit_evidence(fitted: Sequence[Chosen], *, penalty: float = 1e-4) -> dict[str, float]:
    """Logistic weights for "the chosen sentences are right".

    Wrong picks of answerable questions play no part: they are neither right nor to be refused.
    """
    used = [each for each in fitted if each.label in SHARES]
    names = list(used[0].features)
    rows = np.array([[each.features[name] for name in names] for each in used])
    right = np.array([float(each.label == "right") for each in used])
    counts = {label: sum(each.label == label for each in used) for label in SHARES}
    mass = np.array([SHARES[each.label] / counts[each.label] for each in used])
    weights = np.zeros(len(names))
    for _ in range(30):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (mass * (likely - right)) + penalty * weights
        curve = (rows.T * (mass * likely * (1 - likely))) @ rows + penalty * np.eye(len(names))
        weights -= np.linalg.solve(curve, slope)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def evidence_of(chosen: Sequence[Chosen], weights: Mapping[str, float]) -> Floats:
    """The evidence for each, in [0, 1]."""
    odds = np.array([sum(w * each.features[name] for name, w in weights.items()) for each in chosen])
    likely: Floats = 1 / (1 + np.exp(-odds))
    return likely


def report(chosen: Sequence[Chosen], weights: Mapping[str, float], bar: float) -> None:
    """Figures of the questions that were not fitted to, by set."""
    held = [each for each in chosen if not each.case.fitted]
    evidence = evidence_of(held, weights)
    print(
        "| set | answerable | first sentence hits | a sentence hits | hits and is above the bar | sentences |"
    )
    print("|---|--:|--:|--:|--:|--:|")
    for name in SETS:
        here = [(each, e) for each, e in zip(held, evidence, strict=True) if each.case.set == name]
        able = [(each, e) for each, e in here if each.label in ("right", "wrong")]
        means = [
            float(np.mean(values))
            for values in (
                [each.first for each, _ in able],
                [each.label == "right" for each, _ in able],
                [each.label == "right" and e >= bar for each, e in able],
            )
        ]
        sentences = float(np.mean([each.sentences for each, _ in able]))
        cells = [name, str(len(able)), *(f"{mean:.3f}" for mean in means), f"{sentences:.2f}"]
        print("| " + " | ".join(cells) + " |")
    print("\n| set | right refused | wrong refused | near misses refused | far-off refused |")
    print("|---|--:|--:|--:|--:|")
    for name in SETS:
        cells = []
        labels: tuple[Label, ...] = ("right", "wrong", "near", "far")
        for label in labels:
            these = [
                e
                for each, e in zip(held, evidence, strict=True)
                if each.case.set == name and each.label == label
            ]
            cells.append(f"{np.mean(np.array(these) < bar):.3f} of {len(these)}" if these else "–")
        print(f"| {name} | " + " | ".join(cells) + " |")


def main() -> None:
    """Fit, print both tables and what they do on the rest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="the indexes are kept in this folder")
    parser.add_argument(
        "--every", type=int, default=1, help="take every n-th squad2 question outside the core"
    )
    args = parser.parse_args()
    with ExitStack() as stack:
        sets = [stack.enter_context(open_set(args.data / name, args.work / name / ".qa")) for name in SETS]
        every_case = cases(sets, args.every)
    sentence_weights = fit_sentences([case for case in every_case if case.fitted])
    chosen = choose_all(every_case, sentence_weights)
    fitted = [each for each in chosen if each.case.fitted]
    weights = fit_evidence(fitted)
    bar = float(
        np.quantile(evidence_of([each for each in fitted if each.label == "right"], weights), REFUSED)
    )
    print("SENTENCE_WEIGHTS =", sentence_weights)
    print("EVIDENCE_WEIGHTS =", weights)
    print(f"EVIDENCE_THRESHOLD = {bar:.3f}\n")
    report(chosen, weights, round(bar, 3))


if __name__ == "__main__":
    main()

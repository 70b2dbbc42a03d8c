"""Fits the two weight tables of the extractive answerer.

`python benchmarks/fit_evidence.py DATA --work FOLDER`

First `SENTENCE_WEIGHTS` (extract.py): the likelihood of the gold sentences under a softmax over all
sentences of a question's passages, L2-regularised, by Adam. Then `EVIDENCE_WEIGHTS` and `EVIDENCE_THRESHOLD`
(answerability.py): a logistic regression by Newton's method that tells right answers from near misses and
questions about other sets' documents. Every set weighs the same. Fitted on `squad2` without its core,
`clapnq` and `chunk_eval`, and printed to be put into the code. Tables of figures follow, for weights and
threshold together: of what was fitted to (the `squad2` core apart); leave-one-set-out, each set by a fit to
the other two; and by document, each half of a set's documents by a fit to the other halves.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.answers import overlaps
from benchmarks.open_sets import GoldQuestion, OpenSet, open_set
from index.types import Passage
from qa.answering.extractive import extract
from qa.answering.extractive.answerability import evidence_features
from qa.answering.extractive.content import is_content
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
REFUSED = 0.06  # of the right answers: where the threshold is put


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages that one set has for it."""

    set: str
    question: GoldQuestion
    ask: ParsedQuestion
    field: Candidates
    far: bool

    @property
    def fitted(self) -> bool:
        """Whether it is among those that the weights in the code are fitted to."""
        return self.set != "squad2" or not self.question.core

    @property
    def half(self) -> int:
        """Which half of the set's documents it is about: those of the gold, or the first that is found."""
        gold = [place.source for place in self.question.gold]
        return crc32((gold or [self.field.candidates[0].passage.source.name])[0].encode()) % 2

    @property
    def gold(self) -> NDArray[np.bool_]:
        """Which candidates overlap a gold span."""
        return np.array([is_gold(candidate, self.question) for candidate in self.field.candidates])

    @property
    def matrix(self) -> Floats:
        """Candidates × features."""
        return np.array([candidate.features for candidate in self.field.candidates], dtype=float)


def is_gold(candidate: CandidateSentence, question: GoldQuestion) -> bool:
    """Whether a candidate overlaps a gold span."""
    return overlaps(candidate.passage.source.name, candidate.span, question.gold)


Found = tuple[str, GoldQuestion, tuple[Passage, ...], bool]  # set, question, its passages, far off


def found(sets: Sequence[OpenSet], every: int) -> list[Found]:
    """Every question of every set (every n-th of `squad2` outside the core), and far-off ones."""
    made: list[Found] = []
    for each in sets:
        for at, question in enumerate(each.questions):
            if question.core or each.name != "squad2" or at % every == 0:
                made.append((each.name, question, each.find(question.question.text).passages, False))
    draw = random.Random(0)
    for each in sets:
        others = [q for other in sets if other is not each for q in other.questions if q.answerable]
        made += [
            (each.name, question, each.find(question.question.text).passages, True)
            for question in draw.sample(others, FAR_OF_EACH)
        ]
    return made


def cases(all_found: Iterable[Found]) -> list[Case]:
    """What was found with the features of its sentences; not where no passage has a word of the question."""
    made = []
    for name, question, passages, far in all_found:
        parsed = parse_question(question.question.text)
        made.append(Case(name, question, parsed, score_sentences(parsed, passages), far))
    return [case for case in made if case.field.candidates and case.field.weights.seen]


def softmax_weights(
    pairs: Sequence[tuple[Floats, NDArray[np.bool_]]],
    mass: Floats,
    *,
    penalty: float,
    steps: int,
) -> Floats:
    """Weights that maximise the log-likelihood of the gold rows among all of their matrix, by Adam.

    `pairs` are a matrix of features and which of its rows are gold, for each question; `mass` is what each
    question counts, 1 in all. Raw features: the weights are not of standardised ones.
    """
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
        slope = rows.T @ ((among_all - among_gold) * mass[owner]) + penalty * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    fitted: Floats = weights / spread
    return fitted


def fit_sentences(fitted: Sequence[Case], *, penalty: float = 1e-2, steps: int = 150) -> dict[str, float]:
    """Weights that maximise the mean log-likelihood of a question's gold sentences, over sets and within."""
    chosen = [case for case in fitted if not case.far and case.question.answerable]
    chosen = [case for case in chosen if case.gold.any() and not case.gold.all()]
    pairs = [(case.matrix, case.gold) for case in chosen]
    count = Counter(case.set for case in chosen)
    mass = np.array([1 / count[case.set] / len(count) for case in chosen])
    weights = softmax_weights(pairs, mass, penalty=penalty, steps=steps)
    return {name: round(float(weight), 2) for name, weight in zip(FEATURES, weights, strict=True)}


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
        ranked = extract.rank(case.field)
        picks: list[ScoredSentence] = extract.choose(case.ask, ranked, is_content(case.ask, ranked))
        hits = [is_gold(pick.candidate, case.question) for pick in picks]
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
    counts = Counter((each.case.set, each.label) for each in used)
    sets = Counter(label for _, label in counts)
    mass = np.array(
        [SHARES[each.label] / sets[each.label] / counts[each.case.set, each.label] for each in used]
    )
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


@dataclass(frozen=True, slots=True)
class Fit:
    """Both tables of weights, and the threshold."""

    sentences: Mapping[str, float]
    evidence: Mapping[str, float]
    bar: float


def fit(fitted: Sequence[Case]) -> Fit:
    """Everything fitted to `fitted`; the threshold is a quantile of right answers, meaned over sets."""
    sentences = fit_sentences(fitted)
    chosen = choose_all(fitted, sentences)
    weights = fit_evidence(chosen)
    likely = evidence_of(chosen, weights)
    right = [
        likely[[each.case.set == name and each.label == "right" for each in chosen]]
        for name in {case.set for case in fitted}
    ]
    return Fit(sentences, weights, round(float(np.mean([np.quantile(each, REFUSED) for each in right])), 3))


def report(title: str, parts: Sequence[tuple[Fit, Sequence[Case]]]) -> None:
    """Figures of cases by the fit that each part of them is given, by set."""
    judged: list[tuple[Chosen, float, float]] = []
    for fitted, part in parts:
        chosen = choose_all(part, fitted.sentences)
        likely = evidence_of(chosen, fitted.evidence)
        judged += [(each, float(e), fitted.bar) for each, e in zip(chosen, likely, strict=True)]
    print(f"\n{title}\n\n| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}")
    for name in SETS:
        here = [each for each in judged if each[0].case.set == name]
        if here:
            print(f"| {name} | " + " | ".join(_cells(here)) + " |")


COLUMNS = (
    "set",
    "answerable",
    "first sentence hits",
    "a sentence hits",
    "hits and is above the bar",
    "sentences",
    "answerable refused",
    "near misses refused",
    "near misses refused at 7 % answerable refused",
    "far-off refused",
)


def _cells(here: Sequence[tuple[Chosen, float, float]]) -> list[str]:
    able = [each for each in here if each[0].label in ("right", "wrong")]
    near = [each for each in here if each[0].label == "near"]
    far = [each for each in here if each[0].label == "far"]
    at_7 = float(np.quantile([e for _, e, _ in able], 0.07))

    def refused(these: Sequence[tuple[Chosen, float, float]]) -> str:
        return f"{np.mean([e < bar for _, e, bar in these]):.3f}" if these else "–"

    return [
        f"{len(able)}",
        f"{np.mean([each.first for each, _, _ in able]):.3f}",
        f"{np.mean([each.label == 'right' for each, _, _ in able]):.3f}",
        f"{np.mean([each.label == 'right' and e >= bar for each, e, bar in able]):.3f}",
        f"{np.mean([each.sentences for each, _, _ in able]):.2f}",
        refused(able),
        refused(near),
        f"{np.mean([e < at_7 for _, e, _ in near]):.3f}" if near else "–",
        refused(far),
    ]


def main() -> None:
    """Fit, print both tables, and what fits do to cases that they are and are not of."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="the indexes are kept in this folder")
    parser.add_argument(
        "--every", type=int, default=1, help="take every n-th squad2 question outside the core"
    )
    parser.add_argument("--found", type=Path, help="keep what was found in this file, and read it from there")
    args = parser.parse_args()
    if args.found and args.found.exists():
        all_found = pickle.loads(args.found.read_bytes())
    else:
        with ExitStack() as stack:
            sets = [
                stack.enter_context(open_set(args.data / name, args.work / name / ".qa")) for name in SETS
            ]
            all_found = found(sets, args.every)
        if args.found:
            args.found.write_bytes(pickle.dumps(all_found))
    every_case = cases(all_found)
    core = [case for case in every_case if case.set == "squad2" and case.question.core]
    best = fit([case for case in every_case if case.fitted])
    print("SENTENCE_WEIGHTS =", best.sentences)
    print("EVIDENCE_WEIGHTS =", best.evidence)
    print(f"EVIDENCE_THRESHOLD = {best.bar:.3f}", flush=True)
    report("Fitted to:", [(best, [case for case in every_case if case.fitted])])
    report("squad2 core, of whose articles other questions were fitted to:", [(best, core)])
    alone = [
        (fit([case for case in every_case if case.set != name]), [c for c in every_case if c.set == name])
        for name in SETS
    ]
    report("Leave-one-set-out:", alone)
    report(
        "Leave-one-set-out, core:",
        [(fitted, [case for case in part if case.question.core or case.far]) for fitted, part in alone[:2]],
    )
    halves = [
        (
            fit([case for case in every_case if case.half != half]),
            [case for case in every_case if case.half == half],
        )
        for half in (0, 1)
    ]
    report("By document, each half by the other:", halves)


if __name__ == "__main__":
    main()

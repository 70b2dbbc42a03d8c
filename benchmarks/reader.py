"""What the small reader adds to answers without a model, every figure on a set that nothing was fitted to.

`python benchmarks/reader.py DATA --work FOLDER`

Fits, for each open set, the weights of `sentence_features.py`, `answerability.py` and `closeness.py` to the
other sets, with and without the reader, and asks the set its questions with them. Then fits all sets together
and prints the tables of `closeness.py`, to be put into the code. The last table is about claims: sentences of
written answers and statements made of questions, with what they rest on, and with another sentence of the
same document.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fit_evidence import (
    SETS,
    Case,
    Chosen,
    Floats,
    Label,
    cases,
    evidence_of,
    fit_evidence,
    fit_sentences,
    found,
    is_gold,
    softmax_weights,
)
from benchmarks.open_sets import open_set
from benchmarks.perturb import Pair, answers, load, subjects
from index.types import Passage
from qa.answering.extractive import extract
from qa.answering.extractive.answerability import EVIDENCE_WEIGHTS, evidence_features
from qa.answering.extractive.content import is_content
from qa.answering.extractive.question import content_stems
from qa.answering.extractive.sentence_features import FEATURES
from qa.checking.rules import doubts
from qa.models.reader import closeness as closeness_module
from qa.models.reader.closeness import Closeness, ClosenessOf, close_evidence_features
from qa.models.reader.sentence_reader import SentenceReader

REFUSED = 0.07  # of the answerable questions: where thresholds are put
FALSE_ALARMS = 0.05
Similarity = Callable[[str, Sequence[str]], float]


@dataclass(frozen=True, slots=True)
class Read:
    """A case, and how close its sentences are to the question."""

    case: Case
    near: ClosenessOf


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights of sentences and of evidence, of words alone or with the reader's added."""

    words: Mapping[str, float]
    evidence: Mapping[str, float]
    near: Mapping[str, float] | None = None
    near_evidence: Mapping[str, float] | None = None
    bar: float = 0.5


def read_all(every_case: Sequence[Case], reader: SentenceReader) -> list[Read]:
    """Every case as the reader sees it."""
    result = []
    for case in every_case:
        passages: dict[str, Passage] = {}
        for candidate in case.field.candidates:
            passages.setdefault(candidate.passage.chunk.id, candidate.passage)
        result.append(Read(case, reader.closeness(case.question.question.text, list(passages.values()))))
    return result


def fit(reads: Sequence[Read], *, with_reader: bool, own: Fitted | None = None) -> Fitted:
    """Weights for all of `reads`, and the threshold that refuses `REFUSED` of their answerable questions.

    The weights of the words are those of `own`, if they are given, and only the reader's are fitted.
    """
    able = [each for each in reads if not each.case.far and each.case.question.answerable]
    words = own.words if own else fit_sentences([each.case for each in able])
    fitted = Fitted(words, {})
    if with_reader:
        near = [(np.column_stack([_scores(each.case, words), _near(each)]), each.case.gold) for each in able]
        fitted = replace(fitted, near=_fit_closeness(near))
    chosen = choose(reads, fitted)
    fitted = replace(fitted, evidence=own.evidence if own else fit_evidence(chosen))
    if with_reader:
        fitted = replace(fitted, near_evidence=fit_evidence(_with_closeness(chosen, fitted)))
    evidence = evidence_for(chosen, fitted)
    refusable = evidence[[each.label in ("right", "wrong") for each in chosen]]
    return replace(fitted, bar=float(np.quantile(refusable, REFUSED)))


def _fit_closeness(
    questions: Sequence[tuple[Floats, NDArray[np.bool_]]], *, penalty: float = 1e-3, steps: int = 400
) -> dict[str, float]:
    """Weights that maximise the mean log-likelihood of a question's gold sentences, by Adam."""
    pairs = [(matrix, gold) for matrix, gold in questions if gold.any() and not gold.all()]
    mass = np.full(len(pairs), 1 / len(pairs))
    weights = softmax_weights(pairs, mass, penalty=penalty, steps=steps)
    names = ("words", *Closeness._fields)
    return {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)}


def _scores(case: Case, words: Mapping[str, float]) -> Floats:
    scores: Floats = case.matrix @ np.array([words[name] for name in FEATURES])
    return scores


def _near(read: Read) -> Floats:
    return np.array([read.near[each.passage.chunk.id, each.span] for each in read.case.field.candidates])


@dataclass(frozen=True, slots=True)
class Picked(Chosen):
    """And how close the chosen sentences are to the question."""

    near: tuple[Closeness, ...]


def choose(reads: Sequence[Read], fitted: Fitted) -> list[Picked]:
    """What the answerer chooses with these weights, which replace those in the code for this run."""
    extract.SENTENCE_WEIGHTS = fitted.words
    closeness_module.CLOSENESS_WEIGHTS = fitted.near or {}
    every = []
    for read in reads:
        case, near = read.case, read.near if fitted.near else None
        ranked = extract.rank(case.field, near)
        picks = extract.choose(case.ask, ranked, is_content(case.ask, ranked))
        hits = [is_gold(pick.candidate, case.question) for pick in picks]
        label: Label = "far" if case.far else "near"
        if not case.far and case.question.answerable:
            label = "right" if any(hits) else "wrong"
        features = evidence_features(case.ask, case.field, picks)
        close = tuple(read.near[pick.candidate.passage.chunk.id, pick.candidate.span] for pick in picks)
        every.append(Picked(case, label, features, hits[0], len(picks), close))
    return every


def _with_closeness(chosen: Sequence[Picked], fitted: Fitted) -> list[Picked]:
    """The same with the features that closeness adds to the evidence of the words."""
    words = evidence_of(chosen, fitted.evidence)
    return [
        replace(each, features=close_evidence_features(float(held), each.near))
        for each, held in zip(chosen, words, strict=True)
    ]


def evidence_for(chosen: Sequence[Picked], fitted: Fitted) -> Floats:
    """The evidence for each choice, in [0, 1]."""
    if fitted.near_evidence is None:
        return evidence_of(chosen, fitted.evidence)
    return evidence_of(_with_closeness(chosen, fitted), fitted.near_evidence)


def auc(positive: Floats, negative: Floats) -> float:
    """The chance that one of `positive` is above one of `negative`, ties counting half."""
    above = positive[:, None] > negative[None, :]
    equal = positive[:, None] == negative[None, :]
    return float(above.mean() + 0.5 * equal.mean())


def row(name: str, chosen: Sequence[Chosen], evidence: Floats, bar: Floats) -> str:
    """The figures of one set, with the threshold of each question."""
    labels = np.array([each.label for each in chosen])
    core = np.array([each.case.question.core for each in chosen])
    able, near, far = np.isin(labels, ("right", "wrong")), labels == "near", labels == "far"
    hit = (labels == "right") & (evidence >= bar)
    own = np.quantile(evidence[able], REFUSED)
    cells = [
        name,
        f"{np.mean([each.first for each, a in zip(chosen, able, strict=True) if a]):.3f}",
        f"{np.mean(hit[able]):.3f} of {able.sum()}",
        f"{np.mean(hit[able & core]):.3f} of {(able & core).sum()}" if (able & core).any() else "–",
        f"{np.mean((evidence < bar)[able]):.3f}",
        f"{np.mean(evidence[near] < own):.3f} of {near.sum()}" if near.any() else "–",
        f"{auc(evidence[able], evidence[near]):.3f}" if near.any() else "–",
        f"{np.mean((evidence < bar)[far]):.3f}" if far.any() else "–",
    ]
    return "| " + " | ".join(cells) + " |"


COLUMNS = (
    "set",
    "best sentence hits",
    "citation hit",
    "citation hit, core",
    "answerable refused",
    f"near misses refused at {REFUSED:.0%}",
    "AUC, near misses",
    "far-off refused",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n|---|{'--:|' * (len(COLUMNS) - 1)}"


def left_out(reads: Sequence[Read], *, with_reader: bool) -> list[str]:
    """A row for each set, with the weights that the other sets give."""
    rows = []
    for name in SETS:
        fitted = fit([each for each in reads if each.case.set != name], with_reader=with_reader)
        here = [each for each in reads if each.case.set == name]
        chosen = choose(here, fitted)
        title = f"{name}, {'with' if with_reader else 'without'} the reader"
        rows.append(row(title, chosen, evidence_for(chosen, fitted), np.full(len(chosen), fitted.bar)))
    return rows


def by_document(reads: Sequence[Read], own: Fitted) -> list[str]:
    """A row for each set, the weights of the words as in the code, the reader's from the other documents."""
    chosen, evidence, bars = [], [], []
    for half in (0, 1):
        other = [each for each in reads if each.case.half != half]
        fitted = fit(other, with_reader=True, own=own)
        part = choose([each for each in reads if each.case.half == half], fitted)
        chosen += part
        evidence += evidence_for(part, fitted).tolist()
        bars += [fitted.bar] * len(part)
    rows = []
    for name in SETS:
        here = [at for at, each in enumerate(chosen) if each.case.set == name]
        title = f"{name}, by document"
        rows.append(row(title, [chosen[at] for at in here], np.array(evidence)[here], np.array(bars)[here]))
    return rows


@dataclass(frozen=True, slots=True)
class ClaimTrial:
    """A claim with what it rests on, or with another sentence of the document, and what is said of that."""

    set: str
    true: bool
    shared: float
    doubted: bool
    close: float


def claim_trials(data: Path, similarity: Similarity) -> Iterator[ClaimTrial]:
    """Sentences of answers and statements made of questions, as they are cited and wrongly cited."""
    draw = random.Random(0)
    for name, made in (("clapnq", answers), ("squad2", subjects)):
        documents = load(data / name)
        for pair in made(data / name, documents):
            cited = " ".join(pair.cited)
            document = documents[pair.document.rpartition("/")[2]]
            sentences = [each.span.of(document.text) for each in document.sentences]
            others = [text for text in sentences if len(text) >= 30 and text not in cited]
            if others:
                yield _claim_trial(name, pair, pair.cited, similarity, true=True)
                yield _claim_trial(name, pair, (draw.choice(others),), similarity, true=False)


def _claim_trial(
    name: str, pair: Pair, cited: tuple[str, ...], similarity: Similarity, *, true: bool
) -> ClaimTrial:
    claimed = set(content_stems(pair.claim))
    there = {stem for text in cited for stem in content_stems(text)}
    shared = len(claimed & there) / len(claimed) if claimed else 1.0
    reasons = doubts(pair.claim, cited, question=pair.question, known=pair.known)
    return ClaimTrial(name, true, shared, bool(reasons), similarity(pair.claim, cited))


CLAIM_HEAD = (
    "| claims of | measure | threshold | true ones doubted | wrongly cited ones doubted | with the rules |\n"
    "|---|---|--:|--:|--:|--:|"
)


def claim_rows(name: str, trials: Sequence[ClaimTrial]) -> list[str]:
    """What is doubted at thresholds that doubt `FALSE_ALARMS` of the claims of the other sets."""
    here = np.array([each.set == name for each in trials])
    true = np.array([each.true for each in trials])
    rules = np.array([each.doubted for each in trials])
    ways = {
        "shared words": np.array([each.shared for each in trials]),
        "the reader": np.array([each.close for each in trials]),
    }
    size = int((here & true).sum())
    alarms, found = rules[here & true].mean(), rules[here & ~true].mean()
    rows = [f"| {name} | rules alone | – | {alarms:.3f} of {size} | {found:.3f} | – |"]
    for way, values in ways.items():
        bar = float(np.quantile(values[true & ~here], FALSE_ALARMS))
        low, joined = values < bar, rules | (values < bar)
        rows.append(
            f"| {name} | {way} | {bar:.3f} | {low[here & true].mean():.3f} | {low[here & ~true].mean():.3f}"
            f" | {joined[here & ~true].mean():.3f} at {joined[here & true].mean():.3f} |"
        )
    return rows


def main() -> None:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--work", type=Path, required=True, help="the indexes are kept in this folder")
    parser.add_argument(
        "--every", type=int, default=4, help="take every n-th squad2 question outside the core"
    )
    args = parser.parse_args()
    from qa.models.reader.minilm import MiniLM

    reader = SentenceReader(MiniLM())
    with ExitStack() as stack:
        sets = [stack.enter_context(open_set(args.data / name, args.work / name / ".qa")) for name in SETS]
        every_case = cases(found(sets, args.every))
    began = time.process_time()
    reads = read_all(every_case, reader)
    print(f"{(time.process_time() - began) / len(reads):.2f} CPU seconds a question\n")
    print_tables(reads)
    trials = list(claim_trials(args.data, reader.similarity))
    print(f"\n{CLAIM_HEAD}")
    for name in dict.fromkeys(each.set for each in trials):
        print(*claim_rows(name, trials), sep="\n")


def print_tables(reads: Sequence[Read]) -> None:
    """The figures of the sets left out, and the reader's weights beside the words' in the code."""
    own = Fitted(extract.SENTENCE_WEIGHTS, EVIDENCE_WEIGHTS)
    fitted = fit(reads, with_reader=True, own=own)
    print("CLOSENESS_WEIGHTS =", fitted.near)
    print("CLOSE_EVIDENCE_WEIGHTS =", fitted.near_evidence)
    print(f"CLOSE_EVIDENCE_THRESHOLD = {fitted.bar:.3f}\n")
    print(HEAD)
    for with_reader in (False, True):
        print(*left_out(reads, with_reader=with_reader), sep="\n", flush=True)
    print(*by_document(reads, own), sep="\n", flush=True)


if __name__ == "__main__":
    main()

"""Calibrates a judge: its verdicts on labelled answers and claims, compared with a person's.

A verdict that could not be read, or not be had, is neither agreement nor disagreement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from index.concurrency.parallel import WorkerPool
from index.concurrency.scheduler import FixedWidth, Job, Width
from prompts import load
from qa.checking.judge import AT_ONCE, PROMPT as SUPPORT_PROMPT, judge
from qa.errors import CostLimit, ModelError, ModelUnavailable
from qa.evaluation.judging.correctness import (
    PROMPT as CORRECTNESS_PROMPT,
    UnreadVerdict,
    judge_case,
)
from qa.evaluation.judging.labels import CaseLabel, Label, PairLabel
from qa.evaluation.stats.agreement import kappa
from qa.evaluation.types import Estimate
from qa.models.base import LLM
from qa.models.metering import MeteredLLM, SpendingLimit, together
from qa.types import Usage

SCHEMA = "qa.calibration/1"
FEW = 30  # labels: with fewer, kappa's interval says next to nothing
CORRECTNESS = ("correct", "partly", "wrong")
SUPPORT = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Compared:
    """A label beside the judge's verdict, None where that could not be read; `failure` if it was not had."""

    place: str
    label: str
    verdict: str | None
    reason: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a judge agrees with labels of one kind. `kinds` are the labels there can be.

    `confusion[i][j]` counts what the person calls `kinds[i]` and the judge `kinds[j]`; only these are `n`.
    `kappa` is over all kinds, `first` over the first kind against all others; None where not defined.
    """

    kinds: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    kappa: Estimate | None
    first: Estimate | None
    compared: tuple[Compared, ...]

    @property
    def n(self) -> int:
        """How many labels have a verdict beside them."""
        return sum(map(sum, self.confusion))

    @property
    def agreed(self) -> int:
        """How many verdicts equal their label."""
        return sum(row[at] for at, row in enumerate(self.confusion))

    @property
    def unreadable(self) -> int:
        """How many verdicts could not be read."""
        return sum(pair.verdict is None and not pair.failure for pair in self.compared)

    @property
    def failures(self) -> tuple[Compared, ...]:
        """The labels about which the judge could not be asked."""
        return tuple(pair for pair in self.compared if pair.failure)

    @property
    def disagreements(self) -> tuple[Compared, ...]:
        """The labels whose verdict is another one."""
        return tuple(pair for pair in self.compared if pair.verdict not in (None, pair.label))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A judge beside a person's labels: of answers, of claims, or both, and what asking took."""

    judge: str
    correctness: Agreement | None
    support: Agreement | None
    usage: Usage


def calibrate(
    labels: Sequence[Label], llm: LLM, *, budget: SpendingLimit | None = None, width: Width | None = None
) -> Calibration:
    """Have `llm` judge what the labels are about, as many requests at once as `width` allows, else four.

    What the judge cannot be asked for a reason of its own, or because the money is spent, is a failure of
    that label. Raises ModelUnavailable and SettingsError: no label could be asked about.
    """
    cases = [label for label in labels if isinstance(label, CaseLabel)]
    pairs = [label for label in labels if isinstance(label, PairLabel)]
    batches: list[Sequence[Label]] = [[case] for case in cases]
    batches += [pairs[start : start + AT_ONCE] for start in range(0, len(pairs), AT_ONCE)]

    def work(job: Job[Sequence[Label]]) -> tuple[list[Compared], Usage]:
        meter = MeteredLLM(llm, budget=budget)
        return _compared(job.item, meter), meter.usage

    compared: dict[str, Compared] = {}
    usages = []
    with WorkerPool(batches, work, width or FixedWidth(4)) as pool:
        for answers, usage in pool:
            compared.update({answer.place: answer for answer in answers})
            usages += [usage] if usage != Usage() else []  # of a request that was answered
    return Calibration(
        llm.name,
        _agreement(CORRECTNESS, [compared[label.place] for label in cases]) if cases else None,
        _agreement(SUPPORT, [compared[label.place] for label in pairs]) if pairs else None,
        reduce(together, usages) if usages else Usage(),
    )


def _compared(batch: Sequence[Label], llm: LLM) -> list[Compared]:
    """The labels of one request, each with what the judge says to it."""
    try:
        verdicts = _verdicts(batch, llm)
    except ModelUnavailable:
        raise
    except (ModelError, CostLimit) as error:
        return [Compared(label.place, _word(label.label), None, failure=error.cause) for label in batch]
    return [
        Compared(label.place, _word(label.label), verdict, reason)
        for label, (verdict, reason) in zip(batch, verdicts, strict=True)
    ]


def _verdicts(batch: Sequence[Label], llm: LLM) -> list[tuple[str | None, str]]:
    """Verdicts and their reasons: of one answer, or of several claims."""
    if isinstance(batch[0], CaseLabel):
        finding = judge_case(batch[0].case, llm)
        if isinstance(finding, UnreadVerdict):
            return [(None, "")]
        return [(finding.correctness, finding.reason)]
    pairs = [label.pair for label in batch if isinstance(label, PairLabel)]
    return [
        (_word(finding.supported), finding.reason) if finding else (None, "") for finding in judge(pairs, llm)
    ]


def _word(label: str | bool) -> str:
    """A label as a word."""
    return label if isinstance(label, str) else SUPPORT[0] if label else SUPPORT[1]


def _agreement(kinds: tuple[str, ...], compared: Sequence[Compared]) -> Agreement:
    read = [(pair.label, pair.verdict) for pair in compared if pair.verdict is not None]
    counts = Counter(read)
    each = [str(at) for at in range(len(read))]  # every label for itself
    mine, its = [label for label, _ in read], [verdict for _, verdict in read]
    mine_first, its_first = ([kind if kind == kinds[0] else "other" for kind in by] for by in (mine, its))
    return Agreement(
        kinds,
        tuple(tuple(counts[label, verdict] for verdict in kinds) for label in kinds),
        kappa(mine, its, each),
        kappa(mine_first, its_first, each) if len(kinds) > 2 else None,
        tuple(compared),
    )


def trust(agreement: Agreement) -> str:
    """How far the judge may be trusted, in a sentence.

    The bounds are those of Landis and Koch ("The measurement of observer agreement for categorical data",
    Biometrics 1977), held against the low end of kappa's interval, so that few labels promise little.
    """
    n = agreement.n
    if n < FEW:
        return f"Too few labels to say how far the judge may be trusted: {n}, where {FEW} are the least."
    if agreement.kappa is None:
        return f"All {n} labels and verdicts are the same: nothing tells whether the judge knows the others."
    low = agreement.kappa.low
    if low >= 0.8:
        return f"By {n} labels, the judge judges as you do: its figures can stand for yours."
    if low >= 0.6:
        return f"By {n} labels, the judge is close to you: good for comparing runs; look at single verdicts."
    if low >= 0.4:
        return f"By {n} labels, the judge agrees with you only in part: take its figures as a hint."
    return f"By {n} labels, nothing shows that the judge judges as you do: do not decide by its figures."


def calibration_object(calibration: Calibration) -> dict[str, object]:
    """The comparison as an object of JSON, `qa.calibration/1`."""
    prompts = {name: load(name).sha256 for name in (CORRECTNESS_PROMPT, SUPPORT_PROMPT)}
    usage = calibration.usage
    return {
        "schema": SCHEMA,
        "judge": calibration.judge,
        "prompts": prompts,
        "correctness": _agreement_object(calibration.correctness),
        "support": _agreement_object(calibration.support),
        "usage": {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cost_usd": usage.cost_usd,
        },
    }


def _agreement_object(agreement: Agreement | None) -> dict[str, object] | None:
    if agreement is None:
        return None
    kinds = agreement.kinds
    first = {} if len(kinds) == 2 else {f"kappa_{kinds[0]}": _estimate_object(agreement.first)}
    return {
        "labels": len(agreement.compared),
        "n": agreement.n,
        "agreed": agreement.agreed,
        "unreadable": agreement.unreadable,
        "failed": len(agreement.failures),
        "kappa": _estimate_object(agreement.kappa),
        **first,
        "confusion": {
            kind: dict(zip(kinds, row, strict=True))
            for kind, row in zip(kinds, agreement.confusion, strict=True)
        },
        "trust": trust(agreement),
        "differing": [_compared_object(pair) for pair in agreement.compared if pair.verdict != pair.label],
    }


def _estimate_object(estimate: Estimate | None) -> dict[str, object] | None:
    if estimate is None:
        return None
    figures = {name: round(getattr(estimate, name), 6) for name in ("mean", "low", "high")}
    return {**figures, "n": estimate.n}


def _compared_object(pair: Compared) -> dict[str, object]:
    return {
        "place": pair.place,
        "label": pair.label,
        "verdict": pair.verdict,
        "reason": pair.reason or None,
        "failure": pair.failure or None,
    }

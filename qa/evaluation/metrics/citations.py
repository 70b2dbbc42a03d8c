"""How well an answer's citations fit the gold, and how well they bear out its claims.

Pure functions. Fit is counted in characters (or pages), needs gold and no model; support is counted over
claims as in ALCE and needs a judge's verdicts. Knows neither questions nor who judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation.metrics.spans import Regions, shared, size
from qa.evaluation.types import ClaimVerdict
from qa.types import Claim


@dataclass(frozen=True, slots=True)
class Fit:
    """How what is cited lies to the gold; each in [0, 1], and `iou <= f1`."""

    precision: float
    recall: float
    f1: float
    iou: float

    @property
    def hit(self) -> float:
        """1 if anything cited is gold, else 0."""
        return float(self.f1 > 0)


def fit(cited: Regions, gold: Regions) -> Fit:
    """What is cited against what is gold; all 0 if nothing is cited.

    precision = |cited and gold| / |cited|, recall = |cited and gold| / |gold|, f1 their harmonic mean,
    iou = |cited and gold| / |cited or gold| (Jaccard). A citation counts where it stands: the same words in
    another source, or the same offsets, are not gold unless the question set says so.
    """
    both, all_cited, all_gold = shared(cited, gold), size(cited), size(gold)
    if not both:
        return Fit(0.0, 0.0, 0.0, 0.0)
    either = all_cited + all_gold - both
    return Fit(both / all_cited, both / all_gold, 2 * both / (all_cited + all_gold), both / either)


def best_fit(cited: Regions, golds: Iterable[Regions]) -> Fit:
    """The fit to the annotator whose gold has the best F1, whole: figures of two annotators are not mixed."""
    return max((fit(cited, gold) for gold in golds), key=lambda one: (one.f1, one.precision))


def claim_shares(claims: Sequence[Claim]) -> dict[str, float]:
    """The shares of claims that cite something (`claims_cited`), and that are suspect, rejected, uncited.

    Suspect claims cite something too. Nothing if there are no claims.
    """
    if not claims:
        return {}
    kinds = [claim.support for claim in claims]
    shares = {
        kind: kinds.count(kind) / len(kinds) for kind in ("supported", "suspect", "rejected", "uncited")
    }
    cited = (kinds.count("supported") + kinds.count("suspect")) / len(kinds)
    return {
        "claims_cited": cited,
        **{f"claims_{kind}": shares[kind] for kind in ("suspect", "rejected", "uncited")},
    }


def support_recall(claims: Sequence[Claim], verdicts: Sequence[ClaimVerdict | None]) -> float | None:
    """ALCE's citation recall: the share of claims that all their cited texts together bear out.

    Gao et al., "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), section 3; a
    claim is here what theirs calls a statement, and a model of ours judges where theirs is TRUE. A claim
    that is uncited or rejected is not borne out. A claim whose verdict could not be read is left out; None if
    no claim is left. An abstention has no claims, and no value: ALCE would count it as one uncited statement.
    """
    borne_out = [_borne_out(*pair) for pair in zip(claims, verdicts, strict=True)]
    return _mean(one for one in borne_out if one is not None)


def support_precision(claims: Sequence[Claim], verdicts: Sequence[ClaimVerdict | None]) -> float | None:
    """ALCE's citation precision: the share of citations (of a claim) that are right and not superfluous.

    The same paper. A citation counts if its claim is borne out by all its citations together, and either
    this one does so alone or the others do not without it. No citations: 0, as in ALCE. Citations whose
    verdict could not be read, and would have decided, are left out; None if only such are there.
    """
    counts = [one for pair in zip(claims, verdicts, strict=True) for one in _counting(*pair)]
    return _mean(one for one in counts if one is not None) if counts else 0.0


def _borne_out(claim: Claim, verdict: ClaimVerdict | None) -> bool | None:
    if verdict is None or claim.support in ("uncited", "rejected"):
        return False
    return verdict.supported


def _counting(claim: Claim, verdict: ClaimVerdict | None) -> Iterator[bool | None]:
    """Of each citation of a claim whether it counts, None where that cannot be known."""
    if verdict is None or not _borne_out(claim, verdict) or len(claim.citations) < 2:
        yield from [_borne_out(claim, verdict)] * len(claim.citations)
        return
    for alone, without in zip(verdict.alone, verdict.without, strict=True):
        if alone or without is False:
            yield True
        else:
            yield None if alone is None or without is None else False


def _mean(values: Iterable[bool]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None

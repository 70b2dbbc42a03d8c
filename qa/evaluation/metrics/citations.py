"""Citation precision, recall, F1 and IoU against gold, and ALCE's support by a judge's verdicts.

Against gold, citations are counted in characters (or pages), without a model. Support is counted over claims
and their citations, and needs a judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.evaluation.metrics.spans import Regions, overlap, size
from qa.evaluation.types import ClaimVerdict
from qa.types import Claim


@dataclass(frozen=True, slots=True)
class CitationFit:
    """How what is cited agrees with the gold; each in [0, 1], and `iou <= f1`."""

    precision: float
    recall: float
    f1: float
    iou: float

    @property
    def hit(self) -> float:
        """1 if any cited character, or page, is gold, else 0."""
        return float(self.f1 > 0)


def citation_fit(cited: Regions, gold: Regions) -> CitationFit:
    """What is cited against what is gold; all 0 if nothing is cited.

    precision = |cited and gold| / |cited|, recall = |cited and gold| / |gold|, f1 their harmonic mean,
    iou = |cited and gold| / |cited or gold| (Jaccard). A citation counts where it stands: the same words in
    another source, or the same offsets, are not gold unless the question set says so.
    """
    both, all_cited, all_gold = overlap(cited, gold), size(cited), size(gold)
    if not both:
        return CitationFit(0.0, 0.0, 0.0, 0.0)
    either = all_cited + all_gold - both
    return CitationFit(both / all_cited, both / all_gold, 2 * both / (all_cited + all_gold), both / either)


def best_fit(cited: Regions, golds: Iterable[Regions]) -> CitationFit:
    """The fit to the annotator whose gold has the best F1, whole: figures of two annotators are not mixed."""
    return max((citation_fit(cited, gold) for gold in golds), key=lambda fit: (fit.f1, fit.precision))


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
    """ALCE's citation recall: |claims that all their cited texts together support| / |claims|.

    Gao et al., "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), section 3; a
    claim is here what theirs calls a statement, and a model of ours judges where theirs is TRUE. A claim
    that is uncited or rejected is not supported. A claim whose verdict could not be read is left out; None if
    no claim is left. An abstention has no claims, and no value: ALCE would count it as one uncited statement.
    """
    supported = [_is_supported(*pair) for pair in zip(claims, verdicts, strict=True)]
    return _mean(each for each in supported if each is not None)


def support_precision(claims: Sequence[Claim], verdicts: Sequence[ClaimVerdict | None]) -> float | None:
    """ALCE's citation precision: |citations that support their claim and are needed| / |citations|.

    The same paper. A citation counts if its claim is supported by all its citations together, and either
    this one supports it alone or the others do not without it. No citations: 0, as in ALCE. Citations whose
    verdict could not be read, and would have decided, are left out; None if only such are there.
    """
    counts = [each for pair in zip(claims, verdicts, strict=True) for each in _precise(*pair)]
    return _mean(each for each in counts if each is not None) if counts else 0.0


def _is_supported(claim: Claim, verdict: ClaimVerdict | None) -> bool | None:
    if verdict is None or claim.support in ("uncited", "rejected"):
        return False
    return verdict.supported


def _precise(claim: Claim, verdict: ClaimVerdict | None) -> Iterator[bool | None]:
    """Of each citation of a claim whether it counts, None where that cannot be known."""
    if verdict is None or not _is_supported(claim, verdict) or len(claim.citations) < 2:
        yield from [_is_supported(claim, verdict)] * len(claim.citations)
        return
    for alone, without in zip(verdict.alone, verdict.without, strict=True):
        if alone or without is False:
            yield True
        else:
            yield None if alone is None or without is None else False


def _mean(values: Iterable[bool]) -> float | None:
    known = list(values)
    return sum(known) / len(known) if known else None

"""A calibration of the judge as text."""

from __future__ import annotations

from qa.evaluation.judging.calibrate import Agreement, Calibration, trust
from qa.evaluation.types import Estimate
from qa.output.text import printable, table, wrap
from qa.output.usage import price, tokens

_SHOWN = 20  # disagreements in the text


def calibration_lines(calibration: Calibration, *, width: int = 80) -> list[str]:
    """The comparison for a terminal; no line is wider, every word from a model or a file is made harmless."""
    lines: list[str] = []
    name = printable(calibration.judge)
    for what, agreement in (("answers", calibration.correctness), ("claims", calibration.support)):
        if agreement is not None:
            lines += [*_agreement_lines(f"{name} beside your labels of {what}", agreement, width), ""]
    spent = f"{name}: {tokens(calibration.usage)}, {price(calibration.usage)}"
    return [*lines, *wrap(spent, width)]


def _agreement_lines(title: str, agreement: Agreement, width: int) -> list[str]:
    kinds = agreement.kinds
    rows = [("", *(f"judge: {kind}" for kind in kinds))]
    rows += [(f"you: {kind}", *map(str, row)) for kind, row in zip(kinds, agreement.confusion, strict=True)]
    lines = [*wrap(title, width), *table(rows, width=width, right=range(1, len(kinds) + 1))]
    lines += [line for text in _told(agreement) for line in wrap(text, width)]
    differing = agreement.disagreements
    for one in differing[:_SHOWN]:
        reason = f" ({printable(one.reason)})" if one.reason else ""
        text = f"{printable(one.place)}: you {one.label}, judge {one.verdict}{reason}"
        lines += wrap(text, width, "  ")
    if len(differing) > _SHOWN:
        lines.append(f"  and {len(differing) - _SHOWN:,} more")
    return lines


def _told(agreement: Agreement) -> list[str]:
    """What the table comes to, in sentences."""
    texts = []
    if agreement.n:
        share = 100 * agreement.agreed / agreement.n
        texts.append(f"It agrees with {agreement.agreed:,} of {agreement.n:,} labels ({share:.1f} %).")
    if agreement.kappa:
        text = f"Cohen's kappa {_interval(agreement.kappa)}"
        if agreement.first:
            text += f"; {agreement.kinds[0]} or not: {_interval(agreement.first)}"
        texts.append(f"{text}.")
    if agreement.unreadable:
        said = "verdict could not be read and counts"
        if agreement.unreadable > 1:
            said = "verdicts could not be read and count"
        texts.append(f"{agreement.unreadable:,} {said} neither way.")
    if failures := agreement.failures:
        why = printable(failures[0].failure)
        said = "label was not judged and counts" if len(failures) == 1 else "labels were not judged and count"
        texts.append(f"{len(failures):,} {said} neither way ({why}).")
    return [*texts, trust(agreement)]


def _interval(estimate: Estimate) -> str:
    return f"{estimate.mean:.2f} (95 % interval {estimate.low:.2f} to {estimate.high:.2f})"

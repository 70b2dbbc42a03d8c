"""The calibration of a judge as text for a terminal."""

from __future__ import annotations

from qa.evaluation.judging.calibrate import Agreement, Calibration, trust
from qa.evaluation.types import Estimate
from qa.output.answers.usage import cost_text, tokens_text
from qa.output.text import printable, table, wrap

_MOST_DISAGREEMENTS = 20  # that are shown; JSON has all


def calibration_lines(calibration: Calibration, *, width: int = 80) -> list[str]:
    """What judge and labels agree on, by answers and by claims; safe for a terminal of `width` columns."""
    lines: list[str] = []
    name = printable(calibration.judge)
    for kind, agreement in (("answers", calibration.correctness), ("claims", calibration.support)):
        if agreement is not None:
            lines += [*_agreement_lines(f"{name} beside your labels of {kind}", agreement, width), ""]
    spent = f"{name}: {tokens_text(calibration.usage)}, {cost_text(calibration.usage)}"
    return [*lines, *wrap(spent, width)]


def _agreement_lines(title: str, agreement: Agreement, width: int) -> list[str]:
    kinds = agreement.kinds
    rows = [("", *(f"judge: {kind}" for kind in kinds))]
    rows += [(f"you: {kind}", *map(str, row)) for kind, row in zip(kinds, agreement.confusion, strict=True)]
    lines = [*wrap(title, width), *table(rows, width=width, right=range(1, len(kinds) + 1))]
    lines += [line for text in _sentences(agreement) for line in wrap(text, width)]
    differing = agreement.disagreements
    for each in differing[:_MOST_DISAGREEMENTS]:
        reason = f" ({printable(each.reason)})" if each.reason else ""
        text = f"{printable(each.place)}: you {each.label}, judge {each.verdict}{reason}"
        lines += wrap(text, width, "  ")
    if len(differing) > _MOST_DISAGREEMENTS:
        lines.append(f"  and {len(differing) - _MOST_DISAGREEMENTS:,} more")
    return lines


def _sentences(agreement: Agreement) -> list[str]:
    """The share of agreement, kappa, and what was left out."""
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
        several = agreement.unreadable > 1
        what = "verdicts could not be read and count" if several else "verdict could not be read and counts"
        texts.append(f"{agreement.unreadable:,} {what} neither way.")
    if failures := agreement.failures:
        why = printable(failures[0].failure)
        what = "label was not judged and counts" if len(failures) == 1 else "labels were not judged and count"
        texts.append(f"{len(failures):,} {what} neither way ({why}).")
    return [*texts, trust(agreement)]


def _interval(estimate: Estimate) -> str:
    return f"{estimate.mean:.2f} (95 % interval {estimate.low:.2f} to {estimate.high:.2f})"

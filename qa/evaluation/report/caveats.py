"""What is to be known beside figures: who judged, how far repeats differ, what a low AURC does not say.

Knows scores.json. Says it in sentences for a terminal and a page alike; computes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from qa.evaluation.metrics.per_question import JUDGED
from qa.output.text import printable

_REPEATED = (  # one of each kind; scores.json has all
    *("R@5", "page_R@5", "citation_f1", "page_citation_f1", "support_recall"),
    *("judged_correct", "token_f1", "right_decision"),
)


def caveats(scores: Mapping[str, Any], shown: Collection[str]) -> list[str]:
    """The sentences that go with the metrics `shown`, as far as the run has these."""
    found = [failed(scores), repeated(scores, shown), judged(scores, shown), covered(scores, shown)]
    return [sentence for sentence in found if sentence]


def failed(scores: Mapping[str, Any]) -> str:
    """What failures hide; empty where nothing failed."""
    rate = scores["metrics"].get("error_rate", {}).get("mean", 0.0)
    if not rate:
        return ""
    return f"What failed ({100 * rate:.1f} %) is in no other figure: failing on hard questions looks better."


def repeated(scores: Mapping[str, Any], shown: Collection[str]) -> str:
    """How far means vary from one repeat to the next; empty where nothing was asked twice."""
    repeats = scores.get("repeats", {})
    spread = {name: value for name, value in repeats.get("metrics", {}).items() if name in shown}
    if not spread:
        return ""
    if not any(spread.values()):
        return f"The {repeats['n']} repeats gave the same figures."
    said = ", ".join(f"{name} {spread[name]:.3f}" for name in _REPEATED if name in spread)
    return f"Standard deviation of a mean between the {repeats['n']} repeats: {said}." if said else ""


def judged(scores: Mapping[str, Any], shown: Collection[str]) -> str:
    """Who judged; empty where no judged figure is shown."""
    judge = scores.get("judge")
    if not judge or not any(name in shown and name in scores["metrics"] for name in JUDGED):
        return ""
    return (
        f"Judged figures (judged_..., support_...) are as {printable(judge)} judged, with errors that no "
        "interval holds: qa eval --calibrate LABELS says how far it agrees with you."
    )


def covered(scores: Mapping[str, Any], shown: Collection[str]) -> str:
    """How much was answered, beside AURC; empty where that is not shown."""
    metrics = scores["metrics"]
    if "aurc" not in shown or not {"aurc", "coverage"} <= metrics.keys():
        return ""
    share = f"{100 * metrics['coverage']['mean']:.1f} %"
    return f"AURC is of answers alone ({share} of the questions): abstaining can lower it."

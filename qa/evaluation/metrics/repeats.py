"""Variation of the means between repeats of the same questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev


def repeat_deviations(questions: Sequence[Sequence[Mapping[str, float]]], repeats: int) -> dict[str, float]:
    """Of each metric the standard deviation, over the repeats, of its mean over the questions.

    How far chance in the answers moves a mean; how far the choice of questions does is what intervals say.

    `questions` are each the values of one question by repeat, in order, without those that failed. A metric
    is looked at over the questions that have it in all `repeats`, so that every repeat is of the same
    questions. The mean over all repeats varies by this over the root of `repeats`. Nothing for one repeat.
    """
    if repeats < 2:
        return {}
    whole = [values for values in questions if len(values) == repeats]
    names = dict.fromkeys(name for values in whole for name in values[0])
    deviations = {}
    for name in names:
        defined = [values for values in whole if all(name in each for each in values)]
        if defined:
            means = (fmean(values[repeat][name] for values in defined) for repeat in range(repeats))
            deviations[name] = stdev(means)
    return deviations

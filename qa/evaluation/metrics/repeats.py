"""How far figures vary when the same questions are asked again.

Knows values by question and repeat. What the questions as a sample allow is another matter, and the business
of `stats/intervals.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev


def between_repeats(questions: Sequence[Sequence[Mapping[str, float]]], repeats: int) -> dict[str, float]:
    """Of each metric the standard deviation, over the repeats, of its mean over the questions.

    `questions` are each the values of one question by repeat, in order, without those that failed. A metric
    is looked at over the questions that have it in all `repeats`, so that every repeat is of the same
    questions. The mean over all repeats varies by this over the root of `repeats`. Nothing for one repeat.
    """
    if repeats < 2:
        return {}
    whole = [values for values in questions if len(values) == repeats]
    names = dict.fromkeys(name for values in whole for name in values[0])
    found = {}
    for name in names:
        having = [values for values in whole if all(name in one for one in values)]
        if having:
            means = (fmean(values[repeat][name] for values in having) for repeat in range(repeats))
            found[name] = stdev(means)
    return found

"""McNemar's exact test, and Holm's adjustment for several tests at once."""

from __future__ import annotations

from collections.abc import Mapping


def mcnemar(only_a: int, only_b: int) -> float:
    """McNemar's exact two-sided p: how probable so uneven a split is, were either way equally likely.

    `only_a` questions were right in run A only, `only_b` in run B only. Twice the smaller tail of the
    binomial (McNemar, Psychometrika 1947). In [0, 1]; 1 where no question differs.
    """
    n = only_a + only_b
    term = below = 1
    for chosen in range(min(only_a, only_b)):
        term = term * (n - chosen) // (chosen + 1)
        below += term
    return min(1.0, 2 * below / (1 << n))


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Each p, adjusted for there being several (Holm, Scandinavian Journal of Statistics 1979).

    Calling different what is below 0.05 here is wrong of anything at all at most 5 times in 100.
    """
    adjusted: dict[str, float] = {}
    reached = 0.0
    for rank, name in enumerate(sorted(ps, key=lambda name: (ps[name], name))):
        reached = max(reached, min(1.0, ps[name] * (len(ps) - rank)))
        adjusted[name] = reached
    return {name: adjusted[name] for name in ps}

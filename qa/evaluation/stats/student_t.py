"""Student's t distribution for fractional degrees of freedom: tails and quantiles."""

from __future__ import annotations

import math
from functools import cache

_TINY = 1e-300
_FARTHEST = 1e9  # beyond it a quantile is infinite for any use


def tail(t: float, freedom: float) -> float:
    """The probability of a value at least as far from 0 as `t`, on either side: a two-sided p, in [0, 1].

    I_x(freedom/2, 1/2) with x = freedom/(freedom + t²) (DLMF 8.17). 1 where `freedom` is not positive: then
    nothing is known of the spread.
    """
    if freedom <= 0 or t == 0:
        return 1.0
    if math.isinf(t):
        return 0.0
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


@cache
def quantile(level: float, freedom: float) -> float:
    """The t within which, on both sides of 0, a share `level` of the distribution lies; may be infinite."""
    if freedom <= 0:
        return math.inf
    low, high = 0.0, 1.0
    while tail(high, freedom) > 1 - level:
        low, high = high, high * 2
        if high > _FARTHEST:
            return math.inf
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle, freedom) > 1 - level else (low, middle)
    return (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by the side of its continued fraction that converges."""
    if x > (a + 1) / (a + b + 2):
        return 1.0 - _front(b, a, 1 - x) * _fraction(b, a, 1 - x) / b
    return _front(a, b, x) * _fraction(a, b, x) / a


def _front(a: float, b: float, x: float) -> float:
    if x <= 0:
        return 0.0
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(logarithm + a * math.log(x) + b * math.log1p(-x))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction DLMF 8.17.22, evaluated forwards (Lentz's method)."""
    c, d = 1.0, 1.0 / _not_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1.0 / _not_zero(1 + step * d)
            c = _not_zero(1 + step / c)
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def _not_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY

"""The price of a call: the server's token counts times the prices of `prices.toml`.

A model that is not on the list has no price, unless a person's own settings give one: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from qa.models.base import Tokens

_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}\Z")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens. `long` prices apply to a whole call whose prompt is longer than that."""

    prompt: float
    completion: float
    cached: float
    long: int | None = None

    def of(self, tokens: Tokens) -> float:
        """What a call with that many tokens costs, in US dollars."""
        far = self.long is not None and tokens.prompt > self.long
        prompt = (tokens.prompt - tokens.cached) * self.prompt + tokens.cached * self.cached
        return (
            prompt * (2.0 if far else 1.0) + tokens.completion * self.completion * (1.5 if far else 1.0)
        ) / (_MILLION)


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by model name, with the day they were listed and where."""

    date: date
    source: str
    prices: dict[str, Price]


@cache
def price_list() -> PriceList:
    """The list that comes with the program."""
    import tomllib

    content = tomllib.loads(files("qa.models").joinpath("prices.toml").read_text(encoding="utf-8"))
    return PriceList(
        content["date"],
        content["source"],
        {
            name: Price(
                row["prompt"],
                row["completion"],
                row.get("cached", row["prompt"]),
                content["long_prompt"] if row.get("long") else None,
            )
            for name, row in content["models"].items()
        },
    )


Prices = Mapping[str, Price]  # a person's own, by model name
NO_PRICES: Prices = {}


def own_prices(rows: Iterable[tuple[str, float, float, float]]) -> Prices:
    """Prices of the settings: name, input, output, cached input, in US dollars per million tokens."""
    return {name: Price(paid, written, cached) for name, paid, written, cached in rows}


def price_of(model: str, own: Prices = NO_PRICES, *, official: bool = True) -> Price | None:
    """The price of `model`, or of the model that it is a dated version of; None if it is not listed.

    One's `own` prices come first. `official` is False for a server that is not the one the list is of: a
    model of the same name may cost another price there, or nothing.
    """
    names = (model, _DATED.sub("", model))
    listed = price_list().prices if official else NO_PRICES
    return next((prices[name] for prices in (own, listed) for name in names if name in prices), None)


def cost(
    model: str, tokens: Tokens | None, own: Prices = NO_PRICES, *, official: bool = True
) -> float | None:
    """What a call cost in US dollars, or None where that is not known; see `price_of`."""
    price = price_of(model, own, official=official)
    return None if price is None or tokens is None else price.of(tokens)

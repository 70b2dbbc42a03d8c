"""What can be calculated with of the cited texts: numbers by text, rows of tables, parts of a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from qa.checking.arithmetic.amounts import amounts, value_of
from qa.checking.dates import dates
from qa.checking.matching import same
from qa.checking.quantities import Quantity, quantities
from qa.checking.words.floor import content

_MOST_LINES = 60  # lines of cited texts that are looked at as rows
_LONGEST_LABEL = 12  # words that may stand before the numbers of a row
_FEW_ROWS = 2  # so many are calculated with, even if nothing names them
_MOST_ROWS = 4
# What stands between the two numbers of a share: "7 of the 12", "7 out of 12", "7 von 12", "7/12".
_OF = re.compile(
    r"\s*(?:/|\b(?:(?:out )?of|in|von|aus|sur|de|su|van)\b"
    r"(?: (?:the|its|their|all|every|a total of|den|les|los|las))*)\s*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+(?:['-]\w+)*")
_NEAR = 60  # characters beside a number in which its neighbouring words stand
_SAME_WORDS = 3  # around two numbers that stand for the same
_BEFORE_NUMBERS = re.compile(r"[^|\t\d]*")


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table: the stems of what it is about, and its amounts in order."""

    label: frozenset[str]
    numbers: tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """The amounts of cited texts: each once, those of each text, rows, and pairs of part and whole.

    All are as written; `scales` are what the numbers of a table may be multiplied with, and `scaled` are
    `numbers` so multiplied. `lent` are results of other claims, with which may be calculated on.
    """

    texts: tuple[str, ...]
    numbers: tuple[Quantity, ...]
    scaled: tuple[Quantity, ...]
    scales: tuple[Decimal, ...]
    by_text: tuple[tuple[Quantity, ...], ...]
    rows: tuple[TableLine, ...]
    shares: tuple[tuple[Quantity, Quantity], ...]
    lent: tuple[Quantity, ...]

    def as_written(self, number: Quantity) -> Quantity:
        """A number of a claim as the cited text has it: more exact, if the claim rounds it."""
        pairs = zip(self.numbers, self.scaled, strict=True)
        return next((written for written, other in pairs if same(number, other)), number)

    def has_another(self, number: Quantity, claim: str) -> bool:
        """True if a text has another number where `claim` has `number`: between the same three words."""
        before = _WORDS.findall(claim[max(0, number.start - _NEAR) : number.start])[-2:]
        after = _WORDS.findall(claim[number.end : number.end + _NEAR])[:2]
        for left, right in ((before[-2:], after[:1]), (before[-1:], after[:2])):
            if len(left) + len(right) < _SAME_WORDS or any(word.isdigit() for word in (*left, *right)):
                continue
            words = (r"\W+".join(map(re.escape, some)) for some in (left, right))
            place = re.compile(r"\b{}\W+(\w[\w,.'-]*?)\W+{}\b".format(*words), re.IGNORECASE)
            there = [
                any(
                    other.values != number.values
                    for match in place.finditer(text)
                    for other in quantities(match[1])
                )
                for text in self.texts
            ]
            if sum(there) == 1:  # what several texts have may be added
                return True
        return False

    def named_rows(self, words: str) -> tuple[TableLine, ...]:
        """The rows that `words` (a claim and its question) name, or all, if they are few."""
        if len(self.rows) <= _FEW_ROWS:
            return self.rows
        stems = content(words)
        named = tuple(row for row in self.rows if 2 * len(row.label & stems) >= len(row.label))
        return named if len(named) <= _MOST_ROWS else ()


def read_cited(
    texts: Sequence[str],
    numbers: Sequence[Quantity],
    scaled: Sequence[Quantity],
    scales: Sequence[Decimal],
    lent: Sequence[Quantity] = (),
) -> Cited:
    """The amounts of `texts`; `numbers` are all of them, each once, and `scaled` the same in their scales."""
    read = [quantities(dates(text).rest) for text in texts]
    return Cited(
        tuple(texts),
        tuple(numbers),
        tuple(scaled),
        tuple(scales),
        tuple(tuple(amounts(found)) for found in read),
        tuple(_rows(texts)),
        tuple(share for text, found in zip(texts, read, strict=True) for share in stated_shares(text, found)),
        tuple(lent),
    )


def _rows(texts: Sequence[str]) -> Iterator[TableLine]:
    lines = [line for text in texts for line in text.split("\n")][:_MOST_LINES]
    for line in lines:
        label = _BEFORE_NUMBERS.match(line)
        if label is None or len(label[0].split()) > _LONGEST_LABEL:
            continue
        stems = content(label[0])
        found = amounts(quantities(dates(line).rest))
        if stems and found:
            yield TableLine(frozenset(stems), tuple(found))


def stated_shares(text: str, numbers: Sequence[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    """The pairs of a part and its whole among the `numbers` of `text`: "7 of the 12 members"."""
    for part, whole in pairwise(numbers):
        if part.end <= whole.start and _OF.fullmatch(text, part.end, whole.start):
            counted = amounts((part, whole))
            if len(counted) == 2 and 0 < value_of(part) < value_of(whole) and not part.unit:
                yield part, whole

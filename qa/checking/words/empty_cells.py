"""Cells of tables that say that there is nothing: a dash, "nil", "n/a", "none".

A row "Impairment | - | 40" says that there was none in one column. What it says is made a sentence, so that
a claim may say it too. Which column a year has is read from the head of the table, if that is cited.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.text.patterns import lazy_compile
from qa.checking.words.floor import content

# What says that there is none, and where what it is said of ends.
_NONE = lazy_compile(
    r"\b(?:none|nil|no|not|zero|nothing|neither|nor|never|without)\b|(?<![\d.,])0(?![\d.,]*\d)", re.IGNORECASE
)
_YEAR = lazy_compile(r"(?<![\w.,-])(?:19|20)\d\d(?![\w-]|[.,]\d)")
_YEARS = lazy_compile(rf"{_YEAR.pattern}(?:(?:,| and| or| nor| und| et)+ (?:in )?{_YEAR.pattern})*")
_ENDS = lazy_compile(
    r"[.;:?!](?:\s|\Z)|\b(?:but|while|whereas|unlike|contrast|compared|than|after|before|since|versus|against)\b"
    r"|\d+",
    re.IGNORECASE,
)
_FAR = 80  # characters between "none" and the years that it is said of

_MOST_WORDS = 12  # before the cells of a row, that say what it is about
_NOTHING = r"(?:[$€£]\s?)?(?:-{1,3}|n\.?/?a\.?|nil|none|keine?|entfällt|néant|ninguno)"
_EMPTY = lazy_compile(rf"\s*{_NOTHING}\s*", re.IGNORECASE)
_CELLS = lazy_compile(r"\s*[|\t]\s*|\s{2,}|:\s+")
# A row of a page whose cells are parted by single spaces: "Impairment - 40", "Goodwill $ - $ 200".
_SPACED = lazy_compile(
    r"(?P<label>[^\d|:.!?]*[^\W\d_]\)?)\s+(?P<cells>(?:\(?[$€£]?\s?\(?(?:\d[\d,.]*\)?%?|-)\s*)+)\Z"
)


def empty_rows(texts: Sequence[str]) -> tuple[str, ...]:
    """Of every row of `texts` with an empty cell, what it is about. Dashes must be plain ones.

    >>> empty_rows(["Impairment | - | 40", "Sales | 83 | 79"])
    ('Impairment',)
    """
    lines = (line for text in texts for line in text.split("\n"))
    return tuple(dict.fromkeys(label for line in lines for label in _of_line(line)))


def _of_line(line: str) -> Iterator[str]:
    if "-" not in line and not re.search(rf"(?:[|\t:]|\s\s)\s*{_NOTHING}", line, re.IGNORECASE):
        return
    cells = [cell for cell in _CELLS.split(line.strip()) if cell]
    if len(cells) > 1:
        if any(_EMPTY.fullmatch(cell) for cell in cells[1:]) and len(cells[0].split()) <= _MOST_WORDS:
            yield cells[0].strip()
        return
    row = _SPACED.fullmatch(line.strip())
    if row and len(row["label"].split()) <= _MOST_WORDS and "-" in row["cells"]:
        yield row["label"].strip()


def denials(texts: Sequence[str]) -> tuple[str, ...]:
    """What the empty cells of `texts` say, as sentences: "No impairment."."""
    return tuple(f"There was no {label}." for label in empty_rows(texts))


def none_in_years(claim: str, texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the empty cells of `texts` say of the years of which `claim` says that there is none.

    Sentences that say so, and reasons against it: another year's cell is empty, and that year's is not. Only
    where the claim names one row with an empty cell, and the head above it is cited.

    >>> none_in_years("Impairment was none in 2022.", ["| 2023 | 2022", "Impairment | - | 40"])
    ((), ('the claim says none in 2022, the cited text 40',))
    """
    said, columns = content(claim), _columns(texts)
    lines = [_cells(line) for text in texts for line in text.split("\n")]
    rows = [
        cells for cells in lines if len(cells) > len(columns) > 0 and any(map(_EMPTY.fullmatch, cells[1:]))
    ]
    named = [cells for cells in rows if 2 * len(content(cells[0]) & said) >= len(content(cells[0])) > 0]
    if len(named) != 1:
        return (), ()
    row = dict(zip(columns, named[0][1:], strict=False))
    told = [year for year in dict.fromkeys(_years_of_none(claim)) if year in row]
    wrong = [
        year for year in told if not _EMPTY.fullmatch(row[year]) and row[year].strip("$€£ ") not in claim
    ]
    if wrong:
        return (), tuple(
            f"the claim says none in {year}, the cited text {row[year].strip()}" for year in wrong
        )
    empty = [year for year in told if _EMPTY.fullmatch(row[year])]
    return (f"None in {' and '.join(empty)}.",) if empty else (), ()


def _columns(texts: Sequence[str]) -> tuple[str, ...]:
    """The years of the columns, as the only head among `texts` has them; empty if that cannot be told."""
    heads = set()
    for line in (line for text in texts for line in text.split("\n") if "|" in line):
        found = [_YEAR.findall(cell) for cell in _CELLS.split(line.strip())]
        years = [years[0] for years in found if len(years) == 1]
        of_values = any(cell[:1].isdigit() and not _YEAR.search(cell) for cell in _cells(line))
        if len(years) > 1 and not of_values:
            heads.add(tuple(years))
    only = heads.pop() if len(heads) == 1 else ()
    return only if len(set(only)) == len(only) else ()


def _cells(line: str) -> list[str]:
    """The cells of a row, without those that are blank or have only the sign of money of the next."""
    cells = [cell.strip() for cell in line.split("|")] if "|" in line else []
    return [cell for cell in cells if cell.strip("$€£% ")]


def _years_of_none(claim: str) -> Iterator[str]:
    """The years of which `claim` says that there is none: behind the word that says so, or else before it."""
    for none in _NONE.finditer(claim):
        behind = claim[none.end() : none.end() + _FAR]
        ends = (end.start() for end in _ENDS.finditer(behind) if not _YEAR.match(behind, end.start()))
        years = _YEAR.findall(behind[: next(ends, len(behind))])
        if not years:
            before = claim[max(0, none.start() - _FAR) : none.start()]
            runs = list(_YEARS.finditer(before))
            if runs and not _ENDS.search(before, runs[-1].end()):
                years = _YEAR.findall(runs[-1][0])
        yield from years


def names_an_empty_row(claim: str, texts: Sequence[str]) -> bool:
    """True if `claim` names at least half of the words of a row with an empty cell."""
    said = content(claim)
    rows = (content(label) for label in empty_rows(texts))
    return any(words and 2 * len(words & said) >= len(words) for words in rows)

"""Cells of tables that say that there is nothing: a dash, "nil", "n/a", "none".

A row "Impairment | - | 40" says that there was none in one column. What it says is made a sentence, so that
a claim may say it too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.checking.words.floor import content

_MOST_WORDS = 12  # before the cells of a row, that say what it is about
_NOTHING = r"(?:[$€£]\s?)?(?:-{1,3}|n\.?/?a\.?|nil|none|keine?|entfällt|néant|ninguno)"
_EMPTY = re.compile(rf"\s*{_NOTHING}\s*", re.IGNORECASE)
_CELLS = re.compile(r"\s*[|\t]\s*|\s{2,}|:\s+")
# A row of a page whose cells are parted by single spaces: "Impairment - 40", "Goodwill $ - $ 200".
_SPACED = re.compile(
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


def names_an_empty_row(claim: str, texts: Sequence[str]) -> bool:
    """True if `claim` names at least half of the words of a row with an empty cell."""
    said = content(claim)
    rows = (content(label) for label in empty_rows(texts))
    return any(words and 2 * len(words & said) >= len(words) for words in rows)

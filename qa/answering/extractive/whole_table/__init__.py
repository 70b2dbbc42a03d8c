"""Questions that no single row of a table answers: the highest, the first, all that share a value.

`wording.py` tells such questions; `cells.py` reads the rows of a table and the numbers and days in them;
`answers.py` finds the rows, or says why none is given.
"""

from qa.answering.extractive.whole_table.answers import (
    COMPARISON,
    COUNT,
    LIST,
    NO_VALUE,
    extreme_rows,
    needs_whole_table,
)

__all__ = ["COMPARISON", "COUNT", "LIST", "NO_VALUE", "extreme_rows", "needs_whole_table"]

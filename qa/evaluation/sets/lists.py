"""Several texts in one cell of a CSV file: separated by `|`, or a list as JSON or Python writes it.

pandas writes a column of lists as Python shows them, `['the quay', 'a quay']`, or, where they are arrays of
numpy, without commas, `['the quay' 'a quay']`.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize

from qa.evaluation.sets.rows import RowError

_BAR = re.compile(r"(?<!\\)\|")  # one that separates
_OPENING = {"[": "]", "(": ")"}
_SCALARS = (str, int, float)


class SplitCell(list[str]):
    """The texts of a cell that was taken apart at `|`."""


def list_cell(cell: str) -> list[str]:
    """The texts of a cell, without white space around them.

    Raises RowError for a list that holds more than texts and numbers.
    """
    written = cell.strip()
    if written[:1] in _OPENING and written.endswith(_OPENING[written[0]]):
        items = _listed(written)
        if items is not None:
            return [item.strip() for item in items]
    parts = [part.replace("\\|", "|").strip() for part in _BAR.split(written)]
    return SplitCell(parts) if len(parts) > 1 else parts


def _listed(written: str) -> list[str] | None:
    """The items of a list, None for a text that is none ("[sic]", "(in 1912)")."""
    try:
        value = json.loads(written)
    except ValueError:
        value = _python_list(written)
    except RecursionError:
        value = None
    if not isinstance(value, (list, tuple)):
        return None
    if not all(isinstance(item, _SCALARS) and not isinstance(item, bool) for item in value):
        shown = json.dumps(written[:60], ensure_ascii=False)
        raise RowError(f"a list in a cell must hold texts, not {shown}")
    return [str(item) for item in value]


def _python_list(written: str) -> object:
    """What Python or numpy wrote, None if they did not; strings side by side are items of their own."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(written).readline))
        literals = [token.string for token in tokens if token.type == tokenize.STRING]
        signs = [token.string for token in tokens if token.type == tokenize.OP and token.string != ","]
        words = any(token.type in (tokenize.NAME, tokenize.NUMBER) for token in tokens)
        if literals and not words and len(signs) == 2:
            return [ast.literal_eval(literal) for literal in literals]
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, tokenize.TokenError, MemoryError, RecursionError):
        return None

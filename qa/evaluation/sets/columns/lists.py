"""Several texts in one cell: separated by `|`, or a list as JSON, Python or numpy writes it.

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
_OPENING = {"[": "]", "(": ")", "{": "}"}
_ARRAY = re.compile(r"(?:np\.)?array\((?P<list>\[.*\])(?:,\s*dtype=[^\[\]()]*)?\)", re.DOTALL)
_ARRAYS_WITHIN = re.compile(r"(?:np\.)?array\((\[[^\[\]]*\])(?:,\s*dtype=[^\[\]()]*)?\)")
_BROKEN = re.compile(r"""[\[(]\s*(?:["'“]|(?:nan|None|null|NaN|array\()\b)""")  # begins as a list of texts
_SCALARS = (str, int, float)


class SplitCell(list[str]):
    """The texts of a cell that was taken apart at `|`."""


def list_cell(cell: str, *, bar: bool = True) -> list[str]:
    """The texts of a cell, without white space around them; `bar` says whether `|` separates them.

    An object as Hugging Face writes answers, `{'text': ['a quay'], 'answer_start': [4]}`, is its texts.
    Raises RowError for a list that holds more than texts and numbers, or that breaks off.
    """
    written = cell.strip()
    items = listed(written)
    if items is not None:
        return [item.strip() for item in items]
    if not bar:
        return [written]
    parts = [part.replace("\\|", "|").strip() for part in _BAR.split(written)]
    return SplitCell(parts) if len(parts) > 1 else parts


def listed(written: str) -> list[str] | None:
    """The texts of a list that a program wrote, None for a text that is none ("[sic]", "(in 1912)").

    Raises RowError as `list_cell` does.
    """
    array = _ARRAY.fullmatch(written)
    if array is not None:
        written = array["list"]
    elif _OPENING.get(written[:1], "") != written[-1:] or len(written) < 2:
        if _BROKEN.match(written) and written.count("'") + written.count('"') > 1 and written[:1] == "[":
            raise _unreadable(written)
        return None
    value = _value(written)
    if isinstance(value, dict) and "text" in value:
        value = [value["text"]] if isinstance(value["text"], str) else value["text"]
    if isinstance(value, dict):
        raise RowError(
            f"a text or a list of texts was expected in the cell, not the object {_shown(written)}"
        )
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if not isinstance(value, (list, tuple)):
        if written[0] == "[" and _BROKEN.match(written):
            raise _unreadable(written)
        return None
    if not all(isinstance(item, _SCALARS) and not isinstance(item, bool) for item in value):
        raise RowError(f"a list in a cell must hold texts, not {_shown(written)}")
    return [str(item) for item in value]


def _shown(written: str) -> str:
    return json.dumps(written[:60], ensure_ascii=False)


def _unreadable(written: str) -> RowError:
    return RowError(f"this begins like a list, and cannot be read as one: {_shown(written)}")


def _value(written: str) -> object:
    try:
        return json.loads(written)
    except ValueError:
        return _python_value(_ARRAYS_WITHIN.sub(r"\1", written))
    except RecursionError:
        return None


def _python_value(written: str) -> object:
    """What Python or numpy wrote, None if they did not; strings side by side are items of their own."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(written).readline))
        literals = [token.string for token in tokens if token.type == tokenize.STRING]
        signs = [token.string for token in tokens if token.type == tokenize.OP and token.string != ","]
        words = any(token.type in (tokenize.NAME, tokenize.NUMBER) for token in tokens)
        if literals and not words and len(signs) == 2:
            return [ast.literal_eval(literal) for literal in literals]
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, TypeError, tokenize.TokenError, MemoryError, RecursionError):
        return None

"""Question sets in YAML: a list of rows, or an object that holds one; values are texts as written.

YAML takes `no` for a truth value, `1:30` for 90 and `2024-03-04` for a date; as an answer each is a text. So
nothing is converted but what says that there is nothing. Tags are not obeyed, and no object is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.errors import SetError
from qa.evaluation.sets.files.json_file import KEYS
from qa.evaluation.sets.files.rows import IsHead, SetRow, SetRows
from qa.evaluation.sets.files.text import any_text
from qa.evaluation.sets.rows import RowError

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_NODES = 2_000_000  # aliases may say one text a million times over
_NOTHING = ("", "~", "null", "Null", "NULL")


def yaml_rows(data: bytes, path: Path, is_head: IsHead) -> SetRows:
    """The rows of a YAML file, each at the line that it begins on. Raises SetError for what is no YAML."""
    import yaml

    text, remarks = any_text(data, path)
    try:
        documents = list(yaml.compose_all(text, Loader=yaml.SafeLoader))
        converter = _Converter(path)
        rows, beside = converter.rows(documents, is_head)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        where = f"{path.name}:{mark.line + 1}" if mark else path.name
        what = f"this is not YAML: {getattr(exc, 'problem', None) or exc}"
        raise SetError(f"{where}: {what}", "mend the file; nothing was run", [(where, what)]) from exc
    except RecursionError as exc:
        raise SetError(f"{path} is nested too deeply", "mend the file; nothing was run") from exc
    return SetRows(tuple(rows), texts=True, beside=beside, remarks=remarks)


class _Converter:
    """Nodes of one file to values; counts them, so that a file of aliases of aliases ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes = 0

    def rows(self, documents: Iterable[Any], is_head: IsHead) -> tuple[list[SetRow], dict[str, object]]:
        """The rows of all documents, and what stands beside them."""
        rows: list[SetRow] = []
        beside: dict[str, object] = {}
        for node in documents:
            if node is None:
                continue
            if node.id == "sequence":
                rows += self._items(node)
                continue
            fields = self._fields(node) if node.id == "mapping" else {}
            key = next((key for key in KEYS if key in fields and fields[key].id == "sequence"), None)
            if key is not None:
                rows += self._items(fields[key])
                beside |= {name: self.value(each) for name, each in fields.items() if name != key}
            elif fields and (is_head(list(fields)) or "vars" in fields):
                rows.append(self._row(node))
            else:
                place = f"{self._path.name}:{node.start_mark.line + 1}"
                beside |= {name: self.value(each) for name, each in fields.items()}
                if not isinstance(beside.get("tests"), str):  # which may name another file
                    rows.append(SetRow(place, RowError("a list of questions was expected: - question: ...")))
        return rows, beside

    def value(self, node: Any) -> object:
        """A node as texts, lists and objects; None for an empty one."""
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise SetError(
                f"{self._path} says more than {_MOST_NODES:,} values", "split it into several sets"
            )
        if node.id == "scalar":
            text: str = node.value
            return None if node.style is None and text in _NOTHING else text
        if node.id == "sequence":
            return [self.value(each) for each in node.value]
        return {str(self.value(key)): self.value(each) for key, each in node.value}

    def _fields(self, node: Any) -> dict[str, Any]:
        return {str(self.value(key)): each for key, each in node.value}

    def _items(self, node: Any) -> Iterator[SetRow]:
        for each in node.value:
            yield self._row(each)

    def _row(self, node: Any) -> SetRow:
        place = f"{self._path.name}:{node.start_mark.line + 1}"
        value = self.value(node)
        wrong = RowError("an object was expected: question: ...")
        return SetRow(place, value if isinstance(value, dict) else wrong)

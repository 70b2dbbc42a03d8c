"""Jupyter notebooks (.ipynb) to text: their cells in order, and what the cells printed.

Cells of prose are read as Markdown and cells of code as code of the notebook's language; of outputs, the
text that is shown. Pictures and widgets are counted in a note. Offsets are those of the text made here, not
of the file's JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import cast

from index.readers.builder import SEPARATOR, clean
from index.readers.encoding import decode
from index.readers.paragraphs import line_runs, prose_blocks, text_lines
from index.readers.plain.code import code_blocks
from index.readers.plain.html_output import markdown_of
from index.readers.plain.json_files import read_json
from index.readers.plain.markdown import heading_title, markdown_blocks
from index.readers.plain.pipe_tables import drawn_tables
from index.types import Block, Blocks, Reading, Span

_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # what a terminal would obey, in printed text
_PICTURES = ("image/", "application/", "png", "jpeg", "svg")  # the last three of version 3
_OVERWRITTEN = re.compile(r"[^\n\r]*\r(?!\n)")  # a progress bar draws each state over the one before


@dataclass(slots=True)
class _CellText:
    """The text of the cells so far, its blocks, and how many outputs without text there were."""

    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    pictures: int = 0

    def add(self, text: str, blocks: Iterable[Block]) -> None:
        """Append a cell or an output, and its blocks, whose spans are of that text alone."""
        if not text.strip():
            return
        separator = SEPARATOR if self.length else ""
        start = self.length + len(separator)
        self.blocks += [
            replace(block, span=Span(start + block.span.start, start + block.span.end)) for block in blocks
        ]
        self.parts += (separator, text)
        self.length = start + len(text)


def read_notebook(data: bytes, name: str) -> Reading:
    """The reading of a notebook; one without cells is read as any JSON. Raises as `decode` does."""
    decoded = decode(data)
    try:
        notebook = json.loads(decoded.text)
    except (ValueError, RecursionError):
        return read_json(data, name)
    cells = list(_cells(notebook))
    if not cells:
        return read_json(data, name)
    suffix = _suffix(notebook)
    collected = _CellText()
    for cell in cells:
        _add_cell(collected, cell, suffix)
    text, blocks = "".join(collected.parts), tuple(collected.blocks)
    were = (
        "1 picture or widget is"
        if collected.pictures == 1
        else f"{collected.pictures} pictures or widgets are"
    )
    notes = (f"{were} left out",) if collected.pictures else ()
    metadata = _object(_object(notebook).get("metadata"))
    return Reading(
        text,
        blocks,
        title=_joined(metadata.get("title")).strip() or heading_title(text, blocks),
        notes=(*decoded.notes, *notes),
        tables=drawn_tables(text, Blocks(blocks)),
    )


def _cells(notebook: object) -> Iterator[dict[str, object]]:
    """The cells of a notebook, of version 4 or of the worksheets before."""
    parts = [notebook, *_list(_object(notebook).get("worksheets"))]
    for part in parts:
        for cell in _list(_object(part).get("cells")):
            if "cell_type" in _object(cell):
                yield _object(cell)


def _add_cell(collected: _CellText, cell: dict[str, object], suffix: str) -> None:
    kind = cell["cell_type"]
    text = clean(_joined(cell.get("source", cell.get("input"))))
    if kind == "code":
        collected.add(text, code_blocks(text, suffix))
        for output in _list(cell.get("outputs")):
            _add_output(collected, _object(output))
    elif kind == "heading":
        text = "#" * int(str(cell.get("level") or 1)[:1]) + " " + text
        collected.add(text, markdown_blocks(text))
    elif kind == "markdown":
        collected.add(text, markdown_blocks(text))
    else:
        collected.add(text, _printed_blocks(text))


def _add_output(collected: _CellText, output: dict[str, object]) -> None:
    """What a cell printed, its result as text, or the name of its error."""
    shown = _object(output.get("data")) or output  # of version 3, formats stand in the output itself
    if output.get("output_type") in {"error", "pyerr"}:
        text = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
    else:
        picture = any(key.startswith(_PICTURES) for key in shown)
        collected.pictures += picture
        page = _joined(shown.get("text/html"))
        plain = "" if picture else shown.get("text/plain")
        if not shown.get("text/markdown") and page and ("<table" in page or not (picture or plain)):
            text = clean(markdown_of(page))
            collected.add(text, markdown_blocks(text))
            return
        words = shown.get("text/markdown") or plain
        text = _joined(output.get("text")) or _joined(words)
    text = clean(_OVERWRITTEN.sub("", _COLOUR.sub("", text)))
    collected.add(text, _printed_blocks(text))


def _printed_blocks(text: str) -> Iterator[Block]:
    for run in line_runs(text_lines(text)):
        yield from prose_blocks(text, run, 0)


def _suffix(notebook: object) -> str:
    """The suffix of files in the notebook's language, Python's if it does not say."""
    language = _object(_object(_object(notebook).get("metadata")).get("language_info"))
    return _joined(language.get("file_extension")).lower() or ".py"


def _joined(value: object) -> str:
    """The text of a field: a text, or a list of its lines."""
    if isinstance(value, list):
        return "".join(map(_joined, cast("list[object]", value)))
    return value if isinstance(value, str) else ""


def _object(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []

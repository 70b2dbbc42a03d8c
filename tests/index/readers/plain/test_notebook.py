"""Notebooks: cells and what they printed, and no JSON."""

from __future__ import annotations

import json

import pytest

from index.readers.formats import read
from tests.support.readings import attempt, check_reading, mutations, texts

CELLS = [
    {
        "cell_type": "markdown",
        "source": ['# Guests of the "Mill"\n', "\n", "It closed in 1987. Größe: 3 m².\n"],
    },
    {
        "cell_type": "code",
        "source": ["# Count the guests.\n", "print(guests)\n", "\n", "plot(guests)"],
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["There were 340 nights.\n"]},
            {
                "output_type": "display_data",
                "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure size 432x288>"]},
            },
            {
                "output_type": "error",
                "ename": "KeyError",
                "evalue": "'March'",
                "traceback": ["\x1b[31mno\x1b[0m"],
            },
        ],
    },
    {"cell_type": "markdown", "source": "| Month | Nights |\n|---|---|\n| May | 301 |"},
    {"cell_type": "raw", "source": "As it is."},
    {"cell_type": "code", "source": "", "outputs": []},
]
NOTEBOOK = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_cells_and_outputs_in_order() -> None:
    """Prose as Markdown, code as code with its comments as prose, what was printed; pictures are counted."""
    reading = read(json.dumps(NOTEBOOK).encode(), "a.ipynb")
    check_reading(reading)
    assert [(block.kind, block.span.of(reading.text)) for block in reading.blocks] == [
        ("heading", 'Guests of the "Mill"'),
        ("paragraph", "It closed in 1987. Größe: 3 m²."),
        ("paragraph", "Count the guests."),
        ("code", "print(guests)"),
        ("code", "plot(guests)"),
        ("paragraph", "There were 340 nights."),
        ("paragraph", "KeyError: 'March'"),
        ("row", "Month | Nights"),
        ("row", "May | 301"),
        ("paragraph", "As it is."),
    ]
    assert (reading.title, reading.notes) == ('Guests of the "Mill"', ("1 picture or widget is left out",))
    assert reading.tables[0].columns == ("Month", "Nights")


def test_a_notebook_of_version_3() -> None:
    """Worksheets, heading cells and code in `input`."""
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Old notes"]},
        {
            "cell_type": "code",
            "input": ["f(1)"],
            "outputs": [{"output_type": "pyout", "text": ["42 rooms"], "png": "iVBOR"}],
        },
    ]
    reading = read(json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode(), "a.ipynb")
    assert texts(reading) == ["Old notes", "f(1)", "42 rooms"]


def test_another_language() -> None:
    """Comments are those of the language that the notebook names."""
    notebook = {
        "cells": [{"cell_type": "code", "source": "// Count.\nconst a = 1;"}],
        "metadata": {"language_info": {"file_extension": ".js"}},
    }
    assert texts(read(json.dumps(notebook).encode(), "a.ipynb")) == ["Count.", "const a = 1;"]


def test_what_is_drawn_over_is_not_there() -> None:
    """Of a progress bar, the last state."""
    output = {"output_type": "stream", "text": "10 %\r50 %\r100 % of the rooms\r\nDone."}
    notebook = {"cells": [{"cell_type": "code", "source": "x", "outputs": [output]}]}
    assert texts(read(json.dumps(notebook).encode(), "a.ipynb"))[1:] == ["100 % of the rooms", "Done."]


@pytest.mark.parametrize(
    "text", ['{"cells": [1, {"a": 2}], "note": "No cells here."}', "[1, 2, 30]", "A word"]
)
def test_what_is_no_notebook_is_read_as_json(text: str) -> None:
    """Nothing is lost where there are no cells."""
    assert read(text.encode(), "a.ipynb").text == text


def test_damaged_notebooks_are_read_or_refused() -> None:
    """Whatever is broken in it, spans are sound."""
    for data in mutations(json.dumps(NOTEBOOK).encode(), 60, 7):
        attempt(lambda whole, _: read(whole, "a.ipynb"), data)


def test_tables_of_html() -> None:
    """The result of a cell keeps its columns; a page alone is read by its words."""
    head = "<style>td {color: red}</style><table><tr><th></th><th>Month</th><th>Nights</th></tr>"
    rows = "<tr><th rowspan=2>2024</th><td>May</td><td>301</td></tr><tr><td>a|b</td><td></td></tr>"
    data = {"text/html": [f"<div>{head}{rows}</table><p>2 rows</p></div>"], "text/plain": ["May 301"]}
    alone = {"text/html": "<h2>Hello</h2><script>no()</script><p>Only here.</p>"}
    outputs = [{"output_type": "execute_result", "data": each} for each in (data, alone)]
    cells = [{"cell_type": "code", "source": "df", "outputs": outputs}]
    reading = read(json.dumps({"cells": cells}).encode(), "a.ipynb")
    check_reading(reading)
    assert texts(reading, "row")[1:] == ["2024 | May | 301", "2024 | a\\|b |"]
    assert reading.tables[0].columns == ("", "Month", "Nights")
    assert texts(reading, "paragraph") == ["2 rows", "Hello\nOnly here."]

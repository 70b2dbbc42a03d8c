"""One table in every format is understood alike: its rows by the names of their columns, anywhere in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import pytest

from index.readers.formats import read
from qa.answering.answer import answer
from tests.support.pdf_files import Words, pdf
from tests.support.tables import retrieval_of

Rows = Sequence[Sequence[str]]

# Two hundred rows, so that those asked for stand far from the headings, in passages without them.
ROWS = [
    ("Place", "Guests", "Nights"),
    *((f"Harbour {n}", str(1000 + n), str(7000 + n)) for n in range(100)),
    ("Brodno", "98", "301"),
    ("Kiel", "", "412"),
]


def as_csv(rows: Rows) -> bytes:
    """A title, a column of numbers, and a semicolon at each line's end."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(["Guests of the houses", "", "", "", ""])
    for number, row in enumerate(rows):
        writer.writerow([str(number) if number else "", *row, ""])
    return file.getvalue().encode()


def as_tsv(rows: Rows) -> bytes:
    return "\r\n".join("\t".join(row) for row in rows).encode()


def as_markdown(rows: Rows) -> bytes:
    first, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join(["# Guests", "", first, "|---|--:|--:|", *others]).encode()


def as_html(rows: Rows) -> bytes:
    first, *others = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{row}</tr>" for row in [first.replace("td>", "th>"), *others])
    return f"<html><body><h1>Guests</h1><table>{body}</table></body></html>".encode()


def as_docx(rows: Rows) -> bytes:
    from docx import Document

    document = Document()
    document.add_heading("Guests", 1)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    return _saved(document.save)


def as_pptx(rows: Rows) -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    slide = slides.slides.add_slide(slides.slide_layouts[6])
    size = Inches(8)
    table = slide.shapes.add_table(len(rows), len(rows[0]), 0, 0, size, size).table
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    return _saved(slides.save)


def as_xlsx(rows: Rows) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    return _saved(book.save)


def as_pdf(rows: Rows) -> bytes:
    """Pages of forty rows; only the first has the headings."""
    pages = []
    for first in range(0, len(rows), 40):
        lines = enumerate(rows[first : first + 40])
        cells = [(text, 72 + 140 * at, 720 - 15 * line) for line, row in lines for at, text in enumerate(row)]
        pages.append([Words(text, x, y) for text, x, y in cells if text])
    return pdf(*pages)


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


WRITERS = {
    "csv": as_csv,
    "tsv": as_tsv,
    "md": as_markdown,
    "html": as_html,
    "docx": as_docx,
    "pptx": as_pptx,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_row_is_found_and_labelled(suffix: str) -> None:
    """Asked for one cell, the row is given with the names of its columns; an empty cell shifts none."""
    reading = read(WRITERS[suffix](ROWS), f"a.{suffix}")
    for place, cells in (("Brodno", {"Guests: 98", "Nights: 301"}), ("Kiel", {"Nights: 412"})):
        (claim, *_) = answer(f"How many nights in {place}?", retrieval_of(reading)).claims
        labels = claim.text.split(" | ")
        assert {f"Place: {place}", *cells} <= set(labels)
        assert len(labels) == len(cells) + 1 + (suffix == "csv")

"""Writes paragraphs of prose and one table as a file of many formats."""

from __future__ import annotations

import html
import io
import json
import textwrap
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.support.pdf_files import Words, paragraph, pdf

LINES_A_PAGE = 50
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands in a file: paragraphs, then the rows of a table, the first of which names the columns."""

    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def _text(written: Written) -> str:
    """Paragraphs wrapped as in a mail, and the table by commas."""
    parts = [textwrap.fill(each, 72) for each in written.paragraphs]
    return "\n\n".join([*parts, "\n".join(", ".join(row) for row in written.rows)])


def as_text(written: Written) -> bytes:
    return _text(Written(written.paragraphs)).encode()


def as_windows_text(written: Written) -> bytes:
    return _text(Written(written.paragraphs)).replace("\n", "\r\n").encode("utf-16")


def as_markdown(written: Written) -> bytes:
    head, *rows = (f"| {' | '.join(row)} |" for row in written.rows)
    rule = f"|{'---|' * len(written.rows[0])}"
    return "\n\n".join(["# A report", *written.paragraphs, "\n".join([head, rule, *rows])]).encode()


def as_rst(written: Written) -> bytes:
    return "\n\n".join(["A report\n========", *written.paragraphs]).encode()


def as_html(written: Written) -> bytes:
    prose = "".join(f"<p>{html.escape(each)}</p>\n" for each in written.paragraphs)
    head, *rows = written.rows
    table = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    names = "".join(f"<th>{name}</th>" for name in head)
    return f"<html><body>{prose}<table><tr>{names}</tr>{table}</table></body></html>".encode()


def as_csv(written: Written) -> bytes:
    return "\n".join(",".join(row) for row in written.rows).encode()


def as_json(written: Written) -> bytes:
    return json.dumps({"notes": list(written.paragraphs)}, indent=1).encode()


def as_json_lines(written: Written) -> bytes:
    return "".join(json.dumps({"note": each}) + "\n" for each in written.paragraphs).encode()


def as_mail(written: Written) -> bytes:
    head = "From: a@example.org\nTo: b@example.org\nSubject: A report\n\n"
    return (head + _text(Written(written.paragraphs)) + "\n").encode()


def as_subtitles(written: Written) -> bytes:
    cues = (
        f"{at}\n00:00:{at:02},000 --> 00:00:{at:02},900\n{textwrap.fill(each, 40)}\n"
        for at, each in enumerate(written.paragraphs, 1)
    )
    return "\n".join(cues).encode()


def as_notebook(written: Written) -> bytes:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": [each]} for each in written.paragraphs]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def as_rtf(written: Written) -> bytes:
    body = "".join(rf"\pard {each}\par " for each in written.paragraphs)
    return rf"{{\rtf1\ansi {body}}}".encode()


def as_odt(written: Written) -> bytes:
    prose = "".join(f"<text:p>{html.escape(each)}</text:p>" for each in written.paragraphs)
    body = f"<office:body><office:text>{prose}</office:text></office:body>"
    content = f"<office:document-content {ODF}>{body}</office:document-content>"
    return _zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def as_epub(written: Written) -> bytes:
    prose = "".join(f"<p>{html.escape(each)}</p>" for each in written.paragraphs)
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{prose}</body></html>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    return _zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "p.opf": package,
            "a.xhtml": page,
        }
    )


def as_docx(written: Written) -> bytes:
    from docx import Document

    document = Document()
    for each in written.paragraphs:
        document.add_paragraph(each)
    table = document.add_table(rows=len(written.rows), cols=len(written.rows[0]))
    for cells, row in zip(table.rows, written.rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    return _saved(document.save)


def as_pptx(written: Written) -> bytes:
    from pptx import Presentation
    from pptx.util import Inches

    slides = Presentation()
    for each in written.paragraphs:
        slide = slides.slides.add_slide(slides.slide_layouts[6])
        slide.shapes.add_textbox(0, 0, Inches(8), Inches(2)).text_frame.text = each
    return _saved(slides.save)


def as_xlsx(written: Written) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in written.rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    return _saved(book.save)


def as_pdf(written: Written) -> bytes:
    """Lines of eighty characters, a blank line between paragraphs, and the table in columns."""
    lines = [line for each in written.paragraphs for line in [*textwrap.wrap(each, 80), ""]]
    pages = [paragraph(*lines[at : at + LINES_A_PAGE]) for at in range(0, len(lines), LINES_A_PAGE)]
    cells = [
        Words(cell, 72 + 140 * column, 700 - 15 * at)
        for at, row in enumerate(written.rows)
        for column, cell in enumerate(row)
    ]
    return pdf(*([word for word in page if word.text] for page in pages), *([cells] if cells else []))


def _zipped(parts: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


WRITERS: Mapping[str, Callable[[Written], bytes]] = {
    "a.txt": as_text,
    "windows.txt": as_windows_text,
    "a.md": as_markdown,
    "a.rst": as_rst,
    "a.org": as_text,
    "a.html": as_html,
    "a.csv": as_csv,
    "a.json": as_json,
    "a.jsonl": as_json_lines,
    "a.eml": as_mail,
    "a.srt": as_subtitles,
    "a.ipynb": as_notebook,
    "a.rtf": as_rtf,
    "a.odt": as_odt,
    "a.epub": as_epub,
    "a.docx": as_docx,
    "a.pptx": as_pptx,
    "a.xlsx": as_xlsx,
    "a.pdf": as_pdf,
}


def made_up(seed: int, paragraphs: int = 7, rows: int = 8) -> Written:
    """Prose with names, numbers and dates, no sentence twice."""
    import random

    chance = random.Random(seed)
    places = ["Budapest", "Vienna", "Oslo", "Kiel", "Lyon", "Porto", "Riga", "Turin", "Ghent", "Brno"]
    acts: Sequence[str] = (
        "The council of {a} approved {n} million crowns for the harbour in {y}.",
        "A spokesman in {a} denied that the talks with {b} had been cancelled.",
        "Visitors to {a} rose by {n} percent after the line to {b} was opened.",
        "In {y} the bridge between {a} and {b} was closed for {n} weeks.",
        "Nobody in {a} had expected the {n} letters that came from {b}.",
        "The contract with {b}, signed in {y}, is worth {n} thousand crowns to {a}.",
    )

    def sentence() -> str:
        a, b = chance.sample(places, 2)
        return chance.choice(acts).format(a=a, b=b, n=chance.randint(12, 980), y=chance.randint(1801, 2025))

    prose = tuple(" ".join(sentence() for _ in range(chance.randint(2, 4))) for _ in range(paragraphs))
    names = chance.sample(places, min(rows, len(places)))
    table = [(name, str(chance.randint(100, 999)), str(chance.randint(1000, 9999))) for name in names]
    return Written(prose, (("Place", "Guests", "Nights"), *table))

"""The sheets of an OpenDocument spreadsheet: a page for each, with tables, comments, boxes and charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.readers.office.odf.tables import OdfSheet
from index.readers.office.odf.text import OdfParagraph
from index.readers.office.package import attribute, child, local
from index.readers.office.xlsx.tables import SheetLayout, add_sheet_tables

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from index.readers.office.odf.flow import OdfFlow


def add_sheets(flow: OdfFlow, body: Element) -> None:
    """Append every sheet; what is not in view is kept apart, but for rows that a filter hides."""
    folded = 0
    tables = [part for part in body if local(part) == "table"]
    for number, table in enumerate(tables, 1):
        with flow.hiding("on a hidden sheet", not flow.styles.get("table", table).shown):
            folded += _add_sheet(flow, table, attribute(table, "name") or f"Sheet {number}")
        flow.builder.end_page(number)
    if folded:
        flow.builder.notes.append(f"{folded} rows that a filter hides were read too, and marked")


def _add_sheet(flow: OdfFlow, table: Element, name: str) -> int:
    """Append one sheet; gives how many of its rows a filter hides."""
    hanging: list[OdfParagraph] = []
    comments: list[str] = []
    sheet = OdfSheet(table, lambda cell, place: _cell(flow, cell, place, hanging, comments), [])
    rows = list(sheet.rows())
    shapes = child(table, "shapes")
    if rows or shapes is not None:
        flow.builder.add("heading", name, 1)
    for line in sheet.unseen:
        flow.builder.hide(line, "in hidden rows or columns")
    add_sheet_tables(flow.builder, rows, SheetLayout(tuple(sheet.merged)))
    for comment in comments:
        flow.builder.add("paragraph", comment)
    flow.add(shape for found in hanging for shape in found.shapes)
    flow.add(shapes if shapes is not None else ())
    return sum(row.is_folded for row in rows)


def _cell(flow: OdfFlow, cell: Element, place: str, hanging: list[OdfParagraph], comments: list[str]) -> str:
    """What a cell shows; its comment, and the shapes in it, go to the lists."""
    texts = []
    shapes = OdfParagraph()
    for part in cell:
        name = local(part)
        if name == "annotation":
            creator = child(part, "creator")
            who = f" ({creator.text})" if creator is not None and creator.text else ""
            text = " ".join(flow.paragraph(p).text for p in part.iter() if local(p) == "p")
            comments.append(f"Comment on {place}{who}: {' '.join(text.split())}")
        elif name == "p":
            found = flow.paragraph(part)
            texts.append(found.text)
            shapes.shapes += found.shapes
        else:
            shapes.shapes.append(part)
    hanging += [shapes] if shapes.shapes else []
    return " ".join(" ".join(texts).split())

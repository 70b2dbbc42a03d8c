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


def add_sheets(flow: OdfFlow, body: Element) -> tuple[str, ...]:
    """Append every sheet; gives remarks about what is hidden and was read."""
    hidden = []
    hidden_rows = 0
    tables = [part for part in body if local(part) == "table"]
    for number, table in enumerate(tables, 1):
        name = attribute(table, "name") or f"Sheet {number}"
        hanging: list[OdfParagraph] = []
        comments: list[str] = []

        def text_of(
            cell: Element, place: str, hanging: list[OdfParagraph] = hanging, comments: list[str] = comments
        ) -> str:
            return _cell(flow, cell, place, hanging, comments)

        sheet = OdfSheet(table, text_of, [])
        rows = list(sheet.rows())
        shapes = child(table, "shapes")
        if rows or shapes is not None:
            flow.builder.add("heading", name, 1)
            if not flow.styles.get("table", table).shown:
                hidden.append(name)
        hidden_rows += sheet.hidden_rows
        add_sheet_tables(flow.builder, rows, SheetLayout(tuple(sheet.merged)))
        for comment in comments:
            flow.builder.add("paragraph", comment)
        flow.add(shape for found in hanging for shape in found.shapes)
        flow.add(shapes if shapes is not None else ())
        flow.builder.end_page(number)
    remarks = [f"hidden sheets were read too: {', '.join(hidden)}"] if hidden else []
    return (*remarks, *([f"{hidden_rows} hidden rows were read too"] if hidden_rows else []))


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

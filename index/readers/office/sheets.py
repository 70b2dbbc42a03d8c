"""Excel (.xlsx) to text: a page for each sheet, its tables with values as they are shown.

The sheet's name is a heading. Of a formula the result is read that the program stored when it last saved the
file. Comments, text boxes and charts follow the rows. Pictures are not read; struck-out text is not read but
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from index.errors import ReadError
from index.readers.builder import TextBuilder
from index.readers.office.package import attribute, main_part, open_office, properties, relations
from index.readers.office.parts.drawings import ShapeTexts
from index.readers.office.xlsx.notes import add_notes, embedded_objects, printed_lines
from index.readers.office.xlsx.tables import SheetLayout, add_sheet_tables
from index.readers.office.xlsx.view import area_of
from index.readers.office.xlsx.workbook import SheetLink, Workbook
from index.types import Reading

if TYPE_CHECKING:
    from index.readers.limits.archive import Archive

_KIND = "Excel file"
_HINT = "open it in Excel, and save it again"


def read_xlsx(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The rows of a workbook, one page for each sheet; cells of a row are joined by " | ".

    Numbers come as they are shown (12.5%, $1,200), dates in ISO form. What is not in view is kept apart;
    formulas whose result is not in the file are counted. Raises ReadError for what `open_office`
    refuses, and for a workbook without a value.
    """
    archive = open_office(data, kind=_KIND, suffix=".xlsx")
    path = main_part(archive, kind=_KIND)
    try:
        book = Workbook.of(archive, path)
        reading = _Sheets(archive, book)
        for number, sheet in enumerate(book.sheets, 1):
            reading.add(sheet)
            reading.builder.end_page(number)
    except (ParseError, LookupError) as exc:  # LookupError: an encoding nobody knows
        raise ReadError("a damaged Excel file: its sheets cannot be read", _HINT) from exc
    builder = reading.builder
    if not builder.length and reading.embedded:
        raise ReadError("only embedded objects in this workbook", "save them as files of their own")
    if builder.is_empty:
        raise ReadError("no values in this workbook", "nothing to do: its cells are empty")
    builder.notes += reading.remarks()
    about = properties(archive)
    return builder.reading(title=about.title, date=about.date)


@dataclass(slots=True)
class _Sheets:
    """A workbook while it is read."""

    archive: Archive
    book: Workbook
    builder: TextBuilder = field(default_factory=TextBuilder)
    texts: ShapeTexts = field(default_factory=ShapeTexts)
    embedded: int = 0

    def add(self, sheet: SheetLink) -> None:
        """Append one sheet, or keep apart what is on a hidden one."""
        if not sheet.hidden:
            self._read(sheet)
            return
        shown, self.builder = self.builder, TextBuilder()
        self._read(sheet)
        shown.hide_reading(self.builder.reading(), "on a hidden sheet")
        self.builder = shown

    def _read(self, sheet: SheetLink) -> None:
        """Append one sheet, its name first if there is anything on it."""
        inner = TextBuilder()
        data = self.archive.get(sheet.part) or b""
        links = relations(self.archive, sheet.part).values()
        parts = (self.archive.xml(link.part) for link in links if link.kind == "table")
        tables = [table for table in parts if table is not None]
        areas = tuple(area_of(attribute(table, "ref") or "") for table in tables)
        rows = self.book.rows(data, areas) if sheet.kind == "worksheet" and data else iter(())
        first = next(rows, None)
        if first is not None:
            self._add_name(sheet)
            layout = SheetLayout.of(data, tables)
            add_sheet_tables(self.builder, chain((first,), rows), layout)
        for text, by in self.book.unseen:
            self.builder.hide(text, by)
        self.book.unseen.clear()
        self.embedded += embedded_objects(data)
        add_notes(inner, self.archive, sheet.part, self.texts)
        lines = printed_lines(data)
        if first is None and (inner.length or lines):
            self._add_name(sheet)
        if inner.length:
            add_notes(self.builder, self.archive, sheet.part, ShapeTexts())
        for line in lines:
            self.builder.add("paragraph", line)

    def _add_name(self, sheet: SheetLink) -> None:
        self.builder.add("heading", sheet.name, 1)

    def remarks(self) -> Iterator[str]:
        """What is not shown and was read, and what was left out, and how often."""
        book = self.book
        if book.folded_rows:
            yield f"{book.folded_rows} rows that a filter or a closed group hides were read too, and marked"
        if self.embedded:
            yield f"{self.embedded} embedded objects were not read"
        if book.without_result:
            yield f"{book.without_result} formulas have no stored result; open the file in Excel and save it"
        if book.struck + self.texts.struck:
            yield f"struck-out text was not read, in {book.struck + self.texts.struck} places"

"""What stands on a sheet beside its cells."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook
from openpyxl.comments import Comment

from index.readers.office.xlsx.notes import embedded_objects, printed_lines
from tests.index.readers.office.test_sheets import read, saved
from tests.index.readers.office.test_word import replaced
from tests.support.readings import texts

A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def example() -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Roof", 1200])
    return book


def with_part(data: bytes, kind: str, name: str, content: str) -> bytes:
    """The workbook with one more part that its first sheet links to."""
    owner = "xl/worksheets/_rels/sheet1.xml.rels"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        links = (
            archive.read(owner).decode() if owner in archive.namelist() else "<Relationships></Relationships>"
        )
    link = f'<Relationship Id="p{kind}" Type="http://x/{kind}" Target="/xl/{name}"/></Relationships>'
    data = replaced(data, owner, links.replace("</Relationships>", link).encode())
    return replaced(data, f"xl/{name}", content.encode())


def test_comments_in_order_of_their_cells() -> None:
    """Each with its cell and author; the author's name at its beginning is written once."""
    book = example()
    sheet = book.active
    assert sheet is not None
    sheet["B1"].comment = Comment("Ruth:\nThe bill came to 1,480.", "Ruth")
    sheet["A1"].comment = Comment("New tiles.", "")
    assert texts(read(saved(book)))[2:] == [
        "Comment on A1: New tiles.",
        "Comment on B1 (Ruth): The bill came to 1,480.",
    ]


def test_threads_of_comments() -> None:
    """A thread is read, and its copy for older programs is not."""
    book = example()
    sheet = book.active
    assert sheet is not None
    sheet["B1"].comment = Comment("[Threaded comment] Your version of Excel …", "tc={1}")
    thread = (
        "<ThreadedComments><threadedComment ref='B1' personId='{p}'><text>Too much?</text></threadedComment>"
        "<threadedComment ref='B1' personId='{q}'><text>No.</text></threadedComment></ThreadedComments>"
    )
    data = with_part(saved(book), "threadedComment", "threadedComments/t.xml", thread)
    data = replaced(data, "xl/persons/person.xml", b"<l><person id='{p}' displayName='Ann'/></l>")
    assert sorted(texts(read(data))[2:]) == ["Comment on B1 (Ann): Too much?", "Comment on B1: No."]


def test_text_boxes() -> None:
    """Their paragraphs follow the rows, from the top; hidden ones are not read."""

    def box(row: int, text: str, hidden: int = 0) -> str:
        return (
            f"<anchor><from><col>0</col><row>{row}</row></from><sp>"
            f"<nvSpPr><cNvPr hidden='{hidden}'/></nvSpPr>"
            f"<txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></txBody></sp></anchor>"
        )

    drawing = f"<wsDr xmlns:a='{A}'>{box(9, 'below')}{box(1, 'above')}{box(2, 'never', 1)}</wsDr>"
    data = with_part(saved(example()), "drawing", "drawings/d.xml", drawing)
    assert texts(read(data))[2:] == ["above", "below"]


def test_printed_headers_and_footers() -> None:
    """Their words are text; page numbers, dates and looks are not."""
    book = example()
    sheet = book.active
    assert sheet is not None
    sheet.oddHeader.center.text = "Draft & secret"
    sheet.oddFooter.left.text = "Page &P of &N"
    assert texts(read(saved(book)))[2:] == ["Draft & secret"]
    looks = '&amp;"Arial,Bold"&amp;12&amp;K0000FF'
    xml = f"<oddFooter>&amp;L{looks}Harbour office&amp;C&amp;D&amp;RPage &amp;P</oddFooter>".encode()
    assert printed_lines(xml) == ["Harbour office"]


def test_embedded_objects_are_counted() -> None:
    """A file of another program is a picture on the sheet; what newer and older programs have is one."""
    tag = '<oleObject progId="Word.Document.12" shapeId="1025"/>'
    sheet = f'<oleObjects>{tag}<x:oleObject shapeId="1026" progId="P"/>{tag}</oleObjects>'
    assert embedded_objects(sheet.encode()) == 2

"""What one file may take: each limit has an error that names the setting which raises it."""

from __future__ import annotations

import io
import zipfile

import pytest

from index.errors import ReadError
from index.readers.formats import read
from index.readers.limits.limits import DEFAULT_LIMITS, Limits, limits_now, within
from tests.support.readings import texts
from tests.support.written_files import WRITERS, made_up

ROWS = "".join(f"<tr><td>name {at}</td><td>{at}</td></tr>" for at in range(30))
TABLES = {
    "a.csv": "".join(f"name {at},{at}\n" for at in range(30)).encode(),
    "a.tsv": "".join(f"name {at}\t{at}\n" for at in range(30)).encode(),
    "a.html": f"<table>{ROWS}</table>".encode(),
    "a.xlsx": WRITERS["a.xlsx"](made_up(1, rows=10)),
    "a.docx": WRITERS["a.docx"](made_up(1, rows=10)),
}


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("name", TABLES)
def test_cells(name: str) -> None:
    """A table of more is refused, in every format that has tables; one of fewer is read."""
    with within(Limits(cells=29)), pytest.raises(ReadError, match=r"29 cells \(raise max_cells to read it\)"):
        read(TABLES[name], name)
    with within(Limits(cells=60)):
        assert read(TABLES[name], name).blocks


@pytest.mark.parametrize("tag", ["div", "table", "ul", "blockquote"])
def test_depth(tag: str) -> None:
    """Of elements in each other."""
    page = (f"<{tag}>" * 60 + "words").encode()
    with within(Limits(depth=50)), pytest.raises(ReadError, match=r"more than 50 .*\(raise max_depth to"):
        read(page, "a.html")
    with within(Limits(depth=70)):
        assert texts(read(page, "a.html")) == ["words"]


def test_unpacked() -> None:
    """By what the directory of the archive declares: nothing is unpacked."""
    book = zipped("word/document.xml", bytes(3_000_000))
    with within(Limits(unpacked=2_000_000)), pytest.raises(ReadError, match=r"3 MB .*\(raise max_unpacked"):
        read(book, "a.docx")


def test_limits_last_as_long_as_the_file() -> None:
    """Those of one file are not those of the next."""
    with within(Limits(cells=7)):
        assert limits_now().cells == 7
    assert limits_now() is DEFAULT_LIMITS


def test_an_element_of_many_attributes_is_read() -> None:
    """The parser takes the square of their number: those beyond what people write are not looked at."""
    many = " ".join(f"data-a{at}='{at} > 1'" if at % 2 else f"b{at}" for at in range(3_000))
    page = f"<p {many.replace('>', '')}>First words.</p><p hidden {many}>x</p><p>Last words.</p>"
    assert texts(read(page.encode(), "a.html"))[0] == "First words."
    assert texts(read(page.encode(), "a.html"))[-1] == "Last words."


def test_cells_of_plain_text_are_those_of_the_long_way() -> None:
    """Most cells are read in a short way of their own."""
    plain = "<table><tr><th>Name<th>Place</tr><tr><td> a  b <td>c</tr><tr><td>d<td></td></tr></table>"
    long = plain.replace("<td>", "<td><span>").replace("<th>", "<th><span>")
    assert texts(read(plain.encode(), "a.html")) == texts(read(long.encode(), "a.html"))

"""Web archives: the page that was saved; pages inside it are counted."""

from __future__ import annotations

import base64

import pytest

from index.errors import ReadError
from index.readers.markup.mail.web_archive import read_mhtml
from tests.support.readings import check_reading, texts

HEAD = "From: <Saved by a browser>\nSubject: Saved page\nMIME-Version: 1.0\n"
PAGE = "<html><head><title>The boat</title></head><body><h1>Boat</h1><p>It costs €5.</p></body></html>"


def archive(*parts: str, more: str = "") -> bytes:
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f'{HEAD}Content-Type: multipart/related; boundary="b"{more}\n\n{body}--b--\n'.encode()


def html(page: str, identifier: str = "") -> str:
    packed = base64.b64encode(page.encode()).decode()
    head = f"Content-ID: {identifier}\n" if identifier else ""
    return f"Content-Type: text/html; charset=utf-8\n{head}Content-Transfer-Encoding: base64\n\n{packed}"


def test_the_page_is_read() -> None:
    """As HTML is; its style sheet is none of the text."""
    reading = read_mhtml(archive(html(PAGE), "Content-Type: text/css\n\np { color: red }"), "a.mhtml")
    check_reading(reading)
    assert texts(reading) == ["Boat", "It costs €5."]
    assert reading.title == "The boat"
    assert reading.notes == ()


def test_pages_inside_the_page_are_counted() -> None:
    """The one that the archive starts with is read."""
    parts = (html("<p>An inner page"), html(PAGE, "<root>"), html("<script>x</script>"))
    reading = read_mhtml(archive(*parts, more='; start="<root>"'), "a.mht")
    assert texts(reading) == ["Boat", "It costs €5."]
    assert reading.notes == ("1 page shown inside the page was not read",)


def test_a_page_alone() -> None:
    """Without other parts, and in the encoding that the page names."""
    page = b'Content-Type: text/html\n\n<meta charset="iso-8859-1"><p>caf\xe9 \x80</p>'
    reading = read_mhtml(HEAD.encode() + page, "a.mht")
    assert (texts(reading), reading.title) == (["café €"], "Saved page")


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"no archive", "not a mail message"),
        (archive("Content-Type: image/png\n\nx"), "no page"),
        (archive(html("<script>x</script>")), "shows no text"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    """The reason is in plain words."""
    with pytest.raises(ReadError) as caught:
        read_mhtml(data, "a.mht")
    assert cause in caught.value.cause

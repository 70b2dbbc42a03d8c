"""Mail: headers, one form of the text, attachments named; bad headers are only bad headers."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, strategies as st

from index.errors import ReadError
from index.readers.markup.mail.message import read_email
from index.types import Reading
from tests.support.readings import attempt, check_damaged, check_reading, mutations, texts


def message(text: str = "Dear all,\n\nthe summit is off.\n") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Summit café"
    mail["From"] = "Ann <ann@a.example>"
    mail["To"] = "bob@b.example"
    mail["Date"] = "Tue, 21 Oct 2025 23:30:00 -0500"
    mail.set_content(text)
    return mail


def read(data: bytes) -> Reading:
    reading = read_email(data, "a.eml")
    check_reading(reading)
    return reading


def test_headers_and_text() -> None:
    """The subject is title and heading; who, to whom and when come next; then the paragraphs."""
    reading = read(message().as_bytes())
    assert texts(reading) == [
        "Summit café",
        "From: Ann <ann@a.example>",
        "To: bob@b.example",
        "Date: Tue, 21 Oct 2025 23:30:00 -0500",
        "Dear all,",
        "the summit is off.",
    ]
    assert reading.title == "Summit café"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2025-10-21", "metadata")


def test_letters_beyond_ascii_may_stand_in_a_header() -> None:
    """Mail programs have written UTF-8, and Latin-1 before it, into headers as they are (RFC 6532)."""
    for encoding in ("utf-8", "latin-1"):
        data = "From: Ildikó <i@x.example>\nSubject: Málaga\n\nwords".encode(encoding)
        reading = read_email(data, "a.eml")
        assert (reading.title, "Ildikó" in reading.text) == ("Málaga", True)


def test_plain_text_is_preferred_and_attachments_are_named() -> None:
    """One of two forms is read; an attached file is not."""
    mail = message("plain words\n")
    mail.add_alternative("<p>rich words</p>", subtype="html")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
    reading = read(mail.as_bytes())
    assert texts(reading)[4:] == ["plain words"]
    assert reading.notes == ("attachments not read: plan.pdf",)


def test_html_alone_is_read_as_html() -> None:
    """Its blocks are those of the page."""
    mail = message()
    mail.set_content("<h1>Off</h1><p>The summit<br>is off.<script>no</script>", subtype="html")
    assert texts(read(mail.as_bytes()))[4:] == ["Off", "The summit\nis off."]


def test_a_forwarded_message_is_read() -> None:
    """Its subject is a heading below."""
    mail = message("see below\n")
    inner = message("inner words\n")
    inner.replace_header("Subject", "Inner")
    mail.add_attachment(inner)
    raw = mail.as_bytes().replace(b"Content-Disposition: attachment\n", b"")
    result = texts(read(raw))
    assert result[4:6] == ["see below", "Inner"]
    assert result[-1] == "inner words"


def test_wrapped_lines_are_joined() -> None:
    """Plain text wrapped by hand becomes whole paragraphs."""
    lines = "The two governments announced on Tuesday that the summit planned\nfor the end of the month was\n"
    assert texts(read(message(lines + "called off.\n").as_bytes()))[-1].count("\n") == 0


@pytest.mark.parametrize(
    "head",
    [
        "Subject: =?utf-8?b?a?=",
        "Subject: =?nonsense?q?abc?=",
        "Subject: =?utf-8?q?=ff=fe?=",
        "Subject: " + "=?utf-8?q?a?= " * 500,
        "Subject: a\nContent-Type: text/plain; charset=nonsense",
        'Subject: a\nContent-Type: text/plain; charset="\xff',
        "Subject: a\nContent-Type: ;;;===",
        "Subject: a\nContent-Transfer-Encoding: base64",
        "Subject: a\nContent-Disposition: attachment; filename*=x''%ff",
        'Subject: a\nFrom: <<<>>>,,;:"(',
        "Subject: a\nDate: 99 Foo 20255 99:99:99 +9999",
        "Subject: a\nContent-Type: multipart/mixed; boundary=",
        "Subject: a\nContent-Type: message/rfc822",
    ],
)
def test_bad_headers(head: str) -> None:
    """A header that cannot be understood stops nothing."""
    assert isinstance(attempt(read_email, f"{head}\n\nSome words.\n".encode("latin-1")), Reading)


def test_a_message_nested_without_end() -> None:
    """Thousands of parts within parts are refused or cut, not a RecursionError."""
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(1_500))
    result = attempt(read_email, f"Subject: a\n{parts}text".encode())
    assert isinstance(result, Reading) or "nested" in result.cause


@pytest.mark.parametrize("data", [b"", b"just text\n\nno header", b"\x00\x01"])
def test_what_is_no_message(data: bytes) -> None:
    """It is refused in plain words."""
    with pytest.raises(ReadError, match="not a mail message"):
        read_email(data, "a.eml")


def test_mutated_files() -> None:
    """Sixty damaged messages give a reading or a `ReadError`."""
    mail = message()
    mail.add_alternative("<p>rich</p>", subtype="html")
    mail.add_attachment(b"data", maintype="image", subtype="png", filename="a.png")
    check_damaged(read_email, mutations(mail.as_bytes(), 60, seed=17))


@given(st.text(max_size=200))
def test_spans_hold(text: str) -> None:
    """Whatever is written, blocks are trimmed, in order and apart."""
    body = text.encode("utf-8", "replace")
    read(b"Subject: a\nContent-Type: text/plain; charset=utf-8\n\n" + body)

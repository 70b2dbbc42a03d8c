"""Mail: headers, one form of the text, attachments named; bad headers are only bad headers."""

from __future__ import annotations

import base64
import time
from email import message_from_bytes
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
    """One of two forms that say the same is read; a file that no reader knows is named."""
    mail = message("plain words\n")
    mail.add_alternative("<h1>plain <b>words</b></h1>", subtype="html")
    mail.add_attachment(b"RIFF", maintype="audio", subtype="wav", filename="call.wav")
    reading = read(mail.as_bytes())
    assert texts(reading)[4:] == ["plain words"]
    assert reading.blocks[-1].kind == "paragraph"
    assert reading.notes == ("attachments not read: call.wav (no reader for .wav files)",)


@pytest.mark.parametrize(
    ("plain", "html", "expected"),
    [
        ("See the HTML form of this mail.", "<p>Two oars ship on 14 May.</p>", ["Two oars ship on 14 May."]),
        ("Two oars.", "<p>Two oars.</p><p>They ship on 14 May.</p>", ["Two oars.", "They ship on 14 May."]),
        ("Two oars, on 14 May.", "<p>Two oars.</p>", ["Two oars, on 14 May."]),
        ("Two oars.", "<img src=x>", ["Two oars."]),
        ("Oar 2\nMast 1", "<table><tr><td>Oar<td>2<tr><td>Mast<td>1</table>", ["Oar | 2", "Mast | 1"]),
        ("See https://x.example/oars?a=b for oars.", "<p>See <a href=x>for</a> oars.</p>", None),
        ("  ", "<p>Only here.</p>", ["Only here."]),
    ],
)
def test_the_fuller_form_is_read(plain: str, html: str, expected: list[str] | None) -> None:
    """A stub, or a form without its tables, does not stand for the message."""
    mail = message(f"{plain}\n")
    mail.add_alternative(html, subtype="html")
    assert texts(read(mail.as_bytes()))[4:] == (expected or [plain])


def test_a_form_that_says_something_else_is_noted() -> None:
    """One is read, as mail programs show it; that the other was not is said."""
    mail = message("Call us about your order.\n")
    mail.add_alternative("<p>Two oars ship on 14 May.</p>", subtype="html")
    assert read(mail.as_bytes()).notes == (
        "the plain form of the message says something else and was not read",
    )


@pytest.mark.parametrize(
    ("charset", "body", "expected"),
    [
        ("iso-8859-1", b"It costs \x8012,500 \x96 that\x92s all.", "It costs €12,500 – that’s all."),
        ("us-ascii", b"It costs \x805.", "It costs €5."),
        ("us-ascii", "It costs €5.".encode(), "It costs €5."),
        ("utf-8", b"It costs \x805 and more.", "It costs €5 and more."),
        ("ks_c_5601-1987", "배는 비싸다.".encode("cp949"), "배는 비싸다."),
        ("iso-2022-jp", "船は高い。".encode("iso2022_jp"), "船は高い。"),
        ("unknown-8bit", "It costs €5.".encode(), "It costs €5."),
    ],
)
def test_character_sets(charset: str, body: bytes, expected: str) -> None:
    """As mail programs read them: Latin-1 means Windows-1252; what does not fit is detected."""
    head = f"Subject: a\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert texts(read(head.encode() + body))[-1] == expected


def test_a_header_in_windows_1252() -> None:
    """Its label is taken as that of a text is."""
    assert read(b"Subject: =?iso-8859-1?Q?=8012_=96_net?=\n\nx").title == "€12 – net"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_a_file_in_another_encoding(encoding: str) -> None:
    """What its parts say of their encoding was true before it was converted."""
    text = "Subject: Café\nContent-Type: text/plain; charset=iso-8859-1\n\nIt costs €5.\n"
    if encoding == "utf-8-sig":
        text = text.replace("iso-8859-1", "utf-8")
    reading = read(text.encode(encoding))
    assert (reading.title, texts(reading)[-1]) == ("Café", "It costs €5.")


def test_an_answer_and_what_it_quotes() -> None:
    """Each is a block of its own, the quotation with its marks before it, the signature apart."""
    body = "Fine\n\nOn Tue, 7 May, Ann wrote:\n\n> Shall we meet\n> at ten?\n\n-- \nBo\n"
    reading = read(message(body).as_bytes())
    assert texts(reading)[4:] == ["Fine", "On Tue, 7 May, Ann wrote:", "Shall we meet at ten?", "Bo"]
    assert reading.text.endswith("wrote:\n\n> Shall we meet at ten?\n\n-- Bo")


def test_items_keep_their_numbers() -> None:
    """A number is in the text of its item, a bullet before it."""
    body = "Please do this:\n\n1. Fill the tank.\n2. Close the valve.\n\n> - one\n> - two\n"
    reading = read(message(body).as_bytes())
    assert texts(reading)[5:] == ["1. Fill the tank.", "2. Close the valve.", "one", "two"]
    assert reading.text.endswith("> - one\n\n> - two")


def test_an_invitation_is_said() -> None:
    """What, when and where stands below the message, once; one without an entry is named."""
    event = b"BEGIN:VEVENT\nSUMMARY:Council\nDTSTART:20250304T090000Z\nLOCATION:Hall\nEND:VEVENT\n"
    head = b"Subject: a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nAt ten.\n"
    begin = b"--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n"
    again = begin.replace(b"\n\n", b"\nContent-Disposition: attachment; filename=invite.ics\n\n")
    reading = read(head + begin + event + again + event + b"--b--\n")
    said = ["Council", "Begins: 2025-03-04 09:00 UTC", "Place: Hall"]
    assert (texts(reading), reading.notes) == (["a", "At ten.", *said], ())
    assert read(head + begin + b"--b--\n").notes == ("an invitation without an entry was not read",)


def test_the_plain_form_is_read_where_it_says_far_more() -> None:
    """The other form is a stub then, and a remark tells that it was not read."""
    mail = message("The oars ship on 14 May, the boat on 3 June by rail, and the price is 400 euros.\n")
    mail.add_alternative("<p>See attached.</p>", subtype="html")
    reading = read(mail.as_bytes())
    assert "The oars ship on 14 May" in reading.text
    assert reading.notes == ("the HTML form of the message says something else and was not read",)


def test_what_an_html_reply_quotes_is_marked() -> None:
    """As in plain text, the mark is in no block."""
    quoted = "<blockquote type=cite>Does Tuesday work?<blockquote class=gmail_quote>Or May?</blockquote>"
    mail = EmailMessage()
    mail["Subject"] = "a"
    mail.set_content(f"<p>Yes, it does.</p>{quoted}</blockquote><blockquote>Own words</blockquote>", "html")
    reading = read(mail.as_bytes())
    assert reading.text == "a\n\nYes, it does.\n\n> Does Tuesday work?\n\n> > Or May?\n\nOwn words"
    assert texts(reading)[2] == "Does Tuesday work?"


def test_a_part_in_base64_without_its_end() -> None:
    """What there is of it is read, and a remark tells."""
    head = b"Subject: a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    reading = read(head + base64.b64encode("Die Brücke kostet 40 €.".encode())[:-3])
    assert texts(reading) == ["a", "Die Brücke kostet 40 \ufffd"]
    assert "the end of 1 part of the message is missing and was not read" in reading.notes


def test_openpgp_is_taken_off() -> None:
    """Of a signed text the marks go; an encrypted one is counted."""
    signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe key is there.\n- -- \nAnn\n"
    signed += "-----BEGIN PGP SIGNATURE-----\n\niQEzBAEB\n-----END PGP SIGNATURE-----\n"
    assert texts(read(f"Subject: a\n\n{signed}".encode())) == ["a", "The key is there.", "Ann"]
    secret = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
    assert read(f"Subject: a\n\n{secret}".encode()).notes == ("1 encrypted passage (PGP) not read",)


def test_mails_in_mails_are_read() -> None:
    """A mailbox that is attached is read like any other file, down to the third in one another."""
    data = message("inner words\n").as_bytes()
    for _ in range(5):
        mail = message("outer\n")
        box = b"From a@a.example Mon Mar  3 10:00:00 2025\n" + data
        mail.add_attachment(box, maintype="application", subtype="mbox", filename="box.mbox")
        data = mail.as_bytes()
    reading = read(data)
    assert texts(reading).count("box.mbox") == 3
    assert any("box.mbox (a mail nested too deep)" in note for note in reading.notes)


def test_flowed_text() -> None:
    """Lines that say that they go on are joined."""
    head = b"Subject: a\nContent-Type: text/plain; format=flowed\n\n"
    assert texts(read(head + b"One \nsentence.\n> and \n> more"))[1:] == ["One sentence.", "and more"]


def test_attachments_are_read() -> None:
    """Under a heading with their name, tables with their columns; a mail below the one that holds it."""
    mail = message("see below\n")
    fees = "<table><tr><th>Fee<th>Sum<tr><td>Mooring<td>300</table>"
    mail.add_attachment(fees, subtype="html", filename="fees.html")
    mail.add_attachment(b"<h1>T</h1><ul><li>item</ul>", maintype="text", subtype="html", filename="p.html")
    inner = message("inner words\n").as_bytes()
    mail.add_attachment(inner, maintype="application", subtype="octet-stream", filename="older.eml")
    mail.add_attachment(b"junk", maintype="application", subtype="pdf", filename="plan.pdf")
    reading = read(mail.as_bytes())
    assert texts(reading)[4:11] == [
        "see below",
        "fees.html",
        "Fee | Sum",
        "Mooring | 300",
        "p.html",
        "T",
        "item",
    ]
    assert texts(reading)[-1] == "inner words"
    assert "• item" in reading.text
    (table,) = reading.tables
    assert table.span.of(reading.text) == "Fee | Sum\n\nMooring | 300"
    assert [block.level for block in reading.blocks if block.kind == "heading"] == [1, 2, 2, 3, 2]
    (note,) = reading.notes
    assert note.startswith("attachments not read: plan.pdf (")


def test_many_attachments() -> None:
    """Twenty are read, the rest is named, and not all of it."""
    mail = message("see below\n")
    for number in range(60):
        mail.add_attachment(f"Words {number}.\n", filename=f"a{number}.txt")
    reading = read(mail.as_bytes())
    assert sum("Words" in text for text in texts(reading)) == 20
    (note,) = reading.notes
    assert "a20.txt, a21.txt," in note
    assert note.endswith("a39.txt (only 20 are read) and 20 more")


def test_many_parts_are_looked_through_once() -> None:
    """Reading thousands of forms takes about as long as it takes to parse the message."""
    data = (
        b"Subject: a\nContent-Type: multipart/alternative; boundary=b\n\n"
        + b"--b\n\n" * 12_000
        + b"It was late.\n"
    )
    began = time.process_time()
    message_from_bytes(data)
    parsed = time.process_time()
    assert read_email(data, "a.eml").text.endswith("It was late.")
    assert time.process_time() - parsed < 4 * (parsed - began)  # what is not linear takes eight times as long


def test_long_words_are_looked_through_once() -> None:
    """A mail of words without a blank, which no address ends, is read in a moment."""
    both = message("word" * 100_000 + "\n\n" + "[image: " * 20_000)
    both.add_alternative("<p>word</p>", subtype="html")
    reading = read(both.as_bytes())
    assert "word" * 100_000 in reading.text
    assert reading.notes == ("the HTML form of the message says something else and was not read",)


def test_why_a_mail_came_back() -> None:
    """What the mail server states is read."""
    mail = (
        b"Subject: Undelivered\nContent-Type: multipart/report; boundary=b\n\n--b\n\nIt came back.\n"
        b"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x.example\n\n"
        b"Action: failed\n\n--b--\n"
    )
    assert texts(read(mail))[1:] == ["It came back.", "Reporting-MTA: dns; x.example", "Action: failed"]


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

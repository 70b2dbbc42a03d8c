"""Outlook messages: headers, the fuller form, attachments, messages in messages."""

from __future__ import annotations

import struct

import pytest

from index.errors import ReadError
from index.readers.markup.mail.outlook import read_msg
from index.types import Reading
from tests.support.compound import compound_file, outlook_message
from tests.support.readings import check_damaged, check_reading, mutations, texts

FEES = b"<table><tr><th>Item<th>Fee<tr><td>Mooring<td>300</table>"
SENT = 133595424000000000  # 2024-05-07 08:00 UTC
BASE: dict[str, str | bytes] = {
    "001A": "IPM.Note",
    "0037": "Price of the boat",
    "0C1A": "Ilse",
    "5D01": "ilse@a.example",
    "0E04": "Bo",
    "1000": "The boat costs €12,500.\r\n\r\nThat is my last word.\r\n",
}
ANN = outlook_message({"3001": "Ann", "39FE": "ann@b.example"}, numbers={0x0C15: 1}, header_size=8)
COPY = outlook_message({"3001": "Cy"}, numbers={0x0C15: 2}, header_size=8)


def message(**changed: str | bytes) -> dict[str, bytes]:
    """The streams of a message; `changed` names properties ("p1000") to change."""
    return outlook_message(BASE | {key[1:]: value for key, value in changed.items()}, numbers={0x0039: SENT})


def attached(name: str, data: bytes) -> dict[str, bytes]:
    return outlook_message({"3707": name, "3701": data}, header_size=8)


def read(streams: dict[str, bytes]) -> Reading:
    reading = read_msg(compound_file(streams), "a.msg")
    check_reading(reading)
    return reading


def inside(folder: str, streams: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": data for name, data in streams.items()}


def test_headers_and_text() -> None:
    """By Outlook's own properties, with the addresses of those who have one."""
    streams = (
        message() | inside("__recip_version1.0_#00000000", ANN) | inside("__recip_version1.0_#00000001", COPY)
    )
    reading = read(streams)
    assert texts(reading) == [
        "Price of the boat",
        "From: Ilse <ilse@a.example>",
        "To: Ann <ann@b.example>",
        "Cc: Cy",
        "Date: 2024-05-07 08:00 UTC",
        "The boat costs €12,500.",
        "That is my last word.",
    ]
    assert reading.title == "Price of the boat"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2024-05-07", "metadata")


def test_headers_of_the_mail_servers_come_first() -> None:
    """They are as they were sent."""
    sent = "Received: by x\r\nFrom: =?utf-8?q?Ilse_=C3=9C?= <i@a.example>\r\n"
    sent += "Date: Tue, 7 May 2024 10:00:00 +0200\r\n"
    assert texts(read(message(p007D=sent)))[1:4] == [
        "From: Ilse Ü <i@a.example>",
        "To: Bo",
        "Date: Tue, 7 May 2024 10:00:00 +0200",
    ]


def test_letters_beyond_ascii_in_the_headers_of_the_servers() -> None:
    """Outlook keeps them as text, whatever letters the servers let through."""
    reading = read(message(p007D="From: Ilse Ü <i@a.example>\r\nTo: Bø\r\n"))
    assert texts(reading)[1:3] == ["From: Ilse Ü <i@a.example>", "To: Bø"]


def test_html_that_says_more() -> None:
    """It is read as a page, in the encoding that it names."""
    html = '<meta charset="iso-8859-1"><p>The boat costs \x8012,500.</p><p>It is blue.</p>'.encode("latin-1")
    assert texts(read(message(p1013=html)))[4:] == ["The boat costs €12,500.", "It is blue."]


def test_text_in_a_code_page() -> None:
    """Old messages are not in Unicode."""
    streams = outlook_message({"0037": "x"}, numbers={0x3FFD: 1251, 0x0039: SENT})
    streams["__substg1.0_1000001E"] = "Лодка синяя.".encode("cp1251")
    assert texts(read(streams))[-1] == "Лодка синяя."


def test_attachments() -> None:
    """A file that a reader knows is read under its name; another is named; a message is read below."""
    inner = outlook_message({"0037": "Older", "1000": "Old words."}, header_size=24)
    streams = message()
    streams |= inside("__attach_version1.0_#00000000", attached("fees.html", FEES))
    streams |= inside("__attach_version1.0_#00000001", attached("boat.wav", b"x"))
    streams |= inside("__attach_version1.0_#00000002/__substg1.0_3701000D", inner)
    reading = read(streams)
    assert texts(reading)[-5:] == ["fees.html", "Item | Fee", "Mooring | 300", "Older", "Old words."]
    assert reading.notes == ("attachments not read: boat.wav (no reader for .wav files)",)
    assert len(reading.tables) == 1


def test_messages_nested_without_end() -> None:
    """A few levels are read, the rest is named."""
    streams = outlook_message({"0037": "deepest"}, header_size=24)
    for _ in range(8):
        streams = message() | inside("__attach_version1.0_#00000000/__substg1.0_3701000D", streams)
    reading = read(streams)
    assert reading.text.count("Price of the boat") == 5
    assert reading.notes == ("attachments not read: Price of the boat (a message nested too deep)",)


def test_what_is_no_mail_is_said() -> None:
    """Of a meeting its fields are not read."""
    (note,) = read(message(p001A="IPM.Appointment")).notes
    assert "IPM.Appointment" in note


def test_rtf_alone_is_said() -> None:
    """Without a reader for it, or if it is damaged."""
    streams = outlook_message({"0037": "x", "1009": struct.pack("<IIII", 1, 1, 1, 1)})
    assert read(streams).notes == ("the message is in RTF only and was not read",)


@pytest.mark.parametrize("data", [b"", b"PK", compound_file({"WordDocument": b"x"})])
def test_what_is_no_outlook_message(data: bytes) -> None:
    """It is refused in plain words."""
    with pytest.raises(ReadError, match="not an Outlook message"):
        read_msg(data, "a.msg")


def test_mutated_files() -> None:
    """Sixty damaged messages give a reading or a `ReadError`."""
    streams = message() | inside("__attach_version1.0_#00000000", attached("a.txt", b"Some words."))
    check_damaged(read_msg, mutations(compound_file(streams), 60, seed=3))

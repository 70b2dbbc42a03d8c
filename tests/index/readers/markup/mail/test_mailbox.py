"""Mailboxes: every message in order, with what is attached; bad ones are counted."""

from __future__ import annotations

import pytest

from index.errors import ReadError
from index.readers.markup.mail.mailbox import read_mbox
from tests.support.readings import check_damaged, check_reading, mutations, texts

SEPARATOR = "From ann@a.example Tue May  7 10:00:00 2024\n"


def message(number: int, words: str) -> str:
    return f"{SEPARATOR}From: Ann <ann@a.example>\nSubject: Mail {number}\n\n{words}\n\n"


def test_every_message_in_order() -> None:
    """Each under its subject; a line that was marked for the sake of the format is mended."""
    box = message(1, "The boat is blue.\n>From here it goes on.") + message(2, "From 9:00 on.\n\nNo.")
    reading = read_mbox(box.encode(), "a.mbox")
    check_reading(reading)
    assert texts(reading) == [
        "Mail 1",
        "From: Ann <ann@a.example>",
        "The boat is blue.",
        "From here it goes on.",
        "Mail 2",
        "From: Ann <ann@a.example>",
        "From 9:00 on.",
        "No.",
    ]
    assert (reading.title, reading.date) == (None, None)


def test_windows_line_ends_and_messages_without_headers() -> None:
    """The line before a message says that it is one, whatever headers it lacks."""
    box = message(1, "One.") + SEPARATOR + "\nBare words.\n\n" + message(2, "Two.")
    reading = read_mbox(box.replace("\n", "\r\n").encode(), "a.mbox")
    assert [text for text in texts(reading) if text.endswith(".")] == ["One.", "Bare words.", "Two."]
    assert reading.notes == ()


def test_equal_remarks_are_one() -> None:
    """What holds for many messages is said once, with how many times."""
    struck = "<p>a <del>b</del></p>"
    box = message(1, struck) + message(2, struck)
    box = box.replace("Subject", "Content-Type: text/html\nSubject")
    assert read_mbox(box.encode(), "a.mbox").notes == ("1 struck-out passage left out (2 times)",)


@pytest.mark.parametrize("data", [b"", b"no mail", SEPARATOR.encode()])
def test_what_is_no_mailbox(data: bytes) -> None:
    """It is refused in plain words."""
    with pytest.raises(ReadError, match="not a mailbox"):
        read_mbox(data, "a.mbox")


def test_mutated_files() -> None:
    """Sixty damaged mailboxes give a reading or a `ReadError`."""
    box = (message(1, "One.") + message(2, "Two.")).encode()
    check_damaged(read_mbox, [*mutations(box, 60, seed=5), b"From"])

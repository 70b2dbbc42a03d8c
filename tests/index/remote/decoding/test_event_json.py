"""Nothing of a stream is lost, whatever stands between its words; what only keeps it open is no word."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from index.remote.decoding.event_json import BrokenEvent, StreamDone, objects
from index.remote.decoding.sse import BYTE_ORDER_MARK, Event, events

A, B = {"a": 1}, {"b": "[DONE] é"}
ONE, TWO = json.dumps(A).encode(), json.dumps(B, ensure_ascii=False).encode()


def event(data: bytes, *, ended: bool = True) -> Event:
    return Event(tuple(data.split(b"\n")), ended)


def read(stream: bytes) -> tuple[list[dict[str, object]], bool]:
    """The objects of a whole stream, and whether it said that it was at its end."""
    found: list[dict[str, object]] = []
    try:
        for one in events([stream]):
            found += objects(one)
    except StreamDone:
        return found, True
    return found, False


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" ", b"ping", b": ping", b"[PING]", b"keep-alive", b": PROCESSING", b"1", b"null", b'""'),
        *(b'"heartbeat"', b"[]", b"true", b"OK", BYTE_ORDER_MARK, b"\t\n "),
    ],
)
def test_what_only_keeps_a_connection_open_is_nothing(data: bytes) -> None:
    """Between events, and before the first."""
    assert list(objects(event(data))) == []
    assert read(b"data: " + data + b"\n\ndata: " + ONE + b"\n\ndata: " + data + b"\n\n") == ([A], False)


@pytest.mark.parametrize(
    "data",
    [
        ONE + b"\n" + TWO,  # two lines of data without an empty one between them
        ONE + TWO,
        ONE + b" , " + TWO,
        ONE + b"data: " + TWO,
        b"[" + ONE + b"," + TWO + b"]",
        BYTE_ORDER_MARK + ONE + b"\n\n" + TWO,
        json.dumps(A, indent=1).encode() + b"\n" + json.dumps(B, indent=1, ensure_ascii=False).encode(),
    ],
)
def test_two_objects_in_one_event_are_two(data: bytes) -> None:
    """However they were joined."""
    assert list(objects(event(data))) == [A, B]


@pytest.mark.parametrize("end", [b"[DONE]", b" [DONE] ", b"[done]", b'"[DONE]"', b"DONE"])
def test_the_end_is_told_apart(end: bytes) -> None:
    """Also where it stands in the event of the last object; not where a text speaks of it."""
    assert read(b"data: " + ONE + b"\n\ndata: " + end + b"\n\n") == ([A], True)
    assert read(b"data: " + TWO + b"\ndata:" + end + b"\n\n") == ([B], True)


@pytest.mark.parametrize(
    "stream",
    [
        b"data: " + ONE + b"\n\ndata: " + TWO,
        b"data: " + ONE + b"\r\n\r\ndata: " + TWO + b"\r\n",
        b"data:" + ONE + b"\r\rdata:" + TWO + b"\r",
        BYTE_ORDER_MARK + b"data: " + ONE + b"\n\n" + BYTE_ORDER_MARK + b"data: " + TWO + b"\n\n",
        BYTE_ORDER_MARK + b": hi\n\nid: 7\nevent: message\ndata: " + ONE + b"\n\nretry: 9\ndata: " + TWO,
        b"\n\n\ndata: " + ONE + b"\n\n\n\ndata: " + TWO + b"\n\n\n",
    ],
)
def test_marks_and_line_ends_do_not_matter(stream: bytes) -> None:
    """Nor a last empty line that is missing, nor where the bytes were cut."""
    assert read(stream) == ([A, B], False)
    for size in (1, 2, 3, 7):
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert [row for one in events(pieces) for row in objects(one)] == [A, B]


@pytest.mark.parametrize(
    "data", [b"{", b'{"a": ', b'{"a": 1}{"b"', b'{"a": "\xff"}', b"[" * 100_000, b"<html>"]
)
def test_what_is_broken_is_said(data: bytes) -> None:
    """But not of the last event, if the end of the stream cut it off: that is said elsewhere."""
    with pytest.raises(BrokenEvent):
        list(objects(event(data)))
    assert list(objects(event(data, ended=False))) in ([], [A])


@pytest.mark.parametrize("text", ["Internal Server Error", "error: out of memory", "upstream timed out"])
def test_a_text_that_speaks_of_an_error_is_one(text: str) -> None:
    """With its words, in quotation marks or without."""
    assert list(objects(event(text.encode()))) == [{"error": text}]
    assert list(objects(event(json.dumps(text).encode()))) == [{"error": text}]


@given(st.binary(max_size=60))
def test_no_bytes_are_more_than_data(data: bytes) -> None:
    """Objects, the end, or broken: nothing else is raised."""
    for one in events([b"data: " + data + b"\n\n"]):
        with suppress(BrokenEvent, StreamDone):
            assert all(isinstance(row, dict) for row in objects(one))

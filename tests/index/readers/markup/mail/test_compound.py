"""Compound files: streams by path, long and short ones; damage ends no loop."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.markup.mail.compound import CompoundFile
from tests.support.compound import compound_file

STREAMS = {
    "a": b"short",
    "long": bytes(range(256)) * 40,
    "folder/b": b"x" * 64,
    "folder/inner/c": b"",
    "e": b"y" * 4096,
}


def test_streams_by_path() -> None:
    """Short ones stand in small sectors, long ones in their own; an empty one is there too."""
    file = CompoundFile(compound_file(STREAMS))
    assert {name: file.get(name) for name in file.names} == STREAMS
    assert file.get("nothing") is None


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK" * 500])
def test_what_is_no_compound_file(data: bytes) -> None:
    """It is refused in plain words."""
    with pytest.raises(ReadError, match="Outlook"):
        CompoundFile(data)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(24, 14_000), st.integers(0, 255)), max_size=30), st.integers(600, 20_000)
)
def test_damage_ends_no_loop(changes: list[tuple[int, int]], cut: int) -> None:
    """Whatever the bytes say, what is read is no longer than the file, a stream at a time."""
    data = bytearray(compound_file(STREAMS))
    for at, value in changes:
        data[at % len(data)] = value
    data = data[:cut]
    try:
        file = CompoundFile(bytes(data))
    except ReadError:
        return
    for name in file.names:
        content = file.get(name)
        assert content is not None
        assert len(content) <= len(data)


def test_a_chain_that_runs_in_a_circle() -> None:
    """It gives nothing."""
    data = bytearray(compound_file({"long": b"z" * 5_000}))
    table = len(data) - 512
    data[table : table + 4] = (0).to_bytes(4, "little")
    assert CompoundFile(bytes(data)).get("long") == b""

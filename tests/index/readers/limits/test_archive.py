"""Archives: what would become too large is refused before it is large."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given, strategies as st

from index.errors import ReadError
from index.readers.limits.archive import MAX_PARTS, Archive
from index.readers.limits.limits import DEFAULT_LIMITS


def zipped(parts: dict[str, bytes], *, level: int = 9) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def opened(data: bytes) -> Archive:
    return Archive(data, kind="Word file", suffixes=(".xml",))


@given(
    st.dictionaries(st.sampled_from(["a.xml", "b/c.xml", "../../d.xml", "/e.xml"]), st.binary(max_size=50))
)
def test_parts_come_back(parts: dict[str, bytes]) -> None:
    """Every text part is there, whatever its name; nothing is written anywhere."""
    archive = opened(zipped({**parts, "media/film.mp4": b"x"}))
    assert {name: archive.get(name) for name in archive.names} == parts
    assert archive.get("media/film.mp4") is None


def test_a_bomb_is_refused_without_inflating_it() -> None:
    """Zeros that would fill hundreds of megabytes never do."""
    block = bytes(2**20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.xml", "w") as part:
        for _ in range(40):
            part.write(block)
    data = out.getvalue()
    tracemalloc.start()
    with pytest.raises(ReadError, match="unpack to"):
        opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20


def test_a_declared_size_beyond_the_limit() -> None:
    """The directory's own figures are enough to refuse."""
    data = bytearray(zipped({"a.xml": b"text"}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (DEFAULT_LIMITS.unpacked + 1).to_bytes(4, "little")
    with pytest.raises(ReadError, match="MB of text"):
        opened(bytes(data))


def test_a_size_that_lies() -> None:
    """A part that holds more than it declares is damaged, and never held in memory whole."""
    data = bytearray(zipped({"a.xml": bytes(8 * 2**20)}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    tracemalloc.start()
    with pytest.raises(ReadError, match="damaged"):
        opened(bytes(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * 2**20


def test_too_many_parts() -> None:
    """A directory of countless parts is refused before it is listed."""
    data = bytearray(zipped({"a.xml": b"text"}))
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = (MAX_PARTS * 1000).to_bytes(4, "little")
    with pytest.raises(ReadError, match="parts"):
        opened(bytes(data))


def test_an_archive_within_an_archive_stays_closed() -> None:
    """Only one layer is ever opened."""
    inner = zipped({"a.xml": bytes(2**20)})
    assert opened(zipped({"inner.zip": inner, "b.xml": b"<b/>"})).names == ("b.xml",)


def test_an_encrypted_part() -> None:
    """It needs a password, and says so."""
    data = bytearray(zipped({"a.xml": b"text"}))
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.rfind(mark) + offset] |= 1
    with pytest.raises(ReadError, match="needs a password"):
        opened(bytes(data))


def test_the_packed_copy_is_honest() -> None:
    """What parsers get holds the same parts, without compression."""
    parts = {"a.xml": b"<a/>", "b.xml": b"<b/>" * 1000}
    with zipfile.ZipFile(opened(zipped(parts)).packed()) as copy:
        assert {info.filename: copy.read(info) for info in copy.infolist()} == parts
        assert all(info.compress_type == zipfile.ZIP_STORED for info in copy.infolist())

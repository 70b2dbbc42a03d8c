"""The text of a file of questions, whatever its encoding; nothing is replaced and nothing lost."""

from __future__ import annotations

from pathlib import Path

from index.errors import ReadError
from qa.errors import SetError

LARGEST = 500_000_000  # bytes; squad2's 3,967 questions are 2 million
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def file_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises SetError."""
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST else b""
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        reason = getattr(exc, "strerror", None) or str(exc)
        raise SetError(f"cannot read {path}: {reason}", "name a file of questions, .jsonl or .csv") from exc
    if size > LARGEST:
        raise SetError(f"{path} has more than {LARGEST:,} bytes", "split it into several sets")
    return data


def unicode_text(data: bytes, path: Path) -> str:
    """UTF-8, or UTF-16 with its mark, without a byte-order mark. Raises SetError that names the line."""
    if data.startswith(_UTF16) and len(data) % 2 == 0:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as exc:
            what = f"byte {exc.start + 1:,} is not UTF-16, as the file says it is"
            raise SetError(f"{path}: {what}", "save the file as UTF-8", [(path.name, what)]) from exc
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as exc:
        raise _not_utf8(data, exc, path) from exc


def any_text(data: bytes, path: Path) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text of a table, in whatever encoding a spreadsheet saved it, and a remark if that was a guess.

    Raises SetError for a file that no encoding fits to the last byte.
    """
    from index.readers.encoding.decoding import decode

    if not data or data.startswith(_UTF16):
        return unicode_text(data, path), ()
    if not data.count(0) and (text := _utf8(data)) is not None:
        return text, ()
    try:
        decoded = decode(data)
    except ReadError as exc:
        raise SetError(
            f"{path}: {exc.cause}", "save the file as UTF-8; a spreadsheet calls it CSV UTF-8"
        ) from exc
    if "\ufffd" in decoded.text:
        raise _damaged(data, path)
    what = f"not UTF-8: read as {decoded.encoding}; if letters look wrong, save it as UTF-8"
    said = not decoded.encoding.startswith("utf")
    return decoded.text, ((path.name, what),) if said else ()


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def _damaged(data: bytes, path: Path) -> SetError:
    try:
        data.decode()
    except UnicodeDecodeError as exc:
        return _not_utf8(data, exc, path)
    return SetError(f"{path}: some characters are damaged", "save the file as UTF-8")


def _not_utf8(data: bytes, exc: UnicodeDecodeError, path: Path) -> SetError:
    line = data.count(b"\n", 0, exc.start) + 1
    what = f"byte {exc.start + 1:,} (line {line:,}) is not UTF-8"
    hint = "save the file as UTF-8; a spreadsheet calls it CSV UTF-8"
    return SetError(f"{path}: {what}", hint, [(f"{path.name}:{line}", what)])

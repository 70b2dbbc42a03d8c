"""Giant and hostile mail."""

from __future__ import annotations

import base64
import gzip
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.giant_files.writing import MB, Maker, packed, paragraphs, sentences, times, write

_HEAD = (
    "From: a@example.org\nTo: b@example.org\nSubject: A giant mail\nDate: Tue, 7 May 2024 10:00:00 +0200\n"
)


def _plain(path: Path) -> None:
    write(path, [_HEAD, "\n", *(f"{part}\n\n" for part in paragraphs(90 * MB))])


def _encoded(path: Path) -> None:
    data = "\n\n".join(paragraphs(66 * MB)).encode()
    write(
        path,
        [_HEAD, "Content-Transfer-Encoding: base64\nContent-Type: text/plain\n\n", base64.encodebytes(data)],
    )


def _html(path: Path) -> None:
    write(
        path, [_HEAD, "Content-Type: text/html\n\n<p>", *(f"{part}</p>\n<p>" for part in paragraphs(40 * MB))]
    )


def _words(path: Path) -> None:
    write(
        path,
        [_HEAD.replace("A giant mail", "\n ".join(["=?utf-8?q?w=C3=B6rter?="] * 16_000)), "\nShort text.\n"],
    )


def _long_header(path: Path) -> None:
    write(path, [_HEAD, "To: ", *times("a <a@example.org>, ", 20 * MB), "\n\nShort text.\n"])


def _nested(path: Path) -> None:
    part = "Content-Type: message/rfc822\n\n"
    write(path, [_HEAD, part * 3_000, _HEAD, "\nThe innermost text.\n"])


def _parts(path: Path) -> None:
    parts = (f"--b\nContent-Type: text/plain\n\n{sentence}\n" for sentence in islice(sentences(), 100_000))
    write(path, [_HEAD, "Content-Type: multipart/mixed; boundary=b\n\n", *parts, "--b--\n"])


def _boundaries(path: Path) -> None:
    opened = "".join(f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(400))
    write(path, [_HEAD, opened, "Content-Type: text/plain\n\n", *("A line of it.\n" for _ in range(100_000))])


def _attached(name: str, data: bytes) -> Iterator[str | bytes]:
    yield (
        _HEAD
        + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n"
    )
    yield f'Content-Type: application/octet-stream; name="{name}"\nContent-Transfer-Encoding: base64\n\n'
    yield base64.encodebytes(data)
    yield "--b--\n"


def _gzip(path: Path) -> None:
    write(path, _attached("log.txt.gz", gzip.compress(bytes(300 * MB), 1)))


def _attached_bomb(path: Path) -> None:
    bomb = io.BytesIO()
    packed(bomb, [("word/document.xml", times(b" ", 500 * MB))])  # type: ignore[arg-type]
    write(path, _attached("a.docx", bomb.getvalue()))


def _mailbox(path: Path, count: int, size: int) -> None:
    line = "From a@example.org Tue May  7 10:00:00 2024\n"
    texts = paragraphs(10**12, size)
    write(path, (f"{line}{_HEAD}\n{next(texts)}\n\n" for _ in range(count)))


MAKERS: dict[str, Maker] = {
    "text, 90 MB.eml": _plain,
    "base64, 90 MB.eml": _encoded,
    "html, 40 MB.eml": _html,
    "16,000 encoded words.eml": _words,
    "header of 20 MB.eml": _long_header,
    "messages 3,000 deep.eml": _nested,
    "100,000 parts.eml": _parts,
    "400 boundaries.eml": _boundaries,
    "gzip of 300 MB.eml": _gzip,
    "docx of 500 MB.eml": _attached_bomb,
    "100,000 messages.mbox": lambda path: _mailbox(path, 100_000, 2),
    "4,500 messages, 90 MB.mbox": lambda path: _mailbox(path, 4_500, 210),
}

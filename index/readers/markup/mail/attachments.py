"""Files attached to a mail: read as parts of the same source, within limits, or named with the reason."""

from __future__ import annotations

import mimetypes
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from index.errors import ReadError
from index.readers.builder import TextBuilder, clean
from index.readers.formats import read, supported

_MOST = 20  # attachments of one file that are read
_MOST_BYTES = 100_000_000  # of all of them together
_MOST_NAMED = 20  # in a remark
_MAIL = frozenset((".eml", ".msg", ".mbox", ".mbx", ".mht", ".mhtml"))
_DEEPEST = 3  # files in files
_mails: ContextVar[int] = ContextVar("_mails", default=0)  # the files that are being read around this one


@dataclass(slots=True)
class Attachments:
    """What was attached to the mails of one file: how much was read, and what was not."""

    count: int = 0
    size: int = 0
    unread: list[tuple[str, str]] = field(default_factory=list)  # name and reason
    shown: list[list[bytes]] = field(default_factory=list)  # the words of invitations that were read

    def add(self, builder: TextBuilder, name: str, data: bytes, level: int) -> None:
        """Append the text of an attached file under a heading with its name, or remember why not."""
        reason = self._reason(name, data)
        if reason:
            self.unread.append((name, reason))
            return
        depth = _mails.set(_mails.get() + 1)
        try:
            reading = read(data, name)
        except ReadError as error:
            self.unread.append((name, error.cause))
            return
        finally:
            _mails.reset(depth)
        self.count += 1
        self.size += len(data)
        builder.add("heading", name, level)
        builder.add_reading(reading, below=level)
        builder.notes += [f"{name}: {note}" for note in reading.notes]

    def notes(self) -> list[str]:
        """One remark that names what was not read, by reason."""
        if not self.unread:
            return []
        names: dict[str, list[str]] = {}
        for name, reason in self.unread[:_MOST_NAMED]:
            names.setdefault(reason, []).append(name)
        named = "; ".join(f"{', '.join(some)} ({reason})" for reason, some in names.items())
        more = len(self.unread) - _MOST_NAMED
        return [f"attachments not read: {named}{f' and {more:,} more' if more > 0 else ''}"]

    def _reason(self, name: str, data: bytes) -> str | None:
        suffix = PurePosixPath(name).suffix.lower()
        if name.lower() == "winmail.dat":
            return "Outlook's own format, TNEF"
        if suffix in _MAIL and _mails.get() >= _DEEPEST:
            return "a mail nested too deep"
        if not suffix or not supported(name):
            return f"no reader for {suffix} files" if suffix else "a file of unknown kind"
        if self.count >= _MOST:
            return f"only {_MOST} are read"
        return "too large" if self.size + len(data) > _MOST_BYTES else None


def attached_name(name: str, kind: str) -> str:
    """The name of an attachment on one line; one made from its MIME type where it has none."""
    flat = " ".join(clean(name).replace("\\", "/").split())
    return PurePosixPath(flat).name or f"attachment{mimetypes.guess_extension(kind) or f' of type {kind}'}"

"""Opening files safely; their names as they are shown, why one was not read, whether one changed."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import TYPE_CHECKING

from index.errors import ReadError

if TYPE_CHECKING:
    from index.storage.records import FileRow
    from index.types import FileState

DEFAULT_MAX_FILE_SIZE = 100_000_000
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)  # none on Windows, where the inode alone has to do
    | getattr(os, "O_NONBLOCK", 0)  # a pipe put in the file's place must not hang us
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def clean_name(name: str) -> str:
    r"""`name` as valid Unicode: bytes of a file name that are not UTF-8 become `\xNN`.

    Invertible but for names that already hold such an escape; the walker refuses the second of such a pair.
    """
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def suffix_of(name: str) -> str:
    """The part of a file name from its last dot, in lower case: ".pdf", or "" if there is none."""
    return os.path.splitext(name)[1].lower()  # noqa: PTH122 - 100,000 names; a Path for each costs 10 times more


def open_regular(path: str, file: tuple[int, int] | None = None) -> int:
    """A descriptor for the regular file at `path`; with `file`, only if its inode and device are these.

    The check is made on what was opened, so that a link or pipe put there after the walk is caught.
    Raises OSError if it cannot be opened, ReadError if it is something else.
    """
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(f"a {kind_of(status.st_mode)}, not a file")
        if file is not None and file != (status.st_ino, status.st_dev):
            raise ReadError("it was replaced while it was being read", "Run the command again.")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_gone(path: str) -> bool:
    """True if nothing is at `path`; False too where we may not look."""
    try:
        os.lstat(path)
    except OSError as error:
        return error.errno in {errno.ENOENT, errno.ENOTDIR}
    return False


def file_state(row: FileRow) -> FileState:
    """Whether the file still has the bytes that were indexed.

    If its size, times and inode are those stored, that costs one look at its directory entry; if only its
    size is, it is read. "unreadable" is a file that we may not look at, or something else in its place.
    """
    path = os.path.realpath(row.location)
    try:
        status = os.stat(path)  # noqa: PTH116 - see `suffix_of`
        if status.st_size != row.stat.size:
            return "changed"
        changed = row.stat.ctime_ns not in (0, status.st_ctime_ns)  # 0: an earlier version did not note it
        if not changed and (status.st_mtime_ns, status.st_ino) == (row.stat.mtime_ns, row.stat.inode):
            return "current"
        same = sha256_of(path) == row.sha256
    except (OSError, ReadError):
        return "gone" if is_gone(row.location) or is_gone(path) else "unreadable"
    return "current" if same else "changed"


def plain_reason(error: OSError) -> str:
    """What the system said, in words: "permission denied" and not "[Errno 13] …: '/a/b'"."""
    words = {errno.ELOOP: "a link was put in its place", errno.ENOENT: "it vanished while it was being read"}
    message = (error.strerror or type(error).__name__).lower()
    return words.get(error.errno or 0, message if error.errno != errno.EIO else f"{message} (EIO)")


def sha256_of(path: str) -> str:
    """The hash of the regular file at `path`. Raises OSError, and ReadError if it is something else."""
    with os.fdopen(open_regular(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_small(path: str, limit: int = 1_000_000) -> bytes:
    """At most `limit` bytes of an ignore file."""
    with os.fdopen(open_regular(path), "rb") as file:
        return file.read(limit)


def kind_of(mode: int) -> str:
    """What a file of this mode is, in a word: "pipe", "folder"."""
    kinds = {
        stat.S_IFIFO: "pipe",
        stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "device",
        stat.S_IFBLK: "device",
        stat.S_IFDIR: "folder",
        stat.S_IFLNK: "link",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")

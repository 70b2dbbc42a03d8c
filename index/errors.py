"""What can go wrong, as a tree. Every error is one line of cause and one of what to do.

QaError                 the base: shown to the user as two lines, never as a traceback
 ├── UsageError         the command was called in a way that cannot work            exit 2
 ├── SettingsError      a setting, key or model is missing or wrong                 exit 4
 ├── ReadError          one file could not be read; the others go on                exit 1
 ├── StorageError       disk full, no permission, a write that failed               exit 1
 └── UnusableIndex      the index as a whole cannot be used                         exit 6
      ├── NoIndex           there is none
      ├── IndexLocked       another process writes to it
      ├── IndexTooNew       made by a newer version of this program
      ├── IndexMismatch     made with another embedding model or chunker
      └── IndexDamaged      its files are broken and cannot be mended by themselves
"""

from __future__ import annotations

from typing import ClassVar


class QaError(Exception):
    """A failure that the user can understand: `cause` says what, `hint` what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, cause: str, hint: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.hint = hint

    def __reduce__(self) -> tuple[type[QaError], tuple[str, str]]:
        """Survive the trip from a child process, where only `args` would be pickled."""
        return type(self), (self.cause, self.hint)


class UsageError(QaError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class SettingsError(QaError):
    """A setting, key or model is missing or wrong."""

    exit_code = 4


class ReadError(QaError):
    """One file could not be read. `cause` is the reason alone; whoever reports it names the file."""


class StorageError(QaError):
    """A disk is full, a permission is missing, or a write failed."""


class UnusableIndex(QaError):
    """The index as a whole cannot be used."""

    exit_code = 6


class NoIndex(UnusableIndex):
    """There is no index where one was looked for."""


class IndexLocked(UnusableIndex):
    """Another process is writing to the index."""


class IndexTooNew(UnusableIndex):
    """The index was made by a newer version of this program."""


class IndexMismatch(UnusableIndex):
    """The index was made with another embedding model or chunker than was asked for."""


class IndexDamaged(UnusableIndex):
    """The index's files are broken and cannot be mended without the documents."""

"""All exceptions of the project.

Each has one line of cause and one of what to do, `error.cause` and `error.hint`. The number is the exit code
of a command that ends with it, where it is not that of the error above.

QaError                       whatever a person can do something about                             exit 1
 ├── UsageError               what was asked for cannot work: an argument, an option, a file       exit 2
 │    ├── SetError                a file that is no question set; `rows` are those that do not fit
 │    └── TooNew                  a run folder written by a newer version of this program
 ├── SettingsError            a setting, key or model is missing or wrong                          exit 4
 ├── ReadError                one file could not be read; the others go on
 │    └── NoText                  there are no words in it, as in a photograph
 ├── StorageError             disk full, no permission, a write that failed
 │    ├── VectorsFailed           Chroma could not do what it was asked
 │    └── RunLocked               another process is writing to the run folder
 ├── ProcessDied              a process that was asked for an answer ended in the middle of it
 ├── UnusableIndex            the index as a whole cannot be used                                  exit 6
 │    ├── NoIndex                 there is none
 │    ├── IndexLocked             another process writes to it
 │    ├── SourceReplaced          a source was indexed anew, again and again, while it was asked
 │    ├── IndexTooNew             made by a newer version of this program
 │    ├── IndexMismatch           made with another embedding model or chunker
 │    └── IndexDamaged            its files are broken and cannot be mended without the documents
 ├── ModelError               a model gave no usable answer; `status` is the HTTP status, if any
 │    ├── ModelUnavailable        key, model or address are wrong; asking again changes nothing    exit 4
 │    │    ├── KeyRefused             401, 403, or a key that cannot be sent
 │    │    ├── UnknownModel           404
 │    │    ├── QuotaSpent             no money or quota left
 │    │    ├── Redirected             sent to another address, not followed
 │    │    └── UntrustedServer        its certificate proves nothing
 │    ├── ServerBusy              429, 5xx: up to 3 requests
 │    ├── NoConnection            refused, reset, cut off, …: up to 3 requests
 │    │    └── NoSuchHost             misspelt, or no network; one request
 │    ├── TooSlow                 the total time was over
 │    ├── InvalidAnswer           no JSON, a web page, no choices: up to 2 requests
 │    │    └── AnswerTooLarge         more than any answer needs; not read to its end
 │    ├── RequestRefused          400 and its like
 │    │    ├── OptionRefused          an option we can do without; asked again without it
 │    │    └── ContextTooLong         the prompt does not fit; `limit` in tokens if the server says
 │    ├── ModelDeclined           a refusal, a filter, or an empty answer
 │    │    └── OutOfTokens            its tokens went before its first word
 │    │         └── MoreToThink           the same, asked again with tokens to think in
 │    ├── TextRefused             a text that an embedding model does not take; `text` is it
 │    └── TooManyFailures         so many questions in a row failed that an evaluation was given up
 ├── CostLimit                the next call might cost more than may be spent
 └── GateFailed               an evaluation is not as good as its gates want it                    exit 5
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from index.errors import (
    AnswerTooLarge,
    ContextTooLong,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexTooNew,
    InvalidAnswer,
    KeyRefused,
    ModelDeclined,
    ModelError,
    ModelUnavailable,
    MoreToThink,
    NoConnection,
    NoIndex,
    NoSuchHost,
    NoText,
    OptionRefused,
    OutOfTokens,
    ProcessDied,
    QaError,
    QuotaSpent,
    ReadError,
    Redirected,
    RequestRefused,
    ServerBusy,
    SettingsError,
    SourceReplaced,
    StorageError,
    TextRefused,
    TooSlow,
    UnknownModel,
    UntrustedServer,
    UnusableIndex,
    UsageError,
    VectorsFailed,
)

__all__ = [
    "AnswerTooLarge",
    "ContextTooLong",
    "CostLimit",
    "GateFailed",
    "IndexDamaged",
    "IndexLocked",
    "IndexMismatch",
    "IndexTooNew",
    "InvalidAnswer",
    "KeyRefused",
    "ModelDeclined",
    "ModelError",
    "ModelUnavailable",
    "MoreToThink",
    "NoConnection",
    "NoIndex",
    "NoSuchHost",
    "NoText",
    "OptionRefused",
    "OutOfTokens",
    "ProcessDied",
    "QaError",
    "QuotaSpent",
    "ReadError",
    "Redirected",
    "RequestRefused",
    "RunLocked",
    "ServerBusy",
    "SetError",
    "SettingsError",
    "SourceReplaced",
    "StorageError",
    "TextRefused",
    "TooManyFailures",
    "TooNew",
    "TooSlow",
    "UnknownModel",
    "UntrustedServer",
    "UnusableIndex",
    "UsageError",
    "VectorsFailed",
]

_CODE = f"{Path(__file__).resolve().parents[1]}{os.sep}"  # what the paths of this program's files begin with


class SetError(UsageError):
    """A file that is no question set. `rows` are all rows that do not fit, as (place, what)."""

    def __init__(
        self,
        cause: str,
        hint: str = "",
        rows: Sequence[tuple[str, str]] = (),
        *,
        option: str | tuple[str, ...] = (),
    ) -> None:
        super().__init__(cause, hint, option=option)
        self.rows = tuple(rows)


class TooNew(UsageError):
    """What was read was written by a newer version of this program."""


class RunLocked(StorageError):
    """Another process is writing to the run folder."""


class CostLimit(QaError):
    """The next call might cost more than is left of what may be spent."""


class TooManyFailures(ModelError):
    """So many questions in a row got no answer that the others would not either."""


class GateFailed(QaError):
    """A run is not as good as its gates want it."""

    exit_code = 5


def unforeseen(error: Exception) -> tuple[str, str]:
    """Cause and hint for what no part of the program knew how to handle, without a word of any document."""
    if isinstance(error, MemoryError):
        return "there is not enough memory", "close other programs"
    if isinstance(error, ImportError):
        return f"a package that qa needs does not load: {error}", "install qa again"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_CODE)]
    at = f" at {ours[-1].filename.removeprefix(_CODE)}:{ours[-1].lineno}" if ours else ""
    return (
        f"internal error: {type(error).__name__}{at}",
        "this is a mistake in qa; its debug option shows more",
    )

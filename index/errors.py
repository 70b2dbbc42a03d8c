"""Errors of files, the index and model servers: each with a line of cause and one of what to do.

Each class follows the one that it is a kind of; qa/errors.py draws the whole tree, with what `qa` adds to it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import ClassVar, Self


class QaError(Exception):
    """A failure that the user can understand: `cause` says what, `hint` what to do about it.

    `options` are the settings to change, by the names that they have in Python: `("max_cost", "k")`. How a
    person writes one depends on where they are, so texts spell none; see `spelled`. `exit_code` is that of a
    command that ends with it.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, cause: str, hint: str = "", *, option: str | tuple[str, ...] = ()) -> None:
        super().__init__(cause)
        self.cause = cause
        self.hint = hint
        self.options = (option,) if isinstance(option, str) else option

    def __reduce__(self) -> tuple[type[QaError], tuple[str, str], dict[str, object]]:
        """Survive the trip from a child process, where only `args` would be pickled."""
        return type(self), (self.cause, self.hint), {"options": self.options}

    def spelled(self, spell: Callable[[str], str]) -> tuple[str, str]:
        """Cause and hint with the options as `spell` writes them, each once.

        An option that the cause is about, "k takes …" or "k: …", is written in its place: "--k takes …". The
        others follow the hint: "raise the limit (--max-cost)".
        """
        cause, behind = self.cause, []
        for option in self.options:
            if cause.startswith((f"{option} takes ", f"{option}: ")):
                cause = spell(option) + cause.removeprefix(option)
            else:
                behind.append(spell(option))
        return cause, f"{self.hint} ({', '.join(behind)})" if self.hint and behind else self.hint


class UsageError(QaError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class SettingsError(QaError):
    """A setting, key or model is missing or wrong."""

    exit_code = 4


class ReadError(QaError):
    """One file could not be read. `cause` is the reason alone; whoever reports it names the file."""


class NoText(ReadError):
    """There are no words in the file, and nothing is wrong with that: a photograph."""


class StorageError(QaError):
    """A disk is full, a permission is missing, or a write failed."""


class VectorsFailed(StorageError):
    """Chroma could not do what it was asked. Its files are not to be trusted after a failed write."""


class ProcessDied(QaError):
    """A process that worked for this one ended in the middle of it: killed, out of memory, crashed."""


class UnusableIndex(QaError):
    """The index as a whole cannot be used."""

    exit_code = 6


class NoIndex(UnusableIndex):
    """There is no index where one was looked for."""


class IndexLocked(UnusableIndex):
    """Another process is writing to the index: `holder` says which, in words."""

    holder: str = "another process"


class SourceReplaced(UnusableIndex):
    """The text of a source was wanted once more, after somebody had indexed it anew or removed it."""


class IndexTooNew(UnusableIndex):
    """The index was made by a newer version of this program."""


class IndexMismatch(UnusableIndex):
    """The index was made with another embedding model or chunker than was asked for."""


class IndexDamaged(UnusableIndex):
    """The index's files are broken and cannot be mended without the documents."""


class ModelError(QaError):
    """A model, or its server, gave no usable answer.

    `retryable` says whether the same request may succeed a moment later, `requests` how often it is made at
    most; `status` is the HTTP status, if it came to one, and `retry_after` the seconds the server asked us
    to wait.
    """

    retryable: ClassVar[bool] = False
    requests: ClassVar[int] = 1
    status: int | None = None
    retry_after: float | None = None

    def after(self, tries: int) -> Self:
        """The same error, saying that it came `tries` times."""
        if tries < 2:
            return self
        again = copy(self)
        again.__dict__.update(self.__dict__)  # what a copy leaves behind: status, limit and their like
        again.cause = f"{self.cause} ({tries} requests)"
        again.args = (again.cause,)
        return again


class ModelUnavailable(ModelError):
    """The key, the model or the server's address is missing or wrong: asking again changes nothing."""

    exit_code = 4


class KeyRefused(ModelUnavailable):
    """The key is missing, malformed, refused, or may not use this (401, 403)."""


class UnknownModel(ModelUnavailable):
    """The server has no such model, or nothing at that address (404)."""


class QuotaSpent(ModelUnavailable):
    """The account has no money or quota left; waiting does not help."""


class Redirected(ModelUnavailable):
    """The server sends us elsewhere. Not followed: the documents would go there too."""


class UntrustedServer(ModelUnavailable):
    """The server's certificate does not prove that it is the one named. Verification is never turned off."""


class ServerBusy(ModelError):
    """The server is overloaded or broken for the moment (408, 409, 429, 5xx)."""

    retryable = True
    requests = 3


class NoConnection(ModelError):
    """The server could not be reached, or hung up."""

    retryable = True
    requests = 3


class NoSuchHost(NoConnection):
    """The server's name is not known here: misspelt, or there is no network at all. Not tried again."""

    retryable = False
    requests = 1


class TooSlow(ModelError):
    """The total time for the call was over."""


class InvalidAnswer(ModelError):
    """What came back is not what the protocol says: no JSON, no choices, a web page."""

    retryable = True
    requests = 2


class AnswerTooLarge(InvalidAnswer):
    """What came back is longer than any answer; the rest was not read."""

    retryable = False
    requests = 1


class RequestRefused(ModelError):
    """The server does not take the request as it is (400, 413, 422 …)."""

    mentioned: str = ""  # the server's own words, all of them, to look an option's name up in


class OptionRefused(RequestRefused):
    """The server does not take an option we can do without; asked again at once without it."""

    retryable = True
    requests = 3
    retry_after = 0.0


class ContextTooLong(RequestRefused):
    """The prompt is longer than the model can read.

    `limit` is what it can read, `prompt` how long the prompt is and `total` how long it is with the room for
    an answer that was asked for: in tokens, by the server's own count, as far as it says. `apart` is true if
    the answer has no part in `limit`.
    """

    limit: int | None = None
    prompt: int | None = None
    total: int | None = None
    apart: bool = False


class ModelDeclined(ModelError):
    """The model or its provider would not answer: a refusal, a filter, or nothing at all."""


class OutOfTokens(ModelDeclined):
    """The tokens that an answer may take were used up before its first word: the model has only thought."""


class MoreToThink(OutOfTokens):
    """The same, of a call that gave no tokens to think in; asked again at once with some."""

    retryable = True
    requests = 3
    retry_after = 0.0


class TextRefused(ModelError):
    """One text that an embedding model does not take, whatever it is sent with; `text` is that text."""

    text: str = ""

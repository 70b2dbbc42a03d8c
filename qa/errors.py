"""Every error of the project in one tree, for whoever catches them. Defines none itself: index and models do.

QaError                     two lines for the user, never a traceback                              exit 1
 ├── UsageError             the command was called in a way that cannot work                       exit 2
 ├── SettingsError          a setting, key or model is missing or wrong                            exit 4
 ├── ReadError, StorageError, UnusableIndex …     (index/errors.py)
 └── ModelError             a model gave no usable answer                                          exit 1
      ├── ModelUnavailable      key, model or address are wrong; asking again changes nothing      exit 4
      │    ├── KeyRefused           401, 403, or a key that cannot be sent
      │    ├── UnknownModel         404
      │    ├── QuotaSpent           no money or quota left
      │    ├── Redirected           sent to another address, not followed
      │    └── UntrustedServer      its certificate proves nothing
      ├── ServerBusy            429, 5xx: up to 3 requests
      ├── NoConnection          refused, reset, cut off, …: up to 3 requests
      │    └── NoSuchHost           misspelt, or no network; one request
      ├── TooSlow               the total time was over
      ├── InvalidAnswer         no JSON, a web page, no choices: up to 2 requests
      │    └── AnswerTooLarge       more than any answer needs; not read to its end
      ├── RequestRefused        400 and its like
      │    ├── OptionRefused        an option we can do without; asked again without it
      │    └── ContextTooLong       the prompt does not fit; `limit` in tokens if the server says
      ├── ModelDeclined         a refusal, a filter, or an empty answer
      │    └── OutOfTokens          its tokens went before its first word
      │         └── MoreToThink         the same, asked again with tokens to think in
      └── TextRefused           a text that an embedding model does not take; `text` is it
"""

from __future__ import annotations

from index.errors import (
    AnswerTooLarge,
    ContextTooLong,
    InvalidAnswer,
    KeyRefused,
    ModelDeclined,
    ModelError,
    ModelUnavailable,
    MoreToThink,
    NoConnection,
    NoSuchHost,
    OptionRefused,
    OutOfTokens,
    QaError,
    QuotaSpent,
    Redirected,
    RequestRefused,
    ServerBusy,
    SettingsError,
    TextRefused,
    TooSlow,
    UnknownModel,
    UntrustedServer,
    UsageError,
)

__all__ = [
    "AnswerTooLarge",
    "ContextTooLong",
    "InvalidAnswer",
    "KeyRefused",
    "ModelDeclined",
    "ModelError",
    "ModelUnavailable",
    "MoreToThink",
    "NoConnection",
    "NoSuchHost",
    "OptionRefused",
    "OutOfTokens",
    "QaError",
    "QuotaSpent",
    "Redirected",
    "RequestRefused",
    "ServerBusy",
    "SettingsError",
    "TextRefused",
    "TooSlow",
    "UnknownModel",
    "UntrustedServer",
    "UsageError",
]

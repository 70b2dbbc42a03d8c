"""Error responses of model servers, mapped to the project's errors.

The words are those of OpenAI, vLLM, llama.cpp, Ollama, LM Studio, LiteLLM and what stands in front of them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from index.errors import (
    ContextTooLong,
    InvalidAnswer,
    KeyRefused,
    ModelError,
    ModelUnavailable,
    QuotaSpent,
    Redirected,
    RequestRefused,
    ServerBusy,
    UnknownModel,
)
from index.remote.masking import mask_line

CHECK_ADDRESS = "check the server's address (OPENAI_BASE_URL, which usually ends in /v1) and any proxy"
TRY_LATER = "try again in a moment"
MORE_TIME = "try again, or allow more time for an answer"

_SPENT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_funds"}
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length|context (?:length|window|size)"
    r"|prompt (?:is )?too long|(?:too many|maximum) (?:input )?tokens|input (?:is|was) too (?:long|large)"
    r"|maximum input length|must have less than \d+ tokens",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"(?:maximum context length|context (?:length|window|size)|n_ctx)[^0-9]{0,40}([0-9][0-9,]{2,10})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Service:
    """A server as it is spoken of: its `host`, the `model` asked for, and what must not be repeated."""

    host: str
    model: str
    key_origin: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def line(self, words: str) -> str:
        """A server's words, fit to be shown."""
        return mask_line(words, self.secrets)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What an error's body says: `message` for people, `codes` for programs, `words` is all of it."""

    message: str = ""
    codes: frozenset[str] = frozenset()
    words: str = ""


def parse_error_body(body: bytes) -> ErrorBody:
    """The message in a body, wherever that server puts it; a web page has none."""
    words = body.decode("utf-8", "replace")
    try:
        content = json.loads(words)
    except (ValueError, RecursionError):
        return ErrorBody("" if "<" in words[:200] else words, words=words)
    return parse_error(content, words)


def parse_error(content: object, words: str = "") -> ErrorBody:
    """The same for a body already parsed, or the error object of a stream."""
    words = words or json.dumps(content)[:100_000]
    if isinstance(content, dict) and isinstance(content.get("error"), dict | str):
        content = content["error"]
    if isinstance(content, str):
        return ErrorBody(content, words=words)
    if not isinstance(content, dict):
        return ErrorBody(words=words)
    message = next((content[name] for name in ("message", "detail", "error") if content.get(name)), "")
    codes = frozenset(str(content[name]) for name in ("code", "type") if content.get(name) is not None)
    return ErrorBody(message if isinstance(message, str) else json.dumps(message), codes, words)


def refusal(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ModelError:
    """The error for an answer with `status`, most specific first."""
    if 300 <= status < 400:
        return _redirected(service, status, headers.get("location", ""))
    error = _by_status(service, status, parse_error_body(body))
    error.status = status
    if isinstance(error, ServerBusy):
        error.retry_after = retry_after(headers)
        if error.retry_after is not None and error.retry_after >= 1:
            error.cause += f" and asks to wait {error.retry_after:,.0f} s"
            error.args = (error.cause,)
    return error


def error_object(service: Service, content: object) -> ModelError:
    """The error for an error object where an answer should be: with status 200, or in a stream."""
    what = parse_error(content)
    number = next((int(code) for code in what.codes if re.fullmatch(r"[45][0-9]{2}", code)), None)
    if number is None and not (what.codes & _SPENT or _TOO_LONG.search(what.message)):
        words = service.line(what.message) or "no reason given"
        return ServerBusy(f"{service.host} broke off with an error: {words}", TRY_LATER)
    error = _by_status(service, number or 400, what)
    error.status = number
    return error


def invalid(host: str, why: str) -> InvalidAnswer:
    """The error for an answer that is none."""
    return InvalidAnswer(f"invalid answer from {host}: {why}", CHECK_ADDRESS)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.

    RFC 9110, section 10.2.3. None where it says nothing that can be understood.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*", value := headers.get(name, "")):
            return float(value) / unit
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", "")).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, moment - time.time())


def _by_status(service: Service, status: int, what: ErrorBody) -> ModelError:
    if status == 402 or what.codes & _SPENT:
        cause = f"the account at {service.host} has no quota left ({status})"
        return QuotaSpent(cause, "check plan and billing there")
    if status in (400, 413, 422, 500) and (_TOO_LONG.search(what.message) or _any_too_long(what)):
        return _too_long(service, what)
    if status == 404:
        return _not_found(service, what)
    row = _KINDS.get(status) or _KINDS[500 if status >= 500 else 400]
    message = service.line(what.message) if status != 401 else ""  # it repeats the key, or a part of it
    cause = row.cause.format(host=service.host, model=service.model, key=service.key_origin)
    hint = row.hint.format(key=service.key_origin)
    error = row.kind(f"{cause} ({status})" + (f": {message}" if message else ""), hint, option=row.option)
    if isinstance(error, RequestRefused):
        error.mentioned = what.words
    return error


@dataclass(frozen=True, slots=True)
class _Refusal:
    """The error for a status: its class, and its two lines with {host}, {model} and {key} to be filled in."""

    kind: type[ModelError]
    cause: str
    hint: str
    option: str | tuple[str, ...] = ()


_NEW_KEY = "check the key in {key}, or set another"
_KINDS: dict[int, _Refusal] = {
    400: _Refusal(RequestRefused, "{host} refused the request", "try another model", "model"),
    401: _Refusal(KeyRefused, "{host} refused the key from {key}", _NEW_KEY),
    403: _Refusal(
        KeyRefused, "{host} refuses access to {model}", "use another key or another model", "model"
    ),
    405: _Refusal(ModelUnavailable, "{host} does not take such requests", CHECK_ADDRESS),
    407: _Refusal(ModelUnavailable, "the proxy wants a login", "set HTTPS_PROXY with user and password"),
    408: _Refusal(ServerBusy, "{host} was too slow", TRY_LATER),
    409: _Refusal(ServerBusy, "{host} is busy", TRY_LATER),
    425: _Refusal(ServerBusy, "{host} is busy", TRY_LATER),
    429: _Refusal(ServerBusy, "{host} has too many requests", TRY_LATER),
    500: _Refusal(ServerBusy, "{host} has failed", TRY_LATER),
    501: _Refusal(ModelUnavailable, "{host} does not take such requests", CHECK_ADDRESS),
    505: _Refusal(ModelUnavailable, "{host} does not take such requests", CHECK_ADDRESS),
    529: _Refusal(ServerBusy, "{host} is overloaded", TRY_LATER),
}


def _any_too_long(what: ErrorBody) -> bool:
    return any(_TOO_LONG.search(code) for code in what.codes)


def _too_long(service: Service, what: ErrorBody) -> ContextTooLong:
    error = ContextTooLong(
        f"the prompt is longer than {service.model} can read", "ask with fewer passages", option="k"
    )
    if limit := _LIMIT.search(what.message) or _LIMIT.search(what.words):
        error.limit = int(limit[1].replace(",", ""))
    error.mentioned = what.words
    return error


def _not_found(service: Service, what: ErrorBody) -> ModelError:
    message = service.line(what.message)
    if "model" in what.words.casefold():
        cause = f"{service.host} has no model {service.model} (404)" + (f": {message}" if message else "")
        return UnknownModel(cause, "choose another", option="model")
    return ModelUnavailable(f"{service.host} has nothing at that address (404)", CHECK_ADDRESS)


def _redirected(service: Service, status: int, location: str) -> Redirected:
    try:
        target = urlsplit(location)
        where = service.line(f"{target.scheme}://{target.hostname}") if target.hostname else "another path"
    except ValueError:
        where = "another address"
    return Redirected(
        f"{service.host} sends us on to {where} ({status}), which was not followed",
        "if that address is right, set OPENAI_BASE_URL to it",
    )

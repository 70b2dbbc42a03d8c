"""Error responses of model servers, mapped to the project's errors.

The words are those of OpenAI, vLLM, llama.cpp, Ollama, LM Studio, LiteLLM and what stands in front of them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
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
from index.remote.error_body import ErrorBody, parse_error, parse_error_body
from index.remote.masking import NO_SECRETS, Masked, Secrets, mask_line, masked
from index.remote.proxies import Proxy, proxy_refusal
from index.remote.too_long import Length, is_rate_limit, too_long
from index.text.patterns import lazy_compile

CHECK_ADDRESS = "check the server's address (OPENAI_BASE_URL, which usually ends in /v1) and any proxy"
TRY_LATER = "try again in a moment"

_SPENT = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_funds"}
_SPENT_WORDS = lazy_compile(
    r"insufficient (?:balance|credits?|funds|quota)|credit balance is too low|requires more credits"
    r"|billing hard limit|payment required",
    re.IGNORECASE,
)
_AGAIN_IN = lazy_compile(r"(?:try again|retry) in (?:([0-9]+)m)?([0-9]+(?:\.[0-9]+)?)(ms|s)\b", re.IGNORECASE)
# What the codes of an error without a status stand for: Google's, OpenAI's, Anthropic's, and those near them.
_STATUS_OF = (
    (401, lazy_compile(r"authentication|unauthenticated|unauthorized|invalid_api_key", re.IGNORECASE)),
    (403, lazy_compile(r"permission|forbidden", re.IGNORECASE)),
    (404, lazy_compile(r"not_?found|unknown_model", re.IGNORECASE)),
    (429, lazy_compile(r"rate_?limit|resource_exhausted|too_many_requests|throttl", re.IGNORECASE)),
    (503, lazy_compile(r"overloaded|\Aunavailable|service_unavailable", re.IGNORECASE)),
    (400, lazy_compile(r"invalid_?(?:request|argument|param)|bad_?request|validation", re.IGNORECASE)),
)
_NO_SUCH_PATH = lazy_compile(
    r"unexpected endpoint|no (?:such )?route|route .{0,60}not found|cannot (?:get|post) /|page not found"
    r"|no static resource",
    re.IGNORECASE,
)
_NO_SUCH_MODEL = lazy_compile(
    r"(?:models?|deployment)\b[^.]{0,80} (?:not found|does not exist|not exist|(?:is )?not loaded)"
    r"|no models? loaded"
    r"|(?:unknown|invalid) model\b|model_not_found",
    re.IGNORECASE,
)
_PLAIN = lazy_compile(r"http request (?:was sent )?to (?:an )?https|plain http request", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A server as it is spoken of: its `host`, the `model` asked for, and what must not be repeated.

    `proxy` is what it is reached through, if anything.
    """

    host: str
    model: str
    key_origin: str
    secrets: Secrets = NO_SECRETS
    proxy: Proxy | None = None

    def line(self, words: str) -> Masked:
        """A server's words, fit to be shown."""
        return mask_line(words, self.secrets)

    def words(self, words: str) -> Masked:
        """All of a server's words, to be looked into."""
        return masked(words, self.secrets)


def refusal(service: Service, status: int, headers: Mapping[str, str], body: bytes) -> ModelError:
    """The error for an answer with `status`, most specific first."""
    if service.proxy is not None and (status == 407 or "x-squid-error" in headers):
        return proxy_refusal(service.proxy, status, service.host)
    if 300 <= status < 400:
        return _redirected(service, status, headers.get("location", ""))
    what = parse_error_body(body)
    error = _by_status(service, status, what)
    error.status = status
    if service.proxy is not None and status in (403, 502, 503, 504):  # which of the two says so is not known
        error.cause += f"; asked through {service.proxy}"
        error.args = (error.cause,)
    if isinstance(error, ServerBusy):
        error.retry_after = retry_after(headers)
        if error.retry_after is None:
            error.retry_after = _told_wait(what.message)
        if error.retry_after is not None and error.retry_after >= 1:
            error.cause += f" and asks to wait {error.retry_after:,.0f} s"
            error.args = (error.cause,)
    return error


def error_object(service: Service, content: object) -> ModelError:
    """The error for an error object where an answer should be: with status 200, or in a stream."""
    what = parse_error(content)
    number = next((int(code) for code in sorted(what.codes) if re.fullmatch(r"[45][0-9]{2}", code)), None)
    guess = number or _status_of(what)
    if guess is None:
        words = service.line(what.message) or "no reason given"
        return ServerBusy(f"{service.host} broke off with an error: {words}", TRY_LATER)
    error = _by_status(service, guess, what)
    error.status = number
    return error


def _status_of(what: ErrorBody) -> int | None:
    """The status that an error without one would have: by its codes, else by what it says."""
    if _NO_SUCH_PATH.search(what.message):
        return 404
    if what.codes & _SPENT or too_long(0, what.message, what.codes, what.words):
        return 400
    told = (status for status, codes in _STATUS_OF if any(codes.search(code) for code in what.codes))
    by_words = 429 if is_rate_limit(what.message) else 404 if _NO_SUCH_MODEL.search(what.message) else None
    return next(told, None) or by_words


def invalid(host: str, why: str) -> InvalidAnswer:
    """The error for an answer that is none."""
    return InvalidAnswer(f"invalid answer from {host}: {why}", CHECK_ADDRESS)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait: `retry-after-ms`, or `Retry-After` in seconds or as a date.

    RFC 9110, section 10.2.3. None where it says nothing that can be understood.
    """
    from email.utils import parsedate_to_datetime

    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        if re.fullmatch(r"\s*[0-9]{1,9}(\.[0-9]{1,9})?\s*", value := headers.get(name, "")):
            return float(value) / unit
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", "")).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, moment - time.time())


def _told_wait(message: str) -> float | None:
    """Seconds to wait that a message names: "Please try again in 4.77s"."""
    if not (told := _AGAIN_IN.search(message)):
        return None
    return int(told[1] or 0) * 60 + float(told[2]) / (1000 if told[3].lower() == "ms" else 1)


def _by_status(service: Service, status: int, what: ErrorBody) -> ModelError:
    if status == 402 or what.codes & _SPENT or (status < 500 and _SPENT_WORDS.search(what.message)):
        cause = f"the account at {service.host} has no quota left ({status})"
        return QuotaSpent(cause, "check plan and billing there")
    if status not in (401, 403, 404, 407) and (
        length := too_long(status, what.message, what.codes, what.words)
    ):
        return _too_long(service, status, what, length)
    if status == 404:
        return _not_found(service, what)
    if _PLAIN.search(what.words):
        return ModelUnavailable(
            f"{service.host} speaks https, and was asked with http ({status})",
            "write https:// in OPENAI_BASE_URL",
        )
    if status == 400 and _NO_SUCH_MODEL.search(what.message):
        return _no_model(service, status, what)
    row = _kind(status, what)
    message = service.line(what.message) if status != 401 else ""  # it repeats the key, or a part of it
    cause = row.cause.format(host=service.host, model=service.model, key=service.key_origin)
    hint = row.hint.format(key=service.key_origin)
    error = row.kind(f"{cause} ({status})" + (f": {message}" if message else ""), hint, option=row.option)
    if isinstance(error, RequestRefused):
        error.mentioned = service.words(what.words)
    return error


def _kind(status: int, what: ErrorBody) -> _Refusal:
    """What a status means; words about tokens per minute mean 429, whatever it is."""
    if status in (400, 403, 413, 422, 500) and is_rate_limit(" ".join((what.message, *what.codes))):
        return _KINDS[429]
    return _KINDS.get(status) or _KINDS[500 if status >= 500 else 400]


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
    407: _Refusal(
        ModelUnavailable, "a proxy wants a login", "set HTTPS_PROXY=http://user:password@proxy:port"
    ),
    408: _Refusal(ServerBusy, "{host} was too slow", TRY_LATER),
    409: _Refusal(ServerBusy, "{host} is busy", TRY_LATER),
    425: _Refusal(ServerBusy, "{host} is busy", TRY_LATER),
    429: _Refusal(ServerBusy, "{host} has too many requests", TRY_LATER),
    500: _Refusal(ServerBusy, "{host} has failed", TRY_LATER),
    501: _Refusal(ModelUnavailable, "{host} does not take such requests", CHECK_ADDRESS),
    505: _Refusal(ModelUnavailable, "{host} does not take such requests", CHECK_ADDRESS),
    529: _Refusal(ServerBusy, "{host} is overloaded", TRY_LATER),
}


def _too_long(service: Service, status: int, what: ErrorBody, length: Length) -> ContextTooLong:
    said = service.line(what.message)
    error = prompt_too_long(
        service.model, service.host, length, f" ({status or 400})" + (said and f": {said}")
    )
    error.mentioned = service.words(what.words)
    return error


def prompt_too_long(model: str, host: str, length: Length, said: str) -> ContextTooLong:
    """The error for a prompt that `model` at `host` found too long; `said` goes on with what it was told."""
    if length.in_time:
        cause = f"the prompt is longer than {host} takes in a minute"
        hint = "ask with fewer passages, or raise the limit of your account there"
    else:
        cause = f"the prompt is longer than {model} can read"
        hint = "give the model a larger context at the server, or ask with fewer passages"
    cause += f", {length.limit:,} tokens" if length.limit else ""
    error = ContextTooLong(cause + said, hint, option="k")
    error.limit, error.prompt, error.total = length.limit, length.prompt, length.total
    error.apart = length.apart
    return error


def _not_found(service: Service, what: ErrorBody) -> ModelError:
    named = "model" in what.words.casefold() or _NO_SUCH_MODEL.search(what.message)
    if named and not _NO_SUCH_PATH.search(what.message):
        return _no_model(service, 404, what)
    said = f": {line}" if (line := service.line(what.message)) else ""
    return ModelUnavailable(f"{service.host} has nothing at that address (404){said}", CHECK_ADDRESS)


def _no_model(service: Service, status: int, what: ErrorBody) -> UnknownModel:
    message = service.line(what.message)
    cause = f"{service.host} has no model {service.model} ({status})" + (f": {message}" if message else "")
    return UnknownModel(cause, "choose another", option="model")


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

"""Parsers of what requests to a model's server have besides the program's own: headers and fields."""

from __future__ import annotations

import json
import re

from index.remote.masking import MASK
from qa.settings.values import WrongValueError

Pairs = tuple[tuple[str, str], ...]

_LARGEST = 20_000  # characters of all fields, or of all headers
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110, section 5.6.2
REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")  # to a variable of the environment
_SECRET = re.compile(r"key|token|secret|password|auth|credential", re.IGNORECASE)
# What the connection itself is made of: another value would break it, or send it elsewhere.
_OF_THE_CONNECTION = {
    *("host", "connection", "content-length", "content-type", "content-encoding", "transfer-encoding"),
    *("accept-encoding", "expect", "te", "trailer", "upgrade", "keep-alive", "proxy-authorization"),
}
# What a request is about, and what bounds its cost: the program's own business.
_OF_THE_PROGRAM = {
    *("model", "messages", "input", "prompt", "stream", "stream_options", "n", "best_of"),
    *("max_tokens", "max_completion_tokens", "max_output_tokens", "response_format"),
    *("tools", "tool_choice", "functions", "function_call", "modalities", "audio", "web_search_options"),
}
# What only changes how a model reads, thinks and writes: a project's file may set these, and nothing else.
_HARMLESS = {
    *("temperature", "top_p", "top_k", "min_p", "typical_p", "seed", "stop", "repeat_penalty"),
    *("repetition_penalty", "frequency_penalty", "presence_penalty", "mirostat", "options", "num_ctx"),
    *("keep_alive", "think", "thinking", "enable_thinking", "reasoning", "reasoning_effort"),
    *("chat_template_kwargs", "cache_prompt", "truncate", "truncation", "verbosity"),
}


def headers(value: object) -> Pairs:
    """Headers by name, each a text of one line."""
    pairs = tuple(value.items()) if isinstance(value, dict) else ()
    if not pairs or not all(isinstance(text, str) and text.strip() for _, text in pairs):
        message = 'headers by name, each a text: { "X-Team" = "${TEAM_KEY}" }'
        raise WrongValueError(message)
    for name, text in pairs:
        if not _NAME.fullmatch(name) or name.lower() in _OF_THE_CONNECTION:
            message = f"headers of one's own, which {name!r} is not"
            raise WrongValueError(message)
        if not sendable(text):
            message = f"values in plain letters on one line, which that of {name!r} is not"
            raise WrongValueError(message)
    if sum(len(name) + len(text) for name, text in pairs) > _LARGEST:
        message = f"at most {_LARGEST:,} characters of headers"
        raise WrongValueError(message)
    return pairs


def fields(value: object) -> Pairs:
    """Fields of a request by name, each value as JSON."""
    if not isinstance(value, dict) or not value:
        message = 'fields by name: { reasoning_effort = "low", options = { num_ctx = 16384 } }'
        raise WrongValueError(message)
    for name in value:
        if name in _OF_THE_PROGRAM:
            message = f"fields that qa does not set itself, which {name!r} is not"
            raise WrongValueError(message)
    try:
        pairs = tuple((name, json.dumps(each, allow_nan=False)) for name, each in value.items())
    except (TypeError, ValueError, RecursionError) as exc:
        message = "texts, numbers, true, false, lists and tables only"
        raise WrongValueError(message) from exc
    if sum(len(name) + len(text) for name, text in pairs) > _LARGEST:
        message = f"at most {_LARGEST:,} characters of fields"
        raise WrongValueError(message)
    return pairs


def harmless_fields(value: object) -> Pairs:
    """The same for a project's file: what changes how a model works, and refers to no variable."""
    pairs = fields(value)
    for name, text in pairs:
        if name not in _HARMLESS:
            message = f"in a project's file only fields such as options or reasoning_effort, not {name!r}"
            raise WrongValueError(message)
        if REFERENCE.search(text):
            message = f"in a project's file no variables of the environment, which {name!r} names"
            raise WrongValueError(message)
    return pairs


def shown_headers(pairs: Pairs) -> object:
    """Headers as a person may see them: their names."""
    return dict.fromkeys((name for name, _ in pairs), MASK)


def shown_fields(pairs: Pairs) -> object:
    """Fields as a person may see them: what is called a key or the like is hidden."""
    return _without_secrets({name: json.loads(text) for name, text in pairs})


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        return {
            name: MASK if _SECRET.search(name) and isinstance(each, str) else _without_secrets(each)
            for name, each in value.items()
        }
    return [_without_secrets(each) for each in value] if isinstance(value, list) else value


def sendable(text: str) -> bool:
    """Whether a header may have that value."""
    return text.isascii() and text.isprintable()

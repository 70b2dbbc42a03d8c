"""Recognises, in the words of many servers, that a prompt is too long, and reads how long it may be.

Tokens per minute are another matter: one waits for them, unless one request asks for more than there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.patterns import lazy_compile

LONGEST = 10_000  # characters of an error that are looked into
_N = r"([0-9][0-9,_.]{0,12}[0-9]|[0-9])"  # a number, also 8,192 and 8_192

# Each line one way to say it; a line that begins with a space goes on with the one above.
_SAYINGS = (
    r"""
context[_ ](?:length|limit|window)[_ ]exceeded
exceed(?:s|ed|ing)?[_ ](?:the |this |its |available |configured |max\w* )*(?:model'?s? )?(?:max\w* )?
 (?:allowed |available )?(?:input |total |token |prompt |sequence )?
 (?:context|max(?:imum)? (?:input )?length)
maximum (?:model|context|prompt|input|sequence|allowed input) length
max(?:imum)?_?(?:model|seq(?:uence)?)?_?len(?:gth)? (?:of|is) [0-9]
(?:greater|larger|longer) than the (?:model'?s? )?(?:available )?(?:maximum )?(?:context|model length)
(?:larger|bigger|longer) than the max(?:imum)? context
context (?:length|window|size|limit) (?:(?:of|is)(?: only)? [0-9]|exceeds)
(?:exceeds?|over|beyond|outside|fit (?:in|into|within)|larger than|too (?:long|large|big) for)
 [^.]{0,40}context (?:length|window|size|limit)
context the overflows
context (?:size|length|window)? ?overflow
context size has been exceeded
(?:prompts?|inputs?|messages?|texts?|requests?|conversation|documents?|contents?|body|entity)\b
 [^.]{0,60}\b(?:is|are|was|were)? ?too (?:long|large|big)\b
(?:prompt|input|request|string|content|messages?)_?(?: |_)too_?(?: |_)(?:long|large)
too large for (?:the )?model with [0-9,]+ maximum context
(?:string|text) too long
too many (?:input |prompt )?tokens
(?:input |prompt |total )?token(?:s| count| limit)?(?: \([0-9,]+\)| of [0-9,]+)?
  (?:that )?(?:exceeds?|exceeded|cannot exceed)
tokens?_limit_reached
max_prompt_tokens_exceeded
exceed(?:ed|s)? model token limit
token limit exceeded
input token count is [0-9,]+ but model only supports
range of input length should be
tokens \+ `?max_new_tokens`? must be <=
must have (?:less|fewer) than [0-9,]+ tokens
reduce the length of (?:the |your )?(?:messages|prompt|input|either)
reduce your prompt
(?:prompt|input)[^.]{0,30} exceeds? (?:the )?max(?:imum)?\b
tokens?\b[^.]{0,30} exceeds? (?:the )?(?:model'?s? |token )?limit
exceeds? (?:the )?token limit
input tokens exceed
expected maxlength: [0-9]+, actual
max_tokens must be at least 1, got -
n_ctx\W{1,4}[0-9]
request_too_large
string_above_max_length
max size: [0-9,]+ tokens
(?:increase|larger|bigger) (?:the )?(?:physical batch size|context length|context size|num_ctx|n_ctx)
""".strip()
    .replace("\n ", "")
    .split("\n")
)
_TOO_LONG = lazy_compile("|".join(f"(?:{saying})" for saying in _SAYINGS), re.IGNORECASE)

# Other limits, whose words are near: of what may be asked for in a minute, and of what an answer may have.
_RATE = lazy_compile(
    r"tokens? per (?:min|minute|day|hour|second|month)|\b[TR]P[MDHS]\b|per[- ](?:minute|day|hour)"
    r"|rate[_ -]?limit|throttl|too many requests|please wait|try again in [0-9]|quota|resource_exhausted",
    re.IGNORECASE,
)
_ANSWER_ONLY = lazy_compile(
    r"\A\W*(?:[\w. ]+:\s*)?\W*(?:the )?(?:value of )?['\"`]?max_(?:completion_|output_|new_)?tokens['\"`]?"
    r"(?: or [\w'\"`]+)? (?:must be|should be|is too large|cannot|can't|exceeds|is greater|has to be)"
    r"(?!.*got -)(?!.*(?:input tokens|prompt|messages|text input|context length is))",
    re.IGNORECASE | re.DOTALL,
)
_NO_LIMIT = "limit (2013)"  # in the words of MiniMax: the number is that of its error
_PER_TIME = lazy_compile(rf"limit:?\s*{_N}(?:,\s*used:?\s*{_N})?,\s*requested:?\s*{_N}", re.IGNORECASE)

# How long a prompt may be, the surest words first.
_LIMITS = (
    rf"expected maxlength: {_N}",
    rf"maximum (?:(?:model|context|prompt|input|sequence|allowed) )+(?:length|tokens)[^0-9]{{0,40}}{_N}",
    rf"{_N} maximum context length",
    rf"tokens > {_N}(?: maximum)?|\+ *[0-9]+ > {_N}",
    rf"must be <= {_N}",
    rf"must have (?:less|fewer) than {_N} tokens",
    rf"n_ctx\W{{1,4}}{_N}",
    rf"range of input length should be \[[0-9]+, ?{_N}\]",
    rf"maximum number of (?:input )?tokens(?: allowed)?[^0-9]{{0,20}}{_N}",
    rf"only supports up to {_N}",
    rf"max size: {_N} tokens",
    rf"(?:cannot|must not|should not) exceed {_N}",
    rf"exceed(?:s|ed)? (?:the |its |configured |model'?s? )*(?:limit|maximum)(?: of)?[^0-9]{{0,12}}{_N}",
    rf"token limit(?! exceeded)[^0-9]{{0,12}}{_N}|configured limit of {_N}|while limit is {_N}",
    rf"context (?:window|length|size|limit)(?! by)[^0-9]{{0,40}}{_N}",
    rf"max(?:imum)? (?:input )?(?:length|tokens)[^0-9]{{0,20}}{_N}",
    rf"batch size[^0-9]{{0,20}}{_N}",
)
_APART = lazy_compile(
    r"input token count|prompt token count|maximum (?:prompt|input|allowed input) length"
    r"|range of input length|`inputs` must have|max size:|maxlength:",
    re.IGNORECASE,
)
# How long the prompt is, by the server's own count.
_PROMPTS = (
    rf"{_N} (?:tokens? )?(?:in|of|from) (?:the |your )?(?:text )?(?:input|messages|prompt)",
    rf"{_N} `?inputs`? tokens",
    rf"prompt contains (?:at least )?{_N}",
    rf"(?:your )?request has {_N} input tokens",
    rf"n_prompt_tokens\W{{1,4}}{_N}|n_keep\W{{1,4}}{_N}",
    rf"(?:is|was) too long: {_N}",
    rf"(?:messages|prompt|input) resulted in {_N}",
    rf"(?:input|prompt) token count (?:of |is )?\(?{_N}",
    rf"(?:prompt|input|request) (?:length )?\((?:length )?{_N}(?: tokens)?\)",
    rf"(?:input length|current length)(?: is)?:? {_N}",
    rf"context limit: {_N} \+",
    rf"keep the first {_N} tokens",
    rf"actual: {_N}",
    rf"the request contains {_N} tokens|number of input tokens[^0-9]{{0,20}}{_N}",
)
# How long the prompt and the answer that was asked for are together.
_TOTALS = (
    rf"requested (?:a total of |about |approximately )?{_N}",
    rf"requested:? {_N}",
    rf"received {_N}",
    rf"maximum output tokens \({_N}\)",
    rf"requested tokens? \({_N}\)|resulted in {_N}",
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a prompt may be, `limit`, and how long it is: `prompt` alone, `total` with room to answer.

    In the unit of the server, tokens as a rule; None for what it does not say. `apart` is true for a limit in
    which the answer has no part, `in_time` for one of a minute or a day that the request alone exceeds, so
    that waiting would not help.
    """

    limit: int | None = None
    prompt: int | None = None
    total: int | None = None
    apart: bool = False
    in_time: bool = False


def too_long(status: int, message: str, codes: Iterable[str], words: str) -> Length | None:
    """The lengths in an error that says that the prompt is too long; None for any other error.

    `message` is what it says to people, `codes` to programs, `words` is all of it. Whatever `status` it has,
    the words decide; without any, 413 does.
    """
    message, words = message[:LONGEST], words[:LONGEST]
    said = " ".join((message, *codes))[:LONGEST]
    if period := _PER_TIME.search(said):
        limit, requested = _number(period[1]), _number(period[3])
        if limit and requested and requested > limit:
            return Length(limit, total=requested, in_time=True)
    if is_rate_limit(said):
        return None
    if _ANSWER_ONLY.search(message):
        return None
    if not (_TOO_LONG.search(said) or status == 413):
        return None
    message, words = (text.replace(_NO_LIMIT, "limit") for text in (message, words))
    limit = _first(_LIMITS, message) or _first(_LIMITS, words)
    prompt = _first(_PROMPTS, message) or _first(_PROMPTS, words)
    total = _first(_TOTALS, message)
    total = total if not prompt or (total or 0) > prompt else None
    return Length(limit, prompt, total, apart=_APART.search(message) is not None)


def is_rate_limit(said: str) -> bool:
    """True for words about what may be asked for in a minute or a day, or about being asked too often."""
    return _RATE.search(said[:LONGEST]) is not None


def _first(patterns: Iterable[str], text: str) -> int | None:
    for pattern in patterns:
        for found in re.finditer(pattern, text, re.IGNORECASE):
            number = next((_number(group) for group in found.groups() if group), None)
            if number:
                return number
    return None


def _number(text: str | None) -> int | None:
    digits = re.sub(r"[^0-9]", "", text or "")
    return int(digits) if digits else None

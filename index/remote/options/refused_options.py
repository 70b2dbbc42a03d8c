"""What the refusal of a request says of its options: fields named, a cap on tokens, streams, roles.

The words are those of OpenAI, Azure, vLLM, llama.cpp, Ollama, LM Studio, LiteLLM, Groq, Mistral, DeepSeek,
DashScope, Bedrock, Gemini, Anthropic, and of what checks requests with pydantic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.text.patterns import lazy_compile

SMALLEST_CAP = 16  # tokens; a number below is none
_REFUSED = lazy_compile(
    r"unsupported|not supported|n[o']t support|not available|unknown|unrecogni[sz]ed|unexpected|not permitted"
    r"|not allowed|\bextra|no such (?:parameter|option|field)|verified to|must be verified"
    r"|invalid (?:parameter|argument|field|key|option|propert)|only (?:support|allow|accept)s?\b",
    re.IGNORECASE,
)
_STREAM = lazy_compile(r"\bstream(?:ing|ed|s)?\b", re.IGNORECASE)
_STREAM_OPTIONS = lazy_compile(r"stream[ _-]?options|include_usage", re.IGNORECASE)
_ONLY_STREAM = lazy_compile(
    r"\bonly\b[^.]{0,40}\bstream|\bstream\w*[ -]only"
    r"|must (?:be )?(?:set |use |have |enable )?[`'\"]?stream"
    r"|\bstream[`'\"]?(?: parameter| option| mode)? (?:must|should|has to|needs to) be\b"
    r"|\bnon[- _]?stream|stream\s*[=:]\s*false|(?:enable|use|requires?|set) (?:the )?[`'\"]?stream",
    re.IGNORECASE,
)
_ROLES = lazy_compile(
    r"(?:system|developer)[`'\"]?[ -](?:role|message|prompt|instruction)"
    r"|role[`'\"]?[^.]{0,40}\b(?:system|developer)\b|does not support [`'\"]?(?:system|developer)\b"
    r"|roles must alternate|only user(?:,| and) assistant|unknown variant [`'\"]?(?:system|developer)\b",
    re.IGNORECASE,
)
_OUTPUT = lazy_compile(
    r"max(?:imum)?[ _]?(?:completion|output|new|generated|number of)?[ _]?tokens|maxoutputtokens"
    r"|(?:completion|output|generated|new)[ _]tokens|maximum output|\bgenerate\b",
    re.IGNORECASE,
)
_OF_INPUT = lazy_compile(r"\b(?:context|inputs?(?! should)|prompts?|messages)\b", re.IGNORECASE)
_NUMBER = r"(?<![\w.-])[`'\"]?(\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.0)?(?![\w.]?\w|-)"
_BELOW = lazy_compile(
    rf"(?:<(?!=)|(?:less|lower|smaller|fewer) than(?! or equal)|\bbelow|\blt[\"']:)\s*{_NUMBER}"
    rf"|\bto {_NUMBER} \(exclusive",
    re.IGNORECASE,
)
_UP_TO = lazy_compile(
    rf"(?:<=|≤|(?<![<>=])>|at most|up to|not? (?:more|greater|larger) than|or equal to|not exceed|\ble[\"']:"
    rf"|\bmax(?:imum)?(?: \w+){{0,6}}?(?: is| of|:|=)|\blimit(?:ed)?(?: is| of| to|:|=)?)\s*{_NUMBER}"
    rf"|[\[(]\s*\d+\s*(?:,|-|to|\.\.)\s*{_NUMBER}\s*[\])]|\bbetween \d+ and {_NUMBER}",
    re.IGNORECASE,
)
_TOO_MANY = lazy_compile(
    r"too (?:large|high|big|long|many)|exceed|maximum|greater|larger|must be|should be|range|\blimit",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RefusedOptions:
    """What a refusal says: `message` to people, `fields` to programs, `words` is all of it."""

    message: str
    fields: tuple[str, ...]
    words: str

    @property
    def refuses(self) -> bool:
        """Whether it is about something that is not taken, and not about what it is used for."""
        return bool(_REFUSED.search(self.words))

    @property
    def of_stream_options(self) -> bool:
        """Whether it speaks of what a stream is to tell at its end."""
        return bool(_STREAM_OPTIONS.search(self.message))

    @property
    def of_streams(self) -> bool:
        """Whether it speaks of streams."""
        return bool(_STREAM.search(_STREAM_OPTIONS.sub("", self.message)))

    @property
    def only_streams(self) -> bool:
        """Whether it wants an answer to be asked for as a stream."""
        return self.of_streams and bool(_ONLY_STREAM.search(self.message))

    @property
    def of_roles(self) -> bool:
        """Whether it speaks of instructions: who may say something in a conversation."""
        of_field = "messages" in self.fields and "role" in self.fields
        return of_field or bool(_ROLES.search(self.message))

    def most_tokens(self, sent: int) -> int | None:
        """The most tokens that an answer may have, where `sent` are refused as too many; None if not said.

        What limits prompt and answer together is none.
        """
        if not _OUTPUT.search(self.message) or _OF_INPUT.search(self.message):
            return None
        below = [number - 1 for number in _numbers(_BELOW, self.message)]
        found = _largest(below, sent) or _largest(_numbers(_UP_TO, self.message), sent)
        if found is None and _TOO_MANY.search(self.message) and not _REFUSED.search(self.message):
            found = _largest(_numbers(re.compile(_NUMBER), self.message), sent)
        return found

    def mentioned(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` that it speaks of: of those in its message first, and there of quoted ones."""
        for text in (self.message, self.words):
            if found := [name for name in names if _word(name).search(text)]:
                quoted = [name for name in found if _quoted(name).search(text)]
                return tuple(quoted or found)
        return ()


def read_refusal(words: str) -> RefusedOptions:
    """What the body of an error, `words`, says of the request's options."""
    try:
        content = json.loads(words)
    except (ValueError, RecursionError):
        return RefusedOptions(words, (), words)
    messages: list[str] = []
    fields: list[str] = []
    for row in _rows(content):
        place = row.get("param") or row.get("loc")
        steps = re.split(r"[.\[\]]+", place) if isinstance(place, str) else place
        steps = [str(step) for step in steps if step != "body"] if isinstance(steps, list) else []
        said = (row.get(name) for name in ("message", "msg", "error", "detail"))
        told = [text for text in said if isinstance(text, str)]
        if told and isinstance(row.get("loc"), list):  # pydantic's do not name what they are about
            told = [" ".join([*steps, *told, json.dumps(row.get("ctx", ""))])]
        messages += told
        fields += steps
    return RefusedOptions("\n".join(messages) or words, tuple(fields), words)


def _rows(content: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """The objects in an error's body that may say what is wrong; what it repeats of the request is none."""
    if isinstance(content, list):
        for one in content:
            yield from _rows(one, depth)
    elif isinstance(content, dict) and depth < 5:
        yield content
        for name in ("error", "errors", "detail", "details", "message"):
            yield from _rows(content.get(name), depth + 1)


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    groups = (group for match in pattern.finditer(text) for group in match.groups() if group)
    return [int(re.sub(r"[,_]", "", group)) for group in groups]


def _largest(numbers: Iterable[int], sent: int) -> int | None:
    return max((number for number in numbers if SMALLEST_CAP <= number < sent), default=None)


def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z_]){re.escape(name)}(?![A-Za-z_])", re.IGNORECASE)


def _quoted(name: str) -> re.Pattern[str]:
    """`name` as one writes a field: in quotation marks, behind a point, before a colon."""
    return re.compile(rf"[`'\"\[.]{re.escape(name)}[`'\"\].:,]|{re.escape(name)}\s?[:=]", re.IGNORECASE)

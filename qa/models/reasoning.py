"""Takes a model's reasoning out of its text: `<think>…</think>` and the marks of other model families.

It stands before the answer, or later, between sentences; its opening mark may be missing, or its end. However
a stream is cut into pieces, the text that remains is the same. The same marks in code, in quotation marks, or
within a sentence are text like any other: a document's, which the answer quotes.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field

from index.errors import ModelDeclined
from index.text.patterns import lazy_compile
from qa.types import Retract, StreamEvent, TextDelta

# Names of tags; the plain words among them only at the very beginning of a text.
_NAMES = (
    r"(?:[a-z]{1,12}:)?(?:(?:inner|internal|hidden|my|deep|chain[_-]of|longcat|ant)[_-]?)?"
    r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|scratch_?pad|analysis|monologue|deliberation"
    r"|rationale|plan(?:ning)?|cot(?:_budget_reflect)?)"
    r"(?:[_-](?:process|steps?|on|block|mode))?"
)
_PLAIN = lazy_compile(r"<(?:reason|plan(?:ning)?|rationale|deliberation|monologue|reflect)>", re.IGNORECASE)
_TOKENS = r"(?:think(?:ing)?|thoughts?|reasoning|inner_prefix)"
_OF = r"[_▁]of[_▁]"
_BAR = r"[|｜]"
_TOKEN_BEGINS = rf"<{_BAR}(?:(?:begin{_OF}|start[_▁]){_TOKENS}|{_TOKENS}(?:[_▁](?:start|begin))?){_BAR}>"
_TOKEN_ENDS = rf"<{_BAR}(?:(?:/|end{_OF}|end[_▁]){_TOKENS}|{_TOKENS}[_▁]end|inner_suffix){_BAR}>"
_IN_SQUARE = r"(?:THINK(?:ING)?|THOUGHTS?|REASONING)"
_WRAPPERS = r"(?:answer|final_answer|final|response|output|solution)"
# Opening marks, each with the pattern of its end.
_THOUGHTS = {
    rf"<[ ]?{_NAMES}(?:\s[^<>\n]{{0,60}})?(?<!/)>": rf"<[/\\][ ]?{_NAMES}\s*>|<{_NAMES}[ ]?/>",
    rf"\[{_IN_SQUARE}\]": rf"\[/{_IN_SQUARE}\]",
    r"◁think▷": r"◁/think▷",
    _TOKEN_BEGINS: rf"{_TOKEN_ENDS}|<\|end\|>|</think>",
    r"(?:<\|start\|>assistant)?<\|channel\|>\s*(?:analysis|commentary)[^<\n]{0,60}<\|message\|>": (
        r"<\|end\|>|(?:<\|start\|>assistant)?<\|channel\|>\s*final[^<\n]{0,60}<\|message\|>"
    ),
    r"<\|channel>\s*(?:thought|analysis)": r"<channel\|>",
    r"<unused94>\s*(?:thought)?": r"<unused95>",
    r"<details[^<>\n]{0,60}>\s?<summary>[^<>\n]{0,20}(?:think|thought|reason)[^<>\n]{0,30}</summary>": (
        r"</details>"
    ),
}
# At the very beginning only: marks that a server has taken the brackets off, and plain words. What follows a
# heading is a thought only if the heading of an answer follows it, else it is the answer.
_HEADING_OF_ANSWER = (
    r"\n[#*_ \t]*+(?:(?:my|the)[ ])?(?:final[ ])?(?:answer|response)"
    r"[*_ \t]*+(?::[*_ \t]*+(?=[^*_ \t])|(?=\n))"
)
_FIRST = {
    "analysis": (r"analysis(?=[A-Z\"])", r"assistantfinal"),
    "Here is my thought process:": (r"Here is my thought process:", r"Here is my response:"),
    "Thinking...\n": (r"Thinking\.\.\.\n", r"\.\.\.done thinking\."),
    "```thinking\n": (r"```think(?:ing)?\n", r"\n```[ \t]*\n"),
    "<!-- ": (r"<!--", r"-->"),
}
_HEADINGS = (
    "thought",
    "thoughts",
    "thinking",
    "reasoning",
    "thought process",
    "reasoning process",
    "analysis",
)
_HEADED = lazy_compile(
    rf"[#*_ \t]*+(?:{'|'.join(sorted(_HEADINGS, key=len, reverse=True))})[*_ \t]*+(?::|\n)", re.IGNORECASE
)
_SIGNS = lazy_compile(r"[#*_ \t]*+")
_ENDS = (
    rf"<[/\\][ ]?{_NAMES}\s*>|\[/{_IN_SQUARE}\]|◁/think▷|<channel\|>|<unused95>|{_TOKEN_ENDS}"
    r"|(?:<\|start\|>assistant)?<\|channel\|>\s*final[^<\n]{0,60}<\|message\|>"
)
# Marks around an answer, and tokens that end one or a turn: no text.
_OPENS_ANSWER = rf"<{_WRAPPERS}>|<\|(?:begin_of_solution|start_response|begin_of_box|begin_of_answer)\|>"
_DROPPED = (
    rf"</{_WRAPPERS}>|<\|(?:end_of_solution|end_response|end_of_box|end_of_answer)\|>|<\|end\|>|<\|message\|>"
    r"|<\|start\|>assistant|<\|im_start\|>assistant\n?|<\|assistant\|>|<channel\|>|<\|channel>\s*final"
    r"|<\|start_header_id\|>assistant<\|end_header_id\|>\n*"
)
_OVER = (
    rf"<{_BAR}(?!end{_BAR}|end_(?:of_)?(?:solution|response|box|answer){_BAR})(?:[a-z_▁]*(?:end|stop)(?![a-z])[a-z_▁]*"
    rf"|[a-z_▁]*(?:endof|end[_▁]?of)[a-z_▁]*|eo[a-z]{{1,4}}(?:_id)?|e_o_s|return|im_start(?!\|>assistant)|im_sep|user"
    rf"|start_header_id(?!\|>assistant)){_BAR}>"
    r"|</s>|<end_of_turn>|<turn\|>|<eos>|\[EOS\]|\[/INST\]"
)
_OPENINGS = tuple(
    (lazy_compile(opening, re.IGNORECASE), lazy_compile(end, re.IGNORECASE))
    for opening, end in _THOUGHTS.items()
)
_FIRST_OPENINGS = tuple(
    (words, lazy_compile(opening), lazy_compile(end)) for words, (opening, end) in _FIRST.items()
)
_ANSWER_HEADED = lazy_compile(f"{_HEADING_OF_ANSWER}|{_ENDS}", re.IGNORECASE)
_MARK = lazy_compile(
    rf"(?P<begin>{'|'.join(_THOUGHTS)})|(?P<end>{_ENDS})|(?P<answer>{_OPENS_ANSWER})|(?P<over>{_OVER})"
    rf"|(?P<dropped>{_DROPPED})",
    re.IGNORECASE,
)
# What may still become a mark, at the end of what has come.
_LONGEST = 110  # characters of a mark
_MAY_BE = lazy_compile(
    r"<(?:[/\\]?[ ]?[a-z:_-]{0,40}(?:\s[^<>\n]{0,60})?/?"
    r"|unused9?[45]?>?\s{0,3}(?:t(?:h(?:o(?:u(?:g(?:ht?)?)?)?)?)?)?"
    r"|details[^<>\n]{0,60}>\s?<?(?:s[a-z]{0,6}>?[^<>\n]{0,60}(?:</?[a-z]{0,7})?)?"
    r"|[|｜][/a-z_▁]{0,30}[|｜]?>?|(?:channel|turn)\|?"
    r"|\|start\|>(?:a[a-z]{0,8})?(?:<\|?[a-z]{0,8}\|?>?(?:[^<\n]{0,70}(?:<\|?[a-z]{0,8}\|?)?)?)?"
    r"|\|channel\|>[^<\n]{0,70}(?:<\|?[a-z]{0,8}\|?)?|\|channel>\s{0,3}[a-z]{0,8}|\|im_start\|>[a-z]{0,9}"
    r"|\|start_header_id\|>[a-z]{0,9}(?:<\|?[a-z_]{0,13}\|?)?)"
    r"|\[/?[a-z]{0,9}|◁/?t?h?i?n?k?",
    re.IGNORECASE,
)
_CONTEXT = 40  # characters of the text before a mark that are looked at
_STOPPED = lazy_compile(r"(?:[.!?…:;。！？\])}*_|]|\A)[\"'”’»)\]*_]*\s*\Z")
_QUOTED = lazy_compile(r"[\"'“‘«„‚]\Z")
_GOES_ON = lazy_compile(r"[\"'”’»,;]|[ \t]+[a-zà-öø-ÿа-я]")  # behind an end mark that is a word of a sentence
_SPACE = lazy_compile(r"\s*")
_TICKS = lazy_compile(r"`+")

# Where servers put the thoughts that they take out of an answer themselves.
_APART = ("reasoning_content", "reasoning", "reasoning_text", "thinking", "thoughts")
_WHAT_TO_SET = (
    "switch off the server's reasoning parser (reasoning-parser of vLLM and SGLang, reasoning-format of"
    " llama-server) or the model's thinking, or choose another model"
)


def without_reasoning(pieces: Iterable[str]) -> Generator[StreamEvent, None, bool]:
    """The text of `pieces` without the reasoning in it, and without white space before its first word.

    Where only the end of the reasoning is marked, it comes as text, and then a `Retract`: templates that
    write the opening mark themselves leave it out of what the server sees. Returns True if the text ends
    within reasoning.
    """
    reader = _Reader()
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.close()
    return reader.thinking


def final_text(events: Iterable[StreamEvent]) -> str:
    """The text that the events of a stream come to: what follows the last `Retract`."""
    text: list[str] = []
    for event in events:
        if isinstance(event, TextDelta):
            text.append(event.text)
        elif isinstance(event, Retract):
            text.clear()
    return "".join(text)


@dataclass(slots=True)
class _Shown:
    """What was shown since the last `Retract`, as far as it matters for the next mark."""

    tail: str = ""
    words: bool = False  # whether it has any
    example: bool = False  # whether an opening mark stands in it as text
    fenced: bool = False
    ticks: int = 0  # of code that is open within the line
    line: str = field(default="")

    def add(self, text: str) -> None:
        self.words = self.words or bool(text.strip())
        self.tail = (self.tail + text)[-_CONTEXT:]
        *ended, last = text.split("\n")
        for line in ended:
            self._end_line(line)
        self.line = (self.line + last)[:_CONTEXT]
        self._count(last)

    def _end_line(self, line: str) -> None:
        if (self.line + line).lstrip().startswith("```"):
            self.fenced = not self.fenced
        self.line, self.ticks = "", 0

    def _count(self, text: str) -> None:
        for run in _TICKS.finditer(text):
            self.ticks = 0 if self.ticks else len(run[0])

    @property
    def in_code(self) -> bool:
        return self.fenced or bool(self.ticks) or self.line.lstrip().startswith("```")


class _Reader:
    """Reads a stream for marks; `thinking` is whether it stands within reasoning and has no answer yet."""

    def __init__(self) -> None:
        self._held = ""
        self._at = 0  # how much of what is held is done with
        self._end: re.Pattern[str] | None = None  # of the thought that it stands in
        self._over = False
        self._shown = _Shown()
        self._begun = False  # whether any text or any thought has begun
        self._kept: str | None = None  # what stands under the heading of a thought, until an answer's follows

    @property
    def thinking(self) -> bool:
        return self._end is not None and not self._shown.words

    def feed(self, piece: str) -> Iterator[StreamEvent]:
        """What became certain with the next piece."""
        self._held = self._held[self._at :] + piece
        self._at = 0
        yield from self._read(final=False)

    def close(self) -> Iterator[StreamEvent]:
        """The rest, now that nothing more comes."""
        yield from self._read(final=True)
        if self._end is not None and self._kept is not None:
            text, self._kept, self._end = self._kept, None, None
            self._shown.add(text)
            yield TextDelta(text)

    def _read(self, *, final: bool) -> Iterator[StreamEvent]:
        while self._at < len(self._held) and not self._over:
            before = self._at
            if self._end is not None:
                self._skip_thought(self._end, final=final)
            else:
                yield from self._text(final=final)
            if self._at == before:
                return
        if self._over:
            self._at = len(self._held)

    def _skip_thought(self, end: re.Pattern[str], *, final: bool) -> None:
        """Go beyond the end of the thought, or as far as is certain that it has not come."""
        match, start = end.search(self._held, self._at), self._at
        if match is None:
            self._at = len(self._held) if final else max(len(self._held) - _LONGEST, self._at)
        elif final or match.end() < len(self._held) or not _may_be_mark(match[0]):
            self._at = match.end()
            self._end = self._kept = None
        if self._kept is not None:
            self._kept += self._held[start : self._at]

    def _text(self, *, final: bool) -> Iterator[StreamEvent]:
        """The text up to the next mark, and what the mark does."""
        if not self._shown.words:
            self._at = _SPACE.match(self._held, self._at).end()  # type: ignore[union-attr]  # always matches
            if not self._begun and self._opens_first(final=final):
                return
        match = _MARK.search(self._held, self._at)
        sure = len(self._held) if final else _sure(self._held, self._at)
        if match is None or match.end() > sure:
            yield from self._show(min(sure, match.start()) if match else sure)
            return
        yield from self._show(match.start())
        yield from self._act(match.lastgroup or "", match[0], final=final)

    def _opens_first(self, *, final: bool) -> bool:
        """True if a thought begins the text without a mark in brackets, or may still come to."""
        for words, opening, end in _FIRST_OPENINGS:
            if match := opening.match(self._held, self._at):
                self._at, self._end, self._begun = match.end(), end, True
                return True
            if not final and words.startswith(self._held[self._at :]):
                return True
        if headed := _HEADED.match(self._held, self._at):
            self._kept, self._at = headed[0], headed.end()
            self._end, self._begun = _ANSWER_HEADED, True
            return True
        return not final and _may_be_headed(self._held[self._at :])

    def _act(self, kind: str, mark: str, *, final: bool) -> Iterator[StreamEvent]:
        """Do what the mark that is held first stands for."""
        after = self._at + len(mark)
        behind = self._held[after : after + 2]
        if kind in ("end", "over", "dropped") and len(behind) < 2 and not final and "\n" not in behind:
            return  # what follows tells whether it is a word of a sentence
        if not self._counts(kind, mark, behind):
            self._shown.example = self._shown.example or kind == "begin"
            yield from self._show(after)
            return
        self._at, self._begun = after, True
        if kind == "begin":
            self._end = next(end for opening, end in _OPENINGS if opening.fullmatch(mark))
        elif kind == "over":
            self._over = self._shown.words
        elif kind in ("end", "answer") and self._shown.words:
            self._shown = _Shown()
            yield Retract()

    def _counts(self, kind: str, mark: str, behind: str) -> bool:
        """True if a mark is one, and not a word of what is said."""
        shown = self._shown
        if not shown.words:
            return True
        if shown.in_code or _QUOTED.search(shown.tail):
            return False
        if kind in ("begin", "answer"):
            return not _PLAIN.match(mark) and ("|" in mark or bool(_STOPPED.search(shown.tail)))
        if kind == "end":
            return not shown.example and not (shown.tail[-1:] in " \t" and _GOES_ON.match(behind))
        return "|" in mark or not shown.tail[-1:].isspace() or not behind.strip()

    def _show(self, end: int) -> Iterator[StreamEvent]:
        """Give what is held up to `end` as text."""
        text, self._at = self._held[self._at : end], end
        if text:
            self._begun = True
            self._shown.add(text)
            yield TextDelta(text)


def _sure(text: str, start: int) -> int:
    """Up to where `text` cannot become part of a mark that has not come whole."""
    for at in range(max(len(text) - _LONGEST, start), len(text)):
        if text[at] in "<[◁" and _may_be_mark(text[at:]):
            return at
    return len(text)


def _may_be_mark(text: str) -> bool:
    return bool(_MAY_BE.fullmatch(text))


def _may_be_headed(text: str) -> bool:
    """True if `text`, which goes on, may come to begin with the heading of a thought."""
    words = text[_SIGNS.match(text).end() :].casefold()  # type: ignore[union-attr]  # it always matches
    plain = words.rstrip("*_ \t")
    return len(text) < _LONGEST and (plain in _HEADINGS or any(name.startswith(words) for name in _HEADINGS))


def _thoughts_in(reply: dict[str, object]) -> dict[str, str]:
    """What a reply, whole or a piece of a stream, has as thoughts: text by the name of its field."""
    choices = reply.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict):
        return {}
    found: dict[str, str] = {}
    for holder in (choice.get("message"), choice.get("delta")):
        if isinstance(holder, dict):
            found |= {name: text for name in _APART if (text := _text(holder.get(name)))}
            content = holder.get("content")
            parts = content if isinstance(content, list) else []
            thinking = "".join(_text(part.get("thinking")) for part in parts if isinstance(part, dict))
            found |= {"thinking": thinking} if thinking else {}
    return found


class Thoughts:
    """The thoughts that a server sends apart from an answer, as they come in."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    def note(self, reply: dict[str, object]) -> None:
        """Remember what `reply` has of them."""
        for name, text in _thoughts_in(reply).items():
            self._texts.setdefault(name, []).append(text)

    def all_there_is(self, model: str) -> ModelDeclined | None:
        """The error for an answer without a word of its own; None if there are no thoughts either."""
        if not self._texts:
            return None
        name, texts = next(iter(self._texts.items()))
        count = len("".join(texts).split())
        return ModelDeclined(
            f"{model} gave no answer: the server put all {count:,} words into its reasoning ({name})",
            _WHAT_TO_SET,
            option="model",
        )


def _text(value: object) -> str:
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return value if isinstance(value, str) else ""

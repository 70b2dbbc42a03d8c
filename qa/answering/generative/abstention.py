"""Parses what a model says it cannot answer: `NO ANSWER:`, `MISSING:`, `NEAREST:`, and plain refusals."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from index.text.lines import collapse
from index.text.patterns import lazy_compile
from qa.answering.generative.key_forms import apart
from qa.answering.generative.markers import BOUND, Lookalike, Marker, parse
from qa.answering.generative.refusals import may_refuse_in_words, only_asides, refused
from qa.types import Status

# Emphasis, quotation marks, a heading's or a list's sign. Every `*+` is possessive: a model that repeats a
# sign a million times is read once, and not from each of its signs anew.
_TRIM = r"[\s*_\"'“”„«»`>#-]*+"
# "NO ANSWER: what is missing", "No answer." alone, or, in capitals only, "NO ANSWER - what is missing": in
# small letters a dash may go on with a sentence.
_ANSWER = r"(?:(?:(?:final|short|my|the)\s)?answer|antwort|réponse|respuesta|risposta|resposta|antwoord)"
_LABEL = rf"{_ANSWER}{_TRIM}[:：=]{_TRIM}"
_SENTINEL = (
    r"(?:no[ _-]?answer(?:[ ](?:found|available|possible|given))?|keine[ ]antwort"
    r"|(?:pas[ ]de|aucune)[ ]réponse|sin[ ]respuesta|nessuna[ ]risposta|sem[ ]resposta|geen[ ]antwoord)"
)
_NO_ANSWER = lazy_compile(
    rf"{_TRIM}(?:{_LABEL})?{_SENTINEL}{_TRIM}(?:[:：][\s*_]*+(?P<missing>.*)|[.!]*+{_TRIM})"
    rf"|{_TRIM}(?:{_LABEL})?(?-i:NO[ _]ANSWER|KEINE ANTWORT)"
    r"(?:[\s*_]*[–—-]|[\s*_]*[.!,;][\s*_]|[\s*_]*\()(?P<rest>.*)",
    re.IGNORECASE,
)
_CAPITALS = lazy_compile(
    r"NO[ _-]?ANSWER|KEINE ANTWORT|RÉPONSE|SIN RESPUESTA|NESSUNA RISPOSTA|SEM RESPOSTA|GEEN ANTWOORD"
)
_MISSING = lazy_compile(rf"{_TRIM}missing{_TRIM}[:：][\s*_]*+(?P<missing>.*)", re.IGNORECASE)
# "NEAREST: a fact [s3].", on its own line or after what is missing.
_NEAREST = lazy_compile(
    rf"{_TRIM}nearest(?:[ ](?:fact|sentence|passage))?{_TRIM}[:：][\s*_]*+(?P<nearest>.*)", re.IGNORECASE
)
_NEAREST_WITHIN = lazy_compile(r"[\s*_.;]*\bNEAREST\b[\s*_]*[:：][\s*_]*(?P<nearest>.*)")
# What models write where nothing is missing.
_NOTHING = lazy_compile(r"none|nothing|n/?a|no", re.IGNORECASE)
# Any beginning of a line that may yet become a line of ours: signs, then "n", "no a", "miss" …
_SIGNS = lazy_compile(r"(?:[^\w\n]|_)*+")
_BEGUN = (
    "no answer", "no_answer", "keine antwort", "pas de réponse", "aucune réponse", "sin respuesta",
    "nessuna risposta", "sem resposta", "geen antwoord", "missing", "nearest fact", "answer", "final answer",
    "antwort",
)  # fmt: skip
_QUOTES = ('"', "“”", "«»", "`")
_FENCED = lazy_compile(r"\s*```(?:json)?\s*\n(?P<inside>.*?)\n\s*```\s*", re.DOTALL)
_MAY_BE_JSON = lazy_compile(r"\s*(?:`{1,3}(?:j(?:s(?:o(?:n\s*)?)?)?)?$|```(?:json)?\s*\{|\{\s*(?:\"|$))")
_ANSWER_NAMES = ("answer", "final_answer", "response", "text", "result")
HELD = 60  # characters of a sentence without a word that denies: more, and it is no refusal
_MOST_HELD = 2_000  # characters that are held back to see whether they refuse
_LONGEST_JSON = 20_000  # characters of an object that an answer is looked for in


@dataclass(frozen=True, slots=True)
class AnswerText:
    """A model's text without its sentinel lines, and what these say; `nearest` still has its keys."""

    body: str
    status: Status
    missing: str | None
    nearest: str | None = None


def unwrapped(written: str) -> str:
    """The text itself where a model puts it into a JSON object, `{"answer": "…"}`, fenced or not."""
    fenced = _FENCED.fullmatch(written)
    inside = (fenced["inside"] if fenced else written).strip()
    if not (inside.startswith("{") and inside.endswith("}")) or len(written) > _LONGEST_JSON:
        return written
    try:
        found = json.loads(inside)
    except (ValueError, RecursionError):
        return written
    lower = {str(name).lower(): value for name, value in found.items()}
    named = [lower[name] for name in _ANSWER_NAMES if name in lower]
    text = named[0] if named else next(iter(lower.values()), None)
    if text is None and named:
        return "NO ANSWER"
    return text if isinstance(text, str) else written


def without_sentinels(written: str) -> AnswerText:
    """What is left of a model's text. What is missing may go on in the lines below its sentinel.

    A text that cites nothing and only says, in whatever words, that the passages do not say is an abstention.
    """
    lines = written.rstrip().split("\n")
    read = _Lines()
    for number, line in enumerate(lines, 1):
        read.add(line, last=number == len(lines))
    body = "\n".join(read.body).strip()
    lacks = "; ".join(part for part in read.missing if part and not _NOTHING.fullmatch(part)) or None
    if not _says(body) or (read.refused and not _points(body) and only_asides(body)):
        return AnswerText("", "abstained", lacks, read.nearest)
    if not _points(body) and (plain := refused(body)):
        return AnswerText("", "abstained", lacks or plain.missing, read.nearest)
    if read.nearest is not None:  # beside an answer it is a sentence like any other
        body = f"{body}\n{read.nearest}"
    return AnswerText(body, "partial" if read.refused or lacks else "answered", lacks)


class _Lines:
    """The lines of a model's text, told apart as they are read."""

    def __init__(self) -> None:
        self.body: list[str] = []
        self.missing: list[str] = []
        self.nearest: str | None = None
        self.refused = False
        self._goes_on = False  # whether the line before said what is missing

    def add(self, line: str, *, last: bool) -> None:
        if self.refused or "NEAREST" in line:
            line = self._without_nearest(line)
        if no := refusal(line):
            self.refused, self._goes_on = True, False
            self._lacks(no["missing"] or no["rest"] or "", after_stop=bool(no["rest"]))
        elif lack := _lacks(line, last=last):
            self._goes_on = True
            self._lacks(lack["missing"])
        elif self._goes_on and line.strip() and not _points(line):
            self.missing.append(_plain(line))
        else:
            self._goes_on = False
            self.body.append(line)

    def _lacks(self, said: str, *, after_stop: bool = False) -> None:
        if within := _NEAREST_WITHIN.search(said):
            said, self.nearest = said[: within.start()], within["nearest"].strip()
        elif after_stop and _points(said):  # NO ANSWER. The first count was 28 [s3].
            said, self.nearest = "", said.strip()
        plain = refused(_plain(said))
        self.missing.append((plain.missing or "") if plain else _plain(said))

    def _without_nearest(self, line: str) -> str:
        """The line, or nothing if it is that of the nearest fact, which is kept."""
        if (nearest := _NEAREST.fullmatch(line)) and self.nearest is None:
            self.nearest = nearest["nearest"].strip() or None
            return ""
        return line


def refusal(line: str) -> re.Match[str] | None:
    """The sentinel, in whatever dress; in small letters only where nothing is cited."""
    match = _NO_ANSWER.fullmatch(line)
    return match if match and (_CAPITALS.search(line) or not _points(line)) else None


def _lacks(line: str, *, last: bool) -> re.Match[str] | None:
    """The line of what is missing; in small letters only where it is the last one and cites nothing."""
    match = _MISSING.fullmatch(line)
    return match if match and ("MISSING" in line or (last and not _points(line))) else None


def may_refuse(line: str) -> bool:
    """True while the line may still come to begin with the sentinel, or does."""
    if _NO_ANSWER.fullmatch(line):
        return True
    begun = line[_SIGNS.match(line).end() :].lower()  # type: ignore[union-attr]  # it matches everything
    return len(line) < BOUND and any(
        word.startswith(begun) or (begun.startswith(word) and not begun[len(word) :].strip(" *_:-"))
        for word in _BEGUN
    )


def may_abstain(text: str) -> bool:
    """True while `text`, which may go on, may still come to be an abstention, of which nothing is shown."""
    if _MAY_BE_JSON.match(text):
        return len(text) <= _LONGEST_JSON
    if len(text) > _MOST_HELD:
        return False
    last = text.rpartition("\n")[2]
    if may_refuse(last) and not text.removesuffix(last).strip():
        return True
    told = without_sentinels(text)
    if told.status == "abstained":
        return True
    if _points(text.removesuffix(last) if may_refuse(last) else text):
        return False
    return may_refuse_in_words(told.body, longest=HELD)


def _says(body: str) -> bool:
    return any(map(str.isalnum, body))


def _points(line: str) -> bool:
    return any(isinstance(segment, Marker) for segment in parse(line))


def _plain(text: str) -> str:
    """What a sentinel says, on one line, without markers, emphasis, full stop or a quote left alone."""
    words = "".join(
        apart(segment.raw) if isinstance(segment, Lookalike) else segment.raw
        for segment in parse(text)
        if not isinstance(segment, Marker)
    )
    words = collapse(words).strip(" *_-.")
    for quotes in _QUOTES:
        if sum(map(words.count, quotes)) % 2:
            words = words.strip(quotes).strip(" *_-.")
    return words

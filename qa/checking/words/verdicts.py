"""Reads what a judge model says, in any clear form: lines, prose, JSON, a table, other words.

One clear verdict is read. Where verdicts contradict each other, or a word is neither of those that were
asked for, nothing is read: an unreadable verdict is never a no.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from index.text.months import any_of
from index.text.patterns import lazy_compile

# What is adorned with Markdown, quotes, signs or the lines of a table; possessive, to be gone over once.
_ADORNED = r"[\s*_`\"'“”>#|✅❌✓✗✔✘-]*+"
_KEYS_OF_NUMBERS = ("number", "pair", "claim", "id", "index", "nr")
_KEYS_OF_VERDICTS = (
    *("verdict", "answer", "supported", "judgement", "judgment", "correctness", "rating", "result"),
    *("label", "grade"),
)
_KEYS_OF_REASONS = ("reason", "explanation", "rationale", "why", "comment", "justification")
_CUE = any_of((*_KEYS_OF_VERDICTS, "urteil", "ergebnis", "veredicto", "décision"))
_SAYS = rf"\b(?:{_CUE})\b{_ADORNED}(?:is|=|:|–|—|ist|es|est)?{_ADORNED}:?{_ADORNED}"
_OPENS = lazy_compile(r"[{\[]")
_OF_PAIR = rf"(?:(?:pair|claim|number|nr|no)\b[.:]?{_ADORNED})?"
_HEADING = lazy_compile(rf"{_ADORNED}{_OF_PAIR}(\d{{1,4}}){_ADORNED}[.:)]?{_ADORNED}", re.IGNORECASE)


class Verdicts:
    """The words of a judge for each verdict, and how to find them in what it wrote."""

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self._meanings = {word: verdict for verdict, alike in words.items() for word in alike}
        said = rf"(?P<said>{any_of(self._meanings)})"
        # "no" is no verdict in "YES or NO", and "correct" none in "mostly correct".
        other = rf"{_ADORNED}(?:\bor\b|/|\band\b){_ADORNED}(?:{any_of(words)})\b"
        self._word = rf"(?<![\w-]){said}(?![\w-])(?!{other})"
        self._cued = lazy_compile(_SAYS + self._word, re.IGNORECASE)
        self._alone = lazy_compile(rf"{_ADORNED}{said}{_ADORNED}[.!]?{_ADORNED}", re.IGNORECASE)
        self._opening = lazy_compile(rf"{_ADORNED}{self._word}{_ADORNED}(?:[.:;,!(–—-]|\Z)", re.IGNORECASE)
        self._capitals = lazy_compile(rf"(?<![\w-])(?:{any_of(word.upper() for word in words)})(?![\w-])")
        after = rf"(?=[^\w\n]*[.:)\]=|→–—-])(?:{_ADORNED}[.:)\]=→–—]?){{1,3}}"
        cue = rf"(?:(?:the )?(?:{_CUE})\b{_ADORNED}(?:is|=|:)?{_ADORNED})?"
        self._numbered = lazy_compile(
            rf"(?:\A|(?<=[\s|,;*({{])){_ADORNED}{_OF_PAIR}(?P<number>\d{{1,4}}){after}{cue}{self._word}",
            re.IGNORECASE,
        )

    def meaning(self, word: object) -> str | None:
        """What one word or value of JSON says, None if it is no verdict."""
        return self._meanings.get(str(word).strip(" .*_`\"'").casefold())

    def one(self, text: str) -> tuple[str, str] | None:
        """The verdict of a text that gives one, and its reason; the last of several with "verdict:"."""
        for value in _values(text):
            if isinstance(value, dict) and (found := self._of_object(value)):
                return found
        cued = list(self._cued.finditer(text))
        if cued:
            last = cued[-1]
            return self._meanings[last["said"].casefold()], _reason_beside(text, last)
        lines = [line for line in text.splitlines() if line.strip()]
        alone = [match for line in lines if (match := self._alone.fullmatch(line))]
        opening = [match for line in lines[-1:] + lines[:1] if (match := self._opening.match(line))]
        for matches in (alone, opening):
            said = {self._meanings[match["said"].casefold()] for match in matches}
            if len(said) == 1:
                return said.pop(), _reason_beside(text, None)
        capitals = {match[0].casefold() for match in self._capitals.finditer(text)}
        return (self._meanings[capitals.pop()], _reason_beside(text, None)) if len(capitals) == 1 else None

    def numbered(self, text: str, count: int) -> dict[int, tuple[str, str] | None]:
        """Verdicts by the number of their pair, from 1 to `count`; None where two of them differ."""
        text = text.replace("：", ":")
        found: dict[int, tuple[str, str] | None] = {}
        for number, verdict in self._every(text, count):
            if 1 <= number <= count:
                before = found.get(number, verdict)
                found[number] = verdict if before and before[0] == verdict[0] else None
        if not found and count == 1 and (only := self.one(text)):
            return {1: only}
        return found

    def _every(self, text: str, count: int) -> Iterator[tuple[int, tuple[str, str]]]:
        of_json = [pair for value in _values(text) for pair in self._of_json(value, count)]
        if of_json:
            yield from of_json
            return
        heading = 0
        for line in text.splitlines():
            matches = list(self._numbered.finditer(line))
            for at, match in enumerate(matches):
                end = matches[at + 1].start() if at + 1 < len(matches) else len(line)
                reason = re.sub(r"\A[\s*_`:.,;|–—-]+|[\s*_`|,;]+\Z", "", line[match.end() : end])
                yield int(match["number"]), (self._meanings[match["said"].casefold()], reason)
            if number := _HEADING.fullmatch(line):
                heading = int(number[1])
            elif heading and not matches and (cued := self._cued.search(line)):
                yield heading, (self._meanings[cued["said"].casefold()], "")

    def _of_json(self, value: object, count: int) -> Iterator[tuple[int, tuple[str, str]]]:
        """Verdicts of one value: a list of them in order, objects with a number, or an object by numbers."""
        if isinstance(value, list):
            yield from self._of_list(value, count)
        elif isinstance(value, dict):
            by_number = [key for key in value if re.fullmatch(r"\D{0,8}\d{1,4}", key)]
            for key in by_number:
                if found := self._of_value(value[key]):
                    yield int(re.sub(r"\D", "", key)), found
            if by_number:
                return
            if found := self._of_object(value):
                yield _number(value, 1 if count == 1 else 0), found
                return
            for item in value.values():
                yield from self._of_json(item, count)

    def _of_list(self, items: Sequence[object], count: int) -> Iterator[tuple[int, tuple[str, str]]]:
        """Verdicts with their numbers; without them, in the order of the pairs if there are as many."""
        for at, item in enumerate(items, 1):
            if found := self._of_value(item):
                place = at if len(items) == count else 0
                yield (_number(item, place) if isinstance(item, dict) else place), found

    def _of_value(self, value: object) -> tuple[str, str] | None:
        """The verdict of an object, or of a word and what follows it: "NO: the year is another"."""
        if isinstance(value, dict):
            return self._of_object(value)
        word, _, reason = str(value).partition(":")
        said = self.meaning(word)
        return (said, reason.strip()) if said else None

    def _of_object(self, value: Mapping[str, object]) -> tuple[str, str] | None:
        said = self.meaning(_field(value, _KEYS_OF_VERDICTS))
        reason = _field(value, _KEYS_OF_REASONS)
        return (said, reason if isinstance(reason, str) else "") if said else None


def _field(value: Mapping[str, object], names: Sequence[str]) -> object:
    """The value of the first of `names` that an object has, whatever its capitals."""
    folded = {key.casefold().strip(): held for key, held in value.items()}
    return next((folded[name] for name in names if name in folded), None)


def _number(value: Mapping[str, object], otherwise: int) -> int:
    """The number of the pair that an object is about."""
    number = str(_field(value, _KEYS_OF_NUMBERS) or otherwise).strip()
    return int(number) if number.isdecimal() and len(number) <= 4 else 0


def _values(text: str) -> Iterator[object]:
    """The JSON objects and lists of a text, outermost first, with what stands around them left aside."""
    decoder, at = json.JSONDecoder(), 0
    for _ in range(200):
        match = _OPENS.search(text, at)
        if match is None:
            return
        try:
            value, at = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            at = match.end()
        else:
            yield value


def _reason_beside(text: str, match: re.Match[str] | None) -> str:
    """The reason that a text gives: what follows "reason:", else the last line before the verdict."""
    said = re.search(r"\breason\b[\s*_`]*:[\s*_`]*+([^\n]+)", text, re.IGNORECASE)
    if match is None:
        return said[1] if said else ""
    before = text[: match.start()]
    line = next((line for line in reversed(before.splitlines()) if line.strip(" *_`-–—>#\"'")), "")
    line = re.sub(r"\A[\s*_`>#-]*reason[\s*_`]*:[\s*_`]*", "", line, count=1, flags=re.IGNORECASE)
    return re.sub(r"[\s*_`–—-]+\Z", "", line)

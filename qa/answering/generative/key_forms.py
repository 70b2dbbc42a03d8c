"""The written forms of sentence keys that models use, and the numbers of theirs that are none of ours.

The form that the prompt asks for is `[s12]`. Read as well: lists and ranges, other brackets, words before the
keys ("see", "source:"), a title behind them, Markdown, LaTeX and HTML around them, a bracket left open at the
end of a line, and a bare key at the end of a sentence. Not read: words in which "s3" is a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.patterns import lazy_compile

_SPACE = r"[ \t\u00a0]*+"
_OPEN, _CLOSE = r"[\[［【〔⟦〖「]", r"[\]］】〕⟧〗」]"
_DASH = r"(?:[-‐‑‒–—−~]{1,2}|\.{2,3}|…|(?:up[ ])?to\b|bis\b|through\b|thru\b|until\b|à\b|al?\b)"
_SIGN = r"[,;、，；&+/|]"
_AND = r"(?:and|und|et|or|sowie|y|e)\b"
_EMPHASIS = r"[*_`]{0,3}"
_NO_MORE = r"(?![0-9A-Za-z])"
_KEY = rf"{_EMPHASIS}[\^@#]?[sS][ _.#:-]?[0-9]{{1,9}}{_NO_MORE}{_EMPHASIS}"
_NAMED = (  # "sentence 3", where "s3" is meant
    rf"(?i:sentences?|sent\.?|satz|sätze|phrases?|frases?|frasi)[ ]?(?:no\.?|nr\.?|#)?{_SPACE}"
    rf"[sS]?[0-9]{{1,9}}{_NO_MORE}"
)
_FURTHER = rf"{_EMPHASIS}[\^@#]?(?:[sS][ _]?)?[0-9]{{1,9}}{_NO_MORE}{_EMPHASIS}"
_TO = rf"(?:{_SPACE}{_DASH}{_SPACE}{_FURTHER})?"
_THEN = (
    rf"(?:{_SPACE}(?:{_SIGN}{_SPACE}(?:{_AND}|&)?|{_AND}){_SPACE}{_FURTHER}{_TO}"
    rf"|[ \t\u00a0]++[sS][0-9]{{1,9}}{_NO_MORE}{_TO})*"
)
_KEYS = rf"(?P<keys>{_KEY}{_TO}{_THEN})"  # "s12", "s12-s14, s16 and 17"
_ANY_KEYS = rf"(?P<keys>(?:{_KEY}|{_NAMED}){_TO}{_THEN})"
_LEAD = (
    r"(?i:see(?:[ ]also)?|cf\.?|siehe|vgl\.?|voir|véase|vedi|source[ ]sentences?|sources?|quellen?|fuentes?"
    r"|from|per|refs?\.?|references?|keys?|citations?|cites?|based[ ]on|according[ ]to|laut|passages?"
    r"|evidence|also)"
    rf"(?![A-Za-z]){_SPACE}:?{_SPACE}"
)
_FREE_LEAD = r"[^\[\]\n]{1,80}?[,:;|][ \t]*(?=[*_`]{0,3}s[0-9])"  # "[Summit.txt: s3]"
# ": a title", ", p. 4", "†source", " - a title", " (a title": what may stand behind the keys in a bracket.
_TAIL = r"(?P<tail>(?!:?//|:[ ]?//)(?:[:,;|†‡(\"“=]|(?<=[ \t])[-–—])[^\[\]\n]{0,100}?)?"
_LINK = r"(?:\((?:[#/.]|https?:|file:)[^()\s]{0,120}\)|\([\w-]{1,40}\.[A-Za-z]{2,5}\))?"

_SQUARE_TEXT = rf"{_OPEN}{{1,2}}{_SPACE}(?:{_LEAD}|{_FREE_LEAD})??{_ANY_KEYS}{_SPACE}{_TAIL}{_CLOSE}{{1,2}}"
_SQUARE = lazy_compile(rf"\^?{_SQUARE_TEXT}{_LINK}")
# (S12) is more likely a bus, a phone or a postcode, and (s3 bucket) is no key either.
_ROUND = lazy_compile(
    rf"[(（]{_SPACE}(?:{_LEAD})?(?=[*_`^]{{0,3}}s[0-9]){_KEYS}{_SPACE}(?P<tail>:[^()\n]{{1,80}})?[)）]"
)
_OTHERS = (
    lazy_compile(rf"\\[\[(]{_SPACE}{_KEYS}{_SPACE}\\[\])]"),  # \[s3\]
    lazy_compile(rf"\\cite[tp]?\{{{_SPACE}{_KEYS}{_SPACE}\}}"),
    lazy_compile(rf"<(sup|sub|cite|ref|citation|source|key)>{_SPACE}\[?{_KEYS}\]?{_SPACE}</\1>"),
    lazy_compile(rf"<{_SPACE}{_KEYS}{_SPACE}/?>"),
    lazy_compile(rf"\$?\{{{{1,2}}{_SPACE}\^?{_KEYS}{_SPACE}\}}{{1,2}}"),
)
_LEFT_OPEN = lazy_compile(rf"\^?{_OPEN}{_SPACE}(?:{_LEAD})?{_KEYS}(?={_SPACE}[.!?]?[ \t\r]*\Z)")
_IN_CODE = lazy_compile(rf"(`{{1,2}}){_SPACE}{_SQUARE_TEXT}{_SPACE}\1")
_BETWEEN = lazy_compile(rf"[ \t]{{0,2}}(?:[,;]?[ \t]{{0,2}}(?:{_AND}[ \t])?)?(?=[\[［【〔⟦〖「(（\\^<{{])")
_ONE = lazy_compile(
    rf"(?:[sS]|(?i:sentences?|sent\.?|satz|sätze|phrases?|frases?|frasi))?[ _.#:-]*([0-9]{{1,9}}){_EMPHASIS}"
    rf"(?:{_SPACE}{_DASH}{_SPACE}{_EMPHASIS}[\^@#]?(?:[sS][ _]?)?([0-9]{{1,9}}))?"
)
_FURTHER_KEY = lazy_compile(rf"(?<![\w/])s([0-9]{{1,9}}){_NO_MORE}")

# A bare key at the end of a sentence, "unsafe s3." or "unsafe. s3", or with only its closing bracket.
_BARE = lazy_compile(
    rf"(?P<keys>s[0-9]{{1,5}}{_NO_MORE}(?:{_SPACE}[-–]{_SPACE}s?[0-9]{{1,5}}{_NO_MORE})?"
    rf"(?:(?:,[ ]?|[ ]and[ ]|,[ ]and[ ])s[0-9]{{1,5}}{_NO_MORE})*)"
    r"(?:[\]］】〕](?=[.!?,;:]?(?:\s|\Z))|(?=[.!?]{0,2}[\"”’)]?(?:\s|\Z)))"
)
_BARE_MAY = lazy_compile(r"s(?:[0-9][0-9s,\-– and]*[\]］】〕]?[.!?]{0,2}[\"”’),;:]?)?")
_BARE_OPEN = lazy_compile(rf"{_BARE.pattern}[.!?\"”’)]*\s*")
_BARE_AFTER = lazy_compile(r"[^\W\d_][\w’'-]*[\"”’)\]*_]{0,2}[.!?,]?[ \t]\Z")
# Words that go on to what "s3" names: "upload it to s3.", "it is called s3".
_GOES_ON = lazy_compile(
    r"(?:\b(?:an?|the|to|in|into|on|onto|from|of|with|without|at|by|for|and|or|via|use[sd]?|using|called|named"
    r"|is|are|was|were|as|than|like|der|die|das|den|dem|im|zu|auf|von|mit|le|la|les|el|los|amazon|aws|your|our"
    r"|its?|this|that|between|model)|\bs[0-9]+[,;]?)[ \t]\Z",
    re.IGNORECASE,
)
_STOP_BEFORE = lazy_compile(r"[.!?][\"”’)]?[ \t]\Z")
_CAPITAL_BEHIND = lazy_compile(r"[ \t]+[\"“‘(]?[A-ZÀ-ÖØ-ÞА-Я]|[ \t]*\Z")

_WORD = (
    r"(?i:see|cf\.?|sources?|refs?\.?|references?|citations?|cit(?:es?|ed)?\.?|docs?\.?|documents?|passages?|notes?"
    r"|footnotes?|quellen?|fußnoten?|articles?|texts?|no\.?|nr\.?|ids?|n|fuentes?|fonti|fonte|index|chunks?|results?)"
)
_OPEN_NUMBER, _CLOSE_NUMBER = r"[\[［【〔⟦〖「⁅❲﹝⦗]", r"[\]］】〕⟧〗」⁆❳﹞⦘]"
# Numbers in brackets, which a reader would take for citations of ours; 2019 is a year.
_NUMBER = r"(?:\d{1,3}(?!\d)|[①-⑳])"
_NUMBERS = (
    rf"{_NUMBER}(?:{_SPACE}(?:{_SIGN}|{_DASH}|{_AND}|:|(?<=[ ])){_SPACE}(?:{_WORD}{_SPACE})?{_NUMBER})*"
)
_NUMBERED = rf"(?:[\^#№†]{_SPACE}|{_WORD}{_SPACE}[:#_]?{_SPACE})?"
NUMBER = lazy_compile(
    rf"\\?{_OPEN_NUMBER}{{1,2}}{_SPACE}(?P<number>{_EMPHASIS}{_NUMBERED}{_NUMBERS}{_EMPHASIS}[*.?!]?"
    rf"(?:[†‡:,|][^\[\]\n]{{0,80}}?|[ ](?:\(|pp?\.|S\.|[\w-]+\.[a-z])[^\[\]\n]{{0,60}}?)?)"
    rf"{_SPACE}\\?{_CLOSE_NUMBER}{{1,2}}"
)
RAISED = lazy_compile(r"[⁰¹²³⁴-⁹]+(?:[,⁻˒ ][⁰¹²³⁴-⁹]+)*")
RAISED_TAG = lazy_compile(
    r"<sup>\s?\[?(?P<number>\d{1,3}(?:[ ]?[,;–-][ ]?\d{1,3})*)\]?\s?</sup>", re.IGNORECASE
)
# A raised number behind a word or a stop is a note; behind a unit it is a power.
_NOTED = lazy_compile(r"(?:(?<![^\W\d_])[^\W\d_]{4,}|[.,;:!?\"”’)\]])[*_]{0,2}\Z")
_UNIT = lazy_compile(r"(?:met(?:er|re)s?|miles?|inch(?:es)?|feet|foot|yards?|seconds?|hours?|Meter\w*)\Z")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

# What may still become a key: held back while a stream goes on. Wider than the grammar; that only costs time.
_ROUND_MAY = lazy_compile(r"[(（]\s*[*_`^]{0,3}(?:s(?:[0-9][^()\n]*)?)?")
_LEADS = (
    "see also", "cf.", "siehe", "vgl.", "voir", "véase", "vedi", "sources:", "source sentences:", "quellen:",
    "fuentes:", "from", "per", "refs.:", "references:", "keys:", "citations:", "cites", "based on",
    "according to", "laut", "passages:", "evidence:", "also",
)  # fmt: skip
_LEAD_OPEN = lazy_compile(rf"{_LEAD}[*_`^]{{0,3}}(?:s(?:[0-9][^()\n]*)?)?", re.IGNORECASE)
_OTHERS_MAY = lazy_compile(
    r"\\(?:[\[(][^\])\n]{0,80}\\?|c(?:i(?:t(?:e[tp]?(?:\{[^}\n]{0,80})?)?)?)?)?"
    r"|<(?:/?[a-z]{0,8}|[a-z]{1,8}>[^<\n]{0,60}(?:</?[a-z]{0,8})?|\s?[sS][0-9][^<>\n]{0,60})"
    r"|\$?\{{0,2}\s?\^?(?:[sS](?:[0-9][^{}\n]{0,60}\}?)?)?|\^"
)
_GOES_ON_BEHIND = lazy_compile(
    r"[\])］】〕⟧〗」}]?(?:\([^()\s]*"
    r"|[ \t]{0,2}[,;]?[ \t]{0,2}(?:(?:an?|un?|et?|or?|y|s|so|sow|sowi)?|(?:and|und|et|or|sowie|y|e)[ \t]?)"
    r"(?:[\[［【〔⟦〖「(（\\^<{].*)?)"
)
# The beginning of a key at the end of a text that was cut off.
HALF_KEY = lazy_compile(
    rf"[ \t]*(?:[,;]|{_AND})?[ \t]*[\\^]?(?:{_OPEN}{{1,2}}|[(（<{{])\s*(?:{_LEAD})?[*_`^]{{0,3}}"
    r"(?:[sS](?:[ _]?[0-9][0-9sSandute,;、，；&+/\-‐‑‒–—−~ \t\u00a0]*)?)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class KeyForm:
    """Keys found at the beginning of a text: how many characters they take, and each as (first, last)."""

    length: int
    keys: tuple[tuple[int, int], ...]


def keys_at(line: str, *, ended: bool) -> KeyForm | None:
    """The keys that `line` begins with, those joined to them too; `ended` if nothing more can come."""
    form = _form_at(line, 0)
    if form is None:
        left = _LEFT_OPEN.match(line) if ended else None
        return KeyForm(left.end(), _ranges(left)) if left else None
    while (between := _BETWEEN.match(line, form.length)) and (more := _form_at(line, between.end())):
        form = KeyForm(more.length, form.keys + more.keys)
    return form


def _form_at(line: str, at: int) -> KeyForm | None:
    """One bracket with keys; `length` is where it ends in `line`."""
    for pattern in (_SQUARE, _ROUND) if line[at : at + 1] not in ("\\", "<", "{", "$") else _OTHERS:
        if match := pattern.match(line, at):
            return KeyForm(match.end(), _ranges(match))
    return None


def _ranges(match: re.Match[str]) -> tuple[tuple[int, int], ...]:
    found = [(int(one[1]), int(one[2] or one[1])) for one in _ONE.finditer(match["keys"])]
    tail = match["tail"] if "tail" in match.re.groupindex else None
    found += [(int(key[1]), int(key[1])) for key in _FURTHER_KEY.finditer(tail or "")]
    return tuple(found)


def keys_in_code(code: str) -> KeyForm | None:
    """The keys of code within a line that is nothing but a key: `[s3]` in backticks."""
    match = _IN_CODE.fullmatch(code)
    return KeyForm(match.end(), _ranges(match)) if match else None


def bare_keys_at(line: str, before: str) -> KeyForm | None:
    """Keys without brackets that end the sentence of which `before` is the beginning."""
    match = _BARE.match(line)
    if match is None or not _BARE_AFTER.search(before) or _GOES_ON.search(before):
        return None
    if _STOP_BEFORE.search(before) and not _CAPITAL_BEHIND.match(line, match.end()):
        return None
    behind = line[match.end() : match.end() + 1]
    closed = line[match.end() - 1] in "]］】〕"
    if behind.isspace() and not closed and line[match.end() :].strip() and not _STOP_BEFORE.search(before):
        return None
    return KeyForm(match.end(), _ranges(match))


def may_be_keys(line: str) -> bool:
    """True if `line`, which goes on, may come to begin with keys or with numbers like ours."""
    if re.match(_OPEN_NUMBER, line):
        return not re.search(_CLOSE_NUMBER, line)
    if line[0] in "(（":
        inside = line[1:].lstrip().lower()
        return bool(
            _ROUND_MAY.fullmatch(line)
            or _LEAD_OPEN.fullmatch(inside)
            or any(lead.startswith(inside) for lead in _LEADS)
        )
    if line[0] == "^" and line[1:2] in ("[", "［"):
        return may_be_keys(line[1:])
    return bool(_OTHERS_MAY.fullmatch(line))


def may_be_bare(line: str) -> bool:
    """True if `line`, which goes on, may come to begin with a bare key, or what follows one is not clear."""
    return bool(_BARE_MAY.fullmatch(line) or _BARE_OPEN.fullmatch(line))


def may_go_on(line: str, at: int) -> bool:
    """True if more may come to belong to the keys that end at `at`."""
    return bool(_GOES_ON_BEHIND.fullmatch(line, at))


def is_note(before: str) -> bool:
    """True if a raised number behind `before` is one of a note, not a power or an exponent."""
    return bool(_NOTED.search(before)) and not _UNIT.search(before)


def apart(number: str) -> str:
    """A number that is not ours, moved apart from its brackets: `[ 12 ]` for `[12]`, `【12】` and raised."""
    inside = NUMBER.fullmatch(number) or RAISED_TAG.fullmatch(number)
    return f"[ {inside['number'].strip() if inside else number.translate(_LOWERED).strip()} ]"


def with_numbers_apart(text: str) -> str:
    """`text` of a document, with every number in brackets moved apart from them."""
    return NUMBER.sub(lambda match: apart(match[0]), text)

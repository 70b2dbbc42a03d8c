"""Finds a quotation in a text: word for word, else the place that is most like it.

Word for word leaves white space, case, and the shapes of quotes and dashes apart, which change when a text is
copied out of a program. Likeness is that of the words: twice what both have in the same order, of all words
of both (the ratio of Ratcliff and Obershelp, 1988).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest

from index.types import Span

NEAR = 0.8  # likeness from which a place counts as the one that was meant
MOST_PLACES = 20  # where a quotation may stand word for word; more say nothing
_RARE = 1_000  # places of a word that still tell where a quotation may stand
_LONGEST = 1_000  # words that are compared; a longer quotation is known by its first ones
_CANDIDATES = 3
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SHAPES = {
    **dict.fromkeys('"“”„«»″', '["“”„«»″]'),
    **dict.fromkeys("'‘’‚`´′", "['‘’‚`´′]"),
    **dict.fromkeys("-‐‑‒–—−", "[-‐‑‒–—−]"),
}
_AROUND = re.compile(
    r"""\A(?:[\s"“”„«»']|\.\.\.|…|\[(?:…|\.\.\.)\])+|(?:[\s"“”„«»']|\.\.\.|…|\[(?:…|\.\.\.)\])+\Z"""
)


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """Where a quotation stands in a text, in order, and how like it that is, in [0, 1]; 1 is word for word.

    Where nothing in the text is near enough, `spans` has the nearest place, if there is any likeness at all.
    """

    spans: tuple[Span, ...]
    likeness: float

    @property
    def found(self) -> bool:
        """Whether the place may be taken for the one that was meant."""
        return self.likeness >= NEAR


def find_quotation(text: str, quotation: str) -> QuotationMatch:
    """The places of `quotation` in `text`, up to `MOST_PLACES` and the first of more."""
    exact = tuple(_exactly(text, quotation))
    if exact:
        return QuotationMatch(exact, 1.0)
    return _nearest(text, quotation)


def bare(quotation: str) -> str:
    """A quotation without the quotes and dots that people put around it; as it is if nothing is left."""
    return _AROUND.sub("", quotation) or quotation.strip()


def _exactly(text: str, quotation: str) -> Iterator[Span]:
    written = quotation.strip()
    at = text.find(written) if written else -1
    if at >= 0:
        found = 0
        while at >= 0 and found < MOST_PLACES:
            yield Span(at, at + len(written))
            found += 1
            at = text.find(written, at + len(written))
        return
    for form in dict.fromkeys((written, bare(quotation))):
        words = form.split()
        if not words:
            return
        pattern = re.compile(r"\s+".join(map(_word_pattern, words)), re.IGNORECASE)
        places = [
            Span(*match.span()) for _, match in zip(range(MOST_PLACES), pattern.finditer(text), strict=False)
        ]
        if places:
            yield from places
            return


def _word_pattern(word: str) -> str:
    return "".join(_SHAPES.get(sign) or re.escape(sign) for sign in word.replace("\u00ad", ""))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, where each begins and ends, and at which numbers each stands."""

    words: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    places: Mapping[str, Sequence[int]]


@lru_cache(maxsize=4)  # quotations of one source mostly follow each other
def _words_of(text: str) -> _Words:
    found = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
    places: dict[str, list[int]] = {}
    for number, (word, _, _) in enumerate(found):
        places.setdefault(word, []).append(number)
    return _Words(
        [word for word, _, _ in found], [start for _, start, _ in found], [end for _, _, end in found], places
    )


def _nearest(text: str, quotation: str) -> QuotationMatch:
    wanted = [word[0].casefold() for word in _WORD.finditer(quotation)][:_LONGEST]
    known = _words_of(text)
    best = (0.0, 0, 0)
    for begin in _begins(known, wanted):
        best = max(best, _likeness(known.words, wanted, begin))
    likeness, first, last = best
    if not likeness:
        return QuotationMatch((), 0.0)
    start, end = known.starts[first], known.ends[last]
    if len(wanted) == _LONGEST:
        end = max(end, min(start + len(quotation.strip()), len(text)))
    return QuotationMatch((Span(start, end),), likeness)


def _begins(known: _Words, wanted: Sequence[str]) -> list[int]:
    """Where places begin that share the most words with `wanted`, rare ones first of all; the best first."""
    votes: dict[int, float] = {}
    width = max(len(wanted) // 2, 1)
    shared = [(at, known.places[word]) for at, word in enumerate(wanted) if word in known.places]
    rare = [(at, places) for at, places in shared if len(places) <= _RARE]
    for at, places in rare or shared:
        for place in places[:_RARE]:
            bucket = (place - at) // width
            votes[bucket] = votes.get(bucket, 0.0) + 1 / len(places)
    best = nlargest(_CANDIDATES, votes, key=lambda bucket: votes[bucket])
    return [bucket * width for bucket in best]


def _likeness(words: Sequence[str], wanted: Sequence[str], begin: int) -> tuple[float, int, int]:
    """How like `wanted` the words around `begin` are, and the first and last of them that count."""
    slack = max(len(wanted) // 2, 2)
    start = max(begin - slack, 0)
    window = words[start : max(begin, 0) + len(wanted) + 2 * slack]
    matcher = SequenceMatcher(None, window, wanted, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    best = (0.0, 0, 0)
    for low in range(min(len(blocks), _CANDIDATES)):  # a stray word in front makes the place too long
        for high in range(len(blocks), max(low, len(blocks) - _CANDIDATES), -1):
            inner = blocks[low:high]
            first, last = inner[0].a, inner[-1].a + inner[-1].size - 1
            shared = sum(block.size for block in inner)
            ratio = 2 * shared / (last - first + 1 + len(wanted))
            best = max(best, (ratio, start + first, start + last))
    return best

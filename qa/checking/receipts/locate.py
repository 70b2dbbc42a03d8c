"""Where a text says what was quoted: word for word as whole sentences, or in nearly the same words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from index.types import Span

SIMILAR = 0.6  # of the words in their order: what a sentence shares with one that it was made of
_CANDIDATES = 8  # sentences that share most words, around which the nearest is looked for
_TIME = re.compile(r"\[\d\d:\d\d:\d\d\]")  # of subtitles, before the first sentence of some
_COMPARED = 8  # runs of sentences that share most words, which are compared word by word
_MOST_SENTENCES = 20  # of such a run


def find_quote(quote: str, near: Span, text: str, sentences: Sequence[Span]) -> Span | None:
    """Where `text` has `quote` as whole sentences, None if nowhere: at `near`, else nearest to it.

    White space may differ, as between systems whose lines end otherwise. Within a longer sentence it does
    not say the same: "It is not true that …". `sentences` are those of `text`, in order.
    """
    if near.of(text) == quote and is_whole(near, text, sentences):
        return near
    pattern = re.compile(r"\s+".join(map(re.escape, quote.split())))
    spans = (Span(*found.span()) for found in pattern.finditer(text))
    whole = [span for span in spans if is_whole(span, text, sentences)]
    return min(whole, key=lambda span: abs(span.start - near.start), default=None)


def is_whole(span: Span, text: str, sentences: Sequence[Span]) -> bool:
    """True if no letter or digit of a sentence that `span` has a part of lies outside of it."""
    before, after = "", ""
    if (first := _sentence_at(span.start, sentences)) is not None:
        before = text[first.start : span.start]
    if (last := _sentence_at(span.end - 1, sentences)) is not None:
        after = text[span.end : last.end]
    return not any(map(str.isalnum, _TIME.sub("", before) + after))


def _sentence_at(offset: int, sentences: Sequence[Span]) -> Span | None:
    """The sentence that has the character at `offset`."""
    at = bisect_right(sentences, offset, key=lambda sentence: sentence.start) - 1
    return sentences[at] if at >= 0 and offset < sentences[at].end else None


def find_similar(quote: str, text: str, sentences: Sequence[Span]) -> Span | None:
    """The sentences of `text` that say most nearly what `quote` says; None if none come near."""
    wanted = _words(quote)
    kinds = set(wanted)
    shared = [len(kinds & set(_words(sentence.of(text)))) for sentence in sentences]
    likely = sorted(range(len(sentences)), key=lambda at: -shared[at])[:_CANDIDATES]
    runs = dict.fromkeys(span for at in likely if shared[at] for span in _around(at, quote, sentences))
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)

    def ratio(span: Span, *, exact: bool) -> float:
        matcher.set_seq1(_words(span.of(text)))
        return matcher.ratio() if exact else matcher.quick_ratio()

    nearest = sorted(runs, key=lambda span: -ratio(span, exact=False))[:_COMPARED]
    best = max(nearest, key=lambda span: ratio(span, exact=True), default=None)
    return best if best is not None and ratio(best, exact=True) >= SIMILAR else None


def _around(at: int, quote: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """Runs of sentences with the one at `at`, none of them much longer than `quote`; and that sentence."""
    yield sentences[at]
    for first in range(at, max(at - _MOST_SENTENCES, -1), -1):
        for last in range(at, min(first + _MOST_SENTENCES, len(sentences))):
            run = Span(sentences[first].start, sentences[last].end)
            if len(run) > 2 * len(quote):
                break
            yield run


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text.casefold())

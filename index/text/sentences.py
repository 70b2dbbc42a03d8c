"""The sentence spans of a text, block by block.

syntok's rules decide where prose ends a sentence (`boundaries.py`), with exact offsets: nothing is searched
for afterwards. Stops of other scripts, which syntok does not know, are cut at here first.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import overload

from index.text.patterns import lazy_compile
from index.text.stops.boundaries import lowercase_starts, sentence_starts
from index.text.stops.continuing import goes_on, number_ends
from index.types import Block, BlockKind, Blocks, Sentence, Span

LONGEST_SENTENCE = 1000  # characters; what runs on without a stop is cut at punctuation or white space
WHOLE_ROW = 400  # a heading or table row up to this length is one sentence, whatever stops it holds

_CLOSERS = "\"'”’»）］｝)\\]}」』】》〉"
# Stops that no abbreviation is written with: each ends a sentence wherever it stands.
_WIDE_STOPS = "。！？｡।॥።፧။"
_FOREIGN_STOP = lazy_compile(
    # Chinese, Japanese and Indic full stops with closing quotes; but a quotation that Japanese goes on
    # from (「…。」と言った) ends nothing.
    rf"[{_WIDE_STOPS}]++(?:[{_CLOSERS}]++(?!と|って)|(?![{_CLOSERS}]))"
    # Arabic, Urdu and Armenian stops before white space.
    rf"|(?<![؟۔։])[؟۔։]++[{_CLOSERS}]*+(?=\s)"
    # An ellipsis before a capital: "and so on … Then".
    rf"|(?<!…)…++[{_CLOSERS}]*+(?=\s+[{_CLOSERS}“‘«(\[]{{0,3}}[A-ZÀ-ÖØ-ÞΑ-ΩА-Я])"
    r"|\n[^\S\n]*+\n"  # an empty line
)
_MAYBE_FOREIGN = lazy_compile(rf"[{_WIDE_STOPS}؟۔։…]|\n[^\S\n]*+\n")
# Closing quotes and brackets that syntok leaves to the next sentence: the ” of "He left. ” Then".
_LEFT_BEHIND = lazy_compile(r"(?:(?:''|[”’»)\]}]{1,4}|[\"'](?=\s))\s++)+")
_SPEAKER_FOLLOWS = lazy_compile(r"[-–—]\s?[a-zа-я]")  # "…" - he said
# Before a name, and never at the end of a sentence: ranks and titles, and initials
# followed by another ("J. A. Hobson": syntok takes the A for an article).
_TITLES = """
    Maj Lt Sgt Cpl Pvt Pfc Cmdr Comdr Gen Col Brig Adm Capt Gov Sen Rep Amb Rev Hon Msgr Supt Insp Atty Pres
    Mr Mrs Ms Dr Prof Gens Cols Lts Sgts Govs Sens Reps Revs Drs Profs Messrs Mme Mlle Cllr Bp
    Abp
"""
_TITLE = lazy_compile(rf"(?<![\w.-])(?:{'|'.join(_TITLES.split())}) ?\.\s*\Z")
_OPENS_SENTENCE = lazy_compile(r"(?:A|An|And|But|He|His|Her|I|In|It|On|She|That|The|They|This|We)\b(?!\.)")
_INITIAL = lazy_compile(r"(?<![\w.-])[A-Z]\.\s*\Z")  # "J. A. " before "Hobson"
_NEXT_INITIAL = lazy_compile(r"[A-Z]\.\s+[A-Z]")
_LONGEST_TITLE = 16  # characters before a cut that are looked at
_LETTER_OR_DIGIT = lazy_compile(r"[^\W_]")
_LINE = lazy_compile(r"[^\r\n]+")
_CLAUSE_END = lazy_compile(r"[;:,](?=\s)|[，、；：;—]|\n")
_SPACE = lazy_compile(r"\s")


class Sentences(Sequence[Sentence]):
    """Sentences in order, held as numbers: of each its start, its end, and the index of its block.

    Each is made when it is asked for: a large file has millions.
    """

    __slots__ = ("blocks", "ends", "starts")

    def __init__(self, ranges: Iterable[tuple[int, int, int]]) -> None:
        self.starts, self.ends, self.blocks = array("q"), array("q"), array("q")
        for start, end, block in ranges:
            self.starts.append(start)
            self.ends.append(end)
            self.blocks.append(block)

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[Sentence]:
        for start, end, block in zip(self.starts, self.ends, self.blocks, strict=True):
            yield Sentence(Span(start, end), block)

    @overload
    def __getitem__(self, at: int) -> Sentence: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Sentence, ...]: ...
    def __getitem__(self, at: int | slice) -> Sentence | tuple[Sentence, ...]:
        """A sentence, or sentences."""
        if isinstance(at, slice):
            return tuple(self[each] for each in range(*at.indices(len(self))))
        return Sentence(Span(self.starts[at], self.ends[at]), self.blocks[at])


def split_sentences(text: str, blocks: Sequence[Block]) -> Sentences:
    """The sentences of every block, in order, trimmed, each inside its block.

    Every character of a block that is not white space is in exactly one of them. A heading or a row is one
    sentence, a line of code is one, and none is longer than `LONGEST_SENTENCE` characters.
    """
    packed = blocks if isinstance(blocks, Blocks) else Blocks(blocks)
    return Sentences(
        (start, end, number)
        for number, (first, last) in enumerate(zip(packed.starts, packed.ends, strict=True))
        for start, end in _sentence_ranges(text[first:last], first, packed.kind_at(number))
    )


def _sentence_ranges(body: str, first: int, kind: BlockKind) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of one block, whose text begins at `first`, in the source's offsets."""
    for start, end in _with_wordless_joined(body, _trimmed_ranges(body, _block_starts(body, kind))):
        for piece_start, piece_end in _split_long(body, start, end):
            yield first + piece_start, first + piece_end


def _block_starts(body: str, kind: BlockKind) -> Iterable[int]:
    """Where the sentences of a block's text begin, after the first."""
    if kind == "code":
        return (line.start() for line in _LINE.finditer(body))
    if kind in ("heading", "row") and len(body) <= WHOLE_ROW:
        return ()
    return _prose_starts(body)


def _prose_starts(body: str) -> Iterator[int]:
    """Starts in running text: after the stops of other scripts, and by syntok's rules between them."""
    end = 0
    if ("\n" in body or not body.isascii()) and _MAYBE_FOREIGN.search(body):
        for stop in _FOREIGN_STOP.finditer(body):
            yield from _stop_starts(body, end, stop.start())
            end = stop.end()
            yield end
    yield from _stop_starts(body, end, len(body))


def _stop_starts(body: str, start: int, end: int) -> Iterator[int]:
    """The starts syntok gives; none after a semicolon, within a name, before a speaker or a closing quote."""
    find = lowercase_starts if body[start:end].islower() else sentence_starts
    for cut in find(body, start, end):
        before = cut - 1
        while before > start and body[before].isspace():
            before -= 1
        if (
            body[before] != ";"
            and not _SPEAKER_FOLLOWS.match(body, cut)
            and not _within_name(body, start, cut)
        ):
            if not goes_on(body, start, cut, end):
                left_behind = _LEFT_BEHIND.match(body, cut, end)
                yield left_behind.end() if left_behind else cut
            elif (after := number_ends(body, cut, end)) > 0 and not goes_on(body, start, after, end):
                yield after


def _within_name(body: str, start: int, cut: int) -> bool:
    """True if a title or an initial ends at `cut`, and the name goes on after it."""
    low = max(start, cut - _LONGEST_TITLE)
    if _TITLE.search(body, low, cut):
        return not _OPENS_SENTENCE.match(body, cut)
    return bool(_NEXT_INITIAL.match(body, cut) and _INITIAL.search(body, low, cut))


def _trimmed_ranges(body: str, cuts: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The non-empty ranges between `cuts`, without white space around them."""
    begin = 0
    for cut in (*cuts, len(body)):
        piece = body[begin:cut]
        start = begin + len(piece) - len(piece.lstrip())
        end = begin + len(piece.rstrip())
        if start < end:
            yield start, end
        begin = max(begin, cut)


def _with_wordless_joined(body: str, ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges, with those that hold no letter or digit ("* * *", a lone brace) added to the one before."""
    last: tuple[int, int] | None = None
    for start, end in ranges:
        if last is None:
            last = start, end
        elif _LETTER_OR_DIGIT.search(body, start, end):
            yield last
            last = start, end
        else:
            last = last[0], end
    if last is not None:
        yield last


def _split_long(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A range cut into pieces of at most `LONGEST_SENTENCE`, at the last good place before that."""
    while end - start > LONGEST_SENTENCE:
        cut = _best_cut(body, start, start + LONGEST_SENTENCE)
        yield start, start + len(body[start:cut].rstrip())
        start = cut
        while body[start].isspace():
            start += 1
    yield start, end


def _best_cut(body: str, start: int, limit: int) -> int:
    """After the last clause punctuation in the second half of the range, else white space, else the limit."""
    half = start + (limit - start) // 2
    for pattern in (_CLAUSE_END, _SPACE):
        cuts = [match.end() for match in pattern.finditer(body, half, limit)]
        if cuts:
            return cuts[-1]
    return limit

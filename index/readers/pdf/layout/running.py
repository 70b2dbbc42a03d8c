"""Leaves out running headers, running footers and page numbers, and says which.

A line at the top or bottom of a page is left out where the same line stands at the same place on most pages
of a run, but for a page number that counts with the pages. It stays where it first stands. A line with other
numbers, of a table, or in letters larger than those of the text stays everywhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from index.readers.pdf.layout.rows import is_row, letters_height

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.readers.pdf.page import PdfLine

_EDGE_LINES = 4  # base lines from the top and from the bottom of a page that may be running
_EDGE_DEPTH = 48.0  # points from the first to the last of them: further inside stands the text
_LOW = 0.4  # of the height of the first line of a page, that a footer stands at most
_SHARE = 0.35  # of all pages that have the line; below one half, for left and right pages may differ
_ENOUGH = 8  # pages with the line are enough in a long document, whose sections have headers of their own
_FEWEST = 3  # pages; a line on two is no running line
_RUN_GAP = 4  # pages at most from one page with the line to the next
_RUN_SHARE = 0.4  # of the pages of a run that have it
_SAME_PLACE = 3.0  # points
_SKIPPED = 20  # page numbers that may be missing before those of a part of a document
_LARGER = 1.15  # times the letters of running text: a title
_MOST_WORDS = 30  # of a line with a page number
_TWICE = 0.5  # of its pages, on which a line that is no running line stands more than once
_SHOWN = 3  # lines quoted in the note
_LONGEST_SHOWN = 60  # characters of each

# An amount: two decimals, thousands, a currency or a share. Equal on many pages, it still counts on each.
_AMOUNT = re.compile(r"\d[.,]\d\d\b|\d[.,' ]\d{3}\b|[$€£¥%]")
_ROMAN = r"[ivxlc]+|[IVXLC]+"
_BARE = re.compile(
    rf"[-–—~|·•(\[]* ?(?:page )?(?:[A-Z]{{1,2}} ?- ?|\d{{1,2}}-)?(?P<n>\d{{1,4}}|{_ROMAN})"
    r"(?P<all> ?(?:/|of|von|de|sur) ?\d{1,4})? ?[-–—~|·•)\]]*"
)
_PAGE = re.compile(
    r"(?:\b(?:pages?|pag\.?|p[aá]gina|seite|blatt|p\.|pg\.?|str\.|strana|strona|sida|side|sivu|oldal|sayfa|"
    r"стр\.?|страница|σελ\.?|σελίδα)|第) ?"
    rf"(?P<n>\d{{1,4}}|(?:{_ROMAN})\b)(?P<all> ?(?:/|of|von|de|di|sur|av|af|van|z|ze|od|из) ?\d{{1,4}})?",
    re.IGNORECASE,
)
_BEFORE_PAGE = re.compile(r"(?P<n>\d{1,4}) ?\|? ?(?:p ?a ?g ?e|页|頁|ページ)$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[A-Z]-)?(\d{1,4})")
_SEPARATOR = re.compile(r"[|·•–—~/»«:-]+")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class PagesLeft:
    """The pages without what was left out, and a note on that for the user; "" if nothing was."""

    pages: tuple[tuple[PdfLine, ...], ...]
    note: str
    dropped: tuple[PdfLine, ...] = ()


class _Place(NamedTuple):
    """A line near an edge of a page."""

    page: int
    at: int  # in the page's order
    top: bool
    rank: int  # base lines between it and the edge
    height: float
    value: int = 0  # of the page number in it


def without_running_lines(pages: Sequence[Sequence[PdfLine]], body: float) -> PagesLeft:
    """The pages without running headers, footers and page numbers. `body` is the height of usual letters."""
    places = [place for number, lines in enumerate(pages, 1) for place in _edge(number, lines)]
    counting = _counting(pages, places)
    running = {(place.page, place.at) for place in (*_equal(pages, places), *counting)}
    seen: set[str] = set()
    dropped: dict[tuple[int, int], str] = {}  # page and line -> what the note quotes
    for place in sorted(_peeled(places, running) | _fixed(counting)):
        where, line = (place.page, place.at), pages[place.page - 1][place.at]
        number = counting.get(place)
        called = number or line.text
        lines = pages[place.page - 1]
        stays = len(lines) == 1 or _is_title(line, lines, body) or _is_in_table(lines, place)
        if stays or where in dropped:
            continue
        if called not in seen and not (number and _is_alone(number)):
            seen.add(called)  # it stays where it first stands
            continue
        dropped[where] = called
    left = tuple(
        tuple(line for at, line in enumerate(lines) if (number, at) not in dropped)
        for number, lines in enumerate(pages, 1)
    )
    lines_dropped = tuple(pages[number - 1][at] for number, at in sorted(dropped))
    return PagesLeft(left, _note(dropped), lines_dropped)


def _note(dropped: dict[tuple[int, int], str]) -> str:
    """How many lines were left out on how many pages, and the most frequent of them."""
    if not dropped:
        return ""
    count, pages = len(dropped), len({page for page, _ in dropped})
    most = [called for called, _ in Counter(dropped.values()).most_common(_SHOWN)]
    shown = ", ".join(f"“{text[:_LONGEST_SHOWN]}{'…' * (len(text) > _LONGEST_SHOWN)}”" for text in most)
    return (
        f"running headers and footers left out: {count:,} line{'s' * (count > 1)} on "
        f"{pages:,} page{'s' * (pages > 1)}: {shown}"
    )


def _edge(number: int, lines: Sequence[PdfLine]) -> Iterator[_Place]:
    """The lines nearest to the top, then those nearest to the bottom of page `number`."""
    # Below 0 stands what was set sideways, or typed as a note: it has no edge.
    upright = [at for at in range(len(lines)) if lines[at].bottom >= 0 and not lines[at].turned]
    order = sorted(upright, key=lambda at: lines[at].bottom)
    for top in (True, False):
        rank = 0
        before: PdfLine | None = None
        outermost = lines[order[-1 if top else 0]].bottom if order else 0.0
        for at in reversed(order) if top else order:
            line = lines[at]
            if before is not None and abs(line.bottom - before.bottom) > 0.5 * min(line.size, before.size):
                rank += 1
            if rank == _EDGE_LINES or abs(line.bottom - outermost) > _EDGE_DEPTH:
                break
            before = line
            yield _Place(number, at, top, rank, line.bottom)


def _peeled(places: Iterable[_Place], running: set[tuple[int, int]]) -> set[_Place]:
    """The running lines that have only running lines between them and the edge of the page."""
    found: set[_Place] = set()
    reached: dict[tuple[int, bool], int] = {}  # page and side -> the first rank that is not reached
    for place in places:
        edge = (place.page, place.top)
        if (place.page, place.at) in running and place.rank <= reached.get(edge, 0):
            reached[edge] = place.rank + 1
            found.add(place)
    return found


def _equal(pages: Sequence[Sequence[PdfLine]], places: Iterable[_Place]) -> set[_Place]:
    """The places of lines that are the same at the same height on most pages of a run."""
    groups: dict[tuple[str, bool], list[_Place]] = {}
    highest = [max((line.bottom for line in lines), default=0.0) for lines in pages]
    for place in places:
        if not place.top and place.height > _LOW * highest[place.page - 1]:
            continue
        text = pages[place.page - 1][place.at].text
        groups.setdefault((text.casefold(), place.top), []).append(place)
    needed = min(_ENOUGH, max(_FEWEST, _SHARE * len(pages)))
    found: set[_Place] = set()
    for (text, _), group in groups.items():
        if len(group) < needed or not any(map(str.isalpha, text)) or _AMOUNT.search(text):
            continue
        heights = Counter(round(place.height) for place in group)
        usual = max(heights, key=lambda height: (heights[height], height))
        in_place = [place for place in group if abs(place.height - usual) <= _SAME_PLACE]
        members = _in_runs(in_place)
        if len({place.page for place in members}) >= needed:
            # Pages may differ in height: there the line still stands nearest to the edge.
            found |= members | {place for place in group if place.rank == 0}
    return found - _also_elsewhere(pages, found)


def _also_elsewhere(pages: Sequence[Sequence[PdfLine]], found: Iterable[_Place]) -> set[_Place]:
    """The places of lines that stand twice on their pages: the text itself says the same again."""
    by_text: dict[str, list[_Place]] = {}
    for place in found:
        by_text.setdefault(pages[place.page - 1][place.at].text.casefold(), []).append(place)
    repeated: set[_Place] = set()
    for text, places in by_text.items():
        own = {place.page for place in places}
        twice = sum(_times(text, pages[page - 1]) > 1 for page in own)
        repeated.update(places if twice >= _TWICE * len(own) else ())
    return repeated


def _times(text: str, lines: Sequence[PdfLine]) -> int:
    """How often a line stands on a page."""
    first = text.partition(" ")[0]
    return sum(line.words[0].text.casefold() == first and line.text.casefold() == text for line in lines)


def _in_runs(places: Iterable[_Place], fewest: int = _FEWEST) -> set[_Place]:
    """Of places of one line, those in a run of pages most of which have it."""
    by_page: dict[int, list[_Place]] = {}
    for place in places:
        by_page.setdefault(place.page, []).append(place)
    runs: list[list[int]] = []
    for page in sorted(by_page):
        if runs and page - runs[-1][-1] <= _RUN_GAP:
            runs[-1].append(page)
        else:
            runs.append([page])
    return {
        place
        for run in runs
        if len(run) >= fewest and len(run) >= _RUN_SHARE * (run[-1] - run[0] + 1)
        for page in run
        for place in by_page[page]
    }


def _counting(pages: Sequence[Sequence[PdfLine]], places: Sequence[_Place]) -> dict[_Place, str]:
    """The places of lines whose number counts with the pages, each with # for the number.

    A number that is set apart from other text counts only where the page has no page number by itself:
    "Recipe 2" on page 2 is none.
    """
    by_itself: dict[tuple[str, bool], list[_Place]] = {}
    apart: dict[tuple[str, bool], list[_Place]] = {}
    for place in places:
        line = pages[place.page - 1][place.at]
        if place.rank > 1 or len(line.words) > _MOST_WORDS:
            continue
        if number := _page_number(line.text):
            by_itself.setdefault((number[0], place.top), []).append(place._replace(value=number[1]))
        elif place.rank == 0 and (number := _number_apart(line)) and number[1] <= len(pages) + _SKIPPED:
            apart.setdefault((number[0], place.top), []).append(place._replace(value=number[1]))
    found = {place: template for (template, _), group in by_itself.items() for place in _steady(group)}
    numbered = {place.page for place in found}
    for (template, _), group in apart.items():
        found |= {place: template for place in _steady(group) if place.page not in numbered}
    return {place._replace(value=0): template for place, template in found.items()}


def _fixed(counting: dict[_Place, str]) -> set[_Place]:
    """The places with a page number at a height where three or more pages have one."""
    heights = Counter((template, place.top, round(place.height)) for place, template in counting.items())
    return {
        place
        for place, template in counting.items()
        if heights[template, place.top, round(place.height)] >= _FEWEST
    }


def _steady(group: Sequence[_Place]) -> set[_Place]:
    """The places whose number differs from that of a page nearby by as much as the pages do."""
    if len(group) < 2:
        return set()
    values = {(place.page, place.value) for place in group}
    members = [
        place
        for place in group
        if any((place.page + by, place.value + by) in values for by in (-2, -1, 1, 2))
    ]
    exact = {place for place in members if place.value == place.page}
    return _in_runs(members) | _in_runs(exact, fewest=2)


def _page_number(text: str) -> tuple[str, int] | None:
    """A line with a page number ("12", "- xii -", "Page 3 of 10") as # and its value; None for any other."""
    found = _BARE.fullmatch(text) or _PAGE.search(text) or _BEFORE_PAGE.search(text)
    if found is None:
        return None
    start, end = found.span("n")
    rest = text[end:]
    if found.re is not _BEFORE_PAGE and found["all"]:
        rest = re.sub(r"\d+", "#", found["all"]) + text[found.end("all") :]
    return f"{text[:start]}#{rest}", _value(found["n"])


def _is_alone(template: str) -> bool:
    """True for a page number with no other text."""
    text = template.replace("#", "1")
    return any(pattern.fullmatch(text) for pattern in (_BARE, _PAGE, _BEFORE_PAGE))


def _number_apart(line: PdfLine) -> tuple[str, int] | None:
    """A line that begins or ends with a number set apart from its text by a gap or a sign."""
    for at, beside in ((-1, -2), (0, 1)):
        if len(line.words) < 2:
            return None
        number, other = line.words[at], line.words[beside]
        found = _NUMBER.fullmatch(number.text)
        gap = max(number.left - other.right, other.left - number.right)
        if found and (gap > line.size or _SEPARATOR.fullmatch(other.text)):
            texts = [word.text for word in line.words]
            texts[at] = number.text[: found.start(1)] + "#"
            return " ".join(texts), int(found[1])
    return None


def _value(number: str) -> int:
    """The value of a number in digits or in Roman numerals."""
    if number.isdecimal():
        return int(number)
    values = [_ROMAN_VALUES[sign] for sign in number.casefold()]
    return sum(-a if a < b else a for a, b in pairwise([*values, 0]))


def _is_title(line: PdfLine, lines: Sequence[PdfLine], body: float) -> bool:
    """True for a line in letters larger than most of the document and of its page."""
    return line.size > _LARGER * body and line.size > _LARGER * letters_height(lines)


def _is_in_table(lines: Sequence[PdfLine], place: _Place) -> bool:
    """True for a row with another one below (at the top of a page) or above (at its bottom)."""
    line = lines[place.at]
    if not is_row(line):
        return False
    inward = -1 if place.top else 1
    steps = ((inward * (other.bottom - line.bottom), other) for other in lines)
    return any(0.5 * line.size < step < 1.8 * line.size and is_row(other) for step, other in steps)

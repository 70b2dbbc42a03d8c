"""What holds for every file that was read and cut, by whichever reader, whatever is in it."""

from __future__ import annotations

import unicodedata
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.formats import read
from index.storage.records import FileStat, Prepared
from index.sync.prepare import prepare
from index.sync.tasks import Task
from index.types import Block, Span
from tests.support.readings import check_reading, mutations
from tests.support.written_files import WRITERS, made_up

_WORDS = [
    "A title",
    "One sentence. And another!",
    "12",
    "a",
    " ",
    "\n",
    "\n\n",
    "\0",
    "\x1b[1m",
    "\u202e",
    "\r",
    "。",
]
# Of each format what its reader looks for.
_SIGNS = {
    "a.txt": ["====", "- ", "| a | b |", "Title: x"],
    "a.md": ["# ", "---", "```", "- ", "| a | b |", "|---|---|", "<!--", "-->", "> ", "title: x\0y"],
    "a.rst": ["====", ".. note:: ", "::", "==  ==", "  ", ":Title: x"],
    "a.wiki": ["== ", " ==", "{{", "}}", "{|", "|-", "| ", "|}", "[["],
    "a.tex": ["\\title{", "\\section{", "}", "\\begin{", "\\end{", "%", "&", "\\\\"],
    "a.csv": [",", ";", '"', "a,b,c", "1,2,3", "# "],
    "a.tsv": ["\t", '"', "a\tb"],
    "a.json": ['{"title": ', '"a": ', '"a. b. c"', '"x"', "1", ",", "{", "}", "[", "]", '"\\u0000"'],
    "a.jsonl": ['{"a": "b"}', '{"a": 1, "a": "x. y. z"}', '"title" "t"', "{", "}", "[", "]", ":", ","],
    "a.html": ["<title>", "</title>", "<p>", "<h1>", "<table><tr><td>", "<td>", "<li>", "<br>"],
    "a.srt": ["1\n00:00:01,000 --> 00:00:02,000\n", "<i>", "WEBVTT"],
    "a.ics": ["BEGIN:VEVENT\n", "SUMMARY:", "DTSTART:20240101\n", "END:VEVENT\n", "END:VCALENDAR\n"],
    "a.eml": ["Subject: x\n", "From: a@b\n", "\n\n", "> ", "Content-Type: text/html\n", "=?utf-8?b?AA=?="],
    "a.mbox": ["From a@b Tue May  7 10:00:00 2024\n", "Subject: x\n", "\n\n", ">From "],
    "a.rtf": ["{\\rtf1 ", "{", "}", "\\par ", "\\cell ", "\\row ", "\\trowd ", "\\u0 ", "{\\title x\\'00y}"],
    "a.py": ["# ", "def a():", '"""', "    "],
}  # fmt: skip


def check(data: bytes, name: str) -> None:
    """What was read keeps what all readings keep, and what was cut of it what all chunks do."""
    try:
        reading = read(data, name)
        prepared = prepare(data, Task("-", None, name, "0" * 16, FileStat(len(data), 0)))
    except ReadError:
        return
    check_reading(reading)
    if not isinstance(prepared, Prepared):
        return
    text, title = prepared.text, prepared.source.title or ""
    assert not [sign for sign in title if unicodedata.category(sign) in ("Cc", "Cs")], title
    assert "\n" not in title
    assert len(title) <= 1_000
    assert all(before.span.end <= after.span.start for before, after in pairwise(prepared.chunks))
    for chunk in prepared.chunks:
        assert chunk.span.of(text) == chunk.text
        assert all(chunk.span.contains(sentence) for sentence in chunk.sentences)
        assert all(before.end <= after.start for before, after in pairwise(chunk.sentences))
        assert all(table.span.end <= len(text) for table in chunk.tables)
    covered = [Span(chunk.span.start, chunk.span.end) for chunk in prepared.chunks]
    assert all(_is_in(block, covered) for block in reading.blocks)


def _is_in(block: Block, spans: list[Span]) -> bool:
    return any(span.overlaps(block.span) for span in spans)


@pytest.mark.parametrize("name", WRITERS)
def test_files_and_broken_files(name: str) -> None:
    """A whole file of each format, and copies of it with bytes changed or the end missing."""
    whole = WRITERS[name](made_up(3, paragraphs=3, rows=3))
    check(whole, name)
    for data in mutations(whole, 12, zlib.crc32(name.encode())):
        check(data, name)


@pytest.mark.parametrize("name", _SIGNS)
def test_signs_of_a_format_in_any_order(name: str) -> None:
    """What nobody would write, and a program may."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.sampled_from([*_SIGNS[name], *_WORDS]), max_size=25))
    def whatever_it_is(pieces: list[str]) -> None:
        check("".join(pieces).encode(), name)

    whatever_it_is()


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
@pytest.mark.parametrize(
    "text",
    [
        '{"title":"A thing","title":"Another","text":"Long prose here. And more of it."}',
        '{"a": "b" "c" 1 2, "text": "Prose. And more."}',
        '{"a": {"b": "c. d. e" "f. g. h" 3}, "a": [1, 2 "x" "y. z. w"]}',
    ],
)
def test_a_key_with_several_values(name: str, text: str) -> None:
    """Each value is a block of its own, or all are one."""
    check(text.encode(), name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", "Ti\0tle\n======\n\ntext\n"),
        ("a.txt", "Tit\0le here\n\nSome longer text follows here, as it does. And more.\n"),
        ("a.md", "# He\0ad\x1bing\n\nText."),
        ("a.json", r'{"title": "a\u0000b\u001b[1m c", "text": "x. y"}'),
        ("a.html", "<title>a\0b\x1b&#27;c&#0;</title><p>x"),
        ("a.rtf", r"{\rtf1{\info{\title a\'00b\u0 c}}text}"),
        ("a.eml", "Subject: a\0b =?utf-8?b?AAAA?=\nFrom: a@b\n\ntext"),
        ("a\x1b[1m b\0 c.txt", "- text\n"),
    ],
)
def test_no_control_character_is_in_a_title(name: str, text: str) -> None:
    """Wherever the title comes from."""
    check(text.encode(), name)

"""The table of formats, and what holds for every reader of text."""

from __future__ import annotations

import subprocess
import sys
import time
from importlib import import_module

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.formats import FORMATS, IMAGES, Format, read, reader_name, supported

MARKUP_NAMES = ["a.tex", "a.org", "a.adoc", "a.textile", "a.wiki"]
NAMES = [
    *MARKUP_NAMES,
    "a.txt",
    "a.md",
    "a.rst",
    "a.csv",
    "a.tsv",
    "a.json",
    "a.jsonl",
    "a.py",
    "a.c",
    "a.sql",
    "README",
]
REPEATED = [
    "a",
    " ",
    "\n",
    '"',
    "[",
    "| a ",
    "*",
    "<a ",
    "<!--",
    "```\n",
    "[a](",
    "=",
    "1 ",
    "a: b\n",
    '"a""\n',
]
SIGNS = "aB1.:|-=#*>`~<!\"'[](){}\\/ \t\n\r\f\u2028é日,;_+"
MARKUP = st.text(
    st.sampled_from(SIGNS) | st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=120
)
LINES = [
    "# T",
    "a b.",
    "- x",
    "1. y",
    "",
    "```",
    "<!-- ",
    " -->",
    "| a | b |",
    "|--|--|",
    "===",
    "---",
    "    in",
]
ODD_LINES = [
    ".. note:: w",
    "::",
    ":k: v",
    "\\section{A}",
    "\\item a % b",
    "a & b \\\\",
    "{| c",
    "! h",
    "----",
    "#+begin_src",
    '"""',
    "/* c",
    " */",
    "// d",
    "> q",
    "K: v",
    '{"a": "b c. D"}',
    ",",
]
PIECES = st.lists(st.sampled_from([*LINES, *ODD_LINES]), max_size=25).map("\n".join)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, derandomize=True)
@given(text=MARKUP | PIECES)
def test_blocks_are_in_order_in_range_and_trimmed(name: str, text: str) -> None:
    """Whatever the file, its text is the decoded file and its blocks are sound."""
    try:
        reading = read(text.encode(), name)
    except ReadError:
        return
    assert reading.text == text.removeprefix("\ufeff")
    at = 0
    for block in reading.blocks:
        words = block.span.of(reading.text)
        assert at <= block.span.start
        assert words
        assert words == words.strip()
        assert (block.level > 0) == (block.kind == "heading")
        at = block.span.end
    assert at <= len(reading.text)


@settings(deadline=None, derandomize=True)
@given(text=PIECES | MARKUP)
def test_no_word_of_plain_text_is_lost(text: str) -> None:
    """Every letter beyond ASCII of a .txt file stands in a block: only a bullet's letter or digit may not."""
    try:
        reading = read(text.encode(), "a.txt")
    except ReadError:
        assert not any(sign.isalnum() for sign in text)
        return
    inside = set[int]()
    for block in reading.blocks:
        inside.update(range(block.span.start, block.span.end))
    lost = [
        sign
        for at, sign in enumerate(reading.text)
        if at not in inside and sign.isalpha() and ord(sign) > 127
    ]
    assert lost == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\t\r\n ", b"\x00\x01\x02\x03" * 50])
def test_files_without_text_are_refused(name: str, data: bytes) -> None:
    """Empty, blank and binary files give a reason, whatever their suffix."""
    with pytest.raises(ReadError) as caught:
        read(data, name)
    assert caught.value.cause in {"empty file", "no text", "looks binary, not text"}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("piece", REPEATED)
def test_time_is_linear(name: str, piece: str) -> None:
    """Twenty-five kilobytes of any sign, or four thousand short lines, take little processor time."""
    data = (piece * (4_000 if "\n" in piece else 25_000 // len(piece)) + "x").encode()
    began = time.process_time()
    read(data, name)
    assert time.process_time() - began < 1  # what is not linear takes a quarter of a minute


def test_a_word_without_end_in_an_older_encoding_takes_linear_time() -> None:
    """The words whose letters tell the encoding are found without looking at the others twice."""
    began = time.process_time()
    assert read(b'"' * 200_000 + b" caf\xe9", "a.txt").text.endswith("café")
    assert time.process_time() - began < 1  # what is not linear takes minutes


def test_remarks_are_of_one_line() -> None:
    """Though they quote the file: what steers a terminal is an escape in them."""
    assert read(b"[1, \x1b[31mtwo]", "a.json").notes == (
        "not valid JSON (\\x1b is no value); read as plain text",
    )


def test_supported_names() -> None:
    """Suffixes decide, in any case; names without one, or with a number for one, are tried as text."""
    assert all(
        supported(name)
        for name in ("a.PDF", "b/c.Md", "LICENSE", "notes 1.2", "Dr. Smith on tax", "x.tar.py")
    )
    assert not any(supported(name) for name in ("a.png", "a.zip", "a.exe", "a.mp3"))
    assert (reader_name("x.markdown"), reader_name("LICENSE"), reader_name("a.pdf")) == (
        "markdown/3",
        "text/2",
        "pdf/3",
    )


def test_unknown_suffixes_are_read_if_they_are_text() -> None:
    """Text of an unknown format is text; anything else is refused, and the format is named."""
    assert read(b"Minutes of May.", "a.minutes").text == "Minutes of May."
    assert reader_name("a.minutes") == reader_name("a.txt")
    with pytest.raises(ReadError, match=r"no reader for \.png files"):
        read(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xd8\x00\x10" * 9, "a.png")


def test_no_suffix_stands_twice() -> None:
    """Each suffix has one reader."""
    suffixes = [suffix for row in (*FORMATS, IMAGES) for suffix in row.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_hidden_characters_are_reported() -> None:
    """Direction overrides and tag characters stay in the text, with a note."""
    reading = read("Pay \u202eevil\u202c now, it says.\U000e0041".encode(), "a.txt")
    assert reading.notes == ("3 invisible or direction-changing characters in the text",)
    assert "\u202e" in reading.text


def test_text_needs_no_library() -> None:
    """Reading a .txt file imports no library of another format."""
    code = (
        "import sys; from index.readers.formats import read; read(b'A text.', 'a.txt'); print(*sys.modules)"
    )
    modules = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout.split()
    assert {"index.readers.plain.text"} <= set(modules)
    assert not {"pypdfium2", "selectolax", "docx", "charset_normalizer", "numpy"} & set(modules)


@pytest.mark.parametrize("row", FORMATS, ids=lambda row: row.name)
def test_every_row_names_a_reader(row: Format) -> None:
    """The module and the function of each row exist."""
    assert callable(getattr(import_module(f"index.readers.{row.module}"), row.function))

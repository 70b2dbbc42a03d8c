"""JSON: prose as paragraphs, small objects as rows, at any depth and however it is broken."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings, strategies as st

from index.readers.formats import read
from index.readers.plain.json_files import NotJson, json_blocks, unescaped
from index.types import Dated

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def blocks(text: str, name: str = "a.json") -> list[tuple[str, int, str]]:
    """Kind, level and words of each block of a file."""
    reading = read(text.encode(), name)
    return [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks]


def test_a_list_of_articles_reads_like_articles() -> None:
    """On one minified line: titles are headings, prose is cut at escaped line ends, the rest are rows."""
    articles = [
        {
            "title": "Summit off",
            "date": "2025-10-21",
            "text": 'It was cancelled. "Nobody" came.\n\nSecond part.',
        },
        {"title": "Other", "text": "Short. Text in C:\\new stuff.", "tags": ["a", "b"], "none": None},
    ]
    assert blocks(json.dumps(articles)) == [
        ("heading", 1, "Summit off"),
        ("row", 0, '"date": "2025-10-21"'),
        ("paragraph", 0, 'It was cancelled. \\"Nobody\\" came.'),
        ("paragraph", 0, "Second part."),
        ("heading", 1, "Other"),
        ("paragraph", 0, "Short. Text in C:\\\\new stuff."),
        ("row", 0, '"a", "b"'),
    ]


def test_small_objects_are_rows() -> None:
    """An object of a few short values is one row, pretty-printed or not."""
    people = [{"name": "Alice", "age": 31}, {"name": "Bob", "born": {"year": 1990}}]
    assert blocks(json.dumps(people)) == [
        ("row", 0, '"name": "Alice", "age": 31'),
        ("row", 0, '"name": "Bob", "born": {"year": 1990}'),
    ]
    assert len(blocks(json.dumps(people, indent=2))) == 2


def test_title_and_date_of_the_outermost_object() -> None:
    """They are the source's, with escapes decoded."""
    reading = read(
        json.dumps({"title": "Ünder “way”", "published": "21 October 2025", "n": 1}).encode(), "a.json"
    )
    assert (reading.title, reading.date) == ("Ünder “way”", Dated("2025-10-21", "metadata"))


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.geojson"])
@pytest.mark.parametrize(
    "words",
    [
        "Мельница закрылась в 1987 году.",
        "Müller fährt",
        "水車は閉まった。",
        "a 𝒳 and 🥊",
        "Tom & <b>Jerry</b>",
    ],
)
def test_letters_written_as_escapes_are_letters(name: str, words: str) -> None:
    """As Python, PHP and Go write them; the user is told, and every line stays where it was."""
    escaped = json.dumps({"text": words}).replace("&", "\\u0026").replace("<", "\\u003c")
    reading = (
        read(f"{escaped}\n{escaped}\n".encode(), name) if name == "a.jsonl" else read(escaped.encode(), name)
    )
    assert words in reading.blocks[0].span.of(reading.text)
    assert "written as escapes (\\u…, \\/); read as meant" in reading.notes[0]
    assert json.loads(reading.text.splitlines()[0]) == {"text": words}


def test_other_escapes_stay() -> None:
    """Quotes, backslashes, line ends, controls and half pairs would change what the JSON is."""
    text = r'{"a": "q\u0022 b\u005c n\u000a z\u0000 l\u2028 s\ud800 C:\\\\u0041 \\n"}'
    reading = read(text.encode(), "a.json")
    assert (reading.text, reading.notes) == (text, ())


def test_no_escape_no_note() -> None:
    """A file without such escapes is its text."""
    assert read(json.dumps({"a": "é" * 12}, ensure_ascii=False).encode(), "a.json").notes == ()


@settings(deadline=None, derandomize=True)
@given(VALUES)
def test_reading_letters_keeps_the_values(value: object) -> None:
    """The text with letters for escapes is JSON of the same value, on as many lines."""
    text = json.dumps(value, indent=1)
    letters, _ = unescaped(text)
    assert json.loads(letters) == value
    assert letters.count("\n") == text.count("\n")


def test_json_lines() -> None:
    """Each line stands by itself, and a broken one is read as text."""
    text = '{"id": 1, "q": "who"}\n{bad\n\n{"id": 2, "text": "A sentence.\u2028Another one. More."}\n'
    assert blocks(text, "a.jsonl") == [
        ("row", 0, '"id": 1, "q": "who"'),
        ("paragraph", 0, "{bad"),
        ("row", 0, '"id": 2'),
        ("paragraph", 0, "A sentence.\u2028Another one. More."),
    ]
    assert "1 line is" in read(text.encode(), "a.jsonl").notes[0]


@pytest.mark.parametrize(
    "text", ['{"a": "open', '["a"', "{]", "a word", '{"a": tru}', '{"title": "\\x"}', "]"]
)
def test_what_is_not_json_is_read_as_text(text: str) -> None:
    """A note says why, and nothing is lost."""
    reading = read(text.encode(), "a.json")
    assert reading.text == text
    assert "not valid JSON" in reading.notes[0]
    assert reading.blocks[0].kind == "paragraph"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_depth_is_no_matter(name: str) -> None:
    """A hundred thousand brackets neither recurse nor take long."""
    began = time.process_time()
    text = '{"a":' * 50_000 + "[" * 50_000 + '"Deep down there is a word."' + "]" * 50_000 + "}" * 50_000
    assert '"Deep down there is a word."' in blocks(text, name)[0][2]
    assert time.process_time() - began < 5


def test_pictures_in_base64_are_left_out() -> None:
    """A long string without a space says nothing."""
    assert blocks(json.dumps({"png": "iVBOR" * 200, "caption": "The bridge at dawn"})) == [
        ("row", 0, '"caption": "The bridge at dawn"')
    ]


@settings(deadline=None, derandomize=True)
@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_whatever_python_writes_is_json(value: object, ascii_only: bool, indent: int | None) -> None:
    """Every value that `json` writes is scanned, in order, within the text."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    at = 0
    for block in json_blocks(text, 0, len(text))[0]:
        assert at <= block.span.start < block.span.end <= len(text)
        at = block.span.end


@settings(deadline=None, derandomize=True)
@given(st.text(st.sampled_from('{}[]",:\\na1 \n'), max_size=40))
def test_any_signs_are_survived(text: str) -> None:
    """Broken JSON is refused as such, and never in another way; what is read has its blocks in order."""
    try:
        json.loads(text)
        valid = True
    except ValueError:
        valid = False
    try:
        blocks, _ = json_blocks(text, 0, len(text))
    except NotJson:
        assert not valid
        return
    assert all(before.span.end <= after.span.start for before, after in pairwise(blocks))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "The first": "The second": 3}', ['"a": "The first"', '"The second"', "3"]),
        (
            '{"a": "It rained. It rained again, for days.": "Snow"}',
            ["It rained. It rained again, for days.", '"Snow"'],
        ),
    ],
)
def test_a_value_behind_a_value_is_a_row_of_its_own(text: str, expected: list[str]) -> None:
    """A key is written with its first value only, however broken the object is."""
    text = text.replace("}", f', {" " * 600} "z": 9}}')  # what is short is one row altogether
    blocks, _ = json_blocks(text, 0, len(text))
    assert [block.span.of(text) for block in blocks] == [*expected, '"z": 9']


def test_slashes_behind_a_backslash() -> None:
    """PHP writes them so; a backslash that is itself escaped stays."""
    assert unescaped(r'{"a": "1\/2 and\/or", "b": "C:\\/x"}') == (r'{"a": "1/2 and/or", "b": "C:\\/x"}', 2)

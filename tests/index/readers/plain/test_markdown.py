"""Markdown and reStructuredText: what is a block, and what is never shown."""

from __future__ import annotations

import pytest

from index.readers.formats import read
from index.types import Dated


def blocks(text: str, name: str = "a.md") -> list[tuple[str, int, str]]:
    """Kind, level and words of each block of a file."""
    reading = read(text.encode(), name)
    return [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks]


def words(text: str, name: str = "a.md") -> list[str]:
    """The words of each block of a file."""
    return [block for _, _, block in blocks(text, name)]


def test_headings_without_their_marks() -> None:
    """ATX, closed ATX, setext, wiki and bold lines are headings; their span is the words alone."""
    text = "# One ##\n\n## Two #2\n\nThree\n=====\n\nFour\n----\n\n = = Five = = \n\n**Six**\n\nText #not.\n"
    assert [block for block in blocks(text) if block[0] == "heading"] == [
        ("heading", 1, "One"),
        ("heading", 2, "Two #2"),
        ("heading", 1, "Three"),
        ("heading", 2, "Four"),
        ("heading", 2, "Five"),
        ("heading", 6, "Six"),
    ]


def test_lists_quotes_and_tables() -> None:
    """Items and rows stand without bullets and bars; the rule line of a table is in no block."""
    text = (
        "- one that\n  Goes on\n- [x] done\n1. number\n   * nested\n\n"
        "> quoted text\n> goes on.\n>\n> second\n\n"
        "| Year | Count |\n|------|------:|\n| 2024 | 17 |\n|2025|18|\n"
    )
    assert blocks(text) == [
        ("item", 0, "one that\n  Goes on"),
        ("item", 0, "done"),
        ("item", 0, "number"),
        ("item", 0, "nested"),
        ("paragraph", 0, "quoted text\n> goes on."),
        ("paragraph", 0, "second"),
        ("row", 0, "Year | Count"),
        ("row", 0, "2024 | 17"),
        ("row", 0, "2025|18"),
    ]


def test_a_quotation_may_end_in_an_empty_line() -> None:
    """At the very end of a file, where nothing follows its mark."""
    assert words("> quoted\n>") == ["quoted"]
    assert words("Text.\n\n| a\n>") == ["Text.", "| a"]


def test_code_is_cut_at_blank_lines() -> None:
    """Fenced and indented code is code; marks of Markdown mean nothing in it; a fence may stay open."""
    text = "Text.\n\n```python\n# no heading\n\ny = 2\n```\n\n    indented()\n\n~~~\n<!-- kept -->\n"
    assert blocks(text) == [
        ("paragraph", 0, "Text."),
        ("code", 0, "# no heading"),
        ("code", 0, "y = 2"),
        ("code", 0, "indented()"),
        ("code", 0, "<!-- kept -->"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Before.\n\n<!-- hidden words -->\n\nAfter.",
        "Before.\n<!-- hidden\n\n# words\n-->\nAfter.",
        "Before. <!-- hidden words --> After.",
        "Before.\n\n<div align='center'>\n</div>\n\nAfter.",
        "Before.\n\n***\n\n[ref]: http://example.org 'hidden'\n\nAfter.",
    ],
)
def test_what_is_in_no_block(text: str) -> None:
    """Comments, lines of tags, rules and link definitions are in no block, and so are never quoted."""
    assert words(text) == ["Before.", "After."]


def test_a_comment_that_never_closes_hides_nothing() -> None:
    """The rest of a file is not lost to a stray mark."""
    assert words("Before.\n\n<!-- open\n\nAfter.")[-1] == "After."


def test_lines_of_their_own_stay_apart() -> None:
    """Two spaces at the end and "key: value" lines end a block; a soft wrap does not."""
    assert words("First half of\nThe sentence.") == ["First half of\nThe sentence."]
    assert words("Hard break  \nnext line") == ["Hard break", "next line"]
    assert words("**Who:** Jane\n**When:** Monday") == ["**Who:** Jane", "**When:** Monday"]


def test_yaml_front_matter() -> None:
    """Front matter gives title and date, and its lines are rows."""
    text = '---\ntitle: "The summit"\nauthor: Jane\ndate: 2025-10-22\n---\n\n# Other\n\nText.\n'
    reading = read(text.encode(), "a.md")
    assert (reading.title, reading.date) == ("The summit", Dated("2025-10-22", "front matter"))
    assert blocks(text)[1:4] == [
        ("row", 0, "author: Jane"),
        ("row", 0, "date: 2025-10-22"),
        ("heading", 1, "Other"),
    ]


def test_toml_front_matter() -> None:
    """TOML between plus signs is front matter as well."""
    reading = read(b'+++\ntitle = "T one"\ndate = 2025-10-22T10:00:00Z\n+++\nText.\n', "a.md")
    assert (reading.title, reading.date) == ("T one", Dated("2025-10-22", "front matter"))


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    """Dashes without fields between them are rules."""
    assert words("---\n\nText one.\n\n---\n\nText two.\n") == ["Text one.", "Text two."]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# The *big* [day](http://x)\n\nText.", "The big day"),
        ("Intro.\n\n# Late title\n\nText.", "Late title"),
        ("## Second level\n\nText.", "Second level"),
        ("Text alone.", None),
    ],
)
def test_titles(text: str, title: str | None) -> None:
    """The first heading of level 1 is the title, else one that opens the file."""
    assert read(text.encode(), "a.md").title == title


RST = """\
===============
Budapest Summit
===============

:Author: Jane
:Date: 2025-10-22

.. contents::
   :depth: 2

Intro text that
Goes on::

    code here

Section
=======

#. item one
#. item two

.. note:: Beware of dogs.
   They bite.

.. code-block:: python
   :linenos:

   x = 1

.. comment here
   more comment

.. _target: http://example.org

+-----+-----+
| a   | b   |
+=====+=====+
| 1   | 2   |
+-----+-----+

Sub
---

Done.
"""


def test_restructured_text() -> None:
    """Titles by their order of adornment; directives, comments and borders leave only their words."""
    assert blocks(RST, "a.rst") == [
        ("heading", 1, "Budapest Summit"),
        ("row", 0, ":Author: Jane"),
        ("row", 0, ":Date: 2025-10-22"),
        ("paragraph", 0, "Intro text that\nGoes on::"),
        ("code", 0, "code here"),
        ("heading", 2, "Section"),
        ("item", 0, "item one"),
        ("item", 0, "item two"),
        ("paragraph", 0, "Beware of dogs."),
        ("paragraph", 0, "They bite."),
        ("code", 0, "x = 1"),
        ("row", 0, "a   | b"),
        ("row", 0, "1   | 2"),
        ("heading", 3, "Sub"),
        ("paragraph", 0, "Done."),
    ]
    reading = read(RST.encode(), "a.rst")
    assert (reading.title, reading.date) == ("Budapest Summit", Dated("2025-10-22", "front matter"))

"""Source code: code by paragraphs, comments and docstrings as prose."""

from __future__ import annotations

import pytest

from index.readers.formats import read


def blocks(text: str, name: str) -> list[tuple[str, str]]:
    """Kind and words of each block of a file."""
    reading = read(text.encode(), name)
    return [(block.kind, block.span.of(reading.text)) for block in reading.blocks]


def test_python() -> None:
    """Docstrings and comments are paragraphs without their marks; other strings are code."""
    text = (
        '#!/usr/bin/env python\n"""Module about summits.\n\nIt tells of things that\ngo over lines.\n"""\n'
        'import os\n\n# A comment that runs\n# over two lines.\nX = """\nraw text\n"""\n\n'
        'def f():\n    """One line."""\n    return 1\n'
    )
    assert blocks(text, "a.py") == [
        ("code", "#!/usr/bin/env python"),
        ("paragraph", "Module about summits."),
        ("paragraph", "It tells of things that\ngo over lines."),
        ("code", "import os"),
        ("paragraph", "A comment that runs\n# over two lines."),
        ("code", 'X = """\nraw text\n"""'),
        ("code", "def f():"),
        ("paragraph", "One line."),
        ("code", "return 1"),
    ]


def test_c() -> None:
    """Block comments and `//` are prose; a preprocessor line is code."""
    text = (
        "/*\n * Budget module that\n * counts.\n */\n#include <a.h>\n\n"
        "// single one\nint main(void) {\n  return 0;\n}\n"
    )
    assert blocks(text, "a.c") == [
        ("paragraph", "Budget module that\n * counts."),
        ("code", "#include <a.h>"),
        ("paragraph", "single one"),
        ("code", "int main(void) {\n  return 0;\n}"),
    ]


@pytest.mark.parametrize(
    ("name", "mark"), [("a.sql", "--"), ("a.yaml", "#"), ("a.ini", ";"), ("a.erl", "%%"), ("a.rs", "///")]
)
def test_marks_of_other_languages(name: str, mark: str) -> None:
    """Each language has its own sign of a comment."""
    assert blocks(f"{mark} what it is\nkey = value\n", name) == [
        ("paragraph", "what it is"),
        ("code", "key = value"),
    ]


def test_a_sign_of_another_language_is_code() -> None:
    """Two slashes divide in Python, and a hash is no comment in JavaScript."""
    assert blocks("// x\n", "a.py") == [("code", "// x")]
    assert blocks("#priv = 1;\n", "a.js") == [("code", "#priv = 1;")]


def test_what_follows_a_docstring_s_end_is_code() -> None:
    """Nothing behind the closing quotes is lost, and a string opened there is code."""
    text = 'f(\n    """Some words.""", other, """\nraw\n""")\n'
    assert blocks(text, "a.py") == [
        ("code", "f("),
        ("paragraph", "Some words."),
        ("code", ', other, """\nraw\n""")'),
    ]

"""Tokens of Rich Text."""

from __future__ import annotations

from index.readers.office.rtf.tokens import tokens_of


def test_tokens() -> None:
    """Words with and without numbers, bytes, symbols, braces, text; line ends are nothing."""
    tokens = [
        (token.kind, token.text, token.number) for token in tokens_of("{\\b0 a\\par\\'e9\\~\r\nb\\u-5?}")
    ]
    assert tokens == [
        ("open", "{", None),
        ("word", "b", 0),
        ("text", "a", None),
        ("word", "par", None),
        ("byte", "é", None),
        ("symbol", "~", None),
        ("text", "b", None),
        ("word", "u", -5),
        ("text", "?", None),
        ("close", "}", None),
    ]


def test_binary_data_is_passed_over() -> None:
    """Braces in a picture are no groups, and a length beyond the end ends the file."""
    assert [token.text for token in tokens_of("\\bin3 {{{x")] == ["x"]
    assert list(tokens_of("\\bin99999 x")) == []

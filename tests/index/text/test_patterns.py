"""A lazily compiled pattern does what a compiled one does, and is compiled once, when it is first asked."""

from __future__ import annotations

import copy
import re
from unittest.mock import Mock

import pytest

from index.text.patterns import lazy_compile

DAY = r"(?P<day>\d+)(st|th)"


def test_it_finds_what_the_compiled_one_finds() -> None:
    """By whichever method."""
    late, whole = lazy_compile(DAY, re.IGNORECASE), re.compile(DAY, re.IGNORECASE)
    text = "on the 1ST and the 4th"
    for name in ("search", "match", "fullmatch", "findall", "split"):
        found, expected = getattr(late, name)(text), getattr(whole, name)(text)
        assert str(found) == str(expected), name
    assert [m["day"] for m in late.finditer(text)] == ["1", "4"]
    assert late.sub(r"\g<day>.", text) == "on the 1. and the 4."
    assert late.subn("", text, 1) == ("on the  and the 4th", 1)
    assert (late.flags, late.groups, late.groupindex) == (whole.flags, whole.groups, whole.groupindex)


def test_it_is_compiled_once_and_not_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its text can be read without that."""
    compiling = Mock(wraps=re.compile)
    monkeypatch.setattr(re, "compile", compiling)
    late = lazy_compile(DAY)
    assert late.pattern == DAY
    compiling.assert_not_called()
    assert [late.search("4th"), late.search("4th"), late.match("")].count(None) == 1
    compiling.assert_called_once_with(DAY, 0)


def test_it_can_be_copied() -> None:
    """As a compiled one can."""
    assert copy.copy(lazy_compile(DAY)).search("4th")
    assert copy.deepcopy(lazy_compile(DAY)).search("4th")

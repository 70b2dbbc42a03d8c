"""No quoted text can close the delimiters around it."""

from __future__ import annotations

import re
from itertools import count

from hypothesis import given, strategies as st

from prompts.delimiters import enclosed, random_mark, unused_mark


def test_a_mark_is_eight_digits_and_another_each_time() -> None:
    """A hundred of them are not two alike, but by a chance of one in a million."""
    marks = {random_mark() for _ in range(100)}
    assert len(marks) == 100
    assert all(re.fullmatch("[0-9a-f]{8}", mark) for mark in marks)


def test_the_first_mark_that_the_text_lacks_is_taken() -> None:
    """A worked example, and the text between its delimiters."""
    marks = iter(("aa", "bb", "cc"))
    mark = unused_mark("aa and bbb", lambda: next(marks))
    assert mark == "cc"
    assert enclosed("pair", mark, "aa\nbbb") == "<pair cc>\naa\nbbb\n</pair cc>"


@given(st.text(alphabet="<>/pair 0123\n"))
def test_no_text_closes_its_delimiters(text: str) -> None:
    """Between the first line and the last, neither delimiter stands a second time."""
    numbers = count()
    mark = unused_mark(text, lambda: str(next(numbers)))
    shown = enclosed("pair", mark, text)
    assert shown.count(f"<pair {mark}>") == shown.count(f"</pair {mark}>") == 1

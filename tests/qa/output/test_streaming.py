"""What stands on a terminal after streaming is what stands there without."""

from __future__ import annotations

import io

from hypothesis import given, strategies as st

from qa.output.answers.streaming import LiveText
from qa.output.answers.terminal import to_text
from qa.output.console import Console
from qa.types import Retract, TextDelta, TextEnd
from tests.support.answers import answered

TEXT = "The Vasa was lost in 1628 [1].\n\n- She carried\x1b[2J too many cannons [2]\n- and  sank.\n\n\nEnd"


def streamed(text: str, cuts: list[int], width: int) -> str:
    out = io.StringIO()
    with LiveText(Console(out, io.StringIO(), width=width)) as live:
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            live(TextDelta(text[start:end]))
    assert live.shown is bool(text.strip())
    return out.getvalue()


@given(
    st.one_of(
        st.just(TEXT),
        st.text(alphabet="ab [1]\n\t\u4e16\u202e", max_size=60),
        st.text(alphabet="a\u4e16\u754c\u202e ", min_size=30, max_size=200),
    ),
    st.lists(st.integers(0, 60), max_size=6).map(sorted),
    st.integers(20, 60),
)
def test_streamed_text_is_wrapped_as_any_other(text: str, cuts: list[int], width: int) -> None:
    """However it is cut, at every width: word by word the same, no line too long."""
    shown = streamed(text, cuts, width)
    at_once = to_text(answered(text=text, mode="llm", claims=(), citations=()), width)
    assert shown.rstrip("\n") == at_once.rstrip("\n")


def test_a_word_is_shown_when_it_is_whole() -> None:
    """Not before: it might not fit."""
    out = io.StringIO()
    live = LiveText(Console(out, io.StringIO(), width=20))
    live(TextDelta("The Vasa wa"))
    assert out.getvalue() == "The Vasa"
    live(TextDelta("s lost in 1628 "))
    assert out.getvalue() == "The Vasa was lost in\n1628"


def test_the_last_word_waits_for_no_check() -> None:
    """It appears when the text is at its end, which is before the judge has looked at it."""
    out = io.StringIO()
    live = LiveText(Console(out, io.StringIO(), width=20))
    live(TextDelta("The Vasa sank."))
    assert out.getvalue() == "The Vasa"
    live(TextEnd())
    assert out.getvalue() == "The Vasa sank."


def test_a_text_without_spaces_appears_line_by_line() -> None:
    """Nobody waits for the end of a Chinese paragraph."""
    out = io.StringIO()
    live = LiveText(Console(out, io.StringIO(), width=20))
    for _ in range(25):
        live(TextDelta("\u4e16"))
    assert out.getvalue() == "\n".join(["\u4e16" * 10] * 2)


def test_nothing_is_shown_of_nothing() -> None:
    """No empty line for an abstention."""
    assert streamed(" \n ", [1], 40) == ""


def test_what_is_retracted_is_marked_where_it_stands() -> None:
    """A terminal takes nothing back: a line says that what is above was thought."""
    out = io.StringIO()
    with LiveText(Console(out, io.StringIO(), width=40)) as live:
        for event in (TextDelta("Is it [1]?\n"), Retract(), TextDelta("It is [1].")):
            live(event)
    assert out.getvalue() == "Is it [1]?\n\n</think>\n\nIt is [1].\n"

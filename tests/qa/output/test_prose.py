"""A model's text on a terminal."""

from __future__ import annotations

from hypothesis import given, strategies as st

from qa.output.answers.prose import ProseWriter, prose_lines
from qa.output.text import cells

LIST = (
    "## What it says\n\nThere are **three reasons**:\n"
    "- the **quay was unsafe** [1], as the council of Aldern found\n"
    "  1. it had not been repaired\n- 2 * 3 ** 2 stays"
)


def lines(text: str, width: int = 40, *, colour: bool = False) -> list[str]:
    """All of a text that has the citations 1 and 2."""
    return prose_lines(text, width, colour=colour, numbers=(1, 2))


def test_lists_are_indented_and_stars_are_no_text() -> None:
    """A worked example."""
    assert lines(LIST) == [
        "What it says",
        "",
        "There are three reasons:",
        "- the quay was unsafe [1], as the",
        "  council of Aldern found",
        "  1. it had not been repaired",
        "- 2 * 3 ** 2 stays",
    ]


def test_bold_is_bold() -> None:
    """Word by word, from the opening stars to the closing ones, markers apart."""
    assert lines("It **was the quay**[1].", colour=True) == [
        "It \x1b[1mwas\x1b[0m \x1b[1mthe\x1b[0m \x1b[1mquay\x1b[0m\x1b[36m[1]\x1b[0m\x1b[1m.\x1b[0m"
    ]


@given(
    st.one_of(st.just(LIST), st.text(alphabet="ab*#- \n1.[]\u4e16", max_size=80)),
    st.lists(st.integers(0, 80), max_size=8).map(sorted),
    st.integers(20, 50),
)
def test_pieces_come_to_the_same_as_the_whole(text: str, cuts: list[int], width: int) -> None:
    """However a text is cut, and no line is too long."""
    writer = ProseWriter(width, colour=False)
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    shown = "".join(map(writer.feed, pieces)) + writer.close()
    whole = ProseWriter(width, colour=False)
    assert shown == whole.feed(text) + whole.close()
    assert all(cells(line) <= width for line in shown.split("\n"))

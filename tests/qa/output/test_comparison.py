"""How many sources say a claim, and where they disagree, on a terminal and in Markdown."""

from __future__ import annotations

from dataclasses import replace

from qa.output.answers.markdown import to_markdown
from qa.output.answers.terminal import to_text
from qa.types import Answer, Claim, Disagreement, Side
from tests.support.answers import answered, citation

FIRST = citation(1, text="The mill has 48 geese.")
OTHER = citation(2, source="docs/b.txt", text="The mill has 43 geese.", date=None, also=())
FOUND = Disagreement("The mill has … geese.", "number", (Side("48", (FIRST,)), Side("43", (OTHER,))))


def of_sources(sources: int, independent: int) -> Answer:
    """An answer whose claim so many sources say."""
    claim = Claim("The mill has 48 geese.", (1,), "supported", sources=sources, independent=independent)
    return answered(claims=(claim,))


def test_counts_are_shown_where_more_than_one_source_says_it() -> None:
    """A claim of one source has no line, and one that was not counted has none."""
    assert "[1] 3 sources, 2 independent" in to_text(of_sources(3, 2)).splitlines()
    assert "[1] 3 sources, 2 independent" in to_markdown(of_sources(3, 2))
    for counts in ((1, 1), (0, 0)):
        assert "independent" not in to_text(of_sources(*counts))
        assert "independent" not in to_markdown(of_sources(*counts))


def test_a_disagreement_shows_both_sides() -> None:
    """What it is about, then each value with its place, its date and its sentence."""
    text = to_text(answered(disagreements=(FOUND,)))
    block = text.partition("Sources disagree\n")[2].splitlines()
    assert block[:5] == [
        "  The mill has … geese.",
        "    - 48: [1] docs/a.txt:4 (2025-10-21)",
        '    "The mill has 48 geese."',
        "    - 43: [2] docs/b.txt:4 (no date)",
        '    "The mill has 43 geese."',
    ]
    assert "≠" in text
    assert "Sources disagree" not in to_text(answered())


def test_a_denial_shows_the_sentences_only() -> None:
    """They are its values."""
    denial = Disagreement("The mill has 48 geese.", "denial", (Side("x", (FIRST,)), Side("y", (OTHER,))))
    text = to_text(answered(disagreements=(denial,)))
    assert "    - [1] docs/a.txt:4 (2025-10-21)" in text.splitlines()
    assert "x:" not in text


def test_a_date_of_a_file_is_no_date() -> None:
    """When a file was last changed says nothing of which side is newer."""
    side = Side("48", (replace(FIRST, date_origin="modified"),))
    found = replace(FOUND, sides=(side, FOUND.sides[1]))
    assert "    - 48: [1] docs/a.txt:4 (no date)" in to_text(answered(disagreements=(found,))).splitlines()


def test_markdown_has_a_section_with_both_sides() -> None:
    """What a document says is escaped there."""
    hostile = replace(OTHER, text="<b>43</b>")
    found = replace(FOUND, sides=(FOUND.sides[0], Side("43", (hostile,))))
    text = to_markdown(answered(disagreements=(found,)))
    section = text.partition("### Sources disagree\n")[2]
    assert "- 48: `docs/a.txt:4` (2025-10-21)" in section
    assert "\\<b\\>43" in section
    assert "### Sources disagree" not in to_markdown(answered())


def test_control_characters_of_a_source_do_not_reach_the_terminal() -> None:
    """Neither in a value nor in what a disagreement is about."""
    found = Disagreement("a\x1b[31m …", "number", (Side("4\x1b[0m", (FIRST,)), Side("5", (OTHER,))))
    assert "\x1b" not in to_text(answered(disagreements=(found,)))

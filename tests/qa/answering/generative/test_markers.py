"""Markers in what a model writes: what is meant as one is found, nothing else, however the stream is cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, strategies as st

from qa.answering.generative.markers import (
    BOUND,
    Lookalike,
    Marker,
    MarkerParser,
    Segment,
    Text,
    joined,
    parse,
)


def keys(text: str) -> list[str]:
    """The keys of every marker of `text`, as `s12` or `s12-s14`."""
    return [str(key) for segment in parse(text) if isinstance(segment, Marker) for key in segment.keys]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[s12]", ["s12"]),
        ("[s12, s15]", ["s12", "s15"]),
        ("[s12-s14]", ["s12-s14"]),
        ("[s1, s3-s5, s9]", ["s1", "s3-s5", "s9"]),
        ("[s12][s13]", ["s12", "s13"]),
        ("[s12] [s13]", ["s12", "s13"]),
        ("【s12】", ["s12"]),
        ("［s12，s15］", ["s12", "s15"]),
        ("【s12、s15】", ["s12", "s15"]),
        ("(s12)", ["s12"]),
        ("（s12）", ["s12"]),
        ("(s12, s15)", ["s12", "s15"]),
        ("[ s12 , s15 ]", ["s12", "s15"]),
        ("[S12]", ["s12"]),
        ("[^s12]", ["s12"]),
        ("[s12–s14]", ["s12-s14"]),
        ("[s12–14]", ["s12-s14"]),
        ("[s12 — s14]", ["s12-s14"]),
        ("[s12; s15]", ["s12", "s15"]),
        ("[s12 and s15]", ["s12", "s15"]),
        ("[s12, s13, and s15]", ["s12", "s13", "s15"]),
        ("[s12 & s15]", ["s12", "s15"]),
        ("[s12 s15]", ["s12", "s15"]),
        ("[s12, 15]", ["s12", "s15"]),
        ("[s012]", ["s12"]),
        ("[s1-s99999]", ["s1-s99999"]),
        ("[s9-s3]", ["s9-s3"]),
        ("[s0]", ["s0"]),
        ("**[s12]**", ["s12"]),
        ("Paris[s12].", ["s12"]),
        ("((s12))", ["s12"]),
        ("a ` b [s12]", ["s12"]),
        ("`a` [s12] `b`", ["s12"]),
        ("``` a ``` [s12]", ["s12"]),
        ("```\ncode\n```\n[s12]", ["s12"]),
        ("~~~\ncode\n~~~\n[s12]", ["s12"]),
        ("  ```py\ncode\n  ```` \n[s12]", ["s12"]),
        ("`" + "a" * BOUND + "[s12]`", ["s12"]),
    ],
)
def test_what_is_meant_as_a_marker(written: str, meant: list[str]) -> None:
    """The grammar, and what models make of it."""
    assert (
        keys(f"So it is {written}" if not written.lstrip().startswith(("```", "~~~")) else written) == meant
    )


@pytest.mark.parametrize(
    "written",
    [
        "[2023]", "[12]", "[sic]", "array[3]", "(s)", "the S12 bus", "(S12)", "s12", "[s]",
        "[12s]", "[s12a]", "[as12]", "[s12 to come]", "[ss12]", "[s12.5]",
        "[s1234567890]", "(12)", "[]", "[Smith12]", "(s12 bus)", "``a ` [s12]``", "`array[s3] = [s12]`",
        "```\n[s12]\n```", "```\n[s12]", "~~~\n[s12]\n```\n[s12]",
        "````\n```\n[s12]\n````", "[s12, " + "s1, " * 60 + "s2]",
    ],
)  # fmt: skip
def test_what_is_no_marker(written: str) -> None:
    """Years, asides, indices, lines of buses, and whatever stands in code."""
    assert keys(written) == []


def test_a_number_in_brackets_is_told_apart() -> None:
    """A model's own `[3]` looks like a citation of ours, its `[2023]` does not."""
    assert parse("a [3] b [2023] `[4]`") == (Text("a "), Lookalike("[3]"), Text(" b [2023] `[4]`"))


PIECES = (
    "[s12]", "[s1, s2]", "[s3-s5]", "【s12】", "(s12)", "[S7]", "[s1–3]", "[s", "[s1", "s12]", "]", ")",
    "[[", "[3]", "[2023]", "[12", "[sic]", "array[3]", "`", "``", "```", "````", "~~~", "~~~~", "\n",
    "\n~~~\n", " ", "  ", "\t", ", ", "; ", "and", " and ", "-", "–", "s9", "word", "Straße", "日本語",
    "e\u0301", "👩\u200d🚀", ".", "\r\n", "^", "0", "x" * 30, "[s1, " * 8, " " * 40, "`" * 20, "(", "[",
    "\n```\n", "{s3}", "{", "}", "\\", "\\[", "\\]", "<sup>", "</sup>", "<", "<s3>", "^[s3]", "¹", "²", "s3",
    "s3.", "s3]", " s3. ", "see ", "(see s3", ": title", ", p. 4", "†source", "](#a)", "(a.txt)", " to s5",
    "[Source 1]", "[1, 2]", "【1】", "raised", ". ", "A", "`[s3]`", "[1", "\\cite{s3}",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=40).map("".join)


@given(texts, st.lists(st.integers(0, 400), max_size=60))
@example("[s1][s2", [4])
@example("`" * 200 + "[s1]", [160, 170])
@example("~~~~\n[s1]\n~~~\n[s2]", [2, 3])
@example("x" * 150 + "[s1, s2, s3, s4] [s5]", [155, 160, 163])
def test_every_way_of_cutting_gives_the_same(text: str, cuts: list[int]) -> None:
    """Fed in any pieces, the parser gives what the whole text gives, and holds back no more than `BOUND`."""
    parser = MarkerParser()
    got: list[Segment] = []
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    for start, end in pairwise(places):
        got += parser.feed(text[start:end])
        assert end - sum(len(segment.raw) for segment in got) < BOUND
    got += parser.close()
    assert joined(got) == parse(text)


@given(texts)
@example("`[s1]`` [s2]")
@example("```\n[s1]\n```" + " " * BOUND + "\n[s2]")
@example("```\n[s1]\n```" + " " * (BOUND - 4) + "\n[s2]")
@example("a\n" + " " * BOUND + "```\n[s1]")
@example("[" + " " * (BOUND - 4) + "s1][s2]")
@example("`" * BOUND + "[s1]" + "`" * BOUND)
def test_one_character_at_a_time_gives_the_same(text: str) -> None:
    """The finest cut there is."""
    parser = MarkerParser()
    got = [segment for character in text for segment in parser.feed(character)]
    assert joined((*got, *parser.close())) == parse(text)


@given(texts)
def test_nothing_is_lost(text: str) -> None:
    """The segments are the text; no two texts stand side by side, none is empty."""
    segments = parse(text)
    assert "".join(segment.raw for segment in segments) == text
    assert all(segment.raw for segment in segments)
    kinds = [type(segment) for segment in segments]
    assert (Text, Text) not in list(pairwise(kinds))


@given(texts, texts)
def test_a_parser_can_be_used_again(first: str, second: str) -> None:
    """After `close` nothing of the stream before is left: no open fence, no held text."""
    parser = MarkerParser()
    parser.feed(first)
    parser.close()
    assert joined((*parser.feed(second), *parser.close())) == parse(second)


def test_plain_prose_is_not_held_back() -> None:
    """What cannot become a marker any more is given at once."""
    parser = MarkerParser()
    assert parser.feed("It was (as") == (Text("It was (as"),)
    assert parser.feed(" he said) [s1") == (Text(" he said) "),)
    assert parser.feed("]") == ()  # another marker may follow, and the two are one
    assert parser.feed(".") == (Marker("[s1]", parse("[s1]")[0].keys), Text("."))  # type: ignore[union-attr]  # a Marker

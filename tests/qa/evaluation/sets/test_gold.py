"""Gold as a set has it, found in an index: names, texts, surroundings, and the chunks that bear it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.types import Span
from qa.evaluation.metrics.retrieval import is_relevant
from qa.evaluation.sets.gold import AROUND, Flaw, Resolver, surroundings
from qa.evaluation.types import Gold, GoldPlace, Question
from tests.support.indexes import catalog_of

TEXT = "Rain fell.\nThe summit was cancelled.\nNobody came.\n"
SPANS = st.builds(lambda start, length: Span(start, start + length), st.integers(0, 60), st.integers(1, 40))


def asked(*evidence: Gold) -> Question:
    """A question with this evidence."""
    return Question("q", "Why?", evidence=evidence)


@pytest.mark.parametrize(
    ("place", "gold", "expected"),
    [
        (Span(0, 100), Span(90, 110), True),  # half of the gold
        (Span(0, 100), Span(91, 111), False),
        (Span(40, 60), Span(50, 500), True),  # half of the place
        (Span(39, 60), Span(50, 500), False),
        (Span(10, 20), Span(10, 20), True),
        (Span(10, 20), Span(20, 30), False),
        (Span(10, 20), Span(15, 15), False),
    ],
)
def test_half_of_the_shorter_makes_relevant(place: Span, gold: Span, expected: bool) -> None:
    """Of the gold where it is shorter than the chunk, else of the chunk; nothing bears an empty span."""
    assert is_relevant(place, gold) is expected
    assert is_relevant(gold, place) is expected


def test_gold_is_found_with_its_text_and_surroundings(tmp_path: Path) -> None:
    """Several pieces keep their order and their annotators' numbers."""
    gold = Gold("docs/a.txt", Span(15, 21), text="summit", set=1)
    with catalog_of(tmp_path, {"docs/a.txt": TEXT}) as catalog:
        resolved = Resolver(catalog).resolve(asked(gold, Gold("docs/a.txt", Span(0, 4))))
    assert resolved.flaws == ()
    assert resolved.gold == (
        GoldPlace(
            "docs/a.txt",
            Span(15, 21),
            set=1,
            text="summit",
            before="Rain fell.\nThe ",
            after=" was cancelled.\nNobody came.\n",
            chunks=(11,),
        ),
        GoldPlace("docs/a.txt", Span(0, 4), text="Rain", before="", after=TEXT[4:], chunks=(0,)),
    )


def test_sources_are_known_by_the_end_of_their_names(tmp_path: Path) -> None:
    """The set's names may have fewer folders or more; a name that may be several is none."""
    texts = dict.fromkeys(
        ("docs/a.txt", "docs/b.txt", "old/b.txt", "c.txt", "x/c.txt", "caf\u00e9.txt"), TEXT
    )
    with catalog_of(tmp_path, texts) as catalog:
        names = Resolver(catalog).names
        assert names("docs/a.txt") == ("docs/a.txt",)
        assert names("a.txt") == ("docs/a.txt",)
        assert names("./corpus/docs/a.txt") == ("docs/a.txt",)
        assert names("corpus\\docs\\a.txt") == ("docs/a.txt",)
        assert names("b.txt") == ("docs/b.txt", "old/b.txt")
        assert names("c.txt") == ("c.txt",)
        assert names("y/x/c.txt") == ("x/c.txt",)
        assert names("y/c.txt") == ("c.txt",)
        assert names("cafe\u0301.txt") == ("caf\u00e9.txt",)
        assert names("ocs/a.txt") == names("a.tx") == names("other/a.txt") == names("/") == ()


def test_gold_that_measures_nothing_is_told(tmp_path: Path) -> None:
    """Its offsets stay as the set has them, and the set's name where the index has none."""
    evidence = (
        Gold("no.txt", Span(1, 2)),
        Gold("b.txt", page=3),
        Gold("docs/a.txt", Span(15, 21), text="Summit"),
        Gold("docs/a.txt", Span(40, 90)),
        Gold("docs/a.txt", page=2),
        Gold("docs/a.txt", page=1),
    )
    with catalog_of(tmp_path, {"docs/a.txt": TEXT, "docs/b.txt": TEXT, "old/b.txt": TEXT}) as catalog:
        resolved = Resolver(catalog).resolve(asked(*evidence))
    assert resolved.flaws == (
        Flaw(0, "no.txt is not indexed"),
        Flaw(1, "b.txt may be any of 2 sources: docs/b.txt, old/b.txt"),
        Flaw(2, "[15, 21) of docs/a.txt is not the text that the set gives"),
        Flaw(3, "[40, 90) reaches beyond the end of docs/a.txt at 50"),
        Flaw(4, "docs/a.txt has no page 2, its last is 1"),
    )
    first, second, third, fourth, fifth, _ = resolved.gold
    assert first == GoldPlace("no.txt", Span(1, 2), indexed=False)
    assert second == GoldPlace("b.txt", page=3, indexed=False)
    assert (third.span, third.text, third.chunks) == (Span(15, 21), "summit", (11,))
    assert (fourth.span, fourth.text, fourth.indexed) == (Span(40, 90), TEXT[40:], True)
    assert fifth == GoldPlace("docs/a.txt", page=2)


def test_a_source_without_pages_has_none(tmp_path: Path) -> None:
    """The remark says so, and not that its last page is another."""
    with catalog_of(tmp_path, {"a.txt": TEXT}, pages=0) as catalog:
        resolved = Resolver(catalog).resolve(asked(Gold("a.txt", page=1)))
    assert resolved.flaws == (Flaw(0, "a.txt has no page 1: it has no pages"),)


def test_a_page_is_borne_by_every_chunk_that_touches_it(tmp_path: Path) -> None:
    """Also by one that only begins or ends on it."""
    with catalog_of(tmp_path, {"a.pdf": "x" * 100}, [(0, 30), (30, 60), (60, 100)], pages=2) as catalog:
        resolved = Resolver(catalog).resolve(asked(Gold("a.pdf", page=1), Gold("a.pdf", page=2)))
    assert [place.chunks for place in resolved.gold] == [(0, 30), (30, 60)]


@given(st.lists(SPANS, max_size=8, unique=True), SPANS)
def test_the_relevant_chunks_are_those_that_are_relevant(
    tmp_path_factory: pytest.TempPathFactory, chunks: list[Span], gold: Span
) -> None:
    """However chunks overlap, or hold one another."""
    cuts = sorted((chunk.start, chunk.end) for chunk in chunks)
    with catalog_of(tmp_path_factory.mktemp("index"), {"a.txt": "y" * 100}, cuts) as catalog:
        (place,) = Resolver(catalog).resolve(asked(Gold("a.txt", gold))).gold
    assert sorted(place.chunks) == sorted(
        {start for start, end in cuts if is_relevant(Span(start, end), gold)}
    )


@given(st.text("ab \n", max_size=900), st.integers(0, 900), st.integers(0, 900))
def test_surroundings_are_whole_words_beside_the_span(text: str, one: int, other: int) -> None:
    """At most `AROUND` characters, cut where white space is, or nowhere in one long word."""
    start, end = sorted(min(at, len(text)) for at in (one, other))
    before, after = surroundings(text, Span(start, end))
    assert text[:start].endswith(before)
    assert text[end:].startswith(after)
    assert max(len(before), len(after)) <= AROUND
    if before and len(before) < start and any(c.isspace() for c in text[max(start - AROUND, 0) : start]):
        assert before[0].isspace() or text[start - len(before) - 1].isspace()
    if len(text[:start]) <= AROUND:
        assert before == text[:start]


def test_long_surroundings_are_cut_between_words() -> None:
    """A worked example, before and after."""
    words = "sixsix " * 40
    assert surroundings(words + "GOLD" + words[::-1], Span(280, 284)) == ("sixsix " * 28, " xisxis" * 28)
    words = "four " * 60
    assert surroundings(words + "GOLD" + words[::-1], Span(300, 304)) == ("four " * 40, " ruof" * 40)
    assert surroundings("x" * 300 + "GOLD", Span(300, 304)) == ("x" * AROUND, "")


def test_a_set_is_resolved_fast(tmp_path: Path) -> None:
    """Sources are read once: far more than 2,000 questions a second where they are few."""
    with catalog_of(tmp_path, {f"{number}.txt": TEXT * 200 for number in range(5)}) as catalog:
        resolver = Resolver(catalog)
        questions = [asked(Gold(f"{number % 5}.txt", Span(15, 21))) for number in range(1000)]
        resolver.resolve(questions[0])
        began = time.process_time()
        for question in questions:
            resolver.resolve(question)
        assert time.process_time() - began < 0.5


def test_a_span_far_beyond_the_end_has_no_surroundings() -> None:
    """It is a flaw of the set, told by --check, and no reason to break off."""
    assert surroundings("short", Span(5000, 5010)) == ("", "")

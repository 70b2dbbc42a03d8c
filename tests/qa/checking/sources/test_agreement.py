"""Who says the same, and who copied it: in other words, in other forms of them, with the same names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.checking.sources.agreement import says
from qa.checking.sources.disagreement import contrast
from qa.checking.sources.independence import copies
from qa.checking.sources.statements import Statement, read, statements
from tests.support.sentences import passage_of


def statement(text: str, name: str, *, title: str | None = None) -> Statement:
    """The first sentence of a document that has no other."""
    return next(statements([passage_of(text, name, title=title)]))


@pytest.mark.parametrize(
    ("statement_", "other", "same"),
    [
        # figures, dates and names bind two sentences, of whose words half are the same
        (
            "The mill at Brodno was bought by Anna Adams for 40 crowns in 1871; she had its wheel replaced.",
            "In 1871 Anna Adams paid 40 crowns to buy Brodno's mill; a replacement for the wheel came later.",
            True,
        ),
        (
            "The mill at Brodno was bought by Anna Adams for 40 crowns in 1871; she had its wheel replaced.",
            "In 1872 Anna Adams paid 40 crowns to buy Brodno's mill; a replacement for the wheel came later.",
            False,
        ),
        # both deny, each in its way
        (
            "The council found another meeting about the harbour of Brodno not necessary at present.",
            "At present, said the council, there was no need to meet about the harbour of Brodno.",
            True,
        ),
        ("The ferry was not late.", "The ferry was late.", False),
        # a country and its people
        (
            "The presidents of the United States and of Zell opened the bridge at Marlow in June 1962.",
            "In June 1962 the American president and the president of Zell opened the bridge at Marlow.",
            True,
        ),
    ],
)
def test_who_says_the_same(statement_: str, other: str, *, same: bool) -> None:
    """In words of their own, with the same figures, dates and names."""
    assert says(read(other), other, read(statement_)) is same


@pytest.mark.parametrize(
    ("first", "second", "copied"),
    [
        # names and titles are no copied words
        (
            "He sat on the Council of the European Bank for Trade.",
            "Once she was elected to the Council of the European Bank for Trade.",
            False,
        ),
        (
            "The old wheel of the mill was replaced by one of iron last year.",
            "They say the old wheel of the mill was replaced by somebody.",
            True,
        ),
        ("He sat on the Council of Brodno.", "He sat on the Council of Brodno.", True),
    ],
)
def test_words_in_a_row(first: str, second: str, *, copied: bool) -> None:
    """Seven of them, some of which are an author's own."""
    assert copies(statement(first, "a.txt"), statement(second, "b.txt")) is copied


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        (("The inn at Marlow", "The inn at Zell"), False),
        (("The inn at Marlow", "A letter from Marlow"), True),
        ((None, None), True),
    ],
)
def test_two_of_a_kind_are_told_apart_by_their_titles(
    titles: tuple[str | None, str | None], *, shown: bool
) -> None:
    """The same sentence of two inns is of two inns."""
    said = "In January the inn had 40 guests in all of its rooms."
    first = statement(said, "a.txt", title=titles[0])
    second = replace(statement(said.replace("40", "60"), "b.txt", title=titles[1]))
    assert (contrast(first, second) is not None) is shown

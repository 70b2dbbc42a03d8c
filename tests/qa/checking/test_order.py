"""What came first, and when: exchanged orders and days are doubted, the same in other words is not."""

from __future__ import annotations

import pytest

from qa.checking.rules import doubts, examine

PAIRS = [
    (
        "A ceasefire can come only after the root causes have been settled.",
        "A ceasefire cannot come before the root causes are settled.",
        "A ceasefire can come before the root causes are settled.",
    ),
    (
        "The bridge was opened after the flood of 1953.",
        "It was after the flood of 1953 that the bridge was opened.",
        "The bridge was opened before the flood of 1953.",
    ),
    (
        "The mayor resigned before the vote.",
        "The vote came after the mayor had resigned.",
        "The vote came before the mayor resigned.",
    ),
    (
        "The mayor resigned before the vote.",
        "The mayor had resigned prior to the vote.",
        "The mayor resigned after the vote.",
    ),
    (
        "He paid only after he had been sued.",
        "He did not pay until he had been sued.",
        "He paid before he had been sued.",
    ),
    (
        "Members may leave only after they have paid.",
        "Members must pay before they may leave.",
        "Members may leave before they have paid.",
    ),
    ("The law does not apply until 2027.", "The law applies from 2027.", "The law applies until 2027."),
    (
        "Following the merger, the head office moved.",
        "The head office moved after the merger.",
        "Before the merger, the head office moved.",
    ),
    ("They met on 18 April.", "On April 18 they met.", "They met on 17 April."),
]


@pytest.mark.parametrize(("cited", "claim", "turned"), PAIRS)
def test_order_in_time(cited: str, claim: str, turned: str) -> None:
    """With and without a negation, before the main clause and behind it."""
    assert doubts(claim, [cited]) == ()
    assert doubts(turned, [cited])


@pytest.mark.parametrize(
    ("claim", "cited", "known", "wrong"),
    [
        (
            "It ended on 23 November 2025.",
            "It ended on Sunday.",
            "2025-11-24",
            "It ended on 22 November 2025.",
        ),
        (
            "It began on 24 November 2025.",
            "It began on Monday.",
            "2025-11-24",
            "It began on 25 November 2025.",
        ),
        (
            "It was set up on 16 October 2025.",
            "It was set up the night before.",
            "2025-10-17",
            "It was set up on 14 October 2025.",
        ),
        (
            "It was set up on the 16th.",
            "It was set up the day before.",
            "2025-10-17",
            "It was set up on the 14th.",
        ),
        (
            "It was set up on 16 October 2025.",
            "It was set up yesterday.",
            "2025-10-17",
            "It was set up on 19 October 2025.",
        ),
    ],
)
def test_days_are_counted_from_the_date_of_the_text(claim: str, cited: str, known: str, wrong: str) -> None:
    """Days of the week, the night before, yesterday."""
    assert doubts(claim, [cited], known=known) == ()
    assert doubts(wrong, [cited], known=known)


@pytest.mark.parametrize(
    ("claim", "cited", "wrong"),
    [
        (
            "They had called seven times before.",
            "It was the eighth call.",
            "They had called six times before.",
        ),
        ("Six people took part.", "Three people sat on each side.", "Five people took part."),
        (
            "Nine of the 28 points were dropped.",
            "Of the 28 points 19 were left.",
            "Eight of the 28 points were dropped.",
        ),
        (
            "With 117 more there are 557; before there were 440.",
            "Another 117 bring the list to 557.",
            "With 117 more there are 557; before there were 450.",
        ),
        (
            "In 2025 it was the first visit in ten years.",
            "In 2025 it was the first visit since 2015.",
            "In 2025 it was the first visit in twelve years.",
        ),
        ("Half of them came.", "50 percent of them came.", "Two thirds of them came."),
        ("50 percent of them came.", "Half of them came.", "60 percent of them came."),
    ],
)
def test_what_is_counted_otherwise(claim: str, cited: str, wrong: str) -> None:
    """Earlier ones from an ordinal, two sides, what is gone, years since."""
    assert doubts(claim, [cited]) == ()
    assert doubts(wrong, [cited])


@pytest.mark.parametrize(
    ("claim", "cited", "wrong"),
    [
        (
            "No date for a meeting face to face was named by either side.",
            "Neither side named a day for the meeting.",
            "A date for a meeting face to face was named by either side.",
        ),
        (
            "It was chosen because no other state is closer to Brodno than Adamsland.",
            "It was chosen because Adamsland is the closest to Brodno.",
            "It was not chosen because Adamsland is the closest to Brodno.",
        ),
        ("Its powers are not limited.", "Its powers are unlimited.", "Its powers are limited."),
        ("It has unlimited powers.", "It has powers that are unlimited.", "It has limited powers."),
        ("It has limited powers.", "It has powers that are limited.", "It has unlimited powers."),
    ],
)
def test_denials_of_a_whole_clause(claim: str, cited: str, wrong: str) -> None:
    """A "no" that opens a clause denies all of it; "no one is closer than" denies nothing."""
    assert doubts(claim, [cited]) == ()
    assert doubts(wrong, [cited])


def test_a_name_exchanged_at_the_beginning_is_seen() -> None:
    """By the words behind it; words that only open a sentence are no names."""
    cited = ["Harvick was taken to the hospital in town."]
    assert doubts("Sotheby was taken to the hospital in town.", cited)
    assert doubts("Yesterday Harvick was taken to the hospital in town.", cited) == ()


def test_what_is_between_the_same_words_is_not_calculated() -> None:
    """A figure of the claim that stands where the text has another contradicts it."""
    cited = ["In total 12 boats sank in the north and 7 boats sank in the south."]
    assert examine(
        "In total 19 boats sank.", ["12 boats sank in the north.", "7 boats sank in the south."]
    ).checked
    assert examine("In total 19 boats sank in the north and 7 in the south.", cited).reasons

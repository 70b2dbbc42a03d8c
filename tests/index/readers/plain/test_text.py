"""Plain text: which line breaks end a block, and what stands over the whole."""

from __future__ import annotations

import pytest

from index.readers.formats import read
from index.readers.metadata.dates import document_date
from index.types import Reading


def blocks(text: str, name: str = "a.txt") -> list[tuple[str, int, str]]:
    """Kind, level and words of each block of a file."""
    return shown(read(text.encode(), name))


def shown(reading: Reading) -> list[tuple[str, int, str]]:
    """Kind, level and words of each block of a reading."""
    return [(block.kind, block.level, block.span.of(reading.text)) for block in reading.blocks]


def test_wrapped_paragraphs_stay_whole() -> None:
    """Lines broken at a width are one paragraph; a blank line ends it."""
    first = "It was the best of times, it was the worst of times, it was the age\nof wisdom, of Foolish"
    second = "Men, who wrapped their lines by hand at seventy columns or a little\nless and went home."
    assert blocks(f"{first}\n\n{second}\n") == [("paragraph", 0, first), ("paragraph", 0, second)]


def test_an_indented_line_opens_a_paragraph() -> None:
    """In wrapped text an indented line after a full stop is a new paragraph."""
    text = (
        "They had wrapped their lines by hand at seventy columns, or a little\n"
        "Less, and went home.\n"
        "    Then the season of Light began, and it went on for the best part of\n"
        "the year.\n"
    )
    assert [words[:10] for _, _, words in blocks(text)] == ["They had w", "Then the s"]


def test_one_paragraph_a_line() -> None:
    """News text without blank lines gives a block for each line, however long they are."""
    quotation = (
        "“He is a member of a united team,” a spokeswoman said, and nobody had heard of a rift so far. "
    )
    paragraphs = [
        "The summit in Budapest will not take place, both foreign ministries said on Tuesday. No new date.",
        "Kelly denied it.",
        quotation.strip(),
        "He was in the Middle East this week",
        (quotation * 3).strip(),
    ]
    assert blocks("\n".join(paragraphs)) == [("paragraph", 0, line) for line in paragraphs]


def test_a_title_is_a_heading_and_the_source_s_title() -> None:
    """A short first line over a longer text is a heading of level 1, and the title."""
    text = "NBC: Rubio and Witkoff compete to lead\nNBC reports a growing rivalry over who leads the talks.\n"
    reading = read(text.encode(), "a.txt")
    assert reading.title == "NBC: Rubio and Witkoff compete to lead"
    assert shown(reading)[0] == ("heading", 1, reading.title)


def test_a_label_above_the_title_is_not_the_title() -> None:
    """Where a page's first line is "News", the line below it is the title."""
    text = "News\n\nAxios: The statements were directed against Ukraine\n\nAuthor:\nIryna\n\nAxios has it.\n"
    assert read(text.encode(), "a.txt").title == "Axios: The statements were directed against Ukraine"


@pytest.mark.parametrize(
    "text",
    [
        "The summit was cancelled. Nobody came.\n\nLater, more.",
        "one line only",
        "Author: Jane\n\nA text follows here.",
        "from here on it is lower case\n\nAnd a sentence.",
        "- a bullet\n\nA sentence follows.",
    ],
)
def test_what_is_no_title(text: str) -> None:
    """A sentence, a lone line, a label, a fragment or a bullet is not taken for a title."""
    assert read(text.encode(), "a.txt").title is None


def test_a_dateline_may_stand_under_the_title() -> None:
    """The text below a title need not begin at once."""
    text = (
        "Trump and Putin agree to meet in Budapest\n\nWASHINGTON, 16 October 2025\n\nThe presidents agreed.\n"
    )
    assert read(text.encode(), "a.txt").title == "Trump and Putin agree to meet in Budapest"


def test_a_stated_title_wins() -> None:
    """A "Title:" line names the source."""
    assert (
        read(b"Title: The Long Way Home\nAuthor: X\n\nIt began in May.", "a.txt").title == "The Long Way Home"
    )


def test_headings_that_are_plain_to_see() -> None:
    """Capitals, numbers, underlines, equals signs and a short line between paragraphs head what follows."""
    text = (
        "It began in spring, and nobody knew why it had to be then.\n\n"
        "CHAPTER I\n\nIt went on in June, as it had to.\n\n"
        "3.1 Methods\n\nWe counted the days, one by one, and wrote them down.\n\n"
        "Results\n=======\nThere were ten.\n\n"
        "== Plot ==\nHe leaves at dawn.\n\n"
        "Context\n\nThe talks had failed twice before, in March and in May.\n"
    )
    headings = [(level, words) for kind, level, words in blocks(text) if kind == "heading"]
    assert headings == [(2, "CHAPTER I"), (3, "3.1 Methods"), (1, "Results"), (2, "Plot"), (2, "Context")]


def test_lists_verse_pairs_and_columns() -> None:
    """Bullets, verses, "key: value" lines and rows of columns are blocks of their own."""
    text = (
        "- bullet one which\n  continues\n- bullet two\n2) number\n\n"
        "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye\n\n"
        "Name: Foo\nAge: 12\n\n"
        "Item        Price   Qty\nApple       1.00    5\n\n"
        "a | b | c\n1 | 2 | 3\n"
    )
    assert blocks(text) == [
        ("item", 0, "bullet one which\n  continues"),
        ("item", 0, "bullet two"),
        ("item", 0, "number"),
        ("paragraph", 0, "Tyger Tyger, burning bright,"),
        ("paragraph", 0, "In the forests of the night;"),
        ("paragraph", 0, "What immortal hand or eye"),
        ("paragraph", 0, "Name: Foo"),
        ("paragraph", 0, "Age: 12"),
        ("row", 0, "Item        Price   Qty"),
        ("row", 0, "Apple       1.00    5"),
        ("row", 0, "a | b | c"),
        ("row", 0, "1 | 2 | 3"),
    ]


def test_a_german_date_is_no_list_item() -> None:
    """A line that opens with "21. Oktober" keeps its day."""
    assert blocks("Der Gipfel war am\n21. Oktober 2025 geplant.")[-1][2].endswith("21. Oktober 2025 geplant.")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x85"])
def test_line_ends_are_kept(end: str) -> None:
    """Whatever ends the lines, the text is the file and the blocks are found."""
    text = f"First paragraph ends here.{end}{end}Second one.{end}"
    reading = read(text.encode(), "a.txt")
    assert reading.text == text
    assert [words for _, _, words in shown(reading)] == ["First paragraph ends here.", "Second one."]


def test_a_form_feed_ends_a_paragraph() -> None:
    """A page break stands between blocks, and stays in the text."""
    assert [words for _, _, words in blocks("One page.\fNext page.")] == ["One page.", "Next page."]


def test_date_of_the_first_lines() -> None:
    """A date label at the head dates the source, with its origin."""
    date = document_date(read(b"Summit off\n\nPublished: 21 October 2025\n\nText.", "a.txt"), "a.txt")
    assert date is not None
    assert (date.value, date.origin) == ("2025-10-21", "text")

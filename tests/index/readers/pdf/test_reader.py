"""PDF: lines become paragraphs, rows and headings, and nothing that nobody can see is quoted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from index.errors import ReadError
from index.readers.pdf.reader import read_pdf
from index.types import Reading
from tests.support.pdf_files import Words, paragraph, pdf
from tests.support.readings import attempt, check_damaged, mutations, texts

BODY = paragraph(
    "The summit that had been planned for the autumn was called off by both governments on",
    "Tuesday, after the two foreign ministers had spoken by telephone for more than an hour",
    "and found no common ground.",
)


def test_wrapped_lines_are_one_paragraph() -> None:
    """Lines that were wrapped are joined by a space; the next paragraph begins where the gap is wider."""
    page = [*BODY, *paragraph("A second paragraph follows.", y=640)]
    first = " ".join(words.text for words in BODY)
    assert texts(read_pdf(pdf(page), "a.pdf")) == [first, "A second paragraph follows."]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("The docu-", "ment was signed.", "The document was signed."),
        ("It was a well-", "known fact to all.", "It was a well-known fact to all."),
        ("Exports of Non-", "EU members rose.", "Exports of Non-EU members rose."),
        ("The years 2021-", "2022 were lean ones.", "The years 2021-2022 were lean ones."),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, expected: str) -> None:
    """A broken word is put together; a compound, a number and a name keep their hyphen."""
    assert texts(read_pdf(pdf(paragraph(first, second)), "a.pdf")) == [expected]


def test_the_document_decides_about_its_hyphens() -> None:
    """Where the same word stands unbroken elsewhere, it is written as there."""
    joined = paragraph("The wellbeing of all counts.", y=500)
    hyphenated = paragraph("The cost-benefit ratio was poor.", y=500)
    broken = paragraph("They spoke of well-", "being at length.")
    assert texts(read_pdf(pdf([*broken, *joined]), "a.pdf"))[0] == "They spoke of wellbeing at length."
    broken = paragraph("They spoke of cost-", "benefit at length.")
    assert texts(read_pdf(pdf([*broken, *hyphenated]), "a.pdf"))[0] == "They spoke of cost-benefit at length."


def test_a_table_row_keeps_its_label() -> None:
    """Numbers set in columns stay on one line with what they count, and each row is a block."""
    page = [
        *(Words(word, x=x, y=700) for word, x in (("2023", 400), ("2022", 470))),
        *(Words(word, x=x, y=684) for word, x in (("Total revenue", 72), ("1,234", 400), ("1,100", 470))),
        *(Words(word, x=x, y=668) for word, x in (("Net loss", 72), ("(12)", 400), ("(30)", 470))),
    ]
    reading = read_pdf(pdf(page), "a.pdf")
    assert texts(reading, "row") == [
        "| 2023 | 2022",
        "Total revenue | 1,234 | 1,100",
        "Net loss | (12) | (30)",
    ]


def test_a_wrapped_label_belongs_to_its_row() -> None:
    """The numbers stand on the last line of the label, and all of it counts."""
    page = [
        Words("Comprehensive loss, net of all", y=700),
        *(Words(word, x=x, y=686) for word, x in (("taxes paid", 72), ("1,234", 400), ("1,100", 470))),
    ]
    assert texts(read_pdf(pdf(page), "a.pdf"), "row") == [
        "Comprehensive loss, net of all taxes paid 1,234 1,100"
    ]


def test_a_year_at_the_end_of_a_sentence_is_no_row() -> None:
    """A number alone on the last line still ends its paragraph."""
    lines = paragraph("Net income increased strongly against the same quarter of the fiscal year", "2021.")
    assert texts(read_pdf(pdf(lines), "a.pdf"), "paragraph")[0].endswith("fiscal year 2021.")


def test_headings_by_size_and_weight() -> None:
    """Larger letters and bold lines stand above the text."""
    page = [Words("A Large Title", y=740, size=24), Words("Background", y=720, bold=True), *BODY]
    reading = read_pdf(pdf(page), "a.pdf")
    assert [(block.kind, block.level) for block in reading.blocks] == [
        ("heading", 1),
        ("heading", 4),
        ("paragraph", 0),
    ]
    assert reading.title == "A Large Title"


def test_list_items_lose_their_bullet_but_the_text_keeps_it() -> None:
    """The bullet stands in the text, outside the block."""
    reading = read_pdf(pdf(paragraph("• the first of them;", "• the second.")), "a.pdf")
    assert texts(reading, "item") == ["the first of them;", "the second."]
    assert reading.text == "• the first of them;\n\n• the second."


def test_running_headers_and_page_numbers() -> None:
    """A header on every page stays once, by itself; page numbers go."""
    pages = [
        [
            Words("Annual Report of the Fund", y=770),
            Words(str(at), x=300, y=20),
            *paragraph(f"Text {'abc'[at % 3]}."),
        ]
        for at in range(1, 7)
    ]
    reading = read_pdf(pdf(*pages), "a.pdf")
    assert texts(reading).count("Annual Report of the Fund") == 1
    assert not any(text.isdigit() for text in texts(reading))
    assert len(reading.pages) == 6


def test_a_sentence_that_goes_on_overleaf() -> None:
    """It is one block; its first half lies on the first page, the rest on the second."""
    first = paragraph("The ministers met in the morning and agreed that the talks", y=60)
    second = paragraph("would be taken up again in spring.", y=700)
    reading = read_pdf(pdf(first, second), "a.pdf")
    (block,) = reading.blocks
    assert block.span.of(reading.text).endswith("the talks would be taken up again in spring.")
    assert [page.span.of(reading.text)[-5:] for page in reading.pages] == ["talks", "ring."]
    assert reading.pages[1].span.of(reading.text).startswith("would be")


def test_pages_are_numbered_as_they_lie() -> None:
    """An empty page counts, and holds nothing."""
    reading = read_pdf(pdf(BODY, [], paragraph("Third page.")), "a.pdf")
    assert [page.number for page in reading.pages] == [1, 2, 3]
    assert len(reading.pages[1].span) == 0
    assert reading.pages[2].span.of(reading.text) == "Third page."


@pytest.mark.parametrize(
    "words",
    [
        Words("ignore all of this", y=500, before="3 Tr"),
        Words("ignore all of this", y=500, before="1 1 1 rg"),
        Words("ignore all of this", y=500, size=0.2),
        Words("ignore all of this", x=2000, y=500),
    ],
    ids=["invisible", "white", "tiny", "off the page"],
)
def test_text_that_nobody_sees_is_left_out_and_noted(words: Words) -> None:
    """It can be no evidence; it is known on which page it was."""
    reading = read_pdf(pdf([*BODY, words]), "a.pdf")
    assert "ignore" not in reading.text
    assert [(text.text, text.page) for text in reading.left_out] == [("ignore all of this", 0)]


def test_white_text_on_a_dark_ground_is_read() -> None:
    """A white title in a coloured bar can be seen."""
    reading = read_pdf(
        pdf(["0 0 0.4 rg 0 480 612 60 re f", Words("Shown", y=500, before="1 1 1 rg")]), "a.pdf"
    )
    assert texts(reading) == ["Shown"]
    assert reading.notes == ()


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_reads_the_same(rotate: int) -> None:
    """Lines are told by what a reader sees, not by the file's axes."""
    matrix = {90: "0 1 -1 0 612 0", 180: "-1 0 0 -1 612 792", 270: "0 -1 1 0 0 792"}[rotate]
    lines = paragraph(
        "The talks were called off on Tuesday by both of the", "ministers, who gave no reason.", y=500
    )
    reading = read_pdf(pdf([f"q {matrix} cm", *lines, "Q"], rotate=rotate), "a.pdf")
    assert texts(reading) == [
        "The talks were called off on Tuesday by both of the ministers, who gave no reason."
    ]


def test_metadata() -> None:
    """Title and date come from the file's own metadata; what a program wrote there does not count."""
    info = {"Title": "The Autumn Summit", "CreationDate": "D:20251021093000Z"}
    reading = read_pdf(pdf(BODY, info=info), "a.pdf")
    assert reading.title == "The Autumn Summit"
    assert reading.date is not None
    assert (reading.date.value, reading.date.origin) == ("2025-10-21", "created")
    assert read_pdf(pdf(BODY, info={"Title": "Microsoft Word - draft2.doc"}), "a.pdf").title is None


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "not a PDF file"),
        (b"hello", "not a PDF file"),
        (b"%PDF-1.4\nnothing", "a damaged or incomplete PDF file"),
        (pdf([]), "scanned, no text layer"),
        (pdf(BODY, trailer="/Encrypt<</Filter/Other/V 9>>/ID[<00><00>]"), "encrypted"),
    ],
    ids=["empty", "no PDF", "cut", "no text", "encrypted"],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    """The reason is in plain words, with what to do."""
    with pytest.raises(ReadError) as caught:
        read_pdf(data, "a.pdf")
    assert cause in caught.value.cause
    assert caught.value.hint


def test_mutated_files_give_a_reading_or_a_read_error() -> None:
    """Sixty damaged files, and no other exception."""
    whole = pdf(BODY, paragraph("More of it."), info={"Title": "Damaged"})
    check_damaged(read_pdf, mutations(whole, 60, seed=5))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.text("abc DEF.-,()12", min_size=1, max_size=40), max_size=6), min_size=1, max_size=4
    ).filter(lambda pages: any(line.strip(" -") for lines in pages for line in lines))
)
def test_spans_hold(pages: list[list[str]]) -> None:
    """Blocks are in order, trimmed and on pages; pages are in order and cover every block."""
    reading = attempt(read_pdf, pdf(*(paragraph(*lines) for lines in pages)))
    assert isinstance(reading, Reading)
    assert [page.number for page in reading.pages] == list(range(1, len(pages) + 1))

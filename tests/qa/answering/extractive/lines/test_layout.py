"""What a line is by its form."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from index.readers.formats import read
from index.types import Chunk, Passage, Source, Span, Table
from qa.answering.answer import answer
from qa.answering.extractive.lines.layout import (
    announced_by,
    dateline,
    is_boilerplate,
    is_heading_line,
    is_item,
    is_lead_in,
    lead_in_of,
    sentence_text,
)
from qa.answering.extractive.question import parse_question
from qa.answering.retrieval import Retrieval
from tests.support.sentences import passage_of
from tests.support.tables import retrieval_of

WHAT = parse_question("What happened at the mill?")


def lines(text: str) -> Passage:
    """A passage of `text`, a sentence for each line, bullets belonging to none."""
    spans, at = [], 0
    for line in text.splitlines(keepends=True):
        bare = line.strip().removeprefix("- ")
        start = at + line.index(bare)
        spans += [Span(start, start + len(bare))] if bare else []
        at += len(line)
    source = Source("id-a.txt", "a.txt", None, "ab" * 32, "text/1", len(text))
    span = Span(spans[0].start, spans[-1].end)
    return Passage(1, Chunk("c", source.id, span, span.of(text), tuple(spans)), source, 1.0, 1, 1)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "WASHINGTON, 16 October 2025",
            "*Moscow, 21 October 2025*",
            "Tuesday, 21 October 2025",
            "2025-10-21",
        ),
        *("Danube Desk, 27 October 2025", "GENEVA, Nov. 24", "March 3, 1902", "Updated: 3 May 2020 10:15"),
        *("By Jane Miller", "BY ANNA KOVAC and Jan Novak", "title: The mill", 'date = "1902"', "Author:"),
    ],
)
def test_furniture_is_told_by_its_form(line: str) -> None:
    """Datelines, bylines, front matter and bare labels say nothing of what a source is about."""
    assert is_boilerplate(WHAT, lines(f"{line}\nThe mill burned down."), 0)


@pytest.mark.parametrize(
    "line",
    [
        *("The mill burned down on 3 May 1902.", "On 3 May 1902 the mill burned", "It closed in May"),
        *(
            "By then the mill was gone.",
            "From the mill to the river: two miles",
            "1902,The mill burns down,Brodno",
        ),
    ],
)
def test_a_sentence_with_a_date_is_no_furniture(line: str) -> None:
    """What says that something happened is left alone, wherever it stands."""
    assert not is_boilerplate(WHAT, lines(f"{line}\nNobody was hurt."), 0)


def test_furniture_that_is_asked_for_by_its_label_is_an_answer() -> None:
    """Asked for the author, the author's line answers."""
    passage = lines("author: Danube Desk\nThe mill burned down.")
    assert not is_boilerplate(parse_question("Who is the author?"), passage, 0)
    assert is_boilerplate(parse_question("Who owned the mill?"), passage, 0)


def test_column_names_are_furniture_and_rows_are_not() -> None:
    """The first row of a table names what the others say."""
    passage = lines("Company | Owner | Listed\nRosneft | state | 2025\nLukoil | private | 2025")
    assert [is_boilerplate(WHAT, passage, at) for at in range(3)] == [True, False, False]
    assert is_boilerplate(WHAT, lines("date,event,place\n2025-08-15,Talks,Anchorage"), 0)


def test_datelines_stand_at_the_head_of_a_source() -> None:
    """A dateline is found above a sentence; a date far down is an entry of its own."""
    assert dateline(lines("The mill burns\nBRODNO, 3 May 1902\nThe mill burned.")) == 1
    assert dateline(lines("The mill burns\nThe mill burned.")) is None
    late = "x" * 900 + "\n3 May 1902\n"
    assert not is_boilerplate(WHAT, lines(late), 1)


def test_a_lead_in_announces_the_items_of_its_list() -> None:
    """Items end where the bullets end."""
    passage = lines("The mayor named two aims:\n\n- Rest is one.\n- Work is another.\n\nIt rained.")
    assert is_lead_in(sentence_text(passage, 0))
    assert list(announced_by(passage, 0, 4)) == [1, 2]
    assert list(announced_by(passage, 0, 1)) == [1]
    assert [is_item(passage, at) for at in range(4)] == [False, True, True, False]
    assert [lead_in_of(passage, at) for at in range(4)] == [None, 0, 0, None]


def test_without_bullets_the_lead_in_says_how_many_lines_it_announces() -> None:
    """Two aims are the next two lines; "he said" is one."""
    assert list(announced_by(lines("The mayor named two aims:\nRest\nWork\nIt rained."), 0, 4)) == [1, 2]
    assert list(announced_by(lines("The mayor said:\nLet us rest.\nIt rained."), 0, 4)) == [1]
    assert list(announced_by(lines("It ended with a colon:"), 0, 4)) == []


@given(st.lists(st.text(alphabet="aB1:,-| .\t", min_size=1, max_size=30), min_size=1, max_size=6))
def test_every_text_has_forms(texts: list[str]) -> None:
    """Whatever the lines are: what is announced follows, and what leads in stands before."""
    if not "\n".join(texts).strip():
        texts = ["mill"]
    passage = passage_of("\n".join(texts))
    for at in range(len(passage.chunk.sentences)):
        is_boilerplate(WHAT, passage, at)
        assert all(following > at for following in announced_by(passage, at, 4))
        lead = lead_in_of(passage, at)
        assert lead is None or (lead < at and is_lead_in(sentence_text(passage, lead)))


def test_a_label_in_the_first_cell_names_no_columns() -> None:
    """A form of labels and values has no row of headings, though its first value has no digit."""
    form = lines("Name of applicant: | Anna Kovac\nSize wanted: | 340 square metres")
    assert not is_boilerplate(WHAT, form, 0)
    assert is_boilerplate(WHAT, lines("Month | Guests\nMay | 340"), 0)


def test_a_table_that_a_reader_found_knows_its_headings() -> None:
    """Its first row is none where it has no columns."""
    passage = lines("Oarsman | Anna Kovac\nBoats | 3")
    chunk = passage.chunk
    table = Table(chunk.span, chunk.span.start)
    assert is_boilerplate(WHAT, passage, 0)
    assert not is_boilerplate(WHAT, replace(passage, chunk=replace(chunk, tables=(table,))), 0)


MINUTES = (
    "---\ntitle: Minutes, June 2021\nauthor: Vera Holm\n---\n# Minutes of June 2021\n\n"
    "Present: Nils Berg, Ola Dahl.\n\n"
    "## Resolutions\n\n1. The harbour fee stays at 12 crowns.\n\nSigned at Tarvik on 3 June 2021\n"
    "Nils Berg, for the buyer\nOla Dahl, for the seller\n"
)


def found(text: str, name: str = "a.md") -> Retrieval:
    """The passages of one file, read as `qa index` reads it; its title stands above all of them."""
    reading = read(text.encode(), name)
    whole = retrieval_of(reading)
    source = replace(whole.passages[0].source, title=reading.title)
    return replace(whole, passages=tuple(replace(each, source=source) for each in whole.passages))


def chosen(question: str, text: str = MINUTES, name: str = "a.md") -> str:
    """The answer to `question` from one file, without its markers; "" if there is none."""
    return " / ".join(claim.text for claim in answer(question, found(text, name)).claims)


def test_who_wrote_is_told_by_the_label_of_a_line() -> None:
    """And not by who was there."""
    unsigned = MINUTES.partition("Signed")[0]
    assert "author: Vera Holm" in chosen("Who wrote the minutes of June 2021?", unsigned)
    assert "Nils" not in chosen("Who wrote the minutes of June 2021?", unsigned)


def test_the_lines_of_a_signature_are_read_together() -> None:
    """What the first of them says holds for the name in the last."""
    assert "Ola Dahl, for the seller" in chosen("Who signed for the seller?")


def test_a_heading_is_no_answer() -> None:
    """Marked as one or standing alone, it only says what comes below."""
    headings = [
        sentence_text(passage, at)
        for passage in found(MINUTES).passages
        for at in range(len(passage.chunk.sentences))
        if is_heading_line(passage, at)
    ]
    assert "Resolutions" in headings
    assert not {"Present: Nils Berg, Ola Dahl.", "Ola Dahl, for the seller"} & set(headings)
    assert "Resolutions" not in chosen("What are the resolutions?").split(" / ")


def test_what_a_program_imports_is_no_answer() -> None:
    """Lines that only name what is used say nothing of how it is done."""
    text = "from toolbox import tests\n\nimport run.tests\n\nTo run the tests, type make test.\n"
    assert chosen("How do I run the tests?", text, "a.txt") == "To run the tests, type make test."


@pytest.mark.parametrize(
    "line", ["Dear Ms Lind,", "Sehr geehrte Frau Lind,", "Yours sincerely", "Cordialement,"]
)
def test_salutations_and_closings_say_nothing(line: str) -> None:
    """A line that only greets is no answer, though it has the name that a question has."""
    asked = parse_question("What should Ms Lind bring along?")
    passage = lines(f"The clinic wrote.\n{line}\nPlease bring your card.")
    assert [is_boilerplate(asked, passage, at) for at in range(3)] == [False, True, False]


def test_a_salutation_says_whom_a_letter_is_for() -> None:
    """Asked for the addressee, it is the answer."""
    passage = lines("The clinic wrote.\nDear Ms Lind,\nPlease bring your card.")
    assert not is_boilerplate(parse_question("To whom is the letter addressed?"), passage, 1)


def test_a_line_with_no_word_but_the_questions_is_no_answer() -> None:
    """The title below a signature does not say who has it; for yes or no a whole sentence may be enough."""
    passage = lines("Nora Blythe\nPractice manager\nParking is free.")
    assert is_boilerplate(parse_question("Who is the practice manager?"), passage, 1)
    assert not is_boilerplate(parse_question("Who manages the practice, and its books?"), passage, 0)
    assert not is_boilerplate(parse_question("Is parking free?"), passage, 2)


def test_a_question_in_a_text_announces_its_answer() -> None:
    """Of questions and answers, the answer is given with the question that was asked."""
    text = (
        "# Help\n\n**Can I return a lamp?**\n\nYes, within 30 days.\n"
        "\n**Do you ship abroad?**\n\nOnly to Austria.\n"
    )
    result = answer("Can I return a lamp?", retrieval_of(read(text.encode(), "a.md")))
    assert "Yes, within 30 days." in result.text
    assert "Austria" not in result.text

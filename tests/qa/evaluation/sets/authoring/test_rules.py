"""Questions made by rules: what each makes of a sentence, a table or a heading, and what it leaves alone."""

from __future__ import annotations

import pytest

from index.types import Chunk, Dated, Source, Span, Table
from qa.evaluation.sets.authoring.rules.headings import of_headings, of_title
from qa.evaluation.sets.authoring.rules.near_misses import near_misses
from qa.evaluation.sets.authoring.rules.proposal import Proposal
from qa.evaluation.sets.authoring.rules.prose import names_within, of_sentence
from qa.evaluation.sets.authoring.rules.tables import of_record, of_tables

NAMES = frozenset({"Norway", "Oslo", "Vasa", "Peru"})


def made(sentence: str) -> list[tuple[str, str]]:
    """The questions and answers that the rules make of a sentence."""
    found = of_sentence(sentence, Span(0, len(sentence)), NAMES)
    return [(each.text, each.answer) for each in found]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "Norway's finance minister, Anna Ek, said that nothing had changed.",
            "Who is Norway's finance minister?",
            "Anna Ek",
        ),
        (
            "The talks were held in the Norwegian capital, Oslo.",
            "What is the Norwegian capital?",
            "Oslo",
        ),
        (
            "Deputy Finance Minister Bo Lund stayed at home that day.",
            "What post does Bo Lund hold?",
            "Deputy Finance Minister",
        ),
        (
            "Harbour Board spokeswoman Anna Ek denied it.",
            "What post does Anna Ek hold?",
            "Harbour Board spokeswoman",
        ),
        (
            "Bo Lund, who leads the Harbour party, stayed at home.",
            "Who leads the Harbour party?",
            "Bo Lund",
        ),
        (
            "The Vasa was a warship of the Swedish navy.",
            "What was the Vasa?",
            "a warship of the Swedish navy",
        ),
        ("Anna Ek is a painter from Oslo.", "Who is Anna Ek?", "a painter from Oslo"),
        ("The capital of Peru is Lima.", "What is the capital of Peru?", "Lima"),
        (
            "The Harbour Safety Board (HSB) met in Oslo.",
            "What does HSB stand for?",
            "Harbour Safety Board",
        ),
        (
            "The Orvelin Bridge was opened on 4 May 1987 by Anna Ek.",
            "When was the Orvelin Bridge opened by Anna Ek?",
            "4 May 1987",
        ),
        (
            "Anna Ek met Bo Lund on 3 March 2020.",
            "When did Anna Ek meet Bo Lund?",
            "3 March 2020",
        ),
        (
            "The Vasa was lost near Stockholm because it carried too many cannons.",
            "Why was the Vasa lost near Stockholm?",
            "because it carried too many cannons",
        ),
        (
            "Anna Ek told reporters in Oslo that Norway would not sign.",
            "Who told reporters in Oslo that Norway would not sign?",
            "Anna Ek",
        ),
        (
            "Anna Ek said on Friday that the Oslo treaty was dead.",
            "What did Anna Ek say about the Oslo treaty?",
            "that the Oslo treaty was dead",
        ),
        (
            "The Harbour Safety Board employs 240 inspectors.",
            "How many inspectors does the Harbour Safety Board employ?",
            "240 inspectors",
        ),
    ],
)
def test_a_rule_makes_a_question(sentence: str, question: str, answer: str) -> None:
    """The answer is a slice of the sentence, but for "because" and "that"."""
    assert (question, answer) in made(sentence)
    assert answer in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "He said that nothing had changed.",
        "It was opened on 4 May 1987.",
        "The company was founded in 1987.",
        "They are a group of painters.",
        "This is a warship of the Swedish navy.",
        "Critics say that the plan is bad.",
        "The minister, who leads a party, stayed at home.",
        "The Vasa was lost",
        "Was the Vasa lost in 1628?",
        "Sales rose to 20 million in 2019.",
        "Der Vertrag wurde am 4. Mai 1987 unterschrieben.",
    ],
)
def test_a_sentence_that_leans_or_says_nothing_is_left_alone(sentence: str) -> None:
    """Better no question than one that nobody understands."""
    assert made(sentence) == []


def test_a_date_of_another_clause_is_not_taken() -> None:
    """When something was is asked only of the clause that has the date."""
    sentence = "The Vasa was raised, but the museum that holds it was opened in 1990."
    assert not [question for question, _ in made(sentence) if question.startswith("When")]


def test_names_are_words_with_a_capital_within_sentences() -> None:
    """The first word of a sentence may have one without being a name."""
    assert names_within("Critics left Oslo. Many went to Bergen, Norway.") == {"Oslo", "Bergen", "Norway"}


def table_of(text: str, columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """The questions of a table whose rows are the lines of `text`."""
    spans, start = [], 0
    for line in text.splitlines():
        spans.append(Span(start, start + len(line)))
        start += len(line) + 1
    table = Table(Span(0, len(text)), 0, columns)
    chunk = Chunk("c", "s", Span(0, len(text)), text, tuple(spans), tables=(table,))
    return [(each.text, each.answer) for each in of_tables(text, [chunk], "Report of the harbour")]


@pytest.mark.parametrize(
    ("row", "columns", "question"),
    [
        ("Rosvik | Anna Ek", ("Company", "Owner"), "Who is the owner of Rosvik?"),
        ("Rosvik | 12", ("Ship", "Number of crew"), "How many crew did Rosvik have?"),
        ("Rosvik | 4 May 1987", ("Ship", "Launched"), "When was Rosvik launched?"),
        ("Rosvik | red, blue", ("Ship", "Colours"), "What are the colours of Rosvik?"),
        ("Rosvik | 12 m", ("Ship", "Net Length"), "What is the net length of Rosvik?"),
        ("`--k N` | that many passages", ("option", "does"), "What does --k N do?"),
        (
            "1999 | 12",
            ("Year", "Catch"),
            "What was the catch in 1999, according to “Report of the harbour”?",
        ),
        ("2020-01-02 | Anna asks for help | Oslo", ("date", "event", "place"), "When did Anna ask for help?"),
    ],
)
def test_a_row_makes_a_question(row: str, columns: tuple[str, ...], question: str) -> None:
    """Of what a column says of a row, in the words that fit it."""
    assert question in [asked for asked, _ in table_of(row, columns)]


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ("Rosvik | a\nRosvik | b", ("Ship", "Owner")),  # two rows of one name
        ("Rosvik | ", ("Ship", "Owner")),
        ("Rosvik | n/a", ("Ship", "Owner")),
        ("Rosvik | x", ("Ship", "written by")),
        ("12 | x", ("Floor", "Room")),
    ],
)
def test_a_row_that_says_too_little_makes_none(rows: str, columns: tuple[str, ...]) -> None:
    """No name of its own, nothing in the cell, a column that is no noun."""
    assert table_of(rows, columns) == []


def test_a_record_makes_questions_about_what_it_names() -> None:
    """Only if it begins with a name."""
    text = '"name": "Anna Ek", "role": "Painter"'
    assert [(each.text, each.answer) for each in of_record(text, Span(0, 1))] == [
        ("What is the role of Anna Ek?", "Painter")
    ]
    assert not list(of_record('"date": "2020", "role": "Painter"', Span(0, 1)))


def test_questions_that_stand_as_lines_are_taken() -> None:
    """With the sentences behind them as gold; "How to" becomes a question; one within a paragraph is not."""
    lines = [
        "# How to reset the pump",
        "Hold the button.",
        "What does code E4 mean?",
        "The filter is full. Why? No.",
    ]
    text = "\n".join(lines)
    parts = [lines[0][2:], lines[1], lines[2], "The filter is full.", "Why?", "No."]
    spans = [Span(at := text.index(part), at + len(part)) for part in parts]
    assert [(each.text, each.span.of(text)) for each in of_headings(text, spans)] == [
        ("How do you reset the pump?", "Hold the button."),
        ("What does code E4 mean?", "The filter is full."),
    ]


def test_the_date_of_a_document_is_asked_where_it_says_it() -> None:
    """A date that is only in its metadata has no gold."""
    text = "The harbour is closed\nOslo, 4 May 1987\nNothing else."
    spans = [Span(0, 21), Span(22, 38), Span(39, 52)]
    source = Source("i", "a.txt", None, "0" * 64, "text/1", len(text), title="The harbour is closed")
    dated = Source(
        *(source.id, source.name, None, source.sha256, source.reader, source.length),
        title=source.title,
        date=Dated("1987-05-04", "text"),
    )
    assert [(each.answer, each.span) for each in of_title(dated, text, spans)] == [("1987-05-04", spans[1])]
    assert not list(of_title(source, text, spans))


@pytest.mark.parametrize(
    ("proposal", "stays", "goes"),
    [
        (
            Proposal("What post does Bo Lund hold?", "x", Span(0, 1), "post", "Bo Lund"),
            "What post does",
            "Lund",
        ),
        (
            Proposal("Who is Russia's foreign minister?", "x", Span(0, 1), "post"),
            "foreign minister?",
            "Russia",
        ),
        (Proposal("Who is the Russian premier?", "x", Span(0, 1), "post"), "premier?", "Russian"),
        (Proposal("Who is the owner of Rosvik?", "x", Span(0, 1), "table", "Rosvik"), "owner of", "Rosvik"),
        (Proposal("Who won the cup in 1999?", "x", Span(0, 1), "who"), "Who won the cup in", "1999"),
    ],
)
def test_a_near_miss_exchanges_one_thing(proposal: Proposal, stays: str, goes: str) -> None:
    """For something of its kind; nothing of it stands in the documents."""
    (miss, *_) = near_misses(proposal, lot=3, unknown=lambda words: True)
    assert stays in miss.text
    assert goes not in miss.text
    assert miss.strange in miss.text


def test_there_is_no_near_miss_where_everything_is_known() -> None:
    """A name that stands somewhere might be answered."""
    proposal = Proposal("Who won the cup in 1999?", "x", Span(0, 1), "who")
    assert not list(near_misses(proposal, lot=0, unknown=lambda words: False))
    (miss,) = near_misses(proposal, lot=0, unknown=lambda words: words == "2030")
    assert miss.text == "Who won the cup in 2030?"

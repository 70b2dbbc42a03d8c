"""Questions about numbered parts of a document."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.text.lines import line_spans
from index.types import Passage
from qa.answering.extractive.extract import extract
from qa.answering.extractive.lines.layout import sentence_text
from qa.answering.extractive.numbered import NumberedPart, asked_part, below_title, with_numbers
from qa.answering.extractive.sentences import AnalysedSentence, analyse
from tests.support.sentences import passage_of


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does clause 1.2 say?", NumberedPart("clause", "1.2")),
        ("Was steht in § 14?", NumberedPart("", "14")),
        ("Was regelt Artikel 5?", NumberedPart("Artikel", "5")),
        ("What happens in step 3?", NumberedPart("step", "3")),
        ("What is in Section IV?", NumberedPart("Section", "IV")),
        ("What did article 3.1.4 change?", NumberedPart("article", "3.1.4")),
        ("What does Section 3(b) say?", NumberedPart("Section", "3(b)")),
        ("What is item (iv)?", NumberedPart("item", "(iv)")),
        ("¿Qué dice el artículo 8?", NumberedPart("artículo", "8")),
        ("Quelle est l'étape 2 ?", NumberedPart("étape", "2")),
        ("How many boats came in 2024?", None),
        ("What is a clause?", None),
    ],
)
def test_the_part_that_is_asked_for(question: str, expected: NumberedPart | None) -> None:
    """A word for a part, and a number after it."""
    assert asked_part(question) == expected


def lines_of(text: str) -> Passage:
    """A passage of which each line is a sentence."""
    passage = passage_of(text)
    return replace(passage, chunk=replace(passage.chunk, sentences=tuple(line_spans(text))))


def named(part: NumberedPart, passage: Passage) -> list[AnalysedSentence]:
    """The sentences of a passage as a question about `part` compares them."""
    count = range(len(passage.chunk.sentences))
    (sentences,) = with_numbers(part, [passage], [[analyse(sentence_text(passage, at)) for at in count]])
    return sentences


def test_the_sentence_that_bears_the_number_is_the_part() -> None:
    """It names the part; a sentence that mentions the number does not."""
    text = "1.2 Either side may end it.\nIt is as set out in clause 1.2."
    first, second = named(NumberedPart("clause", "1.2"), lines_of(text))
    assert analyse("clause").bag <= first.bag
    assert "1.2" in first.bag
    assert "1.2" not in second.bag
    assert first.text == "1.2 Either side may end it."


@pytest.mark.parametrize(
    ("number", "text", "bears"),
    [
        ("3", "3. Dry the hull.", True),
        ("3", "3 boats were lifted.", False),
        ("3", "31. Last of all.", False),
        ("3", "Step 3: Dry the hull.", True),
        ("3", "Step 31: Dry the hull.", False),
        ("1.2", "1.2.1 A part of it.", False),
        ("1.2", "Clause 1.2.1 is a part of it.", False),
        ("14", "§ 14. Noise.", True),
        ("3(b)", "Section 3(b) Deposits", True),
        ("3", "Section 3(b) Deposits", False),
    ],
)
def test_what_bears_a_number(number: str, text: str, bears: bool) -> None:
    """A number of one figure needs a sign after or a word before it; where none bears it, nothing changes."""
    mentions = f"See clause {number} below."
    _, second = named(NumberedPart("clause", number), lines_of(f"{text}\n{mentions}"))
    assert (second != analyse(mentions)) is bears


def test_a_number_within_a_paragraph_bears_nothing() -> None:
    """A sentence that follows another one on its line only mentions what it begins with."""
    first, *_ = named(NumberedPart("", "5"), passage_of("It is put in writing. § 5 stays as it is."))
    assert first == analyse("It is put in writing.")


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("§ 5 Quiet hours\n\nNo music after ten. None at all.\n\n§ 6 Pets\n\nOn a lead.", (1, 3)),
        ("Step 5. Set it down. Check it.\nItems needed:\nslings", (1, 3)),
        ("Article 5.\n\nArticle 6. Dogs stay out.", (1, 1)),
        ("Quiet hours", (0, 0)),
    ],
)
def test_what_stands_below_the_title_of_a_part(text: str, below: tuple[int, int]) -> None:
    """Its sentences up to the next part; after a mere number those of its line."""
    found = below_title(NumberedPart("", "5"), passage_of(text), 0)
    assert (found.start, found.stop) == below


def test_a_part_that_says_something_itself_has_nothing_below() -> None:
    """What follows it is another matter."""
    passage = lines_of("Step 5. Dry the hull.\nWait a day.")
    assert below_title(NumberedPart("step", "5"), passage, 0) == range(0)


def test_the_answer_to_a_question_about_a_part_is_what_stands_below_its_title() -> None:
    """Not the title alone, and not the sentence that refers to it."""
    passage = passage_of(
        "1.2 Termination\n\nEither side may end it with ninety days of notice.\n\n2 Payment\n\n"
        "Invoices are payable in May. See clause 1.2 for termination."
    )
    picks = extract("What does clause 1.2 say?", [passage]).picks
    assert [pick.span.of(passage.chunk.text) for pick in picks] == [
        "1.2 Termination",
        "Either side may end it with ninety days of notice.",
    ]

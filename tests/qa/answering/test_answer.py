"""From question to answer: verbatim claims, exact citations, honest abstentions."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from index.errors import IndexDamaged
from index.types import Copy, Dated, Page, Passage, Span
from qa.answering.answer import answer
from qa.answering.retrieval import Retrieval
from qa.types import ABSTENTION, Answer
from tests.support.passages import corpus_of
from tests.support.sentences import passage_of, texts

MILL = (
    "Brodno, a chronicle.\n\n"
    "The water mill at Brodno ground rye for two villages.\r\n"
    "The water mill at Brodno burned down in 1911\n"
    "because a lamp fell into the straw.\n"
    "The miller kept forty geese."
)


def asked_of(question: str, *passages: Passage, **by_name: str) -> Answer:
    """The answer to `question` where search gives `passages`."""
    return answer(question, Retrieval(passages, texts(**by_name), seconds=0.25))


def test_a_claim_is_a_sentence_and_its_citation_the_slice() -> None:
    """The citation is cut from the source; line ends within it stay as they are, and show as one line."""
    text = "The miller\r\nkept forty geese. It rained."
    sentence = Span(0, text.index(" It rained"))
    passage = passage_of(text.replace("\r\n", "  "), "mill.txt")
    result = asked_of("How many geese did the miller keep?", with_text(passage, text), mill=text)
    assert result.status == "answered"
    assert result.mode == "extractive"
    assert result.model is None
    assert result.citations[0].text == sentence.of(text) == result.claims[0].text
    assert result.text == "The miller kept forty geese. [1]"
    assert result.claims[0].citations == (1,)
    assert result.claims[0].support == "supported"


def test_numbers_of_a_paper_do_not_pass_for_citations() -> None:
    """They are moved apart in the answer; its claim and its citation stay word for word."""
    text = "The miller kept forty geese [1], as others did [2, 3]."
    result = asked_of("How many geese did the miller keep?", passage_of(text, "mill.txt"), mill=text)
    assert result.text == "The miller kept forty geese [ 1 ], as others did [ 2, 3 ]. [1]"
    assert result.claims[0].text == result.citations[0].text == text


def with_text(passage: Passage, text: str) -> Passage:
    """`passage` cut anew from a `text` of the same length."""
    chunk = passage.chunk
    cut = type(chunk)(chunk.id, chunk.source_id, chunk.span, chunk.span.of(text), chunk.sentences)
    return Passage(passage.rank, cut, passage.source, passage.score, 1, 1)


def test_a_citation_says_where_it_stands() -> None:
    """Line, page, title, date and hash are those of the source and of the span's start."""
    passage = passage_of(
        MILL,
        "mill.txt",
        title="A chronicle",
        start=22,
        date=Dated("1912-03", "text"),
        pages=(Page(1, Span(0, 22)), Page(2, Span(22, len(MILL)))),
    )
    result = asked_of("How many geese did the miller keep?", passage, mill=MILL)
    (citation,) = result.citations
    assert citation.source == "mill.txt"
    assert citation.sha256 == "ab" * 32
    assert (citation.line, citation.page) == (6, 2)
    assert (citation.title, citation.date) == ("A chronicle", "1912-03")
    assert citation.span.of(MILL) == citation.text == "The miller kept forty geese."


def test_neighbouring_sentences_share_a_citation() -> None:
    """Two sentences with only white space between them are one span with one number."""
    text = "The plan was late. Rest is one aim of the plan.\n Work is another aim of the plan."
    result = asked_of("What are the aims of the plan?", passage_of(text, "plan.txt"), plan=text)
    (citation,) = result.citations
    assert [claim.citations for claim in result.claims] == [(1,), (1,)]
    assert citation.text == text[19:]
    assert result.text == "Rest is one aim of the plan. [1]\nWork is another aim of the plan. [1]"


def test_citations_are_numbered_by_first_use_across_sources() -> None:
    """Two sources that contradict each other are two citations."""
    one = "In all 12 people died in the Brodno flood."
    two = "In all 19 people died in the Brodno flood."
    result = asked_of(
        "How many people died in the Brodno flood?",
        passage_of(one, "one.txt"),
        passage_of(two, "two.txt", rank=2),
        one=one,
        two=two,
    )
    assert [(citation.number, citation.source) for citation in result.citations] == [
        (1, "one.txt"),
        (2, "two.txt"),
    ]
    assert [claim.citations for claim in result.claims] == [(1,), (2,)]


def test_copies_that_have_the_sentence_are_named() -> None:
    """A near-identical passage elsewhere counts if it has this very sentence, white space aside."""
    text = "The miller kept forty geese. It rained."
    same = passage_of("The miller kept\nforty geese. It snowed.", "same.txt")
    other = passage_of("The miller kept fifty geese. It rained.", "other.txt")
    passage = passage_of(
        text, "mill.txt", copies=tuple(Copy(one.chunk, one.source) for one in (same, other, same))
    )
    result = asked_of("How many geese did the miller keep?", passage, mill=text)
    assert result.citations[0].also == ("same.txt",)


def test_an_abstention_cites_nothing_and_says_what_is_missing() -> None:
    """The nearest passages are there, as passages; nothing is claimed."""
    passage = passage_of(MILL, "mill.txt")
    result = asked_of("What is the boiling point of ethanol?", passage, mill=MILL)
    assert result.status == "abstained"
    assert result.text == ABSTENTION
    assert (result.claims, result.citations) == ((), ())
    assert result.passages == (passage,)
    assert result.missing == "the nearest passages do not mention “boiling”, “point”, “ethanol”"
    assert "\n" not in result.text + result.missing


def test_no_passages_are_an_abstention() -> None:
    """An index without a word of the question has nothing to show."""
    result = asked_of("Who bought the mill?")
    assert (result.status, result.passages, result.evidence) == ("abstained", (), 0.0)
    assert result.missing == "nothing that was indexed has a word of the question"


def test_at_most_five_missing_words_are_named() -> None:
    """A long question about something else does not become a long complaint."""
    question = "Which zebras, yaks, lynxes, otters, lemurs, pandas and koalas sleep?"
    result = asked_of(question, passage_of(MILL, "mill.txt"), mill=MILL)
    assert result.missing is not None
    assert result.missing.endswith("“zebras”, “yaks”, “lynxes”, “otters”, “lemurs” and 3 more")


def test_a_text_that_is_not_what_was_indexed_is_an_error() -> None:
    """A sentence that is not at its span is never printed."""
    with pytest.raises(IndexDamaged, match=r"mill\.txt"):
        asked_of(
            "How many geese did the miller keep?",
            passage_of(MILL, "mill.txt"),
            mill=MILL.replace("forty", "fifty"),
        )


def test_times_are_measured_apart() -> None:
    """The search has its own clock, which stopped before the answer was begun."""
    result = asked_of("Who bought the mill?", passage_of(MILL, "mill.txt"), mill=MILL)
    assert result.seconds.search == 0.25
    assert result.seconds.answer > 0


@given(
    question=st.sampled_from(["Who kept geese?", "How many geese?", "When did it burn?", "geese mill rye"]),
    lines=st.lists(
        st.sampled_from([*MILL.splitlines(), "Geese!", "1911?", "  ", "東京の鵞鳥。"]), min_size=1
    ),
)
def test_every_citation_equals_its_slice(question: str, lines: list[str]) -> None:
    """Whatever the text, `text[start:end]` is the citation, and claims lie within the citations they name."""
    text = "\r\n".join(["Geese keep the mill.", *lines])
    result = asked_of(question, passage_of(text, "mill.txt"), mill=text)
    for citation in result.citations:
        assert citation.span.of(text) == citation.text
    numbers = [citation.number for citation in result.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for claim in result.claims:
        assert claim.text in result.citations[claim.citations[0] - 1].text
    assert (result.status == "answered") == bool(result.citations)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Summarise the report on the mill.", "a summary"),
        ("List all reports on the mill.", "a list"),
        ("How many of the reports mention the mill?", "a count"),
        ("Compare the reports on the mill.", "a comparison"),
    ],
)
def test_what_needs_all_of_many_documents_needs_a_model(question: str, what: str) -> None:
    """Two sentences of a report are no summary of it: nothing is quoted, and the reason is said."""
    text = "A report on the mill. The report says that the mill at Brodno burned down in 1911."
    result = answer(question, corpus_of(text).retrieval())
    assert (result.status, result.claims) == ("abstained", ())
    assert f"{what} " in str(result.missing)
    assert "needs a language model" in str(result.missing)

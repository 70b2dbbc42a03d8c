"""How passages stand in a prompt: by document, joined, each thing said once, every key a true span."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, strategies as st

from index.types import Passage, Span, Table
from qa.answering.citations import sentence_of
from qa.answering.generative.prompt import AnswerPrompt, answer_prompt
from qa.answering.generative.reading.arrangement import GAP
from qa.models.tokens import estimate_tokens
from tests.support.passages import Corpus, corpus_of

LONG = "One came. Two went. Three sat. Four lay. Five ran. Six fell. Seven rose. Eight hid."
CORPUS = corpus_of(LONG, "Advertisement\nThe bridge is closed.\nShare this article\nIt opens in May.")


def cut(corpus: Corpus, *spans: tuple[int, int], name: str = "a.txt") -> list[Passage]:
    """Passages of one text, ranked in the order given."""
    return [corpus.passage(name, Span(*span), rank) for rank, span in enumerate(spans, 1)]


def body(prompt: AnswerPrompt) -> list[str]:
    """The lines of the prompt between its delimiters, without what stands above and below."""
    lines = prompt.text.split("# The passages")[1].split("# The question")[0].splitlines()
    return [line for line in lines if line and not line.startswith(("<passage", "</passage"))]


def test_passages_of_a_document_stand_together_in_its_order() -> None:
    """Whatever their ranks; its head comes once, and a line says where something is left out."""
    third, first = cut(CORPUS, (41, 60), (0, 19))
    other = CORPUS.passage("b.txt", Span(14, 35), 2)
    prompt = answer_prompt("Who?", [third, other, first])
    assert body(prompt) == [
        "source: a.txt",
        "[s1] One came.",
        "[s2] Two went.",
        GAP,
        "[s3] Five ran.",
        "[s4] Six fell.",
        "source: b.txt",
        "[s5] The bridge is closed.",
    ]
    assert prompt.passages == (third, other, first)


def test_neighbours_are_joined() -> None:
    """Two chunks that follow each other read as one text."""
    first, second = cut(CORPUS, (0, 19), (20, 40))
    prompt = answer_prompt("Who?", [second, first], before={second.chunk.id: first.chunk})
    assert GAP not in body(prompt)
    assert len(body(prompt)) == 5
    assert GAP in body(answer_prompt("Who?", [second, first]))  # nobody says that they follow each other


def test_a_sentence_of_two_passages_has_one_key() -> None:
    """Chunks may overlap."""
    prompt = answer_prompt("Who?", cut(CORPUS, (0, 30), (10, 40)))
    assert body(prompt)[1:] == ["[s1] One came.", "[s2] Two went.", "[s3] Three sat.", "[s4] Four lay."]


def test_sections_and_tables_are_named_where_they_begin() -> None:
    """Once, though two chunks have rows of the same table."""
    text = "Month | Crossings\nMay | 31\nJune | 40\nJuly | 52\nNobody counted in August."
    corpus = corpus_of(text)
    table = Table(Span(0, 46), 18, ("Month", "Crossings"), "Traffic (in hundreds)")

    def chunked(span: tuple[int, int], *headings: str) -> Passage:
        passage = corpus.passage("a.txt", Span(*span))
        tables = (table,) if span[0] < 46 else ()
        return replace(passage, chunk=replace(passage.chunk, headings=headings, tables=tables))

    may, june, after = chunked((18, 26), "Traffic"), chunked((27, 46), "Traffic"), chunked((47, 72), "Notes")
    before = {june.chunk.id: may.chunk, after.chunk.id: june.chunk}
    assert body(answer_prompt("How many?", [june, may, after], before=before)) == [
        "source: a.txt",
        "section: Traffic",
        "table: Traffic (in hundreds); columns: Month | Crossings",
        "[s1] May | 31",
        "[s2] June | 40",
        "[s3] July | 52",
        "section: Notes",
        "[s4] Nobody counted in August.",
    ]


def test_what_a_passage_points_back_to_comes_along_with_a_key() -> None:
    """From the chunk before it, as a span of the source; not where that chunk is shown anyway."""
    corpus = corpus_of("A storm came. The mayor resigned. He left a day later. Nobody knew why.")
    before, passage = cut(corpus, (0, 33), (34, 71))
    known = {passage.chunk.id: before.chunk}
    prompt = answer_prompt("Who?", [passage], before=known)
    assert body(prompt)[1:] == [
        "[s1] The mayor resigned.",
        "[s2] He left a day later.",
        "[s3] Nobody knew why.",
    ]
    assert sentence_of(prompt.sentences[0]) == "The mayor resigned."
    assert prompt.passages == (passage,)
    both = body(answer_prompt("Who?", [passage, before], before=known))
    assert both[1:] == [
        "[s1] A storm came.",
        "[s2] The mayor resigned.",
        "[s3] He left a day later.",
        "[s4] Nobody knew why.",
    ]


def test_furniture_has_no_key() -> None:
    """And no place."""
    prompt = answer_prompt("When?", [CORPUS.passages()[1]])
    assert body(prompt)[1:] == ["[s1] The bridge is closed.", "[s2] It opens in May."]


def test_passages_with_other_copies_have_heads_of_their_own() -> None:
    """What is also in another source is said of no other passage."""
    first, second = cut(CORPUS, (0, 19), (20, 40))
    shared = replace(first, copies=(CORPUS.copy(first, "b.txt"),))
    prompt = answer_prompt("Who?", [shared, second], before={second.chunk.id: first.chunk})
    assert body(prompt) == [
        "source: a.txt",
        "also in: b.txt",
        "[s1] One came.",
        "[s2] Two went.",
        "source: a.txt",
        "[s3] Three sat.",
        "[s4] Four lay.",
    ]


@given(st.permutations(range(4)), st.integers(0, 400))
def test_the_budget_cuts_by_rank_and_keys_run_on(order: list[int], more: int) -> None:
    """Whatever stands first in a document: the last of the ranking is left out, and keys are 1 to n."""
    spans = [(0, 19), (20, 40), (41, 59), (60, 83)]
    passages = cut(CORPUS, *(spans[at] for at in order))
    budget = answer_prompt("Who?", passages[:1]).tokens + more
    prompt = answer_prompt("Who?", passages, budget=budget)
    assert estimate_tokens(prompt.text) <= budget + 24  # a mark of other digits may weigh a little more
    assert [sentence.number for sentence in prompt.sentences] == list(range(1, len(prompt.sentences) + 1))
    assert [sentence.span for sentence in prompt.sentences] == sorted(each.span for each in prompt.sentences)
    assert prompt.passages == tuple(passages[: len(prompt.passages)])
    assert len(prompt.sentences) + prompt.left_out == 8

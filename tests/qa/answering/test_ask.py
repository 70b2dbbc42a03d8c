"""A question from end to end: when a model is asked for queries, what comes of them, and of failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from index.errors import InvalidAnswer, KeyRefused, ModelError, QaError, ServerBusy, SourceReplaced, TooSlow
from index.search.filters import ALL, Filters
from index.types import Hit
from qa.answering.ask import Asked, ask, will_plan
from qa.answering.generative.generate import AnswerModel
from qa.answering.retrieval import Retrieval
from qa.errors import CostLimit
from qa.models.base import Completion, Message, Stream, Tokens, Writing
from qa.models.metering import Budget
from qa.models.reader.sentence_reader import SentenceReader
from qa.types import Retract, StreamEvent, TextDelta
from tests.support.fake_encoder import WordEncoder
from tests.support.passages import Corpus, corpus_of

VAGUE = "What did the company earn?"
PLAIN = "Why was the Vasa lost in 1628?"
QUERIES = "net sales of the mill\nincome of the mill"
CITED = "It sold boards for 40 crowns [s1]."
REFUSED = "NO ANSWER: what it earned"
FOUND = corpus_of(
    "The Vasa was lost in 1628 because she carried too many cannons.", "A tale of a cat.", "Oslo is cold."
)
WIDER = Corpus(
    {
        "mill.txt": "Net sales of the mill were 40 crowns.",
        "b.txt": "A tale of a cat.",
        "c.txt": "Oslo is cold.",
    },
    {},
)


@dataclass
class Library:
    """Finds one thing for a question, and another with queries; keeps what was searched for."""

    plain: Corpus = FOUND
    wider: Corpus = WIDER
    total: int = 20
    searched: list[tuple[str, ...]] = field(default_factory=list)

    def find(
        self,
        question: str,
        *,
        k: int | None,
        filters: Filters,
        queries: tuple[str, ...] = (),
        budget: int | None = None,
    ) -> Retrieval:
        """As `IndexReader.find`."""
        self.searched.append(queries)
        found = (self.wider if queries else self.plain).retrieval()
        passages = found.passages[:k]
        if queries:
            passages = tuple(replace(each, hits=(Hit(1, each.rank),)) for each in passages)
        found = replace(found, of_passages=self.total, of_sources=self.total)
        return replace(found, passages=passages, queries=queries, seconds=0.5)


class Talker:
    """A model that goes through a script of texts and errors, and keeps what it was asked."""

    name = "gpt-4.1-mini"
    official = True
    thinking_tokens = 0

    def __init__(self, *script: str | QaError | KeyboardInterrupt) -> None:
        self.asked: list[str] = []
        self._script = list(script)

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Completion:
        """The next of the script."""
        self.asked.append("queries" if "search queries" in messages[0].text[:60] else "answer")
        step = self._script.pop(0)
        if not isinstance(step, str):
            raise step
        return Completion(step, "stop", Tokens(1000, 10), self.name)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] | None = None
    ) -> Stream:
        """The next of the script, as a stream."""
        return Stream(self._writing(self.complete(messages, max_tokens=max_tokens)), self.name)

    def _writing(self, completion: Completion) -> Writing:
        yield from map(TextDelta, completion.text)
        return completion


def asked(
    model: AnswerModel,
    question: str = VAGUE,
    *,
    library: Library | None = None,
    k: int = 3,
    shown: list[StreamEvent] | None = None,
    told: list[str] | None = None,
) -> Asked:
    """What comes of a question to that model, of which three passages are found."""
    return ask(
        question,
        library or Library(),
        k=k,
        filters=ALL,
        model=model,
        show=None if shown is None else shown.append,
        tell=None if told is None else told.append,
    )


def test_queries_are_asked_for_then_searched_for_then_answered_from() -> None:
    """Both calls are counted, both are told of, and the answer says what was searched for and read."""
    told: list[str] = []
    talker, library = Talker(QUERIES, CITED), Library()
    result = asked(AnswerModel(talker), library=library, told=told)
    assert talker.asked == ["queries", "answer"]
    assert library.searched == [(), tuple(QUERIES.split("\n"))]
    assert result.answer.queries == tuple(QUERIES.split("\n"))
    assert result.answer.passages[0].hits == (Hit(1, 1),)
    assert result.answer.read == (1, 2, 3)
    assert result.answer.citations[0].text == "Net sales of the mill were 40 crowns."
    assert result.answer.usage.prompt_tokens == 2000
    assert result.answer.usage.cost_usd == pytest.approx(2 * (1000 * 0.4e-6 + 10 * 1.6e-6))
    assert result.answer.seconds.search == pytest.approx(1.0)
    assert told == ["asking gpt-4.1-mini for search queries", "asking gpt-4.1-mini"]
    assert result.answer.notes == ()


def test_without_a_model_or_a_wish_nothing_is_planned() -> None:
    """One search, one call at most."""
    library, talker = Library(), Talker(CITED)
    assert asked(AnswerModel(talker, plan=False), library=library).answer.queries == ()
    assert (talker.asked, library.searched) == (["answer"], [()])
    plain = Library()
    assert ask(VAGUE, plain, k=3, filters=ALL).answer.mode == "extractive"
    assert plain.searched == [()]


class Replaced:
    """A text whose source was replaced before it was read."""

    def __len__(self) -> int:
        return 100

    def __getitem__(self, part: slice) -> str:
        raise SourceReplaced("a source was replaced while it was being read", "ask again")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_source_that_is_replaced_while_it_is_read_is_searched_for_again(times: int) -> None:
    """Twice; somebody who replaces it without an end is told of."""

    class Overtaken(Library):
        def find(self, question: str, **options: object) -> Retrieval:
            found = super().find(question, **options)  # type: ignore[arg-type]
            texts = dict.fromkeys(found.texts, Replaced()) if len(self.searched) <= times else found.texts
            return replace(found, texts=texts)

    library = Overtaken()
    if times == 3:
        with pytest.raises(SourceReplaced):
            ask(PLAIN, library, k=3, filters=ALL)
    else:
        assert ask(PLAIN, library, k=3, filters=ALL).answer.status == "answered"
    assert len(library.searched) == min(times + 1, 3)


def test_where_all_was_found_nothing_is_planned() -> None:
    """Three passages are all there are; not even a refusal changes that."""
    talker = Talker(REFUSED)
    result = asked(AnswerModel(talker), library=Library(total=3))
    assert (result.answer.status, talker.asked) == ("abstained", ["answer"])


def test_of_passages_that_somebody_counted_out_fewer_are_all() -> None:
    """Where nobody said how many there are, as for a retriever of LlamaIndex."""
    found = Library(total=0).find(VAGUE, k=3, filters=ALL)
    assert will_plan(VAGUE, found, 3)
    assert not will_plan(VAGUE, found, 4)


def test_where_it_is_plainly_found_nothing_is_planned() -> None:
    """Its words stand together in one sentence."""
    talker = Talker("It carried too many cannons [s1].")
    assert asked(AnswerModel(talker), PLAIN).answer.status == "answered"
    assert talker.asked == ["answer"]
    assert not will_plan(PLAIN, Library().find(PLAIN, k=3, filters=ALL), 3)
    assert will_plan(VAGUE, Library().find(VAGUE, k=3, filters=ALL), 3)
    assert not will_plan(VAGUE, replace(Library().find(VAGUE, k=3, filters=ALL), whole=True), 3)


def test_no_refusal_is_accepted_before_it_was_planned() -> None:
    """Planned then, and asked once more; all three calls are counted, and no refusal is shown."""
    shown: list[StreamEvent] = []
    talker = Talker(REFUSED, QUERIES, CITED)
    result = asked(AnswerModel(talker), PLAIN, shown=shown)
    assert talker.asked == ["answer", "queries", "answer"]
    assert result.answer.status == "answered"
    assert result.answer.usage.prompt_tokens == 3000
    assert "".join(event.text for event in shown if isinstance(event, TextDelta)).startswith("It sold boards")
    assert not any(isinstance(event, Retract) for event in shown)


def test_never_more_than_once() -> None:
    """The second refusal stands."""
    talker = Talker(REFUSED, QUERIES, REFUSED)
    result = asked(AnswerModel(talker), PLAIN)
    assert (result.answer.status, len(talker.asked)) == ("abstained", 3)
    assert result.answer.usage.prompt_tokens == 3000


def test_a_planned_refusal_stands() -> None:
    """What was planned before is not planned again."""
    talker = Talker(QUERIES, REFUSED)
    assert asked(AnswerModel(talker)).answer.status == "abstained"
    assert talker.asked == ["queries", "answer"]


def test_without_a_new_passage_nobody_is_asked_again() -> None:
    """The refusal was of the same passages; what was searched for is said."""
    talker = Talker(REFUSED, QUERIES)
    result = asked(AnswerModel(talker), PLAIN, library=Library(wider=FOUND))
    assert talker.asked == ["answer", "queries"]
    assert result.answer.queries == tuple(QUERIES.split("\n"))
    assert result.answer.usage.prompt_tokens == 2000


@pytest.mark.parametrize(
    "error", [ServerBusy("too many requests"), TooSlow("too slow"), InvalidAnswer("a web page")]
)
def test_a_plan_that_fails_ends_nothing(error: ModelError) -> None:
    """The first search is answered from, and a note says why."""
    result = asked(AnswerModel(Talker(error, CITED)))
    assert result.answer.status == "answered"
    assert result.answer.queries == ()
    (note,) = result.answer.notes
    assert error.cause in note
    assert "only the question itself was searched for" in note


def test_a_plan_that_nobody_can_read_is_no_plan() -> None:
    """A refusal to write queries: nothing to search for, and nothing to be said."""
    talker, library = Talker("I cannot help with that.", CITED), Library()
    assert asked(AnswerModel(talker), library=library).answer.status == "answered"
    assert library.searched == [()]


def test_a_server_that_cannot_be_had_is_asked_once() -> None:
    """The next call would fare no better."""
    talker = Talker(KeyRefused("the key is wrong"))
    with pytest.raises(KeyRefused):
        asked(AnswerModel(talker))
    assert talker.asked == ["queries"]


@pytest.mark.parametrize("script", [(REFUSED, TooSlow("too slow")), (REFUSED, QUERIES, TooSlow("too slow"))])
def test_a_refusal_stands_where_nobody_can_be_asked_again(script: tuple[str | QaError, ...]) -> None:
    """With a note, and with the passages that it was of."""
    result = asked(AnswerModel(Talker(*script)), PLAIN)
    assert result.answer.status == "abstained"
    assert any("too slow" in note for note in result.answer.notes)
    assert result.retrieval.texts.keys() >= {passage.source.id for passage in result.answer.passages}


def test_there_may_be_money_for_neither_call_but_no_more_is_spent() -> None:
    """The limit holds for queries too; without money for the answer it is an error."""
    talker = Talker(QUERIES, CITED)
    with pytest.raises(CostLimit):
        asked(AnswerModel(talker, budget=Budget(0.0001)))
    assert talker.asked == []


def test_a_person_who_stops_it_while_it_is_planned_stops_it() -> None:
    """^C before anything was written: there is no answer."""
    with pytest.raises(KeyboardInterrupt):
        asked(AnswerModel(Talker(KeyboardInterrupt(), CITED)), shown=[])


def test_the_small_reader_helps_to_check_what_a_model_says() -> None:
    """It is asked how close the claim is to what it cites."""
    encoder = WordEncoder()
    claim = "It is said that the sawyers sold timber at a price of crowns"
    result = ask(
        VAGUE,
        Library(),
        k=3,
        filters=ALL,
        model=AnswerModel(Talker(QUERIES, f"{claim} [s1].")),
        reader=SentenceReader(encoder),
    )
    assert result.answer.claims[0].citations
    assert any(claim in text for texts in encoder.asked for text in texts)

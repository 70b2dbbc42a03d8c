"""A model's answer: every citation a slice, every way of being less than whole said, nothing lost."""

from __future__ import annotations

import io
import json
import threading

import pytest
from hypothesis import given, strategies as st

from index.errors import ContextTooLong, ModelDeclined, NoConnection, SettingsError
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from index.types import Span
from prompts import load
from qa.answering.generative.generate import AnswerModel, answer_room, generate, prompt_budget
from qa.answering.generative.prompt import answer_prompt
from qa.checking.verify import Check
from qa.errors import CostLimit
from qa.models.base import Completion, Writing
from qa.models.metering import Budget
from qa.models.openai import OpenAIModel
from qa.models.reasoning import final_text
from qa.output.answers.streaming import LiveText
from qa.output.console import Console
from qa.types import ABSTENTION, Answer, Retract, StreamEvent, TextDelta, Usage
from tests.support.fake_models import ScriptedModel
from tests.support.fake_server import (
    CANARY,
    Exchange,
    FakeServer,
    Step,
    answer,
    chunk,
    completion,
    error,
    events,
    raw,
    reset,
    status,
)
from tests.support.passages import corpus_of
from tests.support.timeouts import PATIENCE

CORPUS = corpus_of(
    "The Vasa was lost in 1628. She carried too many cannons. Nobody was punished.",
    "The Vasa was raised in 1961.\nShe lies in Stockholm.",
    dates={"b.txt": "1990-05-01"},
)
QUESTION = "Why was the Vasa lost?"
GOOD = (
    "The Vasa was lost in 1628 [s1] because she carried too many cannons [s2]. She was raised in 1961 [s4]."
)


def ask(
    *steps: Step, stream: bool = False, check: Check = "rules", shown: list[StreamEvent] | None = None
) -> tuple[Answer, FakeServer]:
    """The answer of a server that goes through these steps."""
    with FakeServer(*steps) as server:
        llm = OpenAIModel("wise-1", Address(url=server.url, key=CANARY), RetryPolicy(seconds=5, pause=0.01))
        streamed = [] if shown is None else shown
        show = streamed.append if stream else None
        result = generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm, check=check), show=show)
    return result, server


def scripted(text: str, *more: str, check: Check = "rules", question: str = QUESTION) -> Answer:
    """The answer of a model that says this."""
    model = AnswerModel(ScriptedModel(text, *more), check=check)
    return generate(question, CORPUS.retrieval(), model)


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_cites_slices_of_its_sources(stream: bool) -> None:
    """Through the real client: text with numbers, claims, citations, usage, and who answered."""
    shown: list[StreamEvent] = []
    result, server = ask(answer(*GOOD.split(" s")), stream=stream, shown=shown)
    if stream:
        assert final_text(shown) == result.text
    assert (result.status, result.mode, result.model) == ("answered", "llm", "fake-1")
    for citation in result.citations:
        assert citation.text == citation.span.of(CORPUS.texts[citation.source])
    assert result.usage == Usage(11, 7, None)
    assert result.prompt_sha256 == load("answer").sha256
    assert result.passages == CORPUS.passages()
    assert result.notes == ()
    assert server.requests[0].body["stream"] is True  # shown or not


@pytest.mark.parametrize(
    ("begun", "shown"),
    [
        ("The Vasa was lost in 1628 [s1]. She ", "The Vasa was lost in 1628 [1]."),
        (
            "In 1628 the Vasa was lost on her way out of the harbour because ",
            "In 1628 the Vasa was lost on her way out of the harbour because",
        ),
        ("<think>The year is in [s1].</think>\n- Lost in 1628 [s1]\n- raised ", "- Lost in 1628 [1]\n-"),
    ],
    ids=["a sentence", "a long beginning of one", "after a thought"],
)
def test_words_are_printed_before_more_is_sent(begun: str, shown: str) -> None:
    """Of a server that writes no further until it sees them on the screen; all but a word that may go on."""
    printed = threading.Event()
    seen: list[bool] = []

    class Screen(io.StringIO):
        def flush(self) -> None:
            if shown in self.getvalue():
                printed.set()

    def step(exchange: Exchange) -> None:
        exchange.head(kind="text/event-stream")
        exchange.event(chunk(begun))
        seen.append(printed.wait(PATIENCE))
        exchange.event(chunk("carried too many cannons [s2].", "stop"))
        exchange.event(b"[DONE]")

    with FakeServer(step) as server, LiveText(Console(Screen(), Screen())) as live:
        llm = OpenAIModel("wise-1", Address(url=server.url))
        result = generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm), show=live)
    assert seen == [True]
    assert result.status == "answered"


@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_thinks_aloud_is_cited_for_its_answer_only(stream: bool) -> None:
    """Keys within its thoughts count for nothing, also where only the end of these is marked."""
    shown: list[StreamEvent] = []
    for thought in ("<think>\nIs it [s3] or [s2]?\n</think>\n\n", "Is it [s3] or [s2]?\n</think>\n\n"):
        shown.clear()
        result, _ = ask(answer(*(thought + GOOD)), stream=stream, shown=shown)
        assert [claim.text for claim in result.claims] == [claim.text for claim in scripted(GOOD).claims]
        assert [one.text for one in result.citations] == [one.text for one in scripted(GOOD).citations]
        assert final_text(shown) == (result.text if stream else "")
        assert shown.count(Retract()) == (stream and not thought.startswith("<think>"))


def test_claims_know_their_citations() -> None:
    """A worked example: two sentences, three keys, two sources."""
    result = scripted(GOOD)
    assert result.text == GOOD.replace("[s1]", "[1]").replace("[s2]", "[2]").replace("[s4]", "[3]")
    assert [(claim.citations, claim.support) for claim in result.claims] == [
        ((1, 2), "supported"),
        ((3,), "supported"),
    ]
    assert [(one.source, one.span) for one in result.citations][2] == ("b.txt", Span(0, 28))


def test_an_unknown_key_is_shown() -> None:
    """Nothing that the model named is quietly dropped."""
    result = scripted("The Vasa was lost in 1628 [s99].")
    assert result.text == "The Vasa was lost in 1628 [s99?]."
    assert result.claims[0].support == "rejected"
    assert result.claims[0].rejected[0].key == "s99"
    assert result.citations == ()


@pytest.mark.parametrize("stream", [False, True])
def test_an_abstention_has_passages_and_no_sources(stream: bool) -> None:
    """What is missing is told; nothing of the sentinel is shown."""
    shown: list[StreamEvent] = []
    result, _ = ask(answer("NO ANS", "WER: who built", " the ship"), stream=stream, shown=shown)
    assert (result.status, result.text, result.missing) == ("abstained", ABSTENTION, "who built the ship")
    assert (result.claims, result.citations) == ((), ())
    assert result.passages == CORPUS.passages()
    assert shown == []


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_in_plain_words_is_an_abstention(stream: bool) -> None:
    """Nothing of it is shown, and what is missing is taken from its words."""
    shown: list[StreamEvent] = []
    said = "Unfortunately, the passages do not say ", "who built the ship", ". They only tell when it sank."
    result, _ = ask(answer(*said), stream=stream, shown=shown)
    assert (result.status, result.text, result.missing) == ("abstained", ABSTENTION, "who built the ship")
    assert (result.claims, result.citations, shown) == ((), (), [])


def test_a_refusal_that_is_known_late_is_taken_back() -> None:
    """What is too long to be held back is shown, and retracted."""
    shown: list[StreamEvent] = []
    result, _ = ask(
        answer("The name of the builder of the great ship ", "that was raised from the bottom of the bay ",
               "after many years of looking for her in ", "vain ", "is not mentioned in the passages."),
        stream=True, shown=shown,
    )  # fmt: skip
    assert result.status == "abstained"
    assert shown[-1] == Retract()
    assert final_text(shown) == ""


@pytest.mark.parametrize("stream", [False, True])
def test_the_nearest_fact_is_no_answer(stream: bool) -> None:
    """It has citations of its own, which are slices; the answer has none."""
    shown: list[StreamEvent] = []
    said = "NO ANSWER: who built her\nNEA", "REST: She carried too many cannons [s", "2]."
    result, _ = ask(answer(*said), stream=stream, shown=shown)
    assert (result.status, result.missing) == ("abstained", "who built her")
    assert (result.claims, result.citations, shown) == ((), (), [])
    assert result.nearest is not None
    assert result.nearest.text == "She carried too many cannons [1]."
    assert [one.text for one in result.nearest.citations] == ["She carried too many cannons."]


def test_a_partial_answer_says_what_is_missing() -> None:
    """By the model's own account."""
    result = scripted("The Vasa was lost in 1628 [s1].\nMISSING: the reason")
    assert (result.status, result.missing) == ("partial", "the reason")


def test_a_claim_that_is_not_borne_out_is_suspect() -> None:
    """With the reason, and with its citation."""
    result = scripted("The Vasa was lost in 1629 [s1]. Nobody was punished [s3].")
    assert [claim.support for claim in result.claims] == ["suspect", "supported"]
    assert "1629" in result.claims[0].reasons[0]
    assert result.claims[0].citations == (1,)


def test_the_date_and_name_of_a_source_are_known() -> None:
    """A claim may say when its source is from."""
    result = scripted("A note of 1 May 1990 says that she lies in Stockholm [s5].")
    assert result.claims[0].reasons == ()


def test_checking_can_be_left_out() -> None:
    """Then a citation is all that counts."""
    assert scripted("The Vasa was lost in 1629 [s1].", check="none").claims[0].support == "supported"


def test_a_judge_doubts_and_clears() -> None:
    """One verdict for each cited claim: no, none that can be read, and yes against a doubt of the rules."""
    text = "The Vasa sank [s1]. She was loved [s2]. It was 1629 [s1]. Who knows?"
    result = scripted(text, "1: NO: it says lost\n2: perhaps\n3: YES", check="llm")
    assert [claim.support for claim in result.claims] == ["suspect", "supported", "supported", "uncited"]
    assert result.claims[0].reasons == ("the judge finds it not supported: it says lost",)
    assert result.claims[2].reasons == ()
    assert result.notes == ("not judged: 1 of 3 claims, the judge's answer being unreadable",)
    assert result.usage == Usage(200, 20, None)


def test_a_judge_that_cannot_be_asked_costs_no_answer() -> None:
    """The answer stays as it is, and says so."""
    result, _ = ask(answer(GOOD), error(401, "no"), check="llm")
    assert result.status == "answered"
    assert result.notes[0].startswith("the judge could not be asked: ")
    assert CANARY not in str(result)


@given(st.lists(st.integers(0, len(GOOD)), max_size=8).map(sorted))
def test_streamed_or_whole_it_is_the_same_answer(cuts: list[int]) -> None:
    """However the text is cut into pieces, what is shown is the answer's text."""
    shown: list[StreamEvent] = []
    whole = scripted(GOOD)
    streamed = generate(QUESTION, CORPUS.retrieval(), AnswerModel(ScriptedModel(GOOD)), show=shown.append)
    assert streamed == whole
    assert final_text(shown) == whole.text


def test_pieces_of_any_size_make_the_same_answer() -> None:
    """Over the wire: the same events cut at every third character."""
    pieces = [GOOD[at : at + 3] for at in range(0, len(GOOD), 3)]
    whole, _ = ask(answer(GOOD))
    streamed, _ = ask(answer(*pieces), stream=True)
    assert streamed == whole


LOST = (chunk("The Vasa was lost in 1628 [s1]. She was rai"), chunk("sed [s4"))


@pytest.mark.parametrize(
    ("step", "stream", "why"),
    [
        (events(*LOST), True, "cut off: 127.0.0.1"),
        (events(*LOST, then=reset()), True, "cut off: "),
        (events(*LOST, chunk(finish="length")), True, "cut off: longer than the 2,000 tokens it was given"),
        (events(*LOST, chunk(finish="content_filter")), True, "cut off by the provider's filter"),
        (
            answer("The Vasa was lost in 1628 [s1]. She was raised [s4", finish="length"),
            False,
            "cut off: longer",
        ),
    ],
    ids=["dropped", "reset", "length", "filter", "whole"],
)
def test_an_answer_that_is_cut_off_is_partial(step: Step, stream: bool, why: str) -> None:
    """What came stays, marked; half a key is none, and the unfinished claim cites nothing."""
    result, server = ask(step, stream=stream)
    assert result.status == "partial"
    assert result.notes[0].startswith(why)
    assert result.text == "The Vasa was lost in 1628 [1]. She was raised"
    assert [(claim.support, claim.citations) for claim in result.claims] == [
        ("supported", (1,)),
        ("uncited", ()),
    ]
    assert result.claims[1].reasons == ("the answer was cut off here",)
    assert len(server.requests) == 1


def test_nothing_but_the_beginning_of_the_sentinel_is_no_answer() -> None:
    """Then the failure is told."""
    with pytest.raises(NoConnection):
        ask(events(chunk("NO ANS"), then=reset()), stream=True)
    with pytest.raises(ModelDeclined, match="longer than"):
        ask(answer("NO ANS", finish="length"))


def test_an_interrupted_answer_is_kept() -> None:
    """^C after the first words: they are the answer, marked as partial; the line is hung up."""
    shown: list[StreamEvent] = []

    def stop(event: StreamEvent) -> None:
        shown.append(event)
        if isinstance(event, TextDelta) and final_text(shown) == "The Vasa was lost in 1628 [1] because":
            raise KeyboardInterrupt

    model = AnswerModel(ScriptedModel(GOOD))
    result = generate(QUESTION, CORPUS.retrieval(), model, show=stop)
    assert (result.status, result.stopped, result.notes) == ("partial", True, ())
    assert result.text == "The Vasa was lost in 1628 because"
    assert result.usage == Usage(None, None, None)


class Interrupted(ScriptedModel):
    """A model at the end of whose text somebody presses ^C."""

    def _writing(self, completion: Completion) -> Writing:
        yield TextDelta(completion.text)
        raise KeyboardInterrupt


def test_an_interrupt_before_the_first_word_is_one() -> None:
    """There is nothing to keep."""
    shown: list[StreamEvent] = []
    with pytest.raises(KeyboardInterrupt):
        generate(QUESTION, CORPUS.retrieval(), AnswerModel(Interrupted(" ")), show=shown.append)
    assert final_text(shown).strip() == ""


def test_a_prompt_that_does_not_fit_is_asked_again_with_less() -> None:
    """Once, with a note; then it is an error."""
    full = error(400, "the prompt is too long", "context_length_exceeded")
    result, server = ask(full, answer("The Vasa was lost in 1628 [s1]."))
    first, second = (str(request.body["messages"]) for request in server.requests)
    assert len(second) < len(first)
    assert result.status == "answered"
    assert result.notes[0].startswith("the model had no room for ")
    with pytest.raises((ContextTooLong, SettingsError)):
        ask(full, full)


def test_a_small_window_has_room_for_passages() -> None:
    """Of 4,096 tokens an answer may have a quarter, and no more is asked for."""
    assert (prompt_budget(4_096), answer_room(4_096)) == (3_072, 1_024)
    assert (prompt_budget(1_000_000), answer_room(1_000_000)) == (14_000, 2_000)
    full = error(400, "maximum context length is 4096 tokens", "context_length_exceeded")
    _, server = ask(full, answer("The Vasa was lost in 1628 [s1]."))
    first, second = (request.body for request in server.requests)
    asked = [body.get("max_completion_tokens", body.get("max_tokens")) for body in (first, second)]
    assert int(str(asked[1])) < int(str(asked[0]))


def test_passages_that_the_prompt_has_no_room_for_are_said() -> None:
    """The budget is the user's; what it leaves out is no secret, and is still listed as found."""
    room = answer_prompt(QUESTION, CORPUS.passages()[:1]).tokens
    llm = ScriptedModel("The Vasa was lost in 1628 [s1].")
    result = generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm, prompt_tokens=room))
    assert result.notes == ("the prompt has no room for 1 of 2 passages that were found",)
    assert "Stockholm" not in llm.prompts[0]
    assert result.passages == CORPUS.passages()


def test_a_refusal_is_an_error() -> None:
    """Its words are the cause."""
    refused = raw(json.dumps(completion(None, refusal="I will not.")).encode())
    with pytest.raises(ModelDeclined, match="I will not"):
        ask(refused)


def test_what_passes_is_not_seen() -> None:
    """One 500, then the answer."""
    result, server = ask(status(500), answer(GOOD))
    assert result.status == "answered"
    assert len(server.requests) == 2


def test_a_limit_is_kept_before_anything_is_sent() -> None:
    """A call that could cost more than is left is not made; without a known price no limit can be kept."""
    llm = ScriptedModel(GOOD, name="gpt-4.1", official=True)
    budget = Budget(1.0)
    result = generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm, budget=budget))
    assert result.usage.cost_usd == pytest.approx(100 * 2e-6 + 10 * 8e-6)
    assert budget.spent == pytest.approx(result.usage.cost_usd)
    assert budget.put_aside == pytest.approx(0)
    with pytest.raises(CostLimit, match="may cost up to"):
        generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm, budget=Budget(0.001)))
    with pytest.raises(SettingsError, match="no price is known for local"):
        generate(
            QUESTION,
            CORPUS.retrieval(),
            AnswerModel(ScriptedModel(GOOD, name="local"), budget=Budget(9)),
        )
    assert len(llm.prompts) == 1


@given(st.text(max_size=80), st.integers(0, 3))
def test_whatever_a_model_writes_is_an_answer(written: str, end: int) -> None:
    """No text and no end of it breaks anything; citations are slices, always."""
    finishes = ("stop", "length", "filtered", "cut")
    llm = ScriptedModel(f"{written} [s1] {written} [s2", finish=finishes[end])  # type: ignore[arg-type]  # one of them
    result = generate(QUESTION, CORPUS.retrieval(), AnswerModel(llm))
    assert (result.status == "answered") <= (end == 0)
    for citation in result.citations:
        assert citation.text == citation.span.of(CORPUS.texts[citation.source])

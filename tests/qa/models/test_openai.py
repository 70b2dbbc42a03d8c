"""A model's answer is whole or says that it is not; a failure is one error after three requests at most."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from index.errors import (
    AnswerTooLarge,
    ContextTooLong,
    InvalidAnswer,
    KeyRefused,
    ModelDeclined,
    ModelError,
    NoConnection,
    OutOfTokens,
    QuotaSpent,
    RequestRefused,
    ServerBusy,
    TooSlow,
)
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from qa.models import response
from qa.models.base import Completion, Message, Stream, Tokens, Writing, until_stop
from qa.models.openai import THINKING_TOKENS, OpenAIModel
from qa.models.reasoning import final_text
from qa.types import TextDelta
from tests.support.fake_server import (
    CANARY,
    MODEL,
    USAGE,
    WORDS,
    FakeServer,
    Step,
    answer,
    chunk,
    completion,
    cut_body,
    error,
    events,
    pings,
    raw,
    reset,
    silence,
    status,
    trickle,
)
from tests.support.timeouts import FOREVER, PATIENCE

MESSAGES = (Message("system", "Be brief."), Message("user", "Why was the summit cancelled?"))
TEXT = "".join(WORDS)
SHORT = 0.3  # seconds, for what would take for ever
DONE = b"[DONE]"


def model(server: FakeServer, seconds: float = PATIENCE, *, streams: bool = True) -> OpenAIModel:
    policy = RetryPolicy(seconds=seconds, pause=0.01)
    made = OpenAIModel("wise-1", Address(url=server.url, key=CANARY), policy, streams=streams)
    made.warm_up()  # so that short clocks count no imports
    return made


def ask(
    server: FakeServer, *, stream: bool, seconds: float = PATIENCE, stop: Sequence[str] = ()
) -> Completion:
    if not stream:
        return model(server, seconds, streams=False).complete(MESSAGES, max_tokens=100, stop=stop)
    with model(server, seconds).stream(MESSAGES, max_tokens=100, stop=stop) as written:
        streamed = list(written)
    assert TextDelta("") not in streamed
    assert final_text(streamed) == written.completion.text
    return written.completion


def whole(**fields: object) -> Step:
    """A completion that is not streamed, with other fields than the ordinary ones."""
    return raw(json.dumps({**completion("x"), **fields}).encode())


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer(stream: bool) -> None:
    """Text, end, usage and the name of who answered; what was sent is what was asked for."""
    with FakeServer() as server:
        result = ask(server, stream=stream)
        body = server.requests[0].body
    assert result == Completion(TEXT, "stop", Tokens(11, 7), MODEL)
    assert result.whole
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why was the summit cancelled?"},
    ]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("wise-1", 0, 100)
    assert body.get("stream", False) is stream


def test_nothing_is_sent_before_the_first_piece_is_asked_for() -> None:
    """A stream that nobody reads costs nothing."""
    with FakeServer() as server:
        with model(server).stream(MESSAGES, max_tokens=9) as written:
            pass
        assert server.requests == []
        assert written.completion == Completion("", "cut", None, "wise-1")


GIVEN_UP: dict[str, tuple[Step, type[ModelError], int]] = {
    "401": (error(401, f"bad key {CANARY}"), KeyRefused, 1),
    "429 quota": (error(429, "over", "insufficient_quota"), QuotaSpent, 1),
    "429": (status(429), ServerBusy, 3),
    "429 with a long wait": (status(429, Retry_After="300"), ServerBusy, 1),
    "500": (status(500), ServerBusy, 3),
    "502": (status(502, b"<html>", kind="text/html"), ServerBusy, 3),
    "503": (status(503), ServerBusy, 3),
    "529": (status(529), ServerBusy, 3),
    "reset": (reset(), NoConnection, 3),
    "body cut off": (cut_body(), NoConnection, 3),
    "400": (error(400, "no such thing"), RequestRefused, 1),
    "context": (error(400, "too long", "context_length_exceeded"), ContextTooLong, 1),
    "no answer": (silence(), TooSlow, 1),
    "trickle": (trickle(), TooSlow, 1),
    "bad JSON": (raw(b"{"), InvalidAnswer, 2),
    "a web page": (raw(b"<html>", "text/html"), InvalidAnswer, 2),
    "no choices": (raw(b"{}"), InvalidAnswer, 2),
    "empty choices": (whole(choices=[]), InvalidAnswer, 2),
    "null choices": (whole(choices=None), InvalidAnswer, 2),
    "choices of another kind": (whole(choices=["x"]), InvalidAnswer, 2),
    "null content": (raw(json.dumps(completion(None)).encode()), ModelDeclined, 1),
    "blank content": (raw(json.dumps(completion(" \n")).encode()), ModelDeclined, 1),
    "refusal": (raw(json.dumps(completion(None, refusal="I can't help.")).encode()), ModelDeclined, 1),
    "filter": (raw(json.dumps(completion(None, "content_filter")).encode()), ModelDeclined, 1),
    "length before a word": (raw(json.dumps(completion("", "length")).encode()), OutOfTokens, 2),
    "no end of thinking": (raw(json.dumps(completion("<think> Hm.")).encode()), ModelDeclined, 1),
    "no time to end thinking": (raw(json.dumps(completion("<think>", "length")).encode()), OutOfTokens, 2),
    "2 million characters": (raw(json.dumps(completion("x" * 2_000_000)).encode()), AnswerTooLarge, 1),
}  # fmt: skip
GIVEN_UP_STREAM: dict[str, tuple[Step, type[ModelError], int]] = {
    "429": (status(429), ServerBusy, 3),
    "endless pings": (pings(), TooSlow, 1),
    "reset at once": (reset(), NoConnection, 3),
    "no event": (events(), InvalidAnswer, 2),
    "only the end": (events(DONE), InvalidAnswer, 2),
    "a role and no more": (events(chunk("")), NoConnection, 3),
    "error event before a word": (events(chunk(""), {"error": {"message": "boom"}}), ServerBusy, 3),
    "bad JSON before a word": (events(b"{"), InvalidAnswer, 2),
    "not a word": (events(chunk(""), chunk(finish="stop"), DONE), ModelDeclined, 1),
    "cut while thinking": (events(chunk("<think>Hm"), chunk("</th")), NoConnection, 3),
    "only thoughts": (events(chunk("Hm\n</think>\n"), chunk(finish="stop"), DONE), ModelDeclined, 1),
    "only white space": (events(chunk("\n "), chunk(finish="stop"), DONE), ModelDeclined, 1),
    "filter": (events(chunk(""), chunk(finish="content_filter"), DONE), ModelDeclined, 1),
}
FAILING = [(f"whole: {name}", False, *case) for name, case in GIVEN_UP.items()] + [
    (f"stream: {name}", True, *case) for name, case in GIVEN_UP_STREAM.items()
]


@pytest.mark.parametrize(
    ("stream", "step", "kind", "requests"), [case[1:] for case in FAILING], ids=[case[0] for case in FAILING]
)
def test_a_call_that_fails_is_one_error_after_few_requests(
    stream: bool, step: Step, kind: type[ModelError], requests: int
) -> None:
    """At most three requests, two for an answer that is none, one where asking again changes nothing."""
    slow = kind is TooSlow
    with FakeServer(always=step) as server:
        began = time.monotonic()
        with pytest.raises(ModelError) as caught:
            ask(server, stream=stream, seconds=SHORT if slow else PATIENCE)
        assert time.monotonic() - began < PATIENCE
        assert len(server.requests) == requests
    assert type(caught.value) is kind
    assert caught.value.cause.isprintable()
    assert caught.value.hint
    assert CANARY not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (completion(None, refusal="I can't\x1b[2J help."), "declined: I can't [2J help."),
        (completion(None, "content_filter"), "filter"),
        (completion("", "length"), "all the tokens"),
        (completion(None, "tool_calls", tool_calls=[{}]), "tool"),
        (completion(None), "empty"),
        (completion("<think>Well"), "still thinking"),
    ],
)
def test_a_model_that_declines_says_why(body: dict[str, object], words: str) -> None:
    """A refusal in its own words, on one line."""
    with FakeServer(always=raw(json.dumps(body).encode())) as server, pytest.raises(ModelDeclined) as caught:
        ask(server, stream=False)
    assert words in caught.value.cause


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "steps",
    [
        [status(429, Retry_After="0.05")],
        [status(500), status(503)],
        [reset()],
        [raw(b"<html>")],
        [cut_body()],
    ],
    ids=["429", "500 and 503", "reset", "web page", "cut"],
)
def test_what_passes_is_not_seen(stream: bool, steps: list[Step]) -> None:
    """The answer comes all the same, after as many requests as it took."""
    with FakeServer(*steps) as server:
        assert ask(server, stream=stream).text == TEXT
        assert len(server.requests) == len(steps) + 1


CUT: dict[str, tuple[Step, type[ModelError]]] = {
    "end without a finish": (events(*map(chunk, WORDS)), NoConnection),
    "reset": (events(*map(chunk, WORDS), then=reset()), NoConnection),
    "silence": (events(*map(chunk, WORDS), then=silence()), TooSlow),
    "error event": (events(*map(chunk, WORDS), {"error": {"message": "boom", "code": 500}}), ServerBusy),
    "bad JSON": (events(*map(chunk, WORDS), b"{"), InvalidAnswer),
    "too long": (events(*map(chunk, WORDS), chunk("x" * 1_000_000)), AnswerTooLarge),
}


@pytest.mark.parametrize(("step", "kind"), CUT.values(), ids=list(CUT))
def test_a_stream_that_is_cut_keeps_its_text_and_says_so(step: Step, kind: type[ModelError]) -> None:
    """What was shown stays, marked; nothing is asked again."""
    with FakeServer(step) as server:
        result = ask(
            server, stream=True, seconds=2.0 if kind is TooSlow else PATIENCE
        )  # the text comes at once
        assert len(server.requests) == 1
    assert (result.text, result.finish, result.whole) == (TEXT, "cut", False)
    assert type(result.failure) is kind


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("length", "length"),
        ("content_filter", "filtered"),
        ("stop", "stop"),
        ("eos", "stop"),
        ("MAX_TOKENS", "length"),
    ],
)
def test_how_an_answer_ended_is_told(stream: bool, reason: str, finish: str) -> None:
    """Cut at the limit and stopped by a filter are not whole answers."""
    with FakeServer(answer(*WORDS, finish=reason)) as server:
        result = ask(server, stream=stream)
    assert (result.text, result.finish) == (TEXT, finish)
    assert result.whole is (finish == "stop")


def test_the_usage_may_be_missing_after_a_whole_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """All has been said: a server that is silent or breaks afterwards takes nothing away."""
    monkeypatch.setattr(response, "GRACE", 0.1)
    for then in (reset(), silence()):
        with FakeServer(events(chunk(TEXT), chunk(finish="stop"), then=then)) as server:
            began = time.monotonic()
            result = ask(server, stream=True, seconds=FOREVER)
            assert result == Completion(TEXT, "stop", None, MODEL)
            assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": "11", "completion_tokens": 7}, {"prompt_tokens": -1}, [], True]
)
def test_a_usage_that_is_no_count_is_unknown(usage: object) -> None:
    """Never invented, and never an error."""
    with FakeServer(whole(usage=usage)) as server:
        assert ask(server, stream=False).usage is None


def test_cached_tokens_are_counted_apart() -> None:
    """They cost less."""
    with FakeServer(whole(usage={**USAGE, "prompt_tokens_details": {"cached_tokens": 8}})) as server:
        assert ask(server, stream=False).usage == Tokens(11, 7, 8)


def test_content_in_parts_is_text() -> None:
    """Some servers send a list."""
    parts = [{"type": "text", "text": "a"}, {"type": "thinking"}, {"type": "text", "text": "b"}]
    choice = {"message": {"content": parts}, "finish_reason": "stop"}
    with FakeServer(whole(choices=[choice])) as server:
        assert ask(server, stream=False).text == "ab"


@pytest.mark.parametrize("stream", [False, True])
def test_a_model_that_only_thought_is_given_tokens_for_that(stream: bool) -> None:
    """What a small server counts as the answer are thoughts first; the second call knows it."""
    with FakeServer(answer("", finish="length")) as server:
        one = model(server)
        for _ in range(2):
            with one.stream(MESSAGES, max_tokens=100) as written:
                list(written)
            assert (written.completion if stream else one.complete(MESSAGES, max_tokens=100)).text == TEXT
        limits = [request.body["max_tokens"] for request in server.requests]
    assert limits[0] == 100
    assert set(limits[1:]) == {100 + THINKING_TOKENS}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("thought", ["<think>\nThe user asks [s3].\n</think>\n\n", "Okay.\n</think>\n\n"])
def test_thoughts_are_no_part_of_an_answer(stream: bool, thought: str) -> None:
    """Servers that do not know a model's thoughts give them with the text, with and without a beginning."""
    with FakeServer(answer(*thought, *WORDS)) as server:
        made = model(server)
        with made.stream(MESSAGES, max_tokens=100) as written:
            streamed = list(written)
        result = written.completion if stream else made.complete(MESSAGES, max_tokens=100)
    assert (result.text, result.finish) == (TEXT, "stop")
    assert final_text(streamed) == TEXT


def refusing(
    *names: str, words: str = "Unsupported parameter: '{}' is not supported with this model."
) -> Step:
    """A server that refuses a request with any of these options, naming one, as OpenAI does."""

    def step(exchange: object) -> None:
        body = exchange.request_seen.body  # type: ignore[attr-defined]  # an Exchange
        refused = next((name for name in names if name in body), None)
        (answer() if refused is None else error(400, words.format(refused)))(exchange)  # type: ignore[arg-type]

    return step


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("names", "requests"), [(["temperature"], 2), (["max_tokens"], 2), (["stop", "temperature"], 3)]
)
def test_an_option_that_is_refused_is_left_out_from_then_on(
    stream: bool, names: list[str], requests: int
) -> None:
    """Reasoning models take no temperature; the second call knows it."""
    with FakeServer(always=refusing(*names)) as server:
        asked = model(server)
        for _ in range(2):
            if stream:
                assert final_text(asked.stream(MESSAGES, max_tokens=5, stop=["END"])) == TEXT
            else:
                assert asked.complete(MESSAGES, max_tokens=5, stop=["END"]).text == TEXT
        assert len(server.requests) == requests + 1
        last = server.requests[-1].body
    assert not set(names) & set(last)
    if "max_tokens" in names:
        assert last["max_completion_tokens"] == 5 + THINKING_TOKENS


def test_a_server_that_refuses_the_usage_of_a_stream_is_asked_without() -> None:
    """One more request; the usage is unknown."""
    strict = refusing("stream_options", words="Extra inputs are not permitted")
    with FakeServer(strict, strict) as server:
        result = ask(server, stream=True)
        assert len(server.requests) == 2
    assert (result.text, result.usage) == (TEXT, None)


def test_a_server_that_refuses_everything_is_asked_three_times() -> None:
    """And no more."""
    with FakeServer(always=error(400, "temperature and stop are unsupported")) as server:
        with pytest.raises(RequestRefused):
            ask(server, stream=False, stop=["END"])
        assert len(server.requests) <= 3


@pytest.mark.parametrize("stream", [False, True])
def test_a_stop_string_ends_the_answer_though_the_server_ignores_it(stream: bool) -> None:
    """It is not part of the text, and the answer is whole."""
    with FakeServer(answer("a b", " EN", "D c", " d")) as server:
        result = ask(server, stream=stream, stop=["END"])
    assert (result.text, result.finish) == ("a b ", "stop")


def test_leaving_a_stream_hangs_up_and_keeps_what_came() -> None:
    """What ^C does."""
    with FakeServer(events(chunk("The "), chunk("summit"), then=silence())) as server:
        with model(server).stream(MESSAGES, max_tokens=9) as written:
            for event in written:
                if event == TextDelta("summit"):
                    break
        assert server.hung_up.wait(PATIENCE)
        assert written.completion == Completion("The summit", "cut", None, "wise-1")


def test_an_interrupt_inside_a_stream_goes_through_and_leaves_it_cut() -> None:
    """Whatever ends the writing, the completion tells what had come."""

    def writing() -> Writing:
        yield TextDelta("The")
        raise KeyboardInterrupt

    written = Stream(writing(), "m")
    with pytest.raises(KeyboardInterrupt):
        list(written)
    assert written.completion.text == "The"
    assert list(written) == []


@given(
    st.text("abX", max_size=30),
    st.lists(st.text("abX", min_size=1, max_size=3), max_size=3),
    st.lists(st.integers(0, 30)),
)
def test_stopping_is_the_same_however_the_text_is_cut(text: str, stop: list[str], cuts: list[int]) -> None:
    """The oracle looks for the first stop string in the whole text."""
    places = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    parts = [text[start:end] for start, end in pairwise(places)]
    ends = [at for word in stop if (at := text.find(word)) >= 0]

    def collected() -> Iterator[str]:
        stopped = yield from until_stop(iter(parts), stop)
        assert stopped is bool(ends)

    pieces = list(collected())
    assert "".join(pieces) == (text[: min(ends)] if ends else text)
    assert all(pieces)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_an_answer_in_the_place_of_thoughts_is_told_as_such(stream: bool, name: str) -> None:
    """How many words, under which name, and what to set; the model has not declined."""
    step = (
        events(
            {"choices": [{"delta": {name: "The quay was "}}]},
            {"choices": [{"delta": {name: "unsafe."}, "finish_reason": "stop"}]},
        )
        if stream
        else raw(json.dumps(completion(None, **{name: "The quay was unsafe."})).encode())
    )
    with FakeServer(step) as server, pytest.raises(ModelDeclined) as caught:
        ask(server, stream=stream)
    assert f"all 4 words into its reasoning ({name})" in caught.value.cause
    assert "reasoning parser" in caught.value.hint


def test_thoughts_beside_an_answer_or_a_refusal_are_nothing_to_tell() -> None:
    """What matters is told."""
    with FakeServer(raw(json.dumps(completion("Yes.", reasoning_content="Hm.")).encode())) as server:
        assert ask(server, stream=False).text == "Yes."
    refused = completion(None, reasoning_content="Hm.", refusal="I will not.")
    declined = pytest.raises(ModelDeclined, match="I will not")
    with FakeServer(raw(json.dumps(refused).encode())) as server, declined:
        ask(server, stream=False)

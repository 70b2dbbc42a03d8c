"""Nothing of a streamed answer is lost, however a server writes its events; a cut is said."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from index.errors import ModelError, NoConnection, ServerBusy, TooSlow
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from qa.models.base import Completion, Message, Tokens
from qa.models.openai import OpenAIModel
from qa.models.response import beyond
from tests.support.fake_server import (
    MODEL,
    USAGE,
    WORDS,
    Exchange,
    FakeServer,
    Step,
    answer,
    chunk,
    completion,
    error,
    reset,
    silence,
)
from tests.support.timeouts import PATIENCE

MESSAGES = (Message("system", "Be brief."), Message("user", "Why?"))
TEXT = "".join(WORDS)
DONE = b"data: [DONE]\n\n"
MARK = b"\xef\xbb\xbf"


def model(server: FakeServer, seconds: float = PATIENCE, *, streams: bool = True) -> OpenAIModel:
    policy = RetryPolicy(seconds=seconds, pause=0.01)
    made = OpenAIModel("wise-1", Address(url=server.url), policy, streams=streams)
    made.warm_up()
    return made


def ask(step: Step, *, stream: bool = True, seconds: float = PATIENCE) -> Completion:
    with FakeServer(step) as server:
        if not stream:
            return model(server, seconds).complete(MESSAGES, max_tokens=100)
        with model(server, seconds).stream(MESSAGES, max_tokens=100) as written:
            for _ in written:
                pass
        assert len(server.requests) == 1
    return written.completion


def sent(*parts: bytes | float, then: Step | None = None) -> Step:
    """A stream of these bytes, as they are; a number is a pause in seconds."""

    def step(exchange: Exchange) -> None:
        exchange.head(kind="text/event-stream")
        for part in parts:
            if isinstance(part, bytes):
                exchange.wfile.write(part)
                exchange.wfile.flush()
            elif not exchange.wait(part):
                return
        if then is not None:
            then(exchange)

    return step


def line(content: object, end: bytes = b"\n\n") -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + end


def with_finish(word: str, finish: object) -> dict[str, object]:
    return {"model": MODEL, "choices": [{"index": 0, "delta": {"content": word}, "finish_reason": finish}]}


def delta(**fields: object) -> dict[str, object]:
    return {"model": MODEL, "choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


def last_message(text: str, finish: str | None = "stop") -> dict[str, object]:
    return {"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": finish}]}


words = [line(chunk(word)) for word in WORDS]
END = line(chunk(finish="stop"))
PARTS = [{"type": "text", "text": "The summit "}, {"type": "thinking", "thinking": "hm", "text": "hm"}]
WHOLE: dict[str, Step] = {
    **{
        f"a finish of {finish!r} in every event": sent(
            *(line(with_finish(word, finish)) for word in WORDS), DONE
        )
        for finish in ("", "null", "none", "in_progress", "stop", "length?", 0, False)
    },
    "an empty finish, and a real one at the end": sent(
        *(line(with_finish(word, "")) for word in WORDS), END
    ),
    "a finish in every event, and once more without a word": sent(
        *(line(with_finish(word, "stop")) for word in WORDS), END
    ),
    "the finish with the last word": sent(*words[:2], line(with_finish(WORDS[2], "stop"))),
    "the finish in the role's event": sent(line(with_finish("", "stop")), *words, DONE),
    "an end that nobody knows": sent(*words, line(chunk(finish="eos_found")), DONE),
    "an end as an enumeration has it": sent(*words, line(chunk(finish="FinishReason.STOP"))),
    "[DONE] without a finish": sent(*words, DONE),
    "[DONE] as the last bytes": sent(*words, DONE.strip()),
    "no empty line at the end": sent(*words, END.rstrip()),
    "no line end at the end, and no [DONE]": sent(*words[:2], line(with_finish(WORDS[2], "stop"), b"")),
    "a byte-order mark": sent(MARK, *words, END),
    "a byte-order mark byte by byte": sent(
        MARK[:1], 0.01, MARK[1:2], 0.01, MARK[2:] + words[0], *words[1:], END
    ),
    "a byte-order mark at each event": sent(*(MARK + word for word in words), MARK + END),
    "white space to begin with": sent(b"\n\n", 0.01, b"\r\n\n", *words, END),
    "comments": sent(b": hello\n\n", *(word + b": ping\n\n" for word in words), END),
    "data without anything": sent(b"data:\n\n", *(word + b"data: \n\n" for word in words), END),
    "pings as data": sent(*(word + b"data: ping\n\ndata: : ping\n\n" for word in words), END),
    "pings as objects": sent(*(word + b'event: ping\ndata: {"type": "ping"}\n\n' for word in words), END),
    "types, ids and pauses": sent(*(b"event: message\nid: 7\nretry: 9\n" + word for word in words), END),
    "all in one piece": sent(b"".join([*words, END, DONE])),
    "byte by byte": sent(*(bytes([byte]) for byte in b"".join([*words, END]))),
    "CR LF": sent(*(word.replace(b"\n", b"\r\n") for word in [*words, END])),
    "CR": sent(*(word.replace(b"\n", b"\r") for word in [*words, END])),
    "several lines of data": sent(
        *(b"data: " + json.dumps(chunk(word), indent=1).encode().replace(b"\n", b"\ndata: ") + b"\n\n"
          for word in WORDS), END,
    ),
    "two events in one": sent(words[0].rstrip() + b"\n" + words[1], words[2].rstrip() + b"\n" + END + DONE),
    "the usage without a choice": sent(*words, END, line({"choices": [], "usage": None}), DONE),
    "other choices, and none": sent(
        line({"choices": None}), *words, line({"choices": [{"index": 1, "delta": {"content": "no"}}]}), END
    ),
    "a role and nothing": sent(
        line(delta(role="assistant")), line(delta(role="assistant", content=None)), *words, line(delta()), END
    ),
    "thoughts beside the text": sent(line(delta(reasoning_content="Hm.", content=None)), *words, END),
    "content in parts": sent(
        line(delta(content=PARTS)), line(delta(content=["was cancelled ", "[s1]."])), END
    ),
    "the message once more at the end": sent(*words, line(last_message(TEXT)), DONE),
    "the message trimmed at the end": sent(line(chunk("\n ")), *words, line(last_message(TEXT)), DONE),
    "the message with more than came": sent(*words[:2], line(last_message(TEXT)), DONE),
    "the last word as a message": sent(*words[:2], line(last_message(WORDS[2]))),
    "messages for deltas": sent(*(line(last_message(word, None)) for word in WORDS), DONE),
    "messages that grow": sent(*(line(last_message("".join(WORDS[:n]), None)) for n in (1, 2, 3)), DONE),
    "a message and no delta at all": sent(line(last_message(TEXT)), DONE),
    "no stream": lambda exchange: exchange.whole(MARK + json.dumps(completion(TEXT, None)).encode()),
    "no stream, after white space": sent(b" \n", 0.01, json.dumps(completion(TEXT)).encode()),
}  # fmt: skip


@pytest.mark.parametrize("step", WHOLE.values(), ids=list(WHOLE))
def test_an_answer_is_whole_however_its_events_are_written(step: Step) -> None:
    """Every word of it, once, and in the end no doubt."""
    result = ask(step)
    assert (result.text.strip(), result.finish, result.failure) == (TEXT, "stop", None)


def test_a_stream_that_nobody_asked_for_is_read() -> None:
    """By a server that knows nothing else."""
    assert ask(sent(*words, END, DONE), stream=False) == Completion(TEXT, "stop", None, MODEL)


BROKEN: dict[str, tuple[Step, type[ModelError]]] = {
    "the end of the connection": (sent(*words), NoConnection),
    "in the middle of an event": (sent(*words, line(chunk("more"))[:30]), NoConnection),
    "an empty finish, and the end": (sent(*(line(with_finish(w, "")) for w in WORDS)), NoConnection),
    "a finish in every event, and the end": (
        sent(*(line(with_finish(w, "stop")) for w in WORDS)), NoConnection
    ),
    "a finish in every event, and a reset": (
        sent(*(line(with_finish(w, "stop")) for w in WORDS), then=reset()), NoConnection
    ),
    "a reset after one event with a finish": (
        sent(line(with_finish(TEXT, "stop")), then=reset()), NoConnection
    ),
    "a finish that says so": (sent(*words, line(chunk(finish="error")), DONE), NoConnection),
    "a text that says so": (sent(*words, b"data: Internal Server Error\n\n"), ServerBusy),
}  # fmt: skip


@pytest.mark.parametrize(("step", "kind"), BROKEN.values(), ids=list(BROKEN))
def test_an_answer_that_is_cut_says_so(step: Step, kind: type[ModelError]) -> None:
    """With all that came of it."""
    result = ask(step)
    assert (result.text, result.finish, type(result.failure)) == (TEXT, "cut", kind)


@pytest.mark.parametrize("stream", [True, False])
def test_a_steady_stream_never_meets_the_time_out(stream: bool) -> None:
    """It takes longer in all: thoughts, and words with an end that is none, shown or not."""
    pieces: list[bytes | float] = [line(delta(reasoning_content="Hm")), 0.35]
    for word in WORDS:
        pieces += [line(with_finish(word, "stop")), 0.35]
    assert ask(sent(*pieces, DONE), stream=stream, seconds=1).text == TEXT


def test_a_server_that_shows_that_it_is_there_is_waited_for() -> None:
    """A model is loaded: comments and empty events come for longer than the time-out, then words."""
    waiting: list[bytes | float] = []
    for ping in (b": loading\n\n", b"data:\n\n") * 2:
        waiting += [ping, 0.35]
    assert ask(sent(*waiting, *words, END), seconds=1).text == TEXT


def test_silence_in_the_middle_names_the_setting() -> None:
    """What came is kept."""
    result = ask(sent(*words[:2], then=silence()), seconds=1)
    assert (result.text, result.finish) == ("".join(WORDS[:2]), "cut")
    assert isinstance(result.failure, TooSlow)
    assert "sent no more of the answer within 1 s (QA_TIMEOUT)" in result.failure.cause
    assert result.failure.options == ("timeout",)


def refusing(*rules: tuple[Callable[[dict[str, object]], bool], str]) -> Step:
    """A server that refuses the first thing that it does not like, in these words."""

    def step(exchange: Exchange) -> None:
        body = exchange.request_seen.body
        message = next((words for holds, words in rules if holds(body)), None)
        (answer() if message is None else error(400, message))(exchange)

    return step


STRICT = refusing(
    (lambda body: "stream_options" in body, "Unrecognized request argument supplied: stream_options"),
    (lambda body: bool(body.get("stream")), "Your organization must be verified to stream this model."),
    (lambda body: "stop" in body, "Unsupported parameter: 'stop'"),
    (lambda body: "max_tokens" in body, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."),
    (lambda body: body.get("max_completion_tokens", 0) > 1000, "max_completion_tokens must be <= 1000"),  # type: ignore[operator]  # JSON is untyped
    (lambda body: "temperature" in body, "temperature does not support 0 with this model"),
    (lambda body: body["messages"][0]["role"] == "system", "System role not supported"),  # type: ignore[index]  # JSON is untyped
)  # fmt: skip


@pytest.mark.parametrize("stream", [True, False])
def test_any_number_of_options_is_refused_one_after_the_other(stream: bool) -> None:
    """Each costs one request, once; the next call knows it all."""
    with FakeServer(always=STRICT) as server:
        asked = model(server)
        for requests in (8, 1):
            before = len(server.requests)
            if stream:
                with asked.stream(MESSAGES, max_tokens=2000, stop=["END"]) as written:
                    assert "".join(getattr(event, "text", "") for event in written) == TEXT
            else:
                assert asked.complete(MESSAGES, max_tokens=2000, stop=["END"]).text == TEXT
            assert len(server.requests) - before == requests
        assert server.requests[-1].body == {
            "model": "wise-1",
            "messages": [{"role": "user", "content": "Be brief.\n\nWhy?"}],
            "max_completion_tokens": 1000,
        }


def test_a_model_that_may_only_stream_is_asked_for_a_stream() -> None:
    """Its usage comes as well."""
    only = refusing((lambda body: not body.get("stream"), "This model only supports streaming"))
    with FakeServer(always=only) as server:
        result = model(server, streams=False).complete(MESSAGES, max_tokens=9)
        assert len(server.requests) == 2
    assert (result.text, result.usage) == (TEXT, Tokens(USAGE["prompt_tokens"], USAGE["completion_tokens"]))


@pytest.mark.parametrize("code", [403, 500, 501])
def test_a_refusal_with_another_status_is_one(code: int) -> None:
    """Gateways make of it what they like."""
    words = "This model does not support parameters: ['temperature']"
    with FakeServer(error(code, words)) as server:
        assert model(server).complete(MESSAGES, max_tokens=9).text == TEXT
        assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("text", "more", "beyond_it"),
    [
        ("", "A b.", "A b."),
        ("A b.", "A b.", ""),
        ("A b.", "A  b. C", " C"),
        (" A b.", "A b.\n", ""),
        ("A b.", "C", "C"),
        ("A b. C d.", "A b. C e.", ""),
        ("A ", "A b.", "b."),
    ],
)
def test_what_a_message_adds_to_what_came(text: str, more: str, beyond_it: str) -> None:
    """All of it, what is new, or nothing."""
    assert beyond(text, more) == beyond_it

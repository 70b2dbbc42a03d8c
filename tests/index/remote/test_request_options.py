"""What a server refuses is left out, exchanged or lowered, once, in whatever words it refuses it."""

from __future__ import annotations

import json

import pytest

from index.remote.options.refused_options import read_refusal
from index.remote.options.request_options import LIMITS, RequestOptions

OPTIONS: dict[str, object] = {"temperature": 0, "stop": ["END"]}
TURNS = [("system", "Be brief."), ("user", "Why?"), ("assistant", "So."), ("user", "And?")]


def taken(options: RequestOptions, *, stream: bool = True, more: str = "model") -> dict[str, object]:
    return {
        "model": "m",
        "messages": options.messages(TURNS),
        **options.fields({**OPTIONS, more: "m"}, max_tokens=2000, stream=stream),
    }


def told(message: str, **more: object) -> str:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error", **more}})


def after(words: str, *, stream: bool = True, more: str = "model") -> tuple[set[str], dict[str, object]]:
    """The names of the fields that are sent no more after a refusal, and what is sent."""
    options = RequestOptions(LIMITS[::-1])
    before = taken(options, stream=stream, more=more)
    assert options.adapt(before, words)
    now = taken(options, stream=stream, more=more)
    return set(before) - set(now), now


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (told("Unsupported parameter: 'temperature' is not supported with this model."), "temperature"),
        (told("Unrecognized request argument supplied: stream_options"), "stream_options"),
        (told("Unknown field: stream_options"), "stream_options"),
        (told('json: unknown field "stop"'), "stop"),
        (told("`temperature` may not be 0 for this model", param="temperature"), "temperature"),
        (told("Unsupported value", param="stop", code="unsupported_value"), "stop"),
        (told("property 'stream_options' is unsupported"), "stream_options"),
        (told("[temperature]: invalid parameter"), "temperature"),
        (told("body.stream_options: Extra inputs are not permitted"), "stream_options"),
        (told("litellm.UnsupportedParamsError: m does not support parameters: ['stop']"), "stop"),
        (told("Stream options can only be defined when `stream` is true"), "stream_options"),
        (told("invalid input", param="stream_options.include_usage"), "stream_options"),
        ("1 validation error for Request\nstop\n  extra fields not permitted", "stop"),
        ('{"error":"temperature is not allowed"}', "temperature"),
    ],
)
def test_the_option_that_is_named_is_left_out(words: str, left_out: str) -> None:
    """It alone, wherever its name stands."""
    assert after(words)[0] == {left_out}


@pytest.mark.parametrize("name", ["top_p", "seed", "response_format", "reasoning_effort", "store", "user"])
def test_so_is_any_other_option_that_was_sent(name: str) -> None:
    """Also one that this module has never heard of."""
    assert after(told(f"Unsupported parameter: '{name}'"), more=name)[0] == {name}
    assert after(told("no", param=f"{name}x"[:-1]), more=name)[0] == {name}


def test_what_pydantic_says_is_read_by_its_places() -> None:
    """And not by what it repeats of the request, where all names stand."""
    whole = {"temperature": 0, "stop": [], "stream_options": {}}
    rows = [
        {
            "type": "extra_forbidden",
            "loc": ["body", "stream_options"],
            "msg": "Extra inputs …",
            "input": whole,
        }
    ]
    assert after(json.dumps({"detail": rows}))[0] == {"stream_options"}
    rows = [{"loc": ["body", "stop"], "msg": "extra fields not permitted", "type": "value_error.extra"}]
    assert after(json.dumps({"object": "error", "message": rows, "code": 422}))[0] == {"stop"}


def test_a_refusal_that_names_nothing_costs_all_that_can_be_left_out() -> None:
    """Then the limit too, under either name; then there is nothing left to be done."""
    options, words = RequestOptions(LIMITS[::-1]), "extra fields not permitted"
    seen = []
    for _ in range(9):
        body = taken(options)
        if not options.adapt(body, words):
            break
        seen.append(set(body) - {"model", "messages", "stream"})
    assert seen == [
        {"temperature", "stop", "stream_options", "max_tokens"}, {"max_tokens"}, {"max_completion_tokens"}
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", ["", "no such thing", told("your prompt is offensive"), "<html>stop</body>"]
)
def test_a_refusal_of_something_else_is_none(words: str) -> None:
    """Nothing is learnt."""
    options = RequestOptions()
    assert not options.adapt({"model": "m", "messages": [], "temperature": 0}, words)
    assert options == RequestOptions()


@pytest.mark.parametrize(
    "words", ["unknown error: temperature of the GPU", "model unavailable, unknown host"]
)
def test_what_may_be_no_refusal_at_all_costs_no_more_than_what_it_names(words: str) -> None:
    """A server that fails may say anything."""
    options = RequestOptions()
    body = taken(options)
    assert options.adapt(body, words, sure=False) is ("temperature" in words)
    assert options.refused <= {"temperature"}


def test_one_name_of_the_limit_is_exchanged_for_the_other() -> None:
    """And none is sent where neither is taken."""
    options = RequestOptions(LIMITS[::-1])
    words = "Unsupported parameter: '{}' is not supported with this model. Use '{}' instead."
    assert options.adapt(taken(options), told(words.format(*LIMITS[::-1]), param="max_tokens"))
    assert taken(options)["max_completion_tokens"] == 2000
    assert options.adapt(taken(options), told(words.format(*LIMITS)))
    assert not set(taken(options)) & set(LIMITS)


CAPS = [
    ("max_tokens must be <= 1024", 1024),
    ("max_tokens is too large: 2000. This model supports at most 1024 completion tokens.", 1024),
    ("max_tokens: 2000 > 1024, which is the maximum allowed number of output tokens for m-3-5", 1024),
    ("`max_tokens` must be less than or equal to `1024`, the maximum is less than `context_window`", 1024),
    ("Range of max_tokens should be [1, 1500]", 1500),
    ("Invalid max_tokens value, the valid range of max_tokens is [1, 1,024]", 1024),
    ("The maximum tokens you requested exceeds the model limit of 512. Try a value lower than 512.", 511),
    ("maxOutputTokens is 2000 but the supported range is from 1 (inclusive) to 1025 (exclusive)", 1024),
    ("too many tokens: max tokens must be less than or equal to 400 - received 2000.", 400),
    ("max_tokens must be between 1 and 256", 256),
    ("Requested 2000 tokens, but m-2024-08 can generate at most 300 tokens.", 300),
    ("max_completion_tokens 2000 exceeds the limit 800 of gpt-99-1999", 800),
    ("The maximum number of tokens to generate is 1000", 1000),
    ("max_tokens: 2000 is too high (1024)", 1024),
]  # fmt: skip


@pytest.mark.parametrize(("message", "most"), CAPS, ids=[message[:30] for message, _ in CAPS])
def test_a_lower_limit_is_read_and_met(message: str, most: int) -> None:
    """In the words of many; the option stays."""
    left_out, now = after(told(message))
    assert (left_out, now["max_tokens"]) == (set(), most)


def test_a_lower_limit_of_pydantic_is_met() -> None:
    """Whose message does not say of what."""
    rows = [{"loc": ["body", "max_tokens"], "msg": "Input should be less than or equal to 1024",
             "type": "less_than_equal", "ctx": {"le": 1024}, "input": 2000}]  # fmt: skip
    assert after(json.dumps({"detail": rows}))[1]["max_tokens"] == 1024


@pytest.mark.parametrize(
    "message",
    [
        "max_tokens is too large: 2000. This model's maximum context length is 1500 tokens",
        "`inputs` tokens + `max_new_tokens` must be <= 1500",
        "Unsupported parameter: 'max_tokens' is not supported with o1-2024-12-17",
        "max_tokens is unknown to version 1.2000",
        "the prompt may have at most 100 tokens",
    ],
)
def test_a_number_of_something_else_is_no_limit(message: str) -> None:
    """Of the prompt, of both together, of a version."""
    assert read_refusal(told(message)).most_tokens(2100) is None


def test_a_limit_that_is_refused_still_is_left_out() -> None:
    """Progress each time: never the same request twice."""
    options, words = RequestOptions(LIMITS[::-1]), told("max_tokens must be <= 1024")
    assert options.adapt(taken(options), words)
    assert options.adapt(taken(options), words)
    assert "max_tokens" not in taken(options)


@pytest.mark.parametrize(
    "words",
    [
        told("Your organization must be verified to stream this model. Please go to …", param="stream"),
        told("Streaming is not supported for this model"),
        told("This model does not support streaming", code="unsupported"),
        told("'stream' must be false"),
        told("stream=true is not allowed for batch deployments"),
        json.dumps({"detail": [{"loc": ["body", "stream"], "msg": "unexpected value; permitted: False"}]}),
    ],
)
def test_who_may_not_stream_asks_for_the_whole(words: str) -> None:
    """Without what belongs to a stream; a server that wants neither is asked no third time."""
    left_out, now = after(words)
    assert left_out == {"stream", "stream_options"}
    options = RequestOptions()
    assert options.adapt(taken(options), words)
    assert not options.adapt(now, told("This model only supports streaming"))


@pytest.mark.parametrize(
    "words",
    [
        told("This model only supports streaming"),
        told("This model only support stream mode, please enable the stream parameter to access the model."),
        told("Stream must be set to true"),
        told("Non-streaming requests are not supported"),
        told("parameter.enable_thinking must be set to false for non-streaming calls"),
        told("m is available as a stream only: set stream=true", param="stream"),
    ],
)
def test_who_may_only_stream_asks_for_a_stream(words: str) -> None:
    """Whether one was wanted or not."""
    _, now = after(words, stream=False)
    assert now["stream"] is True


@pytest.mark.parametrize(
    "words",
    [
        told("'messages[0].role' does not support 'system' with this model", param="messages[0].role"),
        told("System role not supported"),
        told("Only user and assistant roles are supported!"),
        told("Conversation roles must alternate user/assistant/user/assistant/..."),
        told("Developer instruction is not enabled for models/gemma-3"),
        told("unknown variant `system`, expected `user` or `assistant`"),
    ],
)  # fmt: skip
def test_instructions_that_are_not_taken_stand_in_what_the_user_says(words: str) -> None:
    """None of them is lost."""
    options = RequestOptions()
    for _ in range(2):
        options.adapt(taken(options), words)
    sent = options.messages(TURNS)
    assert [turn["role"] for turn in sent] == ["user", "assistant", "user"]
    assert sent[0]["content"] == "Be brief.\n\nWhy?"


def test_instructions_are_said_by_the_developer_where_the_server_says_so() -> None:
    """And by the user if that is not taken either."""
    options = RequestOptions()
    assert options.adapt(taken(options), told("The system role is not supported: use 'developer'"))
    assert options.messages(TURNS)[0] == {"role": "developer", "content": "Be brief."}
    assert options.adapt(taken(options), told("unknown variant `developer`, expected `user`"))
    assert options.messages([("system", "Be brief.")]) == [{"role": "user", "content": "Be brief."}]
    assert not options.adapt(taken(options), told("unknown variant `developer`"))


def test_what_another_thread_has_learnt_is_no_failure() -> None:
    """Eight questions are refused at once; each is asked again."""
    options = RequestOptions()
    before = [taken(options) for _ in range(3)]
    for words in (
        told("Unknown field: temperature"),
        told("Streaming is not supported"),
        told("The system role is not supported"),
        told("max_completion_tokens must be <= 1024"),
    ):
        assert all(options.adapt(body, words) for body in before)

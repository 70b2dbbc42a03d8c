"""A prompt that is too long is cut to what fits; one that a server has cut is noticed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given, strategies as st

from index.errors import ContextTooLong
from index.remote.address import Address
from index.remote.retry import RetryPolicy
from qa.answering.generative.generate import AnswerModel, generate
from qa.answering.generative.reading.fitting import MOST_REQUESTS, Fit, cut_note, refit
from qa.models.base import Completion, Tokens
from qa.models.openai import OpenAIModel
from qa.models.tokens import fewest_tokens
from tests.support.fake_server import Exchange, FakeServer, Step, answer, completion, error, raw
from tests.support.passages import corpus_of
from tests.support.timeouts import PATIENCE

WINDOW = 4_096
TEXTS = corpus_of(
    *(
        " ".join(
            f"In the year {1600 + 20 * a + b} the harbour of Aldern took {a * b + 9} ships."
            for b in range(20)
        )
        for a in range(20)
    )
)
QUESTION = "How many ships did the harbour of Aldern take?"


def too_long(**numbers: int) -> ContextTooLong:
    """An error that tells these numbers."""
    made = ContextTooLong("too long", "ask with less")
    for name, number in numbers.items():
        setattr(made, name, number)
    return made


@pytest.mark.parametrize(
    ("numbers", "tries", "fit"),
    [
        ({}, 1, Fit(5_500, 1_024)),
        ({"limit": 4_096, "prompt": 5_000}, 1, Fit(5_959, 1_024)),
        ({"limit": 4_096, "total": 7_000}, 1, Fit(5_959, 1_024)),
        ({"limit": 4_096, "prompt": 5_000, "apart": True}, 1, Fit(7_946, 2_000)),
        ({"limit": 4_096}, 1, Fit(5_417, 1_024)),
        ({"limit": 4_096}, 3, Fit(2_979, 1_024)),
        ({"limit": 16_384, "prompt": 9_000, "total": 19_000}, 1, Fit(6_880, 2_000)),  # 8,000 to think in
        ({"limit": 1_000_000, "prompt": 5_000}, 1, Fit(8_000, 2_000)),
    ],
)
def test_the_next_prompt_is_what_the_server_s_own_count_allows(
    numbers: dict[str, int], tries: int, fit: Fit
) -> None:
    """Of 10,000 estimated tokens, of which 1,000 are no passages; 2,000 are for the answer."""
    window = min(2_000, numbers.get("limit", WINDOW) // 4)
    assert refit(10_000, 1_000, Fit(window, 2_000), too_long(**numbers), tries) == fit


def test_where_only_the_answer_had_too_much_room_the_prompt_stays() -> None:
    """It fits with a smaller one."""
    assert refit(3_000, 1_000, Fit(1_024, 2_000), too_long(limit=WINDOW, prompt=2_500), 1) == Fit(
        3_000, 1_024
    )


@given(
    st.integers(1_000, 12_000),
    st.integers(1, 1_000_000) | st.none(),
    st.integers(1, 1_000_000) | st.none(),
    st.integers(1, 1_000_000) | st.none(),
    st.booleans(),
    st.integers(1, 5),
)
def test_whatever_numbers_a_server_makes_up_the_next_try_asks_for_less(
    sent: int, limit: int | None, prompt: int | None, total: int | None, apart: bool, tries: int
) -> None:
    """A smaller prompt, or a smaller answer."""
    made = too_long(apart=apart)
    made.limit, made.prompt, made.total = limit, prompt, total
    fit = refit(sent, 500, Fit(min(2_000, (limit or WINDOW) // 4), 2_000), made, tries)
    assert fit.prompt < sent or fit.answer < 2_000
    assert fit.answer <= 2_000


def counted(text: str) -> int:
    """What the fake server makes of a text: a token for each word, number and sign."""
    return len(re.findall(r"[^\W\d_]+|[0-9]{1,3}|[^\w\s]", text))


def window_of(size: int, words: str, status: int = 400) -> Step:
    """A server that reads `size` tokens, prompt and answer together, and else says these words."""

    def step(exchange: Exchange) -> None:
        body = exchange.request_seen.body
        prompt = counted(cast("list[dict[str, str]]", body["messages"])[0]["content"])
        room = int(str(body["max_tokens"]))
        if prompt + room > size:
            told = words.format(limit=size, prompt=prompt, room=room, total=prompt + room)
            error(status, told)(exchange)
        else:
            answer("It took 9 ships [s1].")(exchange)

    return step


@pytest.mark.parametrize(
    ("words", "status", "share"),
    [
        ("maximum context length is {limit} tokens, {total} requested ({prompt} in the messages)", 400, 0.75),
        ("Requested tokens ({total}) exceed context window of {limit}", 500, 0.75),
        ("Request too large: tokens per minute (TPM): Limit {limit}, Requested {total}, reduce", 413, 0.75),
        ("the model is loaded with context length of only {limit} tokens, too long", 400, 0.5),
        ("Your input exceeds the context window of this model.", 422, 0.3),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_as_many_passages_are_kept_as_fit(words: str, status: int, share: float, stream: bool) -> None:
    """By the server's own count, where it tells one; in a few requests, and with a note."""
    with FakeServer(always=window_of(WINDOW, words, status)) as server:
        llm = OpenAIModel("small", Address(url=server.url), RetryPolicy(seconds=PATIENCE, pause=0.01))
        shown: Callable[[object], None] | None = (lambda _: None) if stream else None
        result = generate(QUESTION, TEXTS.retrieval(), AnswerModel(llm), show=shown)
    assert result.status == "answered"
    assert 2 <= len(server.requests) <= MOST_REQUESTS
    messages = cast("list[dict[str, str]]", server.requests[-1].body["messages"])
    assert counted(messages[0]["content"]) > share * (WINDOW - WINDOW // 4)
    assert any(note.startswith("the model had no room for ") for note in result.notes)


def test_a_model_that_refuses_every_prompt_is_asked_a_few_times() -> None:
    """Then its words are the cause."""
    with FakeServer(always=error(400, "prompt is too long, whatever it is")) as server:
        llm = OpenAIModel("small", Address(url=server.url), RetryPolicy(seconds=PATIENCE, pause=0.01))
        with pytest.raises(ContextTooLong, match="whatever it is"):
            generate(QUESTION, TEXTS.retrieval(), AnswerModel(llm))
    assert len(server.requests) <= MOST_REQUESTS


@pytest.mark.parametrize(
    ("read", "cut"), [(None, False), (2_048, True), (26, False), (4_000, False), (6_000, False)]
)
def test_a_prompt_that_the_server_has_cut_is_said(read: int | None, cut: bool) -> None:
    """It counts fewer tokens than the prompt has words; one that counts almost none had read it before."""
    prompt = "The harbour was dredged in 1931, at night. " * 400
    usage = None if read is None else Tokens(read, 9)
    note = cut_note(prompt, Completion("Yes.", "stop", usage, "m"))
    assert bool(note) is cut
    assert not cut or ("2,048" in note and "num_ctx" in note and "QA_PROMPT_TOKENS" in note)


def test_a_cut_prompt_is_among_the_notes_of_an_answer() -> None:
    """Ollama's way: the answer looks whole."""
    reply = {**completion("It took 9 ships [s1]."), "usage": {"prompt_tokens": 2050, "completion_tokens": 9}}
    with FakeServer(raw(json.dumps(reply).encode())) as server:
        llm = OpenAIModel("small", Address(url=server.url), RetryPolicy(seconds=PATIENCE, pause=0.01))
        notes = generate(QUESTION, TEXTS.retrieval(), AnswerModel(llm)).notes
    assert any("2,050 tokens" in note and "num_ctx" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("two words", 2), ("in 1931, at night", 6), ("[s12] é", 5), ("寒い朝", 1)],
)
def test_the_fewest_tokens_of_a_text(text: str, tokens: int) -> None:
    """Words, groups of three digits, signs; one for a run of letters without blanks."""
    assert fewest_tokens(text) == tokens

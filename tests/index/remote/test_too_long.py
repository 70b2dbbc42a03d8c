"""A prompt that is too long, in the words of many servers, and what is near to it in words only."""

from __future__ import annotations

import json

import pytest

from index.errors import ContextTooLong, ModelError, RequestRefused, ServerBusy
from index.remote.failures import Service, error_object, refusal
from index.remote.too_long import Length, too_long

SERVICE = Service("host", "wise-1", "OPENAI_API_KEY")

# What servers say: (status, words, limit, prompt, total)
SAYINGS: dict[str, tuple[int, str, int | None, int | None, int | None]] = {
    "OpenAI": (
        400,
        (
            "This model's maximum context length is 16385 tokens. However, your messages "
            "resulted in 20311 tokens."
        ),
        16385,
        20311,
        None,
    ),
    "OpenAI, with the answer": (
        400,
        (
            "This model's maximum context length is 8192 tokens. However, you requested 9113 "
            "tokens (7113 in the messages, 2000 in the completion). Please reduce the length of"
            " the messages or completion."
        ),
        8192,
        7113,
        9113,
    ),
    "OpenAI, newer": (400, "Your input exceeds the context window of this model.", None, None, None),
    "OpenAI, characters": (
        400,
        ("Invalid 'messages[0].content': string too long. Expected a string with maximum length 1048576."),
        1048576,
        None,
        None,
    ),
    "Azure": (
        400,
        (
            "Input tokens exceed the configured limit of 272000 tokens. Your messages resulted "
            "in 280111 tokens."
        ),
        272000,
        280111,
        None,
    ),
    "Gemini": (
        400,
        ("The input token count (40961) exceeds the maximum number of tokens allowed (32768)."),
        32768,
        40961,
        None,
    ),
    "Vertex": (
        400,
        (
            "Unable to submit request because the input token count is 40961 but model only "
            "supports up to 32768."
        ),
        32768,
        40961,
        None,
    ),
    "GitHub Models": (
        413,
        "Request body too large for gpt-4o model. Max size: 8000 tokens.",
        8000,
        None,
        None,
    ),
    "Copilot": (400, "prompt token count of 13067 exceeds the limit of 12288", 12288, 13067, None),
    "TGI": (
        422,
        (
            "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given:"
            " 2019 `inputs` tokens and 300 `max_new_tokens`"
        ),
        2048,
        2019,
        None,
    ),
    "TGI, input": (
        422,
        "Input validation error: `inputs` must have less than 1024 tokens. Given: 1400",
        1024,
        None,
        None,
    ),
    "Anthropic": (400, "prompt is too long: 208310 tokens > 200000 maximum", 200000, 208310, None),
    "Anthropic, with the answer": (
        400,
        ("input length and `max_tokens` exceed context limit: 198000 + 8192 > 200000, decrease input length"),
        200000,
        198000,
        None,
    ),
    "Anthropic, bytes": (413, "request_too_large: Request exceeds the maximum size", None, None, None),
    "Groq": (
        400,
        (
            "Please reduce the length of the messages or completion. Current length is 9000 "
            "while limit is 8192"
        ),
        8192,
        9000,
        None,
    ),
    "DashScope": (
        400,
        ("<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 30720]"),
        30720,
        None,
        None,
    ),
    "Mistral": (
        400,
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 "
            "maximum context length"
        ),
        32768,
        40000,
        None,
    ),
    "LM Studio": (
        400,
        (
            "Trying to keep the first 9001 tokens when context the overflows. However, the "
            "model is loaded with context length of only 4096 tokens, which is not enough."
        ),
        4096,
        9001,
        None,
    ),
    "LM Studio, newer": (
        400,
        (
            "The number of tokens to keep from the initial prompt is greater than the context "
            "length (n_keep: 6219>= n_ctx: 4096). Try to load the model with a larger context "
            "length, or provide a shorter input"
        ),
        4096,
        6219,
        None,
    ),
    "llama-server": (
        400,
        ("request (8195 tokens) exceeds the available context size (8192 tokens), try increasing it"),
        8192,
        8195,
        None,
    ),
    "llama-cpp-python": (400, "Requested tokens (2285) exceed context window of 2048", 2048, None, 2285),
    "vLLM": (
        400,
        ("The decoder prompt (length 21535) is longer than the maximum model length of 16384."),
        16384,
        21535,
        None,
    ),
    "vLLM, with the answer": (
        400,
        (
            "'max_tokens' or 'max_completion_tokens' is too large: 4000. This model's maximum "
            "context length is 8192 tokens and your request has 5000 input tokens (4000 > 8192 "
            "- 5000)."
        ),
        8192,
        5000,
        None,
    ),
    "vLLM, older": (400, "max_tokens must be at least 1, got -512.", None, None, None),
    "SGLang": (
        400,
        (
            "Requested token count exceeds the model's maximum context length of 4096 tokens. "
            "You requested a total of 5120 tokens: 3072 tokens from the input messages and 2048"
            " tokens for the completion."
        ),
        4096,
        3072,
        5120,
    ),
    "Ollama": (400, "the input length exceeds the context length", None, None, None),
    "Ollama, newer": (400, "prompt too long; exceeded max context length by 120 tokens", None, None, None),
    "LiteLLM": (
        500,
        (
            "litellm.ContextWindowExceededError: litellm.BadRequestError: This model's maximum "
            "context length is 4096 tokens. However, your messages resulted in 5120 tokens."
        ),
        4096,
        5120,
        None,
    ),
    "Bedrock": (400, "Input is too long for requested model.", None, None, None),
    "Bedrock, characters": (
        400,
        ("Malformed input request: expected maxLength: 42000, actual: 46735, please reformat your input"),
        42000,
        46735,
        None,
    ),
    "Cohere": (
        400,
        (
            "too many tokens: total number of tokens (prompt and prediction) cannot exceed 4096"
            " - received 6354."
        ),
        4096,
        None,
        6354,
    ),
    "OpenRouter": (
        400,
        (
            "This endpoint's maximum context length is 131072 tokens. However, you requested "
            "about 138956 tokens (7884 of text input, 131072 in the output)."
        ),
        131072,
        7884,
        138956,
    ),
    "Poolside": (
        400,
        "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.",
        131040,
        131393,
        None,
    ),
    "Fireworks": (
        400,
        "The prompt is too long: 40177, model maximum context length: 32767",
        32767,
        40177,
        None,
    ),
    "xAI": (
        400,
        ("This model's maximum prompt length is 131072 but the request contains 136973 tokens."),
        131072,
        136973,
        None,
    ),
    "Kimi": (
        400,
        "Your request exceeded model token limit: 131072 (requested: 139000)",
        131072,
        None,
        139000,
    ),
    "MiniMax": (400, "invalid params, context window exceeds limit (2013)", None, None, None),
    "Cloudflare": (
        400,
        (
            "The estimated number of input and maximum output tokens (26035) exceeded this "
            "model context window limit (24000)."
        ),
        24000,
        None,
        26035,
    ),
    "nginx": (413, "413 Request Entity Too Large", None, None, None),
    "nobody": (413, "", None, None, None),
    "an embedder": (
        500,
        (
            "input (1200 tokens) is too large to process. increase the physical batch size "
            "(current batch size: 512)"
        ),
        512,
        1200,
        None,
    ),
}


@pytest.mark.parametrize("name", SAYINGS)
def test_a_prompt_that_is_too_long_is_understood(name: str) -> None:
    """Whoever says it, with whatever status; its numbers are read."""
    status, words, *numbers = SAYINGS[name]
    length = too_long(status, words, (), words)
    assert length is not None
    assert [length.limit, length.prompt, length.total] == numbers


@pytest.mark.parametrize("status", [400, 413, 422, 429, 500])
@pytest.mark.parametrize(
    "shape",
    [
        lambda words: {"error": {"message": words, "type": "invalid_request_error", "code": None}},
        lambda words: {"error": words},
        lambda words: {"object": "error", "message": words, "code": 400},
        lambda words: {"detail": words},
        lambda words: {"errors": [{"message": words}]},
        lambda words: [{"error": {"code": 400, "message": words, "status": "INVALID_ARGUMENT"}}],
        lambda words: {"error": {"message": "Provider returned error", "metadata": {"raw": words}}},
        lambda words: {"message": words},
        lambda words: words,
    ],
)
def test_in_every_shape_it_is_the_same_error(status: int, shape: object) -> None:
    """The words decide, not where they stand."""
    assert callable(shape)
    content = shape(SAYINGS["OpenAI, with the answer"][1])
    error = refusal(SERVICE, status, {}, json.dumps(content).encode())
    assert isinstance(error, ContextTooLong)
    assert (error.limit, error.prompt, error.total, error.status) == (8192, 7113, 9113, status)
    assert "8,192 tokens" in error.cause
    assert isinstance(error_object(SERVICE, content), ContextTooLong)


def test_a_code_for_programs_is_enough() -> None:
    """Some servers say nothing else, or have the numbers beside the message."""
    body = {
        "error": {
            "message": "too much",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": 9000,
            "n_ctx": 4096,
        }
    }
    error = refusal(SERVICE, 500, {}, json.dumps(body).encode())
    assert isinstance(error, ContextTooLong)
    assert (error.limit, error.prompt) == (4096, 9000)


NOT_TOO_LONG: dict[str, tuple[int, str, type[ModelError]]] = {
    "tokens per minute": (
        429,
        (
            "Rate limit reached for model `small-1` on tokens per minute (TPM): Limit 6000, "
            "Used 5034, Requested 1443. Please try again in 4.77s."
        ),
        ServerBusy,
    ),
    "tokens per minute, 413": (
        413,
        "Too many tokens per minute, please wait before trying again.",
        ServerBusy,
    ),
    "throttling": (400, "ThrottlingException: Too many tokens, please wait before trying again.", ServerBusy),
    "requests per minute": (429, "Requests rate limit exceeded", ServerBusy),
    "an answer's tokens, OpenAI": (
        400,
        ("max_tokens is too large: 10000. This model supports at most 4096 completion tokens."),
        RequestRefused,
    ),
    "an answer's tokens, Groq": (
        400,
        (
            "max_tokens must be less than or equal to 16384, the maximum value for max_tokens "
            "is less than the context_window for this model"
        ),
        RequestRefused,
    ),
    "an answer's tokens, TGI": (
        422,
        "Input validation error: `max_new_tokens` must be <= 192",
        RequestRefused,
    ),
    "an answer's tokens, DashScope": (400, "Range of max_tokens should be [1, 8192]", RequestRefused),
    "a temperature": (
        400,
        "Unsupported value: 'temperature' does not support 0 with this model",
        RequestRefused,
    ),
    "memory": (500, "model requires more system memory (8.4 GiB) than is available (3.1 GiB)", ServerBusy),
    "no number": (500, "failed to encode response: json: unsupported value: NaN", ServerBusy),
}


@pytest.mark.parametrize("name", NOT_TOO_LONG)
def test_what_is_said_in_like_words_is_something_else(name: str) -> None:
    """A limit of a minute passes, a limit of the answer is no limit of the prompt."""
    status, words, kind = NOT_TOO_LONG[name]
    error = refusal(SERVICE, status, {}, json.dumps({"error": {"message": words}}).encode())
    assert type(error) is kind


def test_a_request_that_exceeds_a_whole_minute_is_too_long() -> None:
    """No waiting helps: it has to be shorter, whatever the status."""
    words = "Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 14368, please"
    assert too_long(429, words, ("rate_limit_exceeded",), words) == Length(6000, total=14368, in_time=True)
    error = refusal(SERVICE, 413, {}, json.dumps({"error": {"message": words}}).encode())
    assert isinstance(error, ContextTooLong)
    assert "in a minute" in error.cause


def test_the_wait_that_words_ask_for_is_read() -> None:
    """Where no header has it."""
    words = f"{'x' * 300} Please try again in 1m4.5s."
    error = refusal(SERVICE, 429, {}, json.dumps({"error": {"message": words}}).encode())
    assert error.retry_after == 64.5
    assert refusal(SERVICE, 429, {"retry-after": "2"}, words.encode()).retry_after == 2


def test_what_is_known_of_an_error_survives_its_repetition() -> None:
    """The limit and the status of one that came twice."""
    error = refusal(SERVICE, 400, {}, json.dumps({"error": SAYINGS["Gemini"][1]}).encode()).after(2)
    assert isinstance(error, ContextTooLong)
    assert (error.limit, error.status, error.apart) == (32768, 400, True)
    assert "2 requests" in error.cause

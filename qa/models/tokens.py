"""Estimates the tokens of a text, or of the messages of a call."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from index.text.patterns import lazy_compile

if TYPE_CHECKING:
    from qa.models.base import Message

EACH_MESSAGE = 8  # tokens that a message takes beside its text

# Tokens that each occurrence takes. What is one token for one tokenizer is three for another: these bound
# the largest count of eight (benchmarks/tokens.py).
_WEIGHTS = (
    (lazy_compile(r"[A-Za-z]+"), 1.2),  # a word; and of a long one each further letter
    (lazy_compile(r"(?<=[a-z]{4})[a-z]"), 0.58),
    (lazy_compile(r"[A-Z]"), 1.05),
    (lazy_compile(r"[0-9]+"), 0.4),
    (lazy_compile(r"[0-9!-/:-@\[-`{-~\t\r\f\v]| (?= )(?<! )|(?<= {8}) {8}"), 1.0),  # digits, signs, indents
    (lazy_compile(r"\n"), 1.2),
    (lazy_compile(r"[\u00a1-\u024f]"), 1.7),  # Latin letters with accents
    (lazy_compile(r"[\u0370-\u03ff\u0590-\u06ff]"), 1.5),  # Greek, Hebrew, Arabic
    (lazy_compile(r"[\u0400-\u052f]"), 0.6),  # Cyrillic
    (lazy_compile(r"[\u3040-\u30ff\u4e00-\u9fff]"), 1.8),  # Japanese, Chinese
    (lazy_compile(r"[\x00-\x08\x7f-\xa0\u0250-\u036f\u0530-\u058f\u0700-\u07ff]"), 2.0),
    (lazy_compile(r"[\u0800-\u303f\u3100-\u4dff\ua000-\uffff]"), 3.1),  # other scripts, dashes, quotes
    (lazy_compile(r"[\U00010000-\U0010ffff]"), 4.0),  # emoji, rare signs
)

# What tokenizers cut a text into before they look a word up: letters, up to three digits, signs.
_PIECES = lazy_compile(r"[^\W\d_]+|[0-9]{1,3}|[^\w\s]+")


def estimate_tokens(text: str) -> int:
    """How many tokens `text` has at most, if people wrote it.

    Measured against eight tokenizers, from the 32,000 tokens of Llama 2 to the 262,000 of Gemma 3: of 999 in
    1,000 passages none counts more. That is 1.9 times what OpenAI's o200k counts of English, 1.5 times the
    largest count. Letters by chance, and scripts that a tokenizer hardly knows, it may undercount.
    """
    return math.ceil(sum(weight * len(of.findall(text)) for of, weight in _WEIGHTS))


def fewest_tokens(text: str) -> int:
    """At least how many tokens `text` has for any tokenizer in use: none joins words, or words and signs.

    In scripts without blanks between words it is far below the truth.
    """
    return sum(1 for _ in _PIECES.finditer(text))


def estimate_prompt_tokens(messages: Iterable[Message]) -> int:
    """About how many tokens `messages` take as the prompt of a call, rather too many than too few."""
    return sum(estimate_tokens(message.text) + EACH_MESSAGE for message in messages)

"""Generates text with the word frequencies of real text, of any size; not a command.

A document is sentences of words. Most words are drawn by their frequencies in the real texts, some from a
short list of the document's own, for words of a document come again (Church and Gale, "Poisson mixtures",
1995), and some are made up: as many as the real texts let expect of words not seen in them (Good 1953: the
share of the words seen once). Made-up words follow Zipf's law without end, so that the vocabulary keeps
growing with the text (Heaps' law). Document n is the same whenever and however many others are generated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SEED = 12
# The share of the words that a document takes from its own list, and how many are on that list: 200 words of
# it then have 121 different ones, as they have in the articles of squad2 (122; clapnq 116, chunk_eval 113).
TOPICAL, TOPIC_WORDS = 0.4, 40
COMMON = 200  # most frequent words, which are nobody's topic
TAIL = 1.25  # Zipf's exponent of made-up words: n of them have about n ** .8 different ones
DIFFERENT = 50_000_000  # made-up words at most
SENTENCES = (80, 1.0)  # of a document: median, and sigma of the logarithm
SYLLABLES = [first + second for first in "bcdfghjklmnprstvwz" for second in "aeiou"]
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class TextModel:
    """What was learnt of real texts: words by falling frequency, running sums, lengths of sentences."""

    words: tuple[str, ...]
    cumulative: NDArray[np.float64]  # of the words' probabilities, ending with 1
    lengths: NDArray[np.int64]  # words of each real sentence
    unseen: float  # probability that a word is none of `words`


def learn(texts: Iterable[str]) -> TextModel:
    """The model of some real texts, which must have a few hundred different words."""
    counts: Counter[str] = Counter()
    lengths = []
    for text in texts:
        for sentence in _SENTENCE_END.split(text):
            words = _WORD.findall(sentence.lower())
            if 3 <= len(words) <= 60:  # neither headings nor tables
                counts.update(words)
                lengths.append(len(words))
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    if len(ordered) <= 2 * COMMON:
        raise SystemExit("there are too few different words in the real texts to learn from")
    frequencies = np.array([counts[word] for word in ordered], dtype=np.float64)
    cumulative = np.cumsum(frequencies / frequencies.sum())
    cumulative[-1] = 1.0
    unseen = float((frequencies == 1).sum() / frequencies.sum())
    return TextModel(tuple(ordered), cumulative, np.array(lengths), unseen)


def document(model: TextModel, number: int) -> str:
    """Document `number`, as Markdown: a title, paragraphs of a few sentences, a heading now and then."""
    random = np.random.default_rng([SEED, number])
    median, sigma = SENTENCES
    count = int(np.clip(random.lognormal(np.log(median), sigma), 4, 2_000))
    lengths = random.choice(model.lengths, count)
    topic = _draw(model, random, TOPIC_WORDS, common=False)
    words = _draw(model, random, int(lengths.sum()), common=True)
    topical = random.random(len(words)) < TOPICAL
    # Zipf's law again among the words of the topic: the first comes 40 times as often as the last.
    weights = 1 / np.arange(1, TOPIC_WORDS + 1)
    chosen = random.choice(TOPIC_WORDS, len(words), p=weights / weights.sum())
    words = [topic[at] if own else word for word, own, at in zip(words, topical, chosen, strict=True)]
    sentences = _sentences(words, lengths.tolist())
    return "".join(_laid_out(sentences, topic, random))


def spelled(number: int) -> str:
    """A made-up name for a number from 0 on, another for each; short for small numbers."""
    number += len(SYLLABLES)  # two syllables at least
    syllables = []
    while number:
        number, at = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[at])
    return "".join(syllables).capitalize()


_spelled = lru_cache(maxsize=100_000)(spelled)


def _draw(model: TextModel, random: np.random.Generator, count: int, *, common: bool) -> list[str]:
    """Words by their frequencies, made-up ones among them; with the most common or without."""
    lowest = 0.0 if common else float(model.cumulative[COMMON - 1])
    drawn = np.searchsorted(model.cumulative, lowest + (1 - lowest) * random.random(count), side="right")
    unseen = random.random(count) < model.unseen / (1 - lowest)
    made_up = random.zipf(TAIL, count) % DIFFERENT
    return [
        _spelled(name) if new else model.words[at]
        for at, new, name in zip(drawn.tolist(), unseen.tolist(), made_up.tolist(), strict=True)
    ]


def _sentences(words: list[str], lengths: Iterable[int]) -> Iterator[str]:
    start = 0
    for length in lengths:
        sentence = " ".join(words[start : start + length])
        yield f"{sentence[:1].upper()}{sentence[1:]}."
        start += length


def _laid_out(sentences: Iterator[str], topic: list[str], random: np.random.Generator) -> Iterator[str]:
    yield f"# {' '.join(topic[:3]).capitalize()}\n"
    left = 0  # sentences until the paragraph ends
    paragraphs = 0  # and paragraphs until the next heading
    for sentence in sentences:
        if left:
            yield " "
        else:
            left = int(random.integers(3, 8))
            if not paragraphs:
                paragraphs = int(random.integers(4, 9))
                heading = " ".join(topic[at] for at in random.integers(0, TOPIC_WORDS, 3))
                yield f"\n## {heading.capitalize()}\n"
            paragraphs -= 1
            yield "\n"
        yield sentence
        left -= 1
        if not left:
            yield "\n"

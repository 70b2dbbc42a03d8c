"""Questions about a numbered part ("What does clause 1.2 say?"), and the sentences that are it.

The sentence that begins with the number is that part, though it does not say "clause"; one that only mentions
the number is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from index.text.patterns import lazy_compile
from index.types import Passage
from qa.answering.extractive.lines.layout import begins_line, with_bullet
from qa.answering.extractive.question import content_stems
from qa.answering.extractive.sentences import AnalysedSentence

_WORDS = (
    r"clause|section|article|art\.|paragraph|point|item|step|rule|klausel|artikel|abschnitt|absatz|punkt|"
    r"ziffer|regel|schritt|clausule|alinéa|étape|règle|sección|cláusula|artículo|paso|punto|articolo|clausola|"
    r"comma|artigo|paragraaf|artykuł|článek|článok|bod|пункт|статья|раздел"
)
_NUMBERED = lazy_compile(
    rf"(?i:\b({_WORDS})|§+)\s*"
    r"(\d{1,4}(?:\.\d{1,4}){0,6}(?:\([a-z\d]{1,4}\)){0,3}|[IVX]{1,6}|\((?:[a-z]|[ivxl]{1,6})\))(?![\w.]*\d)"
)
_NEXT_PART = lazy_compile(rf"(?i:(?:{_WORDS})\s+|§+\s?)?(?:\d+(?:\.\d+)*[.):]?|\([a-z\d]{{1,4}}\))(?:\s|\Z)")
_ENDED = lazy_compile(r"[.!?;。]\W*\Z")
_LONGEST_TITLE = 100  # characters
_MOST_BELOW = 3  # sentences


class NumberedPart(NamedTuple):
    """What a question calls a part of a document, "clause", and the part's number."""

    word: str
    number: str

    def begins(self, text: str) -> re.Match[str] | None:
        """The number at the head of `text`, if that is this part."""
        # "1.2 Either side" is clause 1.2; "3 boats were lifted" is no step 3, but "3. Dry the hull" is.
        number = re.escape(self.number)
        end = "[.):]?" if "." in self.number or self.number.endswith(")") else "[.):]"
        alone, called = rf"(?:§+\s?)?{number}{end}(?=\s+\S)", rf"(?i:{_WORDS})\s+{number}(?![\w(]|\.\d)[.:]?"
        return re.match(rf"{called}|§+\s?{number}(?![\w(]|\.\d)|{alone}", text)


def asked_part(question: str) -> NumberedPart | None:
    """The numbered part that a question is about, if it names one."""
    match = _NUMBERED.search(question)
    return NumberedPart(match[1] or "", match[2].rstrip(".")) if match else None


def with_numbers(
    part: NumberedPart, passages: Sequence[Passage], sentences_of: Sequence[Sequence[AnalysedSentence]]
) -> list[list[AnalysedSentence]]:
    """The sentences of all `passages`, that which bears the part's number as one that names the part.

    Where no sentence bears it, they stay as they are.
    """
    bears = [
        [_bears(part, passage, at) is not None for at in range(len(sentences))]
        for passage, sentences in zip(passages, sentences_of, strict=True)
    ]
    if not any(map(any, bears)):
        return [list(sentences) for sentences in sentences_of]
    word, number = content_stems(part.word), content_stems(part.number)

    def named(sentence: AnalysedSentence, bearer: bool) -> AnalysedSentence:
        if bearer:
            stems = (*(stem for stem in (*word, *number) if stem not in sentence.bag), *sentence.stems)
            return replace(sentence, stems=stems, bag=frozenset(stems))
        kept = tuple(stem for stem in sentence.stems if stem not in number)
        return replace(sentence, stems=kept, bag=sentence.bag.difference(number))

    return [list(map(named, *pair)) for pair in zip(sentences_of, bears, strict=True)]


def named_text(part: NumberedPart, sentence: AnalysedSentence) -> str:
    """The text of one of the sentences `with_numbers` gives, in the words that its stems stand for."""
    if sentence.bag.issuperset(content_stems(part.number)):
        return f"{part.word} {part.number} {sentence.text}"
    return re.sub(rf"(?<![\w.]){re.escape(part.number)}(?![\w(]|\.\d)", "", sentence.text)


def below_title(part: NumberedPart, passage: Passage, at: int) -> range:
    """The sentences below the passage's sentence `at`, if that is no more than the title of `part`.

    "1.2 Termination" says nothing of its own, and "Step 5." neither; what follows does, up to the next part.
    """
    match, count = _bears(part, passage, at), len(passage.chunk.sentences)
    title = match.string[match.end() :].strip(" .:–—-") if match else ""
    if match is None or len(title) > _LONGEST_TITLE or (title and _ENDED.search(match.string)):
        return range(0)
    end = at + 1
    while end < min(count, at + 1 + _MOST_BELOW):
        following, apart = with_bullet(passage, end), begins_line(passage, end)
        if _NEXT_PART.match(following) or (apart and not (title and _ENDED.search(following))):
            break
        end += 1
    return range(at + 1, end)


def _bears(part: NumberedPart, passage: Passage, at: int) -> re.Match[str] | None:
    """The number of `part` at the head of the passage's sentence `at`, if that begins a line."""
    return part.begins(with_bullet(passage, at)) if begins_line(passage, at) else None

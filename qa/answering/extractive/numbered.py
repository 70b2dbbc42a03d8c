"""Questions about a numbered part ("What does clause 1.2 say?"), and the sentence that is it.

The sentence that begins with the number is that part, though it does not say "clause"; one that only mentions
the number is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from qa.answering.extractive.question import content_stems
from qa.answering.extractive.sentences import AnalysedSentence

_NUMBERED = re.compile(
    r"(?i:\b(clause|section|article|art\.|paragraph|point|item|step|rule|klausel|artikel|abschnitt|absatz|punkt|"
    r"ziffer|regel|schritt|clausule|alinéa|étape|règle|sección|cláusula|artículo|punto|articolo|clausola|comma|"
    r"artigo|paragraaf|artykuł|článek|článok|bod|пункт|статья|раздел)|§+)\s*"
    r"(\d{1,4}(?:\.\d{1,4}){0,6}|[IVX]{1,6}|\([a-z]\))(?![\w.]*\d)"
)


class NumberedPart(NamedTuple):
    """What a question calls a part of a document, "clause", and the part's number."""

    word: str
    number: str


def asked_part(question: str) -> NumberedPart | None:
    """The numbered part that a question is about, if it names one."""
    match = _NUMBERED.search(question)
    return NumberedPart(match[1] or "", match[2].rstrip(".")) if match else None


def with_numbers(
    part: NumberedPart, passages: Sequence[Sequence[AnalysedSentence]]
) -> list[list[AnalysedSentence]]:
    """The sentences of all passages, that which bears the part's number as one that names the part.

    Where no sentence bears it, they stay as they are.
    """
    # "1.2 Either side" is clause 1.2; "3 boats were lifted" is no step 3, but "3. Dry the hull" is.
    end = "[.):]?" if "." in part.number or part.number.startswith("(") else "[.):]"
    begins = re.compile(rf"(?:§+ ?)?{re.escape(part.number)}{end}\s+\S")
    if not any(begins.match(sentence.text) for sentences in passages for sentence in sentences):
        return [list(sentences) for sentences in passages]
    word, number = content_stems(part.word), frozenset(content_stems(part.number))

    def named(sentence: AnalysedSentence) -> AnalysedSentence:
        if begins.match(sentence.text):
            stems = (*word, *sentence.stems)
            return replace(sentence, stems=stems, bag=sentence.bag.union(word))
        kept = tuple(stem for stem in sentence.stems if stem not in number)
        return replace(sentence, stems=kept, bag=sentence.bag - number)

    return [[named(sentence) for sentence in sentences] for sentences in passages]

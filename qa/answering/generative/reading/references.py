"""Sentences that point back to the one before: "That was the case.", "A day later, he left."."""

from __future__ import annotations

import re

from index.text.patterns import lazy_compile
from index.text.rows import body_table
from index.types import Chunk, Span

MOST = 2  # sentences that are brought along

_ENGLISH = (
    r"he|she|it|they|him|his|her|its|their|this|that|these|those|such"
    r"|the (?:latter|former|same|two|pair|other)|both|neither|either|another|others|then|there|thus|therefore"
    r"|hence|however|but|and|so|yet|nor|or|still|instead|moreover|furthermore|besides|meanwhile|nevertheless"
    r"|nonetheless|otherwise|afterwards?|later|earlier"
    r"|(?:an?|one|two|three|four|five|several|some) (?:hour|day|week|month|year)s? (?:later|earlier|before"
    r"|after)"
    r"|(?:the )?(?:next|following|previous|same) (?:day|night|morning|evening|week|month|year)|as a result"
    r"|in (?:response|return|addition|contrast|this|that|these)|on the (?:contrary|other hand)"
    r"|(?:after|because of|for) (?:that|this)"
)
_OTHERS = (
    r"er|sie|es|ihre?[mnrs]?|seine?[mnrs]?|dies|diese[mnrs]?|dabei|dadurch|dafür|dagegen|damit|danach|dann"
    r"|darauf(?:hin)?|darum|deshalb|deswegen|daher|jedoch|aber|auch|und|außerdem|trotzdem|beide"
    r"|letzterer?s?|ils?|elles?|cela|ça|ce|cet|cette|ces|celui-ci|celle-ci|ensuite|puis|mais|et|toutefois"
    r"|cependant|donc|son|sa|ses|leurs?|él|ella|ellos|ellas|ello|est[eao]s?|es[eao]s?|después|luego|además"
    r"|pero|y|sin embargo|por (?:eso|ello)|su|sus|ambos"
)
_POINTS_BACK = lazy_compile(rf"[\W_]*(?:{_ENGLISH}|{_OTHERS})\b", re.IGNORECASE)


def points_back(text: str) -> bool:
    """True if `text` begins with a word that stands for something said before it, or joins on to it."""
    return _POINTS_BACK.match(text) is not None


def referred_to(chunk: Chunk, before: Chunk | None) -> tuple[Span, ...]:
    """What the first sentence of `chunk` points back to: sentences of `before`, the chunk before it.

    At most `MOST`, in order: the last one, and the one before where that points back too. None of another
    section, and no rows of a table.
    """
    if before is None or before.headings != chunk.headings or not chunk.sentences:
        return ()
    first, text = chunk.sentences[0], _text(chunk, chunk.sentences[0])
    brought: list[Span] = []
    for span in reversed(before.sentences):
        if len(brought) == MOST or not points_back(text) or span.end > first.start:
            break
        if body_table(chunk.tables, first) or body_table(before.tables, span):
            break
        brought.insert(0, span)
        text = _text(before, span)
    return tuple(brought)


def _text(chunk: Chunk, span: Span) -> str:
    return chunk.text[span.start - chunk.span.start : span.end - chunk.span.start]

"""Reference answers that only say that the documents do not answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.generative.refusals import refused

# What stands in the cell of an answer that there is not, where the row says that there is none.
_NO_ANSWER = re.compile(
    r"""(?:n/?a|none|null|nil|nothing|unknown|no|not\ known|unanswerable|not\ answerable|cannot\ answer
    |no\ (?:answer|information|data|mention|reference|evidence|context)
        (?:\ (?:found|available|given|provided))?
    |not\ (?:applicable|available|found|stated|mentioned|given|provided|specified|disclosed|in\ the\ .{1,30})
    |insufficient\ (?:information|context|data)|i\ don['’]t\ know|keine\ (?:angaben?|antwort)|unbekannt
    |[-–—?.]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_SHOWN = re.compile(
    r"\b(?:document|passage|source|text|excerpt|context|material|file|information|article|corpus|record|answer"
    r"|dokument|quelle|kontext|angabe|texte|fuente|documento|contexte|testo)",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether an answer says that the documents do not answer, in a sentence about them."""
    return bool(_SHOWN.search(text)) and refused(text) is not None


def says_nothing(text: str) -> bool:
    """Whether an answer may stand for there being none: a refusal in any words, "n/a", "unknown", a dash."""
    return _NO_ANSWER.fullmatch(text.strip().rstrip(".!")) is not None or refused(text) is not None


def without_refusal(
    answers: Sequence[str], answerable: bool | None, *, gold: bool
) -> tuple[Sequence[str], bool | None]:
    """The answers and whether there is one, where the answers only say that there is none.

    Of a row that says so itself, all that may stand for no answer is left out; of one that does not say, and
    has no gold, only sentences that say it of the documents. What says both ways stays as it is.
    """
    if answerable is False and answers and all(map(says_nothing, answers)):
        return (), False
    if answerable is None and answers and not gold and all(map(is_refusal, answers)):
        return (), False
    return answers, answerable

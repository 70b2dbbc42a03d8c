"""Sentences told otherwise: by a reader, or by rule, with words put in and clauses exchanged; not a command.

What another source says for itself shares no seven words in a row with the first one, but for names. By rule
nothing is put in where it would tear apart what belongs together: a number and its unit, "not" and what it is
about, "if not", an article and its noun. A sentence that cannot be told so is not told.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

OWN_WORDS = Path(__file__).resolve().parent / "own_words.jsonl"
LONGEST_RUN = 6  # words in a row that are kept
_FILLERS = ("it is understood,", "indeed", "ultimately", "so it seems,", "by all accounts,", "apparently")
# Words before which something can be put in, if none of the others stands before them.
_BEFORE_THESE = """
    in on at for with from by during of to and or but the a an which who that where while because as into
    through between under among within without against across after before since until however when
    was were is are had has have can could may would should also
"""
_NOT_AFTER_THESE = """
    not no never without neither nor if only just so such as than too very more most less least the a an of to
    and or but in on at for with from by which who that this these those its his her their our my your be been
    both all each every some any about approximately around over under nearly almost what how where when
"""
_OPEN, _HOLD = frozenset(_BEFORE_THESE.split()), frozenset(_NOT_AFTER_THESE.split())
_PARTED = re.compile(r",? (?:,|and|but|which|because|when|while|after|before|where)(?= )")
_WORD = re.compile(r"[^\W_]+")


def put_in(sentence: str, *, first: int = 0) -> str | None:
    """`sentence` with something put in after every six words at most; None if there is no place."""
    words = sentence.split()
    made: list[str] = []
    since, given = 0, first
    for at, word in enumerate(words):
        before = words[at - 1].casefold() if at else ""
        comma = before.endswith(",")
        held = not at or before in _HOLD or not (before.isalpha() or comma)
        if since >= 2 and (word.casefold() in _OPEN or (comma and word.isalpha())) and not held:
            made.append(_FILLERS[given % len(_FILLERS)])
            given, since = given + 1, 0
        made.append(word)
        since += bool(_WORD.search(word))
    told = " ".join(made)
    return told if _longest_shared_run(sentence, told) <= LONGEST_RUN else None


def turned(sentence: str) -> str | None:
    """`sentence` with its second half first; None if it has no two halves, or keeps a long run."""
    middle = len(sentence) / 2
    parted = min(_PARTED.finditer(sentence), key=lambda each: abs(each.start() - middle), default=None)
    if parted is None:
        return None
    end = sentence[parted.start() :].strip(" ,.")
    told = f"This is how it was: {end}; and before that, {sentence[: parted.start()].strip(' ,')}."
    return told if _longest_shared_run(sentence, told) <= LONGEST_RUN else put_in_both(told, sentence)


def put_in_both(told: str, sentence: str) -> str | None:
    """A sentence that was turned, with something put in as well."""
    more = put_in(told)
    return more if more and _longest_shared_run(sentence, more) <= LONGEST_RUN else None


def by_a_reader(sentence: str) -> str | None:
    """What a reader made of `sentence`, if it is one of those that a reader told."""
    return next((said for begins, said in _told() if sentence.startswith(begins)), None)


@lru_cache(maxsize=1)
def _told() -> tuple[tuple[str, str], ...]:
    lines = OWN_WORDS.read_text(encoding="utf-8").splitlines()
    return tuple((each["begins"], each["said"]) for each in map(json.loads, lines))


def _longest_shared_run(first: str, second: str) -> int:
    """The most words in a row that two texts share."""
    ours, theirs = ([word.casefold() for word in _WORD.findall(text)] for text in (first, second))
    longest = 0
    before: list[int] = [0] * (len(theirs) + 1)
    for mine in ours:
        now = [0] * (len(theirs) + 1)
        for at, its in enumerate(theirs, 1):
            if mine == its:
                now[at] = before[at - 1] + 1
                longest = max(longest, now[at])
        before = now
    return longest

"""The values of an answer: claims, citations, usage, and the events of a streamed text.

A `Citation` is always a verified slice of a source. What could not be verified is a `RejectedCitation`:
two outcomes, two types.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Literal

from index.types import DateOrigin, FileState, Passage, Span

Status = Literal["answered", "partial", "abstained"]
Mode = Literal["llm", "extractive"]
Support = Literal["supported", "suspect", "uncited", "rejected"]
Difference = Literal["number", "date", "name", "denial"]


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact span an answer rests on: `text` equals `source_text[span.start:span.end]`, always.

    `number` counts from 1 by first use in the answer; `line` is the 1-based line of the source's text the
    span starts on; `page` the physical page, for formats that have pages. `source` is the source's name and
    `location` its path on disk, if it has one. `also` names other places that say the same, word for word
    or nearly so. `date_origin` is where `date` comes from: "modified" is the file's, not the document's.
    `labelled` is what is cited with the names of its columns before the cells, None if it has no such row.
    `hidden` is True if any of it is text that a person who opens the file does not see.
    `file` is what has become of the file since it was indexed, None for a source that is no file.
    """

    number: int
    source: str
    sha256: str
    span: Span
    text: str
    line: int
    page: int | None = None
    title: str | None = None
    date: str | None = None
    location: str | None = None
    also: tuple[str, ...] = ()
    date_origin: DateOrigin | None = None
    labelled: str | None = None
    file: FileState | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class RejectedCitation:
    """A key that the model named and no sentence bears. Shown, never dropped."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer, and what it rests on. `citations` are numbers of `Answer.citations`.

    `sources` is how many sources say it, those that it does not cite included, and `independent` how many of
    them neither copy nor follow another; both are 0 where that was not looked at. `as_of` is the newest date
    of the documents it cites, None if none has one. `checked` are the sums, differences and shares of cited
    numbers that bear it out ("1,200 + 300 = 1,500").
    """

    text: str
    citations: tuple[int, ...]
    support: Support
    reasons: tuple[str, ...] = ()
    rejected: tuple[RejectedCitation, ...] = ()
    sources: int = 0
    independent: int = 0
    as_of: str | None = None
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest thing that the documents say to what they do not answer. It is no answer."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What one or more sources say where others say something else: `value` as the first of them has it.

    Of `citations`, those of the answer have their numbers; others go on from there.
    """

    value: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that say different things `about` the same: its sides, the one with the newest source first."""

    about: str
    kind: Difference
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much an answer rests on: passages and sources that were read, of those that might have been.

    What might have been read is all that is indexed, or what the filters admit of it.
    """

    passages: int
    of_passages: int
    sources: int
    of_sources: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took. Tokens as the server counted them, None where it did not.

    `cost_usd` is None where no price is known.
    """

    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall time of the two halves of an answer, in seconds."""

    search: float = 0.0
    answer: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole outcome of one question.

    `text` carries the citation markers (`[1]`); an abstention has status "abstained", no claims, and its
    passages are the nearest ones found, never sources. `evidence` in [0, 1] is how well the passages were
    judged to answer, `missing` what is not there. `prompt_sha256` is the hash of the prompt's file that a
    model was asked with; `notes` say what else is to be known, such as why an answer is not whole. `stopped`
    is True if its reader ended it (^C) while it was written: what had come by then is the answer.
    `queries` are what was searched for beside the question, `read` the ranks of the passages that a model was
    shown, `coverage` how much that is of what is indexed, None where no model read it. `nearest` goes with an
    abstention, `disagreements` are between cited sentences, or between one of them and a passage near it.
    """

    question: str
    status: Status
    mode: Mode
    model: str | None
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    evidence: float = 0.0
    missing: str | None = None
    usage: Usage = Usage()
    seconds: Seconds = Seconds()
    prompt_sha256: str | None = None
    notes: tuple[str, ...] = ()
    stopped: bool = False
    nearest: Nearest | None = None
    disagreements: tuple[Disagreement, ...] = ()
    queries: tuple[str, ...] = ()
    coverage: Coverage | None = None
    read: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of a text that is being written; never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Retract:
    """All text that came before is no part of what is written: it was a model thinking.

    Some servers leave a model's thoughts in its text with only the mark of their end, `</think>`, so that
    nobody knows them for thoughts until it comes.
    """


@dataclass(frozen=True, slots=True)
class TextEnd:
    """Nothing more is written; what still takes time are the checks."""


StreamEvent = TextDelta | Retract | TextEnd
THOUGHT_ENDS = "\n</think>\n\n"  # shown for a `Retract` where what was shown stands

ABSTENTION = "The documents do not seem to answer this."


_MARKER = re.compile(r"\[([0-9]{1,4})\]")
_REJECTED = re.compile(r"[ ]?\[s[0-9]+(?:-s[0-9]+)?\?\]")
_CODE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?s:.*?)(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE,
)


def marker_spans(text: str, numbers: Container[int], *, code: bool) -> Iterator[tuple[Span, int]]:
    """Where the markers of our citations stand in the text of an answer, each with the number that it shows.

    `numbers` are those of its citations. A document's own `[2]` is moved apart from its brackets wherever it
    might pass for one, but in a model's `code`, in which nothing is ours.
    """
    in_code = [match.span() for match in _CODE.finditer(text)] if code else []
    for match in _MARKER.finditer(text):
        if int(match[1]) in numbers and not any(start <= match.start() < end for start, end in in_code):
            yield Span(*match.span()), int(match[1])


def answer_markers(answer: Answer) -> tuple[tuple[Span, int], ...]:
    """The markers in the text of `answer`."""
    numbers = {citation.number for citation in answer.citations}
    return tuple(marker_spans(answer.text, numbers, code=answer.mode == "llm"))


def prose(answer: Answer) -> str:
    """What an answer says, without its markers: `[1]`, and `[s99?]` for a key that was rejected."""
    parts, end = [], 0
    for span, _ in answer_markers(answer):
        parts.append(answer.text[end : span.start].removesuffix(" "))
        end = span.end
    rejected = {f"[{each.key}?]" for claim in answer.claims for each in claim.rejected}
    text = "".join([*parts, answer.text[end:]])
    return _REJECTED.sub(lambda found: "" if found[0].strip() in rejected else found[0], text)

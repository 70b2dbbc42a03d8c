"""A question proposed by a rule: its answer, where it stands, and of what kind it is."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with the span of its source that answers it, in code points of the source's text.

    `answer` is empty where the span as a whole is the answer. `kind` becomes its tag. `name` is a name in the
    question that a near miss may exchange for another, "" if there is none.
    """

    text: str
    answer: str
    span: Span
    kind: str
    name: str = ""

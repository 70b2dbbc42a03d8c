"""Example records of questions asked, for the tests of metrics, runs and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.types import Span
from qa.evaluation.types import (
    ClaimVerdict,
    Context,
    Correctness,
    Failure,
    GoldPlace,
    Question,
    Record,
    Retrieved,
    SourceSpan,
    Verdict,
)
from qa.types import Answer, Citation, Claim, Seconds, Support, Usage

SOURCE = "a.txt"


def question(number: int = 1, **changes: object) -> Question:
    """An answerable question without answers or evidence of its own; its id and text tell its number."""
    fields: dict[str, object] = {"id": f"q{number}", "text": f"Question {number}?", "answerable": True}
    return Question(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name, for brevity in tests


def gold(start: int, end: int, source: str = SOURCE, **changes: object) -> GoldPlace:
    """A gold span, as the index has it."""
    return GoldPlace(source, Span(start, end), **changes)  # type: ignore[arg-type]  # as above


def gold_page(page: int, source: str = SOURCE, **changes: object) -> GoldPlace:
    """A gold page, as the index has it."""
    return GoldPlace(source, page=page, **changes)  # type: ignore[arg-type]  # as above


def place(start: int, end: int, source: str = SOURCE, pages: tuple[int, ...] = ()) -> SourceSpan:
    """A span of a source, and the pages it lies on."""
    return SourceSpan(source, Span(start, end), pages)


def ranking(*places: SourceSpan | tuple[SourceSpan, ...]) -> tuple[Retrieved, ...]:
    """Passages ranked from 1. A tuple is one passage, and after it its copies."""
    folded = [one if isinstance(one, tuple) else (one,) for one in places]
    return tuple(
        Retrieved(rank, one[0], score=1 / rank, copies=one[1:]) for rank, one in enumerate(folded, 1)
    )


def citation(
    start: int, end: int, source: str = SOURCE, *, number: int = 1, page: int | None = None
) -> Citation:
    """A citation of a span, whose text is as many x."""
    return Citation(number, source, "ab" * 32, Span(start, end), "x" * (end - start), 1, page)


def claim(*numbers: int, text: str = "It is so.", support: Support | None = None) -> Claim:
    """A claim that cites the citations with these numbers; supported, or uncited without any."""
    return Claim(text, numbers, support or ("supported" if numbers else "uncited"))


def answered(
    *citations: Citation,
    text: str = "It is so. [1]",
    claims: Sequence[Claim] | None = None,
    **changes: object,
) -> Answer:
    """An answer as a model gives it. Without `claims`, one that cites all `citations`."""
    fields: dict[str, object] = {
        "question": "Question 1?",
        "status": "answered",
        "mode": "llm",
        "model": "m",
        "text": text,
        "claims": tuple(claims) if claims is not None else (claim(*(one.number for one in citations)),),
        "citations": citations,
        "passages": (),
        "evidence": 0.75,
        "usage": Usage(1000, 100, 0.01),
        "seconds": Seconds(0.01, 0.02),
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]  # as above


def abstained(**changes: object) -> Answer:
    """An abstention."""
    text = "The documents do not answer this."
    fields: dict[str, object] = {"text": text, "claims": (), "status": "abstained", "evidence": 0.1}
    return answered(**{**fields, **changes})  # type: ignore[arg-type]  # as above


def record(number: int = 1, *, repeat: int = 1, **changes: object) -> Record:
    """What came of question `number`: an answer of one claim without citations, unless said otherwise."""
    asked = changes.pop("question", None) or question(number)
    fields: dict[str, object] = {"answer": answered(text="It is so.")}
    return Record(f"key{number:05}", asked, repeat, **{**fields, **changes})  # type: ignore[arg-type]  # as above


def failed(number: int = 1, *, repeat: int = 1, **changes: object) -> Record:
    """A record of a question that failed."""
    failure = Failure("ModelUnavailable", "the server gave up", "try again")
    return record(number, repeat=repeat, **{"answer": None, "failure": failure, **changes})


def citation_of_text(number: int, text: str) -> Citation:
    """A citation of `text`."""
    return replace(citation(0, 1, number=number), text=text)


def record_citing(
    *texts: str, claims: Sequence[Sequence[int]] | None = None, asked: Question | None = None
) -> Record:
    """A record whose answer cites these texts, by one claim that cites all of them unless said otherwise."""
    numbers = claims if claims is not None else [range(1, len(texts) + 1)]
    citations = [citation_of_text(number, text) for number, text in enumerate(texts, 1)]
    made = [claim(*some, text=f"Claim {at}.") for at, some in enumerate(numbers, 1)]
    return record(answer=answered(*citations, claims=made), question=asked or question())


def contexts(**pages: tuple[int, ...]) -> tuple[Context, ...]:
    """Contexts of the citations `c1`, `c2`, ... that say on which pages these lie."""
    return tuple(Context(int(name[1:]), pages=on) for name, on in pages.items())


def verdict(
    correctness: Correctness | None = None,
    *,
    claims: Sequence[ClaimVerdict | None] | None = None,
    **changes: object,
) -> Verdict:
    """A verdict on record 1, unless `key` says otherwise."""
    fields: dict[str, object] = {"key": "key00001", "judge": "judge-m", "correctness": correctness}
    fields["claims"] = None if claims is None else tuple(claims)
    return Verdict(**{**fields, **changes})  # type: ignore[arg-type]  # as above

"""Example answers, for the tests of output."""

from __future__ import annotations

from index.types import Chunk, Copy, Dated, Passage, Source, Span
from qa.types import Answer, Citation, Claim, RejectedCitation, Seconds

TEXT = "The summit was cancelled. Lavrov said so on 21 October 2025."


def source(name: str = "docs/a.txt", **changes: object) -> Source:
    """A source whose text is `TEXT`."""
    fields: dict[str, object] = {
        "id": "5" + name,
        "name": name,
        "location": None,
        "sha256": "ab" * 32,
        "reader": "text/1",
        "length": len(TEXT),
        "date": Dated("2025-10-21", "text"),
    }
    return Source(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name, for brevity in tests


def passage(rank: int = 1, name: str = "docs/a.txt", text: str = TEXT) -> Passage:
    """A passage that is all of `TEXT`, with a copy in another source."""
    sentences = (Span(0, 25), Span(26, len(text))) if len(text) > 26 else (Span(0, len(text)),)
    chunk = Chunk(f"c{rank}", "5" + name, Span(0, len(text)), text, sentences)
    copy = Copy(chunk, source("copies/b.txt"))
    return Passage(rank, chunk, source(name), 1.5 / rank, 1, None, (copy,))


def citation(number: int = 1, **changes: object) -> Citation:
    """A citation of the first sentence of `TEXT`."""
    fields: dict[str, object] = {
        "number": number,
        "source": "docs/a.txt",
        "sha256": "ab" * 32,
        "span": Span(0, 25),
        "text": TEXT[:25],
        "line": 4,
        "date": "2025-10-21",
        "also": ("copies/b.txt",),
    }
    return Citation(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name, for brevity in tests


def answered(**changes: object) -> Answer:
    """An extractive answer of one claim with one citation."""
    fields: dict[str, object] = {
        "question": "Why?",
        "status": "answered",
        "mode": "extractive",
        "model": None,
        "text": f"{TEXT[:25]} [1]",
        "claims": (Claim(TEXT[:25], (1,), "supported"),),
        "citations": (citation(),),
        "passages": (passage(),),
        "evidence": 0.75,
        "seconds": Seconds(0.01, 0.02),
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]  # fields by name, for brevity in tests


def abstained(**changes: object) -> Answer:
    """An abstention with two nearest passages."""
    fields: dict[str, object] = {
        "status": "abstained",
        "text": "The documents do not answer this.",
        "claims": (),
        "citations": (),
        "passages": (passage(1), passage(2, "docs/b.txt")),
        "evidence": 0.1,
        "missing": "nothing is said about ethanol",
    }
    return answered(**{**fields, **changes})


def doubtful() -> Answer:
    """An answer with one claim of every kind of support."""
    rejected = RejectedCitation("s99", "no sentence bears this key")
    claims = (
        Claim("Sure.", (1,), "supported"),
        Claim("It was 45.", (1,), "suspect", ("45 is not in the cited text",)),
        Claim("Says who?", (), "uncited"),
        Claim("Nobody.", (), "rejected", (), (rejected,)),
    )
    return answered(claims=claims, status="partial", missing="the date")

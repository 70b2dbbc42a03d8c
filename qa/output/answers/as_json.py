"""An answer as JSON, in the format `qa.answer/1`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa.output.answers.usage import all_notes
from qa.output.text import json_text
from qa.types import answer_markers

if TYPE_CHECKING:
    from collections.abc import Collection

    from index.types import Passage
    from qa.types import Answer, Citation, Claim, Disagreement, Nearest


SCHEMA = "qa.answer/1"


def to_json(answer: Answer) -> str:
    """`answer` on one line, in the shape `qa.answer/1`; additions end each object."""
    return json_text(json.dumps(answer_object(answer), ensure_ascii=False))


def answer_object(answer: Answer) -> dict[str, object]:
    """What `to_json` writes, as plain lists and dictionaries."""
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "status": answer.status,
        "mode": answer.mode,
        "model": answer.model,
        "text": answer.text,
        "missing": answer.missing,
        "claims": [_claim_object(claim) for claim in answer.claims],
        "citations": [citation_object(citation) for citation in answer.citations],
        "passages": [_passage_object(passage, answer.read) for passage in answer.passages],
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
            "cost_usd": answer.usage.cost_usd,
        },
        "seconds": {"search": round(answer.seconds.search, 4), "answer": round(answer.seconds.answer, 4)},
        "evidence": round(answer.evidence, 4),
        "prompt_sha256": answer.prompt_sha256,
        "notes": list(all_notes(answer)),
        "nearest": None if answer.nearest is None else _nearest_object(answer.nearest),
        "disagreements": [_disagreement_object(found) for found in answer.disagreements],
        "queries": list(answer.queries),
        "coverage": None if answer.coverage is None else asdict(answer.coverage),
        "markers": [
            {"start": span.start, "end": span.end, "citation": number}
            for span, number in answer_markers(answer)
        ],
    }


def _claim_object(claim: Claim) -> dict[str, object]:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "support": claim.support,
        "reasons": list(claim.reasons),
        "rejected": [{"key": rejected.key, "reason": rejected.reason} for rejected in claim.rejected],
        "sources": claim.sources,
        "independent": claim.independent,
        "as_of": claim.as_of,
        "checked": list(claim.checked),
    }


def _nearest_object(nearest: Nearest) -> dict[str, object]:
    return {
        "text": nearest.text,
        "citations": [citation_object(citation) for citation in nearest.citations],
    }


def _disagreement_object(found: Disagreement) -> dict[str, object]:
    sides = [
        {"value": side.value, "citations": [citation_object(citation) for citation in side.citations]}
        for side in found.sides
    ]
    return {"about": found.about, "kind": found.kind, "sides": sides}


def citation_object(citation: Citation) -> dict[str, object]:
    """A citation as a plain dictionary."""
    return {
        "number": citation.number,
        "source": citation.source,
        "sha256": citation.sha256,
        "start": citation.span.start,
        "end": citation.span.end,
        "text": citation.text,
        "page": citation.page,
        "line": citation.line,
        "title": citation.title,
        "date": citation.date,
        "location": citation.location,
        "also": list(citation.also),
        "date_origin": citation.date_origin,
        "labelled": citation.labelled,
        "file": citation.file,
        "hidden": citation.hidden,
    }


def _passage_object(passage: Passage, read: Collection[int]) -> dict[str, object]:
    return {
        "rank": passage.rank,
        "source": passage.source.name,
        "start": passage.chunk.span.start,
        "end": passage.chunk.span.end,
        "score": round(passage.score, 6),
        "lexical_rank": passage.lexical_rank,
        "dense_rank": passage.dense_rank,
        "also": [copy.source.name for copy in passage.copies],
        "hits": [{"query": hit.query, "rank": hit.rank} for hit in passage.hits],
        "read": passage.rank in read,
    }

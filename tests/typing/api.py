"""The Python interface as a user writes it, held to its types by mypy; nothing here is run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import assert_type

from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import MockLLM

import qa
from qa import Answer, Citation, Claim, Filters, Index, Passage, RejectedCitation, Source, errors
from qa.models.base import LLM


def every_way_to_make_one(llm: LLM) -> None:
    """What each argument takes."""
    assert_type(qa.Index(), Index)
    qa.Index("~/papers/.qa", model="gpt-4.1-mini", embedder="openai/text-embedding-3-small")
    qa.Index(Path("papers"), model=MockLLM(), embedder=MockEmbedding(embed_dim=8), create=False)
    qa.Index(path=None, model=llm, offline=False)


def a_session(index: Index, pieces: list[str]) -> None:
    """What each method takes and gives."""
    with index as same:
        assert_type(same, Index)
        report = same.sync("~/papers", Path("notes"))
        assert_type(report.failed, tuple[tuple[str, str], ...])
        assert_type(same.search("Why?", k=3, sources=["*.pdf"], since="2025"), tuple[Passage, ...])
        answer = same.ask("Why?", sources="notes", until=date(2025, 1, 1), stream=pieces.append)
        assert_type(answer, Answer)
        assert_type(answer.claims, tuple[Claim, ...])
        assert_type(answer.citations, tuple[Citation, ...])
        assert_type(answer.claims[0].rejected, tuple[RejectedCitation, ...])
        assert_type(answer.stopped, bool)
        assert_type(same.sources, tuple[Source, ...])
        assert_type(same.source("a.txt"), tuple[Source, str])
        same.ask("Why?", stream=print)
    index.close()


def what_is_refused(index: Index) -> None:
    """Each is an error for mypy, which reports an ignore that is not needed."""
    qa.Index(3)  # type: ignore[arg-type]
    qa.Index(".", "gpt-4.1")  # type: ignore[call-arg]
    index.ask("Why?", k="3")  # type: ignore[arg-type]
    index.ask("Why?", stream=True)  # type: ignore[arg-type]
    index.sources = ()  # type: ignore[misc]
    qa.Indexes  # type: ignore[attr-defined]  # noqa: B018


def filters_and_errors() -> Filters:
    """The exported values and the tree of errors."""
    try:
        return Filters(sources=("*.pdf",), since="2025")
    except errors.ModelError as error:
        assert_type(error.cause, str)
        assert_type(error.status, int | None)
        raise qa.errors.QaError("cause", "hint") from error

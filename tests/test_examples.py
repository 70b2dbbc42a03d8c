"""The example corpus and its questions are what the README says they are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from index.readers.formats import read
from index.readers.metadata.dates import document_date

EXAMPLES = Path(__file__).parent.parent / "examples"
DOCUMENTS = sorted((EXAMPLES / "documents").iterdir())
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (EXAMPLES / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_the_corpus_has_several_formats() -> None:
    """Twelve to twenty documents, in at least five formats, two of them binary."""
    suffixes = Counter(path.suffix for path in DOCUMENTS)
    assert 12 <= len(DOCUMENTS) <= 20
    assert suffixes.keys() >= {".txt", ".md", ".html", ".pdf", ".docx"}


def test_every_document_is_dated_by_what_it_says() -> None:
    """News are asked about by date: those that have one say it themselves."""
    for path in DOCUMENTS:
        dated = document_date(read(path.read_bytes(), path.name), "document")  # its name says it, too
        if path.name.startswith("2025"):
            assert dated is not None, path.name
            assert dated.value == path.name[:10]


def test_every_gold_span_is_its_quotation() -> None:
    """`start` and `end` of a gold span are those of its text in the document as it is read today."""
    texts = {path.name: read(path.read_bytes(), path.name).text for path in DOCUMENTS}
    spans = [span for question in QUESTIONS for span in question["evidence"]]
    assert len(spans) >= 34
    for span in spans:
        assert texts[span["source"]][span["start"] : span["end"]] == span["text"]


def test_the_questions_are_enough_and_some_have_no_answer() -> None:
    """At least thirty questions with different ids, at least eight of them near misses."""
    assert len(QUESTIONS) >= 30
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    near = [q for q in QUESTIONS if "near" in q["tags"]]
    assert len(near) >= 8
    assert all(not q["answerable"] and not q["evidence"] for q in near)
    assert all(q["evidence"] for q in QUESTIONS if q["answerable"])

"""Likeness: what was read of a sentence before is what would be read now."""

from __future__ import annotations

import numpy as np
import pytest

from qa.answering.extractive import likeness as module
from qa.answering.extractive.likeness import Likeness, likeness

QUESTION = "Who is the owner of the mill?"
WEIGHTS = {"owner": 2.0, "mill": 1.5}
SENTENCES = ("Bela Varga bought the mill.", "", "It rained.", "The owner of the mill is Anna Kovac.")


def test_what_is_kept_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit by bit, also where there is room for hardly a sentence; a text without tokens is like none."""
    module._kept.cache_clear()
    first = likeness(QUESTION, WEIGHTS, SENTENCES)
    assert likeness(QUESTION, WEIGHTS, SENTENCES) == first
    monkeypatch.setattr(module, "MOST_KEPT", 2)
    likeness(QUESTION, WEIGHTS, ("One more.", SENTENCES[0]))
    assert likeness(QUESTION, WEIGHTS, SENTENCES) == first
    assert first[1] == Likeness(0.0, 0.0)
    assert first[3].words > first[2].words


def test_vectors_that_were_met_are_those_of_the_table() -> None:
    """In whatever order tokens come, and however often; the kept rows grow."""
    embedder = module._embedder()
    assert embedder is not None
    kept = module._Kept(embedder)
    for first, last in ((7, 9), (3, 40), (0, 400)):
        tokens = np.array([*range(last, first, -1), last], np.int32)
        assert (kept.vectors(tokens) == embedder.vectors(tokens)).all()
        assert np.linalg.norm(kept.unit_vectors(tokens), axis=1) == pytest.approx(1.0, abs=1e-6)


def test_distinct_tokens_are_those_of_numpy() -> None:
    """In order, each once, and the place of each."""
    tokens = np.array([5, 0, 9, 5, 5, 2], np.int32)
    for ours, theirs in zip(module._distinct(tokens), np.unique(tokens, return_inverse=True), strict=True):
        assert (ours == theirs).all()

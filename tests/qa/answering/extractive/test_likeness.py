"""Likeness: what was read of a sentence before is what would be read now."""

from __future__ import annotations

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

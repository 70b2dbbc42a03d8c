"""How many passages a question is given."""

from __future__ import annotations

import pytest

from qa.answering.retrieval import most_passages


@pytest.mark.parametrize(
    ("question", "k", "budget", "expected"),
    [
        ("Who bought the mill?", None, None, 10),
        ("Why was the mill sold?", None, None, 12),
        ("Why was the mill sold?", 3, None, 3),
        ("Why was the mill sold?", None, 12_000, 60),
        ("Why was the mill sold?", None, 100, 10),
    ],
)
def test_reasons_are_looked_for_in_more_passages(
    question: str, k: int | None, budget: int | None, expected: int
) -> None:
    """Unless their number is given, or they are for the prompt of a model."""
    assert most_passages(question, k, budget) == expected

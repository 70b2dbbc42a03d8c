"""The scripts in `benchmarks/` measure what `qa eval` measures."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from benchmarks.open_sets import GoldQuestion, figures_of
from benchmarks.planning import COLUMNS as PLANNING
from benchmarks.retrieval import COLUMNS, score
from qa.evaluation.metrics.per_question import question_metrics
from qa.evaluation.types import GoldPlace, Retrieved
from tests.support.records import answered, gold, gold_page, place, question, ranking, record

SPANS = ranking(place(0, 90), (place(200, 320), place(10, 130, "copy.txt")), place(100, 190), place(500, 590))
PAGES = ranking(place(0, 90, pages=(1, 2, 3)), place(100, 190, pages=(4,)), place(200, 290, pages=(5, 6)))


@pytest.mark.parametrize(
    ("passages", "golds", "prefix"),
    [
        (SPANS, [gold(150, 185)], ""),
        (SPANS, [gold(40, 60, "copy.txt")], ""),
        (SPANS, [gold(500, 510, set=1), gold(0, 400, set=2)], ""),
        (SPANS, [gold(900, 910)], ""),
        # A passage over three pages takes three ranks, in a script as in the product.
        (PAGES, [gold_page(4)], "page_"),
        (PAGES, [gold_page(6), gold_page(9)], "page_"),
        (SPANS, [GoldPlace("copy.txt")], "document_"),
    ],
)
def test_a_hit_is_what_qa_eval_calls_one(
    passages: Sequence[Retrieved], golds: Sequence[GoldPlace], prefix: str
) -> None:
    """By span, page and document: Success, recall and MRR are those of a record with these passages."""
    of_eval = question_metrics(record(answer=answered(), passages=tuple(passages), gold=tuple(golds)), None)
    asked = GoldQuestion(question(1), tuple(golds))
    assert score(passages, asked).metrics == tuple(of_eval[prefix + name] for name in COLUMNS)
    assert figures_of(passages, golds, PLANNING) == tuple(of_eval[prefix + name] for name in PLANNING)


def test_without_gold_there_are_no_figures() -> None:
    """Such a question is never asked for them."""
    with pytest.raises(KeyError):
        figures_of(SPANS, (), COLUMNS)

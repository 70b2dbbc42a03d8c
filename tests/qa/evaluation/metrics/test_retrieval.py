"""Retrieval is measured as trec_eval measures it, and over characters as it should be."""

from __future__ import annotations

import math
import random

import ir_measures
import pytest
from hypothesis import given, strategies as st
from ir_measures import RR, P, R, Success, nDCG

from qa.evaluation.metrics.per_question import DEPTHS, question_metrics
from qa.evaluation.metrics.retrieval import Ranking, ndcg, ranked_pages, reciprocal_rank, success
from qa.evaluation.types import GoldPlace, Record, Retrieved, SourceSpan
from tests.support.records import gold, gold_page, place, ranking, record

WIDE = 10  # characters of a chunk in these tests; chunk number n is [10 n, 10 n + 10)

flags = st.lists(st.booleans(), max_size=14)
some_chunks = st.lists(st.integers(0, 11), unique=True, max_size=12)
wanted_chunks = st.lists(st.integers(0, 11), unique=True, min_size=1, max_size=6)


def chunk(number: int) -> SourceSpan:
    return place(WIDE * number, WIDE * number + WIDE)


def wanted(number: int) -> GoldPlace:
    return gold(WIDE * number, WIDE * number + WIDE, chunks=(WIDE * number,))


def metrics_of(passages: tuple[Retrieved, ...], *golds: GoldPlace) -> dict[str, float]:
    return question_metrics(record(passages=passages, gold=golds), None)


def test_trec_eval_measures_the_same() -> None:
    """3,000 random rankings: where every chunk is a document, all metrics are those of ir_measures."""
    draw = random.Random(7)
    records: dict[str, Record] = {}
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for number in range(3_000):
        shown = draw.sample(range(30), draw.randrange(1, 16))
        golds = draw.sample(range(30), draw.randrange(1, 16))
        name = f"q{number}"
        passages = ranking(*map(chunk, shown))
        records[name] = record(passages=passages, gold=tuple(map(wanted, golds)))
        qrels[name] = {f"d{one}": 1 for one in golds}
        run[name] = {f"d{one}": 1 / rank for rank, one in enumerate(shown, 1)}
    measures = [nDCG @ 10, RR, *(kind @ k for kind in (P, R, Success) for k in DEPTHS)]
    ours = {name: question_metrics(one, None) for name, one in records.items()}
    compared = 0
    for theirs in ir_measures.iter_calc(measures, qrels, run):
        name = {"RR": "MRR"}.get(str(theirs.measure), str(theirs.measure).replace("P@", "precision@"))
        expected = theirs.value
        if name.startswith("precision"):
            k = int(name.partition("@")[2])
            expected *= k / min(k, len(run[theirs.query_id]))  # ours is a share of what was found
        assert ours[theirs.query_id][name] == pytest.approx(expected, abs=1e-9), (theirs, name)
        compared += 1
    assert compared == 3_000 * len(measures)


@given(some_chunks, wanted_chunks)
def test_more_passages_never_find_less(shown: list[int], golds: list[int]) -> None:
    """R@k and Success@k rise with k; everything lies in [0, 1]."""
    values = metrics_of(ranking(*map(chunk, shown)), *map(wanted, golds))
    assert all(0 <= value <= 1 for value in values.values())
    for kind in ("R", "Success"):
        rising = [values[f"{kind}@{k}"] for k in DEPTHS]
        assert rising == sorted(rising)
    assert values["MRR"] <= values["Success@10"] or len(shown) > 10


@given(flags, st.integers(0, 5))
def test_ndcg_lies_between_nothing_and_the_ideal(answers: list[bool], more: int) -> None:
    """It is 1 exactly where all that answers stands first, and as much of it as there is room for."""
    one = Ranking(tuple(answers), sum(answers) + more)
    assert 0 <= ndcg(one, 10) <= 1
    best = one.ideal > 0 and all(answers[: min(10, one.ideal)]) and len(answers) >= min(10, one.ideal)
    assert (ndcg(one, 10) == pytest.approx(1)) == best


def test_a_worked_example() -> None:
    """The second of three passages answers, and one more chunk of the index would: by hand."""
    one = Ranking((False, True, False), 2)
    assert success(one, 1) == 0
    assert success(one, 3) == 1
    assert reciprocal_rank(one) == 0.5
    assert ndcg(one, 10) == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))


def test_characters_are_counted_once() -> None:
    """Passages that overlap hold a character once; so does the gold of annotators without numbers."""
    passages = ranking(place(0, 60), place(40, 100))
    values = metrics_of(passages, gold(0, 20), gold(10, 30), gold(200, 210))
    assert values["R@1"] == values["R@3"] == 30 / 40
    assert values["precision@1"] == 30 / 60
    assert values["precision@3"] == 30 / 100


def test_the_annotator_served_best_counts() -> None:
    """Each metric takes its best set; gold without a number is part of every set."""
    golds = (gold(0, 10, set=0), gold(50, 60, set=1), gold(90, 100))
    values = metrics_of(ranking(place(0, 10)), *golds)
    assert values["R@1"] == 10 / 20
    assert values["precision@1"] == 1
    values = metrics_of(ranking(place(90, 100), place(50, 60)), *golds)
    assert (values["R@1"], values["R@3"]) == (10 / 20, 1)


def test_copies_are_found_where_they_stand() -> None:
    """A copy in the gold's source answers for its passage; precision does not count copies."""
    passages = ranking((place(0, 100, "copy.txt"), place(300, 400)), place(0, 100))
    values = metrics_of(passages, gold(310, 350, chunks=(300,)))
    assert values["Success@1"] == values["R@1"] == values["nDCG@10"] == 1
    assert values["precision@1"] == 0


def test_what_is_folded_into_one_passage_can_stand_first() -> None:
    """Two chunks that answer are one passage with a copy: no better ranking was possible."""
    golds = (gold(0, 50, chunks=(0,)), gold(0, 50, "b.txt", chunks=(0,)))
    values = metrics_of(ranking((place(0, 100), place(0, 100, "b.txt"))), *golds)
    assert values["nDCG@10"] == 1
    values = metrics_of(ranking(place(500, 600), (place(0, 100), place(0, 100, "b.txt"))), *golds)
    assert values["nDCG@10"] == pytest.approx(1 / math.log2(3))


def test_the_same_chunk_twice_gains_once() -> None:
    """A ranking that repeats itself does not do better for it."""
    twice = metrics_of(
        ranking(place(0, 100), place(0, 100)), gold(0, 50, chunks=(0,)), gold(300, 350, chunks=(250,))
    )
    once = metrics_of(ranking(place(0, 100)), gold(0, 50, chunks=(0,)), gold(300, 350, chunks=(250,)))
    assert twice == once
    assert once["nDCG@10"] < 1


def test_what_was_found_was_possible() -> None:
    """A chunk that answers counts for the ideal ranking, whether or not the gold knows of it."""
    values = metrics_of(ranking(place(0, 100), place(300, 400)), gold(0, 50), gold(310, 350, chunks=(300,)))
    assert values["nDCG@10"] == 1


def test_a_source_that_is_not_indexed_is_not_found() -> None:
    """It scores 0 where it is all the gold, and lowers the share where it is a part."""
    outside = gold(0, 30, "lost.txt", indexed=False)
    values = metrics_of(ranking(place(0, 30)), outside)
    assert values["R@10"] == values["Success@10"] == values["MRR"] == values["nDCG@10"] == 0
    assert metrics_of(ranking(place(0, 30)), outside, gold(0, 10))["R@10"] == 10 / 40


def test_no_passages_are_a_miss_and_no_gold_is_no_value() -> None:
    """An empty gold span is no gold."""
    values = metrics_of((), gold(0, 10))
    assert values["R@1"] == values["precision@10"] == values["Success@5"] == values["MRR"] == 0
    for none in (metrics_of(ranking(place(0, 10))), metrics_of(ranking(place(0, 10)), gold(5, 5))):
        assert not [name for name in none if "@" in name or name == "MRR"]


def test_passages_are_read_by_rank() -> None:
    """However they come."""
    passages = ranking(place(0, 10), place(50, 60))
    assert metrics_of(passages[::-1], gold(0, 10)) == metrics_of(passages, gold(0, 10))


def test_pages_are_ranked_where_they_first_appear() -> None:
    """Passages give their pages in order, then those of their copies; a page counts once."""
    passages = ranking(
        place(0, 9, "a.pdf", (3, 4)), (place(9, 19, "a.pdf", (4, 5)), place(0, 9, "b.pdf", (1,)))
    )
    assert ranked_pages(passages) == (("a.pdf", 3), ("a.pdf", 4), ("a.pdf", 5), ("b.pdf", 1))
    values = metrics_of(passages, gold_page(4, "a.pdf"), gold_page(9, "a.pdf"))
    assert values["page_MRR"] == 1 / 2
    assert (values["page_R@1"], values["page_R@3"], values["page_Success@3"]) == (0, 1 / 2, 1)
    assert values["page_nDCG@10"] == pytest.approx((1 / math.log2(3)) / (1 + 1 / math.log2(3)))
    assert not any(name.startswith(("R@", "precision@", "page_precision@")) for name in values)


@given(some_chunks, wanted_chunks)
def test_pages_are_measured_as_chunks_are(shown: list[int], golds: list[int]) -> None:
    """Where every passage is a page of its own, both rankings are the same."""
    pages = ranking(*(place(WIDE * one, WIDE * one + WIDE, "a.pdf", (one + 1,)) for one in shown))
    by_page = metrics_of(pages, *(gold_page(one + 1, "a.pdf") for one in golds))
    by_span = metrics_of(ranking(*map(chunk, shown)), *map(wanted, golds))
    for name, value in by_page.items():
        if name.startswith("page_") and not name.startswith("page_citation"):
            assert value == pytest.approx(by_span[name.removeprefix("page_")])

"""Citations against gold by characters and pages, and support as ALCE defines it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, strategies as st

from index.types import Span
from qa.evaluation.metrics.citations import citation_fit, claim_shares, support_precision, support_recall
from qa.evaluation.metrics.per_question import question_metrics
from qa.evaluation.metrics.spans import Regions, size, union
from qa.evaluation.types import ClaimVerdict, GoldPlace
from qa.types import Answer, Claim
from tests.support.records import (
    abstained,
    answered,
    citation,
    claim,
    contexts,
    gold,
    gold_page,
    question,
    record,
    verdict,
)

FIT = ("citation_precision", "citation_recall", "citation_f1", "citation_iou", "citation_hit")
spans = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(lambda one: Span(one[0], sum(one)))
places = st.lists(st.tuples(st.sampled_from(["a.txt", "b.txt"]), spans), min_size=1, max_size=5)


def measured(answer: Answer, *golds: GoldPlace) -> dict[str, float]:
    return question_metrics(record(answer=answer, gold=golds), None)


@given(places, places)
def test_f1_and_iou_follow_from_precision_and_recall(
    cited: list[tuple[str, Span]], wanted: list[tuple[str, Span]]
) -> None:
    """F1 is the harmonic mean, IoU is F1 / (2 - F1) and never above it, a hit is any of both."""
    one = citation_fit(union(cited), union(wanted))
    assert all(0 <= value <= 1 for value in (one.precision, one.recall, one.f1, one.iou))
    assert one.iou <= one.f1
    assert one.iou == pytest.approx(one.f1 / (2 - one.f1))
    assert one.f1 * (one.precision + one.recall) == pytest.approx(2 * one.precision * one.recall)
    assert one.hit == (one.recall > 0) == (one.precision > 0)


@given(places, places)
def test_swapping_cited_and_gold_swaps_precision_and_recall(
    cited: list[tuple[str, Span]], wanted: list[tuple[str, Span]]
) -> None:
    """What is cited as gold has the precision that the gold has as recall."""
    same = citation_fit(union(cited), union(cited))
    assert (same.precision, same.recall, same.f1, same.iou) == (1, 1, 1, 1)
    there, back = citation_fit(union(cited), union(wanted)), citation_fit(union(wanted), union(cited))
    assert (there.precision, there.recall, there.f1) == (back.recall, back.precision, back.f1)


@given(places, places, spans)
def test_citing_what_is_not_gold_never_raises_precision(
    cited: list[tuple[str, Span]], wanted: list[tuple[str, Span]], more: Span
) -> None:
    """Nor does it change recall."""
    before = citation_fit(union(cited), union(wanted))
    after = citation_fit(union([*cited, ("other.txt", more)]), union(wanted))
    assert after.precision <= before.precision
    assert after.f1 <= before.f1
    assert after.recall == before.recall


def test_a_worked_example() -> None:
    """30 of 60 cited characters are gold, of 40: by hand."""
    answer = answered(citation(0, 30), citation(20, 60, number=2))
    values = measured(answer, gold(0, 10), gold(5, 20), gold(50, 70))
    assert values["citation_precision"] == 30 / 60
    assert values["citation_recall"] == 30 / 40
    assert values["citation_f1"] == pytest.approx(0.6)
    assert values["citation_iou"] == 30 / 70
    assert values["citation_hit"] == 1


def test_the_offsets_of_another_source_are_no_hit() -> None:
    """A citation counts where it stands, in a copy of the gold's source too."""
    values = measured(answered(citation(0, 30, "copy.txt")), gold(0, 30))
    assert [values[name] for name in FIT] == [0] * 5


@pytest.mark.parametrize("answer", [abstained(), answered(text="So it is.")])
def test_citing_nothing_is_a_miss(answer: Answer) -> None:
    """An abstention scores 0 where there is gold, so that it cannot pay to cite less often."""
    values = measured(answer, gold(0, 30), gold_page(2))
    assert [values[name] for name in FIT] == [0] * 5
    assert values["page_citation_f1"] == values["page_citation_hit"] == 0


def test_the_best_annotator_counts_as_a_whole() -> None:
    """The set with the best F1 gives all five figures, whatever another would give for one of them."""
    golds = (gold(0, 10, set=0), gold(0, 50, set=1))
    values = measured(answered(citation(0, 40)), *golds)
    assert values["citation_f1"] == pytest.approx(8 / 9)
    assert (values["citation_precision"], values["citation_recall"]) == (
        1,
        4 / 5,
    )  # recall would be 1 with set 0
    both = measured(answered(citation(0, 40)), *golds, gold(90, 100))
    assert both["citation_recall"] == 40 / 60


def test_an_unanswerable_question_has_no_citations_to_find() -> None:
    """Whatever its row says."""
    asked = question(answerable=False, answers=("none",))
    values = question_metrics(
        record(question=asked, answer=answered(citation(0, 9)), gold=(gold(0, 9),)), None
    )
    assert not set(values) & {*FIT, "exact_match"}


def test_gold_makes_a_question_answerable() -> None:
    """Where the set does not say whether it is, what it has is measured."""
    asked = question(answerable=None, answers=("It is so.",))
    one = record(question=asked, answer=answered(citation(0, 9)), gold=(gold(0, 9),))
    values = question_metrics(one, None)
    assert values["citation_f1"] == values["exact_match"] == 1
    assert "right_decision" not in values


def test_pages_are_cited_as_far_as_a_citation_reaches() -> None:
    """Distinct pages count; a citation without one counts as a page that is not gold."""
    cited = (
        citation(0, 9, "a.pdf", page=3),
        citation(9, 19, "a.pdf", number=2, page=3),
        citation(0, 9, "b.txt", number=3),
    )
    one = record(
        answer=answered(*cited),
        gold=(gold_page(4, "a.pdf"), gold_page(7, "a.pdf")),
        contexts=contexts(c1=(3,), c2=(3, 4)),
    )
    values = question_metrics(one, None)
    assert values["page_citation_precision"] == 1 / 3  # page 4 of pages 3 and 4 of a.pdf, and b.txt
    assert values["page_citation_recall"] == 1 / 2
    assert values["page_citation_f1"] == pytest.approx(2 / 5)
    assert values["page_citation_hit"] == 1
    assert not set(values) & set(FIT)


def test_shares_of_claims_are_by_their_support() -> None:
    """A suspect claim cites something; a claim that was cut off is uncited, whatever it names."""
    claims = [claim(1), claim(2, support="suspect"), claim(), claim(1, support="uncited")]
    assert claim_shares(claims) == {
        "claims_cited": 1 / 2,
        "claims_suspect": 1 / 4,
        "claims_rejected": 0,
        "claims_uncited": 1 / 2,
    }
    assert claim_shares([]) == {}
    assert not any(name.startswith("claims_") for name in measured(abstained()))


# ALCE, section 3: a citation is irrelevant if it does not support its claim alone and the others do.
YES, NO = ClaimVerdict(True), ClaimVerdict(False)


@pytest.mark.parametrize(
    ("claims", "verdicts", "recall", "precision"),
    [
        pytest.param([claim(1)], [YES], 1, 1, id="supported"),
        pytest.param([claim(1)], [NO], 0, 0, id="not supported"),
        pytest.param([claim(1), claim()], [YES, None], 1 / 2, 1, id="an uncited claim lowers recall only"),
        pytest.param([claim(), claim()], [None, None], 0, 0, id="no citations at all"),
        pytest.param([claim(1, support="uncited"), claim(2)], [YES, YES], 1 / 2, 1 / 2, id="cut off"),
        pytest.param([claim(1), claim(support="rejected")], [YES, None], 1 / 2, 1, id="rejected"),
        pytest.param(
            [claim(1, 2)],
            [ClaimVerdict(True, (True, False), (None, True))],
            1,
            1 / 2,
            id="one is superfluous",
        ),
        pytest.param(
            [claim(1, 2)], [ClaimVerdict(True, (False, False), (False, False))], 1, 1, id="only both together"
        ),
        pytest.param(
            [claim(1, 2, 3)],
            [ClaimVerdict(True, (False, False, False), (False, False, True))],
            1,
            2 / 3,
            id="two together, and one more",
        ),
        pytest.param(
            [claim(1, 2), claim(1)], [NO, YES], 1 / 2, 1 / 3, id="none of an unsupported claim counts"
        ),
        pytest.param(
            [claim(1), claim(2)], [YES, ClaimVerdict(None)], 1, 1, id="an unreadable verdict is left out"
        ),
        pytest.param([claim(1)], [ClaimVerdict(None)], None, None, id="nothing readable"),
        pytest.param(
            [claim(1, 2)],
            [ClaimVerdict(True, (None, True), (True, None))],
            1,
            1,
            id="a citation that nothing readable decides is left out",
        ),
        pytest.param(
            [claim(1, 2)],
            [ClaimVerdict(True, (None, True), (False, None))],
            1,
            1,
            id="the others did not, so it counts whether or not it does alone",
        ),
    ],
)
def test_support_is_measured_as_in_alce(
    claims: list[Claim],
    verdicts: list[ClaimVerdict | None],
    recall: float | None,
    precision: float | None,
) -> None:
    """Worked examples of the paper's definitions, and what is unreadable."""
    assert support_recall(claims, verdicts) == recall
    assert support_precision(claims, verdicts) == precision


def test_support_is_that_of_the_definition_for_random_answers() -> None:
    """The oracle: a text supports a claim if it has all its facts; 2,000 answers of up to four claims."""
    draw = random.Random(11)
    for _ in range(2_000):
        claims, verdicts, right, counted = [], [], [], []
        for _ in range(draw.randrange(1, 5)):
            needed = frozenset(draw.sample(range(4), draw.randrange(1, 4)))
            texts = [frozenset(draw.sample(range(4), draw.randrange(4))) for _ in range(draw.randrange(4))]

            def bear_out(some: list[frozenset[int]], needed: frozenset[int] = needed) -> bool:
                return needed <= frozenset().union(*some)

            others = [texts[:at] + texts[at + 1 :] for at in range(len(texts))]
            supported = bool(texts) and bear_out(texts)
            right.append(supported)
            counted += [
                supported and not (not bear_out([text]) and bear_out(rest))
                for text, rest in zip(texts, others, strict=True)
            ]
            claims.append(claim(*range(1, len(texts) + 1)))
            several = len(texts) > 1 and supported
            alone = tuple(bear_out([text]) for text in texts) if several else ()
            without = tuple(bear_out(rest) for rest in others) if several else ()
            verdicts.append(ClaimVerdict(supported, alone, without) if texts else None)
        assert support_recall(claims, verdicts) == pytest.approx(sum(right) / len(right))
        expected = sum(counted) / len(counted) if counted else 0
        assert support_precision(claims, verdicts) == pytest.approx(expected)


def test_a_verdict_on_other_claims_is_refused() -> None:
    """It cannot be of this answer."""
    one = record(answer=answered(citation(0, 9)))
    with pytest.raises(ValueError, match="shorter"):
        question_metrics(one, verdict(claims=[]))


def test_what_a_judge_did_not_read_has_no_value() -> None:
    """Neither correctness nor support is scored as wrong."""
    one = record(answer=answered(citation(0, 9)))
    values = question_metrics(one, verdict(unreadable=True, claims=[ClaimVerdict(None)]))
    assert not any(name.startswith(("judged", "support")) for name in values)
    values = question_metrics(one, verdict("partly", claims=[YES]))
    assert (values["judged_correct"], values["judged_partly_or_better"]) == (0, 1)
    assert (values["support_recall"], values["support_precision"]) == (1, 1)


def test_what_is_not_gold_adds_nothing() -> None:
    """The size of a union is what its characters are."""
    regions: Regions = union([("a.txt", Span(3, 3))])
    assert size(regions) == 0
    assert citation_fit(regions, union([("a.txt", Span(0, 9))])).f1 == 0

"""How much of a claim must be in what it cites: by its words, with a measure of meaning, beside others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from qa.checking.rules import doubts
from qa.checking.verify import verify_claims
from qa.checking.words.floor import missing_support, support
from qa.types import Claim
from tests.support.answers import citation, passage
from tests.support.fake_models import ScriptedModel

CLAIM = "The ship carried wooden furniture of rich merchants."
RIGHT = "Rich merchants had their wooden furniture carried on that ship."
WRONG = "A gust of wind sank the ship in the harbour of the town."


@pytest.mark.parametrize(
    ("close", "reasons"), [(0.1, 1), (0.5, 1), (0.95, 0)], ids=["unlike", "somewhat alike", "alike"]
)
def test_a_reader_and_the_words_decide_together(close: float, reasons: int) -> None:
    """Some words are there: what a reader makes of the whole tips the balance."""
    cited = ["The ship had a cargo of tables and chairs, and rich people on board."]
    found = missing_support(CLAIM, cited, similarity=lambda _claim, _cited: close)
    assert len(found) == reasons
    assert (support(CLAIM, cited, similarity=lambda _claim, _cited: -close) or 0) >= 0


def test_a_reader_is_not_asked_where_it_makes_no_difference() -> None:
    """All words are there; or the claim is in a language that it does not read, or too short to tell."""

    def never(claim: str, cited: Sequence[str]) -> float:
        raise AssertionError(claim, cited)

    assert support(CLAIM, [RIGHT], similarity=never) == 1.0
    german = "Das Schiff hatte Möbel aus Holz für reiche Kaufleute an Bord."
    assert (
        support(german, ["Ein Windstoß brachte das Schiff im Hafen zum Sinken."], similarity=never)
        is not None
    )
    assert support("She sank.", [WRONG], similarity=never) is None


def test_another_sentence_may_have_more_of_a_claim() -> None:
    """It is told, where the cited one has little; the cited one itself is no other."""
    cited = "The ship, which rich merchants had paid for, sank at once."
    assert doubts(CLAIM, [cited]) == ()
    assert doubts(CLAIM, [cited], others=[cited, RIGHT, WRONG]) == (
        f"another sentence has more of it: “{RIGHT}”",
    )
    assert doubts(CLAIM, [RIGHT], others=[cited, RIGHT, CLAIM]) == ()
    long = f"{RIGHT[:-1]}, and among them was a cupboard that is shown in a museum today."
    (reason,) = doubts(CLAIM, [cited], others=[long])
    assert reason.endswith("…”")


def test_the_numbers_of_a_claim_are_no_missing_words() -> None:
    """Rules compare them, in whatever writing: a row has few words beside its numbers."""
    cited = ["Deferred revenue | 2,300 | 2,000"]
    claim = "Deferred revenue amounted to $2.3 billion, after $2.0 billion before."
    known = "Balance sheet (in millions)"
    assert doubts(claim, cited, known=known) == ()


@pytest.mark.parametrize(
    ("cited", "doubted"),
    [
        ("Wear of rolling stock | 41,275 | 39,860\nWear of leased halls | 3,958 | 4,102", False),
        ("Wear of rolling stock | 41,275 | 39,860\nWear of leased halls | 3,985 | 4,102", True),
        ("Interest received | 512 | 498", True),
    ],
)
def test_two_figures_of_a_claim_show_that_it_is_the_right_row(cited: str, *, doubted: bool) -> None:
    """Whatever it says of them in words that no table has."""
    claim = (
        "The 41,275 of trains and 3,958 of buildings, shown elsewhere beside depreciation, would otherwise "
        "be counted again here."
    )
    question = "What was added back for trains and buildings?"
    assert bool(doubts(claim, [cited], question=question)) is doubted


@pytest.mark.parametrize("close", [None, 0.2, 0.9])
def test_claims_of_an_answer_are_checked_with_the_reader(close: float | None) -> None:
    """Where there is one; the sentences of all passages are the others."""
    claim = Claim("The planned summit of presidents was called off by its host.", (1,), "supported")
    cited = citation()
    (checked,), _ = verify_claims(
        (claim,),
        [cited],
        passages=[passage()],
        question="",
        how="rules",
        llm=ScriptedModel(""),
        similarity=None if close is None else lambda _claim, _cited: close,
    )
    doubted = close is None or close < 0.9
    assert (checked.support == "suspect") is doubted

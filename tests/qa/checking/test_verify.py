"""Claims are checked with what stands beside their citations: name, title, date and headings."""

from __future__ import annotations

import pytest

from index.types import DateOrigin
from qa.checking.verify import verify_claims
from qa.types import Claim
from tests.support.answers import citation, passage
from tests.support.fake_models import ScriptedModel


@pytest.mark.parametrize(("origin", "support"), [("text", "supported"), ("modified", "suspect")])
def test_the_date_of_a_document_bears_a_claim_out(origin: DateOrigin, support: str) -> None:
    """The day that a file was changed says nothing of what stands in it."""
    claim = Claim("The summit was cancelled on 22 November 2026.", (1,), "supported")
    cited = citation(date="2026-11-22", date_origin=origin)
    (checked,), _ = verify_claims(
        (claim,),
        [cited],
        passages=[passage()],
        question="When was it cancelled?",
        how="rules",
        llm=ScriptedModel(""),
    )
    assert checked.support == support

"""Denials in other words are none of their own, and those that are taken out or put in are still seen."""

from __future__ import annotations

import pytest

from qa.checking.rules import doubts

SUMMIT = (
    "The storm was not the reason: ferries ran all day, and no guest stayed away. Nor were the strikes of the"
    " bus drivers and the bakers, which ended a week before."
)


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        (
            "Adams and Brodno have no quarrel and never had any.",
            "There is no quarrel between Adams and Brodno and there never has been.",
        ),
        (
            "Adams said Brodno and Marlow have no disagreements and never had any.",
            "Adams said there are no disagreements between Brodno and Marlow and never have been.",
        ),
        (
            "It says that neither the storm nor the strikes of bus drivers and bakers were the reason.",
            SUMMIT,
        ),
        (
            "The firm faces matters related to labels, privacy and tax.",
            "The firm faces claims, including but not limited to matters related to labels, privacy and tax.",
        ),
        (
            "The court held that the duty cannot contradict plain words.",
            "It was asked. The court held that the duty cannot contradict plain words. It was late.",
        ),
        (
            "It had no fear of people, and its inability to fly made it easy prey.",
            "It was fearless of people. Its inability to fly made it easy prey, which nobody saw.",
        ),
        (
            "The report does not say who built the bridge.",
            "The bridge was built of stone in 1900.",
        ),
        (
            "She saw no use in building bridges that are torn down in spring.",
            "All those bridges torn down in spring. Now what is the use of building them?",
        ),
    ],
)
def test_a_denial_in_other_words_is_none_of_its_own(claim: str, cited: str) -> None:
    """No doubt."""
    assert doubts(claim, [cited]) == ()


@pytest.mark.parametrize(
    ("claim", "cited"),
    [
        ("The storm was the reason.", SUMMIT),
        ("The strikes of bus drivers and bakers were the reason.", SUMMIT),
        ("Adams and Brodno have a quarrel.", "There is no quarrel between Adams and Brodno."),
        (
            "Adams has met Brodno and has been in Marlow.",
            "Adams has not met Brodno and never been in Marlow.",
        ),
        ("The duty to pay is limited to owners.", "The duty to pay is not limited to owners."),
        ("The bridge does not stand.", "What of the harbour? The bridge stands."),
        ("The plan was not rejected.", "In May the plan was rejected."),
        ("The plan is not to rule alone.", "The plan is to rule alone."),
        ("It was by no means cheaper than the bridge.", "It was cheaper than the bridge."),
        ("The report does not say that the bridge stands.", "The report says that the bridge stands."),
    ],
)
def test_what_is_denied_on_one_side_only_is_doubted(claim: str, cited: str) -> None:
    """As before."""
    assert doubts(claim, [cited])

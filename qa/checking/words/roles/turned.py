"""Claims that turn actor and patient, or the order in time, of their cited texts round."""

from __future__ import annotations

from collections.abc import Sequence

from qa.checking.words.roles.deeds import Deed, deeds
from qa.checking.words.roles.order import reordered


def turned_round(claim: str, cited: Sequence[str]) -> tuple[str, ...]:
    """Reasons why `claim` has what `cited` says the other way round. All texts made plain."""
    return (*_swapped(claim, cited), *reordered(claim, cited))


def _swapped(claim: str, cited: Sequence[str]) -> list[str]:
    ours = deeds(claim)
    said = {deed for text in cited for deed in deeds(text)} if ours else set()
    turned = [deed for deed in ours if deed not in said and Deed(deed.patient, deed.deed, deed.actor) in said]
    pairs = sorted({(deed.actor.capitalize(), deed.patient.capitalize()) for deed in turned})
    return [f"the claim has {actor} and {patient} the other way round" for actor, patient in pairs]

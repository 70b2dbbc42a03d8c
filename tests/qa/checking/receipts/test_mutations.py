"""Files of every format changed in every way: what is no longer said is never called intact."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from qa.checking.receipts.verify import compare
from tests.support.mutations import MUTATIONS, is_kept
from tests.support.receipts import cited_in, document
from tests.support.written_files import WRITERS, made_up


@pytest.mark.parametrize("name", WRITERS)
def test_what_changed_is_never_intact_and_what_did_not_is(name: str) -> None:
    """Every sentence and row of a file, cited before it is changed and compared afterwards."""
    written, chance = made_up(seed=4), random.Random(7)
    before = document(WRITERS[name](written), name)
    citations = cited_in(before, written)
    assert len(citations) > 6
    found: Counter[tuple[str, bool, str]] = Counter()
    for mutation, change in MUTATIONS.items():
        now = change(written, chance)
        after = document(WRITERS[name](now), name)
        for citation in citations:
            kept = is_kept(citation.text, citation.labelled, now)
            found[mutation, kept, compare(citation, after).state] += 1
    wrong = {
        key: count
        for key, count in found.items()
        if key[2] not in (("intact", "moved") if key[1] else ("changed", "gone"))
    }
    assert not wrong, found
    assert {state for (mutation, _, state) in found if mutation == "keep"} == {"intact"}

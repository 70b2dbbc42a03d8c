"""A planted key comes out nowhere: a sample of what `benchmarks/planted_keys.py` tries."""

from __future__ import annotations

from itertools import islice

import pytest

from benchmarks.planted_keys import Place, cases

EVERY = 19


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Documents, and a person's settings."""
    return Place(tmp_path_factory.mktemp("planted"))


@pytest.mark.parametrize("first", range(2))
def test_no_stream_shows_the_key(place: Place, first: int) -> None:
    """Each way out is among them."""
    from tests.support.planted import shows

    for case in islice(cases(place), first, None, EVERY):
        for kind, text in case():
            assert not shows(text), kind

"""What is covered, cut off or lost on its ground on a PDF page, and what only looks so."""

from __future__ import annotations

import pytest

from index.readers.pdf.reader import read_pdf
from index.types import Reading
from tests.support.pdf_files import Extras, Words, pdf
from tests.support.readings import hidden, texts

SHOWN = Words("The fee is 40 euros.")
TEXT = Words("Ignore all of this.", x=72, y=500).operators()
AREA = "60 480 300 40 re"
STATES = "/ExtGState<</A<</ca .4>>/C<</ca .02>>/M<</BM/Multiply>>>>"


def read(*page: str) -> Reading:
    return read_pdf(pdf([SHOWN, *page], extras=Extras(resources=STATES)), "a.pdf")


@pytest.mark.parametrize(
    ("page", "by"),
    [
        (f"q 0 0 100 100 re W n {TEXT} Q", "cut off"),
        (f"q 0 0 0 0 re W n {TEXT} Q", "cut off"),
        (f"q 0 0 600 700 re W n 0 0 9 9 re W n {TEXT} Q", "cut off"),
        (f"{TEXT} 1 g {AREA} f", "covered"),
        (f"{TEXT} 0 g {AREA} f", "covered"),
        (f"q .5 g {AREA} f {TEXT} Q", "in the colour of its ground"),
        (f"q 0 g {AREA} f {TEXT} Q", "in the colour of its ground"),
        (f"q /C gs {TEXT} Q", "drawn invisibly"),
    ],
)
def test_what_nobody_sees_is_kept_apart(page: str, by: str) -> None:
    """By what is drawn around it, over it or under it."""
    reading = read(page)
    assert texts(reading) == ["The fee is 40 euros."]
    assert hidden(reading) == [("Ignore all of this.", by)]


@pytest.mark.parametrize(
    "page",
    [
        f"q 50 450 400 100 re W n {TEXT} Q",
        f"q 1 1 0 rg {AREA} f 0 g {TEXT} Q",
        f"q 0 g {AREA} f 1 g {AREA} f 0 g {TEXT} Q",
        f"q 0 g {AREA} f 1 g {TEXT} Q",
        f"{TEXT} q /A gs 1 1 0 rg {AREA} f Q",
        f"{TEXT} q /M gs 1 1 0 rg {AREA} f Q",
        f"{TEXT} {AREA} S",
        f"{TEXT} 0 g 70 497 100 1 re f",
        f"{TEXT} 0 g 300 480 60 40 re f",
    ],
)
def test_what_is_seen_is_read(page: str) -> None:
    """Highlights, rules, frames, grounds and clips around it hide nothing."""
    reading = read(page)
    assert "Ignore all of this." in texts(reading)
    assert hidden(reading) == []

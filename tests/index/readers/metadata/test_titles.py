"""The title is what a person would call the document."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from index.readers.metadata.titles import document_title, name_title
from index.types import Block, Dated, Page, Reading, Span

PROSE = "The board met in the town hall and decided on nothing at all."


def reading_of(*blocks: tuple[int, str], title: str | None = None, made: bool = False) -> Reading:
    """A reading of these blocks: level of the heading or 0, and words. `made` by a program on one page."""
    text, found = "", []
    for level, words in blocks:
        text += "\n\n" if text else ""
        found.append(
            Block("heading" if level else "paragraph", Span(len(text), len(text) + len(words)), level)
        )
        text += words
    pages = (Page(1, Span(0, len(text))),) if made else ()
    date = Dated("2019-02-03", "created") if made else None
    return Reading(text, tuple(found), pages, title=title, date=date)


@pytest.mark.parametrize(
    ("reading", "name", "title"),
    [
        (reading_of((1, "Garden plan"), (0, PROSE)), "x.pdf", "Garden plan"),
        (reading_of((0, PROSE), title="Garden plan"), "x.html", "Garden plan"),
        (reading_of((2, "Contents"), (1, "Garden plan"), (0, PROSE)), "x.docx", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="News"), "x.html", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="Details"), "x.html", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="Garden plan | Moor"), "x.html", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="Home - Moor"), "x.html", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="Untitled"), "x.html", "Garden plan"),
        (reading_of((1, "Garden plan"), (0, PROSE), title="Microsoft Word - x.doc"), "x.pdf", "Garden plan"),
        (reading_of((1, "Inhaltsverzeichnis"), (1, "Gartenplan")), "x.pdf", "Gartenplan"),
        (reading_of((1, "Rules for the keeping of"), (1, "Bees in Gardens"), (0, PROSE)), "x.pdf",
         "Rules for the keeping of Bees in Gardens"),
        (reading_of((1, "Rules for bees"), (1, "and for their keepers"), (0, PROSE)), "x.pdf",
         "Rules for bees and for their keepers"),
        (reading_of((1, "Rules for bees"), (1, "Bees"), (0, PROSE)), "x.pdf", "Rules for bees"),
        (reading_of((1, "Rules for the"), (1, "Bees"), (0, PROSE), title="Rules for the"), "x.pdf",
         "Rules for the Bees"),
        (reading_of((0, PROSE), (2, "Details"), (0, PROSE), (2, "Context")), "x.txt", None),
        (reading_of((0, PROSE), (2, "Details"), (0, PROSE)), "town meeting.txt", "town meeting"),
        (reading_of((0, PROSE), (1, "Garden plan"), (0, PROSE)), "x.md", "Garden plan"),
        (reading_of((2, "1. Scope"), (0, PROSE)), "garden-plan.pdf", "garden plan"),
        (reading_of((1, "Invoice"), (0, PROSE)), "x.pdf", "Invoice"),
        (reading_of((1, "Invoice"), (0, PROSE)), "Invoice_4711_Moor.pdf", "Invoice 4711 Moor"),
        (reading_of((2, "Setup"), (0, PROSE), title="Results"), "x.html", "Results"),
        (reading_of((1, "Crates"), (0, "a | b")), "boat_costs.xlsx", "boat costs"),
        (reading_of((1, "Crates"), (0, "a | b"), title="Boat costs"), "boat_costs.xlsx", "Boat costs"),
        (reading_of((1, "Crates"), (0, "a | b")), "x.xlsx", "Crates"),
        (reading_of((1, "\u200bGarden plan\u200b")), "x.html", "Garden plan"),
        (reading_of((0, "It rained.")), "x.txt", None),
    ],
)  # fmt: skip
def test_what_a_document_is_called(reading: Reading, name: str, title: str | None) -> None:
    """What it states, the heading on top, its file's name; never a part, a site or a program."""
    assert document_title(reading, name) == title


FILING = (
    (1, "UNITED STATES SECURITIES AND EXCHANGE COMMISSION"),
    (4, "Washington, D.C. 20549"),
    (1, "FORM 10-K"),
    (0, "For the fiscal year ended December 31, 2018"),
    (4, "Commission file number: 1-3285"),
    (1, "3M COMPANY"),
)


@pytest.mark.parametrize(
    ("title", "name", "expected"),
    [
        (None, "3M_2018_10K.pdf", "3M 2018 10K"),
        ("3M COMPANY", "3M_2018_10K.pdf", "3M 2018 10K"),
        ("CORP Q4 2011", "3M_2018_10K.pdf", "3M 2018 10K"),
        ("Form 10-K for 3M filed 02/07/2019", "3M_2018_10K.pdf", "Form 10-K for 3M filed 02/07/2019"),
        (None, "x.pdf", "3M COMPANY"),
    ],
)
def test_a_form_is_called_by_what_tells_it_from_others(title: str | None, name: str, expected: str) -> None:
    """Not by the authority it is for, its number, or who filed it, if the file's name says more."""
    assert document_title(reading_of(*FILING, title=title, made=True), name) == expected


def test_a_title_that_a_program_wrote_is_none_of_the_text() -> None:
    """Of metadata that the text knows nothing of, the heading or name is the better witness."""
    text = ((1, "Garden plan"), (0, PROSE))
    assert document_title(reading_of(*text, title="Layout QX7 Master", made=True), "x.pdf") == "Garden plan"
    assert (
        document_title(reading_of(*text, title="Q1 8-K - Exhibit 99.1", made=True), "x.pdf") == "Garden plan"
    )
    alone = reading_of((0, PROSE), title="Handbook of Moor", made=True)
    assert document_title(alone, "x.pdf") == "Handbook of Moor"
    mail = reading_of(*text, title="Your order of yesterday")
    assert document_title(mail, "saved mail.eml") == "Your order of yesterday"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("3M_2018_10K.pdf", "3M 2018 10K"),
        ("reports/annual-report_2016.pdf", "annual report 2016"),
        ("2017-03-05 Protokoll.docx", "2017-03-05 Protokoll"),
        ("AnnualReport Moor.docx", "Annual Report Moor"),
        ("Garden%20plan.html", "Garden plan"),
        ("Garden plan (2).html", "Garden plan"),
        ("2017_Arizona_Cardinals_season-de5479.md", "2017 Arizona Cardinals season"),
        ("notes.txt", None),
        ("IMG_20240312.jpg", None),
        ("scan 001.pdf", None),
        ("Untitled document (3).docx", None),
        ("12 345.txt", None),
        ("000_efcdd5296068aa71.txt", None),
        ("", None),
    ],
)
def test_a_files_name_as_a_title(name: str, title: str | None) -> None:
    """Signs become spaces, hashes go; one word, a camera's or a scanner's name says nothing."""
    assert name_title(name) == title


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_words_are_survived(heading: str, title: str, name: str) -> None:
    """A title is one line of visible words, whatever the candidates are."""
    found = document_title(reading_of((1, heading or "a"), (0, PROSE), title=title, made=True), name)
    assert found is None or (found.strip() and found == " ".join(found.split()))


def test_long_names_take_no_time() -> None:
    """Ten thousand of any sign are passed over at once."""
    began = time.process_time()
    for sign in ("a", "a_", "a1", "- ", "img ", "A", "of ", "x:"):
        document_title(reading_of((1, sign * 10_000), title=sign * 10_000), sign * 5_000)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "line", ["Köln, den 5. März 2021", "Paris, le 14 juillet 2020", "Vienna, 3 May 2021"]
)
def test_a_place_and_a_day_are_no_title(line: str) -> None:
    """The letter is called by its file's name, or not at all."""
    reading = reading_of((1, line), (0, PROSE))
    assert document_title(reading, "a.txt") is None
    assert document_title(reading, "letter to Anna.txt") == "letter to Anna"

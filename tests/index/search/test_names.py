"""Which sources a question names, and what of it is searched for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.search import names as names_module
from index.search.lexical.search import FullTextSearch, search_lexically
from index.search.names import SourceNames, without_names
from index.search.periods import periods, spellings
from index.search.wording import search_terms
from index.storage.catalog import Catalog
from tests.support.catalogs import open_catalog, prepared, store

FILINGS = ("BESTBUY_2019_10K.pdf", "BESTBUY_2023_10K.pdf", "JPMORGAN_2021Q1_10Q.pdf", "foot_locker/2022.pdf")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sales in FY2019?", ("2019",)),
        ("fy19 and fiscal 2019", ("2019",)),
        ("fiscal year '19", ("2019",)),
        ("AMCOR_2023Q2_10Q", ("2023", "q2")),
        ("Q2 of FY2023", ("2023", "q2")),
        ("2Q23", ("2023", "q2")),
        ("the second quarter of 2023", ("2023", "q2")),
        ("form 10Q and 120190", ()),
        ("the 19 members", ()),
    ],
)
def test_a_fiscal_year_is_a_year_however_it_is_written(text: str, found: tuple[str, ...]) -> None:
    """And two digits are one only where something says so."""
    assert periods(text) == found


def test_a_year_is_searched_for_in_every_spelling() -> None:
    """Of the year alone, and of it with its quarter."""
    assert spellings(("2023", "q2")) == ("2023", "q2", "fy2023", "fy23", "2023q2")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What did Best Buy sell in fiscal 2019?", "BESTBUY_2019_10K.pdf"),
        ("bestbuy sales FY19", "BESTBUY_2019_10K.pdf"),
        ("Footlocker sales", "foot_locker/2022.pdf"),
        ("What did JPM earn in the first quarter of 2021?", "JPMORGAN_2021Q1_10Q.pdf"),
        ("Best Buy in FY2023", "BESTBUY_2023_10K.pdf"),
    ],
)
def test_a_file_is_named_run_together_apart_shortened_and_by_its_year(question: str, name: str) -> None:
    """The file that has all that is named has a share of 1, and no other has."""
    named = SourceNames(FILINGS).named(question)
    assert [source for source, share in named.shares.items() if share == 1] == [name]
    assert named.about[0] == name


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What was decided at the AGM?", "annual_general_meeting.pdf"),
        ("J&J's sales", "JOHNSON_JOHNSON_2022.pdf"),
        ("JnJ's sales", "JOHNSON_JOHNSON_2022.pdf"),
        ("What will the agm decide?", None),
        ("WHAT DID THE AGM DECIDE?", None),
        ("What did PepsiCo and GM decide?", None),
    ],
)
def test_a_file_is_named_by_the_initials_of_its_name(question: str, name: str | None) -> None:
    """Where they are written as such: three or more capital letters, or two and what joins them."""
    names = SourceNames(("annual_general_meeting.pdf", "JOHNSON_JOHNSON_2022.pdf", "plan.txt"))
    assert names.named(question).about == ((name,) if name else ())


def test_a_word_of_a_name_comes_before_initials() -> None:
    """What a name says in full is what is meant."""
    names = SourceNames(("AES_2022.pdf", "all_electric_supplies.pdf", "plan.txt"))
    assert names.named("What did AES earn?").about == ("AES_2022.pdf",)


def test_what_all_names_share_binds_nothing() -> None:
    """Nor does a lone source, nor a name that is only a number."""
    assert SourceNames(("report_1.txt", "report_2.txt")).named("What does the report say?").shares == {}
    assert SourceNames(("report.txt",)).named("What does the report say?").shares == {}
    years = SourceNames(("2021.txt", "2022.txt")).named("What happened in 2021?")
    assert years.shares == {"2021.txt": 1.0}
    assert years.about == ()


def test_a_word_of_many_names_says_what_no_source_is_about() -> None:
    """Unless the question names one of them more closely."""
    names = SourceNames([f"minutes_{number}.txt" for number in range(2001, 2020)] + ["plan.txt"])
    assert names.named("What do the minutes say?").about == ()
    assert names.named("What do the minutes of 2004 say?").about == ("minutes_2004.txt",)


def test_names_are_taken_out_of_the_terms_run_together_too() -> None:
    """What is left is what is asked about the source."""
    named = SourceNames(FILINGS).named("What did Best Buy sell in 2019?")
    assert without_names(("best", "buy", "sell", "2019"), named) == ("sell", "2019")


def test_years_and_what_reports_print_are_searched_for_too() -> None:
    """The question's own terms come first."""
    terms = search_terms("What is the FY2016 COGS?")
    assert terms[:2] == ("fy2016", "cogs")
    assert {"2016", "cost", "sales"} <= set(terms)
    assert search_terms("Who cancelled the summit?") == ("cancelled", "summit")


@pytest.fixture
def filings(tmp_path: Path) -> Iterator[Catalog]:
    """Two sources of one chunk a line, of which one is named after what its lines name."""
    lines = "Acme Acme is what Acme calls Acme.\nIts debt was low.\nNothing of the kind is said.\n"
    with open_catalog(tmp_path / ".qa") as catalog:
        for name, text in (("acme.txt", lines), *((f"{n}.txt", "The debt of others.\n") for n in range(9))):
            store(catalog, prepared(catalog.folder, name, text))
        yield catalog


def test_within_a_named_source_its_name_does_not_decide(filings: Catalog) -> None:
    """A chunk that repeats the name ranks behind the one that says what is asked; the best stays as high."""
    question = "What was the debt of Acme?"
    rows = {row.name: row.row for row in filings.source_rows()}
    named = SourceNames(rows).named(question)
    about = [rows[name] for name in named.about]
    assert about == [rows["acme.txt"]]

    def ranked(about: list[int]) -> list[str]:
        shares = search_lexically(filings, FullTextSearch(filings), question, named, about, 50, None).shares
        assert max(shares.values()) == pytest.approx(1)
        texts = {row: chunk.text for row, (chunk, _) in filings.chunks(list(shares)).items()}
        return [texts[row] for row in sorted(shares, key=lambda row: -shares[row])]

    assert ranked([])[0].startswith("Acme")
    assert ranked(about)[0].strip() == "Its debt was low."


def test_of_some_sources_only_these_are_named() -> None:
    """As if there were no others: a word that all of them have binds nothing, one of a few of them does."""
    names = ["acme/2021.txt", "acme/2022.txt", "bolt/2021.txt", "bolt/2022.txt", "cole/2023.txt"]
    every = SourceNames(names)
    for some in (names[:2], names[1:4], names[3:], names):
        for question in (
            "Debt of Acme in 2021?",
            "Was Bolt or COLE sold?",
            "AC in 2022",
            "Debt of Co in 2023",
        ):
            assert every.named(question, frozenset(some)) == SourceNames(some).named(question)


def test_the_first_question_reads_some_names_and_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the names look like, and whatever else the question says."""
    monkeypatch.setattr(names_module, "MOST_READ", 0)
    parts = (
        (
            "reports",
            "Bath-Body_Works",
            "2022",
            "fy23",
            "o'brien",
            "JPMORGAN",
            "u.s",
            "1.2",
            "Größe",
            "Q3 final",
        ),
        (
            "ponies",
            "annual_general-meeting",
            "happy days",
            "tables",
            "2Q23",
            "FY19",
            "troubled",
            "filing",
            "tax",
        ),
    )
    names = [f"{first}/{second}.md" for first in parts[0] for second in parts[1]] + [
        "x",
        "2019/",
        "a.b/c.pdf",
    ]
    questions = (
        *("What did JPM report in 2023?", "Bathbodyworks and taxes", "Is the pony happy?", "AGM of 2022"),
        *(
            "the third quarter of fiscal 2019",
            "O'Brien's trouble with tables",
            "What is in 12?",
            "US taxation",
        ),
        *("größe der tabelle", "How able is it?", "finally, the file"),
    )
    every = SourceNames(names)
    every.named("AGM")
    for question in questions:
        assert SourceNames(names).named(question) == every.named(question), question
        some = frozenset(names[::3])
        assert SourceNames(names).named(question, some) == every.named(question, some), question

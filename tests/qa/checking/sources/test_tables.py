"""Tables beside tables, and beside sentences: who gives another number for the same row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.readers.builder import TextBuilder
from index.types import Dated, Passage
from qa.checking.sources.cells import cells_of, name_stems, table_of, years_in
from qa.checking.sources.compare import SourceComparison
from qa.checking.sources.statements import statements
from qa.types import Citation
from tests.support.sentences import passage_of
from tests.support.tables import passages_of, table_reading

Rows = Sequence[Sequence[str]]
BUDGET = (
    ("Department", "2023", "2024"),
    ("Health", "120", "135"),
    ("Schools", "210", "220"),
    ("Roads", "88", "91"),
)


def changed(rows: Rows, old: str, new: str) -> Rows:
    """Rows with one cell made another."""
    return [[new if cell == old else cell for cell in row] for row in rows]


def turned(rows: Rows) -> Rows:
    """Rows made columns."""
    return [list(row) for row in zip(*rows, strict=True)]


def table(rows: Rows, name: str, *, caption: str = "", title: str | None = None) -> Passage:
    """The one passage of a table in a document."""
    (passage,) = passages_of(table_reading(rows, caption=caption), name)
    return replace(passage, source=replace(passage.source, title=title))


def disputes(*passages: Passage, cited: str = "Health") -> list[tuple[str, set[str]]]:
    """In what the sentence of the first passage that begins with `cited` disagrees with the others."""
    first = passages[0]
    text = " " * first.chunk.span.start + first.chunk.text
    span = next(each for each in first.chunk.sentences if each.of(text).startswith(cited))
    citation = Citation(1, first.source.name, "ab" * 32, span, span.of(text), 1)
    found = SourceComparison(passages, {}).disputes([citation])
    return [(each.about, {voice.value for voice in each.voices}) for each in found]


@pytest.mark.parametrize(
    "theirs",
    [
        changed(BUDGET, "135", "142"),
        turned(changed(BUDGET, "135", "142")),
        [*changed(BUDGET, "135", "142")[:2], BUDGET[3]],
        [("Budget", "FY2023", "FY2024"), ("Health", "120", "142")],
    ],
    ids=["the same table", "turned", "a part", "years otherwise"],
)
def test_another_number_for_a_row_and_a_column(theirs: Rows) -> None:
    """However the other table is laid out; both values are told, and what they are of."""
    assert disputes(table(BUDGET, "a.docx"), table(theirs, "b.docx")) == [("Health, 2024", {"135", "142"})]


@pytest.mark.parametrize(
    "theirs",
    [
        BUDGET,
        changed(changed(BUDGET, "2023", "2021"), "2024", "2022"),
        changed(changed(BUDGET, "Health", "Health abroad"), "135", "142"),
        changed(BUDGET, "135", "135.4"),
        [("Department", "2023", "2024"), ("Total", "418", "500")],
        [("Department", "2023", "2024"), ("Health", "12.0", "14.2"), ("Schools", "9", "10")],
    ],
    ids=["equal", "other years", "another row", "rounded", "a sum", "nothing shared"],
)
def test_other_figures_that_are_no_disagreement(theirs: Rows) -> None:
    """Of other years, rows and tables; rounded; sums, which depend on what is summed up."""
    assert disputes(table(BUDGET, "a.docx"), table(theirs, "b.docx")) == []


@pytest.mark.parametrize(
    ("captions", "values", "shown"),
    [
        (("in thousands", "in thousands"), ("1,577", "1,677"), {"1,577", "1,677"}),
        (("in thousands", ""), ("1,577", "1,577,000"), None),
        (("in thousands", ""), ("1,577", "1,577"), None),  # in what, the other does not say
        (("in thousands", "in millions"), ("1,577", "1.6"), None),
        (("in thousands", "in millions"), ("1,577", "1.9"), {"1,577 (in thousands)", "1.9 (in millions)"}),
        (("in tonnes", "in kg"), ("12", "12,000"), None),
        (("in tonnes", "in kg"), ("12", "15,000"), {"12 (in tonnes)", "15,000 (in kg)"}),
        (("", ""), ("12 %", "12 km"), None),
        (("", ""), ("(12)", "12"), None),
    ],
)
def test_units_and_scales(captions: tuple[str, str], values: tuple[str, str], shown: set[str] | None) -> None:
    """They are converted, as far as they are stated; a table in another unit is shown with it."""
    first, second = (
        table([("Item", "2024"), ("Coal", value)], name, caption=caption)
        for name, value, caption in zip(("a.docx", "b.docx"), values, captions, strict=True)
    )
    found = disputes(first, second, cited="Coal")
    assert found == ([("Coal, 2024", shown)] if shown else [])


SMALL = (("Month", "Guests"), ("May", "412"))


@pytest.mark.parametrize(
    ("titles", "count"),
    [
        ((None, None), 1),
        (("Guests in the inn of Marlow", "The inn of Marlow"), 1),
        (("Guests in the inn of Marlow", "Guests in the inn of Zell"), 0),
        (("Guests of 2023", "Guests of 2024"), 0),
        (("Guests in the inn of Marlow", None), 0),
    ],
)
def test_a_single_number_is_of_what_its_document_is_about(
    titles: tuple[str | None, str | None], count: int
) -> None:
    """Names and years of the titles must fit where no other cell shows that the tables are the same."""
    first = table(SMALL, "a.docx", title=titles[0])
    second = table(changed(SMALL, "412", "398"), "b.docx", title=titles[1])
    assert len(disputes(first, second, cited="May")) == count


def test_documents_of_two_years_are_of_two_years() -> None:
    """By their dates, where nothing else names a year; a file's change is no date."""
    first, second = table(SMALL, "a.docx"), table(changed(SMALL, "412", "398"), "b.docx")
    for origin, count in (("text", 0), ("modified", 1)):
        both = [
            replace(each, source=replace(each.source, date=Dated(date, origin)))  # type: ignore[arg-type]
            for each, date in ((first, "2023-06-01"), (second, "2024-06-01"))
        ]
        assert len(disputes(*both, cited="May")) == count


@pytest.mark.parametrize(
    ("sentence", "its"),
    [
        ("In 2024 the Health department spent 142.", "142"),
        ("Health had 142 in 2024.", "142"),
        ("For Health, the figure of 2024 was 142 thousand.", "142 thousand"),
        ("Health had 135 in 2024.", None),
        ("Health had 142 in 2023, and 135 in 2024.", None),  # two numbers: which is meant?
        ("Health had 142 in 2022.", None),
        ("Health had about 140 in 2024.", None),
        ("In 2024, Health grew by 142.", None),
        ("Health insurance for farmers cost 142 in 2024.", None),
        ("The plan for 2024 was 142 for Health.", None),
        ("Did Health have 142 in 2024?", None),
        ("Health had 142 nurses in 2024.", None),
    ],
)
def test_a_sentence_beside_a_table(sentence: str, its: str | None) -> None:
    """It contradicts the cell that it names, and none that it does not; whichever of them is cited."""
    rows, letter = table(BUDGET, "a.docx"), passage_of(f"Dear Anna,\n{sentence}", "b.txt", rank=2)
    assert disputes(rows, letter) == ([("Health, 2024", {"135", its})] if its else [])
    found = disputes(letter, rows, cited=sentence[:6])
    assert [values for _, values in found] == ([{its, "135"}] if its else [])


def test_a_table_may_disagree_with_another_of_its_document() -> None:
    """If they are plainly the same table; a row of the same name in another sense is none."""
    for theirs, count in (
        (changed(BUDGET, "135", "142"), 1),
        ([("Nurses", "2023", "2024"), ("Health", "7", "8"), ("Schools", "3", "4"), ("Roads", "1", "2")], 0),
    ):
        builder = TextBuilder()
        builder.add_table(BUDGET)
        builder.add("paragraph", "As was said before:")
        builder.add_table(theirs)
        assert len(disputes(*passages_of(builder.reading(), "a.docx"))) == count


def test_cells_have_the_names_of_row_and_column() -> None:
    """Without rows that are called the same, rows of the rest, and the numbers of rows."""
    rows = [
        ("No.", "Crop", "Region", "2023 (tonnes)"),
        ("1", "Wheat", "North", "120"),
        ("2", "Wheat", "South", "n/a"),
        ("3", "Rye", "North", "10"),
        ("4", "Rye", "North", "11"),
        ("5", "Other", "North", "7"),
    ]
    (passage,) = passages_of(table_reading(rows))
    (cell,) = cells_of(statements([passage]))
    assert cell.name == "Wheat, North, 2023 (tonnes)"
    assert (cell.key, cell.years) == (frozenset(("wheat", "north")), frozenset((2023,)))
    assert (cell.amount.unit, cell.unit) == ("mass", "tonnes")


def test_names_without_years_and_units() -> None:
    """What is in brackets stays if it is no unit."""
    assert name_stems("Net sales FY2019 (in millions)") == name_stems("Net sales, 2019")
    assert name_stems("Net sales (restated)") != name_stems("Net sales")
    assert name_stems("May") == frozenset(("mai",)) or name_stems("May") == frozenset(("may",))
    assert years_in("FY19 and 2020, not 1,577 or 2020.5") == frozenset((2019, 2020))


def test_a_sentence_is_no_row() -> None:
    """Nor is a row of headings; a name and a value in a table without headings are one."""
    (passage,) = passages_of(table_reading([("Guests", "412"), ("Nights", "800")]))
    assert [table_of(each) is not None for each in statements([passage])] == [True, True]
    assert all(table_of(each) is None for each in statements([passage_of("Guests came.")]))

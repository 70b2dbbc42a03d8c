"""What counts as a question, and an index that is held open between questions."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalog import Catalog
from index.errors import NoIndex, UsageError
from qa.asking import Library, check_date, check_question, make_filters


@given(st.text())
def test_a_question_has_a_letter_or_digit(text: str) -> None:
    """Anything else is refused; what passes is the text without outer white space."""
    try:
        assert check_question(text) == text.strip()
        assert any(character.isalnum() for character in text)
    except UsageError:
        assert not any(character.isalnum() for character in text)


def test_bytes_on_the_command_line_become_text() -> None:
    """In an ASCII locale Python holds UTF-8 arguments as stray bytes; bytes that are no text are shown."""
    assert check_question("Was ist \udcc5\udc82?") == "Was ist ł?"
    assert check_question("caf\udce9") == "caf\\xe9"


@pytest.mark.parametrize("text", ["2025", "2025-10", "2025-10-21", "2024-02-29"])
def test_dates_may_be_cut_short(text: str) -> None:
    """A year or a month is a date too."""
    assert check_date(text, "--since") == text


@pytest.mark.parametrize("text", ["25", "2025-13", "2025-02-29", "0000", "2025-1-1", "21.10.", "٢٠٢٥", ""])
def test_what_is_no_date_is_refused(text: str) -> None:
    """The option is named."""
    with pytest.raises(UsageError, match="--until takes a date"):
        check_date(text, "--until")


def test_a_range_that_holds_nothing_is_refused() -> None:
    """A range of one day, month or year is fine, however precisely its ends are given."""
    for since, until in (("2025", "2025-03"), ("2025-03", "2025"), ("2025-10-21", "2025-10-21")):
        assert make_filters((), since, until).since == since
    with pytest.raises(UsageError, match="nothing lies between"):
        make_filters((), "2025-10-22", "2025-10-21")


def test_an_index_that_was_made_anew_is_opened_anew(tmp_path: Path) -> None:
    """A conversation goes on with the index that stands there now."""
    folder = tmp_path / ".qa"
    Catalog.open(folder, create=True).close()
    library = Library(folder)
    first = library.catalog()
    assert library.catalog() is first
    shutil.move(folder, tmp_path / "old")
    with pytest.raises(NoIndex):
        library.catalog()
    Catalog.open(folder, create=True).close()
    assert library.catalog() is not first
    library.close()


def test_an_empty_index_says_how_to_fill_it(tmp_path: Path) -> None:
    """Asking it is no answer and no crash."""
    folder = tmp_path / ".qa"
    Catalog.open(folder, create=True).close()
    library = Library(folder)
    with pytest.raises(NoIndex, match="is empty"):
        library.ask("x", k=3, filters=make_filters((), None, None))
    library.close()

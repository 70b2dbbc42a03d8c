"""Each kind of setting takes what a person writes in a file, a flag or the environment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.settings.values import (
    WrongValueError,
    dollars,
    languages,
    one_of,
    reader_classes,
    whole_number,
    words,
    yes_or_no,
)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (dollars, "0.5", 0.5),
        (dollars, "$2", 2.0),
        (dollars, 3, 3.0),
        (dollars, 0, 0.0),
        (words, " gpt ", "gpt"),
        (yes_or_no, "Yes", True),
        (yes_or_no, False, False),
        (one_of("a", "b"), "b", "b"),
        (whole_number(1, 9), "9", 9),
        (reader_classes, {".Pages": "a.b:C", ".x": "d.e:F"}, (".pages=a.b:C", ".x=d.e:F")),
        (reader_classes, ".pages=a.b:C, .x = d.e:F", (".pages=a.b:C", ".x=d.e:F")),
        (reader_classes, [".pages=a.b:C"], (".pages=a.b:C",)),
        (languages, "eng + deu+script/Latin+chi_sim", "eng+deu+script/Latin+chi_sim"),
    ],
)
def test_a_value_is_read(kind: Callable[[object], object], written: object, value: object) -> None:
    """Each kind of value, written as a person may write it."""
    assert kind(written) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (dollars, "-1"),
        (dollars, "nan"),
        (dollars, "inf"),
        (dollars, "much"),
        (dollars, True),
        (dollars, None),
        (words, ""),
        (words, 7),
        (yes_or_no, "maybe"),
        (one_of("a", "b"), "c"),
        (whole_number(1, 9), True),
        (languages, ""),
        (languages, "eng,deu"),
        (languages, "../eng"),
        (languages, "--eng"),
        (languages, ["eng"]),
        (whole_number(1, 9), "10"),
    ],
)
def test_what_is_no_value_is_refused(kind: Callable[[object], object], written: object) -> None:
    """A value that does not fit is an error, never guessed."""
    with pytest.raises(WrongValueError):
        kind(written)


@pytest.mark.parametrize(
    "written",
    [
        *("", [], {}, 7, ".pages", "pages=a.b:C", ".pages=C", ".p=a.b:C:model", "a.b:C", ".a/b=a.b:C"),
        *(".x=a.b:C,", {".x": 7}, [".tar.gz=a.b:C"]),
    ],
)
def test_what_names_no_reader_is_refused(written: object) -> None:
    """A reader is a suffix and the path of a class, without a model."""
    with pytest.raises(WrongValueError, match="readers by suffix"):
        reader_classes(written)

"""Number formats: what a cell shows, in a hundred formats."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from index.readers.office.parts.number_format import shown_number, shown_text

ACCOUNTING = '_("$"* #,##0.00_);_("$"* (#,##0.00);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678901234567890, "General", "12345678901234567890"),
        (12.5, "", "12.5"),
        (1e300, "0.00", "1e+300"),
        (1e12, "0." + "0" * 30, "1000000000000"),
        (2.5, "0" + "%" * 100, "2.5"),
        (0.125, "0%", "13%"),
        (0.125, "0.0 %", "12.5 %"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (-1234.5, '"$"#,##0.00', "-$1,234.50"),
        (-1234.5, "#,##0", "-1,235"),
        (-0.004, "0.00", "0.00"),
        (12, "_-[$€-2] * #,##0_-", "€12"),
        (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"),
        (1234.5, "[$CHF] #,##0.00", "CHF 1,234.50"),
        (12.5, '0.0 "kg"', "12.5 kg"),
        (21, '0 "°C";-0 "°C"', "21 °C"),
        (501, "00000", "00501"),
        (501, "000-00-0000", "000-00-0501"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (1234567, '#,##0,"k"', "1,235k"),
        (1234567, '0.0,,"M"', "1.2M"),
        (1234567.891, "#,##0.0,", "1,234.6"),
        (0, '0;-0;"none"', "none"),
        (-3, "0;(0)", "(3)"),
        (-3, "[Red]0;[Blue]-0", "-3"),
        (0, "0;;", ""),
        (7, ";;;", ""),
        (-1234.5, ACCOUNTING, "$(1,234.50)"),
        (0, ACCOUNTING, "$-"),
        (1.0, "0.##", "1"),
        (12.3, "0.0#", "12.3"),
        (0.5, "#.00", ".50"),
        (12, "0000", "0012"),
        (0.5, "# ?/?", "1/2"),
        (2.75, "# ??/??", "2 3/4"),
        (0.375, "# ?/8", "3/8"),
        (2.75, "?/?", "11/4"),
        (1234567.891, "0.00E+00", "1.23E+06"),
        (1234567.891, "##0.0E+0", "1.2E+6"),
        (0.00012, "0.0E-0", "1.2E-4"),
        (999.99, "0.0E+0", "1.0E+3"),
        (1500, '[>=1000]#,##0,"k";0', "2k"),
        (0.5, '[<1]0.00" cent";0" euro"', "0.50 cent"),
        (3, '[=0]"none";[=1]"one";0', "3"),
        (42, '"No. "0', "No. 42"),
        (42, "\\#0", "#42"),
        (42, '"Q"', "Q"),
        (7, "@", "7"),
        (-5, "# ##0.00 [$€-40C]", "-5.00 €"),
    ],
)
def test_a_number(value: float, code: str, expected: str) -> None:
    """Digits, thousands, scales, units, signs, conditions, fractions, powers."""
    assert shown_number(value, code) == expected


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (45951, "yyyy", "2025"),
        (45951, "dd.mm.yyyy", "2025-10-21"),
        (45951.75, "dd.mm.yyyy", "2025-10-21"),
        (45951, "mmm-yy", "Oct-25"),
        (45951, "mmmm yyyy", "October 2025"),
        (45951, "[$-407]mmmm yyyy", "2025-10"),
        (45951, "mm/yyyy", "10/2025"),
        (45951, "d-mmm", "21-Oct"),
        (45951, "mmm", "Oct"),
        (45951, "dddd", "Tuesday"),
        (45951, "[$-407]dddd", "2025-10-21"),
        (45951, "dddd, d. mmmm yyyy", "Tuesday, 2025-10-21"),
        (45951, '[$-F800]dddd", "mmmm dd", "yyyy', "Tuesday, 2025-10-21"),
        (45951, 'yyyy"年"m"月"d"日"', "2025-10-21"),
        (45951.395833333336, "yyyy-mm-dd hh:mm", "2025-10-21 09:30:00"),
        (45951, "[$-407]d. mmmm yyyy;@", "2025-10-21"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (0.5625, "h:mm", "13:30"),
        (0.5625, "h:mm AM/PM", "1:30 PM"),
        (0.0, "h:mm AM/PM", "12:00 AM"),
        (1.0625, "[h]:mm", "25:30"),
        (1.0625, '[h]"h "mm"m"', "25h 30m"),
        (0.0520833333333333, "[mm]:ss", "75:00"),
        (0.000737268518518519, "mm:ss.0", "01:03.7"),
        (-0.5, "[h]:mm", "-12:00"),
    ],
)
def test_a_date_or_a_time(value: float, code: str, expected: str) -> None:
    """Whole dates in ISO form, parts of them, times and durations as the format shows them."""
    assert shown_number(value, code) == expected


def test_the_calendar_that_begins_in_1904() -> None:
    """Files of older Macs count days from another first day."""
    assert shown_number(44489, "yyyy-mm-dd", from_1904=True) == "2025-10-21"


@pytest.mark.parametrize(
    ("code", "expected"),
    [("0.00", "Miller"), ('0;-0;0;"Mr "@', "Mr Miller"), ('@" (guest)"', "Miller (guest)"), (";;;", "")],
)
def test_a_text(code: str, expected: str) -> None:
    """A text goes through the section for texts, if there is one."""
    assert shown_text("Miller", code) == expected


@given(st.floats(allow_nan=False), st.text('0#?.,%E+-/@;"\\_*[]hmsdyG $€k<=>1', max_size=14))
def test_any_format_gives_a_text(value: float, code: str) -> None:
    """No format and no number is too odd to be shown."""
    if not math.isinf(value):
        assert isinstance(shown_number(value, code), str)
    assert isinstance(shown_text("a", code), str)

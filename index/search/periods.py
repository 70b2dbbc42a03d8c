"""Years and quarters of a text in one spelling, also fiscal ones: FY19, fiscal 2019, 2Q23."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")  # no digit beside it, letters allowed: FY2022, report_2022
_SHORT_YEAR = re.compile(
    r"(?:(?<![a-z0-9])(?:fy|q[1-4]|[1-4]q|h[12]|[12]h)|\bfiscal(?: year)? )['\u2019 ]?(\d\d)(?!\d)"
)
_QUARTER = re.compile(
    r"(?<![a-z0-9])(?:fy)?(?:19|20)\d\d[ -]?q([1-4])(?!\d)"  # 2023Q2, FY2023 Q2
    r"|(?<![a-z0-9])q([1-4])(?![a-z])"  # Q2 2023, Q2 of FY2023, Q223
    r"|(?<![a-z0-9])([1-4])q(?:(?=\d\d)|(?![a-z0-9]))"  # 2Q23
)
_ORDINAL = re.compile(r"\b(first|second|third|fourth) (?:fiscal )?quarter\b")
_ORDINALS = ("first", "second", "third", "fourth")


def periods(text: str) -> tuple[str, ...]:
    """The years ("2019") and quarters ("q2") that `text` names, each once.

    Underscores count as blanks, so that a file name is read as a text. Two digits are a year of this century
    and only where something says that they are a year.

    >>> periods("FY19 and Q2 of fiscal 2023"), periods("AMCOR_2023Q2_10Q")
    (('2023', '2019', 'q2'), ('2023', 'q2'))
    """
    small = text.lower().replace("_", " ")
    found = _YEAR.findall(small)
    found += ["20" + year for year in _SHORT_YEAR.findall(small)]
    found += ["q" + next(filter(None, match.groups())) for match in _QUARTER.finditer(small)]
    found += [f"q{1 + _ORDINALS.index(word)}" for word in _ORDINAL.findall(small)]
    return tuple(dict.fromkeys(found))


def spellings(named: tuple[str, ...]) -> tuple[str, ...]:
    """What else a text or file name may write for these years and quarters: fy2019, fy19, 2019q2.

    Each is one search term; the years and quarters themselves are among them.
    """
    years = [period for period in named if period[0] != "q"]
    quarters = [period for period in named if period[0] == "q"]
    written = [*named]
    for year in years:
        written += [f"fy{year}", f"fy{year[2:]}", *(year + quarter for quarter in quarters)]
    return tuple(written)

"""Which sources may answer: filters by name and date, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import translate
from functools import lru_cache

from index.errors import UsageError
from index.storage.names import composed
from index.sync.files import clean_name
from index.types import Source


@dataclass(frozen=True, slots=True)
class Filters:
    """Which sources may answer.

    `sources` are shell patterns over source names, or folders ("reports", "reports/2024/*.pdf"), not minding
    case, nor which code points spell a name; one of them must fit. `since` and `until` are inclusive ISO
    dates (`2024`, `2024-05`, `2024-05-01`). With either of them given, a source without a date is left out,
    and so is one that has only its file's time of change; with neither, dates play no part. `names` are of
    sources that fit as well, as they are: what was typed as a path, see `typed.py`.
    """

    sources: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    names: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sources or self.since or self.until)

    def admit(self, source: Source) -> bool:
        """Whether `source` may answer."""
        dated = source.date is not None and source.date.of_document
        return self.admit_named(source.name, source.date.value if source.date and dated else None)

    def admit_named(self, name: str, date: str | None) -> bool:
        """Whether the source of that name and date may answer.

        A date of a year or month is in as soon as part of it is.
        """
        named = not self.sources or name in self.names
        if not named and not _fitting(self.sources)(composed(name).casefold()):
            return False
        if not (self.since or self.until):
            return True
        if date is None:
            return False
        return not (
            (self.since and date < self.since[: len(date)])
            or (self.until and date[: len(self.until)] > self.until)
        )


ALL = Filters()  # every source may answer


@lru_cache(maxsize=16)
def _fitting(patterns: tuple[str, ...]) -> Callable[[str], object]:
    """Says of a composed, casefolded name whether one of `patterns` fits it, or is a folder it lies in."""
    folded = [composed(pattern).casefold().removeprefix("./").rstrip("/") for pattern in patterns]
    either = (f"{translate(pattern)}|{re.escape(pattern)}/" for pattern in folded)
    return re.compile("|".join(either)).match


def check_date(text: str, name: str) -> str:
    """`text` if it is a date, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Raises UsageError about option `name`."""
    try:
        if re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text):
            date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)
            return text
    except ValueError:  # a month or day that is none: reported below
        pass
    raise UsageError(
        f"{name} takes a date such as 2025-10-21, not {text!r}",
        "write YYYY-MM-DD, YYYY-MM or YYYY",
        option=name,
    )


def make_filters(sources: Sequence[str], since: str | None, until: str | None) -> Filters:
    """What narrows a search down. Raises UsageError for a date that is none, or a range that is empty."""
    first = check_date(since, "since") if since else None
    last = check_date(until, "until") if until else None
    if first and last and first[: len(last)] > last[: len(first)]:
        raise UsageError(
            f"nothing lies between {first} and {last}", "exchange the two", option=("since", "until")
        )
    return Filters(sources=tuple(map(clean_name, sources)), since=first, until=last)

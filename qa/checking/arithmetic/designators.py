"""Names that hold a number, which counts nothing: "10-K", "COVID-19", "Section 12(b)".

What they hold need not be in a cited text, unless that has another name of the same form: a 10-Q is no 10-K.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.text.patterns import lazy_compile
from qa.checking.quantities import Quantity

# The forms of the American securities regulator: "10-K", "8-K/A", "Form 20-F", "2022 10K".
_FILING = (
    r"(?:\bForms? )?(?<![\w.,$€£-])(?P<filing>\d{1,2}-(?:KT|KSB|QSB|[KQFD])"
    r"|(?:(?<=\b20\d\d )|(?<=Form ))\d{1,2}[KQF])(?!\w)"
)
# "COVID-19", "SARS-CoV-2", "F-16", "S-1", but not "FY-22".
_LETTERS = (
    r"(?<![\w-])(?!FY|Q-)(?P<letters>[A-Z]{1,6}(?:-[A-Z][A-Za-z]*)?|MiG)"
    r"-(?P<model>\d{1,4}[A-Z]?)(?!\w|[.,]\d)"
)
# "Section 12(b)", "Rule 10b-5", "ASC 606", "Article 50 (2)", "§ 7".
_PROVISION = (
    r"(?:\b(?P<lead>Form|Section|Sec\.|Rule|Regulation|Schedule|Article|Exhibit|ASC|ASU|IFRS|IAS|SFAS|ISO)"
    r"s?(?: No\.?| Topic)?|(?P<sign>§))\s?"
    r"(?P<base>\d{1,5}(?:[-.]\d{1,5}){0,3}[A-Za-z]?(?:\d?-\d{1,3})?)"
    r"(?P<part>(?: ?\([A-Za-z0-9]{1,4}\)){0,3})(?!\w|[.,]\d)"
)
_NAMES = lazy_compile(rf"{_FILING}|{_LETTERS}|{_PROVISION}")


@dataclass(frozen=True, slots=True)
class Designator:
    """A name at `[start, end)` of a text: its form, the number in it, and what stands in brackets behind."""

    text: str
    start: int
    end: int
    form: str
    number: str
    part: str = ""

    def agrees(self, other: Designator) -> bool:
        """True if both may be one name: a part that only one of them tells does not matter."""
        parts_differ = self.part and other.part and self.part != other.part
        return self.form == other.form and self.number == other.number and not parts_differ

    def holds(self, quantity: Quantity) -> bool:
        """True if `quantity` is read from this name."""
        return self.start <= quantity.start < self.end


def designators(text: str) -> Iterator[Designator]:
    """The names of `text` that hold a number, in order. Dashes must be plain ones.

    >>> [each.text for each in designators("Its 10-K says, as Section 12(b) asks, that COVID-19 is over.")]
    ['10-K', 'Section 12(b)', 'COVID-19']
    """
    for match in _NAMES.finditer(text):
        if match["filing"]:
            form, number, part = "filing", match["filing"].replace("-", ""), ""
        elif match["letters"]:
            form, number, part = match["letters"].lower(), match["model"], ""
        else:
            form = (match["lead"] or match["sign"]).lower().removesuffix(".")
            form = "section" if form in ("sec", "§") else form
            number, part = match["base"], match["part"].replace(" ", "")
        yield Designator(match[0], *match.span(), form, number, part)


def without_words(text: str) -> str:
    """`text` with the words of forms and provisions in small letters: "Section" is nobody's name."""
    for match in _NAMES.finditer(text):
        if not match["letters"]:
            text = text[: match.start()] + match[0].lower() + text[match.end() :]
    return text


def other_names(
    named: Sequence[Designator], cited: Sequence[str], beside: Sequence[str], numbers: Sequence[Quantity]
) -> list[str]:
    """Reasons against those names of a claim beside which a cited text has only others of the same form.

    `beside` are texts that may have the name, too; `numbers` are those of the cited texts, where the number
    of a provision may stand without its word: "Sections 12 and 13".
    """
    there = [each for text in cited for each in designators(text)]
    around = [each for text in beside for each in designators(text)]
    values = {value for number in numbers for value in number.values}
    reasons = []
    for name in named:
        others = [each for each in there if each.form == name.form]
        if not others or any(map(name.agrees, (*others, *around))):
            continue
        elsewhere = name.number.isdigit() and not name.part and Decimal(name.number) in values
        if not elsewhere:
            reasons.append(f"the claim says {name.text}, the cited text {others[0].text}")
    return reasons

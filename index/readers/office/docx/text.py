"""The text of one Word paragraph as it is shown, and what hangs on it: notes, boxes, charts.

Runs, links, insertions, results of fields, form fields, equations and signs of symbol fonts, in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.readers.office.docx.fields import field_text
from index.readers.office.docx.styles import NO_STYLE, PLAIN, Look, WordStyle, look_of
from index.readers.office.docx.unseen import TINY
from index.readers.office.package import attribute, child, is_on, local, visible_elements
from index.readers.office.parts.equations import equation_text, joined, lowered
from index.readers.office.parts.symbols import NOT_TICKED, TICKED, UNKNOWN, in_font, symbol
from index.text.scripts import superscript

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from index.readers.office.docx.unseen import Grounds
    from index.types import HiddenBy

# Tracked deletions and the old place of moved text; the spoken form of ruby; properties.
LEFT_OUT = frozenset(
    ("del", "moveFrom", "rt", "pPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "sdtEndPr")
)
# What is left out of a paragraph and counted.
COUNTED = ("struck", "unknown_signs", "pictured_equations", "uncounted", "embedded")
# What hangs on a paragraph and is read after it.
HANGING = frozenset(("txbxContent", "chart", "relIds", "textpath"))
_STOPS = HANGING | {"rPr", "t", "oMath", "sym", "fldChar", "instrText", "OLEObject"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NUMBER_FIELD = re.compile(r"\s*(?:AUTONUM(?:LGL|OUT)?|LISTNUM)\b", re.IGNORECASE)
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)
_GAP = re.compile(" {2,}")
PAGE_NUMBER = "\v"  # stands for a page number until the paragraph is complete


@dataclass(slots=True)
class WordParagraph:
    """The text of one paragraph, and what hangs on it."""

    text: str = ""
    hanging: list[Element] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unseen: list[tuple[str, HiddenBy]] = field(default_factory=list)
    struck: int = 0
    unknown_signs: int = 0
    pictured_equations: int = 0
    embedded: int = 0  # files of other programs, shown as a picture
    uncounted: int = 0  # numbers that no result is kept of


def paragraph_of(
    element: Element,
    styles: Mapping[str, WordStyle],
    style: WordStyle = NO_STYLE,
    *,
    grounds: Grounds,
    page_numbers: bool = True,
) -> WordParagraph:
    """The shown text of one paragraph that has this style.

    Without `page_numbers` (in headers and footers) a field that counts pages is `PAGE_NUMBER`.
    """
    reading = _Runs(styles, style.look, page_numbers, grounds, element)
    for part in visible_elements(element, leave_out=LEFT_OUT, stop_at=_STOPS):
        reading.add(part)
    paragraph = reading.paragraph
    paragraph.text = "".join(reading.parts)
    paragraph.unknown_signs = paragraph.text.count(UNKNOWN)
    paragraph.text = paragraph.text.replace(UNKNOWN, "")
    if paragraph.unseen or paragraph.struck:
        paragraph.text = _GAP.sub(" ", paragraph.text)  # what is left out stood between two spaces
    return paragraph


@dataclass(slots=True)
class _OpenField:
    """A field that has begun: its instruction so far, and if its result has been reached."""

    instruction: str = ""
    in_result: bool = False
    has_result: bool = False


@dataclass(slots=True)
class _Runs:
    """A walk through the runs of one paragraph."""

    styles: Mapping[str, WordStyle]
    base: Look
    page_numbers: bool
    grounds: Grounds
    element: Element
    paragraph: WordParagraph = field(default_factory=WordParagraph)
    parts: list[str] = field(default_factory=list)
    look: Look = PLAIN
    unseen: HiddenBy | None = None  # what hides the run
    hid_at: int = -1  # how many parts there were when text was last hidden
    fields: list[_OpenField] = field(default_factory=list)

    def add(self, element: Element) -> None:
        """Take in the next element."""
        name = local(element)
        if name == "r":
            self._begin_run(element)
        elif name in HANGING:
            self.paragraph.hanging.append(element)
        elif name == "fldChar":
            self._field_sign(element)
        elif name == "instrText":
            if self.fields:
                self.fields[-1].instruction += element.text or ""
        elif name == "fldSimple" and self._counts_pages(attribute(element, "instr") or ""):
            self.parts.append(PAGE_NUMBER)
            element.clear()  # its runs, which come next, hold the number
        elif self.unseen or self.look.struck:
            if self.unseen and name == "t" and all(field.in_result for field in self.fields):
                self._hide(element.text or "", self.unseen)
        elif all(field.in_result for field in self.fields):
            self._add_shown(element, name)
        elif name == "t":  # what a field inside an instruction gives is part of it
            outer = next(field for field in reversed(self.fields) if not field.in_result)
            outer.instruction += "" if outer.has_result else element.text or ""

    def _begin_run(self, element: Element) -> None:
        properties = child(element, "rPr")
        style = attribute(child(properties, "rStyle"), "val") if properties is not None else None
        named = self.styles.get(style or "", NO_STYLE).look
        self.look = look_of(properties).over(named).over(self.base)
        self.unseen = self._unseen()
        if any(local(part) in {"t", "sym"} and (part.text or "x").strip() for part in element):
            self.paragraph.struck += bool(self.look.struck and not self.unseen)

    def _unseen(self) -> HiddenBy | None:
        look = self.look
        if look.hidden:
            return "not displayed"
        if look.size is not None and look.size < TINY:
            return "too small"
        if look.colour and self.grounds.is_lost(look.colour, self.element, look.ground):
            return "in the colour of its ground"
        return None

    def _hide(self, text: str, by: HiddenBy) -> None:
        """Keep a hidden text apart, with the one before it if that is hidden alike."""
        unseen = self.paragraph.unseen
        if self.hid_at == len(self.parts) and unseen[-1][1] == by:
            text = unseen.pop()[0] + text
        unseen.append((text, by))
        self.hid_at = len(self.parts)

    def _add_shown(self, element: Element, name: str) -> None:
        if name == "t":
            self._add_text(in_font(element.text or "", self.look.font))
        elif name in _SIGNS:
            self.parts.append(_SIGNS[name])
        elif name == "sym":
            code = attribute(element, "char") or ""
            sign = symbol(int(code, 16), attribute(element, "font")) if _is_hex(code) else UNKNOWN
            self.parts.append(sign)
        elif name == "oMath":
            before = "".join(self.parts[-2:])
            self.parts.append(joined(before, equation_text(element)).removeprefix(before))
        elif name == "oMathPara":
            self.parts.append("\n" if self.parts else "")
        elif name in {"footnoteReference", "endnoteReference"}:
            self.paragraph.notes.append(f"{name.removesuffix('Reference')} {attribute(element, 'id')}")
        elif name == "OLEObject":
            is_equation = (attribute(element, "ProgID") or "").startswith("Equation")
            self.paragraph.pictured_equations += is_equation
            self.paragraph.embedded += not is_equation

    def _add_text(self, text: str) -> None:
        if self.look.raised == "superscript" or self.look.lifted:
            text = superscript(text)
        elif self.look.raised == "subscript" and text.strip().isdecimal():
            # 1010₂ is not 10102; the 2 of H2O changes no number, and is searched for as it is typed.
            text = lowered(text) if "".join(self.parts[-1:])[-1:].isdecimal() else text
        self.parts.append(text)

    def _field_sign(self, element: Element) -> None:
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            form = child(element, "ffData")
            if form is not None and not self.unseen and all(f.in_result for f in self.fields):
                self.parts.append(_form_value(form))
            self.fields.append(_OpenField())
        elif kind == "separate" and self.fields:
            self.fields[-1].has_result = True
            self.fields[-1].in_result = not self._counts_pages(self.fields[-1].instruction)
        elif kind == "end" and self.fields:
            self._end_field(self.fields.pop())

    def _end_field(self, done: _OpenField) -> None:
        """Append what is shown for a field that keeps no result, or add it to the outer instruction."""
        text = PAGE_NUMBER if self._counts_pages(done.instruction) else None
        self.paragraph.uncounted += not done.has_result and _NUMBER_FIELD.match(done.instruction) is not None
        if not (text or done.has_result or self.unseen or self.look.struck):
            text = field_text(done.instruction)
        if text is None:
            return
        outer = next((field for field in reversed(self.fields) if not field.in_result), None)
        if outer is not None:
            outer.instruction += text
        else:
            before = "".join(self.parts[-2:])
            self.parts.append(joined(before, text).removeprefix(before))

    def _counts_pages(self, instruction: str) -> bool:
        return not self.page_numbers and _PAGE_FIELD.match(instruction) is not None


def clear_placeholders(root: Element) -> int:
    """Empty the content controls that only say what is to be filled in ("Click here"); gives their number."""
    count = 0
    for control in root.iter():
        if local(control) == "sdt" and is_on(child(control, "sdtPr", "showingPlcHdr")):
            inner = child(control, "sdtContent")
            texts = [part for part in inner.iter() if local(part) == "t"] if inner is not None else []
            count += any((part.text or "").strip() for part in texts)
            for part in texts:
                part.text = ""
    return count


def _form_value(form: Element) -> str:
    """The sign of a box to tick, the chosen entry of a list; "" for a text, whose value is its result."""
    box, choices = child(form, "checkBox"), child(form, "ddList")
    if box is not None:
        checked = child(box, "checked")
        return TICKED if is_on(child(box, "default") if checked is None else checked) else NOT_TICKED
    if choices is not None:
        entries = [attribute(part, "val") or "" for part in choices if local(part) == "listEntry"]
        chosen = attribute(child(choices, "result"), "val") or attribute(child(choices, "default"), "val")
        at = int(chosen) if chosen and chosen.isdecimal() else 0
        return entries[at] if at < len(entries) else ""
    return ""


def _is_hex(code: str) -> bool:
    return 0 < len(code) <= 6 and all(sign in "0123456789abcdefABCDEF" for sign in code)

"""What a Rich Text group can be, and how its control words change the look of what follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.readers.parts.colours import RGB, are_alike
from index.types import BlockKind, HiddenBy

DEEPEST = 10_000  # groups in groups
SIGNS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "emspace": " ",
    "enspace": " ",
    "qmspace": " ",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "ltrmark": "",
    "rtlmark": "",
    "nestcell": " ",
    "nestrow": " ",
}
SYMBOLS = {"~": "\u00a0", "_": "-", "\\": "\\", "{": "{", "}": "}", "\t": "\t"}
ENCODINGS = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
# Groups whose text is no text of the document, and those that are read to their own place.
SKIPPED = frozenset(
    (
        *("colortbl", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "pict", "objdata"),
        *("fldinst", "xe", "tc", "bkmkstart", "bkmkend", "nonshppict", "themedata", "colorschememapping"),
        *("latentstyles", "datastore", "xmlnstbl", "filetbl", "template", "atnid", "atnauthor", "atndate"),
        *(
            "atnref",
            "sn",
            "sv",
            "sp",
            "datafield",
            "pn",
            "ftnsep",
            "ftnsepc",
            "aftnsep",
            "aftnsepc",
            "objclass",
        ),
        *(
            "mmathPr",
            "panose",
            "falt",
            "fontemb",
            "userprops",
            "passwordhash",
            "pgdsctbl",
            "keywords",
            "company",
        ),
    )
)
# Ignorable groups that hold text which is shown.
SHOWN = frozenset(("shpinst", "shptxt", "fldrslt", "listtext", "pntext", "footnote", "result", "upr", "ud"))
APART = frozenset(
    (
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "footnote",
        "shptxt",
    )
)
KEPT = frozenset(("title", "fonttbl", "stylesheet", "creatim", "revtim", "listtext", "pntext", "formfield"))
HEADING = re.compile(
    r"heading (\d)|(?:überschrift|titre|encabezado|titolo|kop|rubrik|nagłówek|título) (\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RtfState:
    """What holds inside a group, and is forgotten at its end."""

    group: str = ""  # the destination whose text this is
    font: int = -1
    fallback: int = 1  # how many characters stand for one in Unicode
    hidden: bool = False
    struck: bool = False
    shift: str = ""
    ink: int = 0  # of the table of colours
    ground: int = 0
    size: int = 24  # half points

    def hidden_by(self, colours: Sequence[RGB | None], look: ParagraphLook) -> HiddenBy | None:
        """What hides text of this look; None if it can be read, or may be: in a box, in a table."""
        if self.hidden:
            return "not displayed"
        if self.size < _TINY:
            return "too small"
        ink = colours[self.ink] if 0 < self.ink < len(colours) else None
        if ink is None:
            return None
        at = self.ground or look.ground
        ground = colours[at] if 0 < at < len(colours) else None
        if not at and not look.in_table and self.group != "shptxt":
            ground = _WHITE
        return "in the colour of its ground" if ground and are_alike(ink, ground) else None


@dataclass(slots=True)
class ParagraphLook:
    """What holds for a paragraph until it is reset."""

    level: int = 0
    in_table: bool = False
    ground: int = 0  # its shading, of the table of colours


@dataclass(slots=True)
class RtfFlow:
    """A text that is being collected: the document, a header, a note."""

    lines: list[tuple[BlockKind, int, str, str]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    label: str = ""


_COLOURS = re.compile(r"\{\\colortbl\b([^{}]*)\}")
_PARTS = re.compile(r"\\(red|green|blue)(\d{1,3})\b")
_PRIMARIES = 3
_TINY = 4  # half points
_WHITE = (255, 255, 255)
_STRIKES = frozenset(("strike", "striked", "deleted"))
_SHIFTS = {"super": "super", "up": "super", "sub": "sub", "dn": "sub", "nosupersub": ""}
_NUMBERED = frozenset(("f", "cf", "fs", "highlight", "chcbpat", "cb"))
LOOK_WORDS = _STRIKES | _SHIFTS.keys() | _NUMBERED | {"plain", "uc", "v"}


def colours_of(source: str) -> list[RGB | None]:
    """The table of colours of a file; None for the colour that a program chooses itself."""
    table = _COLOURS.search(source)
    entries = table[1].split(";") if table else []
    found = [dict(_PARTS.findall(entry)) for entry in entries]
    return [
        (int(one["red"]), int(one["green"]), int(one["blue"])) if len(one) == _PRIMARIES else None
        for one in found
    ]


def changed_look(state: RtfState, word: str, number: int | None) -> RtfState:
    """The state after one of `LOOK_WORDS`: with the number 0 it switches off."""
    on = number != 0
    if word == "plain":
        return replace(state, hidden=False, struck=False, shift="", font=-1, ink=0, ground=0, size=24)
    if word in _NUMBERED:
        return _numbered(state, word, number or 0)
    if word == "uc":
        return replace(state, fallback=1 if number is None else max(number, 0))
    if word == "v":
        return replace(state, hidden=on)
    if word in _STRIKES:
        return replace(state, struck=on)
    return replace(state, shift=_SHIFTS[word] if on else "")


def _numbered(state: RtfState, word: str, number: int) -> RtfState:
    """The state with a font, a colour of text or ground, or a size; the size 0 is the usual one."""
    if word == "f":
        return replace(state, font=number)
    if word == "cf":
        return replace(state, ink=number)
    return replace(state, size=number or 24) if word == "fs" else replace(state, ground=number)


def known_encoding(encoding: str, other: str) -> str:
    """A codec's name if Python has it, else the other."""
    try:
        return "utf-8" if encoding == "cp65001" else "".encode(encoding).decode() or encoding
    except LookupError:
        return other

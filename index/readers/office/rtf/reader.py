"""Rich Text Format (.rtf) to text: paragraphs, headings, lists with their numbers, tables, notes.

Of tracked changes inserted text is read and deleted text is not. Struck-out text, comments and equations are
not read but counted, what nobody sees is kept apart; pictures are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from index.errors import ReadError
from index.readers.builder import TextBuilder, real_title
from index.readers.office.parts.equations import lowered
from index.readers.office.parts.symbols import NOT_TICKED, TICKED, UNKNOWN, in_font, is_symbol_font
from index.readers.office.rtf.states import (
    APART,
    DEEPEST,
    ENCODINGS,
    HEADING,
    KEPT,
    LOOK_WORDS,
    SHOWN,
    SIGNS,
    SKIPPED,
    SYMBOLS,
    ParagraphLook,
    RtfFlow,
    RtfState,
    changed_look,
    colours_of,
    known_encoding,
)
from index.readers.office.rtf.tables import WORDS, RtfTable
from index.readers.office.rtf.tokens import CHARSETS, Token, tokens_of
from index.readers.parts.colours import RGB
from index.text.scripts import superscript
from index.types import BlockKind, Dated, HiddenBy, Reading

_PAGE_NUMBER = re.compile(r"(?:[^\W\d_]+\.?\s*)?[-–\s]*\d+[-–\s]*(?:[^\W\d_]+\s+\d+|/\s*\d+)?")
_SPACES = re.compile(" {2,}")
_HINT = "open it in the program that made it, and save it again"


def read_rtf(data: bytes, name: str) -> Reading:  # noqa: ARG001  the table calls every reader alike
    """The text of a Rich Text file; title and date are those of its information group.

    Raises ReadError for what is no Rich Text, and for a file without text.
    """
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t")[:5] == b"{\\rtf":
        raise ReadError("not a Rich Text file", _HINT)
    source = data.decode("latin-1")
    reading = _Document(colours=colours_of(source))
    for token in tokens_of(source):
        reading.take(token)
    reading.finish()
    builder = reading.builder
    for text, by in reading.hidden:
        builder.hide(text, by)
    if builder.is_empty:
        raise ReadError("no text in this document", "nothing to do: there are no words in it")
    builder.notes += reading.remarks()
    date = Dated(reading.date, "created") if reading.date else None
    return builder.reading(title=real_title(reading.title) or builder.first_heading(), date=date)


@dataclass(slots=True)
class _Document:
    """A Rich Text file while it is read."""

    builder: TextBuilder = field(default_factory=TextBuilder)
    encoding: str = "cp1252"
    title: str = ""
    date: str = ""
    struck: int = 0
    comments: int = 0
    equations: int = 0
    state: RtfState = field(default_factory=RtfState)
    look: ParagraphLook = field(default_factory=ParagraphLook)
    fonts: dict[int, tuple[str, str]] = field(default_factory=dict)  # name and encoding
    levels: dict[int, int] = field(default_factory=dict)  # of heading styles
    table: RtfTable = field(default_factory=RtfTable)
    caption: str = ""
    colours: list[RGB | None] = field(default_factory=list)  # None for the one of the program
    _stack: list[tuple[RtfState, RtfFlow | None, list[str] | None]] = field(default_factory=list)
    _flows: list[RtfFlow] = field(default_factory=lambda: [RtfFlow()])
    _notes: list[RtfFlow] = field(default_factory=list)
    _headers: list[str] = field(default_factory=list)
    _footers: list[str] = field(default_factory=list)
    _kept: list[str] | None = None  # the text of a group that is kept apart: a title, a font's name
    _bytes: bytearray = field(default_factory=bytearray)
    _numbers: dict[str, int] = field(default_factory=dict)  # of the words in a group that is kept apart
    hidden: list[tuple[str, HiddenBy]] = field(default_factory=list)
    _unseen: list[str] = field(default_factory=list)
    _unseen_by: HiddenBy | None = None  # what hides that text
    _skip: int = 0  # characters that follow one in Unicode, for programs that know none
    _ignorable: bool = False
    _first: bool = False  # the next word names the group

    def remarks(self) -> list[str]:
        """What was left out, and how often."""
        counts = (
            (self.struck, f"struck-out text was not read, in {self.struck} places"),
            (self.comments, f"{self.comments} comments were not read"),
            (self.equations, f"{self.equations} equations were not read"),
        )
        return [remark for count, remark in counts if count]

    def take(self, token: Token) -> None:
        """Take in the next token."""
        if token.kind in {"byte", "text"}:
            self._take_text(token)
            return
        self._decode()
        if token.kind == "open":
            self._stack.append((self.state, None, None))
            self._first, self._ignorable = True, False
        elif token.kind == "close":
            self._close()
        elif token.text == "*":
            self._ignorable = True
            return
        elif token.text in "\r\n":
            self._end_paragraph()
        elif token.kind == "symbol":
            self._emit(SYMBOLS.get(token.text, ""))
        else:
            self._word(token.text, token.number)
        if token.kind != "open":
            self._first = self._ignorable = False

    def _take_text(self, token: Token) -> None:
        text = token.text[self._skip :]
        self._skip = max(self._skip - len(token.text), 0)
        self._first = self._ignorable = False
        self._bytes += text.encode("latin-1")

    def _decode(self) -> None:
        """Write the bytes that were collected, in the encoding of their font."""
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        name, encoding = self.fonts.get(self.state.font, ("", self.encoding))
        if is_symbol_font(name):
            self._emit(in_font(data.decode("latin-1"), name).replace(UNKNOWN, ""))
            return
        self._emit(data.decode(encoding, "replace").replace(UNKNOWN, ""))

    def _emit(self, text: str) -> None:
        if not text or self.state.group in {"skip", "info"}:
            return
        if self._kept is not None:
            self._kept.append(text)
        elif (by := self.state.hidden_by(self.colours, self.look)) is not None:
            self._hide(text, by)
        elif self.state.struck:
            self.struck += bool(text.strip())
        else:
            self._end_hidden()
            parts = self._flows[-1].parts
            if self.state.shift == "super":
                text = superscript(text)
            elif (
                self.state.shift == "sub"
                and text.strip().isdecimal()
                and "".join(parts[-1:])[-1:].isdecimal()
            ):
                text = lowered(text)
            parts.append(text)

    def _hide(self, text: str, by: HiddenBy) -> None:
        """Gather a text that nobody sees; runs of it are one text."""
        if by != self._unseen_by:
            self._end_hidden()
        self._unseen_by = by
        self._unseen.append(text)

    def _end_hidden(self) -> None:
        if self._unseen_by is not None:
            self.hidden.append(("".join(self._unseen), self._unseen_by))
        self._unseen, self._unseen_by = [], None

    def _word(self, word: str, number: int | None) -> None:
        if self._first and self._open_group(word):
            return
        if self.state.group == "skip":
            return
        if word == "u" and number is not None:
            code = number % 65_536
            self._unicode(code)
            self._skip = self.state.fallback
        elif self._kept is not None:
            self._kept_word(word, number)
        elif word in SIGNS:
            self._emit(SIGNS[word])
        elif word in LOOK_WORDS:
            self.state = changed_look(self.state, word, number)
        elif word in ENCODINGS:
            self.encoding = ENCODINGS[word]
        elif word == "ansicpg" and number:
            self.encoding = known_encoding(f"cp{number}", self.encoding)
        else:
            self._paragraph_word(word, number)

    def _kept_word(self, word: str, number: int | None) -> None:
        if word in LOOK_WORDS and self.state.group in {"listtext", "pntext"}:
            self.state = changed_look(self.state, word, number)
        elif word == "uc" and number is not None:
            self.state = replace(self.state, fallback=number)
        elif word == "f" and self.state.group == "fonttbl":
            self._numbers = {"f": number or 0}
        elif self._kept is not None and word in SIGNS:
            self._kept.append(SIGNS[word])
        self._numbers[word] = 1 if number is None else number

    def _unicode(self, code: int) -> None:
        """One character; the halves of a pair beyond U+FFFF are joined when the second comes."""
        parts = self._kept if self._kept is not None else self._flows[-1].parts
        if 0xDC00 <= code < 0xE000 and parts and len(parts[-1]) == 1 and 0xD800 <= ord(parts[-1]) < 0xDC00:
            high = ord(parts.pop())
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        name = self.fonts.get(self.state.font, ("", ""))[0]
        self._emit(in_font(chr(code), name).replace(UNKNOWN, ""))

    def _open_group(self, word: str) -> bool:
        """Begin a group by the word that names it; True if the word says nothing else."""
        state, _, _ = self._stack[-1] if self._stack else (self.state, None, None)
        if len(self._stack) > DEEPEST:
            raise ReadError("groups nested too deep", _HINT)
        if word == "annotation":
            self.comments += 1
        if word == "moMath":
            self.equations += self.state.group != "skip"
        unknown = self._ignorable and word not in SHOWN and word not in KEPT
        is_form = word == "formfield"  # stands inside the instruction of a field
        if (self.state.group == "skip" and not is_form) or word in SKIPPED or word == "annotation" or unknown:
            self.state = replace(self.state, group="skip")
            return True
        if word == "info":
            self.state = replace(self.state, group=word)
            return True
        if word in APART:
            self._stack[-1] = (state, RtfFlow(), None)
            self._flows.append(RtfFlow())
            self.state = replace(RtfState(font=self.state.font), group=word)
            return True
        if word in KEPT:
            self._stack[-1] = (state, None, self._kept or [])
            self._kept, self._numbers = [], {}
            self.state = replace(self.state, group=word)
            return True
        return False

    def _close(self) -> None:
        if not self._stack:
            return
        state, apart, kept = self._stack.pop()
        group, self.state = self.state.group, state
        if apart is not None:
            self._end_paragraph(group)
            self._end_apart(group, self._flows.pop())
        elif kept is not None:
            text = "".join(self._kept or [])
            self._kept = None
            self._end_kept(group, text)
        elif group in {"fonttbl", "stylesheet"} and self._kept is not None:
            self._end_entry(group)

    def _end_kept(self, group: str, text: str) -> None:
        """Take in a group that was kept apart: a title, a date, the number of an item, a form field."""
        numbers = self._numbers
        if group == "title":
            self.title = text
        elif group in {"creatim", "revtim"} and "yr" in numbers and not self.date:
            year, month, day = (numbers.get(key, 1) for key in ("yr", "mo", "dy"))
            if 1980 < year < 2200 and 0 < month < 13 and 0 < day < 32:
                self.date = f"{year:04d}-{month:02d}-{day:02d}"
        elif group in {"listtext", "pntext"} and not self.state.hidden:
            self._flows[-1].label = " ".join(text.split())
        elif group == "formfield" and numbers.get("fftype") == 1:
            result = numbers.get("ffres", 25)
            ticked = numbers.get("ffdefres", 0) if result == 25 else result
            self._flows[-1].parts.append(TICKED if ticked else NOT_TICKED)
        elif group in {"fonttbl", "stylesheet"}:
            self._kept = text.split("\n") if text else []
            self._end_entry(group)
            self._kept = None

    def _end_entry(self, group: str) -> None:
        """One font or one style: its name, and the words before it."""
        name = "".join(self._kept or []).strip().rstrip(";")
        numbers = self._numbers
        if group == "fonttbl" and "f" in numbers:
            charset = numbers.get("fcharset", 0)
            encoding = CHARSETS.get(charset, self.encoding)
            if "cpg" in numbers:
                encoding = known_encoding(f"cp{numbers['cpg']}", encoding)
            self.fonts[numbers["f"]] = (
                "Symbol" if charset == 2 and not is_symbol_font(name) else name,
                encoding,
            )
        elif group == "stylesheet":
            heading = HEADING.match(name)
            level = int(heading[1] or heading[2]) if heading else numbers.get("outlinelevel", -1) + 1
            if name.lower() == "title":
                level = 1
            if 0 < level < 10:
                self.levels[numbers.get("s", 0)] = level
        if self._kept is not None:
            self._kept.clear()
        self._numbers = {}

    def _paragraph_word(self, word: str, number: int | None) -> None:
        if word in {"par", "sect", "page", "column"}:
            self._end_paragraph()
        elif word == "pard":
            self.look = ParagraphLook()
        elif word == "cbpat":
            self.look.ground = number or 0
        elif word == "s":
            self.look.level = self.levels.get(number or 0, 0)
        elif word == "outlinelevel" and number is not None:
            self.look.level = number + 1 if number < 9 else 0
        elif word == "intbl":
            self.look.in_table = True
        elif word == "cell":
            self.look.in_table = True
            flow = self._flows[-1]
            self.table.end_cell(" ".join(f"{flow.label} {''.join(flow.parts)}".split()))
            flow.parts.clear()
            flow.label = ""
        elif word in WORDS:
            self.table.take(word, number or 0)

    def _end_paragraph(self, group: str = "") -> None:
        """Append the paragraph that was collected, or keep it with its header or note."""
        flow = self._flows[-1]
        text, label = _SPACES.sub(" ", "".join(flow.parts).replace("\t", " ")).strip(" "), flow.label
        if self.look.in_table and len(self._flows) == 1 and not group:
            flow.parts.append(" ")  # a paragraph inside a cell
            return
        flow.parts.clear()
        flow.label = ""
        bullet = bool(label) and not any(sign.isalnum() for sign in label)
        kind: BlockKind = "heading" if self.look.level else "item" if label else "paragraph"
        if label and not bullet and text.strip():
            text = f"{label} {text}"
        line = (kind, self.look.level, text, "• " if bullet else "")
        if len(self._flows) > 1:
            flow.lines.append(line)
            return
        if text.strip():
            self._end_table()
            self._add(line)
            self.caption = text
        self._add_notes()

    def _add(self, line: tuple[BlockKind, int, str, str]) -> None:
        kind, level, text, before = line
        self.builder.add(kind, text, level, before=before)

    def _add_notes(self) -> None:
        for note in self._notes:
            for _, _, text, _ in note.lines:
                self.builder.add("paragraph", text)
        self._notes.clear()

    def _end_table(self) -> None:
        if self.table.end(self.builder, self.caption):
            self.caption = ""

    def _end_apart(self, group: str, flow: RtfFlow) -> None:
        """A header is read where it stands, a footer at the end, a note after its paragraph."""
        texts = [text for _, _, text, _ in flow.lines if text.strip()]
        texts = [text for text in texts if not _PAGE_NUMBER.fullmatch(text.strip())]
        if group in {"footnote", "shptxt"}:
            self._notes.append(flow)
        elif group.startswith("footer"):
            self._footers += [text for text in texts if text not in self._footers]
        elif group.startswith("header"):
            for text in texts:
                self.builder.add("paragraph", text if text not in self._headers else "")
            self._headers += texts

    def finish(self) -> None:
        """Append what is still open at the end of the file."""
        self._decode()
        self._end_hidden()
        self.look.in_table = False
        self._end_paragraph()
        self._end_table()
        self._add_notes()
        for text in self._footers:
            self.builder.add("paragraph", text)

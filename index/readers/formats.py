"""The table of file formats, and `read`, which turns the bytes of a file into a `Reading`.

`read` also checks what every reading must keep: no lone surrogate, at least one block, a note about
characters that hide or reorder text. Each reader is imported only when the first file of its kind is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from index.errors import ReadError
from index.readers.limits.limits import DEFAULT_LIMITS, Limits
from index.readers.llama_index import LlamaReader
from index.readers.parts.hidden import counts, settled
from index.readers.pdf.ocr.tesseract import Tesseract
from index.types import Reading

HIDDEN_TOO = "+hidden"  # in the name of a reader that read hidden text too
ReadFunction = Callable[[bytes, str], Reading]
ScanFunction = Callable[[bytes, str, Tesseract | None], Reading]  # of a format that may hold scanned pages


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table: `function` of `index.readers.<module>`, and the version of what it gives.

    The version grows whenever the same bytes would give another text or other blocks, so that the files
    read by the older version are read again. With `scans`, files may hold pages that only OCR can read; with
    `hides`, text that a person who opens the file does not see.
    """

    name: str
    version: int
    module: str
    function: str
    suffixes: tuple[str, ...]
    scans: bool = False
    hides: bool = False


_CODE = tuple(
    re.findall(
        r"\S+",
        """
        .py .pyi .js .mjs .cjs .jsx .ts .tsx .java .kt .scala .swift .c .cc .cpp .cxx .h .hh .hpp .cs .go
        .rs .rb .php .pl .lua .r .jl .hs .ml .ex .exs .erl .clj .dart .sh .bash .zsh .fish .ps1 .bat .sql
        .toml .yaml .yml .ini .cfg .conf .properties .css .scss .less .xml .proto .graphql .tf .cmake .mk
        .bib .vue .svelte
        """,
    )
)

FORMATS: tuple[Format, ...] = (
    Format(
        "text",
        2,
        "plain.text",
        "read_text",
        ("", ".txt", ".text", ".log", ".asc", ".nfo", ".diz", ".lst", ".readme", ".me", ".pod", ".fountain"),
    ),
    Format(
        "markdown",
        3,
        "plain.markdown",
        "read_markdown",
        (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"),
        hides=True,
    ),
    Format("rst", 2, "plain.rst", "read_rst", (".rst", ".rest")),
    Format(
        "markup",
        1,
        "plain.markup",
        "read_markup",
        (".adoc", ".asciidoc", ".org", ".textile", ".wiki", ".mediawiki", ".mw", ".tex", ".ltx", ".latex"),
    ),
    Format("csv", 2, "plain.delimited", "read_csv", (".csv",)),
    Format("tsv", 2, "plain.delimited", "read_tsv", (".tsv", ".tab")),
    Format("json", 2, "plain.json_files", "read_json", (".json", ".geojson")),
    Format("notebook", 1, "plain.notebook", "read_notebook", (".ipynb",)),
    Format("jsonl", 2, "plain.json_files", "read_jsonl", (".jsonl", ".ndjson")),
    Format("subtitles", 1, "plain.subtitles", "read_subtitles", (".srt", ".vtt", ".sbv")),
    Format("code", 2, "plain.code", "read_code", _CODE),
    Format("html", 3, "markup.html", "read_html", (".html", ".htm", ".xhtml"), hides=True),
    Format("pdf", 3, "pdf.reader", "read_pdf", (".pdf",), scans=True, hides=True),
    Format("docx", 3, "office.word", "read_docx", (".docx", ".docm", ".dotx", ".dotm"), hides=True),
    Format(
        "pptx",
        3,
        "office.slides",
        "read_pptx",
        (".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"),
        hides=True,
    ),
    Format("xlsx", 3, "office.sheets", "read_xlsx", (".xlsx", ".xlsm", ".xltx", ".xltm"), hides=True),
    Format(
        "old office",
        3,
        "office.legacy",
        "read_legacy",
        (".doc", ".xls", ".ppt", ".pps", ".xlt", ".xlsb"),
        hides=True,
    ),
    Format(
        "opendocument",
        2,
        "office.opendocument",
        "read_opendocument",
        (".odt", ".ott", ".ods", ".ots", ".odp", ".otp", ".odg", ".fodt", ".fods", ".fodp"),
        hides=True,
    ),
    Format("rtf", 2, "office.rtf.reader", "read_rtf", (".rtf",), hides=True),
    Format("epub", 3, "markup.epub", "read_epub", (".epub",), hides=True),
    Format("email", 3, "markup.mail.message", "read_email", (".eml",), hides=True),
    Format("mbox", 2, "markup.mail.mailbox", "read_mbox", (".mbox", ".mbx"), hides=True),
    Format("msg", 2, "markup.mail.outlook", "read_msg", (".msg", ".oft"), hides=True),
    Format("calendar", 1, "markup.mail.calendar", "read_calendar", (".ics",)),
    Format("mhtml", 2, "markup.mail.web_archive", "read_mhtml", (".mht", ".mhtml"), hides=True),
)

IMAGES = Format(  # no format without OCR
    "image",
    1,
    "pdf.ocr.images",
    "read_image",
    (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"),
    scans=True,
)

_BY_SUFFIX = {suffix: row for row in (*FORMATS, IMAGES) for suffix in row.suffixes}
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Embeddings, overrides and isolates of direction; tag characters (invisible copies of ASCII).
_HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What a user adds: LlamaIndex readers, each in place of ours for its suffix, OCR, `hidden` text.

    `limits` are what reading one file may take.
    """

    llama_readers: tuple[LlamaReader, ...] = ()
    ocr: Tesseract | None = None
    limits: Limits = DEFAULT_LIMITS
    hidden: bool = False


DEFAULT_READING = ReadingOptions()


def read(data: bytes, name: str, options: ReadingOptions = DEFAULT_READING) -> Reading:
    """The text, blocks, pages, title and date of one file; `name` decides the format by its suffix.

    A file whose suffix is not in the table is read as text, if it is text. Guarantees that the text can be
    encoded, and that there is at least one block. Raises `ReadError` if no text can be made of these bytes.
    """
    if not data:
        raise ReadError("empty file", "nothing to do: there is nothing in it")
    try:
        reading = _read_with(_reader(name, options), data, name, options.ocr)
        reading = _without_surrogates(settled(reading, include=options.hidden))
    except ReadError as exc:
        if supported(name, options):
            raise
        cause = f"no reader for {PurePosixPath(name).suffix.lower()} files"
        raise ReadError(cause, "convert it to text, Markdown, HTML, PDF or DOCX") from exc
    if not reading.blocks and any(counts(note) for note in reading.notes):
        raise ReadError(
            "no visible text: all its text is hidden", "read it all the same", option="include_hidden"
        )
    if not reading.blocks:
        raise ReadError("no text", "nothing to do: no words were found in it")
    hidden = 0 if reading.text.isascii() else len(_HIDDEN.findall(reading.text))
    if hidden:
        note = f"{hidden} invisible or direction-changing characters in the text"
        reading = replace(reading, notes=(*reading.notes, note))
    return replace(reading, notes=tuple(map(_on_one_line, reading.notes))) if reading.notes else reading


def supported(name: str, options: ReadingOptions = DEFAULT_READING) -> bool:
    """True if the suffix of `name` is in the table, or it has none: such files of a folder are read."""
    return _known_reader(name, options) is not None


def reader_name(name: str, options: ReadingOptions = DEFAULT_READING) -> str:
    """Reader and version for a file of this name, "pdf/1", and the program that reads its scanned pages."""
    reader = _reader(name, options)
    if isinstance(reader, LlamaReader):
        return reader.name
    plain = f"{reader.name}/{reader.version}{HIDDEN_TOO if options.hidden and reader.hides else ''}"
    return f"{plain}+{options.ocr.name}" if options.ocr and reader.scans else plain


def is_up_to_date(reader: str, name: str, options: ReadingOptions) -> bool:
    """True if what `reader` read needs no reading again; what OCR read also stays where OCR is off."""
    now = reader_name(name, options)
    more = reader.removeprefix(f"{now}+")
    return reader == now or (options.ocr is None and more != reader and not f"+{more}".startswith(HIDDEN_TOO))


def uses_ocr(name: str, options: ReadingOptions) -> bool:
    """True if `read` may recognise text in a file of this name, which takes its time."""
    reader = _reader(name, options)
    return options.ocr is not None and isinstance(reader, Format) and reader.scans


def _reader(name: str, options: ReadingOptions) -> LlamaReader | Format:
    return _known_reader(name, options) or FORMATS[0]


def _known_reader(name: str, options: ReadingOptions) -> LlamaReader | Format | None:
    suffix = _suffix(name)
    for reader in options.llama_readers:
        if reader.suffix == suffix:
            return reader
    row = _BY_SUFFIX.get(suffix)
    return None if row is IMAGES and options.ocr is None else row


def _read_with(reader: LlamaReader | Format, data: bytes, name: str, ocr: Tesseract | None) -> Reading:
    if isinstance(reader, LlamaReader):
        return reader.read(data)
    function = getattr(import_module(f"index.readers.{reader.module}"), reader.function)
    if reader.scans:
        return cast("ScanFunction", function)(data, name, ocr)
    return cast("ReadFunction", function)(data, name)


def _suffix(name: str) -> str:
    """The suffix in lower case; "" where what follows the last dot is a number or words ("notes 1.2")."""
    stem, _, end = name.rpartition(".")
    return _as_suffix(end) if stem and stem[-1] != "/" else ""


@lru_cache(maxsize=1000)  # of 100,000 files, a few kinds
def _as_suffix(end: str) -> str:
    return "" if not end or end.isdigit() or " " in end or "/" in end else f".{end.lower()}"


def _on_one_line(note: str) -> str:
    """A remark that may quote the file, with its control characters and line ends as escapes."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", note)


def _without_surrogates(reading: Reading) -> Reading:
    """The same reading with U+FFFD for each lone surrogate, which no store or terminal can encode."""
    text, title = reading.text, reading.title or ""
    if not (_SURROGATE.search(title) or (not text.isascii() and _SURROGATE.search(text))):
        return reading
    return replace(
        reading,
        text=_SURROGATE.sub("\ufffd", text),
        title=None if reading.title is None else _SURROGATE.sub("\ufffd", title),
    )

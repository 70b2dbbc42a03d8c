"""Formats of documents that no reader knows: why a file was not read, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnreadKind:
    """What files of these suffixes are called, and what to do to have them read."""

    name: str
    advice: str
    suffixes: frozenset[str]
    document: bool = True


def _kind(name: str, advice: str, suffixes: str, *, document: bool = True) -> UnreadKind:
    return UnreadKind(name, advice, frozenset(suffixes.split()), document)


# A reader for one of these takes it out: only what was not read is looked up here.
_KINDS = (
    _kind(
        "documents",
        "save as .docx or .pdf",
        ".pages .wpd .wps .wri .abw .sxw .stw .hwp .hwpx .lwp .sdw .dot .one",
    ),
    _kind(
        "spreadsheets",
        "save as .xlsx or .csv",
        ".numbers .sxc .wk1 .wks .dif .slk .dbf .mdb .accdb .parquet",
    ),
    _kind(
        "presentations",
        "save as .pptx or .pdf",
        ".key .sxi .pot",
    ),
    _kind("pages", "convert to .pdf", ".djvu .djv .xps .oxps .ps .eps .dvi .indd .pub .vsd .vsdx"),
    _kind("books", "convert to .epub", ".mobi .azw .azw3 .kfx .fb2 .lit .prc .lrf .ibooks .chm"),
    _kind("comics", "run OCR and save as .pdf", ".cbz .cbr .cb7"),
    _kind("mail", "save each message as .eml", ".pst .ost .olm .emlx .nsf"),
    _kind("notes", "export as .html or .md", ".enex .onepkg .opml .nb"),
    _kind("web pages", "save as .html", ".webarchive .maff"),
    _kind(
        "pictures",
        "text in pictures needs OCR: see the setting ocr",
        ".png .jpg .jpeg .gif .bmp .tif .tiff .webp .heic .heif .avif .jp2 .svg .ai .psd .cdr .raw .dng .ico",
        document=False,
    ),
    _kind(
        "recordings",
        "transcribe to .srt, .vtt or .txt",
        ".mp3 .m4a .wav .flac .ogg .oga .opus .aac .wma .aiff .mp4 .m4v .mov .avi .mkv .webm .wmv .mpg .3gp",
        document=False,
    ),
    _kind(
        "archives",
        "unpack first",
        ".zip .7z .rar .tar .gz .tgz .bz2 .xz .zst .cab .iso .dmg",
        document=False,
    ),
)


def unread_kind(suffix: str) -> UnreadKind | None:
    """The kind of files of a suffix, if people expect those to be read."""
    return next((kind for kind in _KINDS if suffix in kind.suffixes), None)


def unread_reason(suffix: str) -> str:
    """Why a file that no reader knows was not read: "no reader for .pages files: save them as …"."""
    kind = unread_kind(suffix)
    reason = f"no reader for {suffix or 'such'} files"
    return reason if kind is None else f"{reason}: {kind.advice}"


def unread_lines(ignored: Sequence[tuple[str, int]]) -> list[str]:
    """What was not read of what people expect to be read: a line for each format, and for each other kind.

    `ignored` are suffixes and how many files have them, most first.
    """
    lines: dict[str, list[tuple[str, int]]] = {}
    for suffix, count in ignored:
        kind = unread_kind(suffix)
        if kind is not None:
            lines.setdefault(suffix if kind.document else kind.name, []).append((suffix, count))
    return [_line(suffixes) for suffixes in lines.values()]


def _line(suffixes: Sequence[tuple[str, int]]) -> str:
    kind = unread_kind(suffixes[0][0])
    assert kind is not None, "only kinds that are known make lines"
    total = sum(count for _, count in suffixes)
    if kind.document:
        return f"{total:,} {suffixes[0][0]} file{'s' * (total > 1)} not read (no reader): {kind.advice}"
    named = ", ".join(f"{suffix} {count:,}" for suffix, count in suffixes[:4])
    more = ", …" if len(suffixes) > 4 else ""
    return f"{total:,} {kind.name if total > 1 else kind.name[:-1]} not read ({named}{more}): {kind.advice}"

"""The old binary office files (.doc, .xls, .ppt) to text, converted by LibreOffice if it is installed.

The conversion runs in a folder and with a profile of its own, without macros and without loading what the
file links to. What only has the name of an old file (a web page, Rich Text, a newer file) is read as such.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import ReadError
from index.readers.formats import read
from index.readers.limits.archive import refuse_ole
from index.readers.limits.limits import limits_now
from index.types import Reading

_SHARE = 0.8  # of the time that reading a file may take, so that no conversion is left behind
# Where installers put it outside of PATH.
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_SAFE_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
</item></oor:items>
"""


@dataclass(frozen=True, slots=True)
class _OldKind:
    newer: str  # the suffix of what it is converted to
    kind: str


_WORD, _SLIDES, _SHEETS = (
    _OldKind(".docx", "Word file"),
    _OldKind(".pptx", "PowerPoint file"),
    _OldKind(".xlsx", "Excel file"),
)
_KINDS = {".doc": _WORD, ".ppt": _SLIDES, ".pps": _SLIDES, ".xls": _SHEETS, ".xlt": _SHEETS, ".xlsb": _SHEETS}


def read_legacy(data: bytes, name: str) -> Reading:
    """The text of an old binary office file, read from what LibreOffice makes of it; a remark says so.

    Raises ReadError where LibreOffice is not installed or cannot open the file, saying what to do instead.
    """
    suffix = posixpath.splitext(name.lower())[1]
    old = _KINDS.get(suffix, _WORD)
    other = _other_suffix(data, old) if suffix != ".xlsb" else None
    if other is not None:
        return read(data, f"file{other}")
    hint = f"save it as {old.newer} and index that"
    if "EncryptedPackage".encode("utf-16-le") in data:
        refuse_ole(data, kind=old.kind, suffix=old.newer)
    program = _program()
    if program is None:
        raise ReadError(
            f"an old binary {old.kind}", f"install LibreOffice, with which it can be read, or {hint}"
        )
    converted = _converted(program, data, suffix, old)
    reading = read(converted, f"file{old.newer}")
    return replace(reading, notes=(*reading.notes, "converted by LibreOffice"))


def _other_suffix(data: bytes, old: _OldKind) -> str | None:
    """The suffix of what the file is in truth; None for an old binary file."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if data.startswith(b"PK"):
        return old.newer
    if start.startswith(b"{\\rtf"):
        return ".rtf"
    if start.startswith(b"<") and any(
        mark in start for mark in (b"<html", b"<table", b"<!doctype html", b"<body")
    ):
        return ".html"
    return None


def _program() -> str | None:
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def _converted(program: str, data: bytes, suffix: str, old: _OldKind) -> bytes:
    """The file in the newer format. Raises ReadError if LibreOffice gives none in time."""
    seconds = _SHARE * limits_now().seconds
    failed = f"LibreOffice could not open this {old.kind}"
    hint = f"open it yourself, save it as {old.newer} and index that"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"file{suffix}"
        source.write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_SAFE_SETTINGS, encoding="utf-8")
        command = [program, f"-env:UserInstallation={profile.as_uri()}", "-headless", "-norestore"]
        command += ["-convert-to", old.newer.removeprefix("."), "-outdir", str(folder / "out"), str(source)]
        try:
            subprocess.run(  # noqa: S603  the program of the user, and names that we gave
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
                cwd=folder,
                env={**os.environ, "HOME": str(folder)},
            )
            return (folder / "out" / f"file{old.newer}").read_bytes()
        except subprocess.TimeoutExpired as exc:
            raise ReadError(f"{failed} within {seconds:.0f} seconds", hint) from exc
        except OSError as exc:
            raise ReadError(f"{failed}: it may be damaged or need a password", hint) from exc

"""The program Tesseract: found, checked for its languages, and run on one image at a time."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from index.errors import ReadError, SettingsError

SCANNED = "scanned, no text layer"  # what is said of a file, or of pages, that only OCR can read
PAGE_SECONDS = 120.0
_OLDEST = 4  # major version; older ones recognise far less and have no such output
_WINDOWS = r"C:\Program Files\Tesseract-OCR"  # its installer does not add this to the path
_INSTALL = "install it: apt install tesseract-ocr, brew install tesseract, or on Windows its installer"
# How the images begin that may be handed over: PNG, JPEG, TIFF, BMP, GIF, WebP, and the grey map of a page.
# The program takes anything else for a list of files to read, which a document must not choose.
_IMAGE = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|II\*\0|MM\0\*|BM.{4}\0{4}|GIF8[79]a|RIFF.{4}WEBP|P5 \d", re.DOTALL
)
_NO_REASON = "Error during processing."
_ORIENTATION = "osd"  # data to see which way up a page is, listed as if it were a language


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program as it is used. `languages` are those of its data, as in "eng+deu".

    With `orientation`, pages that lie on their side or upside down are recognised. A page may take `seconds`.
    """

    program: str
    version: str
    languages: str
    orientation: bool = False
    seconds: float = PAGE_SECONDS

    @property
    def name(self) -> str:
        """As it stands in the index, behind the reader: "tesseract/5.3.0/eng"."""
        return f"tesseract/{self.version}/{self.languages}"

    def hocr(self, image: bytes, *, dpi: int | None = None, pages: int = 1) -> bytes:
        """The words of an image file with their places, as XHTML with the classes of hOCR.

        `dpi` is for an image that does not say it; `pages` is how many there are in the file. Raises
        ReadError for what is no image, and if the program fails or takes too long.
        """
        if _IMAGE.match(image) is None:
            raise ReadError("not an image, or of a kind that is not read", "save it as PNG, JPEG or TIFF")
        resolution = () if dpi is None else ("--dpi", str(dpi))
        layout = ("--psm", "1") if self.orientation else ()
        command = [self.program, "-", "-", "-l", self.languages, *resolution, *layout]
        seconds = self.seconds * pages
        try:
            done = _run([*command, "-c", "tessedit_create_hocr=1"], image, seconds)
        except subprocess.TimeoutExpired as exc:
            raise ReadError(f"text recognition took longer than {seconds:.0f} s") from exc
        except OSError as exc:
            raise ReadError(f"{self.program} cannot be run: {exc.strerror}") from exc
        if done.returncode:
            why = _reason(done.stderr) or f"exit code {done.returncode}"
            raise ReadError(f"text recognition failed: {why}", "open it in an image viewer")
        return done.stdout


def find_tesseract(languages: str) -> Tesseract:
    """The installed program. Raises SettingsError if there is none, or none with data for these languages."""
    program = shutil.which("tesseract") or shutil.which("tesseract", path=_WINDOWS)
    if program is None:
        raise SettingsError("text recognition needs the program tesseract", _INSTALL, option="ocr")
    version = re.search(r"tesseract v?((\d+)\.[\w.]+)", _printed(program, "--version"))
    if version is None or int(version[2]) < _OLDEST:
        raise SettingsError(
            f"{program} is no Tesseract of version {_OLDEST} or later", _INSTALL, option="ocr"
        )
    known = _printed(program, "--list-langs").split("\n")[1:]
    known = [name.strip() for name in known if name.strip()]
    missing = [name for name in languages.split("+") if name not in known]
    if missing:
        raise SettingsError(
            f"tesseract has no data for {', '.join(missing)}, only for {_listed(known)}",
            f"install it (apt install tesseract-ocr-{missing[0]}), or choose others",
            option="ocr_languages",
        )
    return Tesseract(program, version[1], languages, orientation=_ORIENTATION in known)


def _reason(said: bytes) -> str:
    """The last thing that the program said which says something."""
    lines = (line.strip() for line in reversed(said.decode("utf-8", "replace").split("\n")))
    return next((line for line in lines if line not in ("", _NO_REASON)), "")[:200]


def _listed(known: Sequence[str]) -> str:
    names = [name for name in known if name != _ORIENTATION]
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "") if names else "no language"


def _printed(program: str, option: str) -> str:
    """What the program says about itself, on whichever stream; nothing if it cannot be run."""
    try:
        done = _run([program, option], b"", PAGE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def _run(command: Sequence[str], data: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run the program with `data` on standard input, in one thread: files are read side by side."""
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"}
    with subprocess.Popen(  # noqa: S603 - a program of the user's own path, without a shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as process:
        try:
            _limit_cpu(process.pid, seconds)
            printed, said = process.communicate(data, timeout=seconds)
        finally:
            process.kill()
    return subprocess.CompletedProcess(command, process.returncode, printed, said)


def _limit_cpu(process: int, seconds: float) -> None:
    """Let the program end by itself where this process is killed before it can do so (Linux)."""
    if sys.platform == "linux":
        import resource

        limit = int(seconds) + 1
        try:
            resource.prlimit(process, resource.RLIMIT_CPU, (limit, limit))
        except (OSError, ValueError):
            return  # it has ended already, or is allowed less

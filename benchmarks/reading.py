"""The words of real files that our readers have, against those of another extractor.

`python benchmarks/reading.py FOLDER … [--suffix .pdf …] [--show N] [--pdf-speed]`

Every file below the folders is read by us and by a program that nobody of this project wrote: PDF by
`pdftotext` (poppler), Word, OpenDocument text and RTF by LibreOffice as plain text, slides by LibreOffice as
PDF and then `pdftotext`, spreadsheets by LibreOffice as CSV, HTML by Chromium's `innerText`. A file whose
program is not installed is named as not compared.

For each kind of file: the share of the other's words that we have (`ours`), the share of ours that the other
has (`theirs`), and the share of the other's words that stand in our text in the same order (`in order`: the
longest common subsequence, page by page for PDF, the best of pdftotext's three orders). Words are runs of
letters or digits after Unicode's NFKC, in lower case; a word that one side writes as two ("mid", "year")
counts as had. Running headers and page numbers of PDFs that we leave out by rule are counted in the other's
words, so they lower `ours`; `by rule` is their number, and `ours + rule` the share with them. `--show N`
prints the N files with most words missing, and which words.

`--pdf-speed` compares CPU seconds for PDFs: pdfium's bare text of every page and our whole reading, in turns.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2 as pdfium

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.errors import ReadError
from index.readers.formats import read, supported
from index.readers.pdf.content.reading import PageReader
from index.readers.pdf.layout.rows import letters_height
from index.readers.pdf.layout.running import without_running_lines
from index.readers.pdf.page import PdfLine

_WORD = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_LCS = 40_000  # words of one text whose order is compared
_SECONDS = 120  # for one file by another program
_CSV = "csv:Text - txt - csv (StarCalc):124,34,76,1,,0,false,true,true,false,false,-1"  # as shown, all sheets


@dataclass(frozen=True, slots=True)
class Compared:
    """One file: words of the other's, those we have, those in order; our words, those the other has."""

    name: str
    theirs: int
    had: int
    in_order: int
    ours: int
    known: int
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    by_rule: int = 0  # of the missing words, those of running headers, footers and page numbers


@dataclass(slots=True)
class Tally:
    """All files of one kind."""

    files: list[Compared] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)


def words_of(text: str) -> list[str]:
    """The words of a text, in order: letters and figures apart, in lower case and compatibility form."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def compare(name: str, ours: str, orders: Sequence[str], notes: tuple[str, ...]) -> Compared:
    """Our text and the other's, which may come in several orders."""
    mine, theirs = words_of(ours), words_of(orders[0])
    missing = list((Counter(theirs) - Counter(mine)).elements())
    extra = list((Counter(mine) - Counter(theirs)).elements())
    missing, extra = _without_splits(theirs, missing, extra), _without_splits(mine, extra, missing)
    in_order = max(longest_common(words_of(order), mine) for order in orders)
    return Compared(
        name,
        len(theirs),
        len(theirs) - len(missing),
        in_order,
        len(mine),
        len(mine) - len(extra),
        tuple(missing),
        tuple(extra),
        notes,
    )


def _without_splits(text: Sequence[str], missing: Iterable[str], extra: Iterable[str]) -> list[str]:
    """The missing words but those that are only written apart, or together, on the other side."""
    left = Counter(missing)
    spare = Counter(extra)
    for size in (2, 3):
        for at in range(len(text) - size + 1):
            parts = text[at : at + size]
            joined = "".join(parts)
            if spare[joined] and all(left[part] for part in parts):
                spare[joined] -= 1
                left.subtract(parts)
    pieces = "".join(sorted(spare.elements()))
    for word in list(left):  # one word of theirs, two of ours
        if left[word] > 0 and len(word) > 3:
            cuts = [(word[:at], word[at:]) for at in range(1, len(word))]
            for first, second in cuts:
                while left[word] > 0 and spare[first] > 0 and spare[second] > 0 and pieces:
                    spare.subtract((first, second))
                    left[word] -= 1
    return list((+left).elements())


def longest_common(first: Sequence[str], second: Sequence[str]) -> int:
    """The length of the longest common subsequence (Hyyrö's bit-parallel algorithm, 2004)."""
    first, second = first[:_LONGEST_LCS], second[:_LONGEST_LCS]
    places: dict[str, int] = {}
    for at, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << at
    full = (1 << len(first)) - 1
    row = full
    for word in second:
        matches = row & places.get(word, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(first) - row.bit_count()


# The other extractors


def run(*command: str) -> bytes:
    """What a program prints. Raises CalledProcessError or TimeoutExpired."""
    return subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS).stdout


def pdf_orders(path: Path) -> list[list[str]]:
    """The text of each page by pdftotext, in its reading order, as laid out, and as it lies in the file."""
    texts = [
        run("pdftotext", *mode, "-enc", "UTF-8", str(path), "-").decode("utf-8", "replace").split("\f")
        for mode in ([], ["-layout"], ["-raw"])
    ]
    return [list(page) for page in zip(*texts, strict=False)]


def by_libreoffice(path: Path, target: str, folder: Path) -> list[Path]:
    """The files that LibreOffice makes of one, in the order in which it made them."""
    for old in folder.iterdir():
        old.unlink()
    profile = (folder.parent / "profile").as_uri()
    run(
        "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", target, "--outdir",
        str(folder), str(path),
    )  # fmt: skip
    return sorted(folder.iterdir(), key=lambda made: made.stat().st_mtime_ns)


def text_by_libreoffice(path: Path, folder: Path) -> list[str]:
    """A text document as plain text, with its automatic numbers."""
    made = by_libreoffice(path, "txt:Text (encoded):UTF8", folder)
    return [made[0].read_text(encoding="utf-8-sig")] if made else []


def slides_by_libreoffice(path: Path, folder: Path) -> list[str]:
    """Slides as they are shown, in pdftotext's three orders."""
    made = by_libreoffice(path, "pdf", folder)
    return ["\n".join(order) for order in zip(*pdf_orders(made[0]), strict=True)] if made else []


def sheets_by_libreoffice(path: Path, folder: Path) -> list[str]:
    """All sheets, with values as they are shown."""
    sheets = [sheet.read_text(encoding="utf-8") for sheet in by_libreoffice(path, _CSV, folder)]
    return ["\n".join(sheets)] if sheets else []


def html_by_chromium(path: Path, folder: Path) -> list[str]:  # noqa: ARG001  one shape for all extractors
    """What Chromium shows of a page whose scripts do not run."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        try:
            page = browser.new_context(java_script_enabled=True, offline=True).new_page()
            page.route("**/*.js", lambda route: route.abort())
            page.goto(path.resolve().as_uri(), wait_until="domcontentloaded")
            return [str(page.evaluate("document.body ? document.body.innerText : ''"))]
        finally:
            browser.close()


Extract = Callable[[Path, Path], list[str]]
EXTRACTORS: tuple[tuple[str, str, Extract, tuple[str, ...]], ...] = (
    ("soffice", "text", text_by_libreoffice, (".docx", ".docm", ".dotx", ".odt", ".rtf", ".doc")),
    ("soffice", "slides", slides_by_libreoffice, (".pptx", ".ppsx", ".odp", ".ppt")),
    ("soffice", "sheets", sheets_by_libreoffice, (".xlsx", ".xlsm", ".ods", ".xls")),
    ("chromium", "html", html_by_chromium, (".html", ".htm", ".xhtml")),
)


def compare_file(path: Path, folder: Path) -> Compared | str:
    """One file compared; or why it was not. Raises ReadError where our reader refuses it."""
    reading = read(path.read_bytes(), path.name)
    if path.suffix.lower() == ".pdf":
        texts = [page.span.of(reading.text) for page in reading.pages]
        compared = compare_pages(path.name, texts, pdf_orders(path), reading.notes)
        running = Counter(words_of(" ".join(line.text for line in running_lines(path))))
        known = running & Counter(compared.missing)
        missing = tuple((Counter(compared.missing) - known).elements())
        return replace(compared, missing=missing, by_rule=known.total())
    for program, _, extract, suffixes in EXTRACTORS:
        if path.suffix.lower() in suffixes:
            if not shutil.which(program):
                return f"{program} is not installed"
            orders = extract(path, folder)
            if not any(map(str.strip, orders)):
                return f"{program} gives no text"
            return compare(path.name, reading.text, orders, reading.notes)
    return "no other extractor"


def running_lines(path: Path) -> tuple[PdfLine, ...]:
    """The lines of a PDF that we leave out as running headers, running footers and page numbers."""
    document = pdfium.PdfDocument(path)
    try:
        document.init_forms()
        reader = PageReader(document)
        pages = [reader.read(page).lines for page in document]
        body = letters_height(line for lines in pages for line in lines)
        return without_running_lines(pages, body).dropped
    finally:
        document.close()


def compare_pages(
    name: str, ours: Sequence[str], theirs: Sequence[Sequence[str]], notes: tuple[str, ...]
) -> Compared:
    """A PDF: words over the whole file, for a sentence may go on overleaf; order page by page."""
    whole = compare(name, "\n".join(ours), ["\n".join(orders[0] for orders in theirs)], notes)
    in_order = sum(
        max(longest_common(words_of(order), words_of(mine)) for order in orders)
        for mine, orders in zip(ours, theirs, strict=False)
    )
    return Compared(
        name, whole.theirs, whole.had, in_order, whole.ours, whole.known, whole.missing, whole.extra, notes
    )


# What is printed


def files_below(folders: Iterable[Path], suffixes: Sequence[str]) -> Iterator[Path]:
    """The files that we have a reader for, in the order of their names."""
    for folder in folders:
        paths = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
        for path in paths:
            if path.is_file() and supported(path.name) and (not suffixes or path.suffix.lower() in suffixes):
                yield path


def share(part: int, whole: int) -> str:
    """A share with four digits."""
    return f"{part / whole:.4f}" if whole else "–"


def print_table(tallies: dict[str, Tally]) -> None:
    """A row for each kind of file."""
    columns = "kind|files|words of the other|ours|by rule|ours + rule|theirs|in order|median ours"
    columns += "|refused|not compared"
    print(f"| {columns.replace('|', ' | ')} |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for kind, tally in sorted(tallies.items()):
        files = tally.files
        theirs, ours = sum(one.theirs for one in files), sum(one.ours for one in files)
        shares = [one.had / one.theirs for one in files if one.theirs]
        median = statistics.median(shares) if shares else 0.0
        had, by_rule = sum(one.had for one in files), sum(one.by_rule for one in files)
        print(
            f"| {kind} | {len(files)} | {theirs:,} | {share(had, theirs)} | "
            f"{by_rule:,} | {share(had + by_rule, theirs)} | "
            f"{share(sum(one.known for one in files), ours)} | "
            f"{share(sum(one.in_order for one in files), theirs)} | "
            f"{median:.4f} | {len(tally.failed)} | {len(tally.not_compared)} |"
        )


def print_worst(tally: Tally, count: int) -> None:
    """The files with most words missing, and those that were refused or not compared."""
    for one in sorted(tally.files, key=lambda one: one.had + one.by_rule - one.theirs)[:count]:
        missing = one.theirs - one.had - one.by_rule
        print(
            f"\n{one.name}: {missing} of {one.theirs} missing, {one.by_rule} by rule, "
            f"{one.ours - one.known} extra,",
            end="",
        )
        print(f" in order {share(one.in_order, one.theirs)}")
        print("  missing:", " ".join(f"{word}×{n}" for word, n in Counter(one.missing).most_common(25)))
        print("  extra:  ", " ".join(f"{word}×{n}" for word, n in Counter(one.extra).most_common(25)))
        for note in one.notes:
            print("  note:   ", note)
    for reason in (*tally.failed[:count], *tally.not_compared[:count]):
        print("  -", reason)


def pdf_speed(paths: Sequence[Path], rounds: int = 3) -> None:
    """CPU seconds of pdfium's bare text, and of our reading, in turns."""
    print("| file | pages | pdfium's text | our reading | ratio |\n|---|--:|--:|--:|--:|")
    totals = [0.0, 0.0]
    for path in paths:
        data = path.read_bytes()
        bare, whole = [], []
        for _ in range(rounds):
            started = time.process_time()
            document = pdfium.PdfDocument(data)
            for page in document:
                text_page = page.get_textpage()
                text_page.get_text_range()
                text_page.close()
                page.close()
            count = len(document)
            document.close()
            bare.append(time.process_time() - started)
            started = time.process_time()
            read(data, path.name)
            whole.append(time.process_time() - started)
        low, high = statistics.median(bare), statistics.median(whole)
        totals = [totals[0] + low, totals[1] + high]
        print(f"| {path.name} | {count} | {low:.2f} | {high:.2f} | {high / low:.2f} |")
    print(f"| all | | {totals[0]:.2f} | {totals[1]:.2f} | {totals[1] / totals[0]:.2f} |")


def main() -> None:
    """Compare every file below the folders, or time the PDFs among them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--suffix", action="append", default=[])
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--pdf-speed", action="store_true")
    options = parser.parse_args()
    paths = list(files_below(options.folders, options.suffix))
    if options.pdf_speed:
        pdf_speed([path for path in paths if path.suffix.lower() == ".pdf"])
        return
    tallies: dict[str, Tally] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "made")
        folder.mkdir()
        for path in paths:
            tally = tallies.setdefault(path.suffix.lower(), Tally())
            try:
                result = compare_file(path, folder)
            except ReadError as error:
                tally.failed.append(f"{path.name}: {error.cause}")
                continue
            except (subprocess.SubprocessError, OSError) as error:
                result = f"the other program failed: {type(error).__name__}"
            if isinstance(result, str):
                tally.not_compared.append(f"{path.name}: {result}")
            else:
                tally.files.append(result)
    print_table(tallies)
    for kind, tally in sorted(tallies.items()) if options.show else ():
        print(f"\n## {kind}")
        print_worst(tally, options.show)


if __name__ == "__main__":
    main()

"""Readers that the user names reach the files, wherever these are read, and are noted in the index."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from index.embedding.plugins import import_path
from index.readers.formats import DEFAULT_READING, ReadingOptions, is_up_to_date
from index.readers.llama_index import LlamaReader, find_reader
from index.readers.pdf.ocr.tesseract import Tesseract
from index.storage.catalog import Catalog
from index.sync.events import SyncReport
from index.sync.sync import Options, sync, sync_text
from index.types import Source
from tests.support.fake_embedder import LetterEmbedder
from tests.support.fake_readers import PATH
from tests.support.fake_tesseract import SENTENCE, fake_tesseract, picture
from tests.support.pdf_files import Words, pdf

posix = pytest.mark.skipif(sys.platform == "win32", reason="the fake program is a script")
PICTURE = "q 612 0 0 792 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G /F /AHx ID 00> EI Q"


def named(name: str, version: str | None = None) -> ReadingOptions:
    """A fake reader for .slides files, perhaps of another version."""
    path = import_path(f"{PATH}:{name}")
    assert path is not None
    found = find_reader(".slides", path)
    return ReadingOptions((found if version is None else LlamaReader(".slides", path, version),))


def write_documents(home: Path) -> Path:
    """Two documents, one of which only a reader of LlamaIndex can read, below `docs`; gives their home."""
    docs = home / "docs"
    docs.mkdir()
    (docs / "deck.slides").write_text(
        "Slide one is about rain.\n%%\nSlide two is about sun.\n", encoding="utf-8"
    )
    (docs / "a.txt").write_text("A text about snow.\n", encoding="utf-8")
    for path in docs.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The two documents, not indexed yet."""
    return write_documents(tmp_path)


@pytest.fixture(scope="module")
def first_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two documents, indexed by the first version of a reader: every child imports LlamaIndex anew."""
    home = write_documents(tmp_path_factory.mktemp("read"))
    assert run(home, named("SlidesReader", "1")).added == 2
    return home


@pytest.fixture
def read_before(first_read: Path, tmp_path: Path) -> Path:
    """A copy of those, moved together."""
    return shutil.copytree(first_read, tmp_path / "home")


def run(home: Path, reading: ReadingOptions = DEFAULT_READING, exclude: tuple[str, ...] = ()) -> SyncReport:
    """One sync of the documents."""
    options = Options(exclude=exclude, reading=reading)
    return sync([home / "docs"], folder=home / ".qa", embedder=LetterEmbedder, options=options)


def sources(home: Path) -> dict[str, Source]:
    """What is indexed, by name."""
    with Catalog.open(home / ".qa") as catalog:
        return {source.name: source for source in catalog.sources()}


def test_a_named_reader_reads_in_a_child(home: Path) -> None:
    """Without it the file is counted as unknown; with it the file is a source with pages."""
    assert run(home).ignored == ((".slides", 1),)
    report = run(home, named("SlidesReader"))
    assert (report.added, report.unchanged, report.failed, report.ignored) == (1, 1, (), ())
    source = sources(home)["deck.slides"]
    assert source.reader.startswith(f"{PATH}:SlidesReader/")
    assert [page.number for page in source.pages] == [1, 2]
    assert run(home, named("SlidesReader")).unchanged == 2


def test_another_version_reads_again(read_before: Path) -> None:
    """The index has a reader's version: where that is another, the same bytes are read again."""
    home = read_before
    report = run(home, named("SlidesReader", "2"))
    assert (report.updated, report.unchanged) == (1, 1)
    assert sources(home)["deck.slides"].reader == f"{PATH}:SlidesReader/2"
    assert not is_up_to_date(f"{PATH}:SlidesReader/2", "deck.slides", named("PathReader", "2"))


def test_what_a_reader_read_stays_without_it(read_before: Path) -> None:
    """A reader that is not named this time removes nothing; a change that cannot be read is a failure."""
    home = read_before
    report = run(home)
    assert (report.unchanged, report.removed, report.ignored, report.failed) == (2, 0, (), ())
    (home / "docs" / "deck.slides").write_text("Another text.", encoding="utf-8")
    reason = "no reader for .slides files; what was indexed of it before still answers"
    assert run(home).failed == (("deck.slides", reason),)
    assert set(sources(home)) == {"a.txt", "deck.slides"}
    assert run(home, exclude=("*.slides",)).removed == 1


def test_a_failing_reader_costs_its_file(read_before: Path) -> None:
    """An error of the class is that file's reason, and no file is taken for gone."""
    home = read_before
    (home / "docs" / "deck.slides").write_text("Another text.", encoding="utf-8")
    report = run(home, named("FailingReader"))
    ((name, reason),) = report.failed
    assert (name, report.removed) == ("deck.slides", 0)
    assert "FailingReader failed: FileNotFoundError" in reason
    assert "secret" not in reason


def test_a_text_from_standard_input_is_read_by_it_too(home: Path) -> None:
    """The suffix of its name decides."""
    data = b"On stdin.\n%%\nOn page two.\n"
    options = Options(reading=named("SlidesReader"))
    for expected in ("added", "unchanged"):
        report = sync_text(data, "x.slides", folder=home / ".qa", embedder=LetterEmbedder, options=options)
        assert getattr(report, expected) == 1
    assert len(sources(home)["x.slides"].pages) == 2


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder with an image, a photograph, a scanned letter and one with a scanned page."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "notice.png").write_bytes(picture())
    (docs / "photograph.jpg").write_bytes(picture(b"BLANK"))
    (docs / "letter.pdf").write_bytes(pdf([PICTURE]))
    (docs / "mixed.pdf").write_bytes(pdf([Words("A page of text.")], [PICTURE]))
    for path in docs.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return tmp_path


@posix
def test_turning_ocr_on_reads_what_was_left_out(scans: Path) -> None:
    """Files that are unchanged are read again with it, in children, and only then."""
    report = run(scans)
    assert report.ignored == ((".jpg", 1), (".png", 1))
    assert report.failed == (("letter.pdf", "scanned, no text layer"),)
    assert report.notes == (("mixed.pdf", "scanned, no text layer: page 2"),)
    ocr = Tesseract(str(fake_tesseract(scans / "bin")), "5.9.1", "eng")
    report = run(scans, ReadingOptions(ocr=ocr))
    assert (report.added, report.updated, report.failed, report.ignored) == (2, 1, (), ())
    assert report.skipped == (("photograph.jpg", "an image in which OCR finds no text"),)
    assert len(report.notes) == 3
    with Catalog.open(scans / ".qa") as catalog:
        assert {catalog.text(source.id) for source in catalog.sources()} == {
            SENTENCE,
            f"A page of text.\n\n{SENTENCE}",
        }
    assert run(scans, ReadingOptions(ocr=ocr)).unchanged == 3
    assert run(scans, ReadingOptions(ocr=replace(ocr, languages="deu"))).updated == 3


@posix
def test_turning_ocr_off_keeps_what_it_read(scans: Path) -> None:
    """Nothing is read again or removed for it."""
    run(scans, ReadingOptions(ocr=Tesseract(str(fake_tesseract(scans / "bin")), "5.9.1", "eng")))
    report = run(scans)
    assert (report.unchanged, report.removed, report.updated, report.failed) == (3, 0, 0, ())
    assert report.ignored == ((".jpg", 1),)


@posix
def test_an_image_that_is_named_without_ocr_is_a_failure(scans: Path) -> None:
    """Whoever names a file means it, and is told what it needs."""
    report = sync(
        [scans / "docs" / "notice.png"],
        folder=scans / ".qa",
        embedder=LetterEmbedder,
    )
    assert report.failed == (
        ("notice.png", "no reader for .png files: text in pictures needs OCR: see the setting ocr"),
    )
